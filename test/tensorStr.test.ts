import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import torch from '../lib/index.js';
import { getPrintoptions, printoptions, setPrintoptions } from '../lib/printOptions.js';
import { formatExponential, formatFixed } from '../lib/tensorStr/number.js';
import { settled, unfreed } from './support/counts.js';
import { Dice } from './support/dice.js';
import { hasPython, root, runPython } from './support/python.js';
import { build } from './tensorStr/build.js';
import {
  type Case,
  type RecordedCase,
  randomCase,
  randomDouble,
  randomTransformedCase,
} from './tensorStr/cases.js';

/** Recorded by `test/reference/tensor_str.py record`. */
const table = JSON.parse(
  readFileSync(join(root, 'test', 'fixtures', 'tensorStr.json'), 'utf8'),
) as RecordedCase[];

function askPython<T>(mode: string, input: unknown): T {
  return JSON.parse(runPython('tensor_str.py', [mode], { input: JSON.stringify(input) })) as T;
}

function print(aCase: Case): string {
  setPrintoptions({ profile: 'default' });
  setPrintoptions(aCase.options);
  return torch.tidy(() => build(aCase).toString());
}

/** Compares all before it fails, and shows the first few that differ with what made them. */
function expectPrinted(cases: readonly Case[], expected: readonly string[]): void {
  const wrong = cases
    .map((aCase, i) => ({ ...aCase, expected: expected[i], printed: print(aCase) }))
    .filter((result) => result.printed !== result.expected);
  expect(wrong.slice(0, 3)).toEqual([]);
}

beforeEach(() => setPrintoptions({ profile: 'default' }));
afterEach(() => setPrintoptions({ profile: 'default' }));

describe('a tensor is printed as Python prints it', () => {
  const names = [...new Set(table.map(({ transform }) => transform))];
  test.each(names.map((name) => [name ?? 'plain', name] as const))('recorded: %s', (_, name) => {
    const cases = table.filter(({ transform }) => transform === name);
    expect(cases.length).toBeGreaterThan(0);
    expectPrinted(
      cases,
      cases.map(({ expected }) => expected),
    );
  });

  (hasPython ? test : test.skip)('what was recorded is what Python prints now', () => {
    expect(askPython('tensors', table)).toEqual(table.map(({ expected }) => expected));
  });

  (hasPython ? test : test.skip)('2,000 random tensors', () => {
    const random = new Dice(20);
    const cases = Array.from({ length: 2000 }, () => randomCase(random));
    expectPrinted(cases, askPython<string[]>('tensors', cases));
  });

  (hasPython ? test : test.skip)('1,000 random tensors of all layouts and dtypes', () => {
    const random = new Dice(33);
    const cases = Array.from({ length: 1000 }, () => randomTransformedCase(random));
    const printed = askPython<(string | null)[]>('tensors', cases);
    const printable = cases.filter((_, i) => printed[i] !== null);
    // What Python itself cannot print stays rare.
    expect(printable.length).toBeGreaterThan(850);
    expectPrinted(
      printable,
      printed.filter((text) => text !== null),
    );
  });

  test('console.log and util.inspect show the same', () => {
    const tensor = torch.tensor([1, 2.5]);
    expect(inspect(tensor)).toBe('tensor([1.0000, 2.5000])');
    expect(`${tensor}`).toBe('tensor([1.0000, 2.5000])');
  });

  test('of a tensor that was disposed, inspect says so', () => {
    const tensor = torch.zeros([2]);
    tensor.dispose();
    expect(inspect(tensor)).toBe('Tensor(disposed)');
    expect(() => tensor.toString()).toThrow();
  });

  test('the default dtype goes unsaid', () => {
    torch.setDefaultDtype(torch.float64);
    try {
      expect(`${torch.tensor([0.5])}`).toBe('tensor([0.5000])');
      expect(`${torch.zeros([1], { dtype: torch.float32 })}`).toBe('tensor([0.], dtype=torch.float32)');
      expect(`${torch.zeros([1], { dtype: torch.complex128 })}`).toBe('tensor([0.+0.j])');
    } finally {
      torch.setDefaultDtype(torch.float32);
    }
  });

  test('of a large tensor only the edges are read', () => {
    // A trillion times the one element: reading them all would not end.
    const huge = torch.tensor([0.5]).expand(1000, 1000, 1000, 1000);
    expect(huge.toString()).toMatch(/^tensor\(\[{4}0\.5000, 0\.5000, 0\.5000, {2}\.\.\., 0\.5000/);
  });

  test('no tensor is left behind', () => {
    const tensors = [torch.randn([40, 40]), torch.randn([3]).requiresGrad_(), build(table.at(-1) as Case)];
    const before = settled();
    for (const tensor of tensors) tensor.toString();
    expect(unfreed()).toBeLessThanOrEqual(before);
  });
});

describe('numbers are formatted as Python formats them', () => {
  test.each([
    [0.5, 0, '0', '5e-01'],
    [1.5, 0, '2', '2e+00'],
    [2.5, 0, '2', '2e+00'],
    [9.5, 0, '10', '1e+01'],
    [0.125, 2, '0.12', '1.25e-01'],
    [-0.375, 2, '-0.38', '-3.75e-01'],
    [1.25, 1, '1.2', '1.2e+00'],
    [-0, 1, '-0.0', '-0.0e+00'],
    [1e21, 1, '1000000000000000000000.0', '1.0e+21'],
    [1e100, 0, BigInt(1e100).toString(), '1e+100'],
    [Number.NaN, 4, 'nan', 'nan'],
    [Number.POSITIVE_INFINITY, 4, 'inf', 'inf'],
    [Number.NEGATIVE_INFINITY, 4, '-inf', '-inf'],
  ])('%d with %d digits', (value, precision, fixed, exponential) => {
    expect(formatFixed(value, precision)).toBe(fixed);
    expect(formatExponential(value, precision)).toBe(exponential);
  });

  (hasPython ? test : test.skip)('20,000 random numbers', () => {
    const random = new Dice(7);
    const precisions = [0, 1, 2, 3, 4, 4, 4, 5, 6, 8, 10, 16, 17, 20, 40, 99, 100, 101, 120];
    const numbers = Array.from({ length: 20_000 }, () => {
      const value = randomDouble(random);
      const bits = Buffer.from(new Float64Array([value]).buffer).toString('hex');
      return { value, bits, precision: random.pick(precisions) };
    });
    const wanted = askPython<[string, string][]>('numbers', numbers);
    const wrong = numbers
      .map(({ value, precision }, i) => ({
        value,
        precision,
        got: [formatFixed(value, precision), formatExponential(value, precision)],
        wanted: wanted[i] as [string, string],
      }))
      .filter(({ got, wanted: [fixed, exponential] }) => got[0] !== fixed || got[1] !== exponential);
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});

describe('print options', () => {
  const defaults = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sciMode: null };

  test('defaults and profiles', () => {
    expect(getPrintoptions()).toEqual(defaults);
    setPrintoptions({ profile: 'short' });
    expect(getPrintoptions()).toEqual({ ...defaults, precision: 2, edgeitems: 2 });
    setPrintoptions({ profile: 'full', linewidth: 100 });
    expect(getPrintoptions()).toEqual({ ...defaults, threshold: Number.POSITIVE_INFINITY, linewidth: 100 });
  });

  test('what is left out stays, except sciMode', () => {
    setPrintoptions({ precision: 2, sciMode: true });
    expect(getPrintoptions()).toEqual({ ...defaults, precision: 2, sciMode: true });
    setPrintoptions({ edgeitems: 1 });
    expect(getPrintoptions()).toEqual({ ...defaults, precision: 2, edgeitems: 1 });
  });

  test('what getPrintoptions gives can be set again, and is a copy', () => {
    setPrintoptions({ precision: 1, threshold: 5, edgeitems: 2, linewidth: 40, sciMode: false });
    const saved = getPrintoptions();
    setPrintoptions({ profile: 'default' });
    setPrintoptions(saved);
    expect(getPrintoptions()).toEqual(saved);
    saved.precision = 9;
    expect(getPrintoptions().precision).toBe(1);
  });

  test('printoptions puts the earlier ones back', () => {
    const tensor = torch.tensor([1.25]);
    expect(printoptions({ precision: 1 }, () => String(tensor))).toBe('tensor([1.2])');
    expect(() =>
      printoptions({ precision: 1 }, () => {
        throw new RangeError('inside');
      }),
    ).toThrow('inside');
    expect(getPrintoptions()).toEqual(defaults);
  });

  test.each([
    [{ precison: 3 }, TypeError, "unknown option 'precison'"],
    [{ precision: '3' }, TypeError, 'precision must be a number'],
    [{ precision: -1 }, RangeError, 'precision must be a non-negative integer'],
    [{ precision: 1.5 }, RangeError, 'precision must be a non-negative integer'],
    [{ threshold: Number.NaN }, RangeError, 'threshold must not be NaN'],
    [{ edgeitems: -3 }, RangeError, 'edgeitems must be a non-negative integer'],
    [{ profile: 'long' }, RangeError, "but got 'long'"],
    [{ sciMode: 1 }, TypeError, 'sciMode must be a boolean'],
    [{ linewidth: 20, sciMode: 'yes' }, TypeError, 'sciMode must be a boolean'],
  ])('%o is refused', (options, kind, message) => {
    expect(() => setPrintoptions(options as Parameters<typeof setPrintoptions>[0])).toThrow(kind);
    expect(() => setPrintoptions(options as Parameters<typeof setPrintoptions>[0])).toThrow(message);
    expect(getPrintoptions()).toEqual(defaults);
  });
});
