/** Normalisation, of vectors and over dimensions. */

import {
  bool,
  float,
  int,
  intList,
  ints,
  nullable,
  optional,
  parameters,
  type Rest,
  tensor,
  withDefault,
} from '../../arguments.js';
import { TorchError } from '../../errors.js';
import { tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { formatFloat, formatSize } from '../format.js';
import { product } from './sizes.js';

/** Options of {@link normalize}. */
export interface NormalizeOptions {
  /** The p of the norm. Default: 2. */
  p?: number;
  /** The dimension, or the dimensions, over which the norm is taken. Default: 1. */
  dim?: number | readonly number[];
  /** A norm below it counts as it, so that a vector of zeros stays zero. Default: 1e-12. */
  eps?: number;
  /** Where to write the result, which then has no gradient. */
  out?: Tensor | null;
}

const normalizeArguments = parameters('normalize', {
  input: tensor,
  p: withDefault(float, 2),
  dim: withDefault(ints, 1),
  eps: withDefault(float, 1e-12),
  out: optional(tensor),
});

/**
 * Scales vectors to norm 1: `input / max(‖input‖ₚ, eps)`, over dimension `dim`.
 *
 * `normalize(input, p = 2, dim = 1, eps = 1e-12, out = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.normalize.html
 */
export function normalize(
  input: Tensor,
  ...rest: Rest<
    [p: number, dim: number | readonly number[], eps: number, out: Tensor | null],
    NormalizeOptions
  >
): Tensor;
export function normalize(...args: unknown[]): Tensor {
  const { input, p, dim, eps, out } = normalizeArguments(args);
  const dims = typeof dim === 'number' ? [dim] : dim;
  return tidy(() => {
    const norm = input.isSparse
      ? aten.norm.ScalarOpt_dim(input, p, dims, true)
      : aten.linalg_vector_norm(input, p, dims, true);
    if (out === null) return input.div(norm.clampMin(eps).expandAs(input));
    return aten.div.out(input, aten.clamp_min_.default(norm, eps).expandAs(input), { out });
  });
}

/** Options of {@link layerNorm}. */
export interface LayerNormFunctionOptions {
  /** Factors for the elements. Default: none. */
  weight?: Tensor | null;
  /** Summands for the elements. Default: none. */
  bias?: Tensor | null;
  /** Added to the variance. Default: 1e-5. */
  eps?: number;
}

const affine = { weight: optional(tensor), bias: optional(tensor), eps: withDefault(float, 1e-5) };
const layerNormArguments = parameters('layerNorm', { input: tensor, normalizedShape: intList, ...affine });

/**
 * Normalises over the last dimensions, those of `normalizedShape`, to mean 0 and variance 1.
 *
 * Shapes: input and result `(*, ...normalizedShape)`; weight and bias `normalizedShape`.
 *
 * `layerNorm(input, normalizedShape, weight = null, bias = null, eps = 1e-5)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.layer_norm.html
 */
export function layerNorm(
  input: Tensor,
  normalizedShape: readonly number[],
  ...rest: Rest<[weight: Tensor | null, bias: Tensor | null, eps: number], LayerNormFunctionOptions>
): Tensor;
export function layerNorm(
  input: Tensor,
  options: LayerNormFunctionOptions & { normalizedShape: readonly number[] },
): Tensor;
export function layerNorm(...args: unknown[]): Tensor {
  const { input, normalizedShape, weight, bias, eps } = layerNormArguments(args);
  return aten.layer_norm(input, normalizedShape, weight, bias, eps, true);
}

/** Options of {@link rmsNorm}. */
export interface RMSNormFunctionOptions {
  /** Factors for the elements. Default: none. */
  weight?: Tensor | null;
  /** Added to the mean square; `null` stands for the dtype's machine epsilon. Default: `null`. */
  eps?: number | null;
}

const rmsNormArguments = parameters('rmsNorm', {
  input: tensor,
  normalizedShape: intList,
  weight: optional(tensor),
  eps: optional(float),
});

/**
 * Divides by the root of the mean square over the last dimensions, those of `normalizedShape`.
 *
 * Shapes: input and result `(*, ...normalizedShape)`; weight `normalizedShape`.
 *
 * `rmsNorm(input, normalizedShape, weight = null, eps = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.rms_norm.html
 */
export function rmsNorm(
  input: Tensor,
  normalizedShape: readonly number[],
  ...rest: Rest<[weight: Tensor | null, eps: number | null], RMSNormFunctionOptions>
): Tensor;
export function rmsNorm(
  input: Tensor,
  options: RMSNormFunctionOptions & { normalizedShape: readonly number[] },
): Tensor;
export function rmsNorm(...args: unknown[]): Tensor {
  const { input, normalizedShape, weight, eps } = rmsNormArguments(args);
  return aten.rms_norm(input, normalizedShape, weight, eps);
}

const onePerChannel = (size: string): RangeError =>
  new RangeError(`Expected more than 1 value per channel when training, got input size ${size}`);

const groupNormArguments = parameters('groupNorm', { input: tensor, numGroups: int, ...affine });

/**
 * Normalises groups of channels to mean 0 and variance 1.
 *
 * Shapes: input and result `(N, C, *)`, C a multiple of `numGroups`; weight and bias `(C)`.
 *
 * `groupNorm(input, numGroups, weight = null, bias = null, eps = 1e-5)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.group_norm.html
 *
 * @throws TorchError for fewer than two dimensions; RangeError where a group has a single value.
 */
export function groupNorm(
  input: Tensor,
  numGroups: number,
  ...rest: Rest<[weight: Tensor | null, bias: Tensor | null, eps: number], LayerNormFunctionOptions>
): Tensor;
export function groupNorm(input: Tensor, options: LayerNormFunctionOptions & { numGroups: number }): Tensor;
export function groupNorm(...args: unknown[]): Tensor {
  const { input, numGroups, weight, bias, eps } = groupNormArguments(args);
  const { shape } = input;
  const [batch, channels, ...spatial] = shape;
  if (batch === undefined || channels === undefined) {
    throw new TorchError(`Expected at least 2 dimensions for input tensor but received ${shape.length}`);
  }
  const each = Math.floor((batch * channels) / numGroups);
  if (each * product(spatial) === 1) throw onePerChannel(`[${[each, numGroups, ...spatial].join(', ')}]`);
  return aten.group_norm(input, numGroups, weight, bias, eps, true);
}

/** Options of {@link batchNorm}. */
export interface BatchNormFunctionOptions extends LayerNormFunctionOptions {
  /** Use the batch's own mean and variance, and update the running ones, where given. Default: `false`. */
  training?: boolean;
  /** How much of the batch's statistics enters the running ones. Default: 0.1. */
  momentum?: number;
}

type Running = { runningMean: Tensor | null; runningVar: Tensor | null };

const batchNormArguments = parameters('batchNorm', {
  input: tensor,
  runningMean: nullable(tensor),
  runningVar: nullable(tensor),
  weight: optional(tensor),
  bias: optional(tensor),
  training: withDefault(bool, false),
  momentum: withDefault(float, 0.1),
  eps: withDefault(float, 1e-5),
});

/**
 * Normalises each channel over the batch and all positions.
 *
 * Shapes: input and result `(N, C, *)` or `(N, C)`; all others `(C)`.
 *
 * `batchNorm(input, runningMean, runningVar, weight = null, bias = null, training = false, momentum = 0.1,
 * eps = 1e-5)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.batch_norm.html
 *
 * @throws RangeError, in training, where a channel has a single value, and for an `eps` that is not positive.
 */
export function batchNorm(
  input: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  ...rest: Rest<
    [weight: Tensor | null, bias: Tensor | null, training: boolean, momentum: number, eps: number],
    BatchNormFunctionOptions
  >
): Tensor;
export function batchNorm(input: Tensor, options: BatchNormFunctionOptions & Running): Tensor;
export function batchNorm(...args: unknown[]): Tensor {
  const { input, runningMean, runningVar, weight, bias, training, momentum, eps } = batchNormArguments(args);
  if (training) {
    const { shape } = input;
    if (shape[0] !== undefined && shape[0] * product(shape.slice(2)) === 1)
      throw onePerChannel(formatSize(shape));
    if (eps <= 0)
      throw new RangeError(`batch_norm eps must be positive during training, but got ${formatFloat(eps)}`);
  } else if (eps < 0) {
    throw new RangeError(`batch_norm eps must be non-negative, but got ${formatFloat(eps)}`);
  }
  return aten.batch_norm(input, weight, bias, runningMean, runningVar, training, momentum, eps, true);
}

/** Options of {@link instanceNorm}. */
export interface InstanceNormFunctionOptions extends LayerNormFunctionOptions {
  /** Running means, one a channel. Default: none. */
  runningMean?: Tensor | null;
  /** Running variances, one a channel. Default: none. */
  runningVar?: Tensor | null;
  /** Use each instance's own statistics rather than the running ones. Default: `true`. */
  useInputStats?: boolean;
  /** How much of the instances' statistics enters the running ones. Default: 0.1. */
  momentum?: number;
}

const instanceNormArguments = parameters('instanceNorm', {
  input: tensor,
  runningMean: optional(tensor),
  runningVar: optional(tensor),
  weight: optional(tensor),
  bias: optional(tensor),
  useInputStats: withDefault(bool, true),
  momentum: withDefault(float, 0.1),
  eps: withDefault(float, 1e-5),
});

/**
 * Normalises each channel of each instance over its positions.
 *
 * Shapes: input and result `(N, C, *)`; all others `(C)`.
 *
 * `instanceNorm(input, runningMean = null, runningVar = null, weight = null, bias = null, useInputStats =
 * true, momentum = 0.1, eps = 1e-5)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.instance_norm.html
 *
 * @throws RangeError where a channel has a single position.
 */
export function instanceNorm(
  input: Tensor,
  ...rest: Rest<
    [
      runningMean: Tensor | null,
      runningVar: Tensor | null,
      weight: Tensor | null,
      bias: Tensor | null,
      useInputStats: boolean,
      momentum: number,
      eps: number,
    ],
    InstanceNormFunctionOptions
  >
): Tensor;
export function instanceNorm(...args: unknown[]): Tensor {
  const { input, runningMean, runningVar, weight, bias, useInputStats, momentum, eps } =
    instanceNormArguments(args);
  if (useInputStats && product(input.shape.slice(2)) === 1) {
    throw new RangeError(
      `Expected more than 1 spatial element when training, got input size ${formatSize(input.shape)}`,
    );
  }
  return aten.instance_norm(input, weight, bias, runningMean, runningVar, useInputStats, momentum, eps, true);
}

/** Options of {@link localResponseNorm}. */
export interface LocalResponseNormOptions {
  /** The factor of the mean square. Default: 1e-4. */
  alpha?: number;
  /** The exponent. Default: 0.75. */
  beta?: number;
  /** The summand. Default: 1. */
  k?: number;
}

const localResponseArguments = parameters('localResponseNorm', {
  input: tensor,
  size: int,
  alpha: withDefault(float, 1e-4),
  beta: withDefault(float, 0.75),
  k: withDefault(float, 1),
});

/**
 * Divides by `(k + alpha · m)^beta`, m being the mean square over `size` neighbouring channels.
 *
 * Shape: input and result `(N, C, *)`.
 *
 * `localResponseNorm(input, size, alpha = 0.0001, beta = 0.75, k = 1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.local_response_norm.html
 *
 * @throws RangeError for fewer than three dimensions.
 */
export function localResponseNorm(
  input: Tensor,
  size: number,
  ...rest: Rest<[alpha: number, beta: number, k: number], LocalResponseNormOptions>
): Tensor;
export function localResponseNorm(
  input: Tensor,
  options: LocalResponseNormOptions & { size: number },
): Tensor;
export function localResponseNorm(...args: unknown[]): Tensor {
  const { input, size, alpha, beta, k } = localResponseArguments(args);
  const { shape } = input;
  if (shape.length < 3) {
    // The spaces are PyTorch's.
    const gap = ' '.repeat(26);
    throw new RangeError(`Expected 3D or higher dimensionality${gap}input (got ${shape.length} dimensions)`);
  }
  if (input.numel() === 0) return input;
  const padding = [Math.floor(size / 2), Math.floor((size - 1) / 2)];
  return tidy(() => {
    const squares = input.mul(input);
    let mean: Tensor;
    if (shape.length === 3) {
      const padded = aten.pad(squares.unsqueeze(1), [0, 0, ...padding], 'constant', null);
      mean = aten.avg_pool2d(padded, [size, 1], 1, 0, false).squeeze(1);
    } else {
      const [batch, channels, height] = shape as [number, number, number];
      const volume = squares.view([batch, 1, channels, height, -1]);
      const padded = aten.pad(volume, [0, 0, 0, 0, ...padding], 'constant', null);
      mean = aten.avg_pool3d(padded, [size, 1, 1], 1, 0, false).squeeze(1).view(shape);
    }
    return input.div(mean.mul(alpha).add(k).pow(beta));
  });
}
