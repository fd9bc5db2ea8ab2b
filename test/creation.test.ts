/** Tensors from data, sizes and other tensors. */
import { describe, expect, test } from '@jest/globals';
import torch, { type DType, type FrombufferOptions, type Tensor, type TensorData } from '../lib/index.js';
import { described, referenceOf } from './support/coreValues.js';
import { settled, unfreed } from './support/counts.js';
import { hasPython } from './support/python.js';

const f64 = { dtype: torch.float64 };

const made: Record<string, () => Tensor> = {
  'tensor of fractions': () =>
    torch.tensor([0.1, -2.5, 1e-45, 3.4e38, Number.NaN, Number.POSITIVE_INFINITY, -0]),
  'tensor of fractions as float64': () => torch.tensor([0.1, 1 / 3, 1e-320], f64),
  'tensor of fractions as float16': () =>
    torch.tensor([0.1, 65504, 1e-8, 2049, 5.9604645e-8], { dtype: torch.float16 }),
  'tensor of fractions as bfloat16': () =>
    torch.tensor([0.1, 3.3895e38, 1.00390625, 1.01171875], { dtype: torch.bfloat16 }),
  'tensor of fractions as int32': () => torch.tensor([1.9, -1.9, 0.5], { dtype: torch.int32 }),
  'tensor of integers as float32': () => torch.tensor([16777217n, 2n ** 53n + 1n], { dtype: torch.float32 }),
  'tensor of bool': () => torch.tensor([true, false]),
  'tensor of numbers as bool': () => torch.tensor([0, 0.5, Number.NaN, -1], { dtype: torch.bool }),
  'tensor of int64': () => torch.tensor([2n ** 63n - 1n, -(2n ** 63n), 0n]),
  'tensor of complex numbers': () =>
    torch.tensor([
      { re: 1, im: 2 },
      { re: -0, im: -0.5 },
    ]),
  'tensor of complex numbers as complex128': () =>
    torch.tensor([{ re: 0.1, im: 0.2 }], { dtype: torch.complex128 }),
  'tensor of nested lists': () => torch.tensor([[[1, 2]], [[3, 4]]]),
  'tensor of no elements': () => torch.tensor([]),
  'tensor of empty lists': () => torch.tensor([[], []]),
  'tensor of uint8': () => torch.tensor([0, 255], { dtype: torch.uint8 }),
  zeros: () => torch.zeros(2, 3),
  'ones of int32': () => torch.ones([2, 3], { dtype: torch.int32 }),
  'full of a fraction': () => torch.full([2, 2], 0.1),
  'full of an integer': () => torch.full([2], 7),
  'full of a bool': () => torch.full([2], true),
  arange: () => torch.arange(5),
  'arange of fractions': () => torch.arange(0, 1, 0.1),
  'arange from': () => torch.arange(2, 9, 3),
  'arange down': () => torch.arange(5, 0, -2),
  'arange of float64': () => torch.arange(0, 1, 0.1, f64),
  linspace: () => torch.linspace(0, 1, 7),
  logspace: () => torch.logspace(-2, 2, 5),
  eye: () => torch.eye(2, 3),
  zerosLike: () => torch.zerosLike(torch.ones([2], { dtype: torch.int32 })),
  'onesLike with a dtype': () => torch.onesLike(torch.ones([2]), f64),
  fullLike: () => torch.fullLike(torch.ones([2]), 3),
  tril: () => torch.tril(torch.ones(3, 3)),
  meshgrid: () => torch.meshgrid([torch.arange(2), torch.arange(3)], { indexing: 'ij' })[0] as Tensor,
};

(hasPython ? describe : describe.skip)('gives what PyTorch gives, bit for bit', () => {
  test.each(Object.keys(made))('%s', (name) => {
    expect(described((made[name] as () => Tensor)())).toEqual(referenceOf(name));
  });
});

describe('tensor()', () => {
  test.each<[string, TensorData, string]>([
    ['integral numbers (JavaScript has no integers)', [1, 2], 'float32'],
    ['fractions', [0.5], 'float32'],
    ['bigints', [1n], 'int64'],
    ['booleans', [true], 'bool'],
    ['booleans and bigints', [true, 1n], 'int64'],
    ['bigints and numbers', [1n, 2], 'float32'],
    ['booleans and numbers', [true, 2], 'float32'],
    ['complex numbers', { re: 1, im: 2 }, 'complex64'],
    ['complex numbers and bigints', [{ re: 1, im: 2 }, 1n], 'complex64'],
    ['nothing', [], 'float32'],
    ['a number', 3, 'float32'],
    ['a boolean', false, 'bool'],
  ])('gives %s the dtype that follows', (_, data, dtype) => {
    expect(torch.tensor(data).dtype.name).toBe(dtype);
  });

  test.each<[string, ArrayBufferView, string]>([
    ['Float32Array', Float32Array.of(1.5), 'float32'],
    ['Float64Array', Float64Array.of(1.5), 'float64'],
    ['Int8Array', Int8Array.of(-1), 'int8'],
    ['Int16Array', Int16Array.of(-1), 'int16'],
    ['Int32Array', Int32Array.of(-1), 'int32'],
    ['BigInt64Array', BigInt64Array.of(-1n), 'int64'],
    ['Uint8Array', Uint8Array.of(1), 'uint8'],
    ['Uint8ClampedArray', Uint8ClampedArray.of(1), 'uint8'],
    ['Uint16Array', Uint16Array.of(1), 'uint16'],
    ['Uint32Array', Uint32Array.of(1), 'uint32'],
    ['BigUint64Array', BigUint64Array.of(1n), 'uint64'],
    ['Buffer', Buffer.from([1]), 'uint8'],
  ])('takes a %s by its type, and copies it', (_, array, dtype) => {
    const x = torch.tensor(array as Float32Array);
    const expected = [...(array as Float32Array)].map(Number);
    expect([x.dtype.name, x.shape, x.tolist()]).toEqual([dtype, [1], expected]);
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).fill(0);
    expect(x.tolist()).toEqual(expected);
  });

  test('follows the default dtype', () => {
    try {
      torch.setDefaultDtype(torch.float64);
      expect(torch.tensor([1]).dtype).toBe(torch.float64);
      expect(torch.tensor({ re: 1, im: 0 }).dtype).toBe(torch.complex128);
      expect(torch.zeros([1]).dtype).toBe(torch.float64);
    } finally {
      torch.setDefaultDtype(torch.float32);
    }
  });

  test('copies a tensor without its graph', () => {
    const x = torch.ones([2], { requiresGrad: true });
    const copy = torch.tensor(x.mul(2));
    expect([copy.requiresGrad, copy.isLeaf, copy.tolist()]).toEqual([false, true, [2, 2]]);
    copy.fill_(0);
    expect(x.tolist()).toEqual([1, 1]);
  });

  test('takes tensors of one element among numbers', () => {
    expect(torch.tensor([torch.tensor(2), 3]).tolist()).toEqual([2, 3]);
  });

  test('takes nested typed arrays', () => {
    expect(torch.tensor([Float32Array.of(1, 2), Float32Array.of(3, 4)]).tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('takes 64 dimensions', () => {
    let data: TensorData = [1];
    for (let i = 1; i < 64; i++) data = [data];
    expect(torch.tensor(data).shape).toEqual(new Array(64).fill(1));
  });

  test('makes a leaf that requires grad', () => {
    const x = torch.tensor([1, 2], { requiresGrad: true });
    expect([x.requiresGrad, x.isLeaf]).toEqual([true, true]);
  });

  test('frees all that it makes on the way', () => {
    const before = settled();
    const x = torch.tensor([1, 2], { dtype: torch.float16 });
    expect(unfreed()).toBe(before + 1);
    x.dispose();
  });
});

describe('fromTypedArray()', () => {
  test('shares memory, with a shape and a dtype of equal width', () => {
    const array = Uint8Array.of(0, 1, 0, 1);
    const x = torch.fromTypedArray(array, [2, 2], { dtype: torch.bool });
    array[0] = 1;
    expect(x.tolist()).toEqual([
      [true, true],
      [false, true],
    ]);
  });

  test('takes part of a buffer', () => {
    const array = Float32Array.of(0, 1, 2, 3).subarray(1, 3);
    expect(torch.fromTypedArray(array).tolist()).toEqual([1, 2]);
  });

  test('takes no elements', () => {
    expect(torch.fromTypedArray(new Float32Array(0)).shape).toEqual([0]);
    expect(torch.fromTypedArray(new Float32Array(0), [3, 0]).shape).toEqual([3, 0]);
  });

  test('gives a leaf that can require grad', () => {
    const x = torch.fromTypedArray(Float32Array.of(1, 2), undefined, { requiresGrad: true });
    x.pow(2).sum().backward();
    expect(x.grad?.tolist()).toEqual([2, 4]);
  });
});

describe('tensor() as PyTorch', () => {
  test('promotes the dtypes of tensors among the elements', () => {
    const one = (dtype: DType): Tensor => torch.tensor(1, { dtype });
    expect(torch.tensor([one(torch.float64), 2.5]).dtype).toBe(torch.float64);
    expect(torch.tensor([one(torch.int8)]).dtype).toBe(torch.int8);
    expect(torch.tensor([one(torch.int8), 1n]).dtype).toBe(torch.int64);
    expect(torch.tensor([one(torch.complex64), one(torch.float64)]).dtype).toBe(torch.complex128);
  });

  test('wraps negative numbers in unsigned dtypes, and refuses what is beyond', () => {
    expect(torch.tensor([-1, -255], { dtype: torch.uint8 }).tolist()).toEqual([255, 1]);
    expect(torch.tensor([-1n], { dtype: torch.uint64 }).item()).toBe(2n ** 64n - 1n);
    for (const [value, dtype] of [
      [-256, torch.uint8],
      [256, torch.uint8],
      [2 ** 31, torch.int32],
      [Number.NaN, torch.int16],
      [70000n, torch.uint16],
    ] as const) {
      expect(() => torch.tensor([value], { dtype })).toThrow(
        `value cannot be converted to type ${dtype.name} without overflow`,
      );
    }
  });
});

describe('frombuffer()', () => {
  test('shares the bytes of a buffer, from an offset', () => {
    const buffer = Float32Array.of(1, 2, 3).buffer;
    const x = torch.frombuffer(buffer, { dtype: torch.float32, offset: 4 });
    expect(x.tolist()).toEqual([2, 3]);
    x.fill_(9);
    expect([...new Float32Array(buffer)]).toEqual([1, 9, 9]);
    expect(torch.frombuffer(buffer, { dtype: torch.float32, count: 1 }).tolist()).toEqual([1]);
    expect(torch.frombuffer(new DataView(buffer, 8), { dtype: torch.float32 }).tolist()).toEqual([9]);
    expect(torch.frombuffer(Buffer.from([1, 0, 1]), { dtype: torch.bool }).tolist()).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('copies elements that lie across their width', () => {
    const bytes = Uint8Array.of(9, 1, 0, 0, 0);
    expect(torch.frombuffer(bytes, { dtype: torch.int32, offset: 1 }).tolist()).toEqual([1]);
  });

  test.each<[string, FrombufferOptions, string]>([
    [
      'an offset beyond',
      { dtype: torch.int32, offset: 8 },
      'offset (8 bytes) must be non-negative and no greater than buffer length (8 bytes) minus 1',
    ],
    ['a negative offset', { dtype: torch.int32, offset: -1 }, 'offset (-1 bytes) must be non-negative'],
    [
      'a part of an element',
      { dtype: torch.int32, offset: 3 },
      'buffer length (5 bytes) after offset (3 bytes) must be a multiple of element size (4)',
    ],
    [
      'too many elements',
      { dtype: torch.int32, count: 3 },
      'requested buffer length (3 * 4 bytes) after offset (0 bytes) must not be greater than actual buffer length (8 bytes)',
    ],
    ['no elements', { dtype: torch.int32, count: 0 }, 'both buffer length (8) and count (0) must not be 0'],
    ['no dtype', {} as FrombufferOptions, "missing required argument 'dtype'"],
    ['a quantized dtype', { dtype: torch.quint8 }, 'cannot be made from data'],
    ['an unknown option', { dtype: torch.int32, size: 1 } as FrombufferOptions, "unexpected option 'size'"],
    ['a fraction', { dtype: torch.int32, count: 1.5 }, "argument 'count' must be int"],
  ])('refuses %s', (_, options, message) => {
    expect(() => torch.frombuffer(new ArrayBuffer(8), options)).toThrow(message);
  });

  test('refuses what is no buffer', () => {
    expect(() => torch.frombuffer([1] as never, { dtype: torch.int32 })).toThrow(TypeError);
    expect(() => torch.frombuffer(new SharedArrayBuffer(8) as never, { dtype: torch.int32 })).toThrow(
      TypeError,
    );
  });
});

describe('asarray()', () => {
  test('gives what fits, and copies what does not', () => {
    const x = torch.ones([2]);
    expect(torch.asarray(x)).toBe(x);
    expect(torch.asarray(x, { copy: true })).not.toBe(x);
    expect(torch.asarray(x, { dtype: torch.float64 }).dtype).toBe(torch.float64);
    const array = Float32Array.of(1);
    torch.asarray(array).fill_(3);
    expect(array[0]).toBe(3);
    torch.asarray(array, { copy: true }).fill_(4);
    expect(array[0]).toBe(3);
    expect(torch.asarray([1n, 2n]).dtype).toBe(torch.int64);
    expect(torch.asarray(new ArrayBuffer(8)).shape).toEqual([2]);
  });

  test('keeps, drops or begins the graph', () => {
    const x = torch.ones([2], { requiresGrad: true });
    expect(torch.asarray(x).requiresGrad).toBe(true);
    const y = torch.asarray(x.mul(2), { requiresGrad: false });
    expect([y.requiresGrad, y.isLeaf]).toEqual([false, true]);
    expect(torch.asarray([1.5], { requiresGrad: true }).requiresGrad).toBe(true);
  });

  test('refuses a copy that is not wanted', () => {
    expect(() => torch.asarray([1], { copy: false })).toThrow(
      "can't alias arbitrary sequence into a tensor.",
    );
    expect(() => torch.asarray(torch.ones([1]), { copy: false, dtype: torch.float64 })).toThrow(
      /can't alias tensor with dtype/,
    );
    expect(() => torch.asarray(torch.ones([1]), { copy: false, device: 'meta' })).toThrow(
      "can't alias tensor from device 'cpu' to 'meta'.",
    );
    expect(() => torch.asarray([1], { copy: 1 as never })).toThrow(TypeError);
  });
});

describe('asTensor()', () => {
  test('gives a tensor that fits itself, and shares a typed array', () => {
    const x = torch.ones([1]);
    expect(torch.asTensor(x)).toBe(x);
    const array = Float32Array.of(1);
    torch.asTensor(array).fill_(5);
    expect(array[0]).toBe(5);
    expect(torch.asTensor([1, 2]).shape).toEqual([2]);
  });
});

describe('sizes', () => {
  test('are a list, numbers spread out, bigints or a typed array', () => {
    for (const x of [
      torch.zeros([2, 3]),
      torch.zeros(2, 3),
      torch.zeros([2n, 3n]),
      torch.zeros(Int32Array.of(2, 3) as never),
    ]) {
      expect(x.shape).toEqual([2, 3]);
    }
    expect(torch.zeros([]).shape).toEqual([]);
    expect(torch.zeros(2, 3, { dtype: torch.int64 }).dtype).toBe(torch.int64);
  });

  test('may be 0', () => {
    expect(torch.zeros([0, 5]).numel()).toBe(0);
    expect(torch.zeros([2, 0]).tolist()).toEqual([[], []]);
  });
});
