// Where libtorch is looked for, in order. Each step says what it found, or why the search went on.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findInCache } from './cache.mjs';
import { describeLibtorch } from './libtorch.mjs';
import { VENV, venvPython } from './paths.mjs';

/**
 * @typedef {{ root: string, lib: string, include: string[], version: string, flavour: string, source: string }} Libtorch
 * @typedef {{ step: string, found: boolean, text: string }} Finding
 */

// find_spec of a top-level name locates the package without importing it, which for torch takes a second and more.
const FIND_TORCH = `
import importlib.util, sys
spec = importlib.util.find_spec('torch')
places = list(spec.submodule_search_locations or []) if spec else []
print(places[0] if places else '')
`;

/** The folder of a Python's torch package: `{ folder }` or `{ why }`. */
export function findTorchOfPython(python, env = process.env) {
  const run = spawnSync(python, ['-c', FIND_TORCH], { encoding: 'utf8', cwd: '/', env, timeout: 60_000 });
  if (run.error) return { why: run.error.code === 'ENOENT' ? `there is no ${python}` : run.error.message };
  if (run.status !== 0)
    return { why: `${python} could not be asked: ${run.stderr.trim().split('\n').at(-1)}` };
  const folder = run.stdout.trim();
  return folder ? { folder } : { why: `${python} has no torch package` };
}

function stepLibtorch(env) {
  return env.LIBTORCH ? { folder: env.LIBTORCH } : { why: 'it is not set' };
}

function stepPython(env) {
  return findTorchOfPython(env.LITORCH_PYTHON || 'python3', env);
}

/** Where CMake looks without being told, with two places that package managers use. */
const SYSTEM_PREFIXES = ['/usr/local', '/usr', '/opt/homebrew', '/opt/local', '/opt/libtorch'];

/** The prefixes that the environment and CMake's package registry name for find_package(Torch). */
export function cmakePrefixes(env, home = homedir()) {
  const split = (value) => (value ?? '').split(delimiter).filter(Boolean);
  // Torch_DIR and the registry name the folder of TorchConfig.cmake: <prefix>/share/cmake/Torch.
  const prefixOf = (configFolder) => join(configFolder, '..', '..', '..');
  const registry = join(home, '.cmake', 'packages', 'Torch');
  let registered = [];
  if (existsSync(registry)) {
    registered = readdirSync(registry).map((name) =>
      prefixOf(readFileSync(join(registry, name), 'utf8').trim()),
    );
  }
  return [
    ...split(env.Torch_DIR).map(prefixOf),
    ...split(env.Torch_ROOT),
    ...split(env.CMAKE_PREFIX_PATH),
    ...registered,
  ];
}

function stepSystem(env, { prefixes: systemPrefixes = SYSTEM_PREFIXES }) {
  const prefixes = [...cmakePrefixes(env, env.HOME || homedir()), ...systemPrefixes];
  let why = `none in ${prefixes.join(', ')}`;
  for (const folder of prefixes) {
    const described = describeLibtorch(folder);
    if (described.ok) return { folder };
    if (!/does not exist|there is no/.test(described.why)) why = `${folder}: ${described.why}`;
  }
  return { why };
}

function stepReference(_env, { venv }) {
  const python = venvPython(venv);
  if (!existsSync(python)) return { why: `there is no ${venv}` };
  return findTorchOfPython(python);
}

function stepCache(env) {
  return findInCache(env);
}

/** The steps of the search, by name. The last one only looks; filling the cache is fillCache's. */
const STEPS = [
  ['LIBTORCH', stepLibtorch, 'LIBTORCH'],
  ['python3', stepPython, "python3's torch package"],
  ['system', stepSystem, "CMake's own places"],
  ['reference', stepReference, "the tests' reference environment"],
  ['cache', stepCache, "the user's cache"],
];

/**
 * Looks for a libtorch that can be used, without downloading anything.
 *
 * @param {{ env?: NodeJS.ProcessEnv, venv?: string, prefixes?: string[], prefer?: string }} [options] `prefixes`: the
 *   system's; `prefer`: a folder that comes first where LIBTORCH is not set
 * @returns {{ libtorch: Libtorch | null, findings: Finding[] }}
 */
export function searchLibtorch({ env = process.env, venv = VENV, prefixes, prefer } = {}) {
  const findings = [];
  const preferred = ['reference', () => ({ folder: prefer }), 'the reference PyTorch'];
  for (const [step, look, title] of prefer && !env.LIBTORCH ? [preferred, ...STEPS] : STEPS) {
    const { folder, why } = look(env, { venv, prefixes });
    const described = folder ? describeLibtorch(folder) : { ok: false, why };
    if (described.ok) {
      const { version, flavour, root } = described;
      findings.push({ step, found: true, text: `libtorch ${version} (${flavour}) from ${title}: ${root}` });
      return { libtorch: { ...described, source: step }, findings };
    }
    const place = folder ? `${folder} can't be used: ${described.why}` : described.why;
    findings.push({ step, found: false, text: `no libtorch from ${title}: ${place}` });
    // A folder that the user named is never passed over in silence for another one.
    if (step === 'LIBTORCH' && folder) return { libtorch: null, findings };
  }
  return { libtorch: null, findings };
}
