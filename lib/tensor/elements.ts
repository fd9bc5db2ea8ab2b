/** A tensor's elements as JavaScript's values: arrays, typed arrays, and the memory itself. */
import { Buffer, constants } from 'node:buffer';
import { bool, complex64, type DType, float32 } from '../dtype.js';
import { TorchError } from '../errors.js';
import { retrying } from '../memory/retry.js';
import { native, numbers } from '../native.js';
import { ops } from '../ops.js';
import type { NestedList, Scalar, Tensor } from '../tensor.js';
import { arrayClassOf, bytesOfArray, type TypedArray } from '../typedArrays.js';

/** Refuses the dtypes whose elements are no numbers by themselves. */
function checkDtype(dtype: DType): void {
  const isOpaque = /^(qu?int|bits|float4|u?int[1-7]$)/.test(dtype.name);
  if (isOpaque) throw new TypeError(`Got unsupported ScalarType ${dtype.name}`);
}

function checkLayout(tensor: Tensor): void {
  const layout = tensor.layout.name;
  if (layout !== 'strided' || tensor.isNested) {
    const kind = tensor.isNested ? 'nested' : layout;
    throw new TypeError(
      `can't convert a tensor of ${kind} layout to an array. Use Tensor.${tensor.isNested ? 'unbind' : 'toDense'}() first.`,
    );
  }
}

/** The dtype that the elements are read as: their own, or float32 where JavaScript has no such numbers. */
function readAs(dtype: DType): DType {
  if (arrayClassOf(dtype) !== undefined) return dtype;
  return dtype.isComplex ? complex64 : float32;
}

// Where zeros in advance begin to cost.
const fresh = 1 << 12;

/** A typed array whose elements are not set yet: filling them with zeros first would take as long as the copy. */
function unset(dtype: DType, length: number): TypedArray {
  const Class = arrayClassOf(dtype) as NonNullable<ReturnType<typeof arrayClassOf>>;
  const elements = dtype.isComplex ? 2 * length : length;
  const bytes = length * dtype.itemsize;
  if (bytes < fresh || bytes > constants.MAX_LENGTH) return new Class(elements);
  return new Class(Buffer.allocUnsafeSlow(bytes).buffer, 0, elements);
}

/** An array for the elements of a tensor, not set yet, and the dtype that they are to be read as. */
export function arrayFor(tensor: Tensor): [array: TypedArray, dtype: DType] {
  const { dtype } = tensor;
  checkDtype(dtype);
  checkLayout(tensor);
  const as = readAs(dtype);
  return [unset(as, tensor.numel()), as];
}

export function toTypedArray(tensor: Tensor): TypedArray {
  const [array, as] = arrayFor(tensor);
  retrying(() => native.readBytes(tensor.handle, bytesOfArray(array), as.code));
  return array;
}

/** A small tensor of numbers, read at once. */
function smallList(dims: number): NestedList {
  if (dims === 0) return numbers[0] as number;
  let next = dims;
  const build = (depth: number): NestedList[] => {
    const list: NestedList[] = [];
    const length = numbers[depth] as number;
    for (let i = 0; i < length; i++)
      list.push(depth === dims - 1 ? (numbers[next++] as number) : build(depth + 1));
    return list;
  };
  return build(0);
}

export function tolist(tensor: Tensor): NestedList {
  const dims = native.readElements(tensor.handle);
  if (dims >= 0) return smallList(dims);
  const { shape, dtype } = tensor;
  const flat = toTypedArray(tensor);
  const row = rowOf(flat, dtype);
  if (shape.length === 0) return row(0, 1)[0] as Scalar;
  const width = shape.at(-1) as number;
  let next = 0;
  const build = (depth: number): NestedList[] => {
    if (depth === shape.length - 1) {
      next += width;
      return row(next - width, next);
    }
    const list: NestedList[] = [];
    for (let i = 0; i < (shape[depth] as number); i++) list.push(build(depth + 1));
    return list;
  };
  return build(0);
}

/** What gives the elements from one place to another as an array. */
export function rowOf(array: TypedArray, dtype: DType): (from: number, to: number) => Scalar[] {
  const { isComplex } = dtype;
  const flat = array as ArrayLike<number>;
  if (isComplex) {
    return (from, to) => {
      const row: Scalar[] = [];
      for (let i = from; i < to; i++) row.push({ re: flat[2 * i] as number, im: flat[2 * i + 1] as number });
      return row;
    };
  }
  if (dtype === bool) {
    return (from, to) => {
      const row: Scalar[] = [];
      for (let i = from; i < to; i++) row.push(flat[i] !== 0);
      return row;
    };
  }
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) {
    const [low, high] = halvesOf(array);
    return (from, to) => {
      const row: Scalar[] = [];
      for (let i = from; i < to; i++) {
        const upper = high[2 * i] as number;
        // Most integers are exact as numbers, and made so faster than through a bigint.
        const isSafe = upper < 0x20_0000 && upper >= -0x20_0000;
        const value = upper * 4294967296 + (low[2 * i] as number);
        row.push(isSafe && value !== -9007199254740992 ? value : (array[i] as bigint));
      }
      return row;
    };
  }
  return (from, to) => {
    const row: number[] = [];
    for (let i = from; i < to; i++) row.push(flat[i] as number);
    return row;
  };
}

/** The lower and the upper halves of 64-bit integers, each at every second place. */
function halvesOf(array: BigInt64Array | BigUint64Array): [Uint32Array, Int32Array | Uint32Array] {
  const { byteOffset, length } = array;
  const buffer = array.buffer as ArrayBuffer;
  if (length === 0) return [new Uint32Array(0), new Uint32Array(0)];
  const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  const Upper = array instanceof BigInt64Array ? Int32Array : Uint32Array;
  const at = (second: boolean): number => byteOffset + (second ? 4 : 0);
  return [
    new Uint32Array(buffer, at(!isLittle), 2 * length - 1),
    new Upper(buffer, at(isLittle), 2 * length - 1),
  ];
}

/** The checks are those of Python's `numpy()`. */
export function asTypedArray(tensor: Tensor): TypedArray {
  const name = 'asTypedArray()';
  checkLayout(tensor);
  if (!tensor.isCpu) {
    throw new TypeError(
      `can't convert ${tensor.device} device type tensor to an array. Use Tensor.cpu() to copy the tensor to host memory first.`,
    );
  }
  if (tensor.requiresGrad) {
    throw new TorchError(
      `Can't call ${name} on Tensor that requires grad. Use tensor.detach().${name} instead.`,
    );
  }
  if (tensor.isConj()) {
    throw new TorchError(
      `Can't call ${name} on Tensor that has conjugate bit set. Use tensor.resolveConj().${name} instead.`,
    );
  }
  if (tensor.isNeg()) {
    throw new TorchError(
      `Can't call ${name} on Tensor that has negative bit set. Use tensor.resolveNeg().${name} instead.`,
    );
  }
  if (ops.aten._is_zerotensor<boolean>(tensor)) {
    throw new TorchError(`Cannot convert a ZeroTensor to an array. Use tensor.clone().${name} instead.`);
  }
  if (!tensor.isContiguous()) {
    throw new TypeError(
      `Can't call ${name} on Tensor whose elements are not in row-major order. Use tensor.contiguous().${name} instead.`,
    );
  }
  const { dtype } = tensor;
  const Class = arrayClassOf(dtype);
  if (Class === undefined) {
    throw new TypeError(
      `Got unsupported ScalarType ${dtype.name}: JavaScript has no such array. Use toTypedArray(), which converts, or view the bits as another dtype.`,
    );
  }
  const length = dtype.isComplex ? 2 * tensor.numel() : tensor.numel();
  if (length === 0) return new Class(0);
  const buffer = native.sharedBuffer(tensor.handle);
  return new Class(buffer, native.sharedOffset(tensor.handle), length);
}
