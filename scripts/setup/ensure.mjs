// A libtorch, found or else fetched into the user's cache.
import { cachedLibtorch, fillCache } from './cache.mjs';
import { Failure } from './failure.mjs';
import { describeLibtorch, PINNED, supportedRange } from './libtorch.mjs';
import { searchLibtorch } from './search.mjs';

/**
 * Finds a libtorch, telling each step; where there is none, fills the cache.
 *
 * @param {{ env?: NodeJS.ProcessEnv, say?: (line: string) => void, prefer?: string }} [options] `prefer`: a folder that
 *   comes first where LIBTORCH is not set
 * @returns {Promise<import('./search.mjs').Libtorch>}
 * @throws {Failure} When there is none and none could be fetched.
 */
export async function ensureLibtorch({ env = process.env, say = console.log, prefer } = {}) {
  const { libtorch, findings } = searchLibtorch({ env, prefer });
  for (const { text } of findings) say(`litorch: ${text}`);
  if (libtorch) return libtorch;

  const where = findings.map(({ text }) => text);
  if (env.LIBTORCH) {
    throw new Failure('The libtorch that LIBTORCH names can not be used.', {
      lookedFor: `libtorch ${supportedRange()}`,
      where,
      cure: ['export LIBTORCH=/path/to/libtorch   # the folder that holds lib/ and include/', 'npm install'],
    });
  }
  const filled = await fillCache({ env, say });
  const described = filled.folder ? describeLibtorch(filled.folder) : null;
  if (described?.ok) {
    say(`litorch: libtorch ${described.version} (${described.flavour}) fetched: ${described.root}`);
    return { ...described, source: 'cache' };
  }
  throw new Failure('There is no libtorch, and none could be fetched.', {
    lookedFor: `libtorch ${supportedRange()}`,
    where: [...where, ...(filled.reasons ?? [`${cachedLibtorch(env)}: ${described?.why}`])],
    cure: [
      `python3 -m pip install torch==${PINNED}   # or: export LIBTORCH=/path/to/an/unpacked/libtorch`,
      'npm install',
    ],
  });
}
