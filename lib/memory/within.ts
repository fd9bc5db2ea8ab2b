/** Finding the tensors in what a function returns. */
import { types } from 'node:util';
import { Tensor } from '../tensor.js';

/** The handles of the tensors within a value: itself, or in arrays, plain objects, Maps and Sets, however deep. */
export function handlesWithin(value: unknown, handles: number[] = [], seen = new Set<object>()): number[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return handles;
  if (value instanceof Tensor) {
    handles.push(value.handle);
    return handles;
  }
  if (ArrayBuffer.isView(value)) return handles;
  seen.add(value);
  if (types.isMap(value)) {
    for (const [key, item] of value) {
      handlesWithin(key, handles, seen);
      handlesWithin(item, handles, seen);
    }
  } else if (types.isSet(value)) {
    for (const item of value) handlesWithin(item, handles, seen);
  } else {
    for (const item of Object.values(value)) handlesWithin(item, handles, seen);
  }
  return handles;
}
