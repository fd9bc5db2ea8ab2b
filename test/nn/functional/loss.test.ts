/** Losses. */
import { describe, expect, jest, test } from '@jest/globals';
import torch from '../../../lib/index.js';
import type { Tensor } from '../../../lib/tensor.js';
import { comparePython, F, half, ids, messageOf, sameForms, table, unit, x } from './cases.js';

const r = (...shape: number[]): Tensor => torch.randn(shape);
const u = (...shape: number[]): Tensor => torch.rand(shape);
const ones = (...shape: number[]): Tensor => torch.ones(shape);

// First of all: a warning is given once a process.
test('arguments that PyTorch deprecates are warned of', () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  try {
    F.softMarginLoss(ones(2), ones(2), { sizeAverage: true });
    F.linearCrossEntropy(ones(1, 2), ones(3, 2), ids(0), { labelSmoothing: 0.25, options: {} });
    expect(warned.mock.calls.map(([text]) => String(text))).toEqual([
      "size_average and reduce args will be deprecated, please use reduction='mean' instead.",
      expect.stringContaining('label_smoothing=0.25, target.dtype=torch.int64, out_features=()'),
    ]);
  } finally {
    warned.mockRestore();
  }
});

comparePython('loss', {
  'nll by position': () => F.nllLoss(x(3, 4), ids(1, 0, 2), u(4), null, -100, null, 'sum'),
  'nll legacy': () => F.nllLoss(x(3, 4), ids(1, 0, 2), { sizeAverage: false }),
  'cross entropy legacy': () => F.crossEntropy(x(3, 4), ids(1, 0, 2), { reduce: false }),
  'cross entropy by position': () => F.crossEntropy(x(3, 4), ids(1, 0, 2), null, null, 2, null, 'sum', 0.1),
  'mse legacy': () => F.mseLoss(x(3, 4), r(3, 4), false),
  'mse of other size': () => F.mseLoss(x(3, 4), r(4)),
  'huber weighted': () => F.huberLoss(x(3, 4), r(3, 4), 'mean', 0.5, u(3, 4)),
  'smooth l1 of beta 0': () => F.smoothL1Loss(x(3, 4), r(3, 4), { beta: 0 }),
  'elementwise mean': () => F.l1Loss(x(3, 4), r(3, 4), { reduction: 'elementwise_mean' as 'mean' }),
  'bce weighted': () => F.binaryCrossEntropy(unit(3, 4), u(3, 4), u(4)),
  'bce with logits': () =>
    F.binaryCrossEntropyWithLogits(x(3, 4), u(3, 4), u(4), { posWeight: u(4), reduction: 'sum' }),
  'kl legacy': () => F.klDiv(x(3, 4), u(3, 4), null, true),
  poisson: () => F.poissonNllLoss(x(3, 4), u(3, 4).mul(9), { full: true }),
  'poisson, no log': () => F.poissonNllLoss(unit(3, 4), u(3, 4), false, { eps: 1e-3 }),
  gaussian: () => F.gaussianNllLoss(x(3, 4), r(3, 4), unit(3, 4), { full: true }),
  'gaussian, a number': () => F.gaussianNllLoss(x(3, 4), r(3, 4), 0.5),
  'gaussian, rows': () => F.gaussianNllLoss(x(3, 4), r(3, 4), unit(3), { reduction: 'none' }),
  'gaussian, a column': () => F.gaussianNllLoss(x(3, 4), r(3, 4), unit(3, 1), true, 0.5, 'sum'),
  'multilabel margin': () =>
    F.multilabelMarginLoss(
      x(2, 4),
      table([
        [3, 0, -1, 1],
        [1, -1, 0, 0],
      ]),
    ),
  'soft margin': () => F.softMarginLoss(x(3, 4), r(3, 4).sign(), { reduction: 'none' }),
  'multilabel soft margin': () => F.multilabelSoftMarginLoss(x(3, 4), ones(3, 4), u(4)),
  'multilabel soft margin legacy': () => F.multilabelSoftMarginLoss(x(3, 4), ones(3, 4), null, false),
  'multi margin': () => F.multiMarginLoss(x(3, 4), ids(1, 0, 2), 2, 0.5, u(4)),
  'hinge embedding': () => F.hingeEmbeddingLoss(x(5), r(5).sign(), 0.5),
  'triplet legacy': () => F.tripletMarginLoss(x(3, 4), x(3, 4), x(3, 4), 1, 1, { reduce: false }),
  'triplet with distance': () =>
    F.tripletMarginWithDistanceLoss(x(3, 4), x(3, 4), x(3, 4), {
      distanceFunction: (a, b) => F.cosineSimilarity(a, b).neg().add(1),
      swap: true,
    }),
  'triplet with default distance': () =>
    F.tripletMarginWithDistanceLoss(x(3, 4), x(3, 4), x(3, 4), { margin: 0.5, reduction: 'sum' }),
  ctc: () =>
    F.ctcLoss(
      x(6, 2, 4).logSoftmax(2),
      table([
        [1, 2, 3],
        [3, 1, 1],
      ]),
      [6, 5],
      [3, 2],
    ),
  'ctc of tensors': () =>
    F.ctcLoss(x(6, 2, 4).logSoftmax(2), ids(1, 2, 3, 3, 1), ids(6, 5), ids(3, 2), {
      reduction: 'none',
      zeroInfinity: true,
    }),
  'linear cross entropy': () => F.linearCrossEntropy(x(3, 4), x(5, 4), ids(1, 0, 2), { linearBias: x(5) }),
  'linear cross entropy, more dims': () =>
    F.linearCrossEntropy(
      x(3, 4),
      x(5, 2, 4),
      table([
        [1, 0],
        [2, 4],
        [3, 3],
      ]),
      { labelSmoothing: 0.1, ignoreIndex: 4 },
    ),
  'linear cross entropy in pieces': () =>
    F.linearCrossEntropy(x(7, 4), x(9, 4), ids(1, 0, 2, 8, 7, 3, 3), {
      linearBias: x(9),
      weight: u(9),
      reduction: 'sum',
      options: { batchChunkSize: 3, accPolicy: 'balanced' },
    }),
  'linear cross entropy in chosen pieces': () =>
    F.linearCrossEntropy(half(7, 4), half(9, 4), ids(1, 0, 2, 8, 7, 3, 3), { options: {} }),
});

describe('arguments', () => {
  sameForms({
    mseLoss: [
      () => F.mseLoss(x(3), r(3), null, null, 'sum'),
      () => F.mseLoss(x(3), r(3), { reduction: 'sum' }),
    ],
    nllLoss: [
      () => F.nllLoss(x(3, 4), ids(1, 0, 2), u(4), { ignoreIndex: 1 }),
      () => F.nllLoss(x(3, 4), ids(1, 0, 2), { weight: u(4), ignoreIndex: 1 }),
    ],
    huberLoss: [
      () => F.huberLoss(x(3), r(3), 'sum', 0.5),
      () => F.huberLoss(x(3), r(3), { reduction: 'sum', delta: 0.5 }),
    ],
    gaussianNllLoss: [
      () => F.gaussianNllLoss(x(3), r(3), u(3), true),
      () => F.gaussianNllLoss(x(3), r(3), { var: u(3), full: true }),
    ],
    multiMarginLoss: [
      () => F.multiMarginLoss(x(3, 4), ids(1, 0, 2), 2, 0.5),
      () => F.multiMarginLoss(x(3, 4), ids(1, 0, 2), { p: 2, margin: 0.5 }),
    ],
    tripletMarginLoss: [
      () => F.tripletMarginLoss(x(2, 3), x(2, 3), x(2, 3), 0.5, 1, 1e-3, true),
      () => F.tripletMarginLoss(x(2, 3), x(2, 3), x(2, 3), { margin: 0.5, p: 1, eps: 1e-3, swap: true }),
    ],
    ctcLoss: [
      () => F.ctcLoss(x(6, 4).logSoftmax(1), ids(1, 2), ids(6), ids(2), 0, 'sum', true),
      () => F.ctcLoss(x(6, 4).logSoftmax(1), ids(1, 2), [6], [2], { reduction: 'sum', zeroInfinity: true }),
    ],
  });

  test('that are wrong are named', () => {
    const input = ones(2);
    expect(messageOf(() => F.ctcLoss(ones(2, 3), ids(1), [2], ids(1)))).toBe(
      "ctcLoss(): arguments 'inputLengths' and 'targetLengths' must both be tensors, or both arrays",
    );
    expect(messageOf(() => F.mseLoss(input, input, { weights: input } as never))).toMatch(
      "mseLoss(): unknown option 'weights'",
    );
    expect(messageOf(() => F.crossEntropy(input, 1 as never))).toBe(
      "crossEntropy(): argument 'target' (position 2) must be Tensor, not int",
    );
    const triple = [input, input, input] as const;
    expect(
      messageOf(() => F.tripletMarginWithDistanceLoss(...triple, { distanceFunction: 2 as never })),
    ).toBe("tripletMarginWithDistanceLoss(): argument 'distanceFunction' must be function or null, not int");
    expect(messageOf(() => F.tripletMarginWithDistanceLoss(...triple, (() => input) as never))).toMatch(
      'tripletMarginWithDistanceLoss(): takes at most 3 positional arguments',
    );
  });
});

describe('linearCrossEntropy in pieces', () => {
  const options = { batchChunkSize: 2 };
  const [input, weight, target] = [r(5, 3), r(4, 3), ids(0, 3, 1, 1, 2)];

  test('gives the losses of single rows, with gradients', () => {
    const [a, b] = [input, weight].map((tensor) => tensor.clone().requiresGrad_()) as [Tensor, Tensor];
    const pieces = F.linearCrossEntropy(a, b, target, { reduction: 'none', options });
    pieces.sum().backward();
    const [c, d] = [input, weight].map((tensor) => tensor.clone().requiresGrad_()) as [Tensor, Tensor];
    const whole = F.linearCrossEntropy(c, d, target, { reduction: 'none' });
    whole.sum().backward();
    expect(pieces.shape).toEqual([5]);
    // The logits are taken in other portions, so that the last bits differ.
    for (const [one, other] of [
      [pieces, whole],
      [a.grad, c.grad],
      [b.grad, d.grad],
    ] as [Tensor, Tensor][])
      expect(torch.allclose(one, other, { atol: 1e-6 })).toBe(true);
  });

  test('goes backward once, or as often as the options say', () => {
    const [a, b] = [input, weight].map((tensor) => tensor.clone().requiresGrad_()) as [Tensor, Tensor];
    const once = F.linearCrossEntropy(a, b, target, { options });
    once.backward();
    const gradient = a.grad as Tensor;
    a.grad = null;
    expect(messageOf(() => once.backward())).toMatch('linear_cross_entropy chunked backward called twice');
    const often = F.linearCrossEntropy(a, b, target, { options: { ...options, allowRetainGraph: true } });
    often.backward({ retainGraph: true });
    often.backward();
    expect(torch.equal(a.grad as unknown as Tensor, gradient.mul(2))).toBe(true);
  });

  test('refuses options that make no sense', () => {
    const run = (given: object) =>
      messageOf(() => F.linearCrossEntropy(input, weight, target, { options: given }));
    expect(run({ accPolicy: 'fast' })).toBe("invalid acc_policy: 'fast'");
    expect(run({ chunkingMethod: 'aspect_ratio:0' })).toBe("invalid chunking_method: 'aspect_ratio:0'");
    expect(run({ batchChunkSize: 0 })).toBe('batch_chunk_size must be positive int or None, got 0');
    expect(run({ accDtype: torch.int64 })).toMatch('got torch.int64. Pass acc_dtype=None');
    expect(run({ chunkSize: 2 })).toMatch("unknown option 'chunkSize'");
    expect(run({ batchChunkSize: 3, chunkingMethod: 'aspect_ratio' })).toMatch(
      "batch_chunk_size (=3) and chunking_method ('aspect_ratio') give different chunk sizes (3 vs 4)",
    );
  });
});
