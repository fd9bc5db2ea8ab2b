import type { PrintOptions } from '../printOptions.js';
import { formatExponential, formatFixed } from './number.js';

/** Writes the elements of one tensor, all to one width. */
export interface Formatter<T> {
  /** The width that every element is padded to; one that could not be foreseen (`-inf`) may be wider. */
  readonly width: number;
  format(value: T): string;
}

/** A formatter for integers and booleans, from all the elements that will be shown. */
export function plainFormatter(
  values: ArrayLike<number | bigint | boolean>,
): Formatter<number | bigint | boolean> {
  let width = 1;
  for (let i = 0; i < values.length; i++) width = Math.max(width, plainText(at(values, i)).length);
  return { width, format: (value) => plainText(value).padStart(width) };
}

function plainText(value: number | bigint | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

/**
 * A formatter for floating point numbers, from all the elements that will be shown.
 *
 * Only the finite elements other than zero decide: whether all are integers (`1.`), whether scientific notation is
 * needed (a ratio of more than 1000, or numbers above 1e8 or below 1e-4), and the width.
 *
 * @param decides which elements these are, where a dtype has other ones.
 */
export function floatFormatter(
  values: ArrayLike<number>,
  { precision, sciMode }: Pick<PrintOptions, 'precision' | 'sciMode'>,
  decides: (value: number) => boolean = (value) => value !== 0 && Number.isFinite(value),
): Formatter<number> {
  const deciding: number[] = [];
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  let integral = true;
  for (let i = 0; i < values.length; i++) {
    const value = at(values, i);
    if (!decides(value)) continue;
    deciding.push(value);
    const magnitude = Math.abs(value);
    min = Math.min(min, magnitude);
    max = Math.max(max, magnitude);
    integral &&= Number.isInteger(value);
  }
  // Without such an element the zeros and non-finite ones are written plainly, whatever `sciMode` says.
  if (deciding.length === 0) return paddedFormatter(1, integerText);

  const scientific = sciMode ?? (max / min > 1000 || max > 1e8 || min < 1e-4);
  let text: (value: number) => string;
  if (scientific) text = (value) => formatExponential(value, precision);
  else if (integral) text = integerText;
  else text = (value) => formatFixed(value, precision);

  let width = 1;
  for (const value of deciding) width = Math.max(width, text(value).length);
  return paddedFormatter(width, text);
}

function paddedFormatter(width: number, text: (value: number) => string): Formatter<number> {
  return { width, format: (value) => text(value).padStart(width) };
}

/** An integral float: the point shows that it is one. Non-finite numbers need none. */
function integerText(value: number): string {
  const digits = formatFixed(value, 0);
  return Number.isFinite(value) ? `${digits}.` : digits;
}

/** An element by an index that is known to be in range. */
function at<T>(values: ArrayLike<T>, index: number): T {
  return values[index] as T;
}
