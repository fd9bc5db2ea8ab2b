/** What the comparison of results finds. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { Comparer, type Comparison, rawBytes } from './compare.js';
import type { ResultTensor, Tree } from './protocol.js';

/** A result of the reference with the elements of a tensor. */
function described(tensor: Tensor, changes: Partial<ResultTensor> = {}): { tree: Tree; bytes: Buffer } {
  const bytes = rawBytes(tensor);
  const { dtype, shape, requiresGrad } = tensor;
  const entry = { d: dtype.name, s: shape, st: tensor.stride(), b: [0, bytes.length] as [number, number] };
  return { tree: { R: { ...entry, g: requiresGrad, ...changes } }, bytes };
}

function compare(expected: Tensor, actual: unknown, changes: Partial<ResultTensor> = {}): Comparison {
  const { tree, bytes } = described(expected, changes);
  return new Comparer(bytes).compare(tree, actual);
}

const one = torch.tensor([1, 2, 3]);
const plain = new Comparer(Buffer.alloc(0));

describe('tensors', () => {
  test.each(['float32', 'float64', 'float16', 'bfloat16', 'complex64', 'int64', 'uint8', 'bool'] as const)(
    'of %s that are equal are identical, and one changed element is found',
    (name) => {
      const tensor = torch.tensor([0, 1, 0]).to(torch[name]);
      expect(compare(tensor, tensor.clone())).toEqual({ verdict: 'identical' });
      const other = torch.tensor([0, 1, 1]).to(torch[name]);
      expect(compare(tensor, other)).toEqual({
        verdict: 'wrong',
        why: expect.stringContaining('element 2: 1'),
      });
    },
  );

  test.each([
    ['float32', 1e-6, 1e-4],
    ['float64', 1e-8, 1e-6],
    ['bfloat16', 1e-2, 1e-1],
    ['float16', 9.8e-4, 1e-2],
  ] as const)('of %s are close within PyTorch’s tolerance only', (name, near, far) => {
    const tensor = torch.tensor([1], { dtype: torch[name] });
    expect(compare(tensor, torch.tensor([1 + near], { dtype: torch[name] })).verdict).toBe('close');
    expect(compare(tensor, torch.tensor([1 + far], { dtype: torch[name] })).verdict).toBe('wrong');
  });

  test('NaN is NaN, an infinity only itself, and zeros have a sign', () => {
    const of = (...values: number[]): Tensor => torch.tensor(values);
    expect(compare(of(Number.NaN), of(Number.NaN)).verdict).toBe('identical');
    expect(compare(of(Number.NaN), of(1)).verdict).toBe('wrong');
    expect(compare(of(1), of(Number.NaN)).verdict).toBe('wrong');
    expect(compare(of(Number.POSITIVE_INFINITY), of(Number.NEGATIVE_INFINITY)).verdict).toBe('wrong');
    expect(compare(of(Number.POSITIVE_INFINITY), of(3e38)).verdict).toBe('wrong');
    expect(compare(of(0), of(-0)).verdict).toBe('close');
    const negative = torch.tensor(Int32Array.of(-1)).view(torch.float32);
    expect(compare(of(Number.NaN), negative)).toEqual({
      verdict: 'close',
      why: 'only the bits of NaN differ',
    });
  });

  test('big integers differ by one', () => {
    const big = torch.tensor([2n ** 62n]);
    expect(compare(big, torch.tensor([2n ** 62n + 1n])).verdict).toBe('wrong');
  });

  test('dtype, shape, layout, requiresGrad and flags must agree', () => {
    const why = (actual: unknown, changes: Partial<ResultTensor> = {}): string | undefined =>
      compare(one, actual, changes).why;
    expect(why(one.to(torch.float64))).toBe('dtype float64 instead of float32');
    expect(why(one.view([3, 1]))).toBe('shape [3, 1] instead of [3]');
    expect(why(one.toSparse())).toBe('layout sparse_coo instead of strided');
    expect(why(one.clone().requiresGrad_())).toBe('requiresGrad is true instead of false');
    expect(why(one, { conj: true })).toBe('the conj bit is false');
    expect(why(null)).toBe('object null instead of a tensor');
    expect(why([one])).toBe('an array instead of a tensor');
  });

  test('another order in memory is told apart from other elements', () => {
    const tensor = torch.tensor([1, 2, 3, 4]).view([2, 2]);
    const other = tensor.mT.contiguous().mT;
    expect(compare(tensor, other)).toEqual({
      verdict: 'identical',
      strides: 'strides [1, 2] instead of [2, 1]',
    });
  });

  test('elements that nobody has written are not compared', () => {
    const { tree, bytes } = described(one);
    const comparer = new Comparer(bytes, true);
    expect(comparer.compare(tree, one.add(1)).verdict).toBe('identical');
    expect(comparer.compare(tree, one.view([1, 3])).verdict).toBe('wrong');
  });
});

describe('other results', () => {
  test('numbers are compared by value and kind', () => {
    expect(plain.compare({ i: 3 }, 3).verdict).toBe('identical');
    expect(plain.compare({ i: '9007199254740993' }, 9007199254740993n).verdict).toBe('identical');
    expect(plain.compare({ i: '9007199254740993' }, 9007199254740992n).verdict).toBe('wrong');
    expect(plain.compare({ i: 1 }, true).verdict).toBe('wrong');
    expect(plain.compare({ f: 'nan' }, Number.NaN).verdict).toBe('identical');
    expect(plain.compare({ f: '-0' }, 0).verdict).toBe('close');
    expect(plain.compare({ f: 1 }, 1.000001).verdict).toBe('close');
    expect(plain.compare({ f: 1 }, 1.1).verdict).toBe('wrong');
    expect(plain.compare({ c: [{ f: 1 }, { f: 2 }] }, { re: 1, im: 2 }).verdict).toBe('identical');
    expect(plain.compare({ c: [{ f: 1 }, { f: 2 }] }, { re: 1, im: 3 }).verdict).toBe('wrong');
    expect(plain.compare(true, true).verdict).toBe('identical');
    expect(plain.compare(true, 1).verdict).toBe('wrong');
    expect(plain.compare(null, null).verdict).toBe('identical');
    expect(plain.compare(null, one).verdict).toBe('wrong');
    expect(plain.compare({ dtype: 'float32' }, torch.float32).verdict).toBe('identical');
    expect(plain.compare({ dtype: 'float32' }, torch.float64).verdict).toBe('wrong');
  });

  test('lists have their length and their order', () => {
    expect(plain.compare({ t: [{ i: 1 }, { i: 2 }] }, [1, 2]).verdict).toBe('identical');
    expect(plain.compare({ t: [{ i: 1 }, { i: 2 }] }, [2, 1]).why).toBe('result 0: 2 instead of 1');
    expect(plain.compare({ l: [{ i: 1 }] }, [1, 2]).why).toBe('2 results instead of 1');
    expect(plain.compare({ l: [{ i: 1 }] }, 1).verdict).toBe('wrong');
    expect(plain.compare({ d: [['a', { i: 1 }]] }, { a: 2 }).why).toBe('a: 2 instead of 1');
  });
});
