import { bind, type Rest } from '../../arguments.js';
import type { DeviceLike } from '../../device.js';
import type { DType } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import { formatBool, formatFloat, formatOptional, formatTuple } from '../format.js';
import * as F from '../functional/normalization.js';
import * as init from '../init.js';
import type { Parameter } from '../parameter.js';
import { emptyParameter } from './factory.js';
import { Module } from './module.js';

/** Options of {@link LayerNorm}. */
export interface LayerNormOptions {
  /** Added to the variance. Default: 1e-5. */
  eps?: number;
  /** Whether each element gets a factor and a summand that are learned. Default: `true`. */
  elementwiseAffine?: boolean;
  /** Whether there is a summand. Default: `true`. */
  bias?: boolean;
  /** Where the parameters lie. Default: the default device. */
  device?: DeviceLike | null;
  /** The parameters' dtype. Default: the default dtype. */
  dtype?: DType | null;
}

const layerNormDefaults: Required<LayerNormOptions> = Object.freeze({
  eps: 1e-5,
  elementwiseAffine: true,
  bias: true,
  device: null,
  dtype: null,
});

const shapeOf = (shape: number | readonly number[]): number[] =>
  typeof shape === 'number' ? [shape] : [...shape];

/**
 * Normalises over the last dimensions to mean 0 and variance 1, then scales and shifts each element.
 *
 * Shapes: input and result `(*, ...normalizedShape)`; weight and bias `normalizedShape` or `null`.
 *
 * `new LayerNorm(normalizedShape, eps = 1e-5, elementwiseAffine = true, bias = true, device = null, dtype =
 * null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.LayerNorm.html
 */
export class LayerNorm extends Module {
  declare normalizedShape: number[];
  declare eps: number;
  declare elementwiseAffine: boolean;
  declare weight: Parameter | null;
  declare bias: Parameter | null;

  constructor(
    normalizedShape: number | readonly number[],
    ...rest: Rest<[eps: number, elementwiseAffine: boolean, bias: boolean], LayerNormOptions>
  ) {
    super();
    const { eps, elementwiseAffine, bias, ...factory } = bind('LayerNorm', layerNormDefaults, rest);
    this.normalizedShape = shapeOf(normalizedShape);
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    this.weight = elementwiseAffine ? emptyParameter(this.normalizedShape, factory) : null;
    this.bias = elementwiseAffine && bias ? emptyParameter(this.normalizedShape, factory) : null;
    this.resetParameters();
  }

  /** Sets factors to 1 and summands to 0. */
  resetParameters(): void {
    if (this.weight !== null) init.ones_(this.weight);
    if (this.bias !== null) init.zeros_(this.bias);
  }

  forward(input: Tensor): Tensor {
    return F.layerNorm(input, this.normalizedShape, this.weight, this.bias, this.eps);
  }

  override extraRepr(): string {
    return (
      `${formatTuple(this.normalizedShape)}, eps=${formatFloat(this.eps)}, ` +
      `elementwise_affine=${formatBool(this.elementwiseAffine)}, bias=${formatBool(this.bias !== null)}`
    );
  }
}

/** Options of {@link RMSNorm}. */
export interface RMSNormOptions {
  /** Added to the mean square; `null` stands for the dtype's machine epsilon. Default: `null`. */
  eps?: number | null;
  /** Whether each element gets a factor that is learned. Default: `true`. */
  elementwiseAffine?: boolean;
  /** Where the parameters lie. Default: the default device. */
  device?: DeviceLike | null;
  /** The parameters' dtype. Default: the default dtype. */
  dtype?: DType | null;
}

const rmsNormDefaults: Required<RMSNormOptions> = Object.freeze({
  eps: null,
  elementwiseAffine: true,
  device: null,
  dtype: null,
});

/**
 * Divides by the root of the mean square over the last dimensions, then scales each element.
 *
 * `new RMSNorm(normalizedShape, eps = null, elementwiseAffine = true, device = null, dtype = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.RMSNorm.html
 */
export class RMSNorm extends Module {
  declare normalizedShape: number[];
  declare eps: number | null;
  declare elementwiseAffine: boolean;
  declare weight: Parameter | null;

  constructor(
    normalizedShape: number | readonly number[],
    ...rest: Rest<[eps: number | null, elementwiseAffine: boolean], RMSNormOptions>
  ) {
    super();
    const { eps, elementwiseAffine, ...factory } = bind('RMSNorm', rmsNormDefaults, rest);
    this.normalizedShape = shapeOf(normalizedShape);
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    this.weight = elementwiseAffine ? emptyParameter(this.normalizedShape, factory) : null;
    this.resetParameters();
  }

  /** Sets the factors to 1. */
  resetParameters(): void {
    if (this.weight !== null) init.ones_(this.weight);
  }

  forward(input: Tensor): Tensor {
    return F.rmsNorm(input, this.normalizedShape, this.weight, this.eps);
  }

  override extraRepr(): string {
    return (
      `${formatTuple(this.normalizedShape)}, eps=${formatOptional(this.eps, formatFloat)}, ` +
      `elementwise_affine=${formatBool(this.elementwiseAffine)}`
    );
  }
}

/** Options of {@link GroupNorm}. */
export interface GroupNormOptions {
  /** Added to the variance. Default: 1e-5. */
  eps?: number;
  /** Whether each channel gets a factor and a summand that are learned. Default: `true`. */
  affine?: boolean;
  /** Where the parameters lie. Default: the default device. */
  device?: DeviceLike | null;
  /** The parameters' dtype. Default: the default dtype. */
  dtype?: DType | null;
  /** Whether there is a summand. Default: `true`. */
  bias?: boolean;
}

const groupNormDefaults: Required<GroupNormOptions> = Object.freeze({
  eps: 1e-5,
  affine: true,
  device: null,
  dtype: null,
  bias: true,
});

/**
 * Normalises groups of channels to mean 0 and variance 1, then scales and shifts each channel. Shape: `(N, C,
 * *)`.
 *
 * `new GroupNorm(numGroups, numChannels, eps = 1e-5, affine = true, device = null, dtype = null, bias =
 * true)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.GroupNorm.html
 *
 * @throws RangeError unless `numChannels` is a multiple of `numGroups`.
 */
export class GroupNorm extends Module {
  declare numGroups: number;
  declare numChannels: number;
  declare eps: number;
  declare affine: boolean;
  declare weight: Parameter | null;
  declare bias: Parameter | null;

  constructor(
    numGroups: number,
    numChannels: number,
    ...rest: Rest<[eps: number, affine: boolean], GroupNormOptions>
  ) {
    super();
    const { eps, affine, bias, ...factory } = bind('GroupNorm', groupNormDefaults, rest);
    if (numChannels % numGroups !== 0) {
      throw new RangeError(`num_channels (${numChannels}) must be divisible by num_groups (${numGroups})`);
    }
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.affine = affine;
    this.weight = affine ? emptyParameter([numChannels], factory) : null;
    this.bias = affine && bias ? emptyParameter([numChannels], factory) : null;
    this.resetParameters();
  }

  /** Sets factors to 1 and summands to 0. */
  resetParameters(): void {
    if (this.weight !== null) init.ones_(this.weight);
    if (this.bias !== null) init.zeros_(this.bias);
  }

  forward(input: Tensor): Tensor {
    return F.groupNorm(input, this.numGroups, this.weight, this.bias, this.eps);
  }

  override extraRepr(): string {
    return (
      `${this.numGroups}, ${this.numChannels}, eps=${formatFloat(this.eps)}, affine=${formatBool(this.affine)}, ` +
      `bias=${formatBool(this.bias !== null)}`
    );
  }
}
