/** Slices: Python's `start:stop:step`, written as a string or made of values. */
import type { IndexCode } from '../native.js';
import { Tensor } from '../tensor.js';

type Bound = number | bigint;
/** A bound in a slice's text: an integer, or nothing for the end of the dimension. */
type TextBound = `${Bound}` | '';

/** A slice as in Python's brackets: `'1:5'`, `'::2'`, `':-1'`, `':'`. */
export type SliceText = `${TextBound}:${TextBound}` | `${TextBound}:${TextBound}:${TextBound}`;

/** What a computed slice takes for a bound: an integer, a tensor of one integer, or null for none. */
export type SliceBound = Bound | Tensor | null;

/** A slice made of values. Made by {@link slice}. */
export class Slice {
  /** @internal */
  readonly codes: readonly IndexCode[];

  constructor(
    readonly start: SliceBound,
    readonly stop: SliceBound,
    readonly step: SliceBound,
  ) {
    this.codes = [1, boundCode(start), boundCode(stop), boundCode(step)];
    Object.freeze(this);
  }
}

/**
 * The slice `start:stop:step` where its bounds are computed; null stands for a bound that is left out. As Python's
 * `slice`, one argument is the end. See https://docs.python.org/3/library/functions.html#slice
 * @throws TypeError for a bound that is no integer.
 */
export function slice(stop: SliceBound): Slice;
export function slice(start: SliceBound, stop: SliceBound, step?: SliceBound): Slice;
export function slice(...bounds: (SliceBound | undefined)[]): Slice {
  if (bounds.length === 0 || bounds.length > 3) {
    throw new TypeError(`slice(): expected 1 to 3 arguments, got ${bounds.length}`);
  }
  const [first = null, stop = null, step = null] = bounds;
  return bounds.length === 1 ? new Slice(null, first, null) : new Slice(first, stop, step);
}

const most = 2n ** 63n - 1n;

/** As the addon takes it; beyond 64 bits a bound lies past every end, so that the last of them does as well. */
function boundCode(value: unknown): IndexCode {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (value instanceof Tensor) {
    const { dtype } = value;
    if (value.numel() !== 1 || dtype.isFloatingPoint || dtype.isComplex) {
      throw new TypeError('only integer tensors of a single element can be converted to an index');
    }
    const item = value.item();
    return boundCode(typeof item === 'boolean' ? Number(item) : item);
  }
  if (typeof value === 'bigint' || Number.isInteger(value)) {
    const integer = BigInt(value as number | bigint);
    return integer > most ? most : integer < -most ? -most : integer;
  }
  throw new TypeError('slice indices must be integers or null');
}

const pattern = /^\s*([+-]?\d+)?\s*:\s*([+-]?\d+)?\s*(?::\s*([+-]?\d+)?\s*)?$/;
const parsed = new Map<string, readonly IndexCode[]>();

/** The codes of a slice's text, or undefined where it is none. Texts lately seen are not parsed again. */
export function parseSlice(text: string): readonly IndexCode[] | undefined {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const bound = (digits: string | undefined): IndexCode => {
    if (digits === undefined) return null;
    const number = Number(digits);
    return boundCode(Number.isSafeInteger(number) ? number : BigInt(digits.replace('+', '')));
  };
  const codes = [1, bound(match[1]), bound(match[2]), bound(match[3])];
  // Texts with numbers that a program computes are without end.
  if (parsed.size >= 1024) parsed.clear();
  parsed.set(text, codes);
  return codes;
}
