/**
 * Numbers as Python's `format()` writes them.
 *
 * JavaScript's `toFixed` and `toExponential` round the exact binary value correctly, but differ from Python in four
 * ways, handled here: a tie goes away from zero rather than to the even digit, the sign of zero is lost, `toFixed`
 * gives up at 1e21, and an exponent may have one digit.
 */

/** The most digits that `toFixed` and `toExponential` can be asked for. */
const MAX_NATIVE_DIGITS = 100;

/** From here on `toFixed` writes an exponent. */
const MAX_NATIVE_FIXED = 1e21;

/**
 * `value` with a fixed number of decimals: Python's `'{:.<precision>f}'.format(value)`.
 *
 * @param precision decimals, 0 or more.
 */
export function formatFixed(value: number, precision: number): string {
  if (!Number.isFinite(value)) return formatNonFinite(value);
  const magnitude = Math.abs(value);
  return signOf(value) + fixedMagnitude(magnitude, precision);
}

/**
 * `value` in scientific notation: Python's `'{:.<precision>e}'.format(value)`.
 *
 * @param precision digits after the point, 0 or more.
 */
export function formatExponential(value: number, precision: number): string {
  if (!Number.isFinite(value)) return formatNonFinite(value);
  const magnitude = Math.abs(value);
  return signOf(value) + exponentialMagnitude(magnitude, precision);
}

function formatNonFinite(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

function signOf(value: number): string {
  return value < 0 || Object.is(value, -0) ? '-' : '';
}

function fixedMagnitude(magnitude: number, precision: number): string {
  if (magnitude >= MAX_NATIVE_FIXED) {
    const digits = BigInt(magnitude).toString();
    return precision === 0 ? digits : `${digits}.${'0'.repeat(precision)}`;
  }
  if (precision > MAX_NATIVE_DIGITS) {
    const digits = roundedQuotient(magnitude, -precision)
      .toString()
      .padStart(precision + 1, '0');
    return `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
  }
  const text = magnitude.toFixed(precision);
  // A binary fraction lies halfway between two decimals of this precision exactly when it is an odd multiple of
  // 2^-(precision + 1): the other factor of the decimal unit, 5^-precision, it cannot have.
  const isTie = (magnitude * 2 ** (precision + 1)) % 2 === 1;
  return isTie ? toEvenDigit(text) : text;
}

function exponentialMagnitude(magnitude: number, precision: number): string {
  const [digits, exponent] =
    precision < MAX_NATIVE_DIGITS
      ? nativeExponential(magnitude, precision)
      : exactExponential(magnitude, precision);
  const exponentDigits = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits}e${exponent < 0 ? '-' : '+'}${exponentDigits}`;
}

function nativeExponential(magnitude: number, precision: number): [digits: string, exponent: number] {
  const rounded = splitExponential(magnitude.toExponential(precision));
  const longer = splitExponential(magnitude.toExponential(precision + 1));
  // A tie that was rounded up to the next power of ten went to an even digit already, the 0 of 10.
  const isTie = rounded[1] === longer[1] && isHalfway(magnitude, ...longer);
  return isTie ? [toEvenDigit(rounded[0]), rounded[1]] : rounded;
}

/**
 * Whether `magnitude` lies halfway between two numbers of one digit less than these: `digits` (`1.25`) and `exponent`
 * are `magnitude` rounded; is that the exact value, and does it end in a 5?
 */
function isHalfway(magnitude: number, digits: string, exponent: number): boolean {
  if (!digits.endsWith('5')) return false;
  const places = digits.length - 2;
  const scale = exponent - places;
  // n * 10^scale can only be exact when it is a double at all: 5^-scale must divide n, or n * 5^scale must fit into
  // 53 bits. This keeps the integers below small.
  if (scale >= 23 || -scale > 1.5 * (places + 1)) return false;
  const n = BigInt(digits.replace('.', ''));
  const { mantissa, exponent: binary } = decompose(magnitude);
  return shift(mantissa, binary) * power10(-scale) === shift(n, -binary) * power10(scale);
}

function exactExponential(magnitude: number, precision: number): [string, number] {
  if (magnitude === 0) return [`0.${'0'.repeat(precision)}`, 0];
  let [, exponent] = splitExponential(magnitude.toExponential(MAX_NATIVE_DIGITS));
  let digits = roundedQuotient(magnitude, exponent - precision).toString();
  if (digits.length > precision + 1) {
    // Rounded up to the next power of ten.
    digits = digits.slice(0, -1);
    exponent += 1;
  }
  return [`${digits[0]}.${digits.slice(1)}`, exponent];
}

function splitExponential(text: string): [digits: string, exponent: number] {
  const at = text.indexOf('e');
  return [text.slice(0, at), Number(text.slice(at + 1))];
}

/** The last digit was rounded up from a tie: an odd one has its even neighbour below it. */
function toEvenDigit(text: string): string {
  const digit = text.charCodeAt(text.length - 1) - 48;
  return digit % 2 === 0 ? text : `${text.slice(0, -1)}${digit - 1}`;
}

/** `magnitude / 10^scale` rounded to an integer, ties to even, from the exact binary value. */
function roundedQuotient(magnitude: number, scale: number): bigint {
  const { mantissa, exponent } = decompose(magnitude);
  const numerator = shift(mantissa, exponent) * power10(-scale);
  const denominator = shift(1n, -exponent) * power10(scale);
  const quotient = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

/** A finite, non-negative double as `mantissa * 2^exponent`, exactly. */
function decompose(magnitude: number): { mantissa: bigint; exponent: number } {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, magnitude);
  const word = bits.getBigUint64(0);
  const biased = Number(word >> 52n);
  const fraction = word & 0xfffffffffffffn;
  if (biased === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

/** `value * 2^by` for `by >= 0`, else `value`: the other side of the comparison takes the negative power. */
function shift(value: bigint, by: number): bigint {
  return by > 0 ? value << BigInt(by) : value;
}

/** `10^exponent` for `exponent >= 0`, else 1. */
function power10(exponent: number): bigint {
  return exponent > 0 ? 10n ** BigInt(exponent) : 1n;
}
