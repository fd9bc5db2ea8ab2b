/** Tensors from JavaScript's data. See https://docs.pytorch.org/docs/stable/torch.html#creation-ops */
import { types } from 'node:util';
import { markAsUntransferable } from 'node:worker_threads';
import { type DeviceLike, device } from './device.js';
import * as dtypes from './dtype.js';
import { DType, getDefaultDtype } from './dtype.js';
import { native } from './native.js';
import { isComplexNumber } from './ops/parameter.js';
import { checkOptions } from './options.js';
import { type Scalar, Tensor, wrap } from './tensor.js';
import { checkTypedArray, dtypeOfArray, type TypedArray, typedArrayFor } from './typedArrays.js';

/** Data that a tensor is made of: a scalar, or arrays nested to equal lengths. */
export type TensorData = Scalar | Tensor | TypedArray | readonly TensorData[];

export interface TensorOptions {
  /** Default: found from the data; see {@link tensor}. */
  dtype?: DType;
  /** Default: `'cpu'`. */
  device?: DeviceLike;
  /** Whether autograd records operators on it. Default: `false`. */
  requiresGrad?: boolean;
}

// As many as libtorch's own limit for sizes that it prints and indexes.
const mostDimensions = 64;

function checkTensorOptions(name: string, options: TensorOptions): void {
  checkOptions(name, options, ['dtype', 'device', 'requiresGrad']);
  if (options.dtype !== undefined && !(options.dtype instanceof DType)) {
    throw new TypeError(`${name}(): argument 'dtype' must be a dtype, not ${typeof options.dtype}`);
  }
  if (options.requiresGrad !== undefined && typeof options.requiresGrad !== 'boolean') {
    throw new TypeError(`${name}(): argument 'requiresGrad' must be a boolean`);
  }
}

const isSequence = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || types.isTypedArray(value);

/** The lengths along the first element at each depth. */
function shapeOf(data: unknown): number[] {
  const shape: number[] = [];
  for (let value = data; isSequence(value); value = value[0]) {
    if (shape.length === mostDimensions) {
      throw new RangeError(
        `tensor(): too many dimensions (more than ${mostDimensions}), or an array that holds itself`,
      );
    }
    shape.push(value.length);
    if (value.length === 0) break;
  }
  return shape;
}

/** Visits every element in row-major order. @throws RangeError where the lengths differ. */
function visit(data: unknown, shape: readonly number[], depth: number, each: (value: unknown) => void): void {
  if (depth === shape.length) {
    if (isSequence(data)) throw new TypeError(`tensor(): expected a number at dim ${depth}, found an array`);
    each(data);
    return;
  }
  if (!isSequence(data)) {
    throw new TypeError(
      `tensor(): expected a sequence of length ${shape[depth]} at dim ${depth} (got ${typeof data})`,
    );
  }
  if (data.length !== shape[depth]) {
    throw new RangeError(
      `tensor(): expected sequence of length ${shape[depth]} at dim ${depth} (got ${data.length})`,
    );
  }
  for (let i = 0; i < data.length; i++) visit(data[i], shape, depth + 1, each);
}

function infer(elements: readonly Scalar[]): DType {
  let found: 'bool' | 'int' | 'float' | 'complex' = 'bool';
  for (const value of elements) {
    if (typeof value === 'object') found = 'complex';
    else if (typeof value === 'number' && found !== 'complex') found = 'float';
    else if (typeof value === 'bigint' && found === 'bool') found = 'int';
  }
  if (elements.length === 0 || found === 'float') return getDefaultDtype();
  if (found === 'complex') return getDefaultDtype() === dtypes.float64 ? dtypes.complex128 : dtypes.complex64;
  return found === 'int' ? dtypes.int64 : dtypes.bool;
}

function toBigInt(value: Scalar, dtype: DType): bigint {
  if (typeof value === 'object') throw new TypeError(`tensor(): a complex number cannot be made ${dtype}`);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RangeError(`tensor(): cannot convert float ${value} to integer`);
  }
  // As in Python, a fraction is cut off.
  const integer = typeof value === 'number' ? BigInt(Math.trunc(value)) : BigInt(value);
  const bits = dtype.itemsize * 8;
  const fits = dtype.isSigned
    ? BigInt.asIntN(bits, integer) === integer
    : BigInt.asUintN(bits, integer) === integer;
  if (!fits)
    throw new RangeError(`tensor(): value ${integer} cannot be converted to type ${dtype} without overflow`);
  return integer;
}

function toNumber(value: Scalar, dtype: DType): number {
  if (typeof value === 'object') throw new TypeError(`tensor(): a complex number cannot be made ${dtype}`);
  return Number(value);
}

/** A typed array of the elements, in a dtype that JavaScript holds and from which `dtype` is made without a second rounding. */
function pack(elements: readonly Scalar[], dtype: DType): { array: TypedArray; dtype: DType } {
  if (dtype.isComplex) {
    const array = new Float64Array(elements.length * 2);
    elements.forEach((value, i) => {
      array[2 * i] = typeof value === 'object' ? value.re : Number(value);
      array[2 * i + 1] = typeof value === 'object' ? value.im : 0;
    });
    return { array, dtype: dtypes.complex128 };
  }
  if (dtype === dtypes.bool) {
    const truth = (value: Scalar): number =>
      Number(
        typeof value === 'object' ? value.re !== 0 || value.im !== 0 : Boolean(value) || Number.isNaN(value),
      );
    return { array: Uint8Array.from(elements, truth), dtype };
  }
  if (dtype.isFloatingPoint) {
    const exact = dtype === dtypes.float32 ? dtypes.float32 : dtypes.float64;
    const array = typedArrayFor(exact, elements.length) as Float64Array;
    elements.forEach((value, i) => {
      array[i] = toNumber(value, dtype);
    });
    return { array, dtype: exact };
  }
  const array = typedArrayFor(dtype, elements.length);
  if (array === undefined) throw new TypeError(`tensor(): tensors of ${dtype} cannot be made from data`);
  const wide = dtype.itemsize === 8;
  elements.forEach((value, i) => {
    const integer = toBigInt(value, dtype);
    array[i] = (wide ? integer : Number(integer)) as never;
  });
  return { array, dtype };
}

/** Moves a new tensor to where and what it shall be, freeing what that leaves behind. */
function finish(made: Tensor, options: TensorOptions): Tensor {
  let result = made;
  const where = options.device === undefined ? undefined : device(options.device);
  const dtype = options.dtype;
  if ((dtype !== undefined && dtype !== made.dtype) || (where !== undefined && where.type !== 'cpu')) {
    result = made.to({ ...(dtype && { dtype }), ...(where && { device: where }) });
    if (result !== made) made.dispose();
  }
  if (options.requiresGrad === true) result.requiresGrad = true;
  return result;
}

/**
 * A tensor with a copy of `data`.
 *
 * Without a `dtype`, numbers give the default float dtype (JavaScript has no integer literals: this differs from
 * Python), bigints int64, booleans bool, `{ re, im }` complex numbers, and typed arrays their own type.
 *
 * See https://docs.pytorch.org/docs/stable/generated/torch.tensor.html
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
    const dtype = dtypeOfArray(array) as DType;
    return finish(wrap(native.fromBytes(array, dtype.code, [array.length])) as Tensor, options);
  }
  const shape = shapeOf(data);
  const elements: Scalar[] = [];
  visit(data, shape, 0, (value) => {
    const scalar = value instanceof Tensor ? value.item() : value;
    if (
      typeof scalar !== 'number' &&
      typeof scalar !== 'bigint' &&
      typeof scalar !== 'boolean' &&
      !isComplexNumber(scalar)
    ) {
      throw new TypeError(`tensor(): expected numbers, got ${scalar === null ? 'null' : typeof scalar}`);
    }
    elements.push(scalar);
  });
  const dtype = options.dtype ?? infer(elements);
  const packed = pack(elements, dtype);
  const made = wrap(native.fromBytes(packed.array, packed.dtype.code, shape)) as Tensor;
  return finish(made, { ...options, dtype });
}

/** Refuses to let the buffer's memory move away under a tensor. */
function pin(buffer: ArrayBufferLike): void {
  markAsUntransferable(buffer);
  for (const name of ['transfer', 'transferToFixedLength']) {
    if (!(name in buffer)) continue;
    Object.defineProperty(buffer, name, {
      configurable: true,
      value: () => {
        throw new TypeError(`${name}(): a tensor shares this buffer's memory`);
      },
    });
  }
}

/**
 * A tensor over the memory of a typed array: changes to one are seen in the other. The array's buffer stays alive as
 * long as the tensor, and can no longer be transferred.
 *
 * See https://docs.pytorch.org/docs/stable/generated/torch.from_numpy.html
 * @param shape Default: one dimension.
 * @param options `dtype`, of the same width as the array's elements (`torch.bool` for a Uint8Array, say); `requiresGrad`.
 * @throws TypeError for what is no typed array, or one over shared or resizable memory; RangeError for a shape of
 * another length.
 */
export function fromTypedArray(
  array: TypedArray,
  shape?: readonly number[],
  options: { dtype?: DType; requiresGrad?: boolean } = {},
): Tensor {
  checkTensorOptions('fromTypedArray', options);
  checkTypedArray('fromTypedArray', array);
  const dtype = options.dtype ?? (dtypeOfArray(array) as DType);
  if (dtype.itemsize !== array.BYTES_PER_ELEMENT) {
    throw new TypeError(
      `fromTypedArray(): ${dtype} has ${dtype.itemsize} bytes an element, the array ${array.BYTES_PER_ELEMENT}`,
    );
  }
  const sizes = shape ?? [array.length];
  if (!Array.isArray(sizes) || !sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new TypeError('fromTypedArray(): the shape must be an array of integers of at least 0');
  }
  const count = sizes.reduce((product, size) => product * size, 1);
  if (count !== array.length) {
    throw new RangeError(
      `fromTypedArray(): shape [${sizes.join(', ')}] is invalid for an array of ${array.length} elements`,
    );
  }
  const result = wrap(native.shareBytes(array, dtype.code, sizes)) as Tensor;
  pin(array.buffer);
  if (options.requiresGrad === true) result.requiresGrad = true;
  return result;
}

/**
 * A tensor of `data`, without a copy where that can be: a tensor that fits is returned itself, a typed array shares its
 * memory. See https://docs.pytorch.org/docs/stable/generated/torch.as_tensor.html
 */
export function asTensor(data: TensorData, options: { dtype?: DType; device?: DeviceLike } = {}): Tensor {
  checkTensorOptions('asTensor', options);
  if (data instanceof Tensor) {
    return data.to({ dtype: options.dtype ?? data.dtype, device: options.device ?? data.device });
  }
  if (ArrayBuffer.isView(data)) return finish(fromTypedArray(data), options);
  return tensor(data, options);
}

/** Whether a value is a tensor. See https://docs.pytorch.org/docs/stable/generated/torch.is_tensor.html */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}
