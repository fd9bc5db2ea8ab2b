import torch, { nn, noGrad, type Tensor } from 'litorch';
import type { Batch } from './batch.js';

const { functional: F } = nn;

export interface NetworkOptions {
  /** Rows of the word embedding; row 0 is padding. */
  vocabSize: number;
  /** Default 100. */
  embeddingDim?: number;
  /** Size of each direction of the LSTM layers. Default 64. */
  hiddenSize?: number;
  /** Features of each context token beside its word. Default 6. */
  featureSize?: number;
  /** The standard deviation of the fresh word vectors: 0.5 gives rows of 100 the norm 5, as GloVe's. Default 0.5. */
  embeddingStd?: number;
  /** Default 0.3. */
  dropout?: number;
  /** The longest answer that `pred` considers, in tokens. Default 15. */
  maxAnswerLength?: number;
}

/** Words to vectors: the word embedding, and for the passage what the question says about each word. */
export class LexiconEncoder extends nn.Module {
  embedding: nn.Embedding;
  alignment: nn.Linear;
  dropout: nn.Dropout;
  readonly docInputSize: number;
  readonly queryInputSize: number;

  constructor(
    vocabSize: number,
    embeddingDim: number,
    featureSize: number,
    embeddingStd: number,
    dropout: number,
  ) {
    super();
    this.embedding = new nn.Embedding(vocabSize, embeddingDim, { paddingIdx: 0 });
    noGrad(() => this.embedding.weight.mul_(embeddingStd));
    this.alignment = new nn.Linear(embeddingDim, embeddingDim);
    this.dropout = new nn.Dropout(dropout);
    this.docInputSize = 2 * embeddingDim + featureSize;
    this.queryInputSize = embeddingDim;
  }

  forward(batch: Batch): [Tensor, Tensor] {
    const doc = this.dropout(this.embedding(batch.context));
    const query = this.dropout(this.embedding(batch.question));
    const keys = F.relu(this.alignment(query));
    const aligned = attend(F.relu(this.alignment(doc)), keys, query, batch.questionPadding);
    return [torch.cat([doc, aligned, batch.features], 2), query];
  }
}

/**
 * A bidirectional LSTM layer that padding cannot reach.
 *
 * The backward direction is a second LSTM over each sequence reversed within its own length, so that it begins at the
 * last real token, as with a packed sequence, at a fraction of what packing costs on a CPU.
 */
export class BiLSTM extends nn.Module {
  forwards: nn.LSTM;
  backwards: nn.LSTM;

  constructor(inputSize: number, hiddenSize: number) {
    super();
    this.forwards = new nn.LSTM(inputSize, hiddenSize, { batchFirst: true });
    this.backwards = new nn.LSTM(inputSize, hiddenSize, { batchFirst: true });
  }

  forward(x: Tensor, reversal: Tensor): Tensor {
    const [ahead] = this.forwards(x);
    const [back] = this.backwards(rearrange(x, reversal));
    return torch.cat([ahead, rearrange(back, reversal)], 2);
  }
}

/** A sequence to one vector: the mean of its vectors, weighted by a learned score. */
export class SelfAttention extends nn.Module {
  score: nn.Linear;

  constructor(size: number) {
    super();
    this.score = new nn.Linear(size, 1);
  }

  forward(x: Tensor, mask: Tensor): Tensor {
    const scores = this.score(x).squeeze(2).maskedFill(mask, -Infinity);
    return F.softmax(scores, 1).unsqueeze(1).bmm(x).squeeze(1);
  }
}

/** For each token the logit of being the one that the query vector asks for: d W q. */
export class Pointer extends nn.Module {
  linear: nn.Linear;

  constructor(docSize: number, querySize: number) {
    super();
    this.linear = new nn.Linear(querySize, docSize);
  }

  forward(doc: Tensor, query: Tensor, mask: Tensor): Tensor {
    const scores = doc.bmm(this.linear(query).unsqueeze(2)).squeeze(2);
    return scores.maskedFill(mask, -Infinity);
  }
}

/**
 * A reader in the family of DrQA and SAN.
 *
 * Returns `[start, end, pred]`. `start` and `end` are logits, `[B, T]`, minus infinity at padding. `pred` stands where
 * SAN has the probability that the question has an answer: `[B, 1]`, the probability that the network gives its best
 * span of at most `maxAnswerLength` tokens. It is computed from the first two, has no parameters and carries no
 * gradient.
 */
export class Network extends nn.Module {
  lexiconEncoder: LexiconEncoder;
  queryEncoder: BiLSTM;
  docEncoderLow: BiLSTM;
  docEncoderHigh: BiLSTM;
  queryAttention: SelfAttention;
  start: Pointer;
  answer: nn.Linear;
  end: Pointer;
  dropout: nn.Dropout;
  readonly maxAnswerLength: number;

  constructor({
    vocabSize,
    embeddingDim = 100,
    hiddenSize = 64,
    featureSize = 6,
    embeddingStd = 0.5,
    dropout = 0.3,
    maxAnswerLength = 15,
  }: NetworkOptions) {
    super();
    this.lexiconEncoder = new LexiconEncoder(vocabSize, embeddingDim, featureSize, embeddingStd, dropout);
    const size = 2 * hiddenSize;
    this.queryEncoder = new BiLSTM(this.lexiconEncoder.queryInputSize, hiddenSize);
    this.docEncoderLow = new BiLSTM(this.lexiconEncoder.docInputSize, hiddenSize);
    this.docEncoderHigh = new BiLSTM(2 * size, hiddenSize);
    this.queryAttention = new SelfAttention(size);
    this.start = new Pointer(2 * size, size);
    this.answer = new nn.Linear(2 * size, size);
    this.end = new Pointer(2 * size, size);
    this.dropout = new nn.Dropout(dropout);
    this.maxAnswerLength = maxAnswerLength;
  }

  forward(batch: Batch): [start: Tensor, end: Tensor, pred: Tensor] {
    const { contextPadding: docMask, questionPadding: queryMask } = batch;
    const docReversal = reversalWithin(docMask);
    const queryReversal = reversalWithin(queryMask);

    const [docInput, queryInput] = this.lexiconEncoder(batch);
    const query = this.dropout(this.queryEncoder(queryInput, queryReversal));
    const low = this.dropout(this.docEncoderLow(docInput, docReversal));
    const fused = torch.cat([low, attend(low, query, query, queryMask)], 2);
    const high = this.dropout(this.docEncoderHigh(fused, docReversal));
    const doc = torch.cat([low, high], 2);

    const question = this.queryAttention(query, queryMask);
    const start = this.start(doc, question, docMask);
    // The end is asked for by a vector that knows where the answer is expected to begin.
    const found = F.softmax(start, 1).unsqueeze(1).bmm(doc).squeeze(1);
    const end = this.end(doc, question.add(torch.tanh(this.answer(found))), docMask);
    return [start, end, this.confidence(start, end)];
  }

  private confidence(start: Tensor, end: Tensor): Tensor {
    return noGrad(() => {
      const starts = F.softmax(start, 1);
      const ends = F.softmax(end, 1);
      const windows = F.pad(ends, [0, this.maxAnswerLength - 1]).unfold(1, this.maxAnswerLength, 1);
      return starts.mul(windows.amax(2)).amax(1, { keepdim: true });
    });
  }
}

/** For each vector of x the mean of `values`, weighted by how well the keys match it; padding weighs nothing. */
function attend(x: Tensor, keys: Tensor, values: Tensor, mask: Tensor): Tensor {
  const scores = x.bmm(keys.transpose(1, 2)).maskedFill(mask.unsqueeze(1), -Infinity);
  return F.softmax(scores, 2).bmm(values);
}

/** The row numbers, in a batch laid out flat, that reverse each sequence within its length; padding stays. */
function reversalWithin(mask: Tensor): Tensor {
  const [batch, length] = mask.shape as [number, number];
  const positions = torch.arange(length, { device: mask.device, dtype: torch.int64 });
  const lengths = mask.sum(1, { keepdim: true }).neg().add(length);
  const reversed = torch.where(mask, positions, lengths.sub(1).sub(positions));
  const rows = torch.arange(batch, { device: mask.device, dtype: torch.int64 }).unsqueeze(1).mul(length);
  return rows.add(reversed).view(-1);
}

function rearrange(x: Tensor, rows: Tensor): Tensor {
  return x.reshape(-1, x.size(2)).indexSelect(0, rows).viewAs(x);
}
