/** The asynchronous methods of `Tensor`. */
import { bindBackward } from '../autograd/index.js';
import { native } from '../native.js';
import { parseBackward, type TensorBackwardOptions } from '../tensor/backward.js';
import { arrayFor } from '../tensor/elements.js';
import type { NestedList, Scalar, Tensor } from '../tensor.js';
import { bytesOfArray, type TypedArray } from '../typedArrays.js';
import { nestedLists } from './lists.js';
import { type AbortSignalLike, type AsyncOptions, checkSignal, enqueue, signalOf } from './queue.js';

/** Options of `Tensor.backwardAsync`. */
export type TensorBackwardAsyncOptions = TensorBackwardOptions & AsyncOptions;

/** What the main thread need not wait for. See docs/async.md. */
export interface AsyncMethods {
  /**
   * As {@link Tensor.backward}, off the main thread: gradients are there once the promise is settled. Until then
   * reading `grad` of a leaf that it comes to, or changing the leaf, is a TorchError. The promise is rejected with what
   * `backward` throws, with NotImplementedError where the graph calls JavaScript (hooks, functions derived from
   * `torch.autograd.Function`), and with the signal's reason where it has not begun.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.backward.html
   */
  backwardAsync(options?: TensorBackwardAsyncOptions): Promise<void>;
  /**
   * As {@link Tensor.item}, once the operations have ended that were started before, and without waiting for the
   * device. The promise is rejected with TorchError where there are more elements than one.
   */
  itemAsync(options?: AsyncOptions): Promise<Scalar>;
  /**
   * As {@link Tensor.tolist}: elements are copied off the main thread, lists are made in pieces of milliseconds, between
   * which events are handled. A signal stops that too.
   */
  tolistAsync(options?: AsyncOptions): Promise<NestedList>;
  /** As {@link Tensor.toTypedArray}, with the copy made off the main thread. */
  toTypedArrayAsync(options?: AsyncOptions): Promise<TypedArray>;
}

async function backwardAsync(this: Tensor, options: TensorBackwardAsyncOptions = {}): Promise<void> {
  if (typeof options !== 'object' || options === null)
    throw new TypeError('backwardAsync(): the options must be an object');
  const { signal, ...others } = options;
  const bound = bindBackward(this, parseBackward([others]));
  const checked = checkSignal('backwardAsync', signal);
  await enqueue(
    (settle) => native.submitBackward(settle, ...bound),
    checked,
    () => {},
  );
}

async function itemAsync(this: Tensor, options?: AsyncOptions): Promise<Scalar> {
  const signal = signalOf('itemAsync', options);
  return enqueue(
    (settle) => native.submitItem(settle, this.handle),
    signal,
    (scalar) => scalar as Scalar,
  );
}

function read(tensor: Tensor, signal: AbortSignalLike | undefined): Promise<TypedArray> {
  const [array, dtype] = arrayFor(tensor);
  const bytes = bytesOfArray(array);
  return enqueue(
    (settle) => native.submitRead(settle, tensor.handle, bytes, dtype.code),
    signal,
    () => array,
  );
}

async function toTypedArrayAsync(this: Tensor, options?: AsyncOptions): Promise<TypedArray> {
  return read(this, signalOf('toTypedArrayAsync', options));
}

async function tolistAsync(this: Tensor, options?: AsyncOptions): Promise<NestedList> {
  const signal = signalOf('tolistAsync', options);
  const { shape, dtype } = this;
  return nestedLists(await read(this, signal), shape, dtype, signal);
}

/** Puts the methods on a prototype. */
export function installAsync(prototype: object): void {
  for (const value of [backwardAsync, itemAsync, tolistAsync, toTypedArrayAsync]) {
    Object.defineProperty(prototype, value.name, { configurable: true, writable: true, value });
  }
}
