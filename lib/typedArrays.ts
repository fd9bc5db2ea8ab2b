/** Typed arrays and dtypes. */
import { types } from 'node:util';
import type { DType } from './dtype.js';
import * as dtypes from './dtype.js';

export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

type Make = (length: number) => TypedArray;

const byName: Record<string, { dtype: DType; make: Make }> = {
  Float32Array: { dtype: dtypes.float32, make: (n) => new Float32Array(n) },
  Float64Array: { dtype: dtypes.float64, make: (n) => new Float64Array(n) },
  Int8Array: { dtype: dtypes.int8, make: (n) => new Int8Array(n) },
  Int16Array: { dtype: dtypes.int16, make: (n) => new Int16Array(n) },
  Int32Array: { dtype: dtypes.int32, make: (n) => new Int32Array(n) },
  BigInt64Array: { dtype: dtypes.int64, make: (n) => new BigInt64Array(n) },
  Uint8Array: { dtype: dtypes.uint8, make: (n) => new Uint8Array(n) },
  Uint16Array: { dtype: dtypes.uint16, make: (n) => new Uint16Array(n) },
  Uint32Array: { dtype: dtypes.uint32, make: (n) => new Uint32Array(n) },
  BigUint64Array: { dtype: dtypes.uint64, make: (n) => new BigUint64Array(n) },
};

const makers = new Map<DType, Make>(Object.values(byName).map(({ dtype, make }) => [dtype, make]));
makers.set(dtypes.bool, (n) => new Uint8Array(n));

/** A typed array of `length` elements for a dtype that JavaScript holds as it is, or undefined. bool is a Uint8Array. */
export function typedArrayFor(dtype: DType, length: number): TypedArray | undefined {
  return makers.get(dtype)?.(length);
}

/** The dtype of a typed array's elements, or undefined (for a DataView, say). */
export function dtypeOfArray(array: ArrayBufferView): DType | undefined {
  const name = Object.prototype.toString.call(array).slice(8, -1);
  return name === 'Uint8ClampedArray' ? dtypes.uint8 : byName[name]?.dtype;
}

// Node 20 has no ArrayBuffer.prototype.detached.
function isDetached(buffer: ArrayBuffer): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/**
 * Lets a typed array through whose memory stays where it is.
 * @throws TypeError for anything else: no typed array, shared memory, a buffer that can be resized or is detached.
 */
export function checkTypedArray(name: string, value: unknown): TypedArray {
  if (types.isAnyArrayBuffer(value)) {
    throw new TypeError(
      `${name}(): a buffer has no element type; wrap it in a typed array such as Float32Array`,
    );
  }
  if (!types.isTypedArray(value) || dtypeOfArray(value as ArrayBufferView) === undefined) {
    throw new TypeError(`${name}(): expected a typed array`);
  }
  const array = value as TypedArray;
  if (types.isSharedArrayBuffer(array.buffer)) {
    throw new TypeError(
      `${name}(): the array is over a SharedArrayBuffer, which other threads could write to; copy it`,
    );
  }
  const buffer = array.buffer as ArrayBuffer & { resizable?: boolean };
  if (buffer.resizable === true) {
    throw new TypeError(`${name}(): the array's buffer can be resized, so its memory may go away; copy it`);
  }
  if (isDetached(buffer)) throw new TypeError(`${name}(): the array's buffer has been transferred away`);
  return array;
}
