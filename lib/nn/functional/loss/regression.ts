/** Losses for numbers, and for distributions. */

import {
  bool,
  either,
  float,
  optional,
  parameters,
  type Rest,
  tensor,
  text,
  withDefault,
} from '../../../arguments.js';
import { noGrad } from '../../../autograd/index.js';
import { tidy } from '../../../memory.js';
import type { Tensor } from '../../../tensor.js';
import { aten } from '../../aten.js';
import { formatSize } from '../../format.js';
import { chosenReduction, type Reduction, reductionNumber } from '../../reduction.js';
import { warnOnce } from '../../warnings.js';
import { sameShape } from '../sizes.js';
import { type Legacy, type LegacyArguments, type LossOptions, legacy, reduction } from './options.js';

/** Runs an elementwise loss over input and target, which PyTorch broadcasts with a warning. */
function elementwise(input: Tensor, target: Tensor, loss: (input: Tensor, target: Tensor) => Tensor): Tensor {
  const [from, to] = [input.shape, target.shape];
  if (sameShape(from, to)) return loss(input, target);
  warnOnce(
    `Using a target size (${formatSize(to)}) that is different to the input size (${formatSize(from)}). This will ` +
      'likely lead to incorrect results due to broadcasting. Please ensure they have the same size.',
  );
  return tidy(() => {
    const [a, b] = aten.broadcast_tensors([input, target]) as [Tensor, Tensor];
    return loss(a, b);
  });
}

/** Options of {@link mseLoss} and {@link l1Loss}. */
export interface WeightedLossOptions extends LossOptions {
  /** A weight for each element; `'mean'` then divides by the sum of the weights. Default: none. */
  weight?: Tensor | null;
}

function checkWeight(weight: Tensor, input: Tensor): void {
  if (!sameShape(weight.shape, input.shape))
    throw new RangeError('Weights and input must have the same size.');
}

/** `mean`: what the mean of weighted errors is. */
function reduceWeighted(name: string, errors: Tensor, mean: (errors: Tensor) => Tensor): Tensor {
  if (name === 'none') return errors;
  if (name === 'sum') return errors.sum();
  if (name === 'mean') return mean(errors);
  throw new RangeError(`Invalid reduction mode: ${name}. Expected one of 'none', 'mean', 'sum'.`);
}

const weightedSpec = { input: tensor, target: tensor, ...legacy, weight: optional(tensor) };
type WeightedRest = Rest<[...LegacyArguments, weight: Tensor | null], Legacy<WeightedLossOptions>>;

function weightedLoss(
  name: string,
  kernel: 'mse_loss' | 'l1_loss',
  error: (difference: Tensor) => Tensor,
): (args: readonly unknown[]) => Tensor {
  const read = parameters(name, weightedSpec);
  return (args) => {
    const { input, target, weight, ...given } = read(args);
    const chosen = chosenReduction(given.reduction, given.sizeAverage, given.reduce);
    if (weight === null)
      return elementwise(input, target, (a, b) => aten[kernel](a, b, reductionNumber(chosen)));
    return tidy(() =>
      elementwise(input, target, (a, b) => {
        checkWeight(weight, input);
        const errors = error(a.sub(b)).mul(weight);
        return reduceWeighted(chosen, errors, (values) => values.sum().div(weight.sum()));
      }),
    );
  };
}

const squared = weightedLoss('mseLoss', 'mse_loss', (difference) => difference.pow(2));

/**
 * The squared difference of input and target.
 *
 * `mseLoss(input, target, sizeAverage = null, reduce = null, reduction = 'mean', weight = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.mse_loss.html
 *
 * @throws RangeError for an unknown reduction, and for a weight of another shape than the input.
 */
export function mseLoss(input: Tensor, target: Tensor, ...rest: WeightedRest): Tensor;
export function mseLoss(...args: unknown[]): Tensor {
  return squared(args);
}

const absolute = weightedLoss('l1Loss', 'l1_loss', (difference) => difference.abs());

/**
 * The absolute difference of input and target.
 *
 * `l1Loss(input, target, sizeAverage = null, reduce = null, reduction = 'mean', weight = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.l1_loss.html
 *
 * @throws RangeError for an unknown reduction, and for a weight of another shape than the input.
 */
export function l1Loss(input: Tensor, target: Tensor, ...rest: WeightedRest): Tensor;
export function l1Loss(...args: unknown[]): Tensor {
  return absolute(args);
}

const smoothArguments = parameters('smoothL1Loss', {
  input: tensor,
  target: tensor,
  ...legacy,
  beta: withDefault(float, 1),
});

/**
 * Quadratic below `beta`, linear above. Default: `beta` 1.
 *
 * `smoothL1Loss(input, target, sizeAverage = null, reduce = null, reduction = 'mean', beta = 1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.smooth_l1_loss.html
 */
export function smoothL1Loss(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<[...LegacyArguments, beta: number], Legacy<LossOptions & { beta?: number }>>
): Tensor;
export function smoothL1Loss(...args: unknown[]): Tensor {
  const { input, target, beta, ...given } = smoothArguments(args);
  const chosen = chosenReduction(given.reduction, given.sizeAverage, given.reduce);
  return elementwise(input, target, (a, b) => {
    const mode = reductionNumber(chosen);
    return beta === 0 ? aten.l1_loss(a, b, mode) : aten.smooth_l1_loss(a, b, mode, beta);
  });
}

/** Options of {@link huberLoss}. */
export interface HuberLossOptions extends LossOptions {
  /** Where the loss turns linear. Default: 1. */
  delta?: number;
  /** A weight for each element. Default: none. */
  weight?: Tensor | null;
}

const huberArguments = parameters('huberLoss', {
  input: tensor,
  target: tensor,
  reduction,
  delta: withDefault(float, 1),
  weight: optional(tensor),
});

/**
 * Quadratic below `delta`, linear with slope `delta` above.
 *
 * `huberLoss(input, target, reduction = 'mean', delta = 1, weight = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.huber_loss.html
 *
 * @throws RangeError for an unknown reduction, and for a weight of another shape than the input.
 */
export function huberLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<[reduction: Reduction, delta: number, weight: Tensor | null], HuberLossOptions>
): Tensor;
export function huberLoss(...args: unknown[]): Tensor {
  const { input, target, reduction: chosen, delta, weight } = huberArguments(args);
  if (weight === null)
    return elementwise(input, target, (a, b) => aten.huber_loss(a, b, reductionNumber(chosen), delta));
  return tidy(() =>
    elementwise(input, target, (a, b) => {
      checkWeight(weight, input);
      const losses = aten.huber_loss(a, b, reductionNumber('none'), delta).mul(weight);
      return reduceWeighted(chosen, losses, (values) => values.mean());
    }),
  );
}

/** Options of {@link poissonNLLLoss}. */
export interface PoissonNLLLossOptions extends LossOptions {
  /** Whether the input is the logarithm of the rate. Default: `true`. */
  logInput?: boolean;
  /** Add Stirling's approximation of the constant term. Default: `false`. */
  full?: boolean;
  /** Added to the rate before its logarithm is taken. Default: 1e-8. */
  eps?: number;
}

const poissonArguments = parameters('poissonNllLoss', {
  input: tensor,
  target: tensor,
  logInput: withDefault(bool, true),
  full: withDefault(bool, false),
  sizeAverage: optional(bool),
  eps: withDefault(float, 1e-8),
  reduce: optional(bool),
  reduction,
});

const isReduction = (name: string): boolean => name === 'none' || name === 'mean' || name === 'sum';

/**
 * The negative log likelihood of counts under a Poisson distribution.
 *
 * `poissonNllLoss(input, target, logInput = true, full = false, sizeAverage = null, eps = 1e-8, reduce =
 * null, reduction = 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.poisson_nll_loss.html
 *
 * @throws RangeError for an unknown reduction.
 */
export function poissonNllLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<
    [
      logInput: boolean,
      full: boolean,
      sizeAverage: boolean | null,
      eps: number,
      reduce: boolean | null,
      reduction: Reduction,
    ],
    Legacy<PoissonNLLLossOptions>
  >
): Tensor;
export function poissonNllLoss(...args: unknown[]): Tensor {
  const { input, target, logInput, full, eps, ...given } = poissonArguments(args);
  const chosen = chosenReduction(given.reduction, given.sizeAverage, given.reduce);
  if (!isReduction(chosen)) throw new RangeError(`${chosen} is not a valid value for reduction`);
  return aten.poisson_nll_loss(input, target, logInput, full, eps, reductionNumber(chosen));
}

/** Options of {@link gaussianNllLoss}. */
export interface GaussianNLLLossOptions extends LossOptions {
  /** Add the constant term. Default: `false`. */
  full?: boolean;
  /** The least variance that counts. Default: 1e-6. */
  eps?: number;
}

const gaussianArguments = parameters('gaussianNllLoss', {
  input: tensor,
  target: tensor,
  var: either(tensor, float),
  full: withDefault(bool, false),
  eps: withDefault(float, 1e-6),
  reduction,
});

/** The variances in a shape that goes with the input's. */
function variances(input: Tensor, given: Tensor | number): Tensor {
  const negative = (): RangeError => new RangeError('var has negative entry/entries');
  if (typeof given === 'number') {
    if (given < 0) throw negative();
    return aten.ones_like(input, {}).mul(given);
  }
  if (given.lt(0).any().item()) throw negative();
  const [from, to] = [input.shape, given.shape];
  if (sameShape(from, to)) return given;
  if (sameShape(from.slice(0, -1), to)) return given.unsqueeze(-1);
  const differing = to.filter((size, i) => size !== from[i]);
  if (from.length !== to.length || differing.reduce((a, b) => a + b, 0) !== 1)
    throw new RangeError('var is of incorrect size');
  return given;
}

/**
 * The negative log likelihood of numbers under Gaussians of mean `input` and variance `var`.
 *
 * Shapes: input and target `(*)`; var the same, or without the last dimension, or with one dimension of size 1, or a
 * number.
 *
 * `gaussianNllLoss(input, target, var, full = false, eps = 1e-6, reduction = 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.gaussian_nll_loss.html
 *
 * @throws RangeError for negative variances, for another shape of them, and for an unknown reduction.
 */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor | number,
  ...rest: Rest<[full: boolean, eps: number, reduction: Reduction], GaussianNLLLossOptions>
): Tensor;
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  options: GaussianNLLLossOptions & { var: Tensor | number },
): Tensor;
export function gaussianNllLoss(...args: unknown[]): Tensor {
  const { input, target, var: given, full, eps, reduction: chosen } = gaussianArguments(args);
  return tidy(() => {
    const matching = variances(input, given);
    if (!isReduction(chosen)) throw new RangeError(`${chosen} is not valid`);
    const variance = matching.clone();
    noGrad(() => variance.clamp_({ min: eps }));
    const loss = variance.log().add(input.sub(target).pow(2).div(variance)).mul(0.5);
    if (full) loss.add_(0.5 * Math.log(2 * Math.PI));
    if (chosen === 'mean') return loss.mean();
    return chosen === 'sum' ? loss.sum() : loss;
  });
}

/** Options of {@link klDiv}. */
export interface KLDivOptions {
  /** As in the other losses, or `'batchmean'`: the sum divided by the size of the first dimension. Default: `'mean'`. */
  reduction?: Reduction | 'batchmean';
  /** Whether the target is log probabilities too. Default: `false`. */
  logTarget?: boolean;
}

const klArguments = parameters('klDiv', {
  input: tensor,
  target: tensor,
  ...legacy,
  reduction: withDefault(text<Reduction | 'batchmean'>(), 'mean'),
  logTarget: withDefault(bool, false),
});

/**
 * The Kullback-Leibler divergence of the target from an input of log probabilities.
 *
 * `klDiv(input, target, sizeAverage = null, reduce = null, reduction = 'mean', logTarget = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.kl_div.html
 *
 * @throws RangeError for an unknown reduction.
 */
export function klDiv(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<
    [
      sizeAverage: boolean | null,
      reduce: boolean | null,
      reduction: Reduction | 'batchmean',
      logTarget: boolean,
    ],
    Legacy<KLDivOptions>
  >
): Tensor;
export function klDiv(...args: unknown[]): Tensor {
  const given = klArguments(args);
  const { input, target, sizeAverage, reduce, reduction: named, logTarget } = given;
  const isLegacy = sizeAverage !== null || reduce !== null;
  if (!isLegacy && named === 'mean') {
    warnOnce(
      "reduction: 'mean' divides the total loss by both the batch size and the support size.'batchmean' divides only " +
        "by the batch size, and aligns with the KL div math definition.'mean' will be changed to behave the same as " +
        "'batchmean' in the next major release.",
    );
  }
  const batchMean = named === 'batchmean';
  const chosen = isLegacy ? chosenReduction(named, sizeAverage, reduce) : batchMean ? 'sum' : named;
  const reduced = aten.kl_div(input, target, reductionNumber(chosen), { log_target: logTarget });
  if (!batchMean || input.dim() === 0) return reduced;
  const result = reduced.div(input.size(0));
  reduced.dispose();
  return result;
}
