import { test } from '@jest/globals';
import { hasPython } from './python.js';

/** `test`, or where there is no reference PyTorch `test.skip` with a note in the test's name. */
export function testWithPython(name: string, run: () => void | Promise<void>, timeout?: number): void {
  if (hasPython) test(name, run, timeout);
  else test.skip(`${name} (skipped: there is no reference PyTorch)`, run);
}
