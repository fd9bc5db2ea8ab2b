/** Max pooling whose windows are chosen at random so that a given size, or fraction of the size, comes out. */

import {
  bool,
  floats,
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
import { repeated } from './sizes.js';

type Sizes = number | readonly number[];
type Results = [output: Tensor, indices: Tensor];

/** Options of the fractional max pooling functions; one of `outputSize` and `outputRatio` is needed. */
export interface FractionalMaxPoolOptions {
  /** The size that comes out. */
  outputSize?: Sizes | null;
  /** What part of the input's size comes out, between 0 and 1. */
  outputRatio?: Sizes | null;
  /** Where the windows lie, `(N, C, 2)` or `(N, C, 3)` in [0, 1). Default: drawn at random. */
  _randomSamples?: Tensor | null;
}

type Optional = [outputSize: Sizes | null, outputRatio: Sizes | null];

/** One of the `fractionalMaxPool` functions: a tensor, or with `returnIndices` the indices besides. */
export interface FractionalMaxPool {
  (
    input: Tensor,
    kernelSize: Sizes,
    ...rest:
      | RestWith<Optional, FractionalMaxPoolOptions & { returnIndices: true }>
      | [outputSize: Sizes | null | undefined, outputRatio: Sizes | null | undefined, returnIndices: true]
  ): Results;
  (input: Tensor, options: FractionalMaxPoolOptions & { kernelSize: Sizes; returnIndices: true }): Results;
  (
    input: Tensor,
    kernelSize: Sizes,
    ...rest: Rest<
      [...Optional, returnIndices: false, randomSamples: Tensor | null],
      FractionalMaxPoolOptions & { returnIndices?: false }
    >
  ): Tensor;
  (input: Tensor, options: FractionalMaxPoolOptions & { kernelSize: Sizes; returnIndices?: false }): Tensor;
  (
    input: Tensor,
    kernelSize: Sizes,
    ...rest: Rest<
      [...Optional, returnIndices: boolean, randomSamples: Tensor | null],
      FractionalMaxPoolOptions & { returnIndices?: boolean }
    >
  ): Tensor | Results;
}

/** One of the `fractionalMaxPoolWithIndices` functions. */
export interface FractionalMaxPoolWithIndices {
  (input: Tensor, kernelSize: Sizes, ...rest: Rest<Optional, FractionalMaxPoolOptions>): Results;
  (input: Tensor, options: FractionalMaxPoolOptions & { kernelSize: Sizes }): Results;
}

interface FractionalArguments {
  input: Tensor;
  kernelSize: Sizes;
  outputSize: Sizes | null;
  outputRatio: Sizes | null;
  returnIndices: boolean;
  _randomSamples: Tensor | null;
}

const argumentsOf = (name: string): ((args: readonly unknown[]) => FractionalArguments) =>
  parameters(name, {
    input: tensor,
    kernelSize: ints,
    outputSize: optional(ints),
    outputRatio: optional(floats),
    returnIndices: withDefault(bool, false),
    _randomSamples: optional(tensor),
  });

/** `name` is PyTorch's, for its messages. */
function pooled(
  name: 'fractional_max_pool2d' | 'fractional_max_pool3d',
  dims: 2 | 3,
  values: FractionalArguments,
): Results {
  const { input, kernelSize, outputRatio } = values;
  let { outputSize } = values;
  if (outputSize === null) {
    if (outputRatio === null)
      throw new RangeError(`${name} requires specifying either an output_size or an output_ratio`);
    if (dims === 2 && typeof outputRatio !== 'number' && outputRatio.length > 2) {
      throw new RangeError(`${name} requires output_ratio to either be a single Int or tuple of Ints.`);
    }
    const ratios = repeated(outputRatio, dims);
    outputSize = Array.from({ length: dims }, (_, i) =>
      Math.trunc(input.size(i - dims) * (ratios[i] ?? Number.NaN)),
    );
  }
  const { _randomSamples } = values;
  if (_randomSamples !== null) return aten[name](input, kernelSize, outputSize, _randomSamples);
  const batch = input.dim() === dims + 1 ? 1 : input.size(0);
  const samples = aten.rand.default([batch, input.size(-dims - 1), dims], {
    dtype: input.dtype,
    device: input.device,
  });
  try {
    return aten[name](input, kernelSize, outputSize, samples);
  } finally {
    samples.dispose();
  }
}

function fractional(name: string, dims: 2 | 3): [FractionalMaxPool, FractionalMaxPoolWithIndices] {
  const [read, readWithIndices] = [argumentsOf(name), argumentsOf(`${name}WithIndices`)];
  const kernel = `fractional_max_pool${dims}d` as const;
  const pool = (...args: unknown[]): Tensor | Results => {
    const values = read(args);
    const results = pooled(kernel, dims, values);
    if (values.returnIndices) return results;
    const [output, indices] = results;
    indices.dispose();
    return output;
  };
  return [pool as FractionalMaxPool, (...args: unknown[]) => pooled(kernel, dims, readWithIndices(args))];
}

const [pool2d, pool2dWithIndices] = fractional('fractionalMaxPool2d', 2);
const [pool3d, pool3dWithIndices] = fractional('fractionalMaxPool3d', 3);

/**
 * Max pooling over two dimensions, by windows of `kernelSize` at places drawn at random.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`; result `(N, C, ...outputSize)` or `(C, ...outputSize)`.
 *
 * `fractionalMaxPool2d(input, kernelSize, outputSize = null, outputRatio = null, returnIndices = false,
 * _randomSamples = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.fractional_max_pool2d.html
 *
 * @throws RangeError without `outputSize` and `outputRatio`.
 */
export const fractionalMaxPool2d: FractionalMaxPool = pool2d;

/**
 * Max pooling over three dimensions, by windows of `kernelSize` at places drawn at random.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`; result `(N, C, ...outputSize)` or `(C, ...outputSize)`.
 *
 * `fractionalMaxPool3d(input, kernelSize, outputSize = null, outputRatio = null, returnIndices = false,
 * _randomSamples = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.fractional_max_pool3d.html
 *
 * @throws RangeError without `outputSize` and `outputRatio`.
 */
export const fractionalMaxPool3d: FractionalMaxPool = pool3d;

/**
 * {@link fractionalMaxPool2d}, with the indices of the elements that were kept: `[output, indices]`.
 *
 * `fractionalMaxPool2dWithIndices(input, kernelSize, outputSize = null, outputRatio = null, returnIndices =
 * false, _randomSamples = null)`
 */
export const fractionalMaxPool2dWithIndices: FractionalMaxPoolWithIndices = pool2dWithIndices;

/**
 * {@link fractionalMaxPool3d}, with the indices of the elements that were kept: `[output, indices]`.
 *
 * `fractionalMaxPool3dWithIndices(input, kernelSize, outputSize = null, outputRatio = null, returnIndices =
 * false, _randomSamples = null)`
 */
export const fractionalMaxPool3dWithIndices: FractionalMaxPoolWithIndices = pool3dWithIndices;
