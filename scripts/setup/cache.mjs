// The user's cache: a pinned libtorch for the CPU, fetched once, for every project of the user.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { downloadFromArchive } from './archive.mjs';
import { describeLibtorch, PINNED } from './libtorch.mjs';
import { downloadWheel } from './pip.mjs';
import { unzip } from './unzip.mjs';

/** The cache folder: LITORCH_CACHE, or litorch in XDG_CACHE_HOME, or ~/.cache/litorch. */
export function cacheFolder(env = process.env) {
  if (env.LITORCH_CACHE) return env.LITORCH_CACHE;
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'litorch');
}

/** The folder of the pinned libtorch in the cache. */
export function cachedLibtorch(env = process.env) {
  return join(cacheFolder(env), `libtorch-${PINNED}-cpu-${process.platform}-${process.arch}`);
}

/** The cache as a step of the search: `{ folder }` or `{ why }`. */
export function findInCache(env = process.env) {
  const folder = cachedLibtorch(env);
  return existsSync(folder) ? { folder } : { why: `nothing in ${folder} yet` };
}

/** The part of a wheel that C++ programs need: libraries, headers, version and licences; no Python. */
export function isWanted(name) {
  if (
    /^torch\/(include|share)\/|^torch\/version\.py$|^torch\.libs\/|\.dist-info\/(licenses\/|LICENSE|NOTICE)/.test(
      name,
    )
  ) {
    return true;
  }
  return (
    /^torch\/lib\/[^/]+$/.test(name) && !/python|test|custom_ops|backend_with_compiler/.test(basename(name))
  );
}

/** Unpacks a wheel to a temporary name beside its place and renames it, so that a half-filled cache is never seen. */
async function unpack(wheel, place, temporary) {
  const unpacked = join(temporary, 'unpacked');
  await unzip(wheel, unpacked, isWanted);
  const described = describeLibtorch(unpacked);
  if (!described.ok) return `${basename(wheel)} can't be used: ${described.why}`;
  if (described.flavour !== 'cpu')
    return `${basename(wheel)} is the ${described.flavour} build, not the CPU's`;
  try {
    renameSync(unpacked, place);
  } catch (error) {
    // Another process may have filled the cache meanwhile; what it put there serves as well.
    if (!describeLibtorch(place).ok) throw error;
  }
  return null;
}

/**
 * Fills the cache with the pinned libtorch, through pip where there is pip, else from PyTorch's archive.
 *
 * @param {{ env?: NodeJS.ProcessEnv, say?: (line: string) => void }} [options]
 * @returns {Promise<{ folder: string } | { reasons: string[] }>} The libtorch's folder, or why there is none.
 */
export async function fillCache({ env = process.env, say = console.log } = {}) {
  const place = cachedLibtorch(env);
  const reasons = [];
  try {
    mkdirSync(cacheFolder(env), { recursive: true });
  } catch (error) {
    return { reasons: [`the cache folder could not be made: ${error.message}`] };
  }
  // What lies there was looked at before and found unusable.
  rmSync(place, { recursive: true, force: true });
  const sources = [
    ['pip', downloadWheel],
    ["PyTorch's archive", downloadFromArchive],
  ];
  for (const [name, download] of sources) {
    const temporary = mkdtempSync(join(cacheFolder(env), 'unpacking-'));
    try {
      const { wheel, why } = await download(temporary, { env, say });
      if (!wheel) {
        reasons.push(`${name}: ${why}`);
      } else {
        say(
          `litorch: unpacking ${basename(wheel)} (${(statSync(wheel).size / 1e6).toFixed(0)} MB) into ${place}`,
        );
        const problem = await unpack(wheel, place, temporary);
        if (!problem) return { folder: place };
        reasons.push(`${name}: ${problem}`);
      }
    } catch (error) {
      reasons.push(`${name}: ${error.message}`);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
    say(`litorch: no libtorch from ${reasons.at(-1)}`);
  }
  return { reasons };
}
