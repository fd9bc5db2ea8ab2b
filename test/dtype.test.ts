/** Data types. */
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import torch, { type DType } from '../lib/index.js';
import { hasPython, runPython } from './support/python.js';

interface Facts {
  itemsize: number;
  floating: boolean;
  complex: boolean;
  signed: boolean | null;
}

const all = Object.entries(torch).filter(([, value]) => value instanceof torch.DType) as [string, DType][];
const distinct = all.filter(([name, dtype]) => name === dtype.name);

const script = `
import json, torch
def signed(dtype):
    try:
        return dtype.is_signed
    except RuntimeError:
        return None
found = {n: d for n, d in vars(torch).items() if isinstance(d, torch.dtype)}
print(json.dumps({
    "facts": {n: {"itemsize": d.itemsize, "floating": d.is_floating_point, "complex": d.is_complex, "signed": signed(d)}
              for n, d in found.items()},
    "promotions": {f"{a} {b}": str(torch.promote_types(getattr(torch, a), getattr(torch, b)))
                   for a in "${promotable().join(' ')}".split() for b in "${promotable().join(' ')}".split()},
}))
`;

function promotable(): string[] {
  return [
    'uint8',
    'int8',
    'int16',
    'int32',
    'int64',
    'float16',
    'bfloat16',
    'float32',
    'float64',
    'complex64',
    'complex128',
    'bool',
  ];
}

afterEach(() => torch.setDefaultDtype(torch.float32));

describe('a dtype', () => {
  test('prints as in Python', () => {
    expect([String(torch.float32), inspect(torch.int64)]).toEqual(['torch.float32', 'torch.int64']);
  });

  test('is one object under all of its names', () => {
    expect(torch.float).toBe(torch.float32);
    expect(torch.double).toBe(torch.float64);
    expect(torch.half).toBe(torch.float16);
    expect([torch.short, torch.int, torch.long]).toEqual([torch.int16, torch.int32, torch.int64]);
    expect([torch.cfloat, torch.cdouble]).toEqual([torch.complex64, torch.complex128]);
    expect(torch.ones([1]).dtype).toBe(torch.float32);
  });

  test.each(distinct.filter(([name]) => !/^(q|bits|float4|complex32)/.test(name)))(
    '%s is that of the tensors made with it',
    (_, dtype) => {
      expect(torch.empty([2], { dtype }).dtype).toBe(dtype);
      expect(torch.empty([2], { dtype }).nbytes).toBe(2 * dtype.itemsize);
    },
  );
});

(hasPython ? describe : describe.skip)('dtypes as PyTorch has them', () => {
  const reference = hasPython
    ? (JSON.parse(runPython(script)) as { facts: Record<string, Facts>; promotions: Record<string, string> })
    : { facts: {}, promotions: {} };

  test.each(all.filter(([name]) => name in reference.facts))('%s', (name, dtype) => {
    const { itemsize, floating, complex, signed } = reference.facts[name] as Facts;
    expect([dtype.itemsize, dtype.isFloatingPoint, dtype.isComplex]).toEqual([itemsize, floating, complex]);
    if (signed !== null) expect(dtype.isSigned).toBe(signed);
  });

  test('all that litorch has are there', () => {
    expect(all.map(([name]) => name).filter((name) => !(name in reference.facts))).toEqual([]);
  });

  test('are promoted to the same', () => {
    for (const [pair, expected] of Object.entries(reference.promotions)) {
      const [a, b] = pair
        .split(' ')
        .map((name) => (torch as unknown as Record<string, DType>)[name] as DType) as [DType, DType];
      const x = torch.ones([1], { dtype: a }).add(torch.ones([1], { dtype: b }));
      expect(`${pair}: ${x.dtype}`).toBe(`${pair}: ${expected}`);
    }
  });
});

describe('the default dtype', () => {
  test('is float32, unless set', () => {
    expect(torch.getDefaultDtype()).toBe(torch.float32);
    torch.setDefaultDtype(torch.float64);
    expect(torch.getDefaultDtype()).toBe(torch.float64);
    expect([torch.ones([1]).dtype, torch.tensor(0.5).dtype, torch.rand([1]).dtype]).toEqual(
      new Array(3).fill(torch.float64),
    );
    expect(torch.tensor([1n]).dtype).toBe(torch.int64);
  });

  test.each(['float16', 'bfloat16', 'float32', 'float64'] as const)('may be %s', (name) => {
    torch.setDefaultDtype(torch[name]);
    expect(torch.zeros([1]).dtype).toBe(torch[name]);
  });
});
