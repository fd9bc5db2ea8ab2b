/** The types of `runAsync`: an operator's arguments and result, for each of its overloads. */
import type { Tensor } from '../tensor.js';
import type { AsyncOptions } from './queue.js';

// biome-ignore format: one overload a line.
type Signatures<F> = F extends {
  (...args: infer A1): infer R1;
  (...args: infer A2): infer R2;
  (...args: infer A3): infer R3;
  (...args: infer A4): infer R4;
  (...args: infer A5): infer R5;
  (...args: infer A6): infer R6;
  (...args: infer A7): infer R7;
  (...args: infer A8): infer R8;
}
  ? [A1, R1] | [A2, R2] | [A3, R3] | [A4, R4] | [A5, R5] | [A6, R6] | [A7, R7] | [A8, R8]
  : never;

/** Where a function has fewer overloads than are asked for, the others are of anything. */
type Known<S> = S extends [infer A extends readonly unknown[], infer R]
  ? unknown[] extends A
    ? never
    : [A, R]
  : never;

type IsOptions<T> = [T] extends [never]
  ? false
  : T extends object
    ? T extends Tensor | readonly unknown[] | ((...args: never) => unknown)
      ? false
      : true
    : false;

/** The arguments with a signal among the options, which may be there for it alone. */
type WithSignal<A extends readonly unknown[]> = A extends readonly []
  ? [options?: AsyncOptions]
  : A extends readonly [...infer Front, infer Last]
    ? true extends IsOptions<NonNullable<Last>>
      ? [...Front, Last & AsyncOptions]
      : A | [...A, options: AsyncOptions]
    : Required<A> extends readonly [...infer Front, infer Last]
      ? true extends IsOptions<NonNullable<Last>>
        ? A | [...Front, Last & AsyncOptions]
        : A | [...Required<A>, options: AsyncOptions]
      : A;

/** The arguments of `F`, by any of its overloads, with `signal` among the options. */
export type AsyncArguments<F> =
  Known<Signatures<F>> extends infer S
    ? S extends [infer A extends readonly unknown[], unknown]
      ? WithSignal<A>
      : never
    : never;

/** What `F` gives for the arguments `A`. */
export type AsyncResult<F, A> =
  Known<Signatures<F>> extends infer S
    ? S extends [infer B extends readonly unknown[], infer R]
      ? A extends WithSignal<B>
        ? R
        : never
      : never
    : never;
