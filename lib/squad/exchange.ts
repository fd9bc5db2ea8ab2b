import type { SquadBatch } from './batching.js';
import { FEATURE_COUNT } from './features.js';
import { type NpzArray, writeNpz } from './npz.js';

/**
 * Writes batches to one `.npz` file (under a temporary name first), so that a Python program trains on exactly the
 * same arrays:
 *
 *     z = numpy.load(path)
 *     z['count']                # how many batches
 *     z['0/context']            # int64 [B, T]; as are question [B, Q], context_lengths, question_lengths,
 *                               # starts and ends [B], and indices
 *     z['0/context_padding']    # bool [B, T]; question_padding bool [B, Q]
 *     z['0/features']           # float32 [B, T, F]
 *     z['0/ids']                # str [B]
 */
export function writeBatches(path: string, batches: Iterable<SquadBatch>): void {
  writeNpz(path, arraysOf(batches));
}

function* arraysOf(batches: Iterable<SquadBatch>): Generator<[string, NpzArray]> {
  let count = 0;
  for (const batch of batches) {
    const { size: b, contextWidth: t, questionWidth: q } = batch;
    const arrays: Record<string, NpzArray> = {
      ids: { data: batch.ids, shape: [b] },
      indices: { data: BigInt64Array.from(batch.indices, BigInt), shape: [b] },
      context: { data: batch.context, shape: [b, t] },
      context_padding: { data: batch.contextPadding, shape: [b, t], bool: true },
      context_lengths: { data: batch.contextLengths, shape: [b] },
      question: { data: batch.question, shape: [b, q] },
      question_padding: { data: batch.questionPadding, shape: [b, q], bool: true },
      question_lengths: { data: batch.questionLengths, shape: [b] },
      features: { data: batch.features, shape: [b, t, FEATURE_COUNT] },
      starts: { data: batch.starts, shape: [b] },
      ends: { data: batch.ends, shape: [b] },
    };
    for (const [name, array] of Object.entries(arrays)) yield [`${count}/${name}`, array];
    count++;
  }
  yield ['count', { data: BigInt64Array.of(BigInt(count)), shape: [] }];
}
