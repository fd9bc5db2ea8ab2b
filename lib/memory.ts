/**
 * Memory. Tensors that nothing refers to are freed by themselves; scopes free them sooner and in a known place.
 * See docs/memory.md.
 */
import { types } from 'node:util';
import { collect } from './gc.js';
import { native } from './native.js';
import { refuseAsync } from './scope.js';
import { Tensor } from './tensor.js';

/** The handles of the tensors within a value: itself, or in arrays, plain objects, Maps and Sets, however deep. */
function handlesWithin(value: unknown, handles: number[] = [], seen = new Set<object>()): number[] {
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

/**
 * Runs `fn` and frees every tensor made inside it, except those that it returns (itself, or within arrays, objects,
 * Maps and Sets), parameters, and those given to {@link keep}. Scopes nest: what an inner scope returns belongs to
 * the outer one. After an exception everything made inside is freed.
 *
 * @throws TypeError where `fn` is asynchronous, since the scope would end before it does.
 */
export function tidy<T>(fn: () => T): T {
  if (typeof fn !== 'function') throw new TypeError(`tidy(): expected a function, not ${typeof fn}`);
  const depth = native.openScope();
  let survivors: number[] = [];
  try {
    const result = fn();
    refuseAsync('tidy', result);
    survivors = handlesWithin(result);
    return result;
  } finally {
    native.closeScope(depth, survivors);
  }
}

/** Lets a tensor outlive every {@link tidy} scope that it was made in. Returns it. */
export function keep<T extends Tensor>(tensor: T): T {
  if (!(tensor instanceof Tensor)) throw new TypeError(`keep(): expected a Tensor, not ${typeof tensor}`);
  native.keep(tensor.handle);
  return tensor;
}

/** What {@link memory.stats} gives. */
export interface MemoryStats {
  /** Tensors that JavaScript holds, or that have not been found to be garbage yet. */
  tensors: number;
  /** Bytes of their storages, each counted once, with what a tensor takes besides. */
  bytes: number;
  /** The most that `bytes` has been. */
  peakBytes: number;
  /** How often dead tensors were looked for. */
  sweeps: number;
  /** Tensors freed by sweeps. */
  swept: number;
  /** Time that sweeps took, in milliseconds. */
  sweepMilliseconds: number;
}

/** Memory as litorch sees it, for this thread. */
export const memory = {
  /** Live tensors and bytes, and what sweeps have done. */
  stats: (): MemoryStats => native.memoryStats(),
  collect,
} as const;
