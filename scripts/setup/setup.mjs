// All the set-up of a clone, from nothing: packages, libtorch, addon, TypeScript. Each part that is there is left.
import { buildAddon } from './addon.mjs';
import { ensureLibtorch } from './ensure.mjs';
import { checkAddonLoads } from './loadcheck.mjs';
import { ensurePackages } from './npm.mjs';
import { compile, isClone } from './typescript.mjs';

/**
 * Sets up.
 *
 * @param {{ say?: (line: string) => void, prefer?: string }} [options] `prefer`: the libtorch to build against where
 *   LIBTORCH is not set; else the first that is found.
 * @returns {Promise<import('./search.mjs').Libtorch>} The libtorch that the addon was built against.
 */
export async function setUp({ say = console.log, prefer } = {}) {
  ensurePackages(undefined, say);
  const libtorch = await ensureLibtorch({ say, prefer });
  if (buildAddon(libtorch, { say })) checkAddonLoads(libtorch);
  if (isClone()) await compile();
  return libtorch;
}
