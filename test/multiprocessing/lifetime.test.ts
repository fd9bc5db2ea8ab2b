/** How long memory lives that several threads have, and threads that end. */
import { describe, expect, test } from '@jest/globals';
import { NOTHING, run } from './scenario.js';

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] as number;

describe('threads that end', () => {
  test('a receiver that is terminated in the midst leaves the memory whole, and what it had shared is gone', () => {
    expect(run('terminated')).toEqual({
      before: NOTHING,
      during: true,
      after: NOTHING,
      error: 'TorchError',
      taken: 1000,
      works: true,
    });
  });

  test('a sender that ends by itself leaves its results to their receivers', () => {
    expect(run('senderEnds')).toEqual({
      waiting: { tensors: 1, bytes: 40, orphans: 1 },
      error: 'TorchError',
      value: [0, 1, 2, 3, 4],
      left: [0, 1, 2],
      stats: NOTHING,
    });
  });
});

test('threads may be ended at any time, while they load, share, receive and compute', () => {
  expect(run('chaos')).toEqual({ received: true, errors: [], stats: NOTHING });
});

describe('memory', () => {
  test('of what nobody receives is freed when it is revoked', () => {
    const { samples, error, held, revoked, stats } = run('unreceived');
    expect([error, held, revoked, stats]).toEqual([
      'it does not start',
      { tensors: 1, bytes: 4096, orphans: 0 },
      1,
      NOTHING,
    ]);
    const resident = samples as number[];
    // 40 × 4 MiB, if they stayed.
    expect(median(resident.slice(-10)) - median(resident.slice(5, 15))).toBeLessThan(40 << 20);
  });

  test('is flat with ten workers and shares in both directions, and nothing stays in the table', () => {
    const { samples, correct, stats } = run('ten');
    expect([correct, stats]).toEqual([true, NOTHING]);
    const resident = samples as number[];
    expect(median(resident.slice(-10)) / median(resident.slice(12, 22))).toBeLessThan(1.1);
  });
});
