/** Where the tensors are within a value, and what else is there: arguments and results of a recorded function. */
import { isPlainObject } from '../options.js';
import { Tensor } from '../tensor.js';

type ArrayClass = new (length: number) => unknown[];

/** A tensor, a list, an object with these keys, or any other value, which is compared as it is. */
export type Layout =
  | { kind: 'tensor' }
  | { kind: 'list'; items: Layout[]; Class: ArrayClass }
  | { kind: 'object'; items: Layout[]; keys: string[] }
  | { kind: 'value'; value: unknown };

const TENSOR: Layout = { kind: 'tensor' };

/**
 * The layout of a value; its tensors are added to `tensors`, in order. Arrays and plain objects are looked into.
 * @throws TypeError for a value that contains itself.
 */
export function layoutOf(value: unknown, tensors: Tensor[], within: readonly object[] = []): Layout {
  if (value instanceof Tensor) {
    tensors.push(value);
    return TENSOR;
  }
  if (typeof value !== 'object' || value === null) return { kind: 'value', value };
  if (within.includes(value)) throw new TypeError('graph.record(): an argument or a result contains itself');
  const around = [...within, value];
  if (Array.isArray(value)) {
    const items = value.map((item) => layoutOf(item, tensors, around));
    return { kind: 'list', items, Class: value.constructor as ArrayClass };
  }
  if (!isPlainObject(value)) return { kind: 'value', value };
  const keys = Object.keys(value);
  const items = keys.map((key) => layoutOf((value as Record<string, unknown>)[key], tensors, around));
  return { kind: 'object', items, keys };
}

/** Whether a value has a layout, with the same values beside its tensors, whose handles are added to `handles`. */
export function fits(layout: Layout, value: unknown, handles: number[]): boolean {
  switch (layout.kind) {
    case 'tensor':
      if (!(value instanceof Tensor)) return false;
      handles.push(value.handle);
      return true;
    case 'value':
      return Object.is(layout.value, value);
    case 'list': {
      const { items } = layout;
      if (!Array.isArray(value) || value.length !== items.length) return false;
      for (let i = 0; i < items.length; i++) if (!fits(items[i] as Layout, value[i], handles)) return false;
      return true;
    }
    default: {
      const { items, keys } = layout;
      if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Tensor)
        return false;
      let count = 0;
      for (const key in value) if (Object.hasOwn(value, key)) count++;
      if (count !== keys.length) return false;
      const fields = value as Record<string, unknown>;
      for (let i = 0; i < items.length; i++) {
        const key = keys[i] as string;
        if (!(key in fields) || !fits(items[i] as Layout, fields[key], handles)) return false;
      }
      return true;
    }
  }
}

/** A value of a layout, of other tensors, which are taken from `tensors` in order. */
export function build(layout: Layout, tensors: Iterator<Tensor>): unknown {
  switch (layout.kind) {
    case 'tensor':
      return tensors.next().value;
    case 'value':
      return layout.value;
    case 'list': {
      const list = new layout.Class(layout.items.length);
      layout.items.forEach((item, i) => {
        list[i] = build(item, tensors);
      });
      return list;
    }
    default: {
      const { items, keys } = layout;
      return Object.fromEntries(keys.map((key, i) => [key, build(items[i] as Layout, tensors)]));
    }
  }
}
