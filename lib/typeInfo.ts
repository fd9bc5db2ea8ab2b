/** The limits of dtypes. See https://docs.pytorch.org/docs/2.13/type_info.html */
import { inspect } from 'node:util';
import * as dtypes from './dtype.js';
import { DType, getDefaultDtype } from './dtype.js';
import { formatExponential } from './tensorStr/number.js';

/** A binary format: digits of the mantissa with the leading 1, the exponents of the least normal and the greatest number. */
interface Format {
  readonly digits: number;
  readonly least: number;
  readonly max: number;
  /** Decimal digits that every number of so many survives. */
  readonly decimals: number;
  readonly min?: number;
}

const formats: ReadonlyMap<DType, Format> = new Map([
  [dtypes.float16, { digits: 11, least: -14, max: 65504, decimals: 3 }],
  [dtypes.bfloat16, { digits: 8, least: -126, max: (2 - 2 ** -7) * 2 ** 127, decimals: 2 }],
  [dtypes.float32, { digits: 24, least: -126, max: (2 - 2 ** -23) * 2 ** 127, decimals: 6 }],
  [dtypes.float64, { digits: 53, least: -1022, max: Number.MAX_VALUE, decimals: 15 }],
  [dtypes.float8_e5m2, { digits: 3, least: -14, max: 57344, decimals: 0 }],
  [dtypes.float8_e4m3fn, { digits: 4, least: -6, max: 448, decimals: 0 }],
  [dtypes.float8_e5m2fnuz, { digits: 4, least: -15, max: 57344, decimals: 0 }],
  [dtypes.float8_e4m3fnuz, { digits: 4, least: -7, max: 240, decimals: 0 }],
  // Powers of two without a sign: the least is also the minimum.
  [dtypes.float8_e8m0fnu, { digits: 1, least: -127, max: 2 ** 127, min: 2 ** -127, decimals: 0 }],
]);

/** The limits of a floating point dtype, as {@link finfo} gives them. */
export class FInfo {
  /** Bits that a number takes. */
  readonly bits: number;
  /** The name of the dtype, without `torch.`; of a complex dtype, that of its parts. */
  readonly dtype: string;
  /** The difference between 1 and the next greater number. */
  readonly eps: number;
  /** The greatest number. */
  readonly max: number;
  /** The least number, `-max` where the dtype has a sign. */
  readonly min: number;
  /** The least positive normal number; there may be subnormal ones below. */
  readonly smallestNormal: number;
  /** The same as {@link FInfo.smallestNormal}. */
  readonly tiny: number;
  /** The decimal resolution: 10 to the power of minus the decimal digits. */
  readonly resolution: number;

  /** @internal */
  constructor(dtype: DType, { digits, least, max, min = -max, decimals }: Format) {
    this.bits = dtype.itemsize * 8;
    this.dtype = dtype.name;
    this.eps = 2 ** (1 - digits);
    this.max = max;
    this.min = min;
    this.smallestNormal = 2 ** least;
    this.tiny = this.smallestNormal;
    this.resolution = Number(`1e-${decimals}`);
  }

  /** As Python prints it. */
  toString(): string {
    const fields = [
      ['resolution', this.resolution],
      ['min', this.min],
      ['max', this.max],
      ['eps', this.eps],
      ['smallest_normal', this.smallestNormal],
      ['tiny', this.tiny],
    ] as const;
    const texts = fields.map(([name, value]) => `${name}=${sixDigits(value)}`);
    return `finfo(${texts.join(', ')}, dtype=${this.dtype})`;
  }

  /** @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}

/** The limits of an integer dtype, as {@link iinfo} gives them. */
export class IInfo {
  /** Bits that a number takes. */
  readonly bits: number;
  /** The name of the dtype, without `torch.`. */
  readonly dtype: string;
  /** The greatest number; a bigint where a number would not hold it exactly. */
  readonly max: number | bigint;
  /** The least number; a bigint where a number would not hold it exactly. */
  readonly min: number | bigint;

  /** @internal */
  constructor(dtype: DType) {
    if (!(dtype instanceof DType)) throw new TypeError("IInfo(): argument 'dtype' must be torch.dtype");
    this.bits = dtype.itemsize * 8;
    this.dtype = dtype.name;
    const bits = BigInt(this.bits);
    this.max = exact(dtype.isSigned ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n);
    this.min = exact(dtype.isSigned ? -(1n << (bits - 1n)) : 0n);
  }

  /** As Python prints it: rounded to six digits. */
  toString(): string {
    return `iinfo(min=${sixDigits(Number(this.min))}, max=${sixDigits(Number(this.max))}, dtype=${this.dtype})`;
  }

  /** @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}

function exact(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** A number as C's `%g` writes it: six digits at most, without zeros at the end. */
function sixDigits(value: number): string {
  if (value === 0) return '0';
  const [digits, exponent] = formatExponential(value, 5).split('e') as [string, string];
  const power = Number(exponent);
  return power >= -4 && power < 6 ? String(Number(`${digits}e${exponent}`)) : `${Number(digits)}e${exponent}`;
}

const infos = new Map<DType, FInfo | IInfo>();

/**
 * The limits of a floating point dtype; of a complex one, those of its parts.
 * See https://docs.pytorch.org/docs/2.13/type_info.html#torch.finfo
 *
 * @param type Default: the default dtype.
 * @throws TypeError where the dtype is neither floating point nor complex, or packs two numbers to a byte.
 */
export function finfo(type: DType = getDefaultDtype()): FInfo {
  if (!(type instanceof DType)) throw new TypeError(`finfo(): expected a dtype, not ${typeof type}`);
  const real = type.toReal();
  if (!real.isFloatingPoint) {
    throw new TypeError(
      `torch.finfo() requires a floating point input type, not ${type}. Use torch.iinfo to handle it`,
    );
  }
  const format = formats.get(real);
  if (format === undefined) throw new TypeError(`finfo(): ${type} has no limits of its own`);
  let info = infos.get(real) as FInfo | undefined;
  if (info === undefined) {
    info = Object.freeze(new FInfo(real, format));
    infos.set(real, info);
  }
  return info;
}

const integers: ReadonlySet<DType> = new Set([
  dtypes.uint8,
  dtypes.int8,
  dtypes.int16,
  dtypes.int32,
  dtypes.int64,
  dtypes.uint16,
  dtypes.uint32,
  dtypes.uint64,
  dtypes.qint8,
  dtypes.quint8,
  dtypes.qint32,
  dtypes.quint4x2,
  dtypes.quint2x4,
]);

/**
 * The limits of an integer dtype, or of the integers of a quantized one.
 * See https://docs.pytorch.org/docs/2.13/type_info.html#torch.iinfo
 *
 * @throws TypeError where the dtype is bool, or no integer one.
 */
export function iinfo(type: DType): IInfo {
  if (!(type instanceof DType)) throw new TypeError(`iinfo(): expected a dtype, not ${typeof type}`);
  if (type === dtypes.bool) throw new TypeError(`${type} is not supported by torch.iinfo`);
  if (!integers.has(type)) {
    throw new TypeError(
      `torch.iinfo() requires an integer input type, not ${type}. Use torch.finfo to handle it`,
    );
  }
  let info = infos.get(type) as IInfo | undefined;
  if (info === undefined) {
    info = Object.freeze(new IInfo(type));
    infos.set(type, info);
  }
  return info;
}
