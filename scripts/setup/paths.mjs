// Where things are in this package.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's root folder. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** The build tree of CMake; not build/ itself, whose Makefile is node-gyp's. */
export const BUILD = join(ROOT, 'build', 'cmake');
/** The folder of what is built. */
export const OUTPUT = join(ROOT, 'build', 'Release');
/** The addon. */
export const ADDON = join(OUTPUT, 'litorch.node');
/** What the addon was built from: see record.mjs. */
export const RECORD = join(OUTPUT, 'litorch.json');
/** Jest's totals as JSON, as the last `npm test` wrote them. */
export const RESULTS = join(ROOT, 'build', 'test-results.json');
/** The virtual environment with the reference PyTorch, for the tests. */
export const VENV = join(ROOT, '.venv');

/** The Python of a virtual environment. */
export function venvPython(venv = VENV) {
  return process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');
}
