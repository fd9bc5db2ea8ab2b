import { describe, expect, test } from '@jest/globals';
import { bestSpan, bestSpans, type ScoredSpan, SeededRandom } from '../../lib/squad/index.js';

/** All spans in order of start, then end; the first with the largest score. */
function bruteForce(
  start: ArrayLike<number>,
  end: ArrayLike<number>,
  maxLength: number,
  length: number,
  log: boolean,
) {
  const spans: ScoredSpan[] = [];
  for (let i = 0; i < length; i++) {
    for (let j = 0; j < length; j++) {
      if (j < i || j - i + 1 > maxLength) continue;
      spans.push({ start: i, end: j, score: log ? start[i]! + end[j]! : start[i]! * end[j]! });
    }
  }
  const top = Math.max(...spans.map((span) => span.score));
  return spans.find((span) => span.score === top);
}

describe('bestSpan', () => {
  test('agrees with brute force, ties included', () => {
    const random = new SeededRandom(21);
    for (let round = 0; round < 3000; round++) {
      const width = 1 + random.below(14);
      // Few different values make ties common.
      const levels = round % 2 ? 3 : 1000;
      const scores = () => Float32Array.from({ length: width }, () => random.below(levels) / levels);
      const [start, end] =
        round % 3 ? [scores(), scores()] : [Float64Array.from(scores()), Array.from(scores())];
      const log = round % 5 < 3;
      const maxLength = 1 + random.below(6);
      const length = 1 + random.below(width);
      expect(bestSpan(start, end, { maxLength, length, log })).toEqual(
        bruteForce(start, end, maxLength, length, log),
      );
    }
  });

  test('takes 15 tokens at most by default, and the smallest start, then end, of equals', () => {
    const start = new Float32Array(40);
    const end = new Float32Array(40);
    start[3] = 1;
    end[17] = 1;
    expect(bestSpan(start, end)).toEqual({ start: 3, end: 17, score: 2 });
    end[17] = 0;
    end[18] = 1;
    expect(bestSpan(start, end)).toEqual({ start: 3, end: 3, score: 1 });
    expect(bestSpan(start, end, { maxLength: 16 })).toEqual({ start: 3, end: 18, score: 2 });
    expect(bestSpan(new Float32Array(5), new Float32Array(5))).toEqual({ start: 0, end: 0, score: 0 });
  });

  test('passes over masked scores of minus infinity', () => {
    const no = Number.NEGATIVE_INFINITY;
    expect(bestSpan([no, -2, -1], [no, no, -4])).toEqual({ start: 2, end: 2, score: -5 });
    expect(bestSpan([no, no], [no, no])).toEqual({ start: 0, end: 0, score: no });
  });

  test('refuses what gives no answer', () => {
    expect(() => bestSpan([0], [0, 1])).toThrow(RangeError);
    expect(() => bestSpan([], [])).toThrow(RangeError);
    expect(() => bestSpan([0, Number.NaN], [0, 0])).toThrow(/tokens 1 and 1/);
    for (const maxLength of [0, -1, 1.5, Number.NaN])
      expect(() => bestSpan([0], [0], { maxLength })).toThrow(RangeError);
    for (const length of [0, 2, 0.5]) expect(() => bestSpan([0], [0], { length })).toThrow(RangeError);
  });
});

describe('bestSpans', () => {
  test('decodes each row by itself', () => {
    const random = new SeededRandom(2);
    const width = 9;
    const start = Float32Array.from({ length: 4 * width }, () => random.uniform());
    const end = Float32Array.from({ length: 4 * width }, () => random.uniform());
    const lengths = BigInt64Array.of(9n, 3n, 1n, 7n);
    const spans = bestSpans(start, end, { width, lengths, maxLength: 4, log: false });
    spans.forEach((span, row) => {
      const [from, to] = [row * width, (row + 1) * width];
      const options = { length: Number(lengths[row]), maxLength: 4, log: false };
      expect(span).toEqual(bestSpan(start.subarray(from, to), end.subarray(from, to), options));
    });
    expect(bestSpans(start, end, { width })).toHaveLength(4);
  });

  test('refuses shapes that don’t fit', () => {
    expect(() => bestSpans([1, 2, 3], [1, 2, 3], { width: 2 })).toThrow(RangeError);
    expect(() => bestSpans([1, 2], [1], { width: 1 })).toThrow(RangeError);
    expect(() => bestSpans([1, 2], [1, 2], { width: 0 })).toThrow(RangeError);
    expect(() => bestSpans([1, 2], [1, 2], { width: 2, lengths: [1, 1] })).toThrow(RangeError);
    expect(() => bestSpans([1, 2], [1, 2], { width: 2, lengths: [3] })).toThrow(/row 0/);
    expect(() => bestSpans([1, 2], [1, 2], { width: 2, maxLength: 0 })).toThrow(/maxLength/);
  });
});
