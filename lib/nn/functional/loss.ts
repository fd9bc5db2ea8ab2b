import { tidy } from '../../memory.js';
import { isPlainObject } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { bind } from '../arguments.js';
import { aten } from '../aten.js';
import { formatFloat, formatSize } from '../format.js';
import { type Reduction, reductionNumber } from '../reduction.js';
import { warnOnce } from '../warnings.js';

/** Options of the losses that only reduce. */
export interface LossOptions {
  /** `'mean'`, `'sum'`, or `'none'` for the loss of every element. Default: `'mean'`. */
  reduction?: Reduction;
}

/** Options of {@link nllLoss}. */
export interface NLLLossOptions extends LossOptions {
  /** A weight for each class. Default: none. */
  weight?: Tensor | null;
  /** The target that counts for nothing. Default: -100. */
  ignoreIndex?: number;
}

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions extends NLLLossOptions {
  /** How much of the target is spread over all classes. Default: 0. */
  labelSmoothing?: number;
}

const nllDefaults: Required<NLLLossOptions> = Object.freeze({
  weight: null,
  ignoreIndex: -100,
  reduction: 'mean',
});
const crossEntropyDefaults: Required<CrossEntropyOptions> = Object.freeze({
  ...nllDefaults,
  labelSmoothing: 0,
});

/**
 * `weight` by position or the options: what follows input and target where PyTorch has deprecated the rest.
 */
type WeightRest<O> = [options?: O] | [weight: Tensor | null | undefined, options?: O];

function bindWeighted<D extends object>(name: string, defaults: D, rest: readonly unknown[]): D {
  if (rest.length > 2 || (rest.length === 2 && !isPlainObject(rest[1]) && rest[1] !== undefined)) {
    throw new TypeError(
      `${name}: after input, target and weight come the options { ${Object.keys(defaults).join(', ')} }`,
    );
  }
  return bind(name, defaults, rest);
}

function bindOptions<D extends object>(name: string, defaults: D, options: unknown): D {
  if (options === undefined) return defaults;
  if (!isPlainObject(options)) {
    throw new TypeError(
      `${name}: after input and target come the options { ${Object.keys(defaults).join(', ')} }`,
    );
  }
  return bind(name, defaults, [options]);
}

/**
 * The cross entropy between logits and targets.
 *
 * Shapes: input `(C)`, `(N, C)` or `(N, C, d1, …)`; target class indices `()`, `(N)` or `(N, d1, …)`, or
 * probabilities of the input's shape.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.cross_entropy.html
 *
 * @throws RangeError for an unknown reduction.
 */
export function crossEntropy(
  input: Tensor,
  target: Tensor,
  ...rest: WeightRest<CrossEntropyOptions>
): Tensor {
  const options = bindWeighted('crossEntropy', crossEntropyDefaults, rest);
  const { weight, ignoreIndex, reduction, labelSmoothing } = options;
  return aten.cross_entropy_loss(
    input,
    target,
    weight,
    reductionNumber(reduction),
    ignoreIndex,
    labelSmoothing,
  );
}

/**
 * The negative log likelihood, for an input of log probabilities. Shapes as in {@link crossEntropy}, with
 * indices.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.nll_loss.html
 */
export function nllLoss(input: Tensor, target: Tensor, ...rest: WeightRest<NLLLossOptions>): Tensor {
  const { weight, ignoreIndex, reduction } = bindWeighted('nllLoss', nllDefaults, rest);
  return aten.nll_loss_nd(input, target, weight, reductionNumber(reduction), ignoreIndex);
}

function sameShape(a: Tensor, b: Tensor): boolean {
  const [left, right] = [a.shape, b.shape];
  return left.length === right.length && left.every((size, i) => size === right[i]);
}

/** Runs an elementwise loss over input and target, which PyTorch broadcasts with a warning. */
function elementwise(input: Tensor, target: Tensor, loss: (input: Tensor, target: Tensor) => Tensor): Tensor {
  if (sameShape(input, target)) return loss(input, target);
  warnOnce(
    `Using a target size (${formatSize(target.shape)}) that is different to the input size ` +
      `(${formatSize(input.shape)}). This will likely lead to incorrect results due to broadcasting. Please ensure ` +
      'they have the same size.',
  );
  return tidy(() => {
    const shape = broadcastShapes(input.shape, target.shape);
    return loss(input.expand(shape), target.expand(shape));
  });
}

/** The shape that two shapes are broadcast to. */
function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, i) => {
    const left = a[a.length - length + i] ?? 1;
    const right = b[b.length - length + i] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new RangeError(
        `The size of tensor a (${left}) must match the size of tensor b (${right}) at non-singleton dimension ${i}`,
      );
    }
    return left === 1 ? right : left;
  });
}

/** Options of {@link mseLoss} and {@link l1Loss}. */
export interface WeightedLossOptions extends LossOptions {
  /** A weight for each element; `'mean'` then divides by the sum of the weights. Default: none. */
  weight?: Tensor | null;
}

const weightedDefaults: Required<WeightedLossOptions> = Object.freeze({ reduction: 'mean', weight: null });

function weighted(name: 'mean' | 'sum' | 'none', errors: Tensor, weight: Tensor): Tensor {
  const scaled = errors.mul(weight);
  if (name === 'none') return scaled;
  return name === 'sum' ? scaled.sum() : scaled.sum().div(weight.sum());
}

function checkWeight(weight: Tensor, input: Tensor): void {
  if (!sameShape(weight, input)) throw new RangeError('Weights and input must have the same size.');
}

/**
 * The squared difference of input and target.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.mse_loss.html
 */
export function mseLoss(input: Tensor, target: Tensor, options?: WeightedLossOptions): Tensor {
  const { reduction, weight } = bindOptions('mseLoss', weightedDefaults, options);
  const mode = reductionNumber(reduction);
  if (weight === null) return elementwise(input, target, (a, b) => aten.mse_loss(a, b, mode));
  checkWeight(weight, input);
  return tidy(() => elementwise(input, target, (a, b) => weighted(reduction, a.sub(b).pow(2), weight)));
}

/**
 * The absolute difference of input and target.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.l1_loss.html
 */
export function l1Loss(input: Tensor, target: Tensor, options?: WeightedLossOptions): Tensor {
  const { reduction, weight } = bindOptions('l1Loss', weightedDefaults, options);
  const mode = reductionNumber(reduction);
  if (weight === null) return elementwise(input, target, (a, b) => aten.l1_loss(a, b, mode));
  checkWeight(weight, input);
  return tidy(() => elementwise(input, target, (a, b) => weighted(reduction, a.sub(b).abs(), weight)));
}

const smoothL1Defaults: { reduction: Reduction; beta: number } = Object.freeze({
  reduction: 'mean',
  beta: 1,
});

/**
 * Quadratic below `beta`, linear above.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.smooth_l1_loss.html
 */
export function smoothL1Loss(
  input: Tensor,
  target: Tensor,
  options?: LossOptions & { beta?: number },
): Tensor {
  const { reduction, beta } = bindOptions('smoothL1Loss', smoothL1Defaults, options);
  const mode = reductionNumber(reduction);
  return elementwise(input, target, (a, b) =>
    beta === 0 ? aten.l1_loss(a, b, mode) : aten.smooth_l1_loss(a, b, mode, beta),
  );
}

const huberDefaults: { reduction: Reduction; delta: number } = Object.freeze({ reduction: 'mean', delta: 1 });

/**
 * Quadratic below `delta`, linear with slope `delta` above.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.huber_loss.html
 */
export function huberLoss(input: Tensor, target: Tensor, options?: LossOptions & { delta?: number }): Tensor {
  const { reduction, delta } = bindOptions('huberLoss', huberDefaults, options);
  const mode = reductionNumber(reduction);
  return elementwise(input, target, (a, b) => aten.huber_loss(a, b, mode, delta));
}

/** Options of {@link binaryCrossEntropy}. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** A weight that is broadcast to the target. Default: none. */
  weight?: Tensor | null;
}

const bceDefaults: Required<BinaryCrossEntropyOptions> = Object.freeze({ weight: null, reduction: 'mean' });

/**
 * The cross entropy between probabilities and targets of the same shape.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.binary_cross_entropy.html
 *
 * @throws RangeError if the shapes differ.
 */
export function binaryCrossEntropy(
  input: Tensor,
  target: Tensor,
  ...rest: WeightRest<BinaryCrossEntropyOptions>
): Tensor {
  const { weight, reduction } = bindWeighted('binaryCrossEntropy', bceDefaults, rest);
  const mode = reductionNumber(reduction);
  if (!sameShape(input, target)) {
    throw new RangeError(
      `Using a target size (${formatSize(target.shape)}) that is different to the input size ` +
        `(${formatSize(input.shape)}) is deprecated. Please ensure they have the same size.`,
    );
  }
  if (weight === null) return aten.binary_cross_entropy(input, target, null, mode);
  return tidy(() => {
    const expanded = weight.expand(broadcastShapes(target.shape, weight.shape));
    return aten.binary_cross_entropy(input, target, expanded, mode);
  });
}

/** Options of {@link binaryCrossEntropyWithLogits}. */
export interface BinaryCrossEntropyWithLogitsOptions extends BinaryCrossEntropyOptions {
  /** A weight for the positive examples, broadcast to the target. Default: none. */
  posWeight?: Tensor | null;
}

const logitsDefaults: Required<BinaryCrossEntropyWithLogitsOptions> = Object.freeze({
  ...bceDefaults,
  posWeight: null,
});

/**
 * {@link binaryCrossEntropy} of the sigmoid of the input, computed at once.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.binary_cross_entropy_with_logits.html
 *
 * @throws RangeError if the shapes differ.
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  ...rest: WeightRest<BinaryCrossEntropyWithLogitsOptions>
): Tensor {
  const { weight, reduction, posWeight } = bindWeighted('binaryCrossEntropyWithLogits', logitsDefaults, rest);
  if (!sameShape(input, target)) {
    throw new RangeError(
      `Target size (${formatSize(target.shape)}) must be the same as input size (${formatSize(input.shape)})`,
    );
  }
  return aten.binary_cross_entropy_with_logits(input, target, weight, posWeight, reductionNumber(reduction));
}

/** Options of {@link klDiv}. */
export interface KLDivOptions {
  /**
   * As in the other losses, or `'batchmean'`: the sum divided by the size of the first dimension. Default:
   * `'mean'`.
   */
  reduction?: Reduction | 'batchmean';
  /** Whether the target is log probabilities too. Default: `false`. */
  logTarget?: boolean;
}

const klDefaults: Required<KLDivOptions> = Object.freeze({ reduction: 'mean', logTarget: false });

/**
 * The Kullback-Leibler divergence of the target from an input of log probabilities.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.kl_div.html
 */
export function klDiv(input: Tensor, target: Tensor, options?: KLDivOptions): Tensor {
  const { reduction, logTarget } = bindOptions('klDiv', klDefaults, options);
  if (reduction === 'mean') {
    warnOnce(
      "reduction: 'mean' divides the total loss by both the batch size and the support size.'batchmean' divides only " +
        "by the batch size, and aligns with the KL div math definition.'mean' will be changed to behave the same as " +
        "'batchmean' in the next major release.",
    );
  }
  const batchMean = reduction === 'batchmean';
  const mode = reductionNumber(batchMean ? 'sum' : reduction);
  const reduced = aten.kl_div(input, target, mode, { log_target: logTarget });
  if (!batchMean || input.dim() === 0) return reduced;
  const result = reduced.div(input.size(0));
  reduced.dispose();
  return result;
}

const marginDefaults: { margin: number; reduction: Reduction } = Object.freeze({
  margin: 0,
  reduction: 'mean',
});

/**
 * `1 - cos(x1, x2)` where the target is 1, `max(0, cos(x1, x2) - margin)` where it is -1.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.cosine_embedding_loss.html
 */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options?: LossOptions & { margin?: number },
): Tensor {
  const { margin, reduction } = bindOptions('cosineEmbeddingLoss', marginDefaults, options);
  return aten.cosine_embedding_loss(input1, input2, target, margin, reductionNumber(reduction));
}

/**
 * `max(0, -target · (input1 - input2) + margin)`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.margin_ranking_loss.html
 */
export function marginRankingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options?: LossOptions & { margin?: number },
): Tensor {
  const { margin, reduction } = bindOptions('marginRankingLoss', marginDefaults, options);
  return aten.margin_ranking_loss(input1, input2, target, margin, reductionNumber(reduction));
}

/** Options of {@link tripletMarginLoss}. */
export interface TripletMarginLossOptions extends LossOptions {
  /** Default: 1. */
  margin?: number;
  /** The p of the norm. Default: 2. */
  p?: number;
  /** Added to the differences. Default: 1e-6. */
  eps?: number;
  /** Take the positive's distance to the negative where it is smaller than the anchor's. Default: `false`. */
  swap?: boolean;
}

const tripletDefaults: Required<TripletMarginLossOptions> = Object.freeze({
  margin: 1,
  p: 2,
  eps: 1e-6,
  swap: false,
  reduction: 'mean',
});

/**
 * `max(0, ‖anchor - positive‖ₚ - ‖anchor - negative‖ₚ + margin)`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.triplet_margin_loss.html
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options?: TripletMarginLossOptions,
): Tensor {
  const { margin, p, eps, swap, reduction } = bindOptions('tripletMarginLoss', tripletDefaults, options);
  if (margin <= 0) throw new RangeError(`margin must be greater than 0, got ${formatFloat(margin)}`);
  return aten.triplet_margin_loss(
    anchor,
    positive,
    negative,
    margin,
    p,
    eps,
    swap,
    reductionNumber(reduction),
  );
}
