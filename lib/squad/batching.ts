import type { SquadExample } from './examples.js';
import { FEATURE_COUNT } from './features.js';
import { type BatchOrderOptions, batchOrder } from './order.js';
import { Vocabulary } from './vocabulary.js';

/**
 * B examples, padded to the batch's longest context (T tokens) and question (Q tokens). Every array is in row-major
 * order and has its memory to itself, so that `fromTypedArray(batch.context, [batch.size, batch.contextWidth])`
 * takes it as it is.
 */
export interface SquadBatch {
  /** B, T and Q. */
  size: number;
  contextWidth: number;
  questionWidth: number;
  /** The examples' ids, and their places in the list that the batch was made from. */
  ids: string[];
  indices: number[];
  /** `[B, T]`, vocabulary indices, 0 at padding. */
  context: BigInt64Array;
  /** `[B, T]`, 1 at padding and 0 at tokens: `true` is what attention and pointers must leave out. */
  contextPadding: Uint8Array;
  /** `[B]` */
  contextLengths: BigInt64Array;
  /** `[B, Q]`, as for the context. */
  question: BigInt64Array;
  questionPadding: Uint8Array;
  /** `[B]` */
  questionLengths: BigInt64Array;
  /** `[B, T, FEATURE_COUNT]`, 0 at padding. */
  features: Float32Array;
  /**
   * `[B]`, the answer's first and last token; -100, which cross entropy leaves out, where there is no such token.
   */
  starts: BigInt64Array;
  ends: BigInt64Array;
}

/** What cross entropy passes over by default. */
const IGNORE_INDEX = -100;

/**
 * The examples in batches of similar context length, made one by one as they are asked for, in the order of
 * {@link batchOrder}.
 */
export function* batches(
  examples: readonly SquadExample[],
  options: BatchOrderOptions,
): Generator<SquadBatch, void, undefined> {
  const lengths = examples.map((example) => example.context.length);
  for (const indices of batchOrder(lengths, options)) yield makeBatch(examples, indices);
}

/** One batch of the examples at `indices`. `RangeError` for an index that is not one of theirs, or none at all. */
export function makeBatch(examples: readonly SquadExample[], indices: readonly number[]): SquadBatch {
  const rows = indices.map((index) => {
    const example = examples[index];
    if (example === undefined) throw new RangeError(`no example ${index} among ${examples.length}`);
    return example;
  });
  if (rows.length === 0) throw new RangeError('a batch needs at least one example');
  const context = pad(rows.map((row) => row.context));
  const question = pad(rows.map((row) => row.question));
  const features = new Float32Array(rows.length * context.width * FEATURE_COUNT);
  rows.forEach((row, i) => {
    features.set(row.features, i * context.width * FEATURE_COUNT);
  });
  return {
    size: rows.length,
    contextWidth: context.width,
    questionWidth: question.width,
    ids: rows.map((row) => row.id),
    indices: [...indices],
    context: context.values,
    contextPadding: context.padding,
    contextLengths: context.lengths,
    question: question.values,
    questionPadding: question.padding,
    questionLengths: question.lengths,
    features,
    starts: BigInt64Array.from(rows, (row) => BigInt(row.start < 0 ? IGNORE_INDEX : row.start)),
    ends: BigInt64Array.from(rows, (row) => BigInt(row.end < 0 ? IGNORE_INDEX : row.end)),
  };
}

function pad(sequences: readonly BigInt64Array[]) {
  const width = Math.max(...sequences.map((sequence) => sequence.length));
  const values = new BigInt64Array(sequences.length * width).fill(BigInt(Vocabulary.padIndex));
  const padding = new Uint8Array(values.length).fill(1);
  sequences.forEach((sequence, row) => {
    values.set(sequence, row * width);
    padding.fill(0, row * width, row * width + sequence.length);
  });
  return {
    width,
    values,
    padding,
    lengths: BigInt64Array.from(sequences, (sequence) => BigInt(sequence.length)),
  };
}
