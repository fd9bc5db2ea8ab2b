import { nn, type Tensor } from 'litorch';
import type { Batch } from './batches.js';
import { CnnReader, LstmReader, type Reader } from './layers.js';
import { isWord, NormalizedEmbedding } from './normalizedEmbedding.js';
import type { ModelName, Pooling } from './options.js';

export interface ClassifierOptions {
  model: ModelName;
  /** By vocabulary index: see {@link NormalizedEmbedding}. */
  frequencies: Float64Array;
  /** The size of a word vector. */
  embedding: number;
  /** The size of the LSTM, or the filters of each width. */
  hidden: number;
  /** Of the word vectors, and of what is pooled. */
  dropout: number;
  /** How an LSTM's states become one vector; the CNN takes the maximum over time, as Kim (2014) does. */
  pooling: Pooling;
}

/** From words to features: what is perturbed, and the first layer that sees it. */
export class Encoder extends nn.Module {
  embedding: NormalizedEmbedding;
  dropout: nn.Dropout;
  reader: Reader;

  constructor({ model, frequencies, embedding, hidden, dropout }: ClassifierOptions) {
    super();
    this.embedding = new NormalizedEmbedding(frequencies, embedding);
    this.dropout = new nn.Dropout(model === 'cnn' ? 0 : dropout);
    this.reader = model === 'cnn' ? new CnnReader(embedding, hidden) : new LstmReader(embedding, hidden);
  }

  /** From `[B, T]` vocabulary indices to `[B, T, F]`. */
  forward(tokens: Tensor): Tensor {
    return this.reader(this.dropout(this.embedding(tokens)));
  }
}

/** A small network that tells praise from blame. Gives logits, `[B, 2]`. */
export class Classifier extends nn.Module {
  encoder: Encoder;
  dropout: nn.Dropout;
  output: nn.Linear;
  readonly pooling: Pooling;

  constructor(options: ClassifierOptions) {
    super();
    this.encoder = new Encoder(options);
    this.dropout = new nn.Dropout(options.dropout);
    this.output = new nn.Linear(this.encoder.reader.size, 2);
    this.pooling = options.model === 'cnn' ? 'max' : options.pooling;
  }

  forward({ tokens }: Batch): Tensor {
    return this.output(this.dropout(pool(this.encoder(tokens), isWord(tokens), this.pooling)));
  }
}

/**
 * One vector a text, of those at its words.
 *
 * @param features `[B, T, F]`.
 * @param words `[B, T]`, bool, true first and false at the padding after; each text has a word.
 */
export function pool(features: Tensor, words: Tensor, pooling: Pooling): Tensor {
  if (pooling === 'max') return features.maskedFill(words.logicalNot().unsqueeze(2), -Infinity).amax(1);
  const lengths = words.sum(1, { keepdim: true });
  if (pooling === 'mean') return features.mul(words.unsqueeze(2)).sum(1).div(lengths);
  const [batch, , size] = features.shape as [number, number, number];
  const last = lengths.sub(1).unsqueeze(2).expand(batch, 1, size);
  return features.gather(1, last).squeeze(1);
}
