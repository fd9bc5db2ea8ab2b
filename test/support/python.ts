/** The live reference: the pinned PyTorch in a Python process, where there is one. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's root folder, seen from dist/test/support. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

const venv = join(root, '.venv');
const venvPython =
  process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');

/** The Python whose torch is the reference: LITORCH_TEST_PYTHON, or that of `.venv`. */
export const python = process.env.LITORCH_TEST_PYTHON || venvPython;

function probe(): boolean {
  if (process.env.LITORCH_NO_REFERENCE) return false;
  if (isAbsolute(python) && !existsSync(python)) return false;
  const code =
    "import importlib.util as u, sys; sys.exit(0 if u.find_spec('torch') and u.find_spec('numpy') else 1)";
  return spawnSync(python, ['-c', code], { cwd: '/', stdio: 'ignore' }).status === 0;
}

/** Whether there is a live reference. Without one the tests use the recorded fixtures. */
export const hasPython: boolean = probe();

/** What a call of {@link runPython} may set. */
export interface PythonOptions {
  /** What the script reads from its standard input. */
  input?: string | Uint8Array;
  /** Variables added to the environment. */
  env?: Record<string, string>;
  /** Milliseconds after which the script is ended; 5 minutes by default. */
  timeout?: number;
}

/**
 * Runs a Python script with the reference PyTorch and waits for it.
 *
 * @param script A path, taken from `test/reference/` unless it is absolute or starts with a folder of the package
 *   (`examples/...`); or a program's text, if it holds a line break.
 * @param args The script's arguments.
 * @returns What the script printed to its standard output.
 * @throws Error with the script's standard error when it fails, or when there is no Python.
 */
export function runPython(script: string, args: readonly string[] = [], options: PythonOptions = {}): string {
  if (!hasPython)
    throw new Error(`there is no reference PyTorch: ${python} is missing or has no torch and numpy`);
  const places = [join(root, 'test', 'reference', script), join(root, script)];
  const file = isAbsolute(script) ? script : (places.find(existsSync) ?? places[0]);
  const call = script.includes('\n') ? ['-c', script, ...args] : [file as string, ...args];
  const run = spawnSync(python, call, {
    cwd: root,
    encoding: 'utf8',
    input: options.input ?? '',
    maxBuffer: 1 << 30,
    timeout: options.timeout ?? 300_000,
    env: {
      ...process.env,
      PYTHONPATH: [join(root, 'test', 'reference'), process.env.PYTHONPATH].filter(Boolean).join(':'),
      PYTHONDONTWRITEBYTECODE: '1',
      ...options.env,
    },
  });
  if (run.error) throw new Error(`${python} ${script}: ${run.error.message}`);
  if (run.status !== 0)
    throw new Error(`${python} ${script} ended with ${run.status ?? run.signal}:\n${run.stderr}`);
  return run.stdout;
}
