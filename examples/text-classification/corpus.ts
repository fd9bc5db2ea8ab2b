import { Vocabulary } from 'litorch/squad';
import { loadSplits, type Sample, type Splits } from './data.js';
import type { Options } from './options.js';

/** A text as vocabulary indices. */
export interface Example {
  label: 0 | 1;
  tokens: BigInt64Array;
}

/** The texts of a run, and how often each word is in those that are trained on. */
export interface Corpus {
  vocabulary: Vocabulary;
  /** By vocabulary index; their sum is 1. Padding has 0, the unknown word what all rare words have together. */
  frequencies: Float64Array;
  train: Example[];
  dev: Example[];
  test: Example[];
}

type CorpusOptions = Pick<
  Options,
  'data' | 'dir' | 'fold' | 'limit' | 'testLimit' | 'maxLength' | 'minFrequency'
>;

/** Reads a data set. The vocabulary is that of what is trained on. @throws DataError */
export function loadCorpus(options: CorpusOptions): Corpus {
  const { limit, testLimit } = options;
  const { train, dev, test } = loadSplits(options.data, options);
  return buildCorpus(
    {
      train: train.slice(0, limit ?? train.length),
      dev: dev.slice(0, testLimit ?? dev.length),
      test: test.slice(0, testLimit ?? test.length),
    },
    options,
  );
}

/** As {@link loadCorpus}, of texts that are at hand. */
export function buildCorpus(
  { train, dev, test }: Splits,
  { maxLength, minFrequency }: Pick<Options, 'maxLength' | 'minFrequency'>,
): Corpus {
  // The end of a review says more often than its beginning what is thought of the film.
  const cut = ({ label, tokens }: Sample): Sample => ({ label, tokens: tokens.slice(-maxLength) });
  const kept = train.map(cut);
  const vocabulary = Vocabulary.build(
    kept.flatMap(({ tokens }) => tokens),
    { minFrequency },
  );
  const encode = ({ label, tokens }: Sample): Example => ({ label, tokens: vocabulary.encode(tokens) });
  const examples = kept.map(encode);
  return {
    vocabulary,
    frequencies: frequenciesOf(examples, vocabulary.size),
    train: examples,
    dev: dev.map(cut).map(encode),
    test: test.map(cut).map(encode),
  };
}

function frequenciesOf(examples: readonly Example[], size: number): Float64Array {
  const counts = new Float64Array(size);
  let total = 0;
  for (const { tokens } of examples) {
    for (const token of tokens) counts[Number(token)]!++;
    total += tokens.length;
  }
  return counts.map((count) => count / total);
}
