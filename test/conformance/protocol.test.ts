/** Frames and arguments of the conformance harness. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { type Frame, FrameReader, type InputTensor, type Place, type Sample, type Tree } from './protocol.js';
import { fromPython, matchesPython } from './regex.js';
import { Arguments, describeCall, isTuple, Unsupported } from './values.js';

function frame(header: unknown, bytes: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(text.length, 0);
  lengths.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([lengths, text, bytes]);
}

function sampleOf(parts: Partial<Sample>): Sample {
  return { i: 0, name: '', args: [], kwargs: {}, tensors: [], storages: [], ...parts };
}

const plain: InputTensor = { d: 'float32', s: [2], st: [1], o: 0, b: 0, g: false, leaf: true };

describe('frames', () => {
  test('come out whole, whatever the pieces', () => {
    const all = Buffer.concat([
      frame({ i: 1, name: 'é' }, Buffer.from([1, 2, 3])),
      frame({ end: true }, Buffer.alloc(0)),
      frame({ i: 2 }, Buffer.alloc(5000, 7)),
    ]);
    for (const size of [1, 3, 8, 100, all.length]) {
      const reader = new FrameReader();
      const frames: Frame[] = [];
      for (let at = 0; at < all.length; at += size) frames.push(...reader.push(all.subarray(at, at + size)));
      expect(frames.map(({ header }) => header)).toEqual([{ i: 1, name: 'é' }, { end: true }, { i: 2 }]);
      expect(frames.map(({ bytes }) => bytes.length)).toEqual([3, 0, 5000]);
      expect([...(frames[0] as Frame).bytes]).toEqual([1, 2, 3]);
    }
  });
});

describe('arguments', () => {
  const storage = Buffer.from(Float32Array.of(0, 1, 2, 3, 4, 5).buffer);

  test('tensors keep storage, strides, offset and overlap', () => {
    const tensors = [
      { ...plain, s: [2, 2], st: [1, 2], o: 1 },
      { ...plain, s: [3], st: [0], o: 2 },
      { ...plain, d: 'int32', s: [6] },
    ];
    const sample = sampleOf({ args: [{ T: 0 }, { T: 1 }, { T: 0 }], tensors, storages: [[0, 24]] });
    const args = new Arguments(sample, storage);
    const [a, b, again] = args.args() as [Tensor, Tensor, Tensor];
    expect(again).toBe(a);
    expect(a.stride()).toEqual([1, 2]);
    expect(a.storageOffset()).toBe(1);
    expect(a.tolist()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(b.stride()).toEqual([0]);
    // One memory.
    a.fill_(9);
    expect(b.tolist()).toEqual([9, 9, 9]);
    expect(args.tensor(2).view(torch.float32).tolist()).toEqual([0, 9, 9, 9, 9, 5]);
  });

  test('flags and layouts are as told', () => {
    const tensors: InputTensor[] = [
      { ...plain, g: true },
      { ...plain, g: true, leaf: false },
      { ...plain, d: 'complex64', conj: true },
      { d: 'float32', s: [4], g: false, leaf: true, layout: 'sparse_coo', parts: [4, 0], coalesced: false },
      { ...plain, d: 'int64', s: [1, 2], st: [2, 1], b: 1 },
      { ...plain, unsupported: 'NestedTensor' },
    ];
    const bytes = Buffer.alloc(24);
    bytes.writeFloatLE(1, 4);
    const storages: Place[] = [
      [0, 24],
      [8, 16],
    ];
    const args = new Arguments(sampleOf({ tensors, storages }), bytes);
    expect([args.tensor(0).requiresGrad, args.tensor(0).isLeaf]).toEqual([true, true]);
    expect([args.tensor(1).requiresGrad, args.tensor(1).isLeaf]).toEqual([true, false]);
    expect(args.tensor(2).tolist()).toEqual([
      { re: 0, im: -1 },
      { re: 0, im: -0 },
    ]);
    expect(args.tensor(3).isSparse).toBe(true);
    expect(() => args.tensor(5)).toThrow(Unsupported);
  });

  test('other values', () => {
    const value = (tree: Tree): unknown => new Arguments(sampleOf({}), storage).value(tree);
    expect(value({ i: '9007199254740993' })).toBe(9007199254740993n);
    expect(value({ f: '-inf' })).toBe(Number.NEGATIVE_INFINITY);
    expect(value({ c: [{ f: 1 }, { f: 'nan' }] })).toEqual({ re: 1, im: Number.NaN });
    expect(value({ dtype: 'bfloat16' })).toBe(torch.bfloat16);
    expect(value({ layout: 'sparse_coo' })).toBe(torch.sparseCoo);
    expect(value({ memoryFormat: 'channels_last' })).toBe(torch.channelsLast);
    expect(value({ options: [['chunk_size', { i: 1 }]] })).toEqual({ chunkSize: 1 });
    expect(isTuple(value({ t: [{ i: 1 }] }))).toBe(true);
    expect(isTuple(value({ l: [{ i: 1 }] }))).toBe(false);
    expect(() => value({ u: '<object>' })).toThrow(Unsupported);
    const state = torch.defaultGenerator.getState();
    const tensors = [{ ...plain, d: 'uint8', s: state.shape, st: [1] }];
    const bytes = Buffer.from(state.toTypedArray().buffer);
    const args = new Arguments(sampleOf({ tensors, storages: [[0, bytes.length]] }), bytes);
    const generator = args.value({ generator: { T: 0 } }) as torch.Generator;
    expect(generator.getState().equal(state)).toBe(true);
  });

  test('a float that JavaScript would take for an integer crosses as a tensor beside integers', () => {
    const tensors = [{ ...plain, d: 'int64' }];
    const beside = new Arguments(sampleOf({ tensors }), storage);
    const made = beside.value({ f: 2, scalar: true }) as Tensor;
    expect([made.dtype, made.shape, made.item()]).toEqual([torch.float32, [], 2]);
    expect((beside.value({ f: 2 ** 40 + 1, scalar: true }) as Tensor).dtype).toBe(torch.float64);
    expect(beside.value({ f: 2.5, scalar: true })).toBe(2.5);
    expect(beside.value({ f: 2 })).toBe(2);
    const floats = new Arguments(sampleOf({ tensors: [plain] }), storage);
    expect(floats.value({ f: 2, scalar: true })).toBe(2);
    expect(Object.is((floats.value({ f: '-0', scalar: true }) as Tensor).item(), -0)).toBe(true);
  });

  test('a call is told in short', () => {
    const sample = sampleOf({
      args: [{ T: 0 }, { l: [{ f: 2 }, null] }, { slice: [{ i: 1 }, null, null] }],
      kwargs: { keepdim: true },
      tensors: [{ ...plain, s: [2, 2], st: [1, 2] }],
    });
    expect(describeCall(sample)).toBe(
      '(float32[2,2] strides (1,2), [2.0, None], slice(1, None, None), keepdim=True)',
    );
  });
});

test('patterns in Python’s notation', () => {
  expect(fromPython('(?i)abc').test('xABC')).toBe(true);
  expect(fromPython('(?P<n>a)').test('a')).toBe(true);
  expect(matchesPython('a.c', 'a\nc')).toBe(false);
  expect(matchesPython('(?s)a.c', 'a\nc')).toBe(true);
  expect(matchesPython('dim \\(1\\)', 'the dim (1)')).toBe(true);
  expect(matchesPython('(unclosed', 'an (unclosed group')).toBe(true);
});
