/** Tensor: what it is, its elements, and other forms of it. */
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import torch, { type NestedList, Tensor } from '../lib/index.js';

const x = (): Tensor => torch.arange(24).view(2, 3, 4);

describe('what a tensor is', () => {
  test('shape, size, dim, numel', () => {
    expect(x().shape).toEqual([2, 3, 4]);
    expect(x().size()).toEqual([2, 3, 4]);
    expect([x().size(1), x().size(-1)]).toEqual([3, 4]);
    expect([x().ndim, x().dim(), x().numel()]).toEqual([3, 3, 24]);
    expect([torch.tensor(1).shape, torch.tensor(1).ndim, torch.tensor(1).numel()]).toEqual([[], 0, 1]);
  });

  test('strides and storage offset', () => {
    expect(x().stride()).toEqual([12, 4, 1]);
    expect([x().stride(0), x().stride(-1)]).toEqual([12, 1]);
    expect(x().transpose(0, 2).stride()).toEqual([1, 4, 12]);
    expect(x().select(1, 2).storageOffset()).toBe(8);
    expect(torch.ones([1]).expand(3).stride()).toEqual([0]);
  });

  test('dtype, device, layout, itemsize, nbytes', () => {
    const y = torch.ones([2, 3], { dtype: torch.float64 });
    expect([y.dtype, String(y.device), y.layout]).toEqual([torch.float64, 'cpu', torch.strided]);
    expect([y.itemsize, y.elementSize(), y.nbytes]).toEqual([8, 8, 48]);
    expect([y.isCpu, y.isCuda, y.isMeta, y.isSparse, y.isNested]).toEqual([true, false, false, false, false]);
    expect([y.isFloatingPoint(), y.isComplex()]).toEqual([true, false]);
  });

  test('sparse and meta', () => {
    expect([torch.eye(2).toSparse().isSparse, torch.eye(2).toSparse().layout]).toEqual([
      true,
      torch.sparseCoo,
    ]);
    expect(torch.empty([1 << 20, 1 << 20], { device: 'meta' }).isMeta).toBe(true);
  });

  test('contiguity', () => {
    expect(x().isContiguous()).toBe(true);
    expect(x().transpose(0, 1).isContiguous()).toBe(false);
    expect(x().transpose(0, 1).contiguous().isContiguous()).toBe(true);
    expect(torch.ones([1, 2, 3, 4]).isContiguous({ memoryFormat: torch.channelsLast })).toBe(false);
    expect(
      torch
        .ones([1, 2, 3, 4])
        .to({ memoryFormat: torch.channelsLast })
        .isContiguous({ memoryFormat: torch.channelsLast }),
    ).toBe(true);
  });

  test('a fresh shape each time, so that a change to it changes nothing', () => {
    const y = x();
    y.shape[0] = 99;
    expect(y.shape).toEqual([2, 3, 4]);
  });

  test('sizes and strides beyond 2^31', () => {
    const y = torch.empty([3, 2 ** 40], { device: 'meta' });
    expect([y.shape, y.stride(), y.numel()]).toEqual([[3, 2 ** 40], [2 ** 40, 1], 3 * 2 ** 40]);
  });

  test('an address, equal for views', () => {
    const y = x();
    expect(typeof y.dataPtr()).toBe('bigint');
    expect(y.view(24).dataPtr()).toBe(y.dataPtr());
    expect(y.select(0, 1).dataPtr()).toBe(y.dataPtr() + 96n);
    expect(y.clone().dataPtr()).not.toBe(y.dataPtr());
  });

  test('an instance of Tensor, made by functions', () => {
    expect(x()).toBeInstanceOf(Tensor);
    expect([torch.isTensor(x()), torch.isTensor([1])]).toEqual([true, false]);
  });
});

describe('elements', () => {
  test.each<[string, () => Tensor, NestedList]>([
    ['float32', () => torch.tensor([1.5, -2]), [1.5, -2]],
    ['float64', () => torch.tensor([0.1], { dtype: torch.float64 }), [0.1]],
    ['float16', () => torch.tensor([0.1], { dtype: torch.float16 }), [0.0999755859375]],
    ['bfloat16', () => torch.tensor([0.1], { dtype: torch.bfloat16 }), [0.10009765625]],
    ['int64', () => torch.tensor([1n, -1n]), [1, -1]],
    ['int64 beyond 2^53', () => torch.tensor([2n ** 53n, 2n ** 53n - 1n]), [2n ** 53n, 2 ** 53 - 1]],
    ['int8', () => torch.tensor([-128, 127], { dtype: torch.int8 }), [-128, 127]],
    ['uint8', () => torch.tensor([255], { dtype: torch.uint8 }), [255]],
    ['uint16', () => torch.tensor([65535], { dtype: torch.uint16 }), [65535]],
    ['uint64', () => torch.tensor([2n ** 64n - 1n, 1n], { dtype: torch.uint64 }), [2n ** 64n - 1n, 1]],
    ['bool', () => torch.tensor([true, false]), [true, false]],
    ['complex64', () => torch.tensor([{ re: 1, im: -2 }]), [{ re: 1, im: -2 }]],
    ['float8', () => torch.tensor([1.5], { dtype: torch.float8_e4m3fn }), [1.5]],
    [
      'NaN and infinities',
      () => torch.tensor([Number.NaN, -Number.POSITIVE_INFINITY]),
      [Number.NaN, -Number.POSITIVE_INFINITY],
    ],
  ])('of %s come out as tolist and item', (_, make, list) => {
    expect(make().tolist()).toEqual(list);
    expect(make().select(0, 0).item()).toEqual((list as unknown[])[0]);
    expect(make().select(0, 0).tolist()).toEqual((list as unknown[])[0]);
  });

  test('nest as the shape does', () => {
    expect(x().select(0, 0).tolist()).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
    ]);
    expect(torch.zeros([2, 0, 3]).tolist()).toEqual([[], []]);
  });

  test.each<[string, () => Tensor, string, number[]]>([
    ['float32', () => torch.tensor([1, 2]), 'Float32Array', [1, 2]],
    ['float64', () => torch.tensor([1], { dtype: torch.float64 }), 'Float64Array', [1]],
    ['float16, widened', () => torch.tensor([1.5], { dtype: torch.float16 }), 'Float32Array', [1.5]],
    ['bfloat16, widened', () => torch.tensor([1.5], { dtype: torch.bfloat16 }), 'Float32Array', [1.5]],
    ['int32', () => torch.tensor([1], { dtype: torch.int32 }), 'Int32Array', [1]],
    ['bool', () => torch.tensor([true, false]), 'Uint8Array', [1, 0]],
    ['complex64, in turn', () => torch.tensor([{ re: 1, im: 2 }]), 'Float32Array', [1, 2]],
    [
      'complex128, in turn',
      () => torch.tensor([{ re: 1, im: 2 }], { dtype: torch.complex128 }),
      'Float64Array',
      [1, 2],
    ],
  ])('of %s come out as a typed array', (_, make, name, values) => {
    const array = make().toTypedArray();
    expect([array.constructor.name, [...(array as Float32Array)]]).toEqual([name, values]);
  });

  test('of int64 come out as a BigInt64Array', () => {
    expect(torch.tensor([1n, -2n]).toTypedArray()).toEqual(BigInt64Array.of(1n, -2n));
  });

  test('are copied: a change to the array changes nothing', () => {
    const y = torch.ones([2]);
    y.toTypedArray()[0] = 5;
    expect(y.tolist()).toEqual([1, 1]);
  });

  test.each<[string, (y: Tensor) => Tensor]>([
    ['a transpose', (y) => y.t()],
    ['every other column', (y) => y.slice(1, 0, 4, 2)],
    ['an expansion', (y) => y.select(0, 1).expand(3, 4)],
    ['a conjugate', (y) => torch.complex(y, y).conj()],
    ['a negated view', (y) => torch.complex(y, y).conj().imag],
    ['a tensor that requires grad', (y) => y.clone().requiresGrad_().mul(1)],
    ['an inference tensor', (y) => torch.inferenceMode(() => y.clone())],
  ])('of %s are those of its dense copy', (_, change) => {
    const y = torch.arange(0, 12, 1, { dtype: torch.float32 }).view(3, 4);
    const changed = change(y);
    const dense = changed.detach().clone({ memoryFormat: torch.contiguousFormat });
    expect([...(changed.toTypedArray() as Float32Array)]).toEqual([
      ...(dense.resolveConj().resolveNeg().toTypedArray() as Float32Array),
    ]);
    expect(changed.tolist()).toEqual(dense.tolist());
  });
});

describe('in-place operators', () => {
  test('return the tensor and change what shares its memory', () => {
    const y = torch.zeros([2, 2]);
    const row = y.select(0, 1);
    expect(row.add_(3)).toBe(row);
    expect(y.tolist()).toEqual([
      [0, 0],
      [3, 3],
    ]);
    expect(y.copy_(torch.ones([2, 2]))).toBe(y);
    expect(row.tolist()).toEqual([1, 1]);
  });

  test('keep the dtype', () => {
    expect(
      torch.ones([2], { dtype: torch.float16 }).add_(torch.ones([2], { dtype: torch.float64 })).dtype,
    ).toBe(torch.float16);
  });
});

describe('to()', () => {
  test('gives another dtype, by name too', () => {
    expect(x().to(torch.float64).dtype).toBe(torch.float64);
    expect(x().to({ dtype: torch.int8 }).dtype).toBe(torch.int8);
    expect(x().to('cpu', torch.float16).dtype).toBe(torch.float16);
    expect(x().to(torch.ones([1], { dtype: torch.bool })).dtype).toBe(torch.bool);
  });

  test.each([
    ['float', 'float32'],
    ['double', 'float64'],
    ['half', 'float16'],
    ['bfloat16', 'bfloat16'],
    ['long', 'int64'],
    ['int', 'int32'],
    ['short', 'int16'],
    ['char', 'int8'],
    ['byte', 'uint8'],
    ['bool', 'bool'],
  ] as const)('%s() is to(torch.%s)', (method, dtype) => {
    expect(x()[method]().dtype.name).toBe(dtype);
  });

  test('gives the tensor itself where nothing changes, unless a copy is asked for', () => {
    const y = torch.ones([2]);
    expect(y.to(torch.float32)).toBe(y);
    expect(y.to('cpu')).toBe(y);
    expect(y.cpu()).toBe(y);
    const copy = y.to(torch.float32, false, true);
    expect(copy).not.toBe(y);
    expect(y.to({ copy: true }).dataPtr()).not.toBe(y.dataPtr());
  });

  test('is recorded by autograd', () => {
    const y = torch.ones([2], { requiresGrad: true });
    y.to(torch.float64).mul(3).sum().backward();
    expect([y.grad?.dtype, y.grad?.tolist()]).toEqual([torch.float32, [3, 3]]);
  });
});

describe('accessors', () => {
  test('T, mT, H, mH', () => {
    expect(torch.ones(2, 3).T.shape).toEqual([3, 2]);
    expect(torch.ones(5, 2, 3).mT.shape).toEqual([5, 3, 2]);
    const z = torch.tensor([[{ re: 1, im: 2 }]]);
    expect([z.H.tolist(), z.mH.tolist()]).toEqual([[[{ re: 1, im: -2 }]], [[{ re: 1, im: -2 }]]]);
  });

  test('real and imag share memory', () => {
    const z = torch.tensor([{ re: 1, im: 2 }]);
    z.imag.fill_(5);
    expect([z.real.tolist(), z.tolist()]).toEqual([[1], [{ re: 1, im: 5 }]]);
    const y = torch.ones([1]);
    expect(y.real).toBe(y);
  });
});

describe('printing', () => {
  test('is as Python prints', () => {
    expect(
      String(
        torch.tensor([
          [1, 2.5],
          [-3, 4],
        ]),
      ),
    ).toBe('tensor([[ 1.0000,  2.5000],\n        [-3.0000,  4.0000]])');
    expect(inspect(torch.tensor([1n, 2n]))).toBe('tensor([1, 2])');
    expect(inspect({ y: torch.tensor(1, { requiresGrad: true }) })).toBe(
      '{ y: tensor(1., requires_grad=True) }',
    );
    expect(inspect(torch.ones([1], { requiresGrad: true }).mul(2))).toBe(
      'tensor([2.], grad_fn=<MulBackward0>)',
    );
  });

  test('of a JSON text or a sum of strings is that of the string', () => {
    expect(`${torch.tensor(3)}`).toBe('tensor(3.)');
  });
});
