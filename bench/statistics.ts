export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/**
 * How well a median is known: the larger distance from it to an end of its 95 % confidence interval, as a part of it.
 * The interval's ends are two of the values (those about √n places from the middle), so nothing is assumed of how they
 * are distributed. Infinite for fewer than six values, which have no such interval.
 */
export function medianError(values: readonly number[]): number {
  const n = values.length;
  if (n < 6) return Number.POSITIVE_INFINITY;
  const sorted = [...values].sort((a, b) => a - b);
  const low = Math.max(0, Math.floor((n - 1.96 * Math.sqrt(n)) / 2));
  const middle = median(sorted);
  const below = middle - (sorted[low] as number);
  const above = (sorted[n - 1 - low] as number) - middle;
  return Math.max(below, above) / middle;
}
