import { describe, expect, test } from '@jest/globals';
import { SeededRandom } from '../../lib/squad/index.js';
import { hasPython, runPython } from '../support/python.js';
import { testWith } from './data.js';

/** The same generator in Python, from its description. */
const REFERENCE = `
import json
M = 0xffffffff
def finalize(z):
    z = ((z ^ (z >> 16)) * 0x85ebca6b) & M
    z = ((z ^ (z >> 13)) * 0xc2b2ae35) & M
    return z ^ (z >> 16)
def rotate(x, k):
    return ((x << k) | (x >> (32 - k))) & M
def draw(seed, count):
    s = [finalize((seed + (i + 1) * 0x9e3779b9) & M) for i in range(4)]
    out = []
    for _ in range(count):
        out.append((rotate((s[1] * 5) & M, 7) * 9) & M)
        t = (s[1] << 9) & M
        s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t; s[3] = rotate(s[3], 11)
    return out
print(json.dumps([draw(seed, 50) for seed in [0, 1, 42, 2**31, 2**32 - 1]]))
`;

describe('SeededRandom', () => {
  testWith('the reference Python', hasPython)('gives the numbers of its description', () => {
    const expected = JSON.parse(runPython(REFERENCE)) as number[][];
    const seeds = [0, 1, 42, 2 ** 31, 2 ** 32 - 1];
    expect(seeds.map((seed) => draw(seed, 50))).toEqual(expected);
  });

  test('keeps giving the same numbers', () => {
    expect(draw(1, 4)).toEqual([2442144158, 3238099751, 3819917871, 2104621829]);
  });

  test('draws every value below a bound about as often', () => {
    const random = new SeededRandom(9);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.below(7)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    expect(random.below(1)).toBe(0);
    for (let i = 0; i < 1000; i++) {
      const value = random.uniform();
      expect(value >= 0 && value < 1).toBe(true);
    }
  });

  test('permutes and shuffles without touching the list', () => {
    const random = new SeededRandom(3);
    const list = ['a', 'b', 'c', 'd'];
    const seen = new Set(Array.from({ length: 500 }, () => random.shuffled(list).join('')));
    expect(seen.size).toBe(24);
    expect(list).toEqual(['a', 'b', 'c', 'd']);
    expect(random.permutation(100).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(random.permutation(0)).toEqual([]);
  });

  test('refuses bad seeds and bounds', () => {
    for (const seed of [-1, 1.5, 2 ** 32, Number.NaN])
      expect(() => new SeededRandom(seed)).toThrow(RangeError);
    for (const bound of [0, -3, 1.5, 2 ** 33])
      expect(() => new SeededRandom(1).below(bound)).toThrow(RangeError);
    expect(() => new SeededRandom(1).pick([])).toThrow(RangeError);
  });
});

function draw(seed: number, count: number): number[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => random.uint32());
}
