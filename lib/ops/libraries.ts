/** Libraries of operators, which register themselves as they are loaded. */
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { native } from '../native.js';

const loaded = new Set<string>();

/** The paths of the libraries that this thread has loaded. */
export const loadedLibraries: ReadonlySet<string> = loaded;

function pathOf(given: unknown): string {
  if (given instanceof URL) return fileURLToPath(given);
  if (typeof given !== 'string')
    throw new TypeError(
      `loadLibrary(): argument 'path' must be a string or a URL, not ${given === null ? 'null' : typeof given}`,
    );
  return resolve(given);
}

/** Loads a library and gives its path, with links resolved. */
export function loadLibrary(given: unknown): string {
  const path = pathOf(given);
  const real = existsSync(path) ? realpathSync(path) : path;
  native.loadLibrary(real);
  loaded.add(real);
  return real;
}
