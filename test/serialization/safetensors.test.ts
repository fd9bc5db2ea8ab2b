/** The safetensors format: what is written is what others read, and nothing that a file says is believed unchecked. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import * as serialization from '../../lib/serialization/index.js';
import { rawBytes } from '../optim/cases.js';
import { settled, unfreed } from '../support/counts.js';
import { hasPython, root, runPython } from '../support/python.js';

const { loadFile, readHeader, saveFile, SafetensorsError } = serialization;

const folder = mkdtempSync(join(tmpdir(), 'litorch-safetensors-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newPath = (): string => join(folder, `${files++}.safetensors`);

interface Description {
  tensors: Record<string, { dtype: string; shape: number[]; hex: string }>;
  metadata: Record<string, string>;
}

function describeAll({ tensors, metadata }: serialization.LoadedTensors): Description {
  return {
    tensors: Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [
        name,
        { dtype: tensor.dtype.name, shape: tensor.shape, hex: rawBytes(tensor).toString('hex') },
      ]),
    ),
    metadata,
  };
}

const official = join(root, 'test', 'fixtures', 'official.safetensors');
const officialNames = [
  ...['bool', 'uint8', 'int8', 'int16', 'float16', 'bfloat16', 'int32', 'float32', 'complex64', 'float64'],
  ...['int64', 'uint16', 'uint32', 'uint64', 'float8_e4m3fn', 'float8_e5m2'],
];

describe('a file of the format’s own library', () => {
  test('is read: every dtype, bit for bit', () => {
    const { tensors, metadata } = loadFile(official);
    expect(metadata).toEqual({ format: 'pt' });
    expect(Object.keys(tensors)).toHaveLength(officialNames.length + 3);
    expect(tensors.scalar?.shape).toEqual([]);
    expect(tensors.scalar?.item()).toBe(1.5);
    expect(tensors.empty?.shape).toEqual([0, 3]);
    expect(tensors['a"b\\é']?.tolist()).toEqual([0, 1, 2]);
    officialNames.forEach((name, i) => {
      const tensor = tensors[`layer.${name}`] as Tensor;
      const count = 6 * tensor.itemsize;
      const bytes = Array.from({ length: count }, (_, k) => (k * 29 + i) % (name === 'bool' ? 2 : 251));
      expect(tensor.dtype.name).toBe(name);
      expect(tensor.shape).toEqual([3, 2]);
      expect([...rawBytes(tensor)]).toEqual(bytes);
      expect(tensor.requiresGrad).toBe(false);
    });
  });

  test('is written, byte for byte', () => {
    const { tensors, metadata } = loadFile(official);
    const path = newPath();
    saveFile(tensors, path, metadata);
    expect(readFileSync(path).equals(readFileSync(official))).toBe(true);
    // In any order, and from a Map.
    saveFile(new Map(Object.entries(tensors).reverse()), path, metadata);
    expect(readFileSync(path).equals(readFileSync(official))).toBe(true);
  });
});

(hasPython ? describe : describe.skip)('a reader and a writer in Python', () => {
  test('read what is written', () => {
    const path = newPath();
    const base = torch.arange(0, 24, 1, { dtype: torch.float32 }).reshape([4, 6]);
    const tensors = {
      whole: base,
      transposed: base.t(),
      part: base.narrow(1, 2, 3),
      strided: base.select(1, 1),
      expanded: torch.tensor([1, 2], { dtype: torch.bfloat16 }).unsqueeze(1).expand([2, 3]),
      parameter: torch.ones([2], { requiresGrad: true }),
      scalar: torch.tensor(3n),
      none: torch.zeros([0, 2]),
      conjugate: torch.viewAsComplex(torch.ones([2, 2])).conj(),
      negative: torch.viewAsComplex(torch.ones([2, 2])).conj().imag,
      9: torch.tensor([true, false]),
    };
    saveFile(tensors, path, { über: '"quoted"\n' });
    const seen = JSON.parse(runPython('safetensors_file.py', ['read', path])) as Description;
    expect(seen).toEqual(describeAll({ tensors, metadata: { über: '"quoted"\n' } }));
    expect(describeAll(loadFile(path))).toEqual(seen);
  });

  test('write what is read', () => {
    const path = newPath();
    const written = JSON.parse(runPython('safetensors_file.py', ['write', path])) as Description;
    expect(describeAll(loadFile(path))).toEqual(written);
  });
});

describe('saveFile and loadFile', () => {
  test('carry a tensor larger than their buffer', () => {
    const path = newPath();
    torch.manualSeed(1);
    const large = torch.randn([5_000_003]);
    saveFile({ large, small: torch.ones([3]) }, path);
    const { tensors } = loadFile(path);
    expect(tensors.large?.equal(large)).toBe(true);
    expect(tensors.small?.tolist()).toEqual([1, 1, 1]);
  });

  test('leave no tensors behind but those that they return', () => {
    const path = newPath();
    const tensors = { a: torch.ones([3, 4]), b: torch.ones([2], { dtype: torch.bool }) };
    saveFile(tensors, path);
    const before = settled();
    saveFile(tensors, path);
    expect(unfreed()).toBe(before);
    const loaded = loadFile(path);
    expect(unfreed()).toBe(before + 2);
    expect(Object.keys(loaded.tensors)).toEqual(['a', 'b']);
  });

  test('tell of a file without reading its data', () => {
    const { tensors, metadata } = readHeader(official);
    expect(tensors['layer.bfloat16']).toEqual({ dtype: torch.bfloat16, shape: [3, 2] });
    expect(metadata).toEqual({ format: 'pt' });
  });

  test('carry names that JavaScript treats specially', () => {
    const path = newPath();
    const names = ['__proto__', 'constructor', '10', '9', '', ' ', '💡', 'toString'];
    saveFile(new Map(names.map((name, i) => [name, torch.tensor(i)])), path, JSON.parse('{"__proto__":"x"}'));
    const { tensors, metadata } = loadFile(path);
    expect(new Set(Object.keys(tensors))).toEqual(new Set(names));
    for (const [i, name] of names.entries()) expect(tensors[name]?.item()).toBe(i);
    expect(Object.entries(metadata)).toEqual([['__proto__', 'x']]);
  });

  test('save nothing at all', () => {
    const path = newPath();
    saveFile({}, path);
    expect(loadFile(path)).toEqual({ tensors: {}, metadata: {} });
  });

  test('load onto a device', () => {
    const path = newPath();
    saveFile({ a: torch.ones([2]) }, path);
    expect(loadFile(path, { device: 'cpu' }).tensors.a?.device.type).toBe('cpu');
    expect(loadFile(path, { device: 'meta' }).tensors.a?.device.type).toBe('meta');
  });
});

describe('a save that fails', () => {
  test.each([
    ['not a tensor', { a: 1 }, {}, '"a" is not a Tensor'],
    ['a sparse tensor', { a: torch.ones([2]).toSparse() }, {}, '"a": a tensor of layout torch.sparse_coo'],
    [
      'a dtype that the format lacks',
      { a: torch.ones([2], { dtype: torch.complex128 }) },
      {},
      '"a": safetensors has no dtype for torch.complex128',
    ],
    [
      'the reserved name',
      { __metadata__: torch.ones([1]) },
      {},
      "__metadata__ can't be the name of a tensor",
    ],
    ['metadata that is no string', { a: torch.ones([1]) }, { n: 1 }, 'metadata "n" is not a string'],
  ])('for %s says so and leaves the old file', (_what, tensors, metadata, message) => {
    const path = newPath();
    writeFileSync(path, 'old');
    expect(() =>
      saveFile(tensors as Record<string, Tensor>, path, metadata as Record<string, string>),
    ).toThrow(message);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  test('half way leaves the old file and no other', () => {
    const path = newPath();
    writeFileSync(path, 'old');
    const before = readdirSync(folder);
    const gone = torch.ones([2], { device: 'meta' });
    expect(() => saveFile({ here: torch.ones([2]), gone }, path)).toThrow();
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(before);
  });

  test('for want of a folder names it', () => {
    expect(() => saveFile({}, join(folder, 'missing', 'x'))).toThrow('ENOENT');
    const path = newPath();
    mkdirSync(path);
    expect(() => saveFile({}, path)).toThrow();
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('a file that lies', () => {
  const f32 = (begin: number, end: number, shape: unknown = [(end - begin) / 4]): object => ({
    dtype: 'F32',
    shape,
    data_offsets: [begin, end],
  });
  /** A file with this header, and so many bytes of data. */
  function file(header: unknown, dataBytes = 0, length?: bigint): Buffer {
    const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
    const head = Buffer.alloc(8);
    head.writeBigUInt64LE(length ?? BigInt(text.length));
    return Buffer.concat([head, text, Buffer.alloc(dataBytes)]);
  }
  const huge = Number.MAX_SAFE_INTEGER;

  const table: Array<[what: string, content: Buffer, message: string]> = [
    ['an empty file', Buffer.alloc(0), '0 bytes are too few for a safetensors file'],
    ['seven bytes', Buffer.alloc(7), '7 bytes are too few for a safetensors file'],
    ['a header longer than the file', file('{}', 0, 3n), 'its header claims 3 bytes, but only 2 follow'],
    [
      'a header of 2^64 - 1 bytes',
      file('{}', 0, 2n ** 64n - 1n),
      'its header claims 18446744073709551615 bytes',
    ],
    ['a header of 2^63 bytes', file('{}', 0, 2n ** 63n), 'the format allows 100000000'],
    ['no header', file('', 8), "the header doesn't start with {"],
    ['a header that is a list', file([]), "the header doesn't start with {"],
    ['white space first', file(' {}'), "the header doesn't start with {"],
    ['a byte order mark', file('\ufeff{}'), "the header doesn't start with {"],
    ['broken JSON', file('{"a":'), "the header isn't valid JSON"],
    ['something after the JSON', file('{}x'), "the header isn't valid JSON"],
    ['a key twice', file('{"a":null,"a" : 1}'), 'the key "a" appears twice in the header'],
    [
      'a key twice, escaped',
      file('{"a":[{"\\"":1}],"\\u0061":1}'),
      'the key "a" appears twice in the header',
    ],
    [
      'a key twice in an entry',
      file('{"x":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}', 4),
      'the key "dtype" appears twice in the header',
    ],
    ['metadata that is a list', file({ __metadata__: [] }), "__metadata__ isn't an object of strings"],
    ['metadata with a number', file({ __metadata__: { a: 1 } }), "__metadata__ isn't an object of strings"],
    ['an entry that is null', file({ a: null }), 'tensor "a": its entry is not an object'],
    ['an entry that is a list', file({ a: [] }), 'tensor "a": its entry is not an object'],
    ['no dtype', file({ a: { shape: [], data_offsets: [0, 0] } }), 'tensor "a": its dtype is not a string'],
    ['an unknown dtype', file({ a: { ...f32(0, 0), dtype: 'F31' } }), 'tensor "a": unknown dtype "F31"'],
    [
      'a dtype named as a method',
      file({ a: { ...f32(0, 0), dtype: 'toString' } }),
      'unknown dtype "toString"',
    ],
    [
      'no shape',
      file({ a: { dtype: 'F32', data_offsets: [0, 4] } }, 4),
      'tensor "a": its shape is not an array',
    ],
    ['a negative size', file({ a: f32(0, 4, [-1]) }, 4), "a size that isn't a non-negative integer: [-1]"],
    ['a broken size', file({ a: f32(0, 4, [1.5]) }, 4), "a size that isn't a non-negative integer: [1.5]"],
    [
      'a size past 2^53',
      file('{"a":{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]}}', 4),
      'a size that',
    ],
    ['sizes whose product overflows', file({ a: f32(0, 4, [huge, huge]) }, 4), 'but its data_offsets hold 4'],
    ['sizes that libtorch can’t count', file({ a: f32(0, 0, [huge, huge, 0]) }), 'tensor "a"'],
    [
      'a shape that takes more',
      file({ a: f32(0, 4, [2]) }, 4),
      'F32 [2] takes 8 bytes, but its data_offsets hold 4',
    ],
    [
      'a shape that takes less',
      file({ a: f32(0, 8, [1]) }, 8),
      'F32 [1] takes 4 bytes, but its data_offsets hold 8',
    ],
    [
      'no offsets',
      file({ a: { dtype: 'F32', shape: [] } }),
      'its data_offsets are not two non-negative integers',
    ],
    [
      'one offset',
      file({ a: { dtype: 'F32', shape: [], data_offsets: [0] } }),
      'are not two non-negative integers',
    ],
    [
      'three offsets',
      file({ a: { ...f32(0, 0), data_offsets: [0, 0, 0] } }),
      'are not two non-negative integers',
    ],
    [
      'a negative offset',
      file({ a: { ...f32(0, 0), data_offsets: [-4, 0] } }),
      'are not two non-negative integers',
    ],
    ['an offset that is a string', file({ a: { ...f32(0, 0), data_offsets: ['0', 0] } }), 'are not two'],
    [
      'offsets that run backwards',
      file({ a: { ...f32(0, 0), data_offsets: [4, 0] } }, 4),
      'run backwards: [4, 0]',
    ],
    ['offsets past the end', file({ a: f32(0, 8) }, 4), 'pass the end of the data, 4 bytes'],
    ['offsets past 2^52', file({ a: f32(2 ** 52, 2 ** 52) }, 4), 'pass the end of the data, 4 bytes'],
    [
      'tensors that overlap',
      file({ a: f32(0, 8), b: f32(4, 12) }, 12),
      'tensor "b": its data_offsets [4, 12] overlap',
    ],
    [
      'one tensor within another',
      file({ a: f32(0, 12), b: f32(4, 8) }, 12),
      'tensor "b": its data_offsets [4, 8] overlap',
    ],
    ['a gap', file({ a: f32(0, 4), b: f32(8, 12) }, 12), 'tensor "b": there is a gap of 4 bytes'],
    ['a gap at the start', file({ a: f32(4, 8) }, 8), 'tensor "a": there is a gap of 4 bytes'],
    ['bytes left over', file({ a: f32(0, 4) }, 5), 'the tensors end at byte 4 of the data, which has 5'],
    ['deep nesting', file(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`), 'its entry is not an object'],
  ];

  test.each(table)('%s', (_what, content, message) => {
    const path = newPath();
    writeFileSync(path, content);
    const before = torch.memory.stats().bytes;
    let error: unknown;
    try {
      loadFile(path);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(SafetensorsError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message.startsWith(`${path}: `)).toBe(true);
    expect(torch.memory.stats().bytes).toBeLessThanOrEqual(before);
  });

  test('bytes that are no UTF-8', () => {
    const path = newPath();
    const content = file('{"a?":1}');
    content[11] = 0xff;
    writeFileSync(path, content);
    expect(() => loadFile(path)).toThrow("the header isn't valid UTF-8");
  });

  test('any truncation, and any changed byte of the header, is an error or another well-formed file', () => {
    const whole = readFileSync(official);
    const path = newPath();
    for (let size = 0; size < whole.length; size += size < 64 ? 1 : 97) {
      writeFileSync(path, whole.subarray(0, size));
      expect(() => loadFile(path)).toThrow(SafetensorsError);
    }
    const headerEnd = 8 + Number(whole.readBigUInt64LE(0));
    for (let i = 0; i < headerEnd; i += 3) {
      const changed = Buffer.from(whole);
      changed[i] = (changed[i] as number) ^ 0x15;
      writeFileSync(path, changed);
      try {
        loadFile(path);
      } catch (error) {
        expect(error).toBeInstanceOf(SafetensorsError);
      }
    }
  });

  test('a missing file, and a link to nowhere', () => {
    expect(() => loadFile(join(folder, 'nowhere'))).toThrow('ENOENT');
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    expect(() => loadFile(join(folder, 'link'))).toThrow('ENOENT');
    expect(() => loadFile(folder)).toThrow();
  });
});
