import { questionsOf, type SquadDataset } from './dataset.js';
import { type AnswerScore, lookup, type Predictions, scoreAnswer } from './metric.js';

export interface AddSentScore {
  /** Percent, over the original questions by themselves. */
  clean: AnswerScore;
  /** Percent, over the original questions, each by its worst variant. */
  adversarial: AnswerScore;
  /** How many original questions there are, and how many of them have no variant. */
  questions: number;
  unchanged: number;
  /** The ids without a prediction, which count as 0. */
  missing: string[];
}

interface Group {
  original?: AnswerScore;
  worst?: AnswerScore;
}

/**
 * The AddSent score (Jia and Liang 2017, arXiv:1707.07328). Questions are grouped by their id up to the first `-`; a
 * group counts with the lowest F1 among its variants, and that variant's exact match (the first of several that are
 * equally low); an original counts only where it has no variant. A missing prediction counts as 0, so it is the
 * worst. A group whose original is not in the dataset has no part in the clean score.
 */
export function evaluateAddSent(dataset: SquadDataset, predictions: Predictions): AddSentScore {
  const find = lookup(predictions);
  const groups = new Map<string, Group>();
  const missing: string[] = [];
  for (const { id, answers } of questionsOf(dataset)) {
    const prediction = find(id);
    if (prediction === undefined) missing.push(id);
    const golds = answers.map((answer) => answer.text);
    const score = prediction === undefined ? { exactMatch: 0, f1: 0 } : scoreAnswer(prediction, golds);
    const origin = id.split('-', 1)[0]!;
    const group = groups.get(origin) ?? {};
    groups.set(origin, group);
    if (id === origin) group.original = score;
    else if (group.worst === undefined || score.f1 < group.worst.f1) group.worst = score;
  }
  const all = [...groups.values()];
  return {
    clean: mean(all.flatMap(({ original }) => original ?? [])),
    adversarial: mean(all.flatMap(({ original, worst }) => worst ?? original ?? [])),
    questions: all.length,
    unchanged: all.filter(({ worst }) => worst === undefined).length,
    missing,
  };
}

function mean(scores: readonly AnswerScore[]): AnswerScore {
  let exactMatch = 0;
  let f1 = 0;
  for (const score of scores) {
    exactMatch += score.exactMatch;
    f1 += score.f1;
  }
  return { exactMatch: (100 * exactMatch) / scores.length, f1: (100 * f1) / scores.length };
}
