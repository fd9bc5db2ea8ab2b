import { questionsOf, type SquadDataset } from './dataset.js';
import { answerWords } from './normalize.js';

/** Answers by question id. */
export type Predictions = ReadonlyMap<string, string> | Readonly<Record<string, string>>;

/** Exact match and F1 of one answer, from 0 to 1. */
export interface AnswerScore {
  exactMatch: number;
  f1: number;
}

export interface SquadScore {
  /** Percent of all questions, and the mean F1 in percent. */
  exactMatch: number;
  f1: number;
  /** How many questions there are. */
  total: number;
  /** The ids of the questions without a prediction, which count as 0. */
  missing: string[];
}

/** 1 where two answers have the same normal form, else 0. */
export function exactMatchScore(prediction: string, gold: string): number {
  return answerWords(prediction).join(' ') === answerWords(gold).join(' ') ? 1 : 0;
}

/** F1 over the words of the two normal forms, counted with repetition; 0 where they share none, or one is empty. */
export function f1Score(prediction: string, gold: string): number {
  return overlap(answerWords(prediction), answerWords(gold));
}

/** The best exact match and the best F1 over the gold answers, each by itself, as in the official script. */
export function scoreAnswer(prediction: string, golds: readonly string[]): AnswerScore {
  const words = answerWords(prediction);
  const joined = words.join(' ');
  let exactMatch = 0;
  let f1 = 0;
  for (const gold of golds) {
    const goldWords = answerWords(gold);
    if (goldWords.join(' ') === joined) exactMatch = 1;
    f1 = Math.max(f1, overlap(words, goldWords));
  }
  return { exactMatch, f1 };
}

/**
 * The official SQuAD v1.1 evaluation, in the same order of floating-point operations, so that the figures are the
 * same to the last digit: the mean over all questions, 0 for those without a prediction. Predictions for other ids
 * are passed over.
 */
export function evaluateSquad(dataset: SquadDataset, predictions: Predictions): SquadScore {
  const find = lookup(predictions);
  const missing: string[] = [];
  let total = 0;
  let exactMatch = 0;
  let f1 = 0;
  for (const { id, answers } of questionsOf(dataset)) {
    total++;
    const prediction = find(id);
    if (prediction === undefined) {
      missing.push(id);
      continue;
    }
    const score = scoreAnswer(
      prediction,
      answers.map((answer) => answer.text),
    );
    exactMatch += score.exactMatch;
    f1 += score.f1;
  }
  return { exactMatch: (100 * exactMatch) / total, f1: (100 * f1) / total, total, missing };
}

/** A question's prediction in either form; an object's inherited properties are no predictions. */
export function lookup(predictions: Predictions): (id: string) => string | undefined {
  if (typeof predictions.get === 'function') {
    const map = predictions as ReadonlyMap<string, string>;
    return (id) => map.get(id);
  }
  const record = predictions as Readonly<Record<string, string>>;
  return (id) => (Object.hasOwn(record, id) ? record[id] : undefined);
}

function overlap(prediction: readonly string[], gold: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of gold) left.set(word, (left.get(word) ?? 0) + 1);
  let same = 0;
  for (const word of prediction) {
    const count = left.get(word) ?? 0;
    if (count > 0) {
      same++;
      left.set(word, count - 1);
    }
  }
  if (same === 0) return 0;
  const precision = same / prediction.length;
  const recall = same / gold.length;
  return (2 * precision * recall) / (precision + recall);
}
