/** What the losses share: their options, and how PyTorch reads them. */
import { bool, optional, text, withDefault } from '../../../arguments.js';
import type { LegacyReduction, Reduction } from '../../reduction.js';

/** Options of the losses that only reduce. */
export interface LossOptions {
  /** `'mean'`, `'sum'`, or `'none'` for the loss of every element. Default: `'mean'`. */
  reduction?: Reduction;
}

/** The deprecated options besides. */
export type Legacy<O> = O & LegacyReduction;
/** The deprecated arguments and `reduction`, by position. */
export type LegacyArguments = [sizeAverage: boolean | null, reduce: boolean | null, reduction: Reduction];

export const reduction = withDefault(text<Reduction>(), 'mean');
/** `sizeAverage`, `reduce` and `reduction`, for most losses side by side. */
export const legacy = { sizeAverage: optional(bool), reduce: optional(bool), reduction };
