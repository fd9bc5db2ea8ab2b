/**
 * The library makes no garbage: what a layer, a loss, an optimizer, clipping or a scheduler makes for itself is freed
 * when the call returns. Counted are all tensors made and not freed, whatever the collector would do with them.
 */
import { describe, expect, test } from '@jest/globals';
import torch, { nn, optim, type Tensor } from '../../lib/index.js';
import { expectNoLeaks } from '../../lib/jest/index.js';
import { tensorsIn } from '../nn/compare.js';
import { layerCases } from '../nn/layerCases.js';

/** Gives what `run` gives, which is all that it may leave behind. */
function leavesNothing<T>(run: () => T): T {
  return expectNoLeaks(run, { collect: false });
}

type AnyOptimizer = optim.Optimizer<{ lr: number | Tensor }>;

function lossOf(outputs: unknown): Tensor {
  return torch.tidy(() => {
    const terms = tensorsIn(outputs).filter(({ requiresGrad }) => requiresGrad);
    return terms.map((term) => term.square().sum()).reduce((sum, term) => sum.add(term));
  });
}

describe('layers and losses: forward, and backward', () => {
  // Its forward is that of a user, whose intermediate results are the collector's.
  const own = Object.entries(layerCases).filter(([name]) => name !== 'a module of modules');

  test.each(own)('%s', (_, [make, inputs]) => {
    const layer = make();
    for (let round = 0; round < 2; round++) {
      const given = inputs();
      const outputs = leavesNothing(() => layer(...given));
      if (tensorsIn(outputs).every(({ requiresGrad }) => !requiresGrad)) continue;
      const loss = lossOf(outputs);
      leavesNothing(() => loss.backward());
      leavesNothing(() => layer.zeroGrad());
    }
    layer.eval();
    const given = inputs();
    leavesNothing(() => torch.noGrad(() => layer(...given)));
  });

  test('every layer that there is', () => {
    const classes = Object.entries(nn)
      .filter(([, value]) => typeof value === 'function' && value.prototype instanceof nn.Module)
      .map(([name]) => name);
    const tried = new Set(own.map(([, [make]]) => make().constructor.name));
    const containers = ['ModuleList', 'ModuleDict', 'ParameterList', 'ParameterDict'];
    const bases = ['RNNBase', 'RNNCellBase'];
    expect(classes.filter((name) => !tried.has(name) && ![...containers, ...bases].includes(name))).toEqual(
      [],
    );
    expect(classes.length).toBeGreaterThan(30);
  });
});

describe('losses as functions', () => {
  const F = nn.functional;
  const x = torch.randn([6, 4], { requiresGrad: true });
  const y = torch.randn([6, 4]);
  const labels = torch.randint(4, [6]);
  const sign = torch.ones([6]);
  const variance = torch.ones([6, 1]);
  const v = torch.randn([6], { requiresGrad: true });

  const losses: Record<string, () => Tensor> = {
    mseLoss: () => F.mseLoss(x, y),
    'mseLoss, weighted': () => F.mseLoss(x, y, { weight: y }),
    l1Loss: () => F.l1Loss(x, y),
    smoothL1Loss: () => F.smoothL1Loss(x, y),
    huberLoss: () => F.huberLoss(x, y),
    crossEntropy: () => F.crossEntropy(x, labels),
    'crossEntropy, smoothed': () => F.crossEntropy(x, labels, { labelSmoothing: 0.1 }),
    nllLoss: () => F.nllLoss(x, labels),
    klDiv: () => F.klDiv(x, y, { reduction: 'batchmean' }),
    binaryCrossEntropyWithLogits: () => F.binaryCrossEntropyWithLogits(x, y),
    gaussianNllLoss: () => F.gaussianNllLoss(x, y, variance),
    poissonNllLoss: () => F.poissonNllLoss(x, y, { full: true }),
    cosineEmbeddingLoss: () => F.cosineEmbeddingLoss(x, y, sign),
    tripletMarginLoss: () => F.tripletMarginLoss(x, y, x, { swap: true }),
    tripletMarginWithDistanceLoss: () => F.tripletMarginWithDistanceLoss(x, y, x),
    hingeEmbeddingLoss: () => F.hingeEmbeddingLoss(v, sign),
    marginRankingLoss: () => F.marginRankingLoss(v, v, sign),
    softMarginLoss: () => F.softMarginLoss(v, sign),
    multiMarginLoss: () => F.multiMarginLoss(x, labels),
    multilabelSoftMarginLoss: () => F.multilabelSoftMarginLoss(x, y),
  };

  test.each(Object.entries(losses))('%s', (_, make) => {
    make();
    const loss = leavesNothing(make);
    leavesNothing(() => loss.backward());
    x.grad = null;
    v.grad = null;
  });
});

describe('optimizers', () => {
  type Make = (params: Iterable<Tensor>, options: object) => AnyOptimizer;
  const optimizers: Record<string, [Make, object[]]> = {
    SGD: [
      (params, options) => new optim.SGD(params, { lr: 0.1, ...options }),
      [{}, { momentum: 0.9 }, { momentum: 0.9, nesterov: true, weightDecay: 0.1 }, { maximize: true }],
    ],
    Adam: [
      (params, options) => new optim.Adam(params, options),
      [{}, { amsgrad: true }, { weightDecay: 0.1 }, { maximize: true, weightDecay: 0.1 }],
    ],
    AdamW: [(params, options) => new optim.AdamW(params, options), [{}, { amsgrad: true, maximize: true }]],
    Adamax: [
      (params, options) => new optim.Adamax(params, options),
      [{}, { weightDecay: 0.1, maximize: true }],
    ],
  };
  const forms = [{}, { foreach: false }, { foreach: true }, { fused: true }];
  const cases = Object.entries(optimizers).flatMap(([name, [make, variants]]) =>
    variants.flatMap((variant) =>
      forms
        .filter((form) => !('fused' in form) || name !== 'Adamax')
        .map(
          (form) =>
            [`${name} ${JSON.stringify({ ...variant, ...form })}`, make, { ...variant, ...form }] as const,
        ),
    ),
  );

  test.each(cases)('%s', (_, make, options) => {
    const model = new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Linear(8, 2));
    const optimizer = make(model.parameters(), options);
    const scheduler = new optim.lrScheduler.StepLR(optimizer, 1);
    const x = torch.randn([5, 4]);
    // The first step makes the state.
    for (let round = 0; round < 3; round++) {
      torch.tidy(() => nn.functional.mseLoss(model(x), x.narrow(1, 0, 2)).backward());
      if (round === 0) optimizer.step();
      else leavesNothing(() => optimizer.step());
      leavesNothing(() => scheduler.step());
      leavesNothing(() => optimizer.zeroGrad(round === 1));
    }
  });

  test('every optimizer that there is', () => {
    const classes = Object.entries(optim)
      .filter(([, value]) => typeof value === 'function' && value.prototype instanceof optim.Optimizer)
      .map(([name]) => name);
    expect(classes.filter((name) => !(name in optimizers))).toEqual([]);
    expect(classes.length).toBeGreaterThan(3);
  });

  test('with a closure, whose loss is what the step gives', () => {
    const weight = torch.randn([4, 4], { requiresGrad: true });
    const optimizer = new optim.SGD([weight], { lr: 0.1 });
    const loss = leavesNothing(() =>
      optimizer.step(() =>
        torch.tidy(() => {
          optimizer.zeroGrad();
          const value = weight.square().sum();
          value.backward();
          return value;
        }),
      ),
    );
    expect(loss.shape).toEqual([]);
  });
});

describe('learning rate schedulers', () => {
  const { lrScheduler } = optim;
  test.each<[string, (optimizer: AnyOptimizer) => { step(metric: number): void }]>([
    ['StepLR', (optimizer) => new lrScheduler.StepLR(optimizer, 2)],
    ['LambdaLR', (optimizer) => new lrScheduler.LambdaLR(optimizer, (epoch) => 0.9 ** epoch)],
    ['LinearLR', (optimizer) => new lrScheduler.LinearLR(optimizer)],
    ['CosineAnnealingLR', (optimizer) => new lrScheduler.CosineAnnealingLR(optimizer, 10)],
    ['ReduceLROnPlateau', (optimizer) => new lrScheduler.ReduceLROnPlateau(optimizer, { patience: 0 })],
  ])('%s', (name, make) => {
    const weight = torch.zeros([3], { requiresGrad: true });
    const optimizer = new optim.SGD([weight], { lr: 0.1 });
    optimizer.step();
    const scheduler = leavesNothing(() => ({ it: make(optimizer) })).it;
    leavesNothing(() => {
      for (let i = 0; i < 4; i++) scheduler.step(name === 'ReduceLROnPlateau' ? 1 : (undefined as never));
    });
  });
});

describe('clipping and vectors of parameters', () => {
  const model = new nn.Sequential(new nn.Linear(4, 8), new nn.Linear(8, 2));
  const parameters = [...model.parameters()];

  function withGradients(): void {
    torch.tidy(() =>
      model(torch.ones([3, 4]))
        .square()
        .sum()
        .backward(),
    );
  }

  const { utils } = nn;
  const state = model.stateDict();
  const vector = torch.noGrad(() => utils.parametersToVector(parameters));
  test.each<[string, () => unknown]>([
    ['clipGradNorm_', () => utils.clipGradNorm_(parameters, 0.1)],
    ['clipGradNorm_ one by one', () => utils.clipGradNorm_(parameters, 0.1, { foreach: false })],
    [
      'clipGradNorm_ of the largest',
      () =>
        utils.clipGradNorm_(parameters, 0.1, { normType: Number.POSITIVE_INFINITY, errorIfNonfinite: true }),
    ],
    ['clipGradValue_', () => utils.clipGradValue_(parameters, 0.1)],
    ['getTotalNorm', () => utils.getTotalNorm(parameters)],
    ['parametersToVector', () => utils.parametersToVector(parameters)],
    ['stateDict', () => model.stateDict()],
    ['to another dtype and back', () => void model.double().float()],
    ['requiresGrad_', () => void model.requiresGrad_(false).requiresGrad_(true)],
    ['vectorToParameters', () => utils.vectorToParameters(vector, parameters)],
    ['loadStateDict', () => void model.loadStateDict(state)],
  ])('%s', (_, run) => {
    withGradients();
    leavesNothing(run);
    leavesNothing(() => model.zeroGrad());
  });
});

describe('a whole step in plain code', () => {
  test('leaves the loss, and what the user has made', () => {
    const model = new nn.Sequential(
      new nn.Embedding(20, 8),
      new nn.Linear(8, 16),
      new nn.GELU(),
      new nn.Dropout(0.1),
      new nn.LayerNorm(16),
      new nn.Linear(16, 3),
    );
    const criterion = new nn.CrossEntropyLoss();
    const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3 });
    const [x, y] = [torch.randint(20, [10]), torch.randint(3, [10])];
    const step = (): Tensor[] => {
      optimizer.zeroGrad();
      const logits = model(x);
      const loss = criterion(logits, y);
      loss.backward();
      const norm = nn.utils.clipGradNorm_(model.parameters(), 1);
      optimizer.step();
      return [logits, loss, norm];
    };
    for (let round = 0; round < 3; round++) step();
    const [, loss] = leavesNothing(step);
    expect(Number.isFinite(loss?.item())).toBe(true);
  });

  test('a recurrent one', () => {
    const lstm = new nn.LSTM(6, 5, { numLayers: 2, batchFirst: true, dropout: 0.2, bidirectional: true });
    const head = new nn.Linear(10, 4);
    const criterion = new nn.MSELoss();
    const optimizer = new optim.SGD([...lstm.parameters(), ...head.parameters()], { lr: 0.1, momentum: 0.9 });
    const [x, y] = [torch.randn([3, 7, 6]), torch.randn([3, 7, 4])];
    const step = (): unknown => {
      optimizer.zeroGrad();
      const result = lstm(x);
      const output = head(result[0]);
      const loss = criterion(output, y);
      loss.backward();
      optimizer.step();
      return [result, output, loss];
    };
    for (let round = 0; round < 2; round++) step();
    leavesNothing(step);
  });
});
