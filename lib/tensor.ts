/** `torch.Tensor`. See https://docs.pytorch.org/docs/2.13/tensors.html */
import { inspect } from 'node:util';
import { type AsyncMethods, installAsync } from './async/methods.js';
import { GradFunction } from './autograd/gradFunction.js';
import {
  type AccumulateGradHook,
  type RemovableHandle,
  registerAccumulationHook,
  registerTensorHook,
  type TensorHook,
} from './autograd/hooks.js';
import { backward } from './autograd/index.js';
import type { TensorData } from './creation.js';
import { type Device, type DeviceLike, device, deviceLike, deviceOf } from './device.js';
import * as dtypes from './dtype.js';
import { DType, dtypeOf } from './dtype.js';
import { methodTable } from './generated/methodTable.js';
import type { TensorMethods } from './generated/methodTypes.js';
import { type IndexingMethods, installIndexing } from './indexing/methods.js';
import { type Layout, layoutOf, type MemoryFormat } from './layout.js';
import { type NativeScalar, type NativeTensor, native, numbers } from './native.js';
import { callDirectly } from './ops/direct.js';
import { bindMethod, installMethods } from './ops/surface.js';
import { ops } from './ops.js';
import { checkOptions, isPlainObject } from './options.js';
import { type QScheme, qschemeOf } from './qscheme.js';
import { parseBackward, type TensorBackwardOptions } from './tensor/backward.js';
import { type DimOrderOptions, dimOrder } from './tensor/dimOrder.js';
import { asTypedArray, tolist, toTypedArray } from './tensor/elements.js';
import { type NewTensorOptions, newTensor } from './tensor/newTensor.js';
import { type ConversionOptions, convert, parseTo, type ToOptions, toDevice, toDtype } from './tensor/to.js';
import { parseTypeName, typeName } from './tensor/typeName.js';
import { installWrittenMethods, type WrittenMethods } from './tensorMethods.js';
import { tensorToString } from './tensorStr.js';
import type { TypedArray } from './typedArrays.js';

/** An element of a tensor; int64 is a bigint only where a number would not be exact. */
export type Scalar = NativeScalar;
/** What `tolist` gives. */
export type NestedList = Scalar | NestedList[];

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
    const length = native.readShape(this.handle);
    if (length < 0) return native.shape(this.handle);
    const shape: number[] = [];
    for (let i = 0; i < length; i++) shape.push(numbers[i] as number);
    return shape;
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
    const length = native.readShape(this.handle);
    return length < 0 ? native.shape(this.handle).length : length;
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

  /** Whether it is sparse in coordinate format; see {@link Tensor.layout} for the others. */
  get isSparse(): boolean {
    return this.layout.name === 'sparse_coo';
  }

  get isSparseCsr(): boolean {
    return this.layout.name === 'sparse_csr';
  }

  get isMkldnn(): boolean {
    return this.layout.name === '_mkldnn';
  }

  get isQuantized(): boolean {
    return this.dtype.name.startsWith('q');
  }

  get isMps(): boolean {
    return this.device.type === 'mps';
  }

  get isXpu(): boolean {
    return this.device.type === 'xpu';
  }

  get isXla(): boolean {
    return this.device.type === 'xla';
  }

  get isIpu(): boolean {
    return this.device.type === 'ipu';
  }

  get isMaia(): boolean {
    return this.device.type === 'maia';
  }

  get isMtia(): boolean {
    return this.device.type === 'mtia';
  }

  get isVulkan(): boolean {
    return this.device.type === 'vulkan';
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

  /** The same as {@link Tensor.dim}. */
  ndimension(): number {
    return this.ndim;
  }

  /**
   * The dimensions from the outermost in memory to the innermost: `[0, 2, 3, 1]` for `torch.channelsLast`.
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.dim_order.html
   * @throws TorchError where `ambiguityCheck` is wanted and there are several such orders.
   */
  dimOrder(options: DimOrderOptions = {}): number[] {
    return dimOrder(this, options);
  }

  /** The number of elements. */
  numel(): number {
    return native.numel(this.handle);
  }

  /** The same as {@link Tensor.numel}. */
  nelement(): number {
    return this.numel();
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

  /** Whether the elements lie in memory in the order of the dimensions, or in that of a memory format. */
  isContiguous(options?: ConversionOptions): boolean {
    if (options === undefined) return native.isContiguous(this.handle);
    checkOptions('isContiguous', options, ['memoryFormat']);
    const { memoryFormat } = options;
    if (memoryFormat === undefined || memoryFormat === null) return native.isContiguous(this.handle);
    return ops.aten.is_contiguous.memory_format(this, memoryFormat) as boolean;
  }

  /**
   * The tensor with its elements in row-major order, or in that of another memory format: itself, where they are.
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.contiguous.html
   */
  contiguous(options?: { memoryFormat?: MemoryFormat }): Tensor {
    if (options === undefined && native.isContiguous(this.handle)) return this;
    return contiguous.call(this, options) as Tensor;
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

  set real(value: Tensor | number) {
    assign('real', this.real, value);
  }

  /** The imaginary part, sharing memory. @throws TorchError where the tensor is real. */
  get imag(): Tensor {
    return aten('imag', this);
  }

  set imag(value: Tensor | number) {
    assign('imag', this.imag, value);
  }

  /** How a quantized tensor stands for its values. @throws TorchError where it is not quantized. */
  qscheme(): QScheme {
    return qschemeOf(Number(ops.aten.qscheme(this)));
  }

  // --- Elements ---

  /**
   * The value of a tensor of one element.
   * @throws TorchError where there are more.
   */
  item(): Scalar {
    return native.item(this.handle);
  }

  /**
   * The elements as nested arrays, or the one element of a tensor without dimensions. Complex numbers are `{ re, im }`.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tolist.html
   * @throws TypeError for sparse, nested and quantized tensors; TorchError on the device `meta`.
   */
  tolist(): NestedList {
    return tolist(this);
  }

  /**
   * A copy of the elements in row-major order. bool gives a Uint8Array, complex numbers their real and imaginary parts
   * in turn, float16 a Float16Array in a Node that has it (24 and later) and otherwise, as bfloat16 and the float8
   * dtypes, a Float32Array, which holds them exactly.
   *
   * @throws TypeError for sparse, nested and quantized tensors; TorchError on the device `meta`.
   */
  toTypedArray(): TypedArray {
    return toTypedArray(this);
  }

  /**
   * The tensor's memory as a typed array, without a copy: what is written to one is seen in the other. Python's
   * `numpy()`. The array keeps the memory, also after {@link dispose}; the tensor can no longer be resized.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.numpy.html
   * @throws TypeError where there is no such memory, and says what to call first: on another device than the CPU, with
   * requiresGrad, not contiguous, sparse, or of a dtype that JavaScript has no array for.
   */
  asTypedArray(): TypedArray {
    return asTypedArray(this);
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

  /** Which of its function's results it is. See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.html */
  get outputNr(): number {
    return Number(ops.aten.output_nr(this));
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

  /**
   * Calls `hook` with the gradient of this tensor whenever backward has computed it. A tensor that the hook returns takes
   * the gradient's place. Hooks run in the order in which they were registered.
   *
   * A hook that refers to this tensor itself is freed with it; one that refers to results computed from it stays until
   * it is removed, or the tensor's graph is gone.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.register_hook.html
   * @throws TorchError where the tensor does not require a gradient.
   */
  registerHook(hook: TensorHook): RemovableHandle {
    return registerTensorHook(this, hook);
  }

  /**
   * Calls `hook` with this tensor, a leaf, whenever backward has accumulated its `grad`.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.register_post_accumulate_grad_hook.html
   * @throws TorchError where the tensor does not require a gradient, or is no leaf.
   */
  registerPostAccumulateGradHook(hook: AccumulateGradHook): RemovableHandle {
    return registerAccumulationHook(this, hook);
  }

  /** Whether it was made in inference mode. */
  isInference(): boolean {
    return native.isInference(this.handle);
  }

  /**
   * Accumulates the gradients of this tensor into the leaves' `grad`.
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.backward.html
   * @throws TorchError if the graph has been freed, there is none, or an implicit gradient is not scalar.
   */
  backward(options?: TensorBackwardOptions): void;
  backward(
    gradient?: Tensor | null,
    retainGraph?: boolean | null,
    createGraph?: boolean,
    inputs?: Tensor | readonly Tensor[] | null,
  ): void;
  backward(...args: unknown[]): void {
    backward(this, parseBackward(args));
  }

  // --- Other dtypes and devices ---

  /**
   * The tensor with another dtype, on another device, or both; itself where nothing changes.
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to.html
   */
  to(dtype: DType, nonBlocking?: boolean, copy?: boolean): Tensor;
  to(device: DeviceLike, dtype?: DType, nonBlocking?: boolean, copy?: boolean): Tensor;
  to(other: Tensor, nonBlocking?: boolean, copy?: boolean): Tensor;
  to(target: DType | DeviceLike | Tensor, options: ToOptions): Tensor;
  to(options: ToOptions): Tensor;
  to(...args: unknown[]): Tensor {
    return convert(this, parseTo(args));
  }

  /**
   * The name of the tensor's type as it was of old, such as `torch.FloatTensor`; with a dtype or such a name, the tensor
   * converted to it.
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.type.html
   * @throws TypeError for what is neither.
   */
  type(): string;
  type(dtype: DType | string, nonBlocking?: boolean): Tensor;
  type(dtype: DType | string, options: ConversionOptions & { nonBlocking?: boolean }): Tensor;
  type(dtype?: DType | string, ...args: unknown[]): string | Tensor {
    if (dtype === undefined) return typeName(this);
    if (dtype instanceof DType) return this.to(dtype, ...(args as []));
    const parsed = typeof dtype === 'string' ? parseTypeName(dtype) : undefined;
    if (parsed === undefined) throw new TypeError(`invalid type: '${String(dtype)}'`);
    return this.to(parsed.device, parsed.dtype, ...(args as []));
  }

  /**
   * A new tensor of data, with this one's dtype and device unless others are given.
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.new_tensor.html
   */
  newTensor(data: TensorData, options: NewTensorOptions = {}): Tensor {
    return newTensor(this, data, options);
  }

  /** The tensor in coordinate format. See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_sparse_coo.html */
  toSparseCoo(): Tensor {
    return this.toSparse();
  }

  cpu(options?: ConversionOptions): Tensor {
    return options === undefined ? this.to('cpu') : toDevice('cpu', this, device('cpu'), [options]);
  }

  /** On a CUDA device: the current one, or that of an index or name. */
  cuda(which?: number | DeviceLike | null, nonBlocking?: boolean): Tensor;
  cuda(options: ConversionOptions & { device?: number | DeviceLike | null; nonBlocking?: boolean }): Tensor;
  cuda(
    which: number | DeviceLike | null | undefined,
    options: ConversionOptions & { nonBlocking?: boolean },
  ): Tensor;
  cuda(...args: unknown[]): Tensor {
    if (args.length === 1 && isPlainObject(args[0])) {
      const { device: where, ...options } = args[0];
      return toDevice('cuda', this, cudaDevice(where), [options]);
    }
    return toDevice('cuda', this, cudaDevice(args[0]), args.slice(1));
  }

  float(options?: ConversionOptions): Tensor {
    return toDtype('float', this, dtypes.float32, options);
  }

  double(options?: ConversionOptions): Tensor {
    return toDtype('double', this, dtypes.float64, options);
  }

  half(options?: ConversionOptions): Tensor {
    return toDtype('half', this, dtypes.float16, options);
  }

  bfloat16(options?: ConversionOptions): Tensor {
    return toDtype('bfloat16', this, dtypes.bfloat16, options);
  }

  cfloat(options?: ConversionOptions): Tensor {
    return toDtype('cfloat', this, dtypes.complex64, options);
  }

  cdouble(options?: ConversionOptions): Tensor {
    return toDtype('cdouble', this, dtypes.complex128, options);
  }

  chalf(options?: ConversionOptions): Tensor {
    return toDtype('chalf', this, dtypes.complex32, options);
  }

  long(options?: ConversionOptions): Tensor {
    return toDtype('long', this, dtypes.int64, options);
  }

  int(options?: ConversionOptions): Tensor {
    return toDtype('int', this, dtypes.int32, options);
  }

  short(options?: ConversionOptions): Tensor {
    return toDtype('short', this, dtypes.int16, options);
  }

  char(options?: ConversionOptions): Tensor {
    return toDtype('char', this, dtypes.int8, options);
  }

  byte(options?: ConversionOptions): Tensor {
    return toDtype('byte', this, dtypes.uint8, options);
  }

  bool(options?: ConversionOptions): Tensor {
    return toDtype('bool', this, dtypes.bool, options);
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

  /** @internal */
  [inspect.custom](): string {
    return this.disposed ? 'Tensor(disposed)' : this.toString();
  }
}

/** Operators as methods; see the generated types. */
export interface Tensor extends TensorMethods {}
/** Indexing. */
export interface Tensor extends IndexingMethods, WrittenMethods {}
export interface Tensor extends AsyncMethods {}

installIndexing(Tensor.prototype);
installAsync(Tensor.prototype);
installWrittenMethods(Tensor.prototype);
const contiguous = bindMethod('contiguous', 'contiguous', '-');

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

function cudaDevice(which: unknown): Device {
  const where = deviceLike((which ?? 'cuda') as DeviceLike | number);
  if (where.type !== 'cuda') throw new TypeError(`cuda(): invalid device ${where}, must be a cuda device`);
  return where;
}

/** Sets the elements of a part of a complex tensor. */
function assign(name: string, part: Tensor, value: Tensor | number): void {
  if (value instanceof Tensor) part.copy_(value);
  else if (typeof value === 'number') part.fill_(value);
  else throw new TypeError(`${name} must be set to a Tensor or a number, not ${typeof value}`);
}

function aten(name: string, self: Tensor): Tensor {
  return callDirectly(name, [self.handle]) as Tensor;
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
