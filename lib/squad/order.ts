import { SeededRandom } from './random.js';

export interface BatchOrderOptions {
  batchSize: number;
  /** Shuffle by this seed ({@link SeededRandom}). */
  seed?: number;
  /**
   * Shuffle by this permutation of the examples instead, so that the caller may draw it, for instance by
   * `torch.randperm`. Without `seed` and `permutation` nothing is shuffled.
   */
  permutation?: ArrayLike<number | bigint>;
  /**
   * Examples are sorted by length within pools of this many batches: more makes the batches more even in length,
   * fewer makes them more varied from epoch to epoch. Default 50. Without shuffling all are one pool.
   */
  poolBatches?: number;
  /** Leave out a last batch that is not full. Default false. */
  dropLast?: boolean;
}

/**
 * Which examples go together, and in which order the batches come.
 *
 * The examples, in the permutation's order, are cut into pools; each pool is sorted by length (equal lengths stay in
 * the permutation's order) and cut into batches. The batches then come in the order in which the permutation has
 * their first members, which is as random as the permutation itself: one permutation decides it all.
 *
 * Without shuffling the batches come from short to long. `RangeError` for a bad option or permutation.
 */
export function batchOrder(lengths: ArrayLike<number>, options: BatchOrderOptions): number[][] {
  const { batchSize, seed, permutation, poolBatches = 50, dropLast = false } = options;
  for (const [name, value] of Object.entries({ batchSize, poolBatches })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name} must be a positive integer, got ${value}`);
  }
  if (seed !== undefined && permutation !== undefined)
    throw new RangeError('give a seed or a permutation, not both');
  const count = lengths.length;
  const shuffle = seed !== undefined || permutation !== undefined;
  const order =
    seed !== undefined
      ? new SeededRandom(seed).permutation(count)
      : checked(permutation ?? identity(count), count);
  const rank = new Float64Array(count);
  order.forEach((example, place) => {
    rank[example] = place;
  });

  const poolSize = shuffle ? batchSize * poolBatches : count;
  const batches: number[][] = [];
  for (let at = 0; at < count; at += poolSize) {
    const pool = order.slice(at, at + poolSize);
    pool.sort((a, b) => lengths[a]! - lengths[b]! || rank[a]! - rank[b]!);
    for (let i = 0; i < pool.length; i += batchSize) batches.push(pool.slice(i, i + batchSize));
  }
  const full = dropLast ? batches.filter((batch) => batch.length === batchSize) : batches;
  return shuffle ? full.sort((a, b) => rank[a[0]!]! - rank[b[0]!]!) : full;
}

function identity(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function checked(permutation: ArrayLike<number | bigint>, count: number): number[] {
  const order = Array.from(permutation, Number);
  const seen = new Uint8Array(count);
  for (const index of order) {
    if (!(Number.isInteger(index) && index >= 0 && index < count) || seen[index] === 1) {
      throw new RangeError(
        `not a permutation of ${count} examples: ${index} is out of range or occurs twice`,
      );
    }
    seen[index] = 1;
  }
  if (order.length !== count) throw new RangeError(`a permutation of ${order.length} for ${count} examples`);
  return order;
}
