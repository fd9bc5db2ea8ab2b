/** Nested lists of elements, made in pieces between which the event loop turns. */

import type { DType } from '../dtype.js';
import { rowOf } from '../tensor/elements.js';
import type { NestedList, Scalar } from '../tensor.js';
import type { TypedArray } from '../typedArrays.js';
import type { AbortSignalLike } from './queue.js';

/** Elements that are made at a time, and the milliseconds after which the event loop has its turn. */
const elementsAtOnce = 4096;
const millisecondsAtOnce = 4;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * @param array The elements in row-major order.
 * @param dtype The tensor's own.
 * @throws The signal's reason, once it has been given.
 */
export async function nestedLists(
  array: TypedArray,
  shape: readonly number[],
  dtype: DType,
  signal: AbortSignalLike | undefined,
): Promise<NestedList> {
  const row = rowOf(array, dtype);
  const width = shape.at(-1);
  if (width === undefined) return row(0, 1)[0] as Scalar;
  let since = performance.now();
  let made = 0;
  const pause = async (): Promise<void> => {
    made = 0;
    if (performance.now() - since < millisecondsAtOnce) return;
    await turn();
    if (signal?.aborted === true) throw signal.reason;
    since = performance.now();
  };
  let next = 0;
  const build = async (depth: number): Promise<NestedList[]> => {
    const list: NestedList[] = [];
    const length = shape[depth] as number;
    const isInner = depth === shape.length - 1;
    for (let i = 0; i < length; ) {
      if (isInner) {
        const count = Math.min(elementsAtOnce, length - i);
        for (const element of row(next, next + count)) list.push(element);
        next += count;
        i += count;
        made += count;
      } else if (depth === shape.length - 2 && width <= elementsAtOnce) {
        // Rows at once, without a promise for each.
        list.push(row(next, next + width));
        next += width;
        i++;
        made += width + 1;
      } else {
        list.push(await build(depth + 1));
        i++;
        made++;
      }
      if (made >= elementsAtOnce) await pause();
    }
    return list;
  };
  return build(0);
}
