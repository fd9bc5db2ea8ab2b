/**
 * The addon in worker threads. Each thread has a table of tensors of its own; a tensor's handle is a number that means
 * nothing in another thread's table, where it is a clean error.
 */
import { describe, expect, test } from '@jest/globals';
import { runTestProgram } from './support/child.js';

function run(scenario: string): unknown {
  const { status, signal, stdout, stderr } = runTestProgram('workers/main', [scenario], {
    OMP_NUM_THREADS: '1',
  });
  expect({ status, signal, stderr: status === 0 ? '' : stderr }).toEqual({
    status: 0,
    signal: null,
    stderr: '',
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

describe('worker threads', () => {
  test('ten at once load the addon and compute the same, while the main thread works on', () => {
    const { values, works, after } = run('train') as { values: number[]; works: boolean; after: boolean };
    expect(values.length).toBe(10);
    expect(new Set(values).size).toBe(1);
    expect([works, after]).toEqual([true, true]);
  });

  test('are ended by terminate() in the midst of loading and of work, three times ten, and the main thread works on', () => {
    expect(run('forever')).toBe(true);
  });

  test('one that fails leaves the others alone', () => {
    expect(run('throw')).toEqual({ message: 'a worker that fails', works: true });
  });

  test('end while the process does', () => {
    expect(run('exit')).toBe('left');
  });

  test('have modes of autograd of their own', () => {
    expect(run('modes')).toEqual({ inside: [false, true], outside: [true, false], works: true });
  });

  test('leave nothing behind', () => {
    const samples = run('many') as number[];
    const [early, late] = [samples[9] as number, samples[19] as number];
    expect(late / early).toBeLessThan(1.2);
  });
});

describe('a tensor of another thread', () => {
  test('named by its handle is an error', () => {
    const { result, works } = run('handles') as { result: [string[], number]; works: boolean };
    expect(result[0]).toEqual(new Array(100).fill('DisposedError'));
    expect([result[1], works]).toEqual([100, true]);
  });

  test('sent as a message arrives as no tensor, which is an error too', () => {
    expect(run('tensor')).toEqual([false, 'TypeError']);
  });
});
