// What `npm install` runs: finds or fetches libtorch and builds the addon. Nothing is done where nothing changed.
import { rmSync } from 'node:fs';
import { buildAddon } from './setup/addon.mjs';
import { ensureLibtorch } from './setup/ensure.mjs';
import { runMain } from './setup/failure.mjs';
import { checkAddonLoads } from './setup/loadcheck.mjs';
import { BUILD } from './setup/paths.mjs';
import { isClone, isNpxOfClone } from './setup/typescript.mjs';

await runMain(async () => {
  if (isNpxOfClone()) return;
  if (process.env.LITORCH_SKIP_BUILD) {
    console.log('litorch: LITORCH_SKIP_BUILD is set, so nothing is built; run `npm rebuild litorch` later');
    return;
  }
  const libtorch = await ensureLibtorch();
  if (!buildAddon(libtorch)) return;
  checkAddonLoads(libtorch);
  // Half a gigabyte of objects and precompiled headers, of use only to those who change the sources.
  if (!isClone()) rmSync(BUILD, { recursive: true, force: true });
});
