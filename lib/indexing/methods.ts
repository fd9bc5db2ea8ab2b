/** Indexing as methods of Tensor. */
import { tensor } from '../creation.js';
import { retrying } from '../memory/retry.js';
import { type IndexCode, type NativeScalar, type NativeTensor, native } from '../native.js';
import { isComplexNumber } from '../ops/parameter.js';
import { ops } from '../ops.js';
import { checkOptions, isPlainObject } from '../options.js';
import { Tensor, wrap } from '../tensor.js';
import { encode } from './encode.js';
import { listToHandle } from './list.js';
import { parseSlice } from './slice.js';
import type { TensorIndex, TensorValue } from './types.js';

/** Options of {@link IndexingMethods.indexPut_}. */
export interface IndexPutOptions {
  /** Adds to the elements instead of replacing them. Default: `false`. */
  accumulate?: boolean;
}

/** Indexing, and what goes with it. */
export interface IndexingMethods {
  /**
   * What Python's `x[...]` gives: `x.at(0)`, `x.at('1:5', null, '...', mask, [0, 2])`. A view where integers, slices,
   * `null` and `'...'` are all there is; a copy where tensors, lists or booleans choose elements.
   *
   * See https://docs.pytorch.org/docs/2.13/tensor_view.html
   * @param indices one for each dimension, or fewer; see {@link TensorIndex}. `x.at([0, 2])` is Python's `x[[0, 2]]`.
   * @returns a tensor; for a single element as well (`x.at(0, 0).item()` is its number).
   * @throws RangeError for an index out of range or too many of them, TypeError for what is no index, TorchError for a
   * negative step.
   */
  at(...indices: TensorIndex[]): Tensor;

  /**
   * What Python's `x[indices] = value` does: `x.setAt([0, '1:5'], 2)`.
   *
   * @param indices an array of what {@link at} takes, or one of these by itself if it is no array.
   * @param value a number, or a tensor or nested arrays of a shape that broadcasts to what the indices choose.
   * @returns the tensor itself.
   * @throws as {@link at}; TorchError where the shapes don't fit.
   */
  setAt(indices: readonly TensorIndex[] | TensorIndex, value: TensorValue): this;

  /** As {@link at}, with the indices in an array. */
  index(indices: readonly TensorIndex[]): Tensor;

  /**
   * Puts `values` where `indices` points. With `accumulate`, elements named several times are added to several times.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_put_.html
   * @param indices tensors of integers or masks as in Python, or anything that {@link at} takes.
   * @param values a tensor or number that broadcasts to what the indices choose.
   * @returns the tensor itself.
   * @throws RangeError for an index out of range, TorchError where shapes or dtypes don't fit.
   */
  indexPut_(
    indices: readonly TensorIndex[],
    values: TensorValue,
    accumulate?: boolean | IndexPutOptions,
  ): this;

  /** As {@link indexPut_}, into a copy. */
  indexPut(
    indices: readonly TensorIndex[],
    values: TensorValue,
    accumulate?: boolean | IndexPutOptions,
  ): Tensor;

  /** The slices along the first dimension, one after the other, as Python's iteration. @throws TypeError without one. */
  [Symbol.iterator](): IterableIterator<Tensor>;
}

function release(handles: readonly number[]): void {
  for (const handle of handles) native.release(handle);
}

function getItem(self: Tensor, codes: readonly IndexCode[]): Tensor {
  const tensor = new Tensor();
  const result: NativeTensor = retrying(() => native.getItem(self.handle, tensor, ...codes));
  if (typeof result !== 'number') return result as Tensor;
  tensor.handle = result;
  return tensor;
}

/** For one integer or one slice, which nothing needs to be allocated for, and which are what most indices are. */
function getPlain(self: Tensor, a: IndexCode, b: IndexCode, c: IndexCode, d: IndexCode): Tensor {
  const tensor = new Tensor();
  const result =
    a === 0 ? native.getItem(self.handle, tensor, a, b) : native.getItem(self.handle, tensor, a, b, c, d);
  if (typeof result !== 'number') return result as Tensor;
  tensor.handle = result;
  return tensor;
}

function getAt(self: Tensor, indices: readonly unknown[]): Tensor {
  const made: number[] = [];
  try {
    return getItem(self, encode(indices, self, made));
  } finally {
    if (made.length > 0) release(made);
  }
}

function checkIndices(name: string, indices: unknown): readonly unknown[] {
  if (!Array.isArray(indices)) {
    throw new TypeError(`${name}(): argument 'indices' must be an array of indices, not ${typeof indices}`);
  }
  return indices;
}

/** The value to assign, as the addon takes it, and whether it is a tensor. */
function encodeValue(name: string, self: Tensor, value: unknown, made: number[]): [NativeScalar, boolean] {
  if (value instanceof Tensor) return [value.handle, true];
  if (
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    typeof value === 'bigint' ||
    isComplexNumber(value)
  ) {
    if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) {
      throw new RangeError('Overflow when unpacking long long');
    }
    return [value, false];
  }
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) {
    const what = value === null ? 'null' : typeof value === 'object' ? value.constructor?.name : typeof value;
    throw new TypeError(`${name}(): can't assign a ${what} to a tensor of ${self.dtype}`);
  }
  const converted = tensor(value as never, { dtype: self.dtype, device: self.device });
  made.push(converted.handle);
  return [converted.handle, true];
}

function accumulates(name: string, option: unknown): boolean {
  const given = isPlainObject(option) ? (option as IndexPutOptions) : { accumulate: option };
  checkOptions(name, given, ['accumulate']);
  const { accumulate = false } = given;
  if (typeof accumulate !== 'boolean') {
    throw new TypeError(`${name}(): argument 'accumulate' must be bool, not ${typeof accumulate}`);
  }
  return accumulate;
}

/** Tensors alone, for which there is one operator; undefined for any other index. */
function tensorsOnly(indices: readonly unknown[], made: number[]): Tensor[] | undefined {
  if (indices.length === 0) return undefined;
  const tensors: Tensor[] = [];
  for (const index of indices) {
    if (index instanceof Tensor) tensors.push(index);
    else if (Array.isArray(index)) {
      const handle = listToHandle(index);
      made.push(handle);
      tensors.push(wrap(handle) as Tensor);
    } else return undefined;
  }
  return tensors;
}

function indexPut(
  name: string,
  target: Tensor,
  indices: unknown,
  values: unknown,
  option: unknown,
  inPlace: boolean,
): Tensor {
  const list = checkIndices(name, indices);
  const accumulate = accumulates(name, option);
  const made: number[] = [];
  try {
    const tensors = values instanceof Tensor ? tensorsOnly(list, made) : undefined;
    if (tensors !== undefined) {
      const operator = inPlace ? ops.aten.index_put_ : ops.aten.index_put;
      return operator(target, tensors, values, accumulate) as Tensor;
    }
    const result = inPlace ? target : target.clone();
    const codes = encode(list, target, made);
    const [value, isTensor] = encodeValue(name, target, values, made);
    retrying(() => native.putItem(result.handle, value, isTensor, accumulate, ...codes));
    return result;
  } finally {
    release(made);
  }
}

/** Puts the methods on Tensor.prototype. @internal */
export function installIndexing(prototype: object): void {
  const methods: IndexingMethods & ThisType<Tensor> = {
    at(...indices) {
      if (indices.length === 1) {
        const only = indices[0];
        if (typeof only === 'number' && Number.isInteger(only)) return getPlain(this, 0, only, null, null);
        const slice = typeof only === 'string' ? parseSlice(only) : undefined;
        if (slice !== undefined) {
          const [kind, start, stop, step] = slice;
          return getPlain(this, kind as IndexCode, start as IndexCode, stop as IndexCode, step as IndexCode);
        }
      }
      return getAt(this, indices);
    },

    setAt(indices, value) {
      const made: number[] = [];
      try {
        const codes = encode(Array.isArray(indices) ? indices : [indices], this, made);
        const [assigned, isTensor] = encodeValue('setAt', this, value, made);
        retrying(() => native.setItem(this.handle, assigned, isTensor, ...codes));
      } finally {
        if (made.length > 0) release(made);
      }
      return this as never;
    },

    index(indices) {
      return getAt(this, checkIndices('index', indices));
    },

    indexPut_(indices, values, accumulate) {
      return indexPut('indexPut_', this, indices, values, accumulate, true) as never;
    },

    indexPut(indices, values, accumulate) {
      return indexPut('indexPut', this, indices, values, accumulate, false);
    },

    [Symbol.iterator]() {
      if (this.dim() === 0) throw new TypeError('iteration over a 0-d tensor');
      return (ops.aten.unbind.int(this, 0) as Tensor[])[Symbol.iterator]();
    },
  };
  for (const name of Reflect.ownKeys(methods)) {
    const value: unknown = Reflect.get(methods, name);
    Object.defineProperty(prototype, name, { configurable: true, writable: true, value });
  }
}
