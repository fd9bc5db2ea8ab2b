import { nn, type Tensor } from 'litorch';
import type { Batch } from './batch.js';

const { functional: F } = nn;

/** What the network gives: see `Network`. */
export type Predictions = readonly [start: Tensor, end: Tensor, pred: Tensor];

/** The loss of a batch's answer spans: that of their first tokens plus that of their last. */
export function spanLoss([start, end]: Predictions, batch: Batch): Tensor {
  return F.crossEntropy(start, batch.starts).add(F.crossEntropy(end, batch.ends));
}

/** The logits among the predictions. */
export function spanLogits([start, end]: Predictions): Tensor[] {
  return [start, end];
}
