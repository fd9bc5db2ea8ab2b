// Builds the addon against the libtorch that the search finds: `npm run build:native -- [--force] [--clean] [--verbose]`.
import { buildAddon } from './setup/addon.mjs';
import { ensureLibtorch } from './setup/ensure.mjs';
import { runMain } from './setup/failure.mjs';
import { checkAddonLoads } from './setup/loadcheck.mjs';

const flags = new Set(process.argv.slice(2));

await runMain(async () => {
  const libtorch = await ensureLibtorch();
  const options = {
    force: flags.has('--force'),
    clean: flags.has('--clean'),
    verbose: flags.has('--verbose'),
  };
  if (buildAddon(libtorch, options)) checkAddonLoads(libtorch);
});
