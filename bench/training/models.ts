/**
 * The models of the training benchmark, each in two sizes. Their twins are in models.py: the same layers made in the
 * same order with the same seed, the same operators, the same optimizers with their defaults.
 */
import torch, { nn, optim, type Tensor } from 'litorch';

const { functional: F } = nn;

/** What one step of training does: gives the loss. */
export type Step = () => Tensor;

/** A module that is trained, its optimizer, and one batch. */
interface Trained {
  module: nn.Module;
  optimizer: optim.Optimizer;
  loss: () => Tensor;
}

function stepsOf({ module, optimizer, loss }: Trained): Step {
  module.train();
  return () => {
    optimizer.zeroGrad();
    const value = loss();
    value.backward();
    optimizer.step();
    return value.detach();
  };
}

/** Three linear layers, or two: 784 numbers to 10 classes. */
function mlp(batch: number, hidden: readonly number[]): Trained {
  const sizes = [784, ...hidden, 10];
  const layers: nn.TensorModule[] = [];
  for (let i = 1; i < sizes.length; i++) {
    if (i > 1) layers.push(new nn.ReLU());
    layers.push(new nn.Linear(sizes[i - 1] as number, sizes[i] as number));
  }
  const module = new nn.Sequential(...layers);
  const x = torch.randn([batch, 784]);
  const y = torch.randint(0, 10, [batch]);
  return {
    module,
    optimizer: new optim.SGD(module.parameters(), { lr: 0.01 }),
    loss: () => F.crossEntropy(module(x), y),
  };
}

/** A language model: an embedding, an LSTM of two layers, and a linear layer over the vocabulary. */
class LanguageModel extends nn.Module {
  embedding: nn.Embedding;
  lstm: nn.LSTM;
  head: nn.Linear;

  constructor(vocabulary: number, size: number) {
    super();
    this.embedding = new nn.Embedding(vocabulary, size);
    this.lstm = new nn.LSTM(size, size, { numLayers: 2, batchFirst: true });
    this.head = new nn.Linear(size, vocabulary);
  }

  forward(tokens: Tensor): Tensor {
    const [out] = this.lstm(this.embedding(tokens));
    return this.head(out);
  }
}

function languageModel(
  module: nn.TensorModule,
  optimizer: optim.Optimizer,
  [batch, length, vocabulary]: readonly [number, number, number],
): Trained {
  const x = torch.randint(0, vocabulary, [batch, length]);
  const y = torch.randint(0, vocabulary, [batch, length]).flatten();
  return {
    module,
    optimizer,
    loss: () => F.crossEntropy(module(x).flatten(0, 1), y),
  };
}

/** A transformer's layer, normalized first, with causal attention. */
class Block extends nn.Module {
  readonly heads: number;
  norm1: nn.LayerNorm;
  qkv: nn.Linear;
  out: nn.Linear;
  norm2: nn.LayerNorm;
  up: nn.Linear;
  down: nn.Linear;
  dropout: nn.Dropout;

  constructor(size: number, heads: number) {
    super();
    this.heads = heads;
    this.norm1 = new nn.LayerNorm(size);
    this.qkv = new nn.Linear(size, 3 * size);
    this.out = new nn.Linear(size, size);
    this.norm2 = new nn.LayerNorm(size);
    this.up = new nn.Linear(size, 4 * size);
    this.down = new nn.Linear(4 * size, size);
    this.dropout = new nn.Dropout(0.1);
  }

  forward(x: Tensor): Tensor {
    const attended = x.add(this.dropout(this.out(this.attend(this.norm1(x)))));
    return attended.add(this.dropout(this.down(F.gelu(this.up(this.norm2(attended))))));
  }

  private attend(x: Tensor): Tensor {
    const [batch, length, size] = x.shape as [number, number, number];
    const split = this.qkv(x).view(batch, length, 3, this.heads, size / this.heads);
    const [q, k, v] = split.permute(2, 0, 3, 1, 4).unbind(0) as [Tensor, Tensor, Tensor];
    const mixed = F.scaledDotProductAttention(q, k, v, { isCausal: true });
    return mixed.transpose(1, 2).reshape(batch, length, size);
  }
}

/** A language model of two transformer layers. */
class Transformer extends nn.Module {
  tokens: nn.Embedding;
  positions: nn.Embedding;
  blocks: nn.Sequential;
  norm: nn.LayerNorm;
  head: nn.Linear;

  constructor(vocabulary: number, size: number, heads: number, length: number) {
    super();
    this.tokens = new nn.Embedding(vocabulary, size);
    this.positions = new nn.Embedding(length, size);
    this.blocks = new nn.Sequential(new Block(size, heads), new Block(size, heads));
    this.norm = new nn.LayerNorm(size);
    this.head = new nn.Linear(size, vocabulary);
  }

  forward(tokens: Tensor): Tensor {
    const positions = torch.arange(tokens.size(1));
    const x = this.tokens(tokens).add(this.positions(positions));
    return this.head(this.norm(this.blocks(x)));
  }
}

/** A convolution of 3 × 3 that keeps the size, normalized by groups and pooled. */
class Stage extends nn.Module {
  weight: nn.Parameter;
  bias: nn.Parameter;
  norm: nn.GroupNorm;

  constructor(from: number, to: number) {
    super();
    this.weight = new nn.Parameter(torch.empty([to, from, 3, 3]));
    this.bias = new nn.Parameter(torch.zeros([to]));
    this.norm = new nn.GroupNorm(4, to);
    nn.init.kaimingUniform_(this.weight, { a: Math.sqrt(5) });
  }

  forward(x: Tensor): Tensor {
    return F.maxPool2d(F.relu(this.norm(F.conv2d(x, this.weight, this.bias, 1, 1))), 2);
  }
}

/** Stages of convolution, and a linear layer. */
class ConvolutionalNetwork extends nn.Module {
  stages: nn.Sequential;
  head: nn.Linear;

  constructor(channels: readonly number[], side: number) {
    super();
    const outputs = channels.slice(1);
    this.stages = new nn.Sequential(...outputs.map((to, i) => new Stage(channels[i] as number, to)));
    const left = side >> outputs.length;
    this.head = new nn.Linear((channels.at(-1) as number) * left * left, 10);
  }

  forward(images: Tensor): Tensor {
    return this.head(this.stages(images).flatten(1));
  }
}

function cnn(batch: number, channels: readonly number[], side: number): Trained {
  const module = new ConvolutionalNetwork(channels, side);
  const x = torch.randn([batch, channels[0] as number, side, side]);
  const y = torch.randint(0, 10, [batch]);
  return {
    module,
    optimizer: new optim.SGD(module.parameters(), { lr: 0.01, momentum: 0.9 }),
    loss: () => F.crossEntropy(module(x), y),
  };
}

function lstm(batch: number, length: number, vocabulary: number, size: number): Trained {
  const module = new LanguageModel(vocabulary, size);
  return languageModel(module, new optim.Adam(module.parameters()), [batch, length, vocabulary]);
}

function transformer(
  batch: number,
  length: number,
  vocabulary: number,
  size: number,
  heads: number,
): Trained {
  const module = new Transformer(vocabulary, size, heads, length);
  return languageModel(module, new optim.AdamW(module.parameters()), [batch, length, vocabulary]);
}

const models: Readonly<Record<string, () => Trained>> = {
  'mlp small': () => mlp(64, [128]),
  'mlp large': () => mlp(256, [2048, 2048]),
  'lstm small': () => lstm(8, 20, 1000, 64),
  'lstm large': () => lstm(32, 35, 4000, 256),
  'transformer small': () => transformer(4, 32, 256, 64, 4),
  'transformer large': () => transformer(8, 128, 2000, 256, 8),
  'cnn small': () => cnn(16, [1, 8, 16], 28),
  'cnn large': () => cnn(64, [3, 32, 64, 128], 32),
};

/** The step of a model; its weights and its batch are drawn anew, with the same seed each time. */
export function prepare(name: string): Step {
  const make = models[name];
  if (make === undefined) throw new RangeError(`expected one of ${Object.keys(models).join(', ')}`);
  torch.manualSeed(0);
  return stepsOf(make());
}
