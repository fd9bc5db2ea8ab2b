/** Small batches for the tests of the example: of real questions where they lie beside the repository. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makePassages } from '../../examples/adversarial-qa/passages.js';
import {
  batchOrder,
  buildExamples,
  datasetTokens,
  loadSquad,
  makeBatch,
  type SquadBatch,
  Vocabulary,
} from '../../lib/squad/index.js';
import { root } from '../support/python.js';

export interface Batches {
  batches: SquadBatch[];
  vocabSize: number;
}

/**
 * `count` shuffled batches of `size` questions on contexts of up to `maxContext` tokens; of the embedded passages
 * where there are no real questions, or where they are wanted.
 */
export function smallBatches(count: number, size: number, maxContext: number, embedded = false): Batches {
  const real = join(root, '..', 'shared', 'data', 'squad', 'train-10k.json.gz');
  const file = !embedded && existsSync(real) ? real : undefined;
  // Only the questions that are needed: a vocabulary of the whole file would make each step slow.
  const limit = count * size * 2;
  const dataset =
    file === undefined ? makePassages({ seed: 1 }).train : loadSquad(file, { requireSpans: true, limit });
  const vocabulary = Vocabulary.build(datasetTokens(dataset), { minFrequency: 3 });
  const examples = buildExamples(dataset, vocabulary, { train: true, maxContext });
  const lengths = examples.map((example) => example.context.length);
  const order = batchOrder(lengths, { batchSize: size, seed: 1, dropLast: true });
  if (order.length === 0) throw new Error(`no ${size} questions on contexts of up to ${maxContext} tokens`);
  const batches = Array.from({ length: count }, (_, i) => makeBatch(examples, order[i % order.length]!));
  return { batches, vocabSize: vocabulary.size };
}
