/** A result held against PyTorch's: bits first, then PyTorch's own tolerance. */
import torch, { Tensor } from '../../lib/index.js';
import type { ResultTensor, Tree } from './protocol.js';
import { plainNumber } from './values.js';

export type Verdict = 'identical' | 'close' | 'wrong';

export interface Comparison {
  verdict: Verdict;
  /** What differs first. */
  why?: string;
  /** Only the order of the elements in memory differs. */
  strides?: string;
}

/** Relative and absolute tolerance, those of `torch.testing.assert_close`; none for integers. */
const tolerances: Record<string, readonly [number, number]> = {
  float16: [1e-3, 1e-5],
  bfloat16: [1.6e-2, 1e-5],
  float32: [1.3e-6, 1e-5],
  float64: [1e-7, 1e-7],
  complex32: [1e-3, 1e-5],
  complex64: [1.3e-6, 1e-5],
  complex128: [1e-7, 1e-7],
};

type Read = (bytes: Buffer, offset: number) => number | bigint;

function half(bits: number, exponentBits: number, mantissaBits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const bias = 2 ** (exponentBits - 1) - 1;
  const exponent = (bits >> mantissaBits) & (2 ** exponentBits - 1);
  const mantissa = (bits & (2 ** mantissaBits - 1)) / 2 ** mantissaBits;
  if (exponent === 2 ** exponentBits - 1) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? mantissa * 2 ** (1 - bias) : (1 + mantissa) * 2 ** (exponent - bias));
}

const float16: Read = (bytes, offset) => half(bytes.readUInt16LE(offset), 5, 10);
const float32: Read = (bytes, offset) => bytes.readFloatLE(offset);
const float64: Read = (bytes, offset) => bytes.readDoubleLE(offset);

/** How one component is read, and its width. */
const readers: Record<string, { read: Read; width: number }> = {
  float16: { read: float16, width: 2 },
  bfloat16: { read: (bytes, offset) => half(bytes.readUInt16LE(offset), 8, 7), width: 2 },
  float32: { read: float32, width: 4 },
  float64: { read: float64, width: 8 },
  complex32: { read: float16, width: 2 },
  complex64: { read: float32, width: 4 },
  complex128: { read: float64, width: 8 },
  int8: { read: (bytes, offset) => bytes.readInt8(offset), width: 1 },
  int16: { read: (bytes, offset) => bytes.readInt16LE(offset), width: 2 },
  int32: { read: (bytes, offset) => bytes.readInt32LE(offset), width: 4 },
  int64: { read: (bytes, offset) => bytes.readBigInt64LE(offset), width: 8 },
  uint16: { read: (bytes, offset) => bytes.readUInt16LE(offset), width: 2 },
  uint32: { read: (bytes, offset) => bytes.readUInt32LE(offset), width: 4 },
  uint64: { read: (bytes, offset) => bytes.readBigUInt64LE(offset), width: 8 },
};
const byteReader = { read: (bytes: Buffer, offset: number): number => bytes.readUInt8(offset), width: 1 };

/** Components of the elements: two of a complex number. */
interface Elements {
  count: number;
  parts: number;
  at: (bytes: Buffer, index: number) => number | bigint;
}

function elementsOf(dtype: string, bytes: Buffer): Elements {
  const { read, width } = readers[dtype] ?? byteReader;
  const parts = dtype.startsWith('complex') ? 2 : 1;
  return { count: bytes.length / width, parts, at: (from, index) => read(from, index * width) };
}

/** The elements' bytes in row-major order, whatever the dtype. */
export function rawBytes(tensor: Tensor): Buffer {
  const { aten } = torch.ops;
  let plain = aten.resolve_neg(aten.resolve_conj(tensor.detach())) as Tensor;
  plain = plain.contiguous();
  if (plain.dtype.isComplex) plain = aten.view_as_real(plain) as Tensor;
  const { name, itemsize } = plain.dtype;
  if (!/^(float32|float64|u?int(8|16|32|64))$/.test(name)) {
    plain = plain.view(itemsize === 2 ? torch.int16 : torch.uint8);
  }
  const array = plain.toTypedArray();
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

const shown = (values: readonly number[] | null): string => `[${values?.join(', ') ?? ''}]`;

/** Whether two components are one value within the tolerance: NaN is NaN, an infinity only itself. */
function within(expected: number, actual: number, [relative, absolute]: readonly [number, number]): boolean {
  if (Object.is(expected, actual) || expected === actual) return true;
  if (Number.isNaN(expected) || Number.isNaN(actual)) return Number.isNaN(expected) && Number.isNaN(actual);
  if (!Number.isFinite(expected) || !Number.isFinite(actual)) return false;
  return Math.abs(expected - actual) <= absolute + relative * Math.abs(expected);
}

function compareBytes(dtype: string, expected: Buffer, actual: Buffer): Comparison {
  if (expected.equals(actual)) return { verdict: 'identical' };
  if (expected.length !== actual.length) {
    return { verdict: 'wrong', why: `${actual.length} bytes instead of ${expected.length}` };
  }
  const { count, parts, at } = elementsOf(dtype, expected);
  const tolerance = tolerances[dtype] ?? [0, 0];
  let differing = 0;
  let first = -1;
  let worst = -1;
  for (let i = 0; i < count; i++) {
    const [want, got] = [at(expected, i), at(actual, i)];
    if (Object.is(want, got) && !Number.isNaN(want as number)) continue;
    const same =
      typeof want === 'bigint' || typeof got === 'bigint' ? want === got : within(want, got, tolerance);
    if (Object.is(want, got) && same) continue;
    differing++;
    if (first < 0) first = i;
    if (!same && worst < 0) worst = i;
  }
  if (first < 0) return { verdict: 'close', why: 'only the bits of NaN differ' };
  const shownAt = worst < 0 ? first : worst;
  const what = `${differing} of ${count} numbers differ, element ${Math.floor(shownAt / parts)}: ${at(actual, shownAt)} instead of ${at(expected, shownAt)}`;
  return { verdict: worst < 0 ? 'close' : 'wrong', why: what };
}

const wrong = (why: string): Comparison => ({ verdict: 'wrong', why });

export class Comparer {
  constructor(
    private readonly bytes: Buffer,
    /** The elements are whatever the memory held: only what surrounds them is compared. */
    private readonly uninitialised = false,
  ) {}

  compare(expected: Tree, actual: unknown): Comparison {
    if (expected === null)
      return actual === null || actual === undefined ? same : wrong(unlike('None', actual));
    if (typeof expected !== 'object')
      return actual === expected ? same : wrong(unlike(String(expected), actual));
    if ('R' in expected) return this.tensor(expected.R, actual);
    if ('l' in expected) return this.list(expected.l, actual);
    if ('t' in expected) return this.list(expected.t, actual);
    if ('d' in expected) return this.dictionary(expected.d, actual);
    if ('i' in expected || 'f' in expected) return compareNumbers(plainNumber(expected), actual);
    if ('c' in expected) return compareComplex(expected.c, actual);
    if ('dtype' in expected || 'layout' in expected || 'device' in expected) {
      const name = Object.values(expected)[0] as string;
      return String(actual).replace(/^torch\./, '') === name ? same : wrong(unlike(name, actual));
    }
    return wrong(`the harness cannot compare ${JSON.stringify(expected)}`);
  }

  private list(expected: readonly Tree[], actual: unknown): Comparison {
    if (!Array.isArray(actual)) return wrong(unlike('a list', actual));
    if (actual.length !== expected.length)
      return wrong(`${actual.length} results instead of ${expected.length}`);
    return worstOf(expected.map((item, i) => prefixed(`result ${i}: `, this.compare(item, actual[i]))));
  }

  private dictionary(expected: readonly [string, Tree][], actual: unknown): Comparison {
    if (typeof actual !== 'object' || actual === null) return wrong(unlike('a dictionary', actual));
    const found = actual as Record<string, unknown>;
    return worstOf(expected.map(([key, item]) => prefixed(`${key}: `, this.compare(item, found[key]))));
  }

  private tensor(expected: ResultTensor, actual: unknown): Comparison {
    if (!(actual instanceof Tensor)) return wrong(unlike('a tensor', actual));
    if (actual.dtype.name !== expected.d) return wrong(`dtype ${actual.dtype.name} instead of ${expected.d}`);
    if (expected.unsupported) return wrong('the harness cannot compare this kind of tensor');
    if (shown(actual.shape) !== shown(expected.s)) {
      return wrong(`shape ${shown(actual.shape)} instead of ${shown(expected.s)}`);
    }
    const layout = expected.layout ?? 'strided';
    if (actual.layout.name !== layout) return wrong(`layout ${actual.layout.name} instead of ${layout}`);
    if (actual.requiresGrad !== expected.g) {
      return wrong(`requiresGrad is ${actual.requiresGrad} instead of ${expected.g}`);
    }
    const device = expected.device ?? 'cpu';
    if (String(actual.device) !== device) return wrong(`device ${actual.device} instead of ${device}`);
    if (expected.parts !== undefined) return this.sparse(expected, expected.parts, actual);
    if (expected.b === undefined) return same;
    return this.strided(expected, actual);
  }

  private strided(expected: ResultTensor, actual: Tensor): Comparison {
    const { aten } = torch.ops;
    for (const [flag, operator] of [
      ['conj', 'is_conj'],
      ['neg', 'is_neg'],
    ] as const) {
      const is = aten[operator](actual) as boolean;
      if (is !== (expected[flag] ?? false)) return wrong(`the ${flag} bit is ${is}`);
    }
    const [start, length] = expected.b as [number, number];
    const bits: Comparison = this.uninitialised
      ? { verdict: 'identical' }
      : compareBytes(expected.d, this.bytes.subarray(start, start + length), rawBytes(actual));
    const strides = actual.stride();
    if (shown(strides) === shown(expected.st as number[])) return bits;
    return { ...bits, strides: `strides ${shown(strides)} instead of ${shown(expected.st as number[])}` };
  }

  private sparse(expected: ResultTensor, parts: readonly Tree[], actual: Tensor): Comparison {
    const { aten } = torch.ops;
    const plain = actual.detach();
    if (expected.layout === 'sparse_coo') {
      const coalesced = aten.is_coalesced(actual) as boolean;
      if (coalesced !== expected.coalesced) return wrong(`isCoalesced is ${coalesced}`);
      return this.list(parts, [aten._indices(plain), aten._values(plain)]);
    }
    const byRow = expected.layout === 'sparse_csr' || expected.layout === 'sparse_bsr';
    const names = byRow ? ['crow_indices', 'col_indices'] : ['ccol_indices', 'row_indices'];
    return this.list(
      parts,
      [...names, 'values'].map((name) => aten[name]?.(plain) as Tensor),
    );
  }
}

const same: Comparison = { verdict: 'identical' };

function unlike(expected: string, actual: unknown): string {
  const name =
    actual instanceof Tensor
      ? 'a tensor'
      : Array.isArray(actual)
        ? 'an array'
        : `${typeof actual} ${String(actual)}`;
  return `${name} instead of ${expected}`;
}

function compareNumbers(expected: number | bigint | boolean, actual: unknown): Comparison {
  if (typeof actual !== 'number' && typeof actual !== 'bigint')
    return wrong(unlike(String(expected), actual));
  const equal =
    typeof expected === 'bigint' || typeof actual === 'bigint'
      ? BigInt(expected) === BigInt(actual)
      : Object.is(expected, actual);
  if (equal) return same;
  if (
    typeof expected !== 'number' ||
    typeof actual !== 'number' ||
    !within(expected, actual, [1.3e-6, 1e-5])
  ) {
    return wrong(`${actual} instead of ${expected}`);
  }
  return { verdict: 'close', why: `${actual} instead of ${expected}` };
}

function compareComplex([re, im]: readonly [Tree, Tree], actual: unknown): Comparison {
  if (typeof actual !== 'object' || actual === null) return wrong(unlike('a complex number', actual));
  const number = actual as { re?: unknown; im?: unknown };
  return worstOf([compareNumbers(plainNumber(re), number.re), compareNumbers(plainNumber(im), number.im)]);
}

const prefixed = (prefix: string, comparison: Comparison): Comparison =>
  comparison.why === undefined ? comparison : { ...comparison, why: prefix + comparison.why };

const rank: readonly Verdict[] = ['identical', 'close', 'wrong'];

/** The worst of several, with whatever any says of strides. */
export function worstOf(comparisons: readonly Comparison[]): Comparison {
  let worst: Comparison = same;
  for (const comparison of comparisons) {
    if (rank.indexOf(comparison.verdict) > rank.indexOf(worst.verdict)) worst = comparison;
  }
  const strides = comparisons.find((comparison) => comparison.strides !== undefined)?.strides;
  return strides === undefined ? worst : { ...worst, strides };
}
