/** The layers that are compared with PyTorch's, and looked at for what they leave behind. */
import torch, { nn, type Tensor } from '../../lib/index.js';

const { float64 } = torch;

/** A layer and what it is called with. */
export type LayerCase = [make: () => nn.Module, inputs: () => unknown[]];

function floats(...shape: number[]): Tensor {
  return torch.randn(shape, { requiresGrad: true });
}

function doubles(...shape: number[]): Tensor {
  return torch.randn(shape, { dtype: float64, requiresGrad: true });
}

function ids(high: number, ...shape: number[]): Tensor {
  return torch.randint(high, shape);
}

function packed(lengths: number[], options: { enforceSorted?: boolean; batchFirst?: boolean } = {}): unknown {
  const { enforceSorted = false, batchFirst = true } = options;
  const [batch, longest] = [lengths.length, Math.max(...lengths)];
  const shape = batchFirst ? [batch, longest, 5] : [longest, batch, 5];
  return nn.utils.rnn.packPaddedSequence(torch.randn(shape), lengths, { batchFirst, enforceSorted });
}

function logProbabilities(...shape: number[]): Tensor {
  return floats(...shape)
    .logSoftmax(-1)
    .detach()
    .requiresGrad_();
}

function probabilities(...shape: number[]): Tensor {
  return torch.rand(shape).requiresGrad_();
}

class Net extends nn.Module {
  embed = new nn.Embedding(11, 6, { paddingIdx: 0 });
  blocks = new nn.ModuleList([0, 1, 2].map(() => new nn.Linear(6, 6)));
  heads = new nn.ModuleDict({ start: new nn.Linear(6, 1), end: new nn.Linear(6, 1) });
  scale = new nn.Parameter(torch.ones([6]));
  norm = new nn.LayerNorm(6);
  drop = new nn.Dropout(0.3);
  declare offset: Tensor;
  tied: nn.Linear;
  // A private field needs the instance to be the object that the constructor gave.
  #gain = 1;

  constructor() {
    super();
    this.registerBuffer('offset', torch.full([6], 0.25));
    this.registerBuffer('scratch', torch.zeros([2]), { persistent: false });
    this.tied = this.blocks.at(0);
  }

  forward(x: Tensor): Tensor[] {
    let h = this.drop(this.embed(x)).mul(this.scale).mul(this.#gain).add(this.offset);
    for (const block of this.blocks) h = nn.functional.relu(block(h));
    h = this.norm(this.tied(h));
    return [this.heads.get('start')(h).squeeze(-1), this.heads.get('end')(h).squeeze(-1)];
  }
}

/** Every layer, in each of its forms. */
export const layerCases: Record<string, LayerCase> = {
  Linear: [() => new nn.Linear(4, 3), () => [floats(2, 5, 4)]],
  'Linear without bias': [() => new nn.Linear(4, 3, { bias: false }), () => [floats(4)]],
  'Linear in float64': [() => new nn.Linear(4, 3, { dtype: float64 }), () => [doubles(2, 4)]],
  Bilinear: [() => new nn.Bilinear(3, 4, 2), () => [floats(5, 3), floats(5, 4)]],
  Identity: [() => new nn.Identity(54, { unused: 0.1 }), () => [floats(2, 3)]],
  Embedding: [() => new nn.Embedding(9, 4), () => [ids(9, 3, 5)]],
  'Embedding with padding': [() => new nn.Embedding(9, 4, { paddingIdx: 2 }), () => [ids(9, 20)]],
  'Embedding with negative padding': [() => new nn.Embedding(9, 4, -1), () => [ids(9, 20)]],
  'Embedding with max_norm': [() => new nn.Embedding(9, 4, { maxNorm: 1.5, normType: 1 }), () => [ids(9, 6)]],
  'Embedding by frequency': [() => new nn.Embedding(4, 3, { scaleGradByFreq: true }), () => [ids(4, 12)]],
  'Embedding, sparse': [() => new nn.Embedding(30, 3, { sparse: true }), () => [ids(30, 6)]],
  'Embedding.from_pretrained': [
    () => nn.Embedding.fromPretrained(torch.randn([7, 3]), { freeze: false, paddingIdx: 1 }),
    () => [ids(7, 9)],
  ],
  Dropout: [() => new nn.Dropout(0.4), () => [floats(7, 9)]],
  Dropout1d: [() => new nn.Dropout1d(), () => [floats(3, 6, 4)]],
  'Dropout1d, unbatched': [() => new nn.Dropout1d(0.3), () => [floats(6, 4)]],
  Dropout2d: [() => new nn.Dropout2d(0.3), () => [floats(3, 6, 4, 2)]],
  Dropout3d: [() => new nn.Dropout3d(0.3), () => [floats(2, 6, 2, 2, 2)]],
  'Dropout3d, unbatched': [() => new nn.Dropout3d(0.3), () => [floats(6, 2, 2, 2)]],
  AlphaDropout: [() => new nn.AlphaDropout(0.3), () => [floats(7, 9)]],
  FeatureAlphaDropout: [() => new nn.FeatureAlphaDropout(0.3), () => [floats(3, 6, 4)]],
  LayerNorm: [() => new nn.LayerNorm(6), () => [floats(4, 6)]],
  'LayerNorm of two dimensions': [() => new nn.LayerNorm([3, 6], { eps: 1e-3 }), () => [floats(4, 3, 6)]],
  'LayerNorm without bias': [() => new nn.LayerNorm(6, { bias: false }), () => [floats(4, 6)]],
  'LayerNorm without weights': [
    () => new nn.LayerNorm([6], { elementwiseAffine: false }),
    () => [floats(4, 6)],
  ],
  RMSNorm: [() => new nn.RMSNorm(6), () => [floats(4, 6)]],
  'RMSNorm with eps': [
    () => new nn.RMSNorm([2, 6], { eps: 1e-4, elementwiseAffine: false }),
    () => [floats(4, 2, 6)],
  ],
  GroupNorm: [() => new nn.GroupNorm(2, 6), () => [floats(4, 6, 3)]],
  'GroupNorm without weights': [() => new nn.GroupNorm(3, 6, { affine: false }), () => [floats(4, 6)]],
  ReLU: [() => new nn.ReLU(), () => [floats(3, 4)]],
  GELU: [() => new nn.GELU(), () => [floats(3, 4)]],
  'GELU with tanh': [() => new nn.GELU({ approximate: 'tanh' }), () => [floats(3, 4)]],
  Tanh: [() => new nn.Tanh(), () => [floats(3, 4)]],
  Sigmoid: [() => new nn.Sigmoid(), () => [floats(3, 4)]],
  LogSigmoid: [() => new nn.LogSigmoid(), () => [floats(3, 4)]],
  Tanhshrink: [() => new nn.Tanhshrink(), () => [floats(3, 4)]],
  Softsign: [() => new nn.Softsign(), () => [floats(3, 4)]],
  SiLU: [() => new nn.SiLU(), () => [floats(3, 4)]],
  ELU: [() => new nn.ELU({ alpha: 0.7 }), () => [floats(3, 4)]],
  LeakyReLU: [() => new nn.LeakyReLU(0.2), () => [floats(3, 4)]],
  Softplus: [() => new nn.Softplus({ beta: 2, threshold: 1 }), () => [floats(3, 4)]],
  Softmax: [() => new nn.Softmax({ dim: -1 }), () => [floats(3, 4)]],
  'Softmax without dim': [() => new nn.Softmax(), () => [floats(3, 4)]],
  LogSoftmax: [() => new nn.LogSoftmax(1), () => [floats(3, 4, 2)]],
  Softmin: [() => new nn.Softmin({ dim: 0 }), () => [floats(3, 4)]],
  Sequential: [
    () =>
      new nn.Sequential(
        new nn.Linear(4, 8),
        new nn.ReLU({ inplace: true }),
        new nn.Dropout(0.5),
        new nn.Linear(8, 2),
      ),
    () => [floats(6, 4)],
  ],
  'a module of modules': [() => new Net(), () => [ids(11, 4, 7)]],
  LSTM: [() => new nn.LSTM(5, 4), () => [floats(6, 3, 5)]],
  'LSTM, deep': [
    () => new nn.LSTM(5, 4, { numLayers: 3, batchFirst: true, dropout: 0.3, bidirectional: true }),
    () => [floats(3, 6, 5)],
  ],
  'LSTM with state': [
    () => new nn.LSTM(5, 4, 2),
    () => [floats(6, 3, 5), [floats(2, 3, 4), floats(2, 3, 4)]],
  ],
  'LSTM with projection': [
    () => new nn.LSTM(5, 4, { numLayers: 2, bidirectional: true, projSize: 2 }),
    () => [floats(6, 3, 5)],
  ],
  'LSTM, unbatched': [
    () => new nn.LSTM(5, 4, { bias: false }),
    () => [floats(6, 5), [floats(1, 4), floats(1, 4)]],
  ],
  'LSTM, packed': [
    () => new nn.LSTM(5, 4, { numLayers: 2, batchFirst: true, dropout: 0.3, bidirectional: true }),
    () => [packed([3, 6, 1, 6])],
  ],
  'LSTM, packed and sorted': [
    () => new nn.LSTM(5, 4),
    () => [packed([5, 3, 2], { enforceSorted: true, batchFirst: false }), [floats(1, 3, 4), floats(1, 3, 4)]],
  ],
  'LSTM, packed, with state': [
    () => new nn.LSTM(5, 4),
    () => [packed([2, 5, 3]), [floats(1, 3, 4), floats(1, 3, 4)]],
  ],
  'LSTM in float64': [() => new nn.LSTM(5, 4, { dtype: float64 }), () => [doubles(6, 3, 5)]],
  GRU: [() => new nn.GRU(5, 4), () => [floats(6, 3, 5)]],
  'GRU, deep': [
    () => new nn.GRU(5, 4, { numLayers: 2, batchFirst: true, dropout: 0.3, bidirectional: true }),
    () => [floats(3, 6, 5), floats(4, 3, 4)],
  ],
  'GRU, unbatched': [() => new nn.GRU(5, 4, { batchFirst: true }), () => [floats(6, 5), floats(1, 4)]],
  'GRU, packed': [
    () => new nn.GRU(5, 4, { bidirectional: true }),
    () => [packed([3, 6, 1]), floats(2, 3, 4)],
  ],
  RNN: [() => new nn.RNN(5, 4, { numLayers: 2 }), () => [floats(6, 3, 5)]],
  'RNN with relu': [
    () => new nn.RNN(5, 4, { nonlinearity: 'relu', bias: false }),
    () => [floats(6, 3, 5), floats(1, 3, 4)],
  ],
  'RNN, packed': [() => new nn.RNN(5, 4, { nonlinearity: 'relu' }), () => [packed([3, 6, 1])]],
  LSTMCell: [() => new nn.LSTMCell(5, 4), () => [floats(3, 5)]],
  'LSTMCell with state': [() => new nn.LSTMCell(5, 4), () => [floats(3, 5), [floats(3, 4), floats(3, 4)]]],
  'LSTMCell, unbatched': [
    () => new nn.LSTMCell(5, 4, { bias: false }),
    () => [floats(5), [floats(4), floats(4)]],
  ],
  GRUCell: [() => new nn.GRUCell(5, 4), () => [floats(3, 5), floats(3, 4)]],
  'GRUCell, unbatched': [() => new nn.GRUCell(5, 4), () => [floats(5)]],
  RNNCell: [() => new nn.RNNCell(5, 4), () => [floats(3, 5)]],
  'RNNCell with relu': [
    () => new nn.RNNCell(5, 4, { nonlinearity: 'relu' }),
    () => [floats(3, 5), floats(3, 4)],
  ],
  CrossEntropyLoss: [() => new nn.CrossEntropyLoss(), () => [floats(6, 4), ids(4, 6)]],
  'CrossEntropyLoss with options': [
    () =>
      new nn.CrossEntropyLoss({
        weight: torch.rand([4]),
        ignoreIndex: 2,
        labelSmoothing: 0.1,
        reduction: 'sum',
      }),
    () => [floats(6, 4), ids(4, 6)],
  ],
  'CrossEntropyLoss of probabilities': [
    () => new nn.CrossEntropyLoss({ reduction: 'none' }),
    () => [floats(6, 4), torch.randn([6, 4]).softmax(1)],
  ],
  NLLLoss: [
    () => new nn.NLLLoss({ weight: torch.rand([4]), ignoreIndex: 1 }),
    () => [logProbabilities(6, 4), ids(4, 6)],
  ],
  MSELoss: [() => new nn.MSELoss(), () => [floats(6, 4), torch.randn([6, 4])]],
  'MSELoss, broadcast': [() => new nn.MSELoss({ reduction: 'sum' }), () => [floats(6, 4), torch.randn([4])]],
  L1Loss: [() => new nn.L1Loss(), () => [floats(6, 4), torch.randn([6, 4])]],
  SmoothL1Loss: [() => new nn.SmoothL1Loss({ beta: 0.5 }), () => [floats(6, 4), torch.randn([6, 4])]],
  'SmoothL1Loss without beta': [
    () => new nn.SmoothL1Loss({ beta: 0 }),
    () => [floats(6, 4), torch.randn([6, 4])],
  ],
  HuberLoss: [
    () => new nn.HuberLoss({ delta: 0.7, reduction: 'none' }),
    () => [floats(6, 4), torch.randn([6, 4])],
  ],
  BCELoss: [
    () => new nn.BCELoss({ weight: torch.rand([4]) }),
    () => [probabilities(6, 4), torch.rand([6, 4])],
  ],
  BCEWithLogitsLoss: [
    () => {
      const posWeight = torch.rand([4]);
      return new nn.BCEWithLogitsLoss({ posWeight, weight: torch.rand([6, 1]) });
    },
    () => [floats(6, 4), torch.rand([6, 4])],
  ],
  KLDivLoss: [
    () => new nn.KLDivLoss({ reduction: 'batchmean' }),
    () => [logProbabilities(6, 4), torch.randn([6, 4]).softmax(1)],
  ],
  'KLDivLoss of logarithms': [
    () => new nn.KLDivLoss({ logTarget: true }),
    () => [logProbabilities(6, 4), torch.randn([6, 4]).logSoftmax(1)],
  ],
};
