/** Reading arguments: what the compiled readers take, and that without compiling it is the same. */
// The library's modules need one another and are loaded in this one's order.
import '../lib/index.js';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  bool,
  either,
  float,
  int,
  ints,
  optional,
  parameters,
  record,
  tensor,
  text,
  withDefault,
} from '../lib/arguments.js';
import torch, { type Tensor } from '../lib/index.js';
import { runNode } from './support/child.js';
import { root } from './support/python.js';

const x = torch.ones([2]);
const scalar = (value: number, dtype = torch.float32): Tensor => torch.tensor(value, { dtype });

const spec = {
  input: tensor,
  size: optional(ints),
  p: withDefault(float, 0.5),
  dim: withDefault(int, -1),
  mode: withDefault(text<string>(), 'mean'),
  inplace: withDefault(bool, false),
};
const read = parameters('f', spec, 5);
const defaults = { input: x, size: null, p: 0.5, dim: -1, mode: 'mean', inplace: false };

describe('arguments', () => {
  test.each<[string, unknown[], object]>([
    ['the required one alone', [x], {}],
    ['by position', [x, [1, 2], 0.25, 3, 'sum'], { size: [1, 2], p: 0.25, dim: 3, mode: 'sum' }],
    ['by name', [x, { dim: 0, inplace: true }], { dim: 0, inplace: true }],
    ['all by name', [{ input: x, p: 1 }], { p: 1 }],
    ['some by position, others by name', [x, 7, { mode: 'none' }], { size: 7, mode: 'none' }],
    ['an empty object', [x, {}], {}],
    ['undefined stands for nothing', [x, undefined, 2, undefined], { p: 2 }],
    ['by name after undefined', [x, undefined, { p: 2, dim: undefined }], { p: 2 }],
    ['null', [x, null], {}],
    ['an object without a prototype', [x, Object.assign(Object.create(null), { p: 3 })], { p: 3 }],
    ['tensors that stand for numbers', [x, null, scalar(0.25), scalar(3, torch.int64)], { p: 0.25, dim: 3 }],
    ['and by name', [x, { p: scalar(0.25) }], { p: 0.25 }],
  ])('%s', (_, given, wanted) => {
    // Twice, since the first call makes the reader.
    for (let i = 0; i < 2; i++) {
      const got = read(given);
      expect(got.input).toBe(x);
      expect({ ...got, input: null }).toEqual({ ...defaults, ...wanted, input: null });
      expect(Object.keys(got)).toEqual(Object.keys(spec));
    }
  });

  test.each<[string, unknown[], string]>([
    ['nothing', [], "f(): missing required argument 'input'"],
    [
      'another type',
      [x, 'a'],
      "f(): argument 'size' (position 2) must be int or array of ints or null, not str",
    ],
    ['another type by name', [x, { p: '1' }], "f(): argument 'p' must be float, not str"],
    ['a fraction for an int', [x, null, 1, 0.5], "f(): argument 'dim' (position 4) must be int, not float"],
    [
      'a tensor with dimensions for a number',
      [x, null, x],
      "f(): argument 'p' (position 3) must be float, not Tensor",
    ],
    ['null where it is not taken', [null], "f(): argument 'input' (position 1) must be Tensor, not null"],
    [
      'an unknown name',
      [x, { q: 1 }],
      "f(): unknown option 'q'; the options are input, size, p, dim, mode, inplace",
    ],
    ['a name of every object', [x, { toString: 1 }], "f(): unknown option 'toString'"],
    ['twice', [x, null, { size: 1 }], "f(): 'size' was given both by position and by name"],
    [
      'too many',
      [x, null, 1, 1, 'a', true],
      'f(): takes at most 5 positional arguments (input, size, p, dim, mode), but 6 were given',
    ],
  ])('mistakes: %s', (_, given, message) => {
    for (let i = 0; i < 2; i++) expect(() => read(given)).toThrow(message);
  });

  test('of two types, the first has the say about what both take', () => {
    const one = scalar(2);
    expect(parameters('f', { value: either(float, tensor) })([one])).toEqual({ value: 2 });
    expect(parameters('f', { value: either(float, tensor) })([x]).value).toBe(x);
    expect(parameters('f', { value: either(tensor, float) })([one]).value).toBe(one);
    expect(parameters('f', { value: either(tensor, float) })([1.5])).toEqual({ value: 1.5 });
  });

  test('an object as a value is given by name', () => {
    const options = { p: 1 };
    const take = parameters('f', { input: tensor, options: record<{ p: number }>() });
    expect(take([x, { options }]).options).toBe(options);
    expect(() => take([x, options])).toThrow("unknown option 'p'");
  });
});

test('where code must not be made from text, functions work and complain as well', () => {
  const program = `
    import torch from 'litorch';
    const { relu, softmax } = torch.nn.functional;
    const x = torch.tensor([-1, 1]);
    const messages = [[3], [x, { inplce: true }]].map((given) => {
      try { return String(relu(...given)); } catch (error) { return error.message; }
    });
    console.log(JSON.stringify([relu(x).tolist(), softmax(x, { dim: 0 }).shape, messages]));`;
  const { stdout, stderr } = runNode([
    '--disallow-code-generation-from-strings',
    ...[
      '--input-type=module',
      '-e',
      program.replace("'litorch'", JSON.stringify(join(root, 'dist/lib/index.js'))),
    ],
  ]);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([
    [0, 1],
    [2],
    [
      "relu(): argument 'input' (position 1) must be Tensor, not int",
      "relu(): unknown option 'inplce'; the options are input, inplace",
    ],
  ]);
});
