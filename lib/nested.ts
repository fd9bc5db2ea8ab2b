/** Nested arrays as data: their shape, and their elements in row-major order. */
import { types } from 'node:util';

// As many as libtorch's own limit for sizes that it prints and indexes.
const mostDimensions = 64;

export const isSequence = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || types.isTypedArray(value);

/**
 * The lengths along the first element at each depth.
 * @throws RangeError where there are more than 64.
 */
export function nestedShape(name: string, data: unknown): number[] {
  const shape: number[] = [];
  for (let value = data; isSequence(value); value = value[0]) {
    if (shape.length === mostDimensions) {
      throw new RangeError(
        `${name}(): too many dimensions (more than ${mostDimensions}), or an array that holds itself`,
      );
    }
    shape.push(value.length);
    if (value.length === 0) break;
  }
  return shape;
}

/**
 * Visits every element.
 * @throws RangeError where lengths differ, TypeError where an array stands beside an element.
 */
export function visitNested(
  name: string,
  data: unknown,
  shape: readonly number[],
  each: (value: unknown) => void,
  depth = 0,
): void {
  if (depth === shape.length) {
    each(data);
    return;
  }
  const length = shape[depth] as number;
  if (!isSequence(data)) {
    throw new TypeError(
      `${name}(): expected a sequence of length ${length} at dim ${depth} (got ${typeof data})`,
    );
  }
  if (data.length !== length) {
    throw new RangeError(`expected sequence of length ${length} at dim ${depth} (got ${data.length})`);
  }
  if (depth + 1 < shape.length) {
    for (let i = 0; i < length; i++) visitNested(name, data[i], shape, each, depth + 1);
    return;
  }
  for (let i = 0; i < length; i++) {
    const value = data[i];
    if (isSequence(value))
      throw new TypeError(`${name}(): expected a number at dim ${depth + 1}, found an array`);
    each(value);
  }
}
