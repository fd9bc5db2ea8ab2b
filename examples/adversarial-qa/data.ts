import {
  buildExamples,
  datasetTokens,
  loadSquad,
  questionsOf,
  type SquadDataset,
  type SquadExample,
  takeQuestions,
  Vocabulary,
} from 'litorch/squad';
import type { Settings } from './options.js';
import { makePassages } from './passages.js';

export interface Data {
  vocabulary: Vocabulary;
  train: SquadExample[];
  dev: SquadExample[];
  /** The AddSent questions, with the dataset that scores their answers; null without. */
  addsent: { dataset: SquadDataset; examples: SquadExample[] } | null;
  /** The text of each question to evaluate on, by its id. */
  questions: Map<string, string>;
  /** Where the questions come from, for a person. */
  source: string;
}

/**
 * The questions of a run. The vocabulary is made of the training questions, unless a checkpoint brings its own.
 * `SquadFormatError` for a malformed file.
 */
export function loadData(settings: Settings, addsent: string | null = null, saved?: Vocabulary): Data {
  const { maxContext, minFrequency: frequency } = settings;
  const [train, dev] = datasets(settings);
  const added = addsent === null ? null : loadSquad(addsent);
  const vocabulary = saved ?? Vocabulary.build(datasetTokens(train), { minFrequency: frequency });
  const data: Data = {
    vocabulary,
    train: buildExamples(train, vocabulary, { train: true, maxContext }),
    dev: buildExamples(dev, vocabulary),
    addsent: added === null ? null : { dataset: added, examples: buildExamples(added, vocabulary) },
    questions: new Map([...questionsOf(dev)].map(({ id, question }) => [id, question])),
    source: settings.train === null ? 'embedded passages' : `${settings.train}, ${settings.dev}`,
  };
  if (data.train.length === 0)
    throw new Error(`${settings.train}: no question has its answer within ${maxContext} tokens`);
  return data;
}

function datasets(settings: Settings): [train: SquadDataset, dev: SquadDataset] {
  const { train, dev, limit, devLimit, seeds } = settings;
  if (train === null || dev === null) {
    const made = makePassages({ seed: seeds[0]! });
    return [cut(made.train, limit), cut(made.dev, devLimit)];
  }
  return [
    loadSquad(train, { requireSpans: true, ...(limit !== null && { limit }) }),
    loadSquad(dev, devLimit !== null ? { limit: devLimit } : {}),
  ];
}

function cut(dataset: SquadDataset, limit: number | null): SquadDataset {
  return limit === null ? dataset : takeQuestions(dataset, limit);
}
