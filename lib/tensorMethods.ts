/**
 * The methods of Tensor that are written by hand because PyTorch writes them in Python, or takes a callback. Those that
 * have a function of the same name are that function.
 */

import { bool, parameters, type Rest, tensor, withDefault } from './arguments.js';
import type { DType } from './dtype.js';
import { TorchError } from './errors.js';
import { reader } from './functional/arguments.js';
import { mapElements } from './functional/elementCallbacks.js';
import { type LuOptions, type LuResult, luMethod } from './functional/lu.js';
import { type NonzeroOptions, type NonzeroResult, nonzeroMethod } from './functional/nonzero.js';
import { type NormOptions, type NormOrder, normMethod } from './functional/norm.js';
import { eig, lstsq, solve, symeig } from './functional/removed.js';
import { type SplitOptions, splitMethod } from './functional/split.js';
import { type StftRest, stft } from './functional/stft.js';
import {
  type UniqueConsecutiveOptions,
  type UniqueOptions,
  type UniqueResult,
  unique,
  uniqueConsecutive,
} from './functional/unique.js';
import { native } from './native.js';
import type { Scalar, Tensor } from './tensor.js';

/** Methods written by hand; the class Tensor has them. */
export interface WrittenMethods {
  /**
   * Replaces each element by `callable` of it, in place. Slow; for tensors on the CPU.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.apply_.html
   * @throws TorchError where the tensor requires gradients.
   */
  apply_(callable: (element: Scalar) => Scalar): this;
  /**
   * Replaces each element by `callable` of it and of that of another tensor, in place. Slow; for tensors on the CPU.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.map_.html
   * @throws TorchError where one of them requires gradients.
   */
  map_(tensor: Tensor, callable: (element: Scalar, other: Scalar) => Scalar): this;
  /**
   * As {@link WrittenMethods.map_}, with two more tensors.
   * @throws TorchError where one of them requires gradients.
   */
  map2_(x: Tensor, y: Tensor, callable: (element: Scalar, x: Scalar, y: Scalar) => Scalar): this;
  /**
   * What `loadStateDict` puts in this tensor's place: this tensor with the elements of `other`, or with `assign` the
   * other itself, outside its graph.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.module_load.html
   */
  moduleLoad(other: Tensor, ...rest: Rest<[assign: boolean], { assign?: boolean }>): Tensor;
  /**
   * Whether its memory is for other threads too: it has been shared with one, or {@link shareMemory_} has been called.
   * Always so on CUDA.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_shared.html
   * @throws NotImplementedError for tensors that have no storage, such as sparse ones.
   */
  isShared(): boolean;
  /**
   * Lets other threads have the tensor's memory, without a copy: it can no longer be resized. What shares memory with a
   * typed array is copied away from it first, once for all tensors over that array. Nothing happens on CUDA, where all
   * memory is for all threads. `torch.multiprocessing.share` sends the tensor to one.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.share_memory_.html
   * @throws TorchError on other devices; NotImplementedError for tensors that have no storage, such as sparse ones.
   */
  shareMemory_(): this;
  /**
   * The LU factorization of (batches of) matrices; see `torch.lu`.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lu.html
   */
  lu<Infos extends boolean = false>(options?: LuOptions<Infos>): LuResult<Infos>;
  lu<Infos extends boolean = false>(pivot?: boolean, getInfos?: Infos): LuResult<Infos>;
  /**
   * Where it is not zero: a row of indices for each such element, or with `asTuple` a tensor for each dimension.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nonzero.html
   */
  nonzero<AsTuple extends boolean = false>(options?: NonzeroOptions<AsTuple>): NonzeroResult<AsTuple>;
  /**
   * The norm over all elements or over dimensions; see `torch.norm`.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.norm.html
   */
  norm(
    ...rest: Rest<
      [p: NormOrder | null, dim: number | readonly number[] | null, keepdim: boolean, dtype: DType | null],
      Omit<NormOptions, 'out'>
    >
  ): Tensor;
  /**
   * Views of pieces along a dimension: of one size, the last maybe smaller, or of the sizes in a list.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.split.html
   */
  split(
    splitSize: number | bigint | Tensor | readonly (number | bigint)[],
    ...rest: Rest<[dim: number], SplitOptions>
  ): Tensor[];
  /**
   * The short-time Fourier transform; see `torch.stft`.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.stft.html
   */
  stft(nFft: number, ...rest: StftRest): Tensor;
  /** The tensor in the sparse COO layout; `toSparse`. */
  toSparseCoo(): Tensor;
  /**
   * The distinct elements, or slices along a dimension; see `torch.unique`.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unique.html
   */
  unique<Inverse extends boolean = false, Counts extends boolean = false>(
    options?: UniqueOptions<Inverse, Counts>,
  ): UniqueResult<Inverse, Counts>;
  unique<Inverse extends boolean = false, Counts extends boolean = false>(
    sorted: boolean,
    options: Omit<UniqueOptions<Inverse, Counts>, 'sorted'>,
  ): UniqueResult<Inverse, Counts>;
  unique<Inverse extends boolean = false, Counts extends boolean = false>(
    sorted?: boolean,
    returnInverse?: Inverse,
    returnCounts?: Counts,
    dim?: number | null,
  ): UniqueResult<Inverse, Counts>;
  /**
   * The tensor without what equals the element, or the slice, before it; see `torch.uniqueConsecutive`.
   *
   * See https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unique_consecutive.html
   */
  uniqueConsecutive<Inverse extends boolean = false, Counts extends boolean = false>(
    options?: UniqueConsecutiveOptions<Inverse, Counts>,
  ): UniqueResult<Inverse, Counts>;
  uniqueConsecutive<Inverse extends boolean = false, Counts extends boolean = false>(
    returnInverse?: Inverse,
    returnCounts?: Counts,
    dim?: number | null,
  ): UniqueResult<Inverse, Counts>;
  /** Removed from PyTorch. @throws TorchError that names `torch.linalg.eig`. */
  eig(...args: unknown[]): never;
  /** Removed from PyTorch. @throws TorchError that names `torch.linalg.lstsq`. */
  lstsq(...args: unknown[]): never;
  /** Removed from PyTorch. @throws TorchError that says so. */
  reinforce(...args: unknown[]): never;
  /** Removed from PyTorch. @throws TorchError that names `torch.linalg.solve`. */
  solve(...args: unknown[]): never;
  /** Removed from PyTorch. @throws TorchError that names `torch.linalg.eigh`. */
  symeig(...args: unknown[]): never;
}

const readModuleLoad = reader(() =>
  parameters('moduleLoad', { other: tensor, assign: withDefault(bool, false) }),
);

type Method = (this: Tensor, ...args: never[]) => unknown;

/**
 * Puts the methods on the prototype of Tensor. A function and not a table, so that it is there however the modules,
 * which need one another, are loaded.
 * @internal
 */
export function installWrittenMethods(prototype: object): void {
  type Free = (...args: unknown[]) => unknown;
  const methods: Record<keyof WrittenMethods, Method> = {
    apply_(callable: (element: Scalar) => Scalar): Tensor {
      mapElements('apply_', this, [], callable);
      return this;
    },
    map_(tensor: Tensor, callable: (element: Scalar, other: Scalar) => Scalar): Tensor {
      mapElements('map_', this, [tensor], callable as (...elements: Scalar[]) => Scalar);
      return this;
    },
    map2_(x: Tensor, y: Tensor, callable: (element: Scalar, x: Scalar, y: Scalar) => Scalar): Tensor {
      mapElements('map2_', this, [x, y], callable as (...elements: Scalar[]) => Scalar);
      return this;
    },
    moduleLoad(...args: unknown[]): Tensor {
      const { other, assign } = readModuleLoad(args);
      return assign ? other.detach() : this.copy_(other).detach();
    },
    isShared(): boolean {
      return native.isShared(this.handle);
    },
    shareMemory_(): Tensor {
      native.shareMemory(this.handle);
      return this;
    },
    lu(...args: unknown[]): Tensor[] {
      return luMethod(this, args);
    },
    nonzero(...args: unknown[]): Tensor | Tensor[] {
      return nonzeroMethod(this, args);
    },
    norm(...args: unknown[]): Tensor {
      return normMethod(this, args);
    },
    split(...args: unknown[]): Tensor[] {
      return splitMethod(this, args);
    },
    stft(...args: unknown[]): Tensor {
      return (stft as Free)(this, ...args) as Tensor;
    },
    toSparseCoo(): Tensor {
      return this.toSparse();
    },
    unique(...args: unknown[]): unknown {
      return (unique as Free)(this, ...args);
    },
    uniqueConsecutive(...args: unknown[]): unknown {
      return (uniqueConsecutive as Free)(this, ...args);
    },
    eig: () => eig(),
    lstsq: () => lstsq(),
    reinforce(): never {
      throw new TorchError('reinforce() was removed. Use the score function of a distribution instead.');
    },
    solve: () => solve(),
    symeig: () => symeig(),
  };
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(prototype, name, { configurable: true, writable: true, value });
  }
}
