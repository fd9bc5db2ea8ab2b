/** Where things lie, seen from the compiled benchmark. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone, with a slash at its end. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The Python that has the reference PyTorch, or null where there is none. */
export function referencePython(): string | null {
  const python = process.env.LITORCH_TEST_PYTHON ?? join(root, '.venv/bin/python');
  return existsSync(python) ? python : null;
}
