/** What tensors are, and what they are made into: properties, `to` and its relatives, `type`, `newTensor`. */
import { describe, expect, test } from '@jest/globals';
import torch, { type DType, type Tensor } from '../../lib/index.js';
import { hasPython, runPython } from '../support/python.js';

describe('properties', () => {
  test('kinds of tensors', () => {
    const x = torch.zeros([2, 3]);
    expect([
      x.isQuantized,
      x.isMkldnn,
      x.isMps,
      x.isXpu,
      x.isXla,
      x.isIpu,
      x.isMaia,
      x.isMtia,
      x.isVulkan,
    ]).toEqual(new Array(9).fill(false));
    expect([x.ndimension(), x.nelement(), x.outputNr]).toEqual([2, 6, 0]);
    expect(x.unbind()[1]?.requiresGrad).toBe(false);
    const [, second] = x.requiresGrad_().unbind();
    expect(second?.outputNr).toBe(1);
    const quantized = torch.quantizePerTensor(torch.ones([2]), 0.5, 0, torch.qint8);
    expect(quantized.isQuantized).toBe(true);
    expect(quantized.qscheme()).toBe(torch.perTensorAffine);
    expect(String(quantized.qscheme())).toBe('torch.per_tensor_affine');
    expect(() => torch.zeros([1]).qscheme()).toThrow();
  });

  test('real and imag are set in place', () => {
    const x = torch.tensor([
      { re: 1, im: 2 },
      { re: 3, im: 4 },
    ]);
    x.real = 5;
    x.imag = torch.tensor([7, 8]);
    expect(x.tolist()).toEqual([
      { re: 5, im: 7 },
      { re: 5, im: 8 },
    ]);
    const real = torch.zeros([2]);
    real.real = 3;
    expect(real.tolist()).toEqual([3, 3]);
    expect(() => {
      real.imag = 3;
    }).toThrow();
    expect(() => {
      x.real = 'one' as never;
    }).toThrow(TypeError);
  });

  test('isContiguous knows its options', () => {
    const x = torch.zeros([1, 2, 3, 4]);
    expect([x.isContiguous(), x.isContiguous({ memoryFormat: torch.channelsLast })]).toEqual([true, false]);
    expect(x.isContiguous({ memoryFormat: null })).toBe(true);
    expect(() => x.isContiguous({ memory: torch.channelsLast } as never)).toThrow(
      "unexpected option 'memory'",
    );
    expect(() => x.isContiguous(torch.channelsLast as never)).toThrow();
    expect(() => x.isContiguous({ memoryFormat: 'channelsLast' as never })).toThrow(TypeError);
  });

  test('dimOrder', () => {
    expect(torch.zeros([2, 3, 4, 5]).dimOrder()).toEqual([0, 1, 2, 3]);
    const { channelsLast } = torch;
    expect(torch.zeros([2, 3, 4, 5]).to({ memoryFormat: channelsLast }).dimOrder()).toEqual([0, 2, 3, 1]);
    expect(torch.zeros([2, 3, 4]).transpose(0, 2).dimOrder()).toEqual([2, 1, 0]);
    expect(torch.zeros([]).dimOrder()).toEqual([]);
    const ambiguous = torch.zeros([2, 1, 4, 5]);
    expect(() => ambiguous.dimOrder({ ambiguityCheck: true })).toThrow('does not have unique dim order');
    expect(() => ambiguous.dimOrder({ ambiguityCheck: 1 as never })).toThrow(TypeError);
    expect(() => torch.eye(2).toSparse().dimOrder()).toThrow(TypeError);
  });

  (hasPython ? test : test.skip)("dimOrder is Python's over permuted, expanded and sliced tensors", () => {
    const shapes = [
      [2, 3, 4, 5],
      [2, 1, 4, 5],
      [1, 1, 3, 3],
      [3, 1, 1, 1],
      [2, 3, 4],
      [4, 1],
      [0, 3, 2],
    ];
    const permutations = (n: number): number[][] =>
      n === 0
        ? [[]]
        : permutations(n - 1).flatMap((rest) =>
            Array.from({ length: n }, (_, i) => [...rest.slice(0, i), n - 1, ...rest.slice(i)]),
          );
    const cases = shapes.flatMap((shape) => permutations(shape.length).map((order) => ({ shape, order })));
    const live = JSON.parse(
      runPython(
        `
import json, sys, torch
def orders(case):
    x = torch.zeros(case["shape"]).permute(case["order"])
    found = [list(x.dim_order())]
    for check in (True, [torch.contiguous_format, torch.channels_last] if x.dim() == 4 else [torch.contiguous_format]):
        try:
            found.append(list(x.dim_order(ambiguity_check=check)))
        except RuntimeError:
            found.append(None)
    return found
print(json.dumps([orders(case) for case in json.load(sys.stdin)]))
`,
        [],
        { input: JSON.stringify(cases) },
      ),
    ) as unknown;
    const attempt = (fn: () => number[]): number[] | null => {
      try {
        return fn();
      } catch {
        return null;
      }
    };
    const here = cases.map(({ shape, order }) => {
      const x = torch.zeros(shape).permute(order);
      const formats = x.ndim === 4 ? [torch.contiguousFormat, torch.channelsLast] : [torch.contiguousFormat];
      return [
        x.dimOrder(),
        attempt(() => x.dimOrder({ ambiguityCheck: true })),
        attempt(() => x.dimOrder({ ambiguityCheck: formats })),
      ];
    });
    expect(here).toEqual(live);
  });
});

describe('conversion', () => {
  const x = torch.arange(24, { dtype: torch.float32 }).reshape(1, 2, 3, 4);
  const { channelsLast } = torch;

  test('to, in all its forms', () => {
    expect(x.to(torch.float32)).toBe(x);
    expect(x.to('cpu')).toBe(x);
    expect(x.to(null as never)).toBe(x);
    expect(x.to({ device: null, dtype: null })).toBe(x);
    expect(x.to(torch.float32, false, true)).not.toBe(x);
    expect(x.to('cpu', torch.float64).dtype).toBe(torch.float64);
    expect(x.to('cpu', { dtype: torch.int64 }).dtype).toBe(torch.int64);
    expect(x.to(torch.zeros([1], { dtype: torch.bool })).dtype).toBe(torch.bool);
    expect(x.to({ memoryFormat: channelsLast }).isContiguous({ memoryFormat: channelsLast })).toBe(true);
    expect(x.to(torch.float64, { memoryFormat: channelsLast }).stride()).toEqual([24, 1, 8, 2]);
  });

  test('each dtype by its name', () => {
    const names: Record<string, DType> = {
      float: torch.float32,
      double: torch.float64,
      half: torch.float16,
      bfloat16: torch.bfloat16,
      cfloat: torch.complex64,
      cdouble: torch.complex128,
      chalf: torch.complex32,
      long: torch.int64,
      int: torch.int32,
      short: torch.int16,
      char: torch.int8,
      byte: torch.uint8,
      bool: torch.bool,
    };
    for (const [name, dtype] of Object.entries(names)) {
      const convert = (...args: unknown[]): Tensor =>
        (x[name as 'float'] as (...a: unknown[]) => Tensor).apply(x, args);
      expect(convert().dtype).toBe(dtype);
      expect(convert({ memoryFormat: channelsLast }).stride()).toEqual([24, 1, 8, 2]);
      expect(() => convert({ memory: channelsLast })).toThrow("unexpected option 'memory'");
    }
    expect(x.float()).toBe(x);
    expect(x.cpu()).toBe(x);
    expect(x.cpu({ memoryFormat: channelsLast }).stride()).toEqual([24, 1, 8, 2]);
  });

  test.each([
    [() => (x.to.bind(x) as () => Tensor)(), 'expected a dtype, a device or a tensor'],
    [() => x.to('nowhere'), TypeError],
    [() => (x.to.bind(x) as (...args: unknown[]) => Tensor)('cpu', 'cpu'), TypeError],
    [() => x.to(torch.float64, 1 as never), TypeError],
    [() => (x.to.bind(x) as (...args: unknown[]) => Tensor)(torch.float64, false, false, false), TypeError],
    [() => x.to({ dtype: 'float64' as never }), TypeError],
    [() => x.to({ dtyp: torch.float64 } as never), TypeError],
    [() => x.to({ copy: 1 as never }), TypeError],
    [() => x.cuda('cpu'), TypeError],
    [() => x.cuda({ device: 'meta' }), TypeError],
    [() => x.cuda(0, 'yes' as never), TypeError],
    [() => x.float({ memoryFormat: 'channelsLast' as never }), TypeError],
  ] as const)('bad arguments are refused: %#', (call, expected) => {
    expect(call as () => unknown).toThrow(expected as never);
  });

  (hasPython ? test : test.skip)("type gives Python's names for every dtype", () => {
    const live = JSON.parse(
      runPython(`
import json, torch, warnings
warnings.filterwarnings("ignore")
found = {str(d)[6:]: d for d in vars(torch).values() if isinstance(d, torch.dtype)}
names = {n: torch.empty(0, dtype=d).type() for n, d in found.items()}
names["meta"] = torch.empty(0, device="meta").type()
names["sparse"] = torch.eye(2).double().to_sparse().type()
print(json.dumps(names))
`),
    ) as Record<string, string>;
    const here: Record<string, string> = {
      meta: torch.empty([0], { device: 'meta' }).type(),
      sparse: torch.eye(2).double().toSparse().type(),
    };
    for (const [name, value] of Object.entries(torch)) {
      if (value instanceof torch.DType && value.name === name)
        here[name] = torch.empty([0], { dtype: value }).type();
    }
    expect(here).toEqual(live);
  });

  test('type converts', () => {
    expect(x.type(torch.int64).dtype).toBe(torch.int64);
    expect(x.type('torch.DoubleTensor').dtype).toBe(torch.float64);
    expect(x.type('torch.FloatTensor')).toBe(x);
    expect(() => x.type('torch.QuickTensor')).toThrow("invalid type: 'torch.QuickTensor'");
    expect(() => x.type(3 as never)).toThrow(TypeError);
  });

  test('newTensor is of the same dtype and on the same device', () => {
    const like = torch.zeros([1], { dtype: torch.int32 });
    expect(like.newTensor([1, 2])).toMatchObject({ dtype: torch.int32, requiresGrad: false });
    const other = like.newTensor([1.5], { dtype: torch.float64, requiresGrad: true });
    expect([other.dtype, other.requiresGrad, other.item()]).toEqual([torch.float64, true, 1.5]);
    expect(torch.zeros([1], { device: 'meta' }).newTensor([1]).device.type).toBe('meta');
    expect(() => like.newTensor([1], { dtyp: 1 } as never)).toThrow(TypeError);
  });
});
