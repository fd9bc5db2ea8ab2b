/** Normalisation, embeddings, attention and products of groups; the errors of all. */
import { describe, expect, test } from '@jest/globals';
import torch from '../../../lib/index.js';
import type { Tensor } from '../../../lib/tensor.js';
import { settled, unfreed } from '../../support/counts.js';
import { runPython } from '../../support/python.js';
import { testWithPython } from '../../support/withPython.js';
import { comparePython, F, half, ids, messageOf, sameForms, table, unit, x } from './cases.js';

const r = (...shape: number[]): Tensor => torch.randn(shape);
const u = (...shape: number[]): Tensor => torch.rand(shape);
const ones = (...shape: number[]): Tensor => torch.ones(shape);

type Options = NonNullable<Extract<Parameters<typeof F.multiHeadAttentionForward>[13], object>>;
interface Attention extends Options {
  batched?: boolean;
  alone?: boolean;
  bias?: boolean;
  heads?: number;
}

function attention(given: Attention = {}): [Tensor, Tensor | null] {
  const { batched = true, alone = false, bias = true, heads = 2, ...options } = given;
  const shape = batched ? [4, 3, 6] : [4, 6];
  const query = x(...shape);
  const [key, value] = alone ? [query, query] : [x(...shape), x(...shape)];
  const [inBias, outBias] = bias ? [x(18), x(6)] : [null, null];
  return F.multiHeadAttentionForward(
    query,
    key,
    value,
    6,
    heads,
    x(18, 6),
    inBias,
    null,
    null,
    false,
    0,
    x(6, 6),
    outBias,
    options as Options,
  );
}

function attentionOfParts(options: { training?: boolean; needWeights?: boolean } = {}): unknown {
  const [query, key, value] = [x(4, 3, 6), x(5, 3, 3), x(5, 3, 2)];
  const [bias, biasK, biasV] = [x(18), x(1, 1, 6), x(1, 1, 6)];
  const [out, outBias] = [x(6, 6), x(6)];
  return F.multiHeadAttentionForward(
    query,
    key,
    value,
    6,
    2,
    null,
    bias,
    biasK,
    biasV,
    true,
    0.25,
    out,
    outBias,
    {
      useSeparateProjWeight: true,
      qProjWeight: x(6, 6),
      kProjWeight: x(6, 3),
      vProjWeight: x(6, 2),
      ...options,
    },
  );
}

const causal = (): Tensor => torch.ones([4, 4], { dtype: torch.bool }).triu(1);

comparePython('layers', {
  'normalize out': () => F.normalize(r(3, 4), 2, 0, 1e-12, torch.empty([3, 4])),
  'batch norm': () => F.batchNorm(x(4, 3), torch.zeros([3]), ones(3), x(3), x(3), true),
  'batch norm, running': () => F.batchNorm(x(4, 3, 2), r(3), u(3)),
  'instance norm': () => F.instanceNorm(x(2, 3, 4), { weight: x(3), eps: 0.1 }),
  'instance norm, running': () => F.instanceNorm(x(2, 3, 4), r(3), u(3), { useInputStats: false }),
  'local response': () => F.localResponseNorm(x(2, 5, 3), 3, 0.1, 0.5, 2),
  'local response of images': () => F.localResponseNorm(x(2, 5, 3, 2), 2),
  'embedding max norm': () => F.embedding(ids(1, 2), ones(4, 3), { maxNorm: 0.5, normType: 1 }),
  'embedding bag': () => F.embeddingBag(ids(1, 2, 4, 3), x(5, 3), ids(0, 3)),
  'embedding bag 2d': () =>
    F.embeddingBag(
      table([
        [1, 2],
        [0, 3],
      ]),
      x(5, 3),
      { mode: 'sum', perSampleWeights: unit(2, 2) },
    ),
  'embedding bag max': () =>
    F.embeddingBag(ids(1, 2, 4, 3), x(5, 3), ids(0, 3, 4), {
      mode: 'max',
      includeLastOffset: true,
      paddingIdx: 2,
    }),
  'embedding bag max norm': () => F.embeddingBag(table([[1, 2]]), ones(4, 3), { maxNorm: 0.5 }),
  attention: () => attention(),
  'attention of itself': () => attention({ alone: true }),
  'attention, not averaged': () => attention({ averageAttnWeights: false, bias: false }),
  'attention without weights': () => attention({ needWeights: false, attnMask: causal(), isCausal: true }),
  'attention, unbatched': () =>
    attention({ batched: false, keyPaddingMask: torch.tensor([false, false, false, true]) }),
  'attention with masks': () =>
    attention({
      attnMask: causal().float().mul(-2),
      keyPaddingMask: torch.eye(4).narrow(0, 0, 3).mul(-1),
      needWeights: false,
    }),
  'attention of parts': () => attentionOfParts(),
  'attention of parts, evaluated': () => attentionOfParts({ training: false, needWeights: false }),
  'grouped mm': () =>
    F.groupedMm(half(8, 16), half(2, 16, 8), { offs: torch.tensor([4, 8], { dtype: torch.int32 }) }),
});

const one = ones;
const long = (...shape: number[]): Tensor => torch.ones(shape, { dtype: torch.int64 });
const middle = 'middle' as 'mean';

const errors: Record<string, () => unknown> = {
  dropout: () => F.dropout(one(3), 1.5),
  glu: () => F.glu(one()),
  hardtanh: () => F.hardtanh(one(3), 1, 0),
  fractional: () => F.fractionalMaxPool2d(one(1, 4, 4), 2),
  'fractional ratio': () => F.fractionalMaxPool2d(one(1, 4, 4), 2, { outputRatio: [0.5, 0.5, 0.5] }),
  'unpool size': () => F.maxUnpool1d(one(1, 1, 4), long(1, 1, 4), 2, { outputSize: [3] }),
  'unpool sizes': () => F.maxUnpool1d(one(1, 1, 4), long(1, 1, 4), 2, { outputSize: [3, 3] }),
  'unpool negative': () => F.maxUnpool1d(one(1, 1, 1), long(1, 1, 1), 1, { padding: 2 }),
  adaptive: () => F.adaptiveAvgPool2d(one(2, 2), [1, 2]),
  embedding: () => F.embedding(ids(0), one(3, 2), { paddingIdx: 3 }),
  'embedding bag mode': () => F.embeddingBag(ids(0), one(3, 2), ids(0), { mode: 'min' as 'max' }),
  'embedding bag 3d': () => F.embeddingBag(long(1, 1, 1), one(3, 2)),
  'embedding bag offsets': () => F.embeddingBag(ids(0), one(3, 2)),
  'embedding bag two': () => F.embeddingBag(long(1, 1), one(3, 2), ids(0)),
  'embedding bag weights': () => F.embeddingBag(ids(0), one(3, 2), ids(0), { perSampleWeights: one(1) }),
  'embedding bag weights of other shape': () =>
    F.embeddingBag(ids(0), one(3, 2), ids(0), { perSampleWeights: one(2), mode: 'sum' }),
  'embedding bag max': () => F.embeddingBag(ids(0), one(3, 2), ids(0), { mode: 'max', sparse: true }),
  'batch norm': () => F.batchNorm(one(1, 2), null, null, { training: true }),
  'batch norm eps': () => F.batchNorm(one(2, 2), null, null, { training: true, eps: 0 }),
  'batch norm negative eps': () => F.batchNorm(one(2, 2), one(2), one(2), { eps: -1 }),
  'instance norm': () => F.instanceNorm(one(2, 2, 1)),
  'group norm': () => F.groupNorm(one(1, 2), 2),
  'local response': () => F.localResponseNorm(one(2, 2), 2),
  reduction: () => F.nllLoss(one(1, 2), ids(0), { reduction: middle }),
  poisson: () => F.poissonNllLoss(one(2), one(2), { reduction: middle }),
  gaussian: () => F.gaussianNllLoss(one(2), one(2), one(2).neg()),
  'gaussian shape': () => F.gaussianNllLoss(one(2, 2), one(2, 2), one(2, 3)),
  'gaussian reduction': () => F.gaussianNllLoss(one(2), one(2), one(2), { reduction: middle }),
  bce: () => F.binaryCrossEntropy(one(2), one(3)),
  'bce with logits': () => F.binaryCrossEntropyWithLogits(one(2), one(3)),
  'l1 weight': () => F.l1Loss(one(2), one(2), { weight: one(3) }),
  'l1 weighted reduction': () => F.l1Loss(one(2), one(2), { weight: one(2), reduction: middle }),
  'margin ranking': () => F.marginRankingLoss(one(2), one(2), one(2, 1)),
  'multi margin': () => F.multiMarginLoss(one(1, 2), ids(0), { p: 3 }),
  'multi margin weight': () => F.multiMarginLoss(one(1, 2), ids(0), { weight: one(1, 2) }),
  'triplet with distance': () => F.tripletMarginWithDistanceLoss(one(2), one(2), one(2, 1)),
  'triplet with distance margin': () =>
    F.tripletMarginWithDistanceLoss(one(2), one(2), one(2), { margin: -1 }),
  'linear cross entropy': () => F.linearCrossEntropy(one(2, 3), one(4, 2), ids(0, 1)),
  'linear cross entropy bias': () =>
    F.linearCrossEntropy(one(2, 3), one(4, 3), ids(0, 1), { linearBias: one(3) }),
  interpolate: () => F.interpolate(one(1, 1, 2)),
  'interpolate both': () => F.interpolate(one(1, 1, 2), 2, 2),
  'interpolate sizes': () => F.interpolate(one(1, 1, 2), [2, 3]),
  'interpolate factors': () => F.interpolate(one(1, 1, 2), { scaleFactor: [2, 3] }),
  'interpolate corners': () => F.interpolate(one(1, 1, 2), 2, { alignCorners: true }),
  'interpolate mode': () => F.interpolate(one(1, 1, 2), 2, { mode: 'bilinear' }),
  'interpolate unknown': () => F.interpolate(one(1, 1, 2), 2, { mode: 'cubic' as 'bicubic' }),
  'interpolate smooth': () => F.interpolate(one(1, 1, 2), 2, { antialias: true }),
  lanczos: () => F.interpolate(one(1, 1, 2, 2), 2, { mode: 'lanczos' }),
  'grid sample': () => F.gridSample(one(1, 1, 2, 2), one(1, 1, 1, 2), { mode: 'linear' as 'bilinear' }),
  'grid sample padding': () =>
    F.gridSample(one(1, 1, 2, 2), one(1, 1, 1, 2), { paddingMode: 'ones' as 'zeros' }),
  'affine grid': () => F.affineGrid(one(1, 2, 2), [1, 1, 2, 2]),
  'affine grid size': () => F.affineGrid(one(1, 2, 3), [1, 1, 2]),
  'affine grid empty': () => F.affineGrid(one(1, 2, 3), [1, 1, 0, 2]),
  'affine grid dtype': () => F.affineGrid(long(1, 2, 3), [1, 1, 2, 2]),
  attention: () => attention({ heads: 4 }),
  'attention causal': () => attention({ isCausal: true }),
  'attention mask': () => attention({ attnMask: one(2, 2) }),
  'attention key mask': () => attention({ keyPaddingMask: one(4) }),
};

testWithPython('the messages of errors are PyTorch’s', () => {
  const expected = JSON.parse(runPython('nn_functional.py', ['errors'])) as Record<string, string>;
  const found = Object.fromEntries(Object.entries(errors).map(([name, run]) => [name, messageOf(run)]));
  expect(found).toEqual(expected);
});

describe('arguments', () => {
  sameForms({
    normalize: [
      () => F.normalize(x(3, 4), 1, 0, 0.5),
      () => F.normalize(x(3, 4), { p: 1, dim: 0, eps: 0.5 }),
    ],
    batchNorm: [
      () => F.batchNorm(x(4, 3), null, null, x(3), null, true, 0.1, 0.5),
      () =>
        F.batchNorm(x(4, 3), { runningMean: null, runningVar: null, weight: x(3), training: true, eps: 0.5 }),
    ],
    layerNorm: [
      () => F.layerNorm(x(4, 3), [3], x(3), null, 0.5),
      () => F.layerNorm(x(4, 3), { normalizedShape: [3], weight: x(3), eps: 0.5 }),
    ],
    groupNorm: [
      () => F.groupNorm(x(2, 4), 2, x(4), x(4)),
      () => F.groupNorm(x(2, 4), { numGroups: 2, weight: x(4), bias: x(4) }),
    ],
    embeddingBag: [
      () => F.embeddingBag(ids(0, 1), x(3, 2), ids(0), null, 2, false, 'sum'),
      () => F.embeddingBag(ids(0, 1), x(3, 2), { offsets: ids(0), mode: 'sum' }),
    ],
    bilinear: [
      () => F.bilinear(x(2, 3), x(2, 4), x(5, 3, 4), x(5)),
      () => F.bilinear(x(2, 3), x(2, 4), x(5, 3, 4), { bias: x(5) }),
    ],
  });

  test('of scaled products are checked', () => {
    const { ScalingType } = F;
    const [a, b] = [ones(16, 16), ones(16, 16)];
    const scale = ones();
    expect(messageOf(() => F.scaledMm(a, b, scale, 'row' as never, scale, ScalingType.RowWise))).toBe(
      "scaledMm(): argument 'scaleRecipeA' (position 4) must be int or array of ints, not str",
    );
    expect(() => F.scaledMm(a, b, scale, ScalingType.TensorWise, [scale], [ScalingType.TensorWise])).toThrow(
      torch.TorchError,
    );
    expect(() =>
      F.scaledGroupedMm(a, b, scale, ScalingType.TensorWise, scale, ScalingType.TensorWise),
    ).toThrow(torch.TorchError);
  });
});

describe('library code makes no garbage', () => {
  const input = torch.randn([4, 3, 5], { requiresGrad: true });
  const image = torch.randn([1, 2, 6, 6]);
  const rows = torch.randn([4, 6]);
  const weight = torch.randn([18, 6]);
  const out = torch.randn([6, 6]);
  const [target, positive] = [ids(0, 1, 2, 3), torch.rand([4, 6])];
  const pool = F.maxPool1dWithIndices(torch.randn([1, 2, 8]), 2);

  test.each<[string, () => unknown]>([
    ['gumbelSoftmax', () => F.gumbelSoftmax(input, { hard: true })],
    ['lpPool2d', () => F.lpPool2d(image, 2, 2)],
    ['adaptiveMaxPool2d', () => F.adaptiveMaxPool2d(image, 2)],
    ['fractionalMaxPool2d', () => F.fractionalMaxPool2d(image, 2, 3)],
    ['maxUnpool1d', () => F.maxUnpool1d(...(pool as [Tensor, Tensor]), 2)],
    ['localResponseNorm', () => F.localResponseNorm(image, 2)],
    ['embeddingBag', () => F.embeddingBag(table([[1, 2]]), rows, { maxNorm: 9 })],
    ['multilabelSoftMarginLoss', () => F.multilabelSoftMarginLoss(rows, positive)],
    ['gaussianNllLoss', () => F.gaussianNllLoss(rows, positive, 0.5, { full: true })],
    [
      'tripletMarginWithDistanceLoss',
      () => F.tripletMarginWithDistanceLoss(rows, positive, rows, { swap: true }),
    ],
    ['linearCrossEntropy', () => F.linearCrossEntropy(rows, weight, target)],
    ['linearCrossEntropy in pieces', () => F.linearCrossEntropy(rows, weight, target, { options: {} })],
    [
      'multiHeadAttentionForward',
      () =>
        F.multiHeadAttentionForward(rows, rows, rows, 6, 2, weight, null, null, null, true, 0.1, out, null),
    ],
  ])('%s', (_, run) => {
    const kept = [run(), run()].flat();
    const before = settled();
    const result = run();
    const made = Array.isArray(result) ? result.length : 1;
    expect(unfreed() - before).toBeLessThanOrEqual(made + (_ === 'embeddingBag' ? 1 : 0));
    expect(kept.length).toBeGreaterThan(1);
  });
});
