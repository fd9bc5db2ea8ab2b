/**
 * Scalar arithmetic with the bits of Python's.
 *
 * Python's `float ** float` is the C library's `pow`. V8's `**` and `Math.pow` are an implementation of their own,
 * which differs from it in the last bit for about one `beta ** step` in ten, and through the bias correction that
 * bit reaches every parameter. libtorch calls the same C function as Python for a 0-dim float64 tensor, so the power
 * is taken there. (`pow(x, 0.5)` isn't `Math.sqrt(x)` either: they differ in one case in a hundred.) The same holds
 * of cosines.
 */
import { tensor } from '../creation.js';
import { float64 } from '../dtype.js';
import * as F from '../functions.js';

interface Entry {
  base: number;
  exponent: number;
  power: number;
}

/** All parameters of an optimizer are at the same step, so a few remembered results serve a whole step. */
const CACHE_SIZE = 16;
const cache: Entry[] = [];
let next = 0;

/** `base ** exponent` in double precision, with the C library's (hence Python's) rounding. */
export function pow(base: number, exponent: number): number {
  for (const entry of cache) {
    if (Object.is(entry.base, base) && Object.is(entry.exponent, exponent)) return entry.power;
  }
  const power = computePow(base, exponent);
  cache[next] = { base, exponent, power };
  next = (next + 1) % CACHE_SIZE;
  return power;
}

function computePow(base: number, exponent: number): number {
  const baseTensor = tensor(base, { dtype: float64, device: 'cpu' });
  const exponentTensor = tensor(exponent, { dtype: float64, device: 'cpu' });
  const result = F.pow(baseTensor, exponentTensor);
  const power = Number(result.item());
  result.dispose();
  exponentTensor.dispose();
  baseTensor.dispose();
  return power;
}

/** The cosine in double precision, with the C library's (hence Python's) rounding. */
export function cos(x: number): number {
  const argument = tensor(x, { dtype: float64, device: 'cpu' });
  const result = F.cos(argument);
  const value = Number(result.item());
  result.dispose();
  argument.dispose();
  return value;
}
