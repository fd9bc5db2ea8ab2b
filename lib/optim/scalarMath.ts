/**
 * Scalar arithmetic with the bits of Python's.
 *
 * Python's `float ** float` is the C library's `pow`. V8's `**` and `Math.pow` are an implementation of their own,
 * which differs from it in the last bit for about one `beta ** step` in ten, and through the bias correction that
 * bit reaches every parameter. libtorch calls the same C function as Python for a single float64 element, so the power
 * is taken there. (`pow(x, 0.5)` isn't `Math.sqrt(x)` either: they differ in one case in a hundred.) The same holds
 * of cosines.
 */
import { sharePrivately } from '../creation.js';
import { keep } from '../memory.js';
import { native } from '../native.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';

/** Two arguments and a result, which JavaScript and libtorch see alike. */
interface Registers {
  values: [first: Float64Array, second: Float64Array, result: Float64Array];
  tensors: [first: Tensor, second: Tensor, result: Tensor];
}

let registers: Registers | undefined;

function makeRegisters(): Registers {
  const values: Registers['values'] = [new Float64Array(1), new Float64Array(1), new Float64Array(1)];
  // They serve every later call, and outside inference mode its tensors couldn't be written.
  const depth = native.enterInference(false);
  try {
    const [first, second, result] = values;
    const share = (value: Float64Array): Tensor => keep(sharePrivately(value));
    return { values, tensors: [share(first), share(second), share(result)] };
  } finally {
    native.leaveInference(depth);
  }
}

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
  registers ??= makeRegisters();
  const { values, tensors } = registers;
  values[0][0] = base;
  values[1][0] = exponent;
  ops.aten.pow.Tensor_Tensor_out(tensors[0], tensors[1], { out: tensors[2] });
  const power = values[2][0] as number;
  cache[next] = { base, exponent, power };
  next = (next + 1) % CACHE_SIZE;
  return power;
}

/** The cosine in double precision, with the C library's (hence Python's) rounding. */
export function cos(x: number): number {
  registers ??= makeRegisters();
  const { values, tensors } = registers;
  values[0][0] = x;
  ops.aten.cos.out(tensors[0], { out: tensors[2] });
  return values[2][0] as number;
}
