/** For tests that the compiler runs. */

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/**
 * `is<Tensor>()(value)` compiles where the value is of that type, neither wider nor narrower; so never where it is
 * `any`. In these tests nothing is called: they hold if they compile, and each `@ts-expect-error` is an error.
 */
export function is<Expected>(): <Given>(
  value: Given,
  ...differs: Same<Given, Expected> extends true ? [] : [never]
) => void {
  return () => undefined;
}
