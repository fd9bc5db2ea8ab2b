/** `torch.Tensor`. See https://docs.pytorch.org/docs/stable/tensors.html */
import { inspect } from 'node:util';
import { GradFunction } from './autograd/gradFunction.js';
import { backward } from './autograd/index.js';
import { type Device, type DeviceLike, device, deviceOf } from './device.js';
import * as dtypes from './dtype.js';
import { DType, dtypeOf } from './dtype.js';
import { methodTable } from './generated/methodTable.js';
import type { TensorMethods } from './generated/methodTypes.js';
import { type Layout, layoutOf, MemoryFormat } from './layout.js';
import { tidy } from './memory.js';
import { type NativeScalar, type NativeTensor, native } from './native.js';
import { installMethods } from './ops/surface.js';
import { ops } from './ops.js';
import { checkOptions, isPlainObject } from './options.js';
import { tensorToString } from './tensorStr.js';
import { type TypedArray, typedArrayFor } from './typedArrays.js';

/** An element of a tensor; int64 is a bigint only where a number would not be exact. */
export type Scalar = NativeScalar;
/** What `tolist` gives. */
export type NestedList = Scalar | NestedList[];

export interface TensorBackwardOptions {
  /** The gradient of this tensor. Default: 1, for a tensor of one element. */
  gradient?: Tensor | null;
  /** Keeps what backward needs, so that it can run again. Default: the value of `createGraph`. */
  retainGraph?: boolean | null;
  /** Records the backward pass itself, for higher derivatives. Default: `false`. */
  createGraph?: boolean;
  /** Accumulates into these only. Default: all leaves. */
  inputs?: Tensor | readonly Tensor[] | null;
}

export interface ToOptions {
  dtype?: DType;
  device?: DeviceLike;
  nonBlocking?: boolean;
  copy?: boolean;
  memoryFormat?: MemoryFormat;
}

/**
 * A multi-dimensional array of elements of one type, with automatic differentiation.
 *
 * Tensors are made by `torch.tensor`, `torch.zeros` and so on, not by `new`. The object holds a handle into the addon's
 * table; its memory is freed once nothing refers to the object, or at once by {@link Tensor.dispose}.
 */
export class Tensor {
  /** @internal */
  handle: number;

  /** @internal */
  constructor(handle = 0) {
    this.handle = handle;
  }

  // --- What it is ---

  /** The length of each dimension. A fresh array each time. */
  get shape(): number[] {
    return native.shape(this.handle);
  }

  get dtype(): DType {
    return dtypeOf(native.dtype(this.handle));
  }

  get device(): Device {
    return deviceOf(native.device(this.handle));
  }

  get layout(): Layout {
    return layoutOf(native.layout(this.handle));
  }

  /** The number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Bytes an element takes. */
  get itemsize(): number {
    return this.dtype.itemsize;
  }

  /** Bytes that the elements take. */
  get nbytes(): number {
    return this.numel() * this.itemsize;
  }

  get isCuda(): boolean {
    return this.device.type === 'cuda';
  }

  get isCpu(): boolean {
    return this.device.type === 'cpu';
  }

  get isMeta(): boolean {
    return this.device.type === 'meta';
  }

  get isSparse(): boolean {
    return this.layout.name === 'sparse_coo';
  }

  get isNested(): boolean {
    return native.isNested(this.handle);
  }

  /** The shape, or the length of one dimension, counted from the end where negative. */
  size(): number[];
  size(dim: number): number;
  size(dim?: number): number[] | number {
    return ofDimension('size', this.shape, dim);
  }

  /** The strides in elements, or that of one dimension. */
  stride(): number[];
  stride(dim: number): number;
  stride(dim?: number): number[] | number {
    return ofDimension('stride', native.strides(this.handle), dim);
  }

  dim(): number {
    return this.ndim;
  }

  /** The number of elements. */
  numel(): number {
    return native.numel(this.handle);
  }

  elementSize(): number {
    return this.itemsize;
  }

  /** Where the first element lies in the storage, in elements. */
  storageOffset(): number {
    return native.storageOffset(this.handle);
  }

  /** The address of the first element. */
  dataPtr(): bigint {
    return native.dataPointer(this.handle);
  }

  isContiguous(options: { memoryFormat?: MemoryFormat } = {}): boolean {
    if (options.memoryFormat === undefined) return native.isContiguous(this.handle);
    return ops.aten.is_contiguous.memory_format(this, options.memoryFormat) as boolean;
  }

  isFloatingPoint(): boolean {
    return this.dtype.isFloatingPoint;
  }

  isComplex(): boolean {
    return this.dtype.isComplex;
  }

  /** All dimensions reversed; for matrices, the transpose. */
  get T(): Tensor {
    return aten('numpy_T', this);
  }

  /** The last two dimensions exchanged. */
  get mT(): Tensor {
    return aten('mT', this);
  }

  /** The conjugate transpose of a matrix. */
  get H(): Tensor {
    return aten('matrix_H', this);
  }

  /** The conjugate transpose of the last two dimensions. */
  get mH(): Tensor {
    return aten('mH', this);
  }

  /** The real part, sharing memory; the tensor itself where it is real. */
  get real(): Tensor {
    return this.dtype.isComplex ? aten('real', this) : this;
  }

  /** The imaginary part, sharing memory. @throws TorchError where the tensor is real. */
  get imag(): Tensor {
    return aten('imag', this);
  }

  // --- Elements ---

  /**
   * The value of a tensor of one element.
   * @throws TorchError where there are more.
   */
  item(): Scalar {
    return native.item(this.handle);
  }

  /** The elements as nested arrays, or the one element of a tensor without dimensions. */
  tolist(): NestedList {
    const { shape, dtype } = this;
    const flat = this.toTypedArray();
    let next = 0;
    const element = (): Scalar => {
      if (dtype.isComplex) return { re: Number(flat[next++]), im: Number(flat[next++]) };
      const value = flat[next++] as number | bigint;
      if (dtype === dtypes.bool) return value !== 0;
      return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
    };
    const build = (depth: number): NestedList =>
      depth === shape.length
        ? element()
        : Array.from({ length: shape[depth] as number }, () => build(depth + 1));
    return build(0);
  }

  /**
   * A copy of the elements in row-major order. bool gives a Uint8Array, half precision a Float32Array (exactly), complex
   * numbers their real and imaginary parts in turn.
   */
  toTypedArray(): TypedArray {
    const { dtype } = this;
    if (dtype.isComplex) {
      return tidy(() => aten('view_as_real', aten('resolve_conj', this.detach())).toTypedArray());
    }
    const array = typedArrayFor(dtype, this.numel());
    if (array === undefined) return tidy(() => this.detach().to(dtypes.float32).toTypedArray());
    native.readBytes(this.handle, array);
    return array;
  }

  // --- Autograd ---

  /** Whether gradients are recorded for it. Only leaves can be set. */
  get requiresGrad(): boolean {
    return native.requiresGrad(this.handle);
  }

  set requiresGrad(value: boolean) {
    if (typeof value !== 'boolean')
      throw new TypeError(`requiresGrad must be a boolean, not ${typeof value}`);
    native.setRequiresGrad(this.handle, value);
  }

  /** Sets {@link Tensor.requiresGrad}. Returns the tensor. */
  requiresGrad_(requiresGrad = true): this {
    this.requiresGrad = requiresGrad;
    return this;
  }

  /** The gradient that backward has accumulated, or null. The same object each time. */
  get grad(): Tensor | null {
    return wrap(native.grad(this.handle));
  }

  set grad(value: Tensor | null) {
    if (value !== null && value !== undefined && !(value instanceof Tensor)) {
      throw new TypeError(`assigned grad expected to be a Tensor or null but got ${typeof value}`);
    }
    native.setGrad(this.handle, value?.handle ?? null);
  }

  /**
   * The same elements without the graph and with a version counter of its own: changes are not seen by autograd.
   *
   * Setting it puts other elements under this tensor. Autograd does not notice that either: where backward needs the
   * tensor itself (`matmul(h, w)`, `w * s`), set `data` back only after backward, or the gradients are silently wrong.
   */
  get data(): Tensor {
    return wrap(native.data(this.handle)) as Tensor;
  }

  set data(value: Tensor) {
    if (!(value instanceof Tensor)) throw new TypeError(`data must be set to a Tensor, not ${typeof value}`);
    native.setData(this.handle, value.handle);
  }

  /** Whether it was made by the user and not by an operator that autograd has recorded. */
  get isLeaf(): boolean {
    return native.isLeaf(this.handle);
  }

  /** The function that made it, or null for a leaf. */
  get gradFn(): GradFunction | null {
    return GradFunction.at(this, []);
  }

  /** How often it has been changed in place, as autograd counts. */
  get _version(): number {
    return native.version(this.handle);
  }

  /** Whether backward keeps the gradient of this tensor, which is no leaf. */
  get retainsGrad(): boolean {
    return native.retainsGrad(this.handle);
  }

  /** Lets backward keep the gradient of a tensor that is no leaf. */
  retainGrad(): void {
    native.retainGrad(this.handle);
  }

  /** Whether it was made in inference mode. */
  isInference(): boolean {
    return native.isInference(this.handle);
  }

  /**
   * Accumulates the gradients of this tensor into the leaves' `grad`.
   * See https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
   * @throws TorchError if the graph has been freed, there is none, or an implicit gradient is not scalar.
   */
  backward(options?: TensorBackwardOptions): void;
  backward(
    gradient?: Tensor | null,
    retainGraph?: boolean | null,
    createGraph?: boolean,
    inputs?: Tensor | readonly Tensor[] | null,
  ): void;
  backward(
    first?: Tensor | TensorBackwardOptions | null,
    retainGraph?: boolean | null,
    createGraph?: boolean,
    inputs?: Tensor | readonly Tensor[] | null,
  ): void {
    const positional = first instanceof Tensor || first === null || first === undefined;
    if (!positional && (typeof first !== 'object' || Array.isArray(first))) {
      throw new TypeError(
        `backward(): gradient must be a Tensor or null, not ${Array.isArray(first) ? 'array' : typeof first}`,
      );
    }
    const options: TensorBackwardOptions = positional
      ? {
          gradient: first ?? null,
          retainGraph: retainGraph ?? null,
          createGraph: createGraph ?? false,
          inputs: inputs ?? null,
        }
      : first;
    checkOptions('backward', options, ['gradient', 'retainGraph', 'createGraph', 'inputs']);
    backward(this, {
      gradTensors: options.gradient ?? null,
      retainGraph: options.retainGraph ?? null,
      createGraph: options.createGraph ?? false,
      inputs: options.inputs ?? null,
    });
  }

  // --- Other dtypes and devices ---

  /**
   * The tensor with another dtype, on another device, or both; itself where nothing changes.
   * See https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html
   */
  to(dtype: DType, nonBlocking?: boolean, copy?: boolean): Tensor;
  to(device: DeviceLike, dtype?: DType, nonBlocking?: boolean, copy?: boolean): Tensor;
  to(other: Tensor, nonBlocking?: boolean, copy?: boolean): Tensor;
  to(target: DType | DeviceLike | Tensor, options: ToOptions): Tensor;
  to(options: ToOptions): Tensor;
  to(...args: unknown[]): Tensor {
    const { dtype, device: where, nonBlocking, copy, memoryFormat } = parseTo(args);
    const result = ops.aten.to.dtype_layout(this, {
      dtype,
      device: where === undefined ? undefined : device(where),
      non_blocking: nonBlocking,
      copy,
      memory_format: memoryFormat,
    });
    return result as Tensor;
  }

  cpu(): Tensor {
    return this.to('cpu');
  }

  /** On a CUDA device: the current one, or that of an index or name. */
  cuda(which: number | DeviceLike = 'cuda'): Tensor {
    return this.to(typeof which === 'number' ? `cuda:${which}` : which);
  }

  float(): Tensor {
    return this.to(dtypes.float32);
  }

  double(): Tensor {
    return this.to(dtypes.float64);
  }

  half(): Tensor {
    return this.to(dtypes.float16);
  }

  bfloat16(): Tensor {
    return this.to(dtypes.bfloat16);
  }

  long(): Tensor {
    return this.to(dtypes.int64);
  }

  int(): Tensor {
    return this.to(dtypes.int32);
  }

  short(): Tensor {
    return this.to(dtypes.int16);
  }

  char(): Tensor {
    return this.to(dtypes.int8);
  }

  byte(): Tensor {
    return this.to(dtypes.uint8);
  }

  bool(): Tensor {
    return this.to(dtypes.bool);
  }

  // --- Lifetime ---

  /** Frees the tensor's memory now. It cannot be used again; disposing it twice does nothing. */
  dispose(): void {
    native.release(this.handle);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Whether it has been freed. */
  get disposed(): boolean {
    return !native.isLive(this.handle);
  }

  /** As Python prints it. */
  toString(): string {
    return tensorToString(this);
  }

  [inspect.custom](): string {
    return this.disposed ? 'Tensor(disposed)' : this.toString();
  }
}

/** Operators as methods; see the generated types. */
export interface Tensor extends TensorMethods {}

installMethods(Tensor.prototype, methodTable);

/**
 * The object for a tensor that the addon gives: the one that stands for it, or a new one.
 * @internal
 */
export function wrap(result: NativeTensor): Tensor | null {
  if (typeof result !== 'number') return result as Tensor;
  if (result === 0) return null;
  const tensor = new Tensor(result);
  native.attach(result, tensor);
  return tensor;
}

/**
 * Makes a fresh object stand for the elements of `source`, outside its graph. For subclasses such as Parameter.
 * @internal
 */
export function adopt(target: Tensor, source: Tensor): void {
  const id = detachId();
  target.handle = native.callOperator(id, target, source.handle) as number;
}

let detach: number | undefined;

function detachId(): number {
  detach ??= native.operatorSchema('aten::detach', '')?.id;
  if (detach === undefined) throw new Error('libtorch has no aten::detach');
  return detach;
}

function aten(name: string, self: Tensor): Tensor {
  return ops.aten[name](self) as Tensor;
}

function ofDimension(name: string, values: number[], dim: number | undefined): number[] | number {
  if (dim === undefined) return values;
  if (!Number.isInteger(dim)) throw new TypeError(`${name}(): argument 'dim' must be int, not ${typeof dim}`);
  const value = values.at(dim);
  if (value === undefined || dim >= values.length) {
    const most = Math.max(values.length, 1);
    throw new RangeError(
      `Dimension out of range (expected to be in range of [${-most}, ${most - 1}], but got ${dim})`,
    );
  }
  return value;
}

function parseTo(args: readonly unknown[]): ToOptions {
  const [first, ...rest] = args;
  const result: ToOptions = {};
  const takeFlags = (flags: readonly unknown[]): void => {
    const [nonBlocking, copy, ...more] = flags;
    if (more.length > 0) throw new TypeError('to(): too many arguments');
    for (const [key, flag] of [
      ['nonBlocking', nonBlocking],
      ['copy', copy],
    ] as const) {
      if (flag === undefined) continue;
      if (typeof flag !== 'boolean')
        throw new TypeError(`to(): argument '${key}' must be bool, not ${typeof flag}`);
      result[key] = flag;
    }
  };
  const last = args.at(-1);
  if (isPlainObject(last)) {
    checkOptions('to', last, ['dtype', 'device', 'nonBlocking', 'copy', 'memoryFormat']);
    Object.assign(result, last);
    if (args.length > 1) Object.assign(result, { ...parseTo(args.slice(0, -1)), ...last });
    if (result.dtype !== undefined && !(result.dtype instanceof DType))
      throw new TypeError("to(): 'dtype' must be a dtype");
    if (result.memoryFormat !== undefined && !(result.memoryFormat instanceof MemoryFormat)) {
      throw new TypeError("to(): 'memoryFormat' must be a memory format");
    }
    return result;
  }
  if (first instanceof DType) {
    result.dtype = first;
    takeFlags(rest);
  } else if (first instanceof Tensor) {
    result.dtype = first.dtype;
    result.device = first.device;
    takeFlags(rest);
  } else if (first !== undefined && first !== null) {
    result.device = device(first as DeviceLike);
    if (rest[0] instanceof DType) result.dtype = rest.shift() as DType;
    takeFlags(rest);
  } else {
    throw new TypeError('to(): expected a dtype, a device or a tensor');
  }
  return result;
}
