/** Memory that only graphs hold makes the collector run in time, in loops that drop their losses. */
import { describe, expect, test } from '@jest/globals';
import { runTestProgram } from '../support/child.js';

const MiB = 1 << 20;

interface Result {
  samples: number[];
  kept: number;
}

describe('a synchronous loop whose tensors are small and whose graphs are large', () => {
  // Each step saves 16 MiB: all of them would take 2 GiB.
  test.each(['tidy', 'dispose', 'lstm', 'cycle'])('stays flat: %s', (kind) => {
    const { status, stderr, stdout } = runTestProgram('memory/graphs', [kind, '128'], {
      OMP_NUM_THREADS: '1',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { samples } = JSON.parse(stdout) as Result;
    expect(Math.max(...samples)).toBeLessThan(700 * MiB);
  });

  test('leaves the graphs that are still wanted', () => {
    const { status, stdout } = runTestProgram('memory/graphs', ['held', '20'], { OMP_NUM_THREADS: '1' });
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as Result).kept).toBe(20);
  });
});

test('where the collector cannot be called, V8 is told of what is held', () => {
  const { status, stderr, stdout } = runTestProgram('memory/withoutCollector', [], { OMP_NUM_THREADS: '1' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  // All that the loop makes would be 2,000 MiB.
  expect(Number(stdout)).toBeLessThan(700);
});
