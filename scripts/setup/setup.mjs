// All the set-up of a clone, from nothing: packages, libtorch, addon, TypeScript. Each part that is there is left.
import { buildAddon } from './addon.mjs';
import { ensureLibtorch } from './ensure.mjs';
import { checkAddonLoads } from './loadcheck.mjs';
import { ensurePackages } from './npm.mjs';
import { compile, isClone } from './typescript.mjs';

/**
 * Sets up.
 *
 * @param {{ env?: NodeJS.ProcessEnv, say?: (line: string) => void }} [options] `env` chooses the libtorch.
 * @returns {Promise<import('./search.mjs').Libtorch>} The libtorch that the addon was built against.
 */
export async function setUp({ env = process.env, say = console.log } = {}) {
  ensurePackages(undefined, say);
  const libtorch = await ensureLibtorch({ env, say });
  if (buildAddon(libtorch, { say })) checkAddonLoads(libtorch);
  if (isClone()) compile();
  return libtorch;
}
