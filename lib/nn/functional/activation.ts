import type { DType } from '../../dtype.js';
import { tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { bind, type Rest } from '../arguments.js';
import { aten } from '../aten.js';
import { warnOnce } from '../warnings.js';

/** Options of the activations that can work in place. */
export interface InplaceOptions {
  /** Change `input` itself. Default: `false`. */
  inplace?: boolean;
}

type InplaceRest = Rest<[inplace: boolean], InplaceOptions>;
const inplaceDefaults: Required<InplaceOptions> = Object.freeze({ inplace: false });

/**
 * `max(x, 0)`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.relu.html
 */
export function relu(input: Tensor, ...rest: InplaceRest): Tensor {
  return bind('relu', inplaceDefaults, rest).inplace ? aten.relu_(input) : aten.relu(input);
}

/**
 * `x · Φ(x)`, exactly or by its approximation with tanh.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.gelu.html
 */
export function gelu(
  input: Tensor,
  { approximate = 'none' }: { approximate?: 'none' | 'tanh' } = {},
): Tensor {
  return aten.gelu(input, { approximate });
}

/**
 * `x · σ(x)`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.silu.html
 */
export function silu(input: Tensor, ...rest: InplaceRest): Tensor {
  return bind('silu', inplaceDefaults, rest).inplace ? aten.silu_(input) : aten.silu(input);
}

const eluDefaults = Object.freeze({ alpha: 1, inplace: false });

/**
 * `x` where positive, else `alpha · (exp(x) - 1)`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.elu.html
 */
export function elu(
  input: Tensor,
  ...rest: Rest<[alpha: number, inplace: boolean], { alpha?: number; inplace?: boolean }>
): Tensor {
  const { alpha, inplace } = bind('elu', eluDefaults, rest);
  return inplace ? aten.elu_(input, alpha) : aten.elu(input, alpha);
}

const leakyReluDefaults = Object.freeze({ negativeSlope: 0.01, inplace: false });

/**
 * `x` where positive, else `negativeSlope · x`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.leaky_relu.html
 */
export function leakyRelu(
  input: Tensor,
  ...rest: Rest<[negativeSlope: number, inplace: boolean], { negativeSlope?: number; inplace?: boolean }>
): Tensor {
  const { negativeSlope, inplace } = bind('leakyRelu', leakyReluDefaults, rest);
  return inplace ? aten.leaky_relu_(input, negativeSlope) : aten.leaky_relu(input, negativeSlope);
}

const softplusDefaults = Object.freeze({ beta: 1, threshold: 20 });

/**
 * `log(1 + exp(beta · x)) / beta`, and `x` where `beta · x` is above `threshold`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.softplus.html
 */
export function softplus(
  input: Tensor,
  ...rest: Rest<[beta: number, threshold: number], { beta?: number; threshold?: number }>
): Tensor {
  const { beta, threshold } = bind('softplus', softplusDefaults, rest);
  return aten.softplus(input, beta, threshold);
}

/**
 * `log(σ(x))`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.logsigmoid.html
 */
export function logsigmoid(input: Tensor): Tensor {
  return aten.log_sigmoid(input);
}

/** The hyperbolic tangent. See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.tanh.html */
export function tanh(input: Tensor): Tensor {
  return input.tanh();
}

/** `1 / (1 + exp(-x))`. See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.sigmoid.html */
export function sigmoid(input: Tensor): Tensor {
  return input.sigmoid();
}

/** `x - tanh(x)`. See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.tanhshrink.html */
export function tanhshrink(input: Tensor): Tensor {
  return tidy(() => input.sub(input.tanh()));
}

/** `x / (1 + |x|)`. See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.softsign.html */
export function softsign(input: Tensor): Tensor {
  return tidy(() => input.div(input.abs().add(1)));
}

/** Options of {@link softmax}, {@link logSoftmax} and {@link softmin}. */
export interface SoftmaxOptions {
  /** The dimension whose slices add up to 1. Default: 0 for 0, 1 and 3 dimensions, else 1, with a warning. */
  dim?: number | null;
  /** Cast to it before the operation. Default: the input's. */
  dtype?: DType | null;
}

type SoftmaxRest = Rest<[dim: number | null], SoftmaxOptions>;
const softmaxDefaults: Required<SoftmaxOptions> = Object.freeze({ dim: null, dtype: null });

function softmaxArguments(
  name: string,
  input: Tensor,
  rest: SoftmaxRest,
): { dim: number; dtype: DType | null } {
  const { dim, dtype } = bind(name, softmaxDefaults, rest);
  if (dim !== null) return { dim, dtype };
  warnOnce(
    `Implicit dimension choice for ${name} has been deprecated. Change the call to include dim=X as an argument.`,
  );
  const dims = input.dim();
  return { dim: dims === 0 || dims === 1 || dims === 3 ? 0 : 1, dtype };
}

/**
 * `exp(x) / Σ exp(x)` along `dim`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.softmax.html
 */
export function softmax(input: Tensor, ...rest: SoftmaxRest): Tensor {
  const { dim, dtype } = softmaxArguments('softmax', input, rest);
  return aten.softmax.int(input, dim, dtype);
}

/**
 * The logarithm of {@link softmax}, computed at once.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.log_softmax.html
 */
export function logSoftmax(input: Tensor, ...rest: SoftmaxRest): Tensor {
  const { dim, dtype } = softmaxArguments('log_softmax', input, rest);
  return aten.log_softmax.int(input, dim, dtype);
}

/**
 * {@link softmax} of `-x`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.softmin.html
 */
export function softmin(input: Tensor, ...rest: SoftmaxRest): Tensor {
  const { dim, dtype } = softmaxArguments('softmin', input, rest);
  return tidy(() => aten.softmax.int(input.neg(), dim, dtype));
}
