/** Losses for classes. */

import {
  bool,
  either,
  float,
  int,
  intList,
  optional,
  parameters,
  type Rest,
  tensor,
  withDefault,
} from '../../../arguments.js';
import { tidy } from '../../../memory.js';
import type { Tensor } from '../../../tensor.js';
import { aten } from '../../aten.js';
import { formatSize } from '../../format.js';
import { chosenReduction, type Reduction, reductionNumber } from '../../reduction.js';
import { sameShape } from '../sizes.js';
import { type Legacy, type LegacyArguments, type LossOptions, legacy, reduction } from './options.js';

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

type NLLArguments = [
  weight: Tensor | null,
  sizeAverage: boolean | null,
  ignoreIndex: number,
  reduce: boolean | null,
  reduction: Reduction,
];

const nllSpec = {
  input: tensor,
  target: tensor,
  weight: optional(tensor),
  sizeAverage: optional(bool),
  ignoreIndex: withDefault(int, -100),
  reduce: optional(bool),
  reduction,
};
const crossEntropyArguments = parameters('crossEntropy', {
  ...nllSpec,
  labelSmoothing: withDefault(float, 0),
});

/**
 * The cross entropy between logits and targets.
 *
 * Shapes: input `(C)`, `(N, C)` or `(N, C, d1, …)`; target class indices `()`, `(N)` or `(N, d1, …)`, or probabilities
 * of the input's shape.
 *
 * `crossEntropy(input, target, weight = null, sizeAverage = null, ignoreIndex = -100, reduce = null,
 * reduction = 'mean', labelSmoothing = 0)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.cross_entropy.html
 *
 * @throws RangeError for an unknown reduction.
 */
export function crossEntropy(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<[...NLLArguments, labelSmoothing: number], Legacy<CrossEntropyOptions>>
): Tensor;
export function crossEntropy(...args: unknown[]): Tensor {
  const given = crossEntropyArguments(args);
  const { input, target, weight, ignoreIndex, labelSmoothing } = given;
  const chosen = chosenReduction(given.reduction, given.sizeAverage, given.reduce);
  return aten.cross_entropy_loss(input, target, weight, reductionNumber(chosen), ignoreIndex, labelSmoothing);
}

const nllArguments = parameters('nllLoss', nllSpec);

/**
 * The negative log likelihood, for an input of log probabilities. Shapes as in {@link crossEntropy}, with indices.
 *
 * `nllLoss(input, target, weight = null, sizeAverage = null, ignoreIndex = -100, reduce = null, reduction =
 * 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.nll_loss.html
 *
 * @throws RangeError for an unknown reduction.
 */
export function nllLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<NLLArguments, Legacy<NLLLossOptions>>
): Tensor;
export function nllLoss(...args: unknown[]): Tensor {
  const given = nllArguments(args);
  const chosen = chosenReduction(given.reduction, given.sizeAverage, given.reduce);
  const { input, target, weight, ignoreIndex } = given;
  return aten.nll_loss_nd(input, target, weight, reductionNumber(chosen), ignoreIndex);
}

/** Options of {@link binaryCrossEntropy}. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** A weight that is broadcast to the target. Default: none. */
  weight?: Tensor | null;
}

const weighted = { input: tensor, target: tensor, weight: optional(tensor), ...legacy };
const bceArguments = parameters('binaryCrossEntropy', weighted);

/**
 * The cross entropy between probabilities and targets of the same shape.
 *
 * Shapes: input and target `(*)`, weight broadcast to it.
 *
 * `binaryCrossEntropy(input, target, weight = null, sizeAverage = null, reduce = null, reduction = 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.binary_cross_entropy.html
 *
 * @throws RangeError if the shapes differ.
 */
export function binaryCrossEntropy(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<[weight: Tensor | null, ...LegacyArguments], Legacy<BinaryCrossEntropyOptions>>
): Tensor;
export function binaryCrossEntropy(...args: unknown[]): Tensor {
  const given = bceArguments(args);
  const { input, target, weight } = given;
  const mode = reductionNumber(chosenReduction(given.reduction, given.sizeAverage, given.reduce));
  const [from, to] = [input.shape, target.shape];
  if (!sameShape(from, to)) {
    throw new RangeError(
      `Using a target size (${formatSize(to)}) that is different to the input size (${formatSize(from)}) is ` +
        'deprecated. Please ensure they have the same size.',
    );
  }
  if (weight === null) return aten.binary_cross_entropy(input, target, null, mode);
  return tidy(() => {
    const [, expanded] = aten.broadcast_tensors([target, weight]) as [Tensor, Tensor];
    return aten.binary_cross_entropy(input, target, expanded, mode);
  });
}

/** Options of {@link binaryCrossEntropyWithLogits}. */
export interface BinaryCrossEntropyWithLogitsOptions extends BinaryCrossEntropyOptions {
  /** A weight for the positive examples, broadcast to the target. Default: none. */
  posWeight?: Tensor | null;
}

const logitsArguments = parameters('binaryCrossEntropyWithLogits', {
  ...weighted,
  posWeight: optional(tensor),
});

/**
 * {@link binaryCrossEntropy} of the sigmoid of the input, computed at once.
 *
 * `binaryCrossEntropyWithLogits(input, target, weight = null, sizeAverage = null, reduce = null, reduction =
 * 'mean', posWeight = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.binary_cross_entropy_with_logits.html
 *
 * @throws RangeError if the shapes differ.
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<
    [weight: Tensor | null, ...LegacyArguments, posWeight: Tensor | null],
    Legacy<BinaryCrossEntropyWithLogitsOptions>
  >
): Tensor;
export function binaryCrossEntropyWithLogits(...args: unknown[]): Tensor {
  const given = logitsArguments(args);
  const { input, target, weight, posWeight } = given;
  const mode = reductionNumber(chosenReduction(given.reduction, given.sizeAverage, given.reduce));
  const [from, to] = [input.shape, target.shape];
  if (!sameShape(from, to)) {
    throw new RangeError(
      `Target size (${formatSize(to)}) must be the same as input size (${formatSize(from)})`,
    );
  }
  return aten.binary_cross_entropy_with_logits(input, target, weight, posWeight, mode);
}

const plain = { input: tensor, target: tensor, ...legacy };
type PlainRest = Rest<LegacyArguments, Legacy<LossOptions>>;

const multilabelMarginArguments = parameters('multilabelMarginLoss', plain);

/**
 * The margin loss for several classes an example. The target lists classes, up to the first -1.
 *
 * Shapes: input and target `(C)` or `(N, C)`, the target of int64.
 *
 * `multilabelMarginLoss(input, target, sizeAverage = null, reduce = null, reduction = 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.multilabel_margin_loss.html
 */
export function multilabelMarginLoss(input: Tensor, target: Tensor, ...rest: PlainRest): Tensor;
export function multilabelMarginLoss(...args: unknown[]): Tensor {
  const { input, target, ...given } = multilabelMarginArguments(args);
  const chosen = chosenReduction(given.reduction, given.sizeAverage, given.reduce);
  return aten.multilabel_margin_loss(input, target, reductionNumber(chosen));
}

const softMarginArguments = parameters('softMarginLoss', plain);

/**
 * `log(1 + exp(-target · input))`, for targets 1 and -1.
 *
 * `softMarginLoss(input, target, sizeAverage = null, reduce = null, reduction = 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.soft_margin_loss.html
 */
export function softMarginLoss(input: Tensor, target: Tensor, ...rest: PlainRest): Tensor;
export function softMarginLoss(...args: unknown[]): Tensor {
  const { input, target, ...given } = softMarginArguments(args);
  const chosen = chosenReduction(given.reduction, given.sizeAverage, given.reduce);
  return aten.soft_margin_loss(input, target, reductionNumber(chosen));
}

/** Options of {@link multilabelSoftMarginLoss}. */
export interface MultilabelSoftMarginLossOptions extends LossOptions {
  /** A weight for each class. Default: none. */
  weight?: Tensor | null;
}

const multilabelSoftMarginArguments = parameters('multilabelSoftMarginLoss', weighted);

/**
 * The binary cross entropy with logits, averaged over the classes. Targets are 0 and 1.
 *
 * Shapes: input and target `(*, C)`; result `(*)` without reduction.
 *
 * `multilabelSoftMarginLoss(input, target, weight = null, sizeAverage = null, reduce = null, reduction =
 * 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.multilabel_soft_margin_loss.html
 *
 * @throws RangeError for an unknown reduction.
 */
export function multilabelSoftMarginLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<[weight: Tensor | null, ...LegacyArguments], Legacy<MultilabelSoftMarginLossOptions>>
): Tensor;
export function multilabelSoftMarginLoss(...args: unknown[]): Tensor {
  const { input, target, weight, ...given } = multilabelSoftMarginArguments(args);
  const chosen: string = chosenReduction(given.reduction, given.sizeAverage, given.reduce);
  return tidy(() => {
    const hit = target.mul(aten.log_sigmoid(input));
    const miss = aten.rsub.Scalar(target, 1).mul(aten.log_sigmoid(input.neg()));
    const entropy = hit.add(miss).neg();
    const classes = input.dim() - 1;
    const loss = (weight === null ? entropy : entropy.mul(weight)).sum(classes).div(input.size(classes));
    if (chosen === 'none') return loss;
    if (chosen === 'mean') return loss.mean();
    if (chosen === 'sum') return loss.sum();
    throw new RangeError(`${chosen} is not valid`);
  });
}

/** Options of {@link multiMarginLoss}. */
export interface MultiMarginLossOptions extends LossOptions {
  /** The exponent, 1 or 2. Default: 1. */
  p?: number;
  /** Default: 1. */
  margin?: number;
  /** A weight for each class. Default: none. */
  weight?: Tensor | null;
}

const multiMarginArguments = parameters('multiMarginLoss', {
  input: tensor,
  target: tensor,
  p: withDefault(int, 1),
  margin: withDefault(float, 1),
  weight: optional(tensor),
  ...legacy,
});

/**
 * `Σ max(0, margin - input[target] + input[i])^p / C` over the classes i other than the target.
 *
 * Shapes: input `(C)` or `(N, C)`, target `()` or `(N)` of int64, weight `(C)`.
 *
 * `multiMarginLoss(input, target, p = 1, margin = 1, weight = null, sizeAverage = null, reduce = null,
 * reduction = 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.multi_margin_loss.html
 *
 * @throws RangeError for another `p`, and for a weight that has not one dimension.
 */
export function multiMarginLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Rest<
    [p: number, margin: number, weight: Tensor | null, ...LegacyArguments],
    Legacy<MultiMarginLossOptions>
  >
): Tensor;
export function multiMarginLoss(...args: unknown[]): Tensor {
  const { input, target, p, margin, weight, ...given } = multiMarginArguments(args);
  const mode = reductionNumber(chosenReduction(given.reduction, given.sizeAverage, given.reduce));
  if (p !== 1 && p !== 2) throw new RangeError('only p == 1 and p == 2 supported');
  if (weight !== null && weight.dim() !== 1) throw new RangeError('weight must be one-dimensional');
  return aten.multi_margin_loss(input, target, p, margin, weight, mode);
}

/** Options of {@link ctcLoss}. */
export interface CTCLossOptions extends LossOptions {
  /** The class of blanks. Default: 0. */
  blank?: number;
  /** Count infinite losses, and their gradients, as zero. Default: `false`. */
  zeroInfinity?: boolean;
}

/** Lengths of sequences, one for each of the batch. */
export type CTCLengths = Tensor | readonly number[];

const ctcArguments = parameters('ctcLoss', {
  logProbs: tensor,
  targets: tensor,
  inputLengths: either(tensor, intList),
  targetLengths: either(tensor, intList),
  blank: withDefault(int, 0),
  reduction,
  zeroInfinity: withDefault(bool, false),
});

/**
 * The connectionist temporal classification loss.
 *
 * Shapes: log probabilities `(T, N, C)` or `(T, C)`, targets `(N, S)` or all in one `(S)`, lengths `(N)` or `()`.
 *
 * `ctcLoss(logProbs, targets, inputLengths, targetLengths, blank = 0, reduction = 'mean', zeroInfinity =
 * false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.ctc_loss.html
 *
 * @throws TypeError unless both lengths are tensors, or both arrays.
 */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: CTCLengths,
  targetLengths: CTCLengths,
  ...rest: Rest<[blank: number, reduction: Reduction, zeroInfinity: boolean], CTCLossOptions>
): Tensor;
export function ctcLoss(...args: unknown[]): Tensor {
  const given = ctcArguments(args);
  const { logProbs, targets, inputLengths, targetLengths, blank, zeroInfinity } = given;
  const mode = reductionNumber(given.reduction);
  if (Array.isArray(inputLengths) && Array.isArray(targetLengths))
    return aten.ctc_loss.IntList(logProbs, targets, inputLengths, targetLengths, blank, mode, zeroInfinity);
  if (Array.isArray(inputLengths) || Array.isArray(targetLengths)) {
    throw new TypeError(
      "ctcLoss(): arguments 'inputLengths' and 'targetLengths' must both be tensors, or both arrays",
    );
  }
  return aten.ctc_loss.Tensor(
    logProbs,
    targets,
    inputLengths as Tensor,
    targetLengths as Tensor,
    blank,
    mode,
    zeroInfinity,
  );
}
