/** Tensors from JavaScript's data. See https://docs.pytorch.org/docs/2.13/torch.html#creation-ops */
import { types } from 'node:util';
import { defaultDevice } from './defaultDevice.js';
import { type DeviceLike, device } from './device.js';
import * as dtypes from './dtype.js';
import { DType, getDefaultDtype } from './dtype.js';
import { retrying } from './memory/retry.js';
import { native } from './native.js';
import { nestedShape, visitNested } from './nested.js';
import { isComplexNumber } from './ops/parameter.js';
import { checkOptions } from './options.js';
import { promoteTypes } from './promotion.js';
import { type Scalar, Tensor, wrap } from './tensor.js';
import {
  bytesOfArray,
  checkBuffer,
  checkTypedArray,
  dtypeOfArray,
  type TypedArray,
  typedArrayFor,
} from './typedArrays.js';

/** Data that a tensor is made of: a scalar, or arrays nested to equal lengths. */
export type TensorData = Scalar | Tensor | TypedArray | readonly TensorData[];

export interface TensorOptions {
  /** Default: found from the data; see {@link tensor}. */
  dtype?: DType;
  /** Default: `'cpu'`, or what `torch.setDefaultDevice` has set. */
  device?: DeviceLike;
  /** Whether autograd records operators on it. Default: `false`. */
  requiresGrad?: boolean;
}

export interface FromTypedArrayOptions {
  /** Default: that of the array's elements. */
  dtype?: DType;
  /** Whether autograd records operators on it. Default: `false`. */
  requiresGrad?: boolean;
}

export interface FrombufferOptions {
  /** The dtype of the elements. Required. */
  dtype: DType;
  /** How many elements to take. Default: -1, all that there are. */
  count?: number;
  /** How many bytes to skip at the start. Default: 0. */
  offset?: number;
  /** Whether autograd records operators on it. Default: `false`. */
  requiresGrad?: boolean;
}

export interface AsarrayOptions {
  /** Default: the data's own; see {@link tensor}. */
  dtype?: DType;
  /** Default: the data's own device. */
  device?: DeviceLike;
  /** `true`: always a copy; `false`: never, which is an error where one is needed. Default: where one is needed. */
  copy?: boolean | null;
  /** Default: the data's own, `false` for what is no tensor. */
  requiresGrad?: boolean;
}

function checkTensorOptions(name: string, options: TensorOptions, others: readonly string[] = []): void {
  checkOptions(name, options, ['dtype', 'device', 'requiresGrad', ...others]);
  if (options.dtype !== undefined && !(options.dtype instanceof DType)) {
    throw new TypeError(`${name}(): argument 'dtype' must be a dtype, not ${typeof options.dtype}`);
  }
  if (options.requiresGrad !== undefined && typeof options.requiresGrad !== 'boolean') {
    throw new TypeError(`${name}(): argument 'requiresGrad' must be a boolean`);
  }
}

/** The elements of nested data, and the dtype that they have together. */
class Elements {
  readonly values: Scalar[] = [];
  private kind: 'bool' | 'int' | 'float' | 'complex' | undefined;
  private ofTensors: DType | undefined;

  take(given: unknown): void {
    if (typeof given === 'number') {
      if (this.kind !== 'complex') this.kind = 'float';
      this.values.push(given);
      return;
    }
    const value = given instanceof Tensor ? given.item() : given;
    if (given instanceof Tensor) {
      const { dtype } = given;
      this.ofTensors = this.ofTensors === undefined ? dtype : promoteTypes(this.ofTensors, dtype);
    } else if (typeof value === 'bigint') {
      if (this.kind === undefined || this.kind === 'bool') this.kind = 'int';
    } else if (typeof value === 'boolean') {
      this.kind ??= 'bool';
    } else if (isComplexNumber(value)) {
      this.kind = 'complex';
    } else {
      throw new TypeError(`tensor(): expected numbers, got ${value === null ? 'null' : typeof value}`);
    }
    this.values.push(value as Scalar);
  }

  dtype(): DType {
    const { kind, ofTensors } = this;
    if (kind === undefined) return ofTensors ?? getDefaultDtype();
    let own = dtypes.bool;
    if (kind === 'int') own = dtypes.int64;
    else if (kind === 'float') own = getDefaultDtype();
    else if (kind === 'complex') {
      own = getDefaultDtype() === dtypes.float64 ? dtypes.complex128 : dtypes.complex64;
    }
    return ofTensors === undefined ? own : promoteTypes(own, ofTensors);
  }
}

function overflow(dtype: DType): never {
  throw new RangeError(`value cannot be converted to type ${dtype.name} without overflow`);
}

function toBigInt(value: Scalar, dtype: DType): bigint {
  if (typeof value === 'object') throw new TypeError(`tensor(): a complex number cannot be made ${dtype}`);
  if (typeof value === 'number' && !Number.isFinite(value)) overflow(dtype);
  // As in Python, a fraction is cut off.
  const integer = typeof value === 'number' ? BigInt(Math.trunc(value)) : BigInt(value);
  const bits = dtype.itemsize * 8;
  if (dtype.isSigned) {
    if (BigInt.asIntN(bits, integer) === integer) return integer;
  } else {
    // As in PyTorch, a negative number wraps around if its opposite fits.
    const size = integer < 0n ? -integer : integer;
    if (BigInt.asUintN(bits, size) === size) return integer;
  }
  return overflow(dtype);
}

function toNumber(value: Scalar, dtype: DType): number {
  if (typeof value === 'object') throw new TypeError(`tensor(): a complex number cannot be made ${dtype}`);
  return Number(value);
}

const isTrue = (value: Scalar): boolean =>
  typeof value === 'object' ? value.re !== 0 || value.im !== 0 : Boolean(value) || Number.isNaN(value);

/** The integers of up to 32 bits that a number holds, in which most data comes. */
function fillIntegers(array: Int32Array, values: readonly Scalar[], dtype: DType): void {
  const bits = dtype.itemsize * 8;
  const least = dtype.isSigned ? -(2 ** (bits - 1)) : 1 - 2 ** bits;
  const most = dtype.isSigned ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as Scalar;
    const integer = typeof value === 'number' ? Math.trunc(value) : Number(toBigInt(value, dtype));
    if (!(integer >= least && integer <= most)) overflow(dtype);
    array[i] = integer;
  }
}

/** A typed array of the elements, in a dtype that JavaScript holds and from which `dtype` is made without a second rounding. */
function pack(values: readonly Scalar[], dtype: DType): { array: TypedArray; dtype: DType } {
  const { length } = values;
  if (dtype.isComplex) {
    const array = new Float64Array(length * 2);
    values.forEach((value, i) => {
      array[2 * i] = typeof value === 'object' ? value.re : Number(value);
      array[2 * i + 1] = typeof value === 'object' ? value.im : 0;
    });
    return { array, dtype: dtypes.complex128 };
  }
  if (dtype === dtypes.bool)
    return { array: Uint8Array.from(values, (value) => Number(isTrue(value))), dtype };
  if (dtype.isFloatingPoint && !dtype.name.startsWith('float4')) {
    const exact = dtype === dtypes.float32 ? dtypes.float32 : dtypes.float64;
    const array = exact === dtypes.float32 ? new Float32Array(length) : new Float64Array(length);
    for (let i = 0; i < length; i++) array[i] = toNumber(values[i] as Scalar, dtype);
    return { array, dtype: exact };
  }
  const array = typedArrayFor(dtype, length);
  if (array === undefined) throw new TypeError(`tensor(): tensors of ${dtype} cannot be made from data`);
  if (dtype.itemsize === 8) {
    const wide = array as BigInt64Array;
    for (let i = 0; i < length; i++) wide[i] = toBigInt(values[i] as Scalar, dtype);
  } else fillIntegers(array as Int32Array, values, dtype);
  return { array, dtype };
}

/** Moves a new tensor to where and what it shall be, freeing what that leaves behind. */
function finish(made: Tensor, options: TensorOptions): Tensor {
  let result = made;
  const where = options.device === undefined ? defaultDevice.device : device(options.device);
  const dtype = options.dtype;
  if ((dtype !== undefined && dtype !== made.dtype) || (where !== undefined && where.type !== 'cpu')) {
    result = made.to({ ...(dtype && { dtype }), ...(where && { device: where }) });
    if (result !== made) made.dispose();
  }
  if (options.requiresGrad === true) result.requiresGrad = true;
  return result;
}

const copyBytes = (array: ArrayBufferView, dtype: DType, shape: readonly number[]): Tensor =>
  retrying(() => wrap(native.fromBytes(bytesOfArray(array), dtype.code, shape))) as Tensor;

/**
 * A tensor with a copy of `data`.
 *
 * Without a `dtype`, numbers give the default float dtype (JavaScript has no integer literals: this differs from
 * Python), bigints int64, booleans bool, `{ re, im }` complex numbers, and typed arrays and tensors their own type.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.tensor.html
 * @throws TypeError for what is no number, RangeError for arrays of unequal lengths and integers out of range.
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  checkTensorOptions('tensor', options);
  if (data instanceof Tensor) {
    const copy = data.detach();
    const result = copy.to({
      dtype: options.dtype ?? data.dtype,
      device: options.device ?? data.device,
      copy: true,
    });
    copy.dispose();
    if (options.requiresGrad === true) result.requiresGrad = true;
    return result;
  }
  if (ArrayBuffer.isView(data)) {
    const array = checkTypedArray('tensor', data);
    return finish(copyBytes(array, dtypeOfArray(array) as DType, [array.length]), options);
  }
  const shape = nestedShape('tensor', data);
  const elements = new Elements();
  visitNested('tensor', data, shape, (value) => elements.take(value));
  const dtype = options.dtype ?? elements.dtype();
  const packed = pack(elements.values, dtype);
  return finish(copyBytes(packed.array, packed.dtype, shape), { ...options, dtype });
}

/** A tensor over memory that JavaScript sees as well. Only `isPrivate` memory is sure never to be moved away. */
function share(array: TypedArray, dtype: DType, sizes: readonly number[], isPrivate: boolean): Tensor {
  return wrap(native.shareBytes(bytesOfArray(array), array.buffer, dtype.code, sizes, isPrivate)) as Tensor;
}

/**
 * As {@link fromTypedArray}, for an array that no user ever gets hold of, whose buffer needs no watching.
 * @internal
 */
export function sharePrivately(array: TypedArray): Tensor {
  return share(array, dtypeOfArray(array) as DType, [array.length], true);
}

/** How many elements of `dtype` the array holds. */
function countOf(array: TypedArray, dtype: DType): number {
  if (dtype.itemsize === array.BYTES_PER_ELEMENT) return array.length;
  // Complex numbers lie as their parts in turn.
  const halves = dtype.isComplex && dtype.itemsize === 2 * array.BYTES_PER_ELEMENT;
  if (!halves || !(dtypeOfArray(array)?.isFloatingPoint || array instanceof Uint16Array)) {
    throw new TypeError(
      `fromTypedArray(): ${dtype} has ${dtype.itemsize} bytes an element, the array ${array.BYTES_PER_ELEMENT}`,
    );
  }
  if (array.length % 2 !== 0) {
    throw new RangeError(`fromTypedArray(): ${array.length} parts are no whole number of ${dtype}`);
  }
  return array.length / 2;
}

function refuseQuantized(name: string, dtype: DType): void {
  if (/^qu?int/.test(dtype.name)) {
    throw new TypeError(`${name}(): tensors of ${dtype} cannot be made from data`);
  }
}

/**
 * A tensor over the memory of a typed array: changes to one are seen in the other, and the array's buffer stays alive
 * as long as the tensor. A buffer that is transferred away (by `postMessage` or `ArrayBuffer.prototype.transfer`, or by
 * the growth of a WebAssembly.Memory) takes the elements with it: the tensor's next use is a DisposedError.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.from_numpy.html
 * @param shape Default: one dimension.
 * @param options `dtype`: of the same width as the array's elements, whose bits it reads (`torch.bool` for a Uint8Array,
 * `torch.bfloat16` for a Uint16Array, `torch.float8_e5m2` for a Uint8Array); or complex, for a floating point array
 * that holds real and imaginary parts in turn. `requiresGrad`.
 * @throws TypeError for what is no typed array, or one over shared or resizable memory; RangeError for a shape of
 * another length.
 */
export function fromTypedArray(
  array: TypedArray,
  shape?: readonly number[],
  options: FromTypedArrayOptions = {},
): Tensor {
  checkTensorOptions('fromTypedArray', options);
  checkTypedArray('fromTypedArray', array);
  const dtype = options.dtype ?? (dtypeOfArray(array) as DType);
  refuseQuantized('fromTypedArray', dtype);
  const count = countOf(array, dtype);
  const sizes = shape ?? [count];
  if (!Array.isArray(sizes) || !sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new TypeError('fromTypedArray(): the shape must be an array of integers of at least 0');
  }
  if (sizes.reduce((product, size) => product * size, 1) !== count) {
    throw new RangeError(
      `fromTypedArray(): shape [${sizes.join(', ')}] is invalid for an array of ${count} elements`,
    );
  }
  const result = share(array, dtype, sizes, false);
  if (options.requiresGrad === true) result.requiresGrad = true;
  return result;
}

function checkInteger(name: string, value: unknown): number {
  if (!Number.isSafeInteger(value)) {
    throw new TypeError(`frombuffer(): argument '${name}' must be int, not ${typeof value}`);
  }
  return value as number;
}

/**
 * A tensor of one dimension over the bytes of a buffer or of a view of one, which it shares as {@link fromTypedArray}
 * does. Elements that would not begin at a multiple of their width within the buffer are copied.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.frombuffer.html
 * @throws TypeError for what is no buffer, or without a dtype; RangeError for an offset or a count beyond the buffer.
 */
export function frombuffer(buffer: ArrayBuffer | ArrayBufferView, options: FrombufferOptions): Tensor {
  checkTensorOptions('frombuffer', options ?? {}, ['count', 'offset']);
  const { dtype, count = -1, offset = 0 } = options ?? {};
  if (dtype === undefined) throw new TypeError("frombuffer(): missing required argument 'dtype'");
  refuseQuantized('frombuffer', dtype);
  const isView = ArrayBuffer.isView(buffer);
  if (!isView && !types.isAnyArrayBuffer(buffer)) {
    throw new TypeError('frombuffer(): the first argument must be an ArrayBuffer or a view of one');
  }
  const whole = isView ? buffer.buffer : buffer;
  checkBuffer('frombuffer', whole);
  const length = buffer.byteLength;
  const width = dtype.itemsize;
  const wanted = checkInteger('count', count);
  const skipped = checkInteger('offset', offset);
  if (length === 0 || wanted === 0) {
    throw new RangeError(`both buffer length (${length}) and count (${wanted}) must not be 0`);
  }
  if (skipped < 0 || skipped >= length) {
    throw new RangeError(
      `offset (${skipped} bytes) must be non-negative and no greater than buffer length (${length} bytes) minus 1`,
    );
  }
  if (wanted > 0 && skipped + wanted * width > length) {
    throw new RangeError(
      `requested buffer length (${wanted} * ${width} bytes) after offset (${skipped} bytes) must not be greater than actual buffer length (${length} bytes)`,
    );
  }
  if (wanted < 0 && (length - skipped) % width !== 0) {
    throw new RangeError(
      `buffer length (${length - skipped} bytes) after offset (${skipped} bytes) must be a multiple of element size (${width})`,
    );
  }
  const elements = wanted < 0 ? (length - skipped) / width : wanted;
  const start = (isView ? buffer.byteOffset : 0) + skipped;
  const bytes = new Uint8Array(whole, start, elements * width);
  const aligned = start % Math.min(width, 8) === 0;
  const result = aligned ? share(bytes, dtype, [elements], false) : copyBytes(bytes, dtype, [elements]);
  if (options.requiresGrad === true) result.requiresGrad = true;
  return result;
}

/**
 * A tensor of `data`, without a copy where that can be: a tensor that fits is returned itself, a typed array shares its
 * memory. See https://docs.pytorch.org/docs/2.13/generated/torch.as_tensor.html
 */
export function asTensor(data: TensorData, options: { dtype?: DType; device?: DeviceLike } = {}): Tensor {
  checkTensorOptions('asTensor', options);
  if (data instanceof Tensor) {
    return data.to({ dtype: options.dtype ?? data.dtype, device: options.device ?? data.device });
  }
  if (ArrayBuffer.isView(data)) return finish(fromTypedArray(data), options);
  return tensor(data, options);
}

/**
 * A tensor of `data`: itself, over its memory, or a copy, as `copy` asks.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.asarray.html
 * @throws RangeError where `copy` is false and a copy is needed.
 */
export function asarray(data: TensorData | ArrayBuffer, options: AsarrayOptions = {}): Tensor {
  checkTensorOptions('asarray', options as TensorOptions, ['copy']);
  const { dtype, copy = null, requiresGrad } = options;
  if (copy !== null && typeof copy !== 'boolean') {
    throw new TypeError(`asarray(): argument 'copy' must be bool, not ${typeof copy}`);
  }
  let source: Tensor;
  if (data instanceof Tensor) source = data;
  else if (ArrayBuffer.isView(data)) source = fromTypedArray(data);
  else if (types.isAnyArrayBuffer(data)) source = frombuffer(data, { dtype: dtype ?? getDefaultDtype() });
  else {
    if (copy === false) throw new RangeError("can't alias arbitrary sequence into a tensor.");
    return tensor(data as TensorData, {
      ...(dtype && { dtype }),
      ...(options.device !== undefined && { device: options.device }),
      requiresGrad: requiresGrad === true,
    });
  }
  const where = options.device === undefined ? defaultDevice.device : device(options.device);
  const wrongDevice = where !== undefined && where.toString() !== source.device.toString();
  const wrongDtype = dtype !== undefined && dtype !== source.dtype;
  let result = source;
  if (copy === true || (copy === null && (wrongDevice || wrongDtype))) {
    result = source.to({ ...(dtype && { dtype }), ...(where && { device: where }), copy: true });
    if (source !== data) source.dispose();
  } else if (wrongDevice) {
    throw new RangeError(`can't alias tensor from device '${source.device}' to '${where}'.`);
  } else if (wrongDtype) {
    throw new RangeError(`can't alias tensor with dtype '${source.dtype.name}' into dtype '${dtype.name}'.`);
  }
  if (requiresGrad === undefined) return result;
  if (!result.isLeaf && !requiresGrad) return result.detach();
  result.requiresGrad = requiresGrad;
  return result;
}

/** Whether a value is a tensor. See https://docs.pytorch.org/docs/2.13/generated/torch.is_tensor.html */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}
