/**
 * Scalar arithmetic with the bits of Python's.
 *
 * Python's `float ** float` is the C library's `pow`. V8's `**` and `Math.pow` are an implementation of their own,
 * which differs from it in the last bit for about one `beta ** step` in ten, and through the bias correction that
 * bit reaches every parameter. (`pow(x, 0.5)` isn't `Math.sqrt(x)` either: they differ in one case in a hundred.) The
 * same holds of cosines.
 */
import { native } from '../native.js';

/** `base ** exponent` in double precision, with the C library's (hence Python's) rounding. */
export const pow = (base: number, exponent: number): number => native.pow(base, exponent);

/** The cosine in double precision, with the C library's (hence Python's) rounding. */
export const cos = (x: number): number => native.cos(x);
