import torch, { type Tensor } from 'litorch';
import {
  batchOrder,
  bestSpans,
  makeBatch,
  type SquadBatch,
  type SquadExample,
  scoreAnswer,
  spanText,
} from 'litorch/squad';
import { toTensors } from './batch.js';
import { type Interruption, nextTurn } from './interruption.js';
import type { Predictions } from './loss.js';
import type { Network } from './network.js';

/** Evaluation has no gradients to keep, so its batches may be larger than those of training. */
const BATCH_SIZE = 64;

export interface Score {
  /** Percent. */
  exactMatch: number;
  f1: number;
}

export interface Answer extends Score {
  text: string;
  /** Its first and last token. */
  start: number;
  end: number;
  /** The network's third prediction: the probability that it gives its answer. */
  confidence: number;
}

export interface Evaluation extends Score {
  /** By the questions' ids. */
  answers: Map<string, Answer>;
}

/** Answers every question and scores the answers. Null where the run was interrupted meanwhile. */
export async function evaluate(
  network: Network,
  examples: readonly SquadExample[],
  device: string,
  interruption: Interruption,
  onProgress: (done: number) => void = () => {},
): Promise<Evaluation | null> {
  network.eval();
  const answers = new Map<string, Answer>();
  for (const batch of evaluationBatches(examples, BATCH_SIZE)) {
    torch.tidy(() =>
      torch.noGrad(() => {
        answersOf(batch, examples, network(toTensors(batch, device))).forEach((answer, row) => {
          answers.set(batch.ids[row]!, answer);
        });
      }),
    );
    onProgress(answers.size);
    await nextTurn();
    if (interruption.requested) return null;
  }
  return { ...meanScore([...answers.values()]), answers };
}

/** The examples in batches of similar length, from short to long. */
export function* evaluationBatches(
  examples: readonly SquadExample[],
  batchSize: number,
): Generator<SquadBatch> {
  const lengths = examples.map((example) => example.context.length);
  for (const indices of batchOrder(lengths, { batchSize })) yield makeBatch(examples, indices);
}

/** The answers that a network's three predictions give to a batch's questions, in its order. */
export function answersOf(
  batch: SquadBatch,
  examples: readonly SquadExample[],
  [start, end, pred]: Predictions,
): Answer[] {
  const spans = bestSpans(numbersOf(start), numbersOf(end), {
    width: batch.contextWidth,
    lengths: batch.contextLengths,
  });
  const confidences = numbersOf(pred);
  return batch.indices.map((index, row) => {
    const example = examples[index]!;
    const span = spans[row]!;
    const text = spanText(example.text, example.tokens, span.start, span.end);
    const { exactMatch, f1 } = scoreAnswer(text, example.answers);
    return {
      text,
      start: span.start,
      end: span.end,
      confidence: confidences[row]!,
      exactMatch: 100 * exactMatch,
      f1: 100 * f1,
    };
  });
}

export function meanScore(scores: readonly Score[]): Score {
  const mean = (pick: (score: Score) => number) =>
    scores.reduce((sum, score) => sum + pick(score), 0) / Math.max(1, scores.length);
  return { exactMatch: mean((score) => score.exactMatch), f1: mean((score) => score.f1) };
}

/** A tensor's numbers, wherever it is. */
export function numbersOf(tensor: Tensor): Float32Array {
  return tensor.cpu().contiguous().toTypedArray() as Float32Array;
}
