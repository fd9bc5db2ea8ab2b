/** Pooling that keeps the greatest element of each window, and where it was where that is wanted. */

import {
  bool,
  ints,
  optional,
  parameters,
  type Rest,
  type RestWith,
  tensor,
  withDefault,
} from '../../arguments.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';

type Sizes = number | readonly number[];

/** Options of {@link maxPool1d}, {@link maxPool2d} and {@link maxPool3d}. */
export interface MaxPoolOptions {
  /** How far the window moves. Default: the kernel's size. */
  stride?: Sizes | null;
  /** Negative infinities around the input; at most half the kernel. Default: 0. */
  padding?: Sizes;
  /** The distance between the window's elements. Default: 1. */
  dilation?: Sizes;
  /** Let windows reach beyond the end, so that sizes are rounded up. Default: `false`. */
  ceilMode?: boolean;
}

type Kernel = { kernelSize: Sizes };
type WithIndices = { returnIndices: true };
type Optional = [stride: Sizes | null, padding: Sizes, dilation: Sizes, ceilMode: boolean];
type Results = [output: Tensor, indices: Tensor];

/** One of the `maxPool` functions: a tensor, or with `returnIndices` the indices besides. */
export interface MaxPool {
  (
    input: Tensor,
    kernelSize: Sizes,
    stride: Sizes | null | undefined,
    padding: Sizes | undefined,
    dilation: Sizes | undefined,
    ceilMode: boolean | undefined,
    returnIndices: true,
  ): Results;
  (input: Tensor, kernelSize: Sizes, ...rest: RestWith<Optional, MaxPoolOptions & WithIndices>): Results;
  (input: Tensor, options: MaxPoolOptions & Kernel & WithIndices): Results;
  (
    input: Tensor,
    kernelSize: Sizes,
    ...rest: Rest<[...Optional, returnIndices: false], MaxPoolOptions & { returnIndices?: false }>
  ): Tensor;
  (input: Tensor, options: MaxPoolOptions & Kernel & { returnIndices?: false }): Tensor;
  (
    input: Tensor,
    kernelSize: Sizes,
    ...rest: Rest<[...Optional, returnIndices: boolean], MaxPoolOptions & { returnIndices?: boolean }>
  ): Tensor | Results;
}

/** One of the `maxPoolWithIndices` functions. */
export interface MaxPoolWithIndices {
  (input: Tensor, kernelSize: Sizes, ...rest: Rest<Optional, MaxPoolOptions>): Results;
  (input: Tensor, options: MaxPoolOptions & Kernel): Results;
}

interface MaxPoolArguments {
  input: Tensor;
  kernelSize: Sizes;
  stride: Sizes | null;
  padding: Sizes;
  dilation: Sizes;
  ceilMode: boolean;
  returnIndices: boolean;
}

const argumentsOf = (name: string): ((args: readonly unknown[]) => MaxPoolArguments) =>
  parameters(name, {
    input: tensor,
    kernelSize: ints,
    stride: optional(ints),
    padding: withDefault(ints, 0),
    dilation: withDefault(ints, 1),
    ceilMode: withDefault(bool, false),
    returnIndices: withDefault(bool, false),
  });

type Kernels = 'max_pool1d' | 'max_pool2d' | 'max_pool3d';

function withIndices(name: Kernels, values: MaxPoolArguments): Results {
  const { input, kernelSize, stride, padding, dilation, ceilMode } = values;
  return aten[`${name}_with_indices`](input, kernelSize, stride ?? [], padding, dilation, ceilMode);
}

function maxPool(name: string, kernel: Kernels): MaxPool {
  const read = argumentsOf(name);
  return ((...args: unknown[]) => {
    const values = read(args);
    if (values.returnIndices) return withIndices(kernel, values);
    const { input, kernelSize, stride, padding, dilation, ceilMode } = values;
    return aten[kernel](input, kernelSize, stride ?? [], padding, dilation, ceilMode);
  }) as MaxPool;
}

function maxPoolWithIndices(name: string, kernel: Kernels): MaxPoolWithIndices {
  const read = argumentsOf(name);
  return (...args: unknown[]) => withIndices(kernel, read(args));
}

/**
 * The greatest of each window over one dimension.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`; result `(N, C, L')` or `(C, L')`.
 *
 * `maxPool1d(input, kernelSize, stride = null, padding = 0, dilation = 1, ceilMode = false, returnIndices =
 * false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_pool1d.html
 */
export const maxPool1d: MaxPool = maxPool('maxPool1d', 'max_pool1d');

/**
 * The greatest of each window over two dimensions.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`; result `(N, C, H', W')` or `(C, H', W')`.
 *
 * `maxPool2d(input, kernelSize, stride = null, padding = 0, dilation = 1, ceilMode = false, returnIndices =
 * false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_pool2d.html
 */
export const maxPool2d: MaxPool = maxPool('maxPool2d', 'max_pool2d');

/**
 * The greatest of each window over three dimensions.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`; result `(N, C, D', H', W')` or `(C, D', H', W')`.
 *
 * `maxPool3d(input, kernelSize, stride = null, padding = 0, dilation = 1, ceilMode = false, returnIndices =
 * false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_pool3d.html
 */
export const maxPool3d: MaxPool = maxPool('maxPool3d', 'max_pool3d');

/**
 * {@link maxPool1d}, with the indices of the elements that were kept: `[output, indices]`.
 *
 * `maxPool1dWithIndices(input, kernelSize, stride = null, padding = 0, dilation = 1, ceilMode = false,
 * returnIndices = false)`
 */
export const maxPool1dWithIndices: MaxPoolWithIndices = maxPoolWithIndices(
  'maxPool1dWithIndices',
  'max_pool1d',
);

/**
 * {@link maxPool2d}, with the indices of the elements that were kept: `[output, indices]`.
 *
 * `maxPool2dWithIndices(input, kernelSize, stride = null, padding = 0, dilation = 1, ceilMode = false,
 * returnIndices = false)`
 */
export const maxPool2dWithIndices: MaxPoolWithIndices = maxPoolWithIndices(
  'maxPool2dWithIndices',
  'max_pool2d',
);

/**
 * {@link maxPool3d}, with the indices of the elements that were kept: `[output, indices]`.
 *
 * `maxPool3dWithIndices(input, kernelSize, stride = null, padding = 0, dilation = 1, ceilMode = false,
 * returnIndices = false)`
 */
export const maxPool3dWithIndices: MaxPoolWithIndices = maxPoolWithIndices(
  'maxPool3dWithIndices',
  'max_pool3d',
);
