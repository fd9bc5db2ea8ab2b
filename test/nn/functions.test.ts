/** nn.functional, nn.init and nn.utils against PyTorch, from one seed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import torch, { nn, type Tensor } from '../../lib/index.js';
import { settled, unfreed } from '../support/counts.js';
import { runPython } from '../support/python.js';
import { testWithPython } from '../support/withPython.js';
import { bits, messageOf, tensorsIn } from './compare.js';

const { float64 } = torch;
const { functional: F, init, utils } = nn;
const { rnn } = utils;

const x = (...shape: number[]): Tensor => torch.randn(shape, { requiresGrad: true });
const double = (...shape: number[]): Tensor => torch.randn(shape, { dtype: float64, requiresGrad: true });
const empty = (...shape: number[]): Tensor => torch.empty(shape);
const ids = (...values: number[]): Tensor => torch.tensor(values, { dtype: torch.int64 });

function rowsWithZeros(): Tensor {
  const rows = torch.randn([5, 4]);
  rows.select(0, 1).fill_(0);
  rows.select(0, 3).mul_(1e-20);
  return rows.requiresGrad_();
}

/** Parameters with gradients, one of them without. */
function parameters(dtype = torch.float32): nn.Parameter[] {
  const made = [[3, 4], [5], [2, 2]].map((shape) => new nn.Parameter(torch.zeros(shape, { dtype })));
  for (const parameter of made) parameter.grad = torch.randn(parameter.shape).to(dtype);
  return [...made, new nn.Parameter(torch.zeros([1]))];
}

function clipped(clip: (parameters: nn.Parameter[]) => unknown, dtype = torch.float32): unknown[] {
  const made = parameters(dtype);
  return [clip(made), ...made.map(({ grad }) => grad)];
}

function nonFinite(): nn.Parameter[] {
  const made = parameters();
  made[0]?.grad?.select(0, 0).select(0, 0).fill_(Number.POSITIVE_INFINITY);
  return made;
}

const functions: Record<string, () => unknown> = {
  normalize: () => F.normalize(rowsWithZeros()),
  'normalize p': () => F.normalize(rowsWithZeros(), { p: 1, dim: 0, eps: 1e-3 }),
  'normalize inf': () => F.normalize(rowsWithZeros(), Number.POSITIVE_INFINITY, -1),
  'normalize dims': () => F.normalize(x(2, 3, 4), { p: 3, dim: [1, 2] }),
  'normalize double': () => F.normalize(double(4, 3), { dim: 1 }),
  linear: () => F.linear(x(2, 3), x(4, 3), x(4)),
  bilinear: () => F.bilinear(x(2, 3), x(2, 4), x(5, 3, 4)),
  embedding: () => F.embedding(ids(1, 0, 2), x(3, 2), { paddingIdx: 0 }),
  'one hot': () => F.oneHot(ids(0, 2, 1)),
  'one hot of more': () => F.oneHot(ids(0, 2, 1), 5),
  pad: () => F.pad(x(2, 3), [1, 2], { value: 4.5 }),
  'pad two': () => F.pad(x(2, 3, 4), [1, 2, -1, 1]),
  'pad reflect': () => F.pad(x(1, 2, 4), [2, 1], { mode: 'reflect' }),
  'pad circular': () => F.pad(x(1, 2, 4), [2, 1], 'circular'),
  'cosine similarity': () => F.cosineSimilarity(x(3, 4), x(3, 4)),
  'cosine similarity dim': () => F.cosineSimilarity(x(3, 4), x(1, 4), { dim: -1, eps: 1e-3 }),
  'pairwise distance': () => F.pairwiseDistance(x(3, 4), x(3, 4), { p: 1, keepdim: true }),
  dropout: () => F.dropout(x(40), 0.3),
  'dropout off': () => F.dropout(x(40), 0.3, { training: false }),
  'dropout in place': () => F.dropout(torch.ones([40]), { p: 0.3, inplace: true }),
  'alpha dropout': () => F.alphaDropout(x(40), 0.3, true),
  'relu in place': () => F.relu(torch.randn([9]), { inplace: true }),
  elu: () => F.elu(x(9)),
  'leaky relu': () => F.leakyRelu(x(9), 0.2),
  softplus: () => F.softplus(x(9)),
  'softmax in float64': () => F.softmax(x(3, 4), { dim: 1, dtype: float64 }),
  'log softmax': () => F.logSoftmax(x(3, 4), -1),
  'log sigmoid': () => F.logsigmoid(x(9)),
  'layer norm': () => F.layerNorm(x(3, 4), [4], x(4)),
  'rms norm': () => F.rmsNorm(x(3, 4), [4], x(4), 1e-3),
  'group norm': () => F.groupNorm(x(3, 4), 2, x(4), x(4)),
  'cross entropy': () => F.crossEntropy(x(5, 3), ids(0, 1, 2, 1, 0)),
  'cross entropy options': () =>
    F.crossEntropy(x(5, 3), ids(0, 1, 2, 1, -1), torch.rand([3]), {
      ignoreIndex: -1,
      reduction: 'none',
      labelSmoothing: 0.2,
    }),
  'mse weighted': () => F.mseLoss(x(5, 3), torch.randn([5, 3]), { weight: torch.rand([5, 3]) }),
  'l1 weighted': () =>
    F.l1Loss(x(5, 3), torch.randn([5, 3]), { weight: torch.rand([5, 3]), reduction: 'sum' }),
  'cosine embedding': () =>
    F.cosineEmbeddingLoss(x(3, 4), x(3, 4), torch.tensor([1, -1, 1]), { margin: 0.2 }),
  'margin ranking': () => F.marginRankingLoss(x(3), x(3), torch.tensor([1, -1, 1]), { margin: 0.2 }),
  triplet: () => F.tripletMarginLoss(x(3, 4), x(3, 4), x(3, 4), { swap: true }),
  kl: () => F.klDiv(x(3, 4).logSoftmax(1), torch.rand([3, 4]), { reduction: 'batchmean' }),
  'init uniform': () => init.uniform_(empty(3, 4), -1, 2),
  'init normal': () => init.normal_(empty(30, 4), 1, 2),
  'init generator': () => init.normal_(empty(3, 4), { generator: new torch.Generator().manualSeed(3) }),
  'init constant': () => init.constant_(empty(3), 0.3),
  'init eye': () => init.eye_(empty(3, 4)),
  'init trunc normal': () => init.truncNormal_(empty(30, 4), { std: 1.5 }),
  'init trunc normal, tail': () => init.truncNormal_(empty(30, 4), { a: 1, b: 2 }),
  'init trunc normal, far': () => init.truncNormal_(torch.empty([30, 4], { dtype: float64 }), 0.1, 2, 3, 9),
  'init xavier uniform': () => init.xavierUniform_(empty(3, 4, 2), { gain: init.calculateGain('tanh') }),
  'init xavier normal': () => init.xavierNormal_(empty(3, 4)),
  'init kaiming uniform': () => init.kaimingUniform_(empty(3, 4), { nonlinearity: 'relu' }),
  'init kaiming normal': () => init.kaimingNormal_(empty(3, 4), { a: 0.3, mode: 'fan_out' }),
  'init orthogonal': () => init.orthogonal_(empty(3, 5), { gain: 2 }),
  'init orthogonal, tall': () => init.orthogonal_(empty(6, 2, 2)),
  'init sparse': () => init.sparse_(empty(9, 3), 0.4, { std: 0.5 }),
  'clip norm': () => clipped((p) => utils.clipGradNorm_(p, 0.7)),
  'clip norm, large': () => clipped((p) => utils.clipGradNorm_(p.values(), 70)),
  'clip norm p': () => clipped((p) => utils.clipGradNorm_(p, 0.7, { normType: 3.5 })),
  'clip norm inf': () => clipped((p) => utils.clipGradNorm_(p, 0.7, Number.POSITIVE_INFINITY)),
  'clip norm one by one': () => clipped((p) => utils.clipGradNorm_(p, 0.7, { foreach: false })),
  'clip norm in two dtypes': () => clipped((p) => utils.clipGradNorm_(p, 0.7), float64),
  'clip norm of nothing': () => utils.clipGradNorm_([], 0.7),
  'clip norm of one': () => clipped((p) => utils.clipGradNorm_(p[0] as Tensor, 0.1)),
  'total norm': () => utils.getTotalNorm([x(3), x(2, 2)]),
  'clip value': () => clipped((p) => utils.clipGradValue_(p, 0.5)),
  'clip value one by one': () => clipped((p) => utils.clipGradValue_(p, 0.5, { foreach: false })),
  'to vector': () => utils.parametersToVector([x(2, 3), x(4)]),
  pack: () => rnn.packPaddedSequence(x(5, 3, 2), [5, 4, 1]),
  'pack unsorted': () => rnn.packPaddedSequence(x(3, 5, 2), ids(2, 5, 3), true, { enforceSorted: false }),
  unpack: () =>
    rnn.padPackedSequence(
      rnn.packPaddedSequence(x(3, 5, 2), ids(2, 5, 3), { batchFirst: true, enforceSorted: false }),
      { batchFirst: true, paddingValue: 7, totalLength: 6 },
    ),
  'pad sequence': () => rnn.padSequence([x(2, 3), x(4, 3), x(1, 3)], { batchFirst: true, paddingValue: -1 }),
  'pad sequence left': () => rnn.padSequence([x(2), x(4), x(1)], { paddingSide: 'left' }),
  'pack sequence': () => rnn.packSequence([x(2, 3), x(4, 3), x(1, 3)], { enforceSorted: false }),
  'unpack sequence': () => rnn.unpackSequence(rnn.packSequence([x(2, 3), x(4, 3)], false)),
};

const errors: Record<string, () => unknown> = {
  'clip non-finite': () => utils.clipGradNorm_(nonFinite(), 1, { errorIfNonfinite: true }),
  'pack empty': () => rnn.packPaddedSequence(x(5, 2, 2), [5, 0]),
  'pack not sorted': () => rnn.packPaddedSequence(x(5, 2, 2), [3, 5]),
  'unpack too short': () =>
    rnn.padPackedSequence(rnn.packPaddedSequence(x(5, 2, 2), [5, 4]), { totalLength: 3 }),
  fan: () => init.xavierNormal_(empty(3)),
  eye: () => init.eye_(empty(3)),
  gain: () => init.calculateGain('swish' as 'relu'),
  kaiming: () => init.kaimingNormal_(empty(3, 3), { mode: 'fan' as 'fan_in' }),
  orthogonal: () => init.orthogonal_(empty(3)),
  'triplet margin': () => F.tripletMarginLoss(x(1, 1), x(1, 1), x(1, 1), { margin: 0 }),
};

interface Reference {
  functions: Record<string, string[]>;
  errors: Record<string, string>;
  gains: number[];
}

describe('against PyTorch', () => {
  let expected: Reference | undefined;
  const reference = (): Reference => {
    expected ??= JSON.parse(runPython('nn_functions.py')) as Reference;
    return expected;
  };
  const threads = torch.getNumThreads();
  beforeAll(() => torch.setNumThreads(1));
  afterAll(() => torch.setNumThreads(threads));

  testWithPython('has the reference’s cases', () => {
    expect(Object.keys(functions)).toEqual(Object.keys(reference().functions));
    expect(Object.keys(errors)).toEqual(Object.keys(reference().errors));
  });

  for (const [name, run] of Object.entries(functions)) {
    testWithPython(name, () => {
      torch.manualSeed(99);
      const found = tensorsIn(run()).map(bits);
      expect([...found, bits(torch.rand([2]))]).toEqual(reference().functions[name]);
    });
  }

  for (const [name, run] of Object.entries(errors)) {
    testWithPython(`${name}, an error`, () => {
      expect(messageOf(run)).toEqual(reference().errors[name]);
    });
  }

  testWithPython('gains', () => {
    expect([
      init.calculateGain('linear'),
      init.calculateGain('relu'),
      init.calculateGain('tanh'),
      init.calculateGain('selu'),
      init.calculateGain('leaky_relu'),
      init.calculateGain('leaky_relu', Math.sqrt(5)),
    ]).toEqual(reference().gains);
  });
});

describe('results', () => {
  test('of functions in place are the input', () => {
    const input = torch.ones([3]);
    expect(F.relu(input, { inplace: true })).toBe(input);
    expect(F.dropout(input, { inplace: true })).toBe(input);
    expect(init.normal_(input)).toBe(input);
    expect(F.dropout(input, { training: false })).toBe(input);
  });

  test('of vectorToParameters share the vector’s memory', () => {
    const vector = torch.arange(5).float();
    const [a, b] = [new nn.Parameter(torch.zeros([2, 2])), new nn.Parameter(torch.zeros([1]))];
    utils.vectorToParameters(vector, [a, b]);
    expect([a.tolist(), b.tolist()]).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [4],
    ]);
    vector.fill_(7);
    expect(b.tolist()).toEqual([7]);
    expect(() => utils.vectorToParameters(3 as never, [])).toThrow('expected torch.Tensor');
  });

  test('of packing are iterable, movable and disposable', () => {
    const packed = rnn.packSequence([torch.ones([2]), torch.ones([3])], { enforceSorted: false });
    const [data, batchSizes] = packed;
    expect([data?.shape, batchSizes?.tolist()]).toEqual([[5], [2, 2, 1]]);
    expect(packed.cpu()).toBe(packed);
    expect(packed.double().data.dtype).toBe(float64);
    expect(String(packed)).toMatch(
      /^PackedSequence\(data=tensor\(\[1\., 1\., 1\., 1\., 1\.\]\), batch_sizes=tensor\(/,
    );
    packed.dispose();
    expect(packed.data.disposed).toBe(true);
  });
});

describe('library code makes no garbage', () => {
  const input = torch.randn([4, 3, 5], { requiresGrad: true });
  const [matrix, batch, table] = [input.select(0, 0), torch.randn([3, 5]), torch.ones([3, 3])];
  const data = torch.empty([6, 5]);
  const indices = ids(1, 2);
  const lstm = new nn.LSTM(5, 4, { numLayers: 2, bidirectional: true });
  const gru = new nn.GRU(5, 4);
  const cell = new nn.LSTMCell(5, 4);
  const pack = (): nn.utils.rnn.PackedSequence =>
    rnn.packPaddedSequence(input, ids(4, 2, 4), { enforceSorted: false });
  const packed = pack();
  const made = parameters();
  const gradients = made.map(({ grad }) => grad);
  const source = new nn.Linear(5, 2);
  const state = source.stateDict();

  // What is counted is the objects that a call leaves behind beside its results.
  test.each<[string, () => unknown]>([
    ['normalize', () => F.normalize(input)],
    ['softsign', () => F.softsign(input)],
    ['embedding with maxNorm', () => F.embedding(indices, table, { maxNorm: 1 })],
    ['dropout1d', () => F.dropout1d(matrix)],
    ['mseLoss, broadcast', () => F.mseLoss(input, matrix)],
    ['mseLoss, weighted', () => F.mseLoss(batch, matrix, { weight: batch })],
    ['klDiv', () => F.klDiv(input, input, { reduction: 'batchmean' })],
    ['clipGradNorm_', () => utils.clipGradNorm_(made, 1)],
    ['clipGradValue_', () => utils.clipGradValue_(made, 1)],
    ['truncNormal_', () => init.truncNormal_(data, { a: 1, b: 2 })],
    ['orthogonal_', () => init.orthogonal_(data)],
    ['parametersToVector', () => utils.parametersToVector(made)],
    ['Linear', () => [...new nn.Linear(5, 2).parameters()]],
    ['Embedding', () => [...new nn.Embedding(5, 2, { paddingIdx: 1 }).parameters()]],
    ['LSTM', () => [...new nn.LSTM(5, 4).parameters()]],
    ['Embedding.fromPretrained', () => [...nn.Embedding.fromPretrained(table).parameters()]],
    ['calling a Linear', () => source(input)],
    ['calling an LSTM', () => lstm(input)],
    ['calling an LSTM, unbatched', () => lstm(batch)],
    ['calling an LSTM, packed', () => lstm(packed)],
    ['calling a GRU', () => gru(input)],
    ['calling an LSTMCell', () => cell(batch)],
    ['packing', () => rnn.packSequence([batch, matrix])],
    ['unpacking', () => rnn.unpackSequence(packed)],
    ['stateDict', () => Object.values(source.stateDict())],
    ['loadStateDict', () => source.loadStateDict(state)],
    ['changing the dtype', () => [...source.double().float().parameters()]],
    ['zeroGrad', () => source.zeroGrad({ setToNone: false })],
  ])('%s', (_, fn) => {
    const first = fn();
    const before = settled();
    const results = new Set(tensorsIn(fn()));
    for (const known of [...tensorsIn(first), data, ...packed, ...source.parameters()]) {
      if (known !== null) results.delete(known);
    }
    expect(unfreed() - before - results.size).toBe(0);
    expect(gradients).toHaveLength(4);
  });
});
