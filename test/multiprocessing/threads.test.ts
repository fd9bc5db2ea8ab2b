/** Tensors that several threads have. */
import { describe, expect, test } from '@jest/globals';
import type { TensorFacts } from './facts.js';
import { NOTHING, run } from './scenario.js';

describe('a tensor shared with a worker', () => {
  test('is the same memory there, with the same view of it, and both see what either writes', () => {
    const { before, facts, same, parameter, after, stats } = run('facts') as {
      before: Record<string, TensorFacts>;
      facts: Record<string, TensorFacts>;
      after: Record<string, unknown>;
    } & Record<string, unknown>;
    expect(facts).toEqual(before);
    expect(Object.values(facts).every(({ isShared }) => isShared)).toBe(true);
    expect([same, parameter, stats]).toEqual([true, true, NOTHING]);
    expect(after.view).toEqual([
      [2, 8, 14, 20],
      [3, 9, 15, 21],
      [4, 10, 16, 22],
    ]);
    expect(after.parameter).toEqual([
      [2, 2, 2],
      [2, 2, 2],
    ]);
    expect([after.leaf, after.integers, after.boolean]).toEqual([
      [1, 1],
      [2, 3],
      [false, true],
    ]);
    expect([after.half, after.scalar, after.column]).toEqual([[2, 2, 2], 6, [2, 2, 2]]);
  });

  test('as a state dict is trained there: the same bits as training it here', () => {
    const { shared, grads, model, twin } = run('step');
    expect([shared, grads]).toEqual([true, true]);
    expect(model).toEqual(twin);
  });

  test('has a graph of its own on each thread; gradients meet only where `grad` is shared', () => {
    expect(run('gradients')).toEqual({ own: [2, 2, 2], grad: [3.5, 3.5, 3.5], ungraded: true });
  });

  test('can be passed on, opened or not, back and forth without end', () => {
    const { grown, ...rest } = run('passed');
    expect(rest).toEqual({ same: [true, true], values: [50, 50, 50], address: true, stats: NOTHING });
    expect(grown).toBeLessThan(5);
  });
});

test('forged numbers are errors, and take nothing from the genuine ones', () => {
  expect(run('forged')).toEqual({
    outcomes: ['TorchError'],
    waiting: 1,
    genuine: 'received',
    stats: NOTHING,
  });
});
