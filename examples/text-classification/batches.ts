import { fromTypedArray, type Tensor } from 'litorch';
import { batchOrder, SeededRandom, Vocabulary } from 'litorch/squad';
import type { Example } from './corpus.js';

/** B texts of up to T words. */
export interface Batch {
  /** `[B, T]`, int64: vocabulary indices, 0 at padding. */
  tokens: Tensor;
  /** `[B]`, int64. */
  labels: Tensor;
}

/** Which texts go together in an epoch: of similar length, in an order that the seed and the epoch alone decide. */
export function epochOrder(
  examples: readonly Example[],
  batchSize: number,
  seed: number,
  epoch: number,
): number[][] {
  const random = new SeededRandom(seed);
  let epochSeed = random.uint32();
  for (let i = 0; i < epoch; i++) epochSeed = random.uint32();
  return batchOrder(lengthsOf(examples), { batchSize, seed: epochSeed });
}

/** Batches to evaluate on, from short to long. */
export function evaluationOrder(examples: readonly Example[], batchSize: number): number[][] {
  return batchOrder(lengthsOf(examples), { batchSize });
}

/** The texts at `indices` as tensors. */
export function makeBatch(examples: readonly Example[], indices: readonly number[], device: string): Batch {
  const rows = indices.map((index) => examples[index]!);
  const width = Math.max(...rows.map(({ tokens }) => tokens.length));
  const tokens = new BigInt64Array(rows.length * width).fill(BigInt(Vocabulary.padIndex));
  rows.forEach((row, i) => {
    tokens.set(row.tokens, i * width);
  });
  const labels = BigInt64Array.from(rows, ({ label }) => BigInt(label));
  const place = (tensor: Tensor): Tensor => (device === 'cpu' ? tensor : tensor.to(device));
  return {
    tokens: place(fromTypedArray(tokens, [rows.length, width])),
    labels: place(fromTypedArray(labels, [rows.length])),
  };
}

const lengthsOf = (examples: readonly Example[]): number[] => examples.map(({ tokens }) => tokens.length);
