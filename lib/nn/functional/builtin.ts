/**
 * The functions of `torch.nn.functional` that are libtorch's own, as they are: their arguments and their errors are
 * those of every operator. Where the generated types would take any string, the types here name those that exist.
 */

import type { Rest } from '../../arguments.js';
import * as generated from '../../generated/functions.js';
import * as generatedNn from '../../generated/nnFunctions.js';
import type { Tensor } from '../../tensor.js';

export {
  adaptiveAvgPool1d,
  avgPool1d,
  bilinear,
  celu_,
  channelShuffle,
  convTbc,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  cosineSimilarity,
  hardshrink,
  nativeChannelShuffle,
  pairwiseDistance,
  pdist,
  pixelShuffle,
  pixelUnshuffle,
  prelu,
  relu_,
  rrelu_,
  selu_,
  threshold_,
} from '../../generated/functions.js';
export {
  avgPool2d,
  avgPool3d,
  elu_,
  hardtanh_,
  leakyRelu_,
  linear,
  logSigmoid as logsigmoid,
  oneHot,
  scaledDotProductAttention,
  softplus,
  softshrink,
} from '../../generated/nnFunctions.js';

/** Options of {@link gelu}. */
export interface GeluOptions {
  /** `'tanh'` for the approximation that uses it. Default: `'none'`. */
  approximate?: 'none' | 'tanh';
  /** Where to write the result. */
  out?: Tensor;
}

/**
 * `x · Φ(x)`, exactly or by its approximation with tanh.
 *
 * `gelu(input, { approximate = 'none' })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.gelu.html
 */
export const gelu: (input: Tensor, options?: GeluOptions) => Tensor = generatedNn.gelu;

/** One number for every spatial dimension, or one for each. */
type Sizes = number | readonly number[];
/** `'same'`: as much as keeps the size, for a stride of 1; `'valid'`: none. */
export type ConvPadding = Sizes | 'same' | 'valid';

/** Options of {@link conv1d}, {@link conv2d} and {@link conv3d}. */
export interface ConvOptions {
  /** A summand for each channel that comes out. Default: none. */
  bias?: Tensor | null;
  /** How far the kernel moves. Default: 1. */
  stride?: Sizes;
  /** Zeros around the input. Default: 0. */
  padding?: ConvPadding;
  /** The distance between the kernel's elements. Default: 1. */
  dilation?: Sizes;
  /** Into how many groups the channels are cut, each with its own filters. Default: 1. */
  groups?: number;
}

type Convolution = (
  input: Tensor,
  weight: Tensor,
  ...rest: Rest<
    [bias: Tensor | null, stride: Sizes, padding: ConvPadding, dilation: Sizes, groups: number],
    ConvOptions
  >
) => Tensor;

/**
 * Convolution over one dimension.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`, weight `(out, C / groups, k)`, bias `(out)`; result `(N, out, L')`.
 *
 * `conv1d(input, weight, bias = null, stride = 1, padding = 0, dilation = 1, groups = 1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.conv1d.html
 */
export const conv1d: Convolution = generated.conv1d as Convolution;

/**
 * Convolution over two dimensions.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`, weight `(out, C / groups, kH, kW)`, bias `(out)`; result
 * `(N, out, H', W')`.
 *
 * `conv2d(input, weight, bias = null, stride = 1, padding = 0, dilation = 1, groups = 1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.conv2d.html
 */
export const conv2d: Convolution = generated.conv2d as Convolution;

/**
 * Convolution over three dimensions.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`, weight `(out, C / groups, kD, kH, kW)`, bias `(out)`; result
 * `(N, out, D', H', W')`.
 *
 * `conv3d(input, weight, bias = null, stride = 1, padding = 0, dilation = 1, groups = 1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.conv3d.html
 */
export const conv3d: Convolution = generated.conv3d as Convolution;
