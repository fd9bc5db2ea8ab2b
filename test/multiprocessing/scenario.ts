/** Scenarios of ./main.ts, each in a process of its own. */
import { expect } from '@jest/globals';
import { runTestProgram } from '../support/child.js';

/** What `stats()` says when nothing is on its way. */
export const NOTHING = { tensors: 0, bytes: 0, orphans: 0 };

/** What the scenario printed; its process must have ended well. */
export function run(scenario: string): Record<string, unknown> {
  const { status, signal, stdout, stderr } = runTestProgram('multiprocessing/main', [scenario], {
    OMP_NUM_THREADS: '1',
  });
  expect({ status, signal, stderr: status === 0 ? '' : stderr }).toEqual({
    status: 0,
    signal: null,
    stderr: '',
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}
