import torch, { nn, type Tensor } from '../../lib/index.js';

export const VOCABULARY = 40;
export const SIZE = 6;
export const CLASSES = 3;

export interface Batch {
  text: Tensor;
  question: Tensor;
  labels: Tensor;
}

/** Two sequences, one embedding: what a question answering network does, in small. Its twin is in the reference. */
export class Reader extends nn.Module {
  embedding: nn.Embedding;
  hidden: nn.TensorModule;
  head: nn.Linear;

  constructor(options: { sparse?: boolean } = {}) {
    super();
    this.embedding = new nn.Embedding(VOCABULARY, SIZE, { paddingIdx: 0, sparse: options.sparse ?? false });
    this.hidden = new nn.Linear(SIZE, 10);
    this.head = new nn.Linear(10, CLASSES);
  }

  encode(vectors: Tensor, tokens: Tensor): Tensor {
    const real = tokens.ne(0).unsqueeze(2).to(vectors.dtype);
    return torch.tanh(this.hidden(vectors)).mul(real).sum(1).div(real.sum(1));
  }

  forward({ text, question }: Batch): Tensor {
    const vectors = [this.embedding(text), this.embedding(question)] as const;
    return this.head(this.encode(vectors[0], text).add(this.encode(vectors[1], question)));
  }
}

export function makeBatch(): Batch {
  torch.manualSeed(3);
  const text = torch.randint(1, VOCABULARY, [5, 9]);
  const question = torch.randint(1, VOCABULARY, [5, 4]);
  [
    [9, 4],
    [7, 2],
    [9, 3],
    [4, 4],
    [1, 1],
  ].forEach(([long = 0, short = 0], row) => {
    text
      .select(0, row)
      .narrow(0, long, 9 - long)
      .zero_();
    question
      .select(0, row)
      .narrow(0, short, 4 - short)
      .zero_();
  });
  return { text, question, labels: torch.randint(0, CLASSES, [5]) };
}

/** The reader with the weights that the reference has, and the batch. */
export function make(options: { dtype?: torch.DType; sparse?: boolean } = {}): {
  model: Reader;
  batch: Batch;
} {
  torch.manualSeed(1);
  const model = new Reader(options).to(options.dtype ?? torch.float32);
  torch.manualSeed(2);
  return { model, batch: makeBatch() };
}

export const crossEntropy = (output: Tensor, batch: Batch): Tensor =>
  nn.functional.crossEntropy(output, batch.labels);
