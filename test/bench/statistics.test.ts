/** The benchmark's statistics, and the comparison of two contenders, with figures made up. */
import { describe, expect, test } from '@jest/globals';
import type { Answer } from '../../bench/contender.js';
import { compare, compareAnew, type Side } from '../../bench/pair.js';
import { difference } from '../../bench/rivals/compare.js';
import { geometricMean, median, medianError } from '../../bench/statistics.js';

test('median', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test('geometric mean', () => {
  expect(geometricMean([0.5, 2])).toBeCloseTo(1, 12);
});

describe('medianError', () => {
  test('is the distance to values about √n places from the middle', () => {
    // For 9 values the interval is from the second to the second last.
    expect(medianError([1, 8, 9, 9, 10, 10, 11, 13, 50])).toBeCloseTo(0.3, 12);
    expect(medianError([50, 13, 11, 10, 10, 9, 9, 8, 1])).toBeCloseTo(0.3, 12);
  });

  test('is 0 for equal values, and infinite for too few', () => {
    expect(medianError([2, 2, 2, 2, 2, 2])).toBe(0);
    expect(medianError([2, 2, 2, 2, 2])).toBe(Number.POSITIVE_INFINITY);
  });

  test('holds the true median about 19 times of 20', () => {
    let state = 1;
    const next = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return 1 + state / 2 ** 32;
    };
    let held = 0;
    for (let i = 0; i < 1000; i++) {
      const values = Array.from({ length: 15 }, next);
      if (Math.abs(median(values) - 1.5) <= medianError(values) * median(values)) held++;
    }
    expect(held).toBeGreaterThan(930);
  });
});

/** A contender that answers with so many seconds for a unit, and notes what it is asked. */
function contender(
  seconds: (call: number) => number,
  bits: (call: number) => string | undefined = () => undefined,
): Side & { asked: number[]; ended: boolean } {
  const fake = {
    asked: [] as number[],
    ended: false,
    async ask(request: number | string): Promise<Answer> {
      const count = Number(request);
      const call = fake.asked.push(count);
      const result = bits(call);
      return {
        seconds: count * seconds(call),
        cpu: count,
        ...(result === undefined ? {} : { bits: result }),
      };
    },
    end(): void {
      fake.ended = true;
    },
  };
  return fake;
}

describe('compare', () => {
  test('gives the median of the ratios of rounds', async () => {
    const own = contender((call) => [1, 3, 2, 4, 2, 2, 2][call - 1] as number);
    const other = contender(() => 2);
    const result = await compare(own, other, 6, 5);
    expect(own.asked).toEqual([5, 5, 5, 5, 5, 5, 5]);
    expect(other.asked).toEqual(own.asked);
    expect(result).toMatchObject({ litorch: 2, python: 2, ratio: 1, cpuRatio: 1, rounds: 6 });
    expect(result.sameBits).toBeUndefined();
    expect([own.ended, other.ended]).toEqual([true, true]);
  });

  test('sees other bits in any round, the first included', async () => {
    const same = (call: number): string => `${call}`;
    const seconds = (): number => 1;
    expect((await compare(contender(seconds, same), contender(seconds, same), 6, 1)).sameBits).toBe(true);
    for (const wrong of [1, 4]) {
      const other = contender(seconds, (call) => (call === wrong ? 'x' : `${call}`));
      expect((await compare(contender(seconds, same), other, 6, 1)).sameBits).toBe(false);
    }
  });

  test('does as many rounds as it takes, within bounds', async () => {
    const enough = { least: 6, most: 20, within: 0.05 };
    const steady = await compare(
      contender(() => 1),
      contender(() => 2),
      enough,
      1,
    );
    expect(steady).toMatchObject({ ratio: 0.5, rounds: 6, error: 0 });
    const wild = await compare(
      contender((call) => (call % 2) + 1),
      contender(() => 2),
      enough,
      1,
    );
    expect(wild.rounds).toBe(20);
    expect(wild.error).toBeGreaterThan(0.05);
  });

  test('finds how many units fill a round', async () => {
    const own = contender(() => 0.001);
    const other = contender(() => 0.002);
    await compare(own, other, 6, { seconds: 0.2 });
    expect(own.asked.slice(-7)).toEqual([100, 100, 100, 100, 100, 100, 100]);
    const slow = contender(() => 3);
    await compare(
      contender(() => 3),
      slow,
      6,
      { seconds: 0.2 },
    );
    expect(new Set(slow.asked)).toEqual(new Set([1]));
  });
});

test('compareAnew takes all rounds of several pairs together, and tells how far the pairs are apart', async () => {
  // Where its memory lies makes the second pair's litorch slow for as long as it lives.
  const pairs = [1, 3, 1.2].map((seconds) => [contender(() => seconds), contender(() => 2)] as const);
  const left = [...pairs];
  const result = await compareAnew(3, () => left.shift()!, 6, 4);
  expect(result).toMatchObject({ litorch: 1.2, python: 2, ratio: 0.6, rounds: 18, between: [0.5, 1.5] });
  expect(result.sameBits).toBeUndefined();
  expect(pairs.flat().every(({ ended }) => ended)).toBe(true);
  const bits = (text: string) =>
    [
      contender(
        () => 1,
        () => text,
      ),
      contender(
        () => 1,
        () => 'a',
      ),
    ] as const;
  expect((await compareAnew(2, () => bits('a'), 6, 1)).sameBits).toBe(true);
  const answers = ['a', 'b'];
  expect((await compareAnew(2, () => bits(answers.shift()!), 6, 1)).sameBits).toBe(false);
});

test('the difference of two results is relative to the largest number', () => {
  expect(difference([1, -10], [1.1, -10])).toBeCloseTo(0.01, 12);
  expect(difference([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
  expect(difference([], [])).toBe(Number.POSITIVE_INFINITY);
  expect(difference([1], [Number.NaN])).toBe(Number.POSITIVE_INFINITY);
});
