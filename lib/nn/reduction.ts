import { warnOnce } from './warnings.js';

/** What a loss does with the values of its elements: keeps them, averages them, or adds them up. */
export type Reduction = 'none' | 'mean' | 'sum';

/** The number by which libtorch knows a reduction. */
export function reductionNumber(reduction: string): number {
  if (reduction === 'mean') return 1;
  if (reduction === 'sum') return 2;
  if (reduction === 'none') return 0;
  if (reduction === 'elementwise_mean') {
    warnOnce("reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.");
    return 1;
  }
  throw new RangeError(`${reduction} is not a valid value for reduction`);
}

/** The arguments by which PyTorch took a reduction before it had `reduction`. */
export interface LegacyReduction {
  /** @deprecated `false` with `reduce` stands for `reduction: 'sum'`. */
  sizeAverage?: boolean | null;
  /** @deprecated `false` stands for `reduction: 'none'`. */
  reduce?: boolean | null;
}

/** `reduction`, unless one of the deprecated arguments says otherwise, which is worth a warning. */
export function chosenReduction<R extends string>(
  reduction: R,
  sizeAverage: boolean | null,
  reduce: boolean | null,
): R | Reduction {
  if (sizeAverage === null && reduce === null) return reduction;
  const chosen = reduce === false ? 'none' : sizeAverage === false ? 'sum' : 'mean';
  warnOnce(`size_average and reduce args will be deprecated, please use reduction='${chosen}' instead.`);
  return chosen;
}
