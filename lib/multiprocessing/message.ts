/** Messages: what stands in them for a tensor, and walking through what holds tensors. */
import { types } from 'node:util';
import { isPlainObject } from '../options.js';
import type { Tensor } from '../tensor.js';

/** What stands for a tensor in a message: plain data, which `postMessage` copies as any other. */
export interface SharedTensor {
  readonly litorch: 'tensor';
  /** The tensor's number in the table of what threads share. */
  readonly id: number;
  /** Whether it is received as an `nn.Parameter`. */
  readonly parameter: boolean;
}

/** The type of a message: the value's own, with {@link SharedTensor} in the place of each tensor. */
export type Shared<T> = T extends Tensor
  ? SharedTensor
  : T extends ReadonlyMap<infer K, infer V>
    ? Map<Shared<K>, Shared<V>>
    : T extends ReadonlySet<infer V>
      ? Set<Shared<V>>
      : T extends readonly (infer V)[]
        ? Shared<V>[]
        : T extends Untouched
          ? T
          : T extends object
            ? { [K in keyof T]: Shared<T[K]> }
            : T;

/** What goes along as it is. */
type Untouched = ((...args: never[]) => unknown) | ArrayBufferLike | ArrayBufferView | Date | RegExp | Error;

/** Whether it stands for a tensor, or means to. */
export function isSharedTensor(value: unknown): value is SharedTensor {
  return isPlainObject(value) && value.litorch === 'tensor';
}

/**
 * A copy of `value` in which `replace`, asked of each object and function, has put others in the place of those that it
 * does not give undefined for.
 * Arrays, plain objects, Maps and Sets are walked through, also where they hold themselves; anything else stays.
 */
export function mapMessage(value: unknown, replace: (item: unknown) => unknown): unknown {
  const copies = new Map<object, unknown>();
  const walk = (item: unknown): unknown => {
    if ((typeof item !== 'object' && typeof item !== 'function') || item === null) return item;
    const known = copies.get(item);
    if (known !== undefined) return known;
    const replaced = replace(item);
    if (replaced !== undefined) return replaced;
    if (Array.isArray(item)) {
      const copy: unknown[] = [];
      copies.set(item, copy);
      for (const element of item) copy.push(walk(element));
      return copy;
    }
    if (types.isMap(item)) {
      const copy = new Map<unknown, unknown>();
      copies.set(item, copy);
      for (const [key, element] of item) copy.set(walk(key), walk(element));
      return copy;
    }
    if (types.isSet(item)) {
      const copy = new Set<unknown>();
      copies.set(item, copy);
      for (const element of item) copy.add(walk(element));
      return copy;
    }
    if (!isPlainObject(item)) return item;
    const copy: Record<string, unknown> = {};
    copies.set(item, copy);
    for (const [key, element] of Object.entries(item)) {
      // Not an assignment: a key may be `__proto__`.
      Object.defineProperty(copy, key, {
        value: walk(element),
        configurable: true,
        enumerable: true,
        writable: true,
      });
    }
    return copy;
  };
  return walk(value);
}
