/** examples/data-parallel, as a user runs it. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { asSource, type ChildResult, runNode } from '../support/child.js';
import { root } from '../support/python.js';

const run = (...args: string[]): ChildResult =>
  runNode([asSource, join(root, 'dist/examples/data-parallel/main.js'), ...args], { OMP_NUM_THREADS: '1' });

const SMALL = ['--hidden', '96', '--features', '50', '--batch', '96', '--rounds', '2', '--steps', '3'];

describe('data-parallel training', () => {
  test.each([1, 2, 3])('by %i threads equals that by one', (workers) => {
    const { status, stdout, stderr } = run(...SMALL, '--workers', String(workers));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('threads and shards in turn: the same bits');
    expect(stdout).toContain('tensors left on their way between threads: 0');
    const [, first] = /differ by (\S+) of the greatest after a step/.exec(stdout) ?? [];
    // Another order of summation in float32, whose steps are 6e-8: one thread has the whole batch, in the same order.
    expect(Number(first)).toBeLessThanOrEqual(workers === 1 ? 0 : 1e-6);
    const losses = [...stdout.matchAll(/^\d threads?,.* (\S+)$/gm)].map(([, loss]) => Number(loss));
    expect(losses).toHaveLength(3);
    for (const loss of losses) expect(Math.abs(loss - (losses[0] as number))).toBeLessThan(1e-4);
  });

  test('says what is wrong with its options', () => {
    const { status, stderr } = run('--workers', '3', '--batch', '64');
    expect(status).toBe(2);
    expect(stderr).toContain('64 is none of 3');
    expect(run('--epochs', '3').status).toBe(2);
    expect(run('--workers', '0').stderr).toContain('--workers must be a whole number of at least 1');
  });
});
