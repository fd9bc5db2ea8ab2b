/** What a loss does with the values of its elements: keeps them, averages them, or adds them up. */
export type Reduction = 'none' | 'mean' | 'sum';

/** The number by which libtorch knows a reduction. */
export function reductionNumber(reduction: string): number {
  if (reduction === 'mean') return 1;
  if (reduction === 'sum') return 2;
  if (reduction === 'none') return 0;
  throw new RangeError(`${reduction} is not a valid value for reduction`);
}
