/** The models of the memory programs; their twins are in models.py. */
import { nn, type Tensor } from 'litorch';

const { functional: F } = nn;

export class LanguageModel extends nn.Module {
  embedding: nn.Embedding;
  lstm: nn.LSTM;
  out: nn.Linear;

  constructor(vocabSize: number) {
    super();
    this.embedding = new nn.Embedding(vocabSize, 64);
    this.lstm = new nn.LSTM(64, 128, { batchFirst: true });
    this.out = new nn.Linear(128, vocabSize);
  }

  forward(tokens: Tensor): Tensor {
    const [states] = this.lstm(this.embedding(tokens));
    return this.out(states);
  }
}

/** Attention and a feed-forward part, each normed before and added to its input. */
export class TransformerBlock extends nn.Module {
  readonly heads: number;
  norm1: nn.LayerNorm;
  qkv: nn.Linear;
  project: nn.Linear;
  norm2: nn.LayerNorm;
  up: nn.Linear;
  down: nn.Linear;

  constructor(size: number, heads: number) {
    super();
    this.heads = heads;
    this.norm1 = new nn.LayerNorm(size);
    this.qkv = new nn.Linear(size, 3 * size);
    this.project = new nn.Linear(size, size);
    this.norm2 = new nn.LayerNorm(size);
    this.up = new nn.Linear(size, 4 * size);
    this.down = new nn.Linear(4 * size, size);
  }

  forward(x: Tensor): Tensor {
    const attended = x.add(this.project(this.attend(this.norm1(x))));
    return attended.add(this.down(F.gelu(this.up(this.norm2(attended)))));
  }

  private attend(x: Tensor): Tensor {
    const [batch, length, size] = x.shape as [number, number, number];
    const split = (part: Tensor): Tensor =>
      part.view(batch, length, this.heads, size / this.heads).transpose(1, 2);
    const [q, k, v] = this.qkv(x).chunk(3, 2).map(split) as [Tensor, Tensor, Tensor];
    const scores = q.matmul(k.transpose(2, 3)).div(Math.sqrt(size / this.heads));
    return F.softmax(scores, 3).matmul(v).transpose(1, 2).reshape(batch, length, size);
  }
}
