/** Typed arrays and dtypes. */
import { types } from 'node:util';
import type { DType } from './dtype.js';
import * as dtypes from './dtype.js';

/** `Float16Array`, which Node has from version 24 on; nothing where the types in use don't know it. */
export type Float16 = typeof globalThis extends { Float16Array: { prototype: infer T } } ? T : never;

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
  | BigUint64Array
  | Float16;

type Constructor = new (
  buffer: ArrayBufferLike | number,
  byteOffset?: number,
  length?: number,
) => TypedArray & ArrayBufferView;

// This Node's, if it has one.
const Float16Array = (globalThis as { Float16Array?: Constructor }).Float16Array;

const byName: Record<string, { dtype: DType; make: Constructor }> = {
  Float32Array: { dtype: dtypes.float32, make: Float32Array as Constructor },
  Float64Array: { dtype: dtypes.float64, make: Float64Array as Constructor },
  Int8Array: { dtype: dtypes.int8, make: Int8Array as Constructor },
  Int16Array: { dtype: dtypes.int16, make: Int16Array as Constructor },
  Int32Array: { dtype: dtypes.int32, make: Int32Array as Constructor },
  BigInt64Array: { dtype: dtypes.int64, make: BigInt64Array as Constructor },
  Uint8Array: { dtype: dtypes.uint8, make: Uint8Array as Constructor },
  Uint16Array: { dtype: dtypes.uint16, make: Uint16Array as Constructor },
  Uint32Array: { dtype: dtypes.uint32, make: Uint32Array as Constructor },
  BigUint64Array: { dtype: dtypes.uint64, make: BigUint64Array as Constructor },
  ...(Float16Array && { Float16Array: { dtype: dtypes.float16, make: Float16Array } }),
};

const constructors = new Map<DType, Constructor>(
  Object.values(byName).map(({ dtype, make }) => [dtype, make]),
);
constructors.set(dtypes.bool, Uint8Array as Constructor);
// The parts of complex numbers, in turn.
constructors.set(dtypes.complex64, Float32Array as Constructor);
constructors.set(dtypes.complex128, Float64Array as Constructor);
if (Float16Array) constructors.set(dtypes.complex32, Float16Array);

/**
 * The class of typed array that holds a dtype's elements as they are, or undefined. bool is a Uint8Array; complex numbers
 * are two elements each.
 */
export function arrayClassOf(dtype: DType): Constructor | undefined {
  return constructors.get(dtype);
}

/** A typed array for `length` elements of a dtype that JavaScript holds as it is, or undefined. */
export function typedArrayFor(dtype: DType, length: number): TypedArray | undefined {
  const Class = constructors.get(dtype);
  return Class === undefined ? undefined : new Class(dtype.isComplex ? 2 * length : length);
}

/** The dtype of a typed array's elements, or undefined (for a DataView, say). */
export function dtypeOfArray(array: ArrayBufferView): DType | undefined {
  const name = Object.prototype.toString.call(array).slice(8, -1);
  return name === 'Uint8ClampedArray' ? dtypes.uint8 : byName[name]?.dtype;
}

/** The bytes of an array, as Node-API knows typed arrays: it has no name for the halves of all versions. */
export function bytesOfArray(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
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
 * Lets a buffer through whose memory stays where it is.
 * @throws TypeError where it is shared, can be resized or is detached.
 */
export function checkBuffer(name: string, value: ArrayBufferLike): void {
  if (types.isSharedArrayBuffer(value)) {
    throw new TypeError(
      `${name}(): the array is over a SharedArrayBuffer, which other threads could write to; copy it`,
    );
  }
  const buffer = value as ArrayBuffer & { resizable?: boolean };
  if (buffer.resizable === true) {
    throw new TypeError(`${name}(): the array's buffer can be resized, so its memory may go away; copy it`);
  }
  if (isDetached(buffer)) throw new TypeError(`${name}(): the array's buffer has been transferred away`);
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
  checkBuffer(name, array.buffer);
  return array;
}
