/** Losses for pairs and triples of vectors. */

import {
  bool,
  callback,
  float,
  optional,
  parameters,
  type Rest,
  tensor,
  withDefault,
} from '../../../arguments.js';
import { TorchError } from '../../../errors.js';
import { tidy } from '../../../memory.js';
import type { Tensor } from '../../../tensor.js';
import { aten } from '../../aten.js';
import { formatFloat, formatSize } from '../../format.js';
import { chosenReduction, reductionNumber } from '../../reduction.js';
import { type Legacy, type LegacyArguments, type LossOptions, legacy, reduction } from './options.js';

/** Options of the losses with a margin. */
export interface MarginLossOptions extends LossOptions {
  /** Default: 0; 1 for {@link hingeEmbeddingLoss}. */
  margin?: number;
}

type MarginRest = Rest<[margin: number, ...LegacyArguments], Legacy<MarginLossOptions>>;

const pairs = {
  input1: tensor,
  input2: tensor,
  target: tensor,
  margin: withDefault(float, 0),
  ...legacy,
};
const cosineArguments = parameters('cosineEmbeddingLoss', pairs);

/**
 * `1 - cos(x1, x2)` where the target is 1, `max(0, cos(x1, x2) - margin)` where it is -1.
 *
 * Shapes: inputs `(N, D)` or `(D)`, target `(N)` or `()`.
 *
 * `cosineEmbeddingLoss(input1, input2, target, margin = 0, sizeAverage = null, reduce = null, reduction =
 * 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.cosine_embedding_loss.html
 */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  ...rest: MarginRest
): Tensor;
export function cosineEmbeddingLoss(...args: unknown[]): Tensor {
  const { input1, input2, target, margin, ...given } = cosineArguments(args);
  const chosen = chosenReduction(given.reduction, given.sizeAverage, given.reduce);
  return aten.cosine_embedding_loss(input1, input2, target, margin, reductionNumber(chosen));
}

const rankingArguments = parameters('marginRankingLoss', pairs);

/**
 * `max(0, -target · (input1 - input2) + margin)`.
 *
 * `marginRankingLoss(input1, input2, target, margin = 0, sizeAverage = null, reduce = null, reduction =
 * 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.margin_ranking_loss.html
 *
 * @throws TorchError for tensors of different numbers of dimensions.
 */
export function marginRankingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  ...rest: MarginRest
): Tensor;
export function marginRankingLoss(...args: unknown[]): Tensor {
  const { input1, input2, target, margin, ...given } = rankingArguments(args);
  const mode = reductionNumber(chosenReduction(given.reduction, given.sizeAverage, given.reduce));
  const [first, second, third] = [input1.shape, input2.shape, target.shape];
  if (first.length !== second.length || first.length !== third.length) {
    throw new TorchError(
      'margin_ranking_loss : All input tensors should have same dimension but got sizes: ' +
        `input1: ${formatSize(first)}, input2: ${formatSize(second)}, target: ${formatSize(third)} `,
    );
  }
  return aten.margin_ranking_loss(input1, input2, target, margin, mode);
}

const hingeArguments = parameters('hingeEmbeddingLoss', {
  input: tensor,
  target: tensor,
  margin: withDefault(float, 1),
  ...legacy,
});

/**
 * The input where the target is 1, `max(0, margin - input)` where it is -1.
 *
 * `hingeEmbeddingLoss(input, target, margin = 1, sizeAverage = null, reduce = null, reduction = 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.hinge_embedding_loss.html
 */
export function hingeEmbeddingLoss(input: Tensor, target: Tensor, ...rest: MarginRest): Tensor;
export function hingeEmbeddingLoss(...args: unknown[]): Tensor {
  const { input, target, margin, ...given } = hingeArguments(args);
  const chosen = chosenReduction(given.reduction, given.sizeAverage, given.reduce);
  return aten.hinge_embedding_loss(input, target, margin, reductionNumber(chosen));
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

const triple = { anchor: tensor, positive: tensor, negative: tensor };
const tripletArguments = parameters('tripletMarginLoss', {
  ...triple,
  margin: withDefault(float, 1),
  p: withDefault(float, 2),
  eps: withDefault(float, 1e-6),
  swap: withDefault(bool, false),
  ...legacy,
});

function checkMargin(margin: number): void {
  if (margin <= 0) throw new RangeError(`margin must be greater than 0, got ${formatFloat(margin)}`);
}

/**
 * `max(0, ‖anchor - positive‖ₚ - ‖anchor - negative‖ₚ + margin)`.
 *
 * Shapes: all three `(N, D)` or `(D)`.
 *
 * `tripletMarginLoss(anchor, positive, negative, margin = 1, p = 2, eps = 1e-6, swap = false, sizeAverage =
 * null, reduce = null, reduction = 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.triplet_margin_loss.html
 *
 * @throws RangeError for a margin that is not positive.
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  ...rest: Rest<
    [margin: number, p: number, eps: number, swap: boolean, ...LegacyArguments],
    Legacy<TripletMarginLossOptions>
  >
): Tensor;
export function tripletMarginLoss(...args: unknown[]): Tensor {
  const { anchor, positive, negative, margin, p, eps, swap, ...given } = tripletArguments(args);
  const mode = reductionNumber(chosenReduction(given.reduction, given.sizeAverage, given.reduce));
  checkMargin(margin);
  return aten.triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, mode);
}

/** What tells the distances of two batches of vectors. */
export type DistanceFunction = (a: Tensor, b: Tensor) => Tensor;

/** Options of {@link tripletMarginWithDistanceLoss}. */
export interface TripletMarginWithDistanceLossOptions extends LossOptions {
  /** Default: the Euclidean distance, `pairwiseDistance`. */
  distanceFunction?: DistanceFunction | null;
  /** Default: 1. */
  margin?: number;
  /** Take the positive's distance to the negative where it is smaller than the anchor's. Default: `false`. */
  swap?: boolean;
}

const distanceArguments = parameters(
  'tripletMarginWithDistanceLoss',
  {
    ...triple,
    distanceFunction: optional(callback<DistanceFunction>()),
    margin: withDefault(float, 1),
    swap: withDefault(bool, false),
    reduction,
  },
  3,
);

/**
 * {@link tripletMarginLoss} with a distance of one's own: `max(0, d(a, p) - d(a, n) + margin)`.
 *
 * `tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction = null, margin = 1, swap =
 * false, reduction = 'mean' })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.triplet_margin_with_distance_loss.html
 *
 * @throws RangeError for an unknown reduction and for a margin that is not positive; TorchError for tensors of
 *   different numbers of dimensions.
 */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options?: TripletMarginWithDistanceLossOptions,
): Tensor;
export function tripletMarginWithDistanceLoss(...args: unknown[]): Tensor {
  const given = distanceArguments(args);
  const { anchor, positive, negative, distanceFunction, margin, swap } = given;
  const chosen: string = given.reduction;
  if (chosen !== 'mean' && chosen !== 'sum' && chosen !== 'none')
    throw new RangeError(`${chosen} is not a valid value for reduction`);
  checkMargin(margin);
  const [a, p, n] = [anchor.dim(), positive.dim(), negative.dim()];
  if (a !== p || p !== n) {
    throw new TorchError(
      'The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: ' +
        `anchor ${a}D, positive ${p}D, and negative ${n}D inputs`,
    );
  }
  const loss = (distance: DistanceFunction): (() => Tensor) => {
    const near = distance(anchor, positive);
    const far = distance(anchor, negative);
    const swapped = swap ? distance(positive, negative) : null;
    return () => {
      const least = swapped === null ? far : far.minimum(swapped);
      const losses = near.add(margin).sub(least).clampMin(0);
      if (chosen === 'none') return losses;
      return chosen === 'sum' ? losses.sum() : losses.mean();
    };
  };
  // What a caller's function makes is the caller's.
  if (distanceFunction !== null) return tidy(loss(distanceFunction));
  return tidy(() => loss((x, y) => aten.pairwise_distance(x, y, 2, 1e-6, false))());
}
