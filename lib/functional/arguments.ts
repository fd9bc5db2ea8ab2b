/** What the functions of this folder take, beside what lib/arguments.ts knows. */
import type { Parameter } from '../arguments.js';
import { describeValue } from '../ops/signature.js';
import { isPlainObject } from '../options.js';
import { Tensor } from '../tensor.js';

/** A value that the function itself looks at. */
export const anything: Parameter<unknown> = { expected: 'any', accepts: () => true, required: true };

/** An object of further options. */
export const settings = <T extends object>(): Parameter<T> => ({
  expected: 'object',
  accepts: isPlainObject,
  required: true,
});

/** Tensors given one by one or in one array, and the options after them. */
export function tensorsAndOptions(
  callee: string,
  given: readonly unknown[],
): { tensors: Tensor[]; options: Record<string, unknown> } {
  const last = given.at(-1);
  const options = isPlainObject(last) ? last : {};
  const rest = isPlainObject(last) ? given.slice(0, -1) : given;
  const tensors = rest.length === 1 && Array.isArray(rest[0]) ? (rest[0] as unknown[]) : rest;
  tensors.forEach((value, i) => {
    if (value instanceof Tensor) return;
    throw new TypeError(
      `${callee}(): argument 'tensors' must be tensors, but found element of type ${describeValue(value)} at pos ${i}`,
    );
  });
  return { tensors: [...tensors] as Tensor[], options };
}

/**
 * A reader of arguments that is made when it is first used: methods of Tensor are loaded before what describes their
 * arguments.
 */
export function reader<R>(make: () => (given: readonly unknown[]) => R): (given: readonly unknown[]) => R {
  let read: ((given: readonly unknown[]) => R) | undefined;
  return (given) => {
    read ??= make();
    return read(given);
  };
}
