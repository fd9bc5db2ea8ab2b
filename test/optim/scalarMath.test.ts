/** Powers of doubles have the bits of Python's, which V8's own don't always have. */
import { describe, expect, test } from '@jest/globals';
import { pow } from '../../lib/optim/scalarMath.js';
import { hasPython, runPython } from '../support/python.js';

const BASES = [0.9, 0.999, 0.98, 0.95, 0.5, 0.9999];
const STEPS = [
  ...Array.from({ length: 900 }, (_, i) => i + 1),
  ...Array.from({ length: 100 }, (_, i) => (i + 1) * 1000),
];

describe('pow', () => {
  (hasPython ? test : test.skip)("has the bits of Python's **", () => {
    const lines = runPython('optim_pow.py', BASES.map(String)).trim().split('\n');
    BASES.forEach((base, i) => {
      const powers = STEPS.map((step) => pow(base, step));
      const roots = powers.map((power) => pow(1 - power, 0.5));
      const hex = Buffer.from(new Float64Array([...powers, ...roots]).buffer).toString('hex');
      expect(hex === lines[i]).toBe(true);
    });
  });

  test('of the plain cases', () => {
    expect(pow(2, 10)).toBe(1024);
    expect(pow(0, 3)).toBe(0);
    expect(pow(0.25, 0.5)).toBe(0.5);
  });
});
