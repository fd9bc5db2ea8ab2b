// The reference: a virtual environment with the pinned PyTorch, made once in the git-ignored .venv.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describeLibtorch, PINNED } from './libtorch.mjs';
import { VENV, venvPython } from './paths.mjs';
import { pip, previewWheel } from './pip.mjs';
import { findTorchOfPython } from './search.mjs';

/** What the tests' Python programs import besides torch. */
const PACKAGES = ['numpy', 'expecttest', 'pytest'];
/** TensorBoard's reader of event files (16 MB): without the server's packages, which reading doesn't import. */
const EVENT_READER = {
  packages: ['tensorboard', 'absl-py', 'protobuf'],
  modules: ['tensorboard', 'absl', 'google.protobuf'],
};
/** PyTorch's own index of CPU builds, asked where the user's index has none. */
const CPU_INDEX = 'https://download.pytorch.org/whl/cpu';

function run(program, args) {
  const result = spawnSync(program, args, { encoding: 'utf8', cwd: '/' });
  const why = result.error?.message ?? result.stderr.trim().split('\n').at(-1);
  return { ok: !result.error && result.status === 0, stdout: result.stdout ?? '', why };
}

/** The version of the torch package that a Python has, told by its files, or null. */
export function torchVersion(python) {
  const { folder } = findTorchOfPython(python);
  if (!folder) return null;
  try {
    return /^__version__ = ['"]([^'"]+)/m.exec(readFileSync(join(folder, 'version.py'), 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}

const CHECK = `
import importlib.util, sys
sys.exit(0 if all(importlib.util.find_spec(name) for name in sys.argv[1:]) else 1)
`;

/** Whether a Python has these modules. */
const hasModules = (python, names) => run(python, ['-c', CHECK, ...names]).ok;

/** Whether a Python has all that the tests can't do without. */
const hasPackages = (python) => hasModules(python, ['torch', ...PACKAGES]);

/** The ways to get the CPU build, from the one that can't go wrong to the one that may be gigabytes of CUDA. */
function torchRequests(python) {
  const requests = [
    [`torch==${PINNED}+cpu`],
    [`torch==${PINNED}+cpu`, '--index-url', CPU_INDEX],
    // On macOS the CPU build has no local version.
    [`torch==${PINNED}`, '--index-url', CPU_INDEX],
  ];
  // The plain request is for platforms whose ordinary build is the CPU's.
  if (previewWheel(python, `torch==${PINNED}`)?.cuda === false) requests.push([`torch==${PINNED}`]);
  return requests;
}

function installTorch(python, say) {
  const reasons = [];
  for (const request of torchRequests(python)) {
    say(`litorch: pip install ${request.join(' ')}`);
    const result = pip(python, ['install', '--quiet', ...request]);
    if (result.ok) return { ok: true };
    reasons.push(`${request[0]}: ${result.why}`);
  }
  return { ok: false, why: [...new Set(reasons)].join('; ') };
}

/** Installs TensorBoard's reader where it is missing. The tests of event files are skipped without it. */
function ensureEventReader(python, say) {
  if (hasModules(python, EVENT_READER.modules)) return;
  say('litorch: installing the reader of TensorBoard files into the reference environment');
  const result = pip(python, ['install', '--quiet', '--no-deps', ...EVENT_READER.packages]);
  if (!result.ok) say(`litorch: going on without TensorBoard: ${result.why}`);
}

/**
 * Makes the reference environment where it is missing.
 *
 * LITORCH_TEST_PYTHON names a Python of the user's own to be the reference; LITORCH_NO_REFERENCE goes without.
 *
 * @param {(line: string) => void} [say]
 * @returns {{ python: string, version: string, folder: string } | { why: string }} The reference, or why there is none.
 */
export function ensureReference(say = console.log) {
  if (process.env.LITORCH_NO_REFERENCE) return { why: 'LITORCH_NO_REFERENCE is set' };
  const own = process.env.LITORCH_TEST_PYTHON;
  const python = own || venvPython();
  if (!own && !hasPackages(python)) {
    const base = process.env.LITORCH_PYTHON || 'python3';
    const version = run(base, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
    if (!version.ok) return { why: `there is no ${base} on PATH` };
    say(`litorch: making the reference environment ${VENV} with Python ${version.stdout.trim()}`);
    if (!existsSync(python) || !pip(python, ['--version']).ok) {
      rmSync(VENV, { recursive: true, force: true });
      const made = run(base, ['-m', 'venv', VENV]);
      if (!made.ok)
        return { why: `${base} -m venv failed (Debian: apt-get install python3-venv): ${made.why}` };
    }
    if (torchVersion(python) === null) {
      const torch = installTorch(python, say);
      if (!torch.ok) return { why: `pip could not install torch: ${torch.why}` };
    }
    const others = pip(python, ['install', '--quiet', ...PACKAGES]);
    if (!others.ok) return { why: `pip could not install ${PACKAGES.join(', ')}: ${others.why}` };
  }
  if (!own) ensureEventReader(python, say);
  const { folder, why } = findTorchOfPython(python);
  if (!folder) return { why };
  const described = describeLibtorch(folder);
  if (!described.ok) return { why: `${folder}: ${described.why}` };
  return { python, version: described.version, folder: described.root };
}
