/** Activations that look at one element at a time, and the gated linear unit. */

import { bool, float, int, parameters, type Rest, tensor, withDefault } from '../../arguments.js';
import { TorchError } from '../../errors.js';
import { tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';

export { gelu, hardshrink, logsigmoid, prelu, softplus, softshrink } from './builtin.js';
export { gumbelSoftmax, logSoftmax, type SoftmaxOptions, softmax, softmin } from './softmax.js';

/** Options of the activations that can work in place. */
export interface InplaceOptions {
  /** Change `input` itself. Default: `false`. */
  inplace?: boolean;
}

type InplaceRest = Rest<[inplace: boolean], InplaceOptions>;

const inplace = withDefault(bool, false);

const inplaceOf = (name: string): ((args: readonly unknown[]) => { input: Tensor; inplace: boolean }) =>
  parameters(name, { input: tensor, inplace });

const reluArguments = inplaceOf('relu');

/**
 * `max(x, 0)`, for every element.
 *
 * `relu(input, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.relu.html
 */
export function relu(input: Tensor, ...rest: InplaceRest): Tensor;
export function relu(...args: unknown[]): Tensor {
  const { input, inplace } = reluArguments(args);
  return inplace ? aten.relu_(input) : aten.relu(input);
}

const relu6Arguments = inplaceOf('relu6');

/**
 * `min(max(x, 0), 6)`.
 *
 * `relu6(input, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.relu6.html
 */
export function relu6(input: Tensor, ...rest: InplaceRest): Tensor;
export function relu6(...args: unknown[]): Tensor {
  const { input, inplace } = relu6Arguments(args);
  return inplace ? aten.relu6_(input) : aten.relu6(input);
}

const seluArguments = inplaceOf('selu');

/**
 * {@link elu} with the α and the scale that keep mean 0 and variance 1.
 *
 * `selu(input, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.selu.html
 */
export function selu(input: Tensor, ...rest: InplaceRest): Tensor;
export function selu(...args: unknown[]): Tensor {
  const { input, inplace } = seluArguments(args);
  return inplace ? aten.selu_(input) : aten.selu(input);
}

const siluArguments = inplaceOf('silu');

/**
 * `x · σ(x)`, also known as swish.
 *
 * `silu(input, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.silu.html
 */
export function silu(input: Tensor, ...rest: InplaceRest): Tensor;
export function silu(...args: unknown[]): Tensor {
  const { input, inplace } = siluArguments(args);
  return inplace ? aten.silu_(input) : aten.silu(input);
}

const mishArguments = inplaceOf('mish');

/**
 * `x · tanh(softplus(x))`.
 *
 * `mish(input, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.mish.html
 */
export function mish(input: Tensor, ...rest: InplaceRest): Tensor;
export function mish(...args: unknown[]): Tensor {
  const { input, inplace } = mishArguments(args);
  return inplace ? aten.mish_(input) : aten.mish(input);
}

const hardsigmoidArguments = inplaceOf('hardsigmoid');

/**
 * `relu6(x + 3) / 6`.
 *
 * `hardsigmoid(input, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.hardsigmoid.html
 */
export function hardsigmoid(input: Tensor, ...rest: InplaceRest): Tensor;
export function hardsigmoid(...args: unknown[]): Tensor {
  const { input, inplace } = hardsigmoidArguments(args);
  return inplace ? aten.hardsigmoid_(input) : aten.hardsigmoid(input);
}

const hardswishArguments = inplaceOf('hardswish');

/**
 * `x · relu6(x + 3) / 6`.
 *
 * `hardswish(input, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.hardswish.html
 */
export function hardswish(input: Tensor, ...rest: InplaceRest): Tensor;
export function hardswish(...args: unknown[]): Tensor {
  const { input, inplace } = hardswishArguments(args);
  return inplace ? aten.hardswish_(input) : aten.hardswish(input);
}

const eluArguments = parameters('elu', { input: tensor, alpha: withDefault(float, 1), inplace });

/**
 * `x` where positive, else `alpha · (exp(x) - 1)`. Default: `alpha` 1.
 *
 * `elu(input, alpha = 1, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.elu.html
 */
export function elu(
  input: Tensor,
  ...rest: Rest<[alpha: number, inplace: boolean], InplaceOptions & { alpha?: number }>
): Tensor;
export function elu(...args: unknown[]): Tensor {
  const { input, alpha, inplace } = eluArguments(args);
  return inplace ? aten.elu_(input, alpha) : aten.elu(input, alpha);
}

const celuArguments = parameters('celu', { input: tensor, alpha: withDefault(float, 1), inplace });

/**
 * `max(0, x) + min(0, alpha · (exp(x / alpha) - 1))`. Default: `alpha` 1.
 *
 * `celu(input, alpha = 1, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.celu.html
 */
export function celu(
  input: Tensor,
  ...rest: Rest<[alpha: number, inplace: boolean], InplaceOptions & { alpha?: number }>
): Tensor;
export function celu(...args: unknown[]): Tensor {
  const { input, alpha, inplace } = celuArguments(args);
  return inplace ? aten.celu_(input, alpha) : aten.celu(input, alpha);
}

const leakyReluArguments = parameters('leakyRelu', {
  input: tensor,
  negativeSlope: withDefault(float, 0.01),
  inplace,
});

/**
 * `x` where positive, else `negativeSlope · x`. Default: `negativeSlope` 0.01.
 *
 * `leakyRelu(input, negativeSlope = 0.01, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.leaky_relu.html
 */
export function leakyRelu(
  input: Tensor,
  ...rest: Rest<[negativeSlope: number, inplace: boolean], InplaceOptions & { negativeSlope?: number }>
): Tensor;
export function leakyRelu(...args: unknown[]): Tensor {
  const { input, negativeSlope, inplace } = leakyReluArguments(args);
  return inplace ? aten.leaky_relu_(input, negativeSlope) : aten.leaky_relu(input, negativeSlope);
}

/** Options of {@link hardtanh}. */
export interface HardtanhOptions extends InplaceOptions {
  /** Default: -1. */
  minVal?: number;
  /** Default: 1. */
  maxVal?: number;
}

const hardtanhArguments = parameters('hardtanh', {
  input: tensor,
  minVal: withDefault(float, -1),
  maxVal: withDefault(float, 1),
  inplace,
});

/**
 * `x`, but no less than `minVal` and no more than `maxVal`.
 *
 * `hardtanh(input, minVal = -1, maxVal = 1, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.hardtanh.html
 *
 * @throws RangeError if `minVal` is greater than `maxVal`.
 */
export function hardtanh(
  input: Tensor,
  ...rest: Rest<[minVal: number, maxVal: number, inplace: boolean], HardtanhOptions>
): Tensor;
export function hardtanh(...args: unknown[]): Tensor {
  const { input, minVal, maxVal, inplace } = hardtanhArguments(args);
  if (minVal > maxVal) throw new RangeError('min_val cannot be greater than max_val');
  return inplace ? aten.hardtanh_(input, minVal, maxVal) : aten.hardtanh(input, minVal, maxVal);
}

const thresholdArguments = parameters('threshold', {
  input: tensor,
  threshold: float,
  value: float,
  inplace,
});

/**
 * `x` where it is above `threshold`, else `value`.
 *
 * `threshold(input, threshold, value, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.threshold.html
 */
export function threshold(
  input: Tensor,
  threshold: number,
  value: number,
  ...rest: Rest<[inplace: boolean], InplaceOptions>
): Tensor;
export function threshold(
  input: Tensor,
  options: InplaceOptions & { threshold: number; value: number },
): Tensor;
export function threshold(...args: unknown[]): Tensor {
  const { input, threshold: above, value, inplace } = thresholdArguments(args);
  return inplace ? aten.threshold_(input, above, value) : aten.threshold(input, above, value);
}

/** Options of {@link rrelu}. */
export interface RreluOptions extends InplaceOptions {
  /** The least slope. Default: 1/8. */
  lower?: number;
  /** The greatest slope. Default: 1/3. */
  upper?: number;
  /** Draw each slope at random; otherwise all are the mean of `lower` and `upper`. Default: `false`. */
  training?: boolean;
}

const rreluArguments = parameters('rrelu', {
  input: tensor,
  lower: withDefault(float, 1 / 8),
  upper: withDefault(float, 1 / 3),
  training: withDefault(bool, false),
  inplace,
});

/**
 * {@link leakyRelu} with slopes between `lower` and `upper`.
 *
 * `rrelu(input, lower = 0.125, upper = 1 / 3, training = false, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.rrelu.html
 */
export function rrelu(
  input: Tensor,
  ...rest: Rest<[lower: number, upper: number, training: boolean, inplace: boolean], RreluOptions>
): Tensor;
export function rrelu(...args: unknown[]): Tensor {
  const { input, lower, upper, training, inplace } = rreluArguments(args);
  return inplace ? aten.rrelu_(input, lower, upper, training) : aten.rrelu(input, lower, upper, training);
}

const gluArguments = parameters('glu', { input: tensor, dim: withDefault(int, -1) });

/**
 * `a · σ(b)`, where a and b are the halves of the input along `dim`. Default: `dim` -1.
 *
 * `glu(input, dim = -1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.glu.html
 *
 * @throws TorchError for a tensor without dimensions, and where the size is odd.
 */
export function glu(input: Tensor, ...rest: Rest<[dim: number], { dim?: number }>): Tensor;
export function glu(...args: unknown[]): Tensor {
  const { input, dim } = gluArguments(args);
  if (input.dim() === 0)
    throw new TorchError('glu does not support scalars because halving size must be even');
  return aten.glu(input, dim);
}

const only = (name: string): ((args: readonly unknown[]) => { input: Tensor }) =>
  parameters(name, { input: tensor });
const [tanhArguments, sigmoidArguments] = [only('tanh'), only('sigmoid')];
const [tanhshrinkArguments, softsignArguments] = [only('tanhshrink'), only('softsign')];

/**
 * The hyperbolic tangent.
 *
 * `tanh(input)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.tanh.html
 */
export function tanh(input: Tensor): Tensor;
export function tanh(...args: unknown[]): Tensor {
  return tanhArguments(args).input.tanh();
}

/**
 * `1 / (1 + exp(-x))`.
 *
 * `sigmoid(input)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.sigmoid.html
 */
export function sigmoid(input: Tensor): Tensor;
export function sigmoid(...args: unknown[]): Tensor {
  return sigmoidArguments(args).input.sigmoid();
}

/**
 * `x - tanh(x)`.
 *
 * `tanhshrink(input)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.tanhshrink.html
 */
export function tanhshrink(input: Tensor): Tensor;
export function tanhshrink(...args: unknown[]): Tensor {
  const { input } = tanhshrinkArguments(args);
  return tidy(() => input.sub(input.tanh()));
}

/**
 * `x / (1 + |x|)`.
 *
 * `softsign(input)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.softsign.html
 */
export function softsign(input: Tensor): Tensor;
export function softsign(...args: unknown[]): Tensor {
  const { input } = softsignArguments(args);
  return tidy(() => input.div(input.abs().add(1)));
}
