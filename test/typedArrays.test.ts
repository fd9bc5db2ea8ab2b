/** Elements out of tensors and memory shared with them: every dtype, lifetimes, what is refused. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import torch, { type DType, type Tensor, type TypedArray } from '../lib/index.js';
import { root, runPython } from './support/python.js';
import { put, temporaryFolder } from './support/scripts.js';
import { testWithPython } from './support/withPython.js';

/** Runs a program that has `torch` in a process of its own. */
function runProgram(text: string): SpawnSyncReturns<string> {
  const file = join(temporaryFolder(), 'program.mjs');
  const library = pathToFileURL(join(root, 'dist', 'lib', 'index.js')).href;
  put(file, `import torch from ${JSON.stringify(library)};\n${text}`);
  const env = { ...process.env, NODE_OPTIONS: '' };
  return spawnSync(process.execPath, [file], { encoding: 'utf8', env });
}

const hasHalf = 'Float16Array' in globalThis;
const half = hasHalf ? 'Float16Array' : 'Float32Array';

const classes: [name: string, dtype: DType, array: string, shared: boolean][] = [
  ['bool', torch.bool, 'Uint8Array', true],
  ['uint8', torch.uint8, 'Uint8Array', true],
  ['int8', torch.int8, 'Int8Array', true],
  ['int16', torch.int16, 'Int16Array', true],
  ['int32', torch.int32, 'Int32Array', true],
  ['int64', torch.int64, 'BigInt64Array', true],
  ['uint16', torch.uint16, 'Uint16Array', true],
  ['uint32', torch.uint32, 'Uint32Array', true],
  ['uint64', torch.uint64, 'BigUint64Array', true],
  ['float16', torch.float16, half, hasHalf],
  ['bfloat16', torch.bfloat16, 'Float32Array', false],
  ['float32', torch.float32, 'Float32Array', true],
  ['float64', torch.float64, 'Float64Array', true],
  ['float8_e4m3fn', torch.float8_e4m3fn, 'Float32Array', false],
  ['float8_e5m2', torch.float8_e5m2, 'Float32Array', false],
  ['complex64', torch.complex64, 'Float32Array', true],
  ['complex128', torch.complex128, 'Float64Array', true],
  ['complex32', torch.complex32, half, hasHalf],
];

const numbers = [0, 1, 2, 5, 64, 96];

describe.each(classes)('%s', (name, dtype, array, shared) => {
  const make = (): Tensor => torch.tensor(numbers, { dtype });
  const expected = numbers.map((n) =>
    name === 'bool' ? n !== 0 : name.startsWith('complex') ? { re: n, im: 0 } : n,
  );

  test('goes in and out again', () => {
    const x = make();
    expect(x.toTypedArray().constructor.name).toBe(array);
    expect(x.tolist()).toEqual(expected);
    expect(x.reshape([2, 3]).t().tolist()).toEqual([0, 1, 2].map((i) => [expected[i], expected[i + 3]]));
    expect(torch.zeros([0], { dtype }).toTypedArray().length).toBe(0);
  });

  test(shared ? 'shares its memory' : 'has no array that could share its memory', () => {
    const x = make();
    if (!shared) {
      expect(() => x.asTypedArray()).toThrow(/Got unsupported ScalarType/);
      return;
    }
    const shown = x.asTypedArray() as Float32Array;
    expect(shown.constructor.name).toBe(array);
    expect(shown.length).toBe(numbers.length * (dtype.isComplex ? 2 : 1));
    shown[0] = (shown instanceof BigInt64Array || shown instanceof BigUint64Array ? 1n : 1) as never;
    expect(x.ne(0).tolist()[0 as never]).toBe(true);
  });
});

describe('toTypedArray() and tolist()', () => {
  test('give elements in row-major order whatever the strides', () => {
    const x = torch.tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([...(x.t().toTypedArray() as Float32Array)]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...(x.at(':', 1).toTypedArray() as Float32Array)]).toEqual([2, 5]);
    expect([...(torch.tensor([1]).expand([3]).toTypedArray() as Float32Array)]).toEqual([1, 1, 1]);
  });

  test('give what lazy conjugation and negation mean', () => {
    const x = torch.tensor([{ re: 1, im: 2 }]);
    expect(x.conj().tolist()).toEqual([{ re: 1, im: -2 }]);
    expect([...(x.conj().imag.toTypedArray() as Float32Array)]).toEqual([-2]);
  });

  test('give integers of 64 bits exactly', () => {
    const values = [
      0n,
      -1n,
      4294967295n,
      -4294967296n,
      2n ** 53n,
      -(2n ** 53n),
      2n ** 63n - 1n,
      -(2n ** 63n),
    ];
    const safe = (value: bigint): number | bigint =>
      Number.isSafeInteger(Number(value)) ? Number(value) : value;
    expect(torch.tensor(values).tolist()).toEqual(values.map(safe));
    const unsigned = [2n ** 64n - 1n, 2n ** 53n - 1n, 2n ** 32n];
    expect(torch.tensor(unsigned, { dtype: torch.uint64 }).tolist()).toEqual(unsigned.map(safe));
  });

  test('give large tensors', () => {
    const x = torch.arange(0, 1 << 18, { dtype: torch.float32 });
    const array = x.toTypedArray() as Float32Array;
    expect([array.length, array[12345], array.at(-1)]).toEqual([1 << 18, 12345, (1 << 18) - 1]);
    expect(array.byteOffset).toBe(0);
    expect(array.buffer.byteLength).toBe(4 << 18);
  });

  test('refuse what has no elements to give', () => {
    for (const read of ['toTypedArray', 'tolist'] as const) {
      expect(() => torch.eye(2).toSparse()[read]()).toThrow(/toDense/);
      expect(() => torch.empty([2], { device: 'meta' })[read]()).toThrow(
        /Cannot copy out of meta tensor; no data!/,
      );
      const quantized = torch.quantizePerTensor(torch.ones([2]), 0.1, 0, torch.quint8);
      expect(() => quantized[read]()).toThrow(/Got unsupported ScalarType quint8/);
    }
  });

  testWithPython('tolist() gives what Python gives', () => {
    const script = `
import json, torch
out = {}
for name in ["bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64", "float16", "bfloat16",
             "float32", "float64", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz",
             "float8_e8m0fnu", "complex64", "complex128"]:
    x = torch.tensor([0.1, 2.5, 100.0, 3.25]).to(getattr(torch, name)).reshape(2, 2)
    out[name] = [[[v.real, v.imag] if isinstance(v, complex) else v for v in row] for row in x.tolist()]
print(json.dumps(out))
`;
    const expected = JSON.parse(runPython(script)) as Record<string, unknown>;
    const source = torch.tensor([0.1, 2.5, 100, 3.25]);
    for (const [name, rows] of Object.entries(expected)) {
      const dtype = (torch as unknown as Record<string, DType>)[name] as DType;
      const got = (source.to(dtype).reshape([2, 2]).tolist() as unknown[][]).map((row) =>
        row.map((v) => (typeof v === 'object' ? Object.values(v as object) : v)),
      );
      expect([name, got]).toEqual([name, rows]);
    }
  });
});

describe('asTypedArray()', () => {
  test('is one buffer for all views of a storage', () => {
    const x = torch.zeros([2, 3]);
    const all = x.asTypedArray() as Float32Array;
    const row = x.at(1).asTypedArray() as Float32Array;
    expect(row.buffer).toBe(all.buffer);
    row[0] = 5;
    expect([x.at(1, 0).item(), all[3]]).toEqual([5, 5]);
    x.fill_(2);
    expect([...all]).toEqual([2, 2, 2, 2, 2, 2]);
    expect((x.view([6]).asTypedArray() as Float32Array).buffer).toBe(all.buffer);
  });

  test('gives back the buffer that the tensor was made of', () => {
    const array = Float32Array.of(0, 1, 2, 3).subarray(1);
    const x = torch.fromTypedArray(array);
    const shown = x.at('1:').asTypedArray() as Float32Array;
    expect([shown.buffer === array.buffer, ...shown]).toEqual([true, 2, 3]);
  });

  test('keeps the memory of a tensor that is gone', () => {
    const arrays: Float32Array[] = [];
    for (let i = 0; i < 20; i++) {
      const x = torch.full([1 << 16], i);
      arrays.push(x.to(torch.float32).asTypedArray() as Float32Array);
      x.dispose();
    }
    torch.memory.collect();
    // Blocks that were given back would be written over by these.
    for (let i = 0; i < 40; i++) torch.full([1 << 16], -1, { dtype: torch.float32 });
    expect(arrays.map((array) => [array[0], array.at(-1)])).toEqual(
      Array.from({ length: 20 }, (_, i) => [i, i]),
    );
  });

  test('does not let the memory go elsewhere', () => {
    const x = torch.zeros([4]);
    const array = x.asTypedArray() as Float32Array;
    expect(() => x.resize_([1000])).toThrow(/not resizable/);
    x.set_(torch.ones([1000]));
    expect([x.numel(), array.length, array[0]]).toEqual([1000, 4, 0]);
    const y = torch.zeros([4]);
    const other = y.asTypedArray() as Float32Array;
    y.data = torch.ones([2]);
    torch.memory.collect();
    expect([...other]).toEqual([0, 0, 0, 0]);
  });

  test('survives the transfer of its buffer', () => {
    const x = torch.ones([100]);
    const array = x.asTypedArray() as Float32Array;
    const buffer = array.buffer as ArrayBuffer & { transfer?: () => ArrayBuffer };
    if (typeof buffer.transfer !== 'function') return; // Node 20.
    let moved: ArrayBuffer;
    try {
      moved = buffer.transfer();
    } catch {
      return; // Newer versions of Node refuse.
    }
    expect((x.asTypedArray() as Float32Array)[5]).toBe(1);
    x.dispose();
    torch.memory.collect();
    expect(new Float32Array(moved)[5]).toBe(1);
  });

  test('is what fromTypedArray() takes', () => {
    const x = torch.zeros([3]);
    const y = torch.fromTypedArray(x.asTypedArray());
    x.dispose();
    torch.memory.collect();
    y.fill_(4);
    expect(y.tolist()).toEqual([4, 4, 4]);
  });

  test.each<[string, () => Tensor, RegExp]>([
    [
      'requires grad',
      () => torch.ones([2], { requiresGrad: true }),
      /Use tensor.detach\(\).asTypedArray\(\) instead/,
    ],
    ['is not contiguous', () => torch.ones([2, 3]).t(), /Use tensor.contiguous\(\).asTypedArray\(\) instead/],
    ['is conjugated', () => torch.ones([2], { dtype: torch.complex64 }).conj(), /Use tensor.resolveConj\(\)/],
    [
      'is negated',
      () => torch.ones([2], { dtype: torch.complex64 }).conj().imag,
      /Use tensor.resolveNeg\(\)/,
    ],
    ['is sparse', () => torch.eye(2).toSparse(), /Use Tensor.toDense\(\) first/],
    ['is on the device meta', () => torch.ones([2], { device: 'meta' }), /Use Tensor.cpu\(\)/],
    [
      'is quantized',
      () => torch.quantizePerTensor(torch.ones([2]), 0.1, 0, torch.quint8),
      /unsupported ScalarType/,
    ],
  ])('refuses a tensor that %s', (_, make, message) => {
    expect(() => make().asTypedArray()).toThrow(message);
  });

  test('leaves nothing behind', () => {
    const run = runProgram(`
      const turn = () => new Promise((resolve) => setImmediate(resolve));
      for (let i = 0; i < 200; i++) {
        torch.ones([1 << 20]).asTypedArray()[0] = i;
        torch.fromTypedArray(new Float32Array(1 << 20)).add(1);
        await turn();
      }
      torch.memory.collect(); await turn(); await turn(); torch.memory.collect();
      console.log(JSON.stringify({ rss: process.memoryUsage.rss() >> 20, tensors: torch.memory.stats().tensors }));
    `);
    expect(run.stderr).toBe('');
    const { rss, tensors } = JSON.parse(run.stdout) as { rss: number; tensors: number };
    expect(tensors).toBe(0);
    // All of them would be 2400 MiB.
    expect(rss).toBeLessThan(900);
  });

  test('ends cleanly with its thread', () => {
    const run = runProgram(`
      globalThis.held = [];
      for (let i = 0; i < 50; i++) {
        const x = torch.full([1000], i, { dtype: torch.float32 });
        held.push(x.asTypedArray(), torch.fromTypedArray(new Float32Array(10)), i % 2 ? x : null);
      }
      const { isMainThread, Worker } = await import('node:worker_threads');
      if (isMainThread) {
        const codes = Array.from({ length: 4 }, () => new Promise((resolve, reject) => {
          const worker = new Worker(new URL(import.meta.url));
          worker.on('error', reject);
          worker.on('exit', resolve);
        }));
        console.log(JSON.stringify(await Promise.all(codes)));
      }
    `);
    expect([run.status, run.stdout.trim(), run.stderr]).toEqual([0, '[0,0,0,0]', '']);
  });
});

describe('memory that is transferred away', () => {
  // The growth of a WebAssembly.Memory takes a buffer's memory away in every version of Node.
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: { Memory: new (limits: { initial: number }) => Memory };
  };
  const lost = (): [Tensor, () => void] => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const x = torch.fromTypedArray(new Float32Array(memory.buffer, 0, 16));
    return [x, () => void memory.grow(1)];
  };

  test('is an error at the next use of the tensor and of its views', () => {
    const [x, takeAway] = lost();
    const view = x.view([4, 4]);
    expect(x.sum().item()).toBe(0);
    takeAway();
    for (const use of [
      () => x.sum(),
      () => view.add(1),
      () => x.tolist(),
      () => x.asTypedArray(),
      () => x.at(0),
    ]) {
      expect(use).toThrow(torch.DisposedError);
    }
    expect(() => view.add(1)).toThrow(/transferred away/);
    x.dispose();
    expect(x.disposed).toBe(true);
  });

  test('is an error in backward, whose graph has saved the tensor', () => {
    const [x, takeAway] = lost();
    const w = torch.ones([16], { requiresGrad: true });
    const loss = w.mul(x).sum();
    takeAway();
    expect(() => loss.backward()).toThrow(torch.DisposedError);
  });

  test('is an error within a sparse tensor', () => {
    const [x, takeAway] = lost();
    const indices = torch.tensor([Array.from({ length: 16 }, (_, i) => BigInt(i))]);
    const sparse = torch.ops.aten.sparse_coo_tensor.indices(indices, x) as Tensor;
    takeAway();
    expect(() => sparse.toDense()).toThrow(torch.DisposedError);
  });
});

describe('typed arrays of raw bits', () => {
  test.each<[string, TypedArray, DType, unknown]>([
    ['Uint16Array as float16', Uint16Array.of(0x3c00, 0xc000), torch.float16, [1, -2]],
    ['Uint16Array as bfloat16', Uint16Array.of(0x3f80, 0xc000), torch.bfloat16, [1, -2]],
    ['Uint8Array as float8', Uint8Array.of(0x38, 0xc0), torch.float8_e4m3fn, [1, -2]],
    [
      'Float32Array as complex64',
      Float32Array.of(1, 2, 3, 4),
      torch.complex64,
      [
        { re: 1, im: 2 },
        { re: 3, im: 4 },
      ],
    ],
    ['Float64Array as complex128', Float64Array.of(1, 2), torch.complex128, [{ re: 1, im: 2 }]],
    ['Uint16Array as complex32', Uint16Array.of(0x3c00, 0xc000), torch.complex32, [{ re: 1, im: -2 }]],
  ])('%s', (_, array, dtype, expected) => {
    expect(torch.fromTypedArray(array, undefined, { dtype }).tolist()).toEqual(expected);
  });

  test('are refused in another number or width', () => {
    const complex = { dtype: torch.complex64 };
    expect(() => torch.fromTypedArray(Float32Array.of(1, 2, 3), undefined, complex)).toThrow(RangeError);
    expect(() => torch.fromTypedArray(Int32Array.of(1, 2), undefined, complex)).toThrow(TypeError);
    expect(() => torch.fromTypedArray(Uint8Array.of(1), undefined, { dtype: torch.quint8 })).toThrow(
      TypeError,
    );
  });
});
