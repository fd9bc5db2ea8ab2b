import type { setPrintoptions } from '../../lib/printOptions.js';
import type { Dice } from '../support/dice.js';

/** A tensor by its bits, and how it is printed: what test/reference/tensor_str.py reads. */
export interface Case {
  dtype: string;
  shape: number[];
  /** Hex of the elements' little-endian bytes. */
  bits: string;
  options?: NonNullable<Parameters<typeof setPrintoptions>[0]>;
  /** Name of a transformation of the tensor, the same in Python and here. */
  transform?: string;
}

/** A case of the recorded table: with what Python's `repr()` gave. */
export interface RecordedCase extends Case {
  expected: string;
}

const FLOAT_WIDTH: Readonly<Record<string, number>> = { float16: 2, bfloat16: 2, float32: 4, float64: 8 };
const COMPLEX_PART: Readonly<Record<string, string>> = {
  complex32: 'float16',
  complex64: 'float32',
  complex128: 'float64',
};
const INTEGER_WIDTH: Readonly<Record<string, number>> = {
  uint8: 1,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  // Any byte is a number of these.
  float8_e5m2: 1,
  float8_e4m3fn: 1,
  float8_e5m2fnuz: 1,
  float8_e4m3fnuz: 1,
  float8_e8m0fnu: 1,
};
const DTYPES = [
  ...['float32', 'float32', 'float32', 'float64', 'float64', 'float16', 'bfloat16'],
  ...['complex64', 'complex128', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'],
];

/** A random tensor: any shape, dtype and scale, sometimes with unusual elements and options. */
export function randomCase(random: Dice): Case {
  const dtype = random.pick(DTYPES);
  const shape = randomShape(random);
  const numel = shape.reduce((product, size) => product * size, 1);
  const bits = Buffer.from(randomBytes(random, dtype, numel)).toString('hex');
  const options = random.chance(0.4) ? randomOptions(random) : undefined;
  return options === undefined ? { dtype, shape, bits } : { dtype, shape, bits, options };
}

/** What tensors of each kind of dtype can be made into, by the number of dimensions that it takes. */
const TRANSFORMED: readonly {
  dtypes: readonly string[];
  transforms: readonly string[];
  dims: readonly number[];
}[] = [
  {
    dtypes: ['float32', 'float64', 'float16', 'bfloat16', 'complex64'],
    transforms: ['requires_grad', 'add', 'meta_requires_grad', 'parameter', 'view', 'inference'],
    dims: [0, 1, 2, 3],
  },
  {
    dtypes: [
      'float32',
      'float16',
      'complex64',
      'complex128',
      'int64',
      'int32',
      'uint8',
      'bool',
      'uint16',
      'float8_e5m2',
    ],
    transforms: ['meta', 'stride_2'],
    dims: [1, 2, 3],
  },
  {
    dtypes: ['complex32', 'complex64', 'complex128'],
    transforms: ['conj', 'imag', 'conj_imag'],
    dims: [0, 1, 2],
  },
  {
    dtypes: [
      'float32',
      'float64',
      'float16',
      'bfloat16',
      'int64',
      'int32',
      'uint8',
      'bool',
      'complex64',
      'complex128',
    ],
    transforms: ['sparse_coo', 'sparse_coo_meta', 'uncoalesced', 'sparse_hybrid'],
    dims: [1, 2, 3],
  },
  {
    dtypes: ['float32', 'float64', 'complex64', 'int64', 'int32', 'uint8', 'bool'],
    transforms: ['sparse_csr', 'sparse_csc', 'sparse_csr_meta'],
    dims: [2],
  },
  {
    dtypes: ['float32', 'float64', 'int64'],
    transforms: ['sparse_csr_requires_grad', 'sparse_bsr', 'sparse_bsc', 'sparse_csr_batched'],
    dims: [-2],
  },
  {
    dtypes: ['float32'],
    transforms: ['quint8', 'qint8', 'qint32', 'qint8_channel', 'quint8_channel_float', 'mkldnn'],
    dims: [-2],
  },
  {
    dtypes: [
      ...['float8_e5m2', 'float8_e4m3fn', 'float8_e5m2fnuz', 'float8_e4m3fnuz', 'float8_e8m0fnu'],
      ...['uint16', 'uint32', 'uint64', 'complex32'],
    ],
    transforms: ['transpose', 'none'],
    dims: [2],
  },
];

/** A random tensor of every layout and dtype, changed in some way. */
export function randomTransformedCase(random: Dice): Case {
  const { dtypes, transforms, dims } = random.pick(TRANSFORMED);
  const dtype = random.pick(dtypes);
  const transform = random.pick(transforms);
  const wanted = random.pick(dims);
  // Blocks of 2 by 2, and two channels.
  const shape =
    wanted < 0
      ? [2, 2 * random.integer(1, 4)]
      : Array.from({ length: wanted }, () => random.integer(1, wanted > 2 ? 5 : 12));
  const numel = shape.reduce((product, size) => product * size, 1);
  const bits = Buffer.from(randomBytes(random, dtype, numel)).toString('hex');
  const result: Case = { dtype, shape, bits };
  if (transform !== 'none') result.transform = transform;
  if (random.chance(0.4)) result.options = randomOptions(random) as NonNullable<Case['options']>;
  return result;
}

/** A random double as 8 bytes: all magnitudes, halfway cases, integers, and special values. */
export function randomDouble(random: Dice): number {
  switch (random.integer(0, 5)) {
    case 0:
      return new DataView(randomWords(random, 8)).getFloat64(0);
    case 1:
      return random.integer(-1e6, 1e6) / 2 ** random.integer(0, 20);
    case 2:
      return (random.integer(0, 1e6) + 0.5) * 10 ** random.integer(-8, 20);
    case 3:
      return random.integer(-1e9, 1e9);
    case 4:
      return Number(`${random.integer(-(10 ** random.integer(1, 6)), 999)}5e${random.integer(-6, 12)}`);
    default:
      return random.pick([
        0,
        -0,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        5e-324,
        1e21,
        1e22,
      ]);
  }
}

function randomShape(random: Dice): number[] {
  const rank = random.pick([0, 1, 1, 1, 2, 2, 2, 3, 3, 4]);
  const largest = [0, 60, 14, 6, 4][rank] as number;
  return Array.from({ length: rank }, () => (random.chance(0.02) ? 0 : random.integer(1, largest)));
}

function randomOptions(random: Dice): Case['options'] {
  const options: NonNullable<Case['options']> = {};
  if (random.chance(0.2)) options.profile = random.pick(['default', 'short'] as const);
  if (random.chance(0.4)) options.precision = random.pick([0, 1, 2, 3, 6, 10, 20]);
  if (random.chance(0.5)) options.threshold = random.pick([0, 5, 20, 50]);
  if (random.chance(0.4)) options.edgeitems = random.pick([0, 1, 2, 4]);
  if (random.chance(0.4)) options.linewidth = random.pick([1, 20, 40, 60, 120]);
  if (random.chance(0.3)) options.sciMode = random.chance(0.5);
  return options;
}

function randomBytes(random: Dice, dtype: string, numel: number): Uint8Array {
  const part = COMPLEX_PART[dtype];
  if (part !== undefined) {
    // Real and imaginary parts have scales of their own.
    const width = FLOAT_WIDTH[part] as number;
    const [real, imag] = [floatBytes(random, part, numel), floatBytes(random, part, numel)];
    const bytes = new Uint8Array(2 * width * numel);
    for (let i = 0; i < numel; i++) {
      bytes.set(real.subarray(i * width, (i + 1) * width), 2 * i * width);
      bytes.set(imag.subarray(i * width, (i + 1) * width), (2 * i + 1) * width);
    }
    return bytes;
  }
  if (dtype in FLOAT_WIDTH) return floatBytes(random, dtype, numel);
  if (dtype === 'bool') return Uint8Array.from({ length: numel }, () => random.integer(0, 1));
  return integerBytes(random, INTEGER_WIDTH[dtype] as number, numel);
}

function integerBytes(random: Dice, width: number, numel: number): Uint8Array {
  // Few bits make small numbers; those of an int64 need not fit into a double.
  const bits = random.integer(1, 8 * width);
  const view = new DataView(new ArrayBuffer(width * numel));
  for (let i = 0; i < numel; i++) {
    const value = BigInt.asIntN(bits, new DataView(randomWords(random, 8)).getBigUint64(0));
    for (let byte = 0; byte < width; byte++) {
      view.setUint8(i * width + byte, Number((value >> BigInt(8 * byte)) & 0xffn));
    }
  }
  return new Uint8Array(view.buffer);
}

function floatBytes(random: Dice, dtype: string, numel: number): Uint8Array {
  const width = FLOAT_WIDTH[dtype] as number;
  const next = floatSource(random, width);
  const specials = random.chance(0.3) ? random.next() * 0.5 : 0;
  const bytes = new Uint8Array(width * numel);
  for (let i = 0; i < numel; i++) {
    const value = random.chance(specials)
      ? random.pick([0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      : next();
    bytes.set(encode(value, dtype), i * width);
  }
  return bytes;
}

/** One kind of numbers for a whole tensor: what decides about its notation. */
function floatSource(random: Dice, width: number): () => number {
  const scale = 10 ** random.integer(-6, 10);
  const spread = random.integer(0, 4);
  const denominator = 2 ** random.integer(1, 8);
  const kinds: (() => number)[] = [
    () => (random.next() - 0.5) * scale,
    () => (random.next() - 0.5) * scale * 10 ** random.integer(-spread, spread),
    () => random.integer(-1000, 1000),
    () => Math.round((random.next() - 0.5) * scale),
    () => random.integer(-500, 500) / denominator,
    () => random.pick([scale, -scale, scale * 1000, scale * 1001]),
    () => random.integer(0, 1),
    () => (width === 8 ? randomDouble(random) : new DataView(randomWords(random, 4)).getFloat32(0)),
  ];
  return random.pick(kinds);
}

/** The bytes of `value` in a floating point dtype, little-endian; halves are rounded towards zero. */
function encode(value: number, dtype: string): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  switch (dtype) {
    case 'float64':
      view.setFloat64(0, value, true);
      return new Uint8Array(view.buffer);
    case 'float32':
      view.setFloat32(0, value, true);
      return new Uint8Array(view.buffer, 0, 4);
    case 'bfloat16':
      view.setFloat32(0, value, true);
      return new Uint8Array(view.buffer, 2, 2);
    default:
      view.setUint16(0, halfBits(value), true);
      return new Uint8Array(view.buffer, 0, 2);
  }
}

function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (magnitude >= 65536) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | Math.floor(magnitude * 2 ** 24);
  const exponent = Math.min(15, Math.floor(Math.log2(magnitude)));
  const fraction = Math.floor((magnitude / 2 ** exponent - 1) * 1024);
  return sign | ((exponent + 15) << 10) | Math.min(1023, Math.max(0, fraction));
}

function randomWords(random: Dice, bytes: number): ArrayBuffer {
  const array = Uint8Array.from({ length: bytes }, () => random.integer(0, 255));
  return array.buffer;
}
