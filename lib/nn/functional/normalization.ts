import { TorchError } from '../../errors.js';
import { tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { bind, type Rest } from '../arguments.js';
import { aten } from '../aten.js';

/** Options of {@link normalize}. */
export interface NormalizeOptions {
  /** The p of the norm. Default: 2. */
  p?: number;
  /** The dimension, or the dimensions, over which the norm is taken. Default: 1. */
  dim?: number | readonly number[];
  /** A norm below it counts as it, so that a vector of zeros stays zero. Default: 1e-12. */
  eps?: number;
}

const normalizeDefaults: Required<NormalizeOptions> = Object.freeze({ p: 2, dim: 1, eps: 1e-12 });

/**
 * Scales vectors to norm 1: `input / max(‖input‖ₚ, eps)`, over dimension `dim`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.normalize.html
 */
export function normalize(
  input: Tensor,
  ...rest: Rest<[p: number, dim: number | readonly number[], eps: number], NormalizeOptions>
): Tensor {
  const { p, dim, eps } = bind('normalize', normalizeDefaults, rest);
  const dims = typeof dim === 'number' ? [dim] : dim;
  return tidy(() => {
    const norm = input.isSparse
      ? aten.norm.ScalarOpt_dim(input, p, dims, true)
      : aten.linalg_vector_norm(input, p, dims, true);
    return input.div(norm.clampMin(eps).expandAs(input));
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

const layerNormDefaults: Required<LayerNormFunctionOptions> = Object.freeze({
  weight: null,
  bias: null,
  eps: 1e-5,
});

/**
 * Normalises over the last dimensions, those of `normalizedShape`, to mean 0 and variance 1.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.layer_norm.html
 */
export function layerNorm(
  input: Tensor,
  normalizedShape: readonly number[],
  ...rest: Rest<[weight: Tensor | null, bias: Tensor | null, eps: number], LayerNormFunctionOptions>
): Tensor {
  const { weight, bias, eps } = bind('layerNorm', layerNormDefaults, rest);
  return aten.layer_norm(input, normalizedShape, weight, bias, eps, true);
}

/** Options of {@link rmsNorm}. */
export interface RMSNormFunctionOptions {
  /** Factors for the elements. Default: none. */
  weight?: Tensor | null;
  /** Added to the mean square; `null` stands for the dtype's machine epsilon. Default: `null`. */
  eps?: number | null;
}

const rmsNormDefaults: Required<RMSNormFunctionOptions> = Object.freeze({ weight: null, eps: null });

/**
 * Divides by the root of the mean square over the last dimensions, those of `normalizedShape`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.rms_norm.html
 */
export function rmsNorm(
  input: Tensor,
  normalizedShape: readonly number[],
  ...rest: Rest<[weight: Tensor | null, eps: number | null], RMSNormFunctionOptions>
): Tensor {
  const { weight, eps } = bind('rmsNorm', rmsNormDefaults, rest);
  return aten.rms_norm(input, normalizedShape, weight, eps);
}

/**
 * Normalises groups of channels to mean 0 and variance 1. Shape: `(N, C, *)`, C a multiple of `numGroups`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.group_norm.html
 *
 * @throws TorchError for fewer than two dimensions; RangeError where a group has a single value.
 */
export function groupNorm(
  input: Tensor,
  numGroups: number,
  ...rest: Rest<[weight: Tensor | null, bias: Tensor | null, eps: number], LayerNormFunctionOptions>
): Tensor {
  const { weight, bias, eps } = bind('groupNorm', layerNormDefaults, rest);
  const { shape } = input;
  const [batch, channels, ...spatial] = shape;
  if (batch === undefined || channels === undefined) {
    throw new TorchError(`Expected at least 2 dimensions for input tensor but received ${shape.length}`);
  }
  const sizes = [Math.floor((batch * channels) / numGroups), numGroups, ...spatial];
  if (sizes.reduce((product, size, i) => (i === 1 ? product : product * size), 1) === 1) {
    throw new RangeError(
      `Expected more than 1 value per channel when training, got input size [${sizes.join(', ')}]`,
    );
  }
  return aten.group_norm(input, numGroups, weight, bias, eps, true);
}
