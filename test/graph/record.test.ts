import { describe, expect, test } from '@jest/globals';
import { Model } from '../../examples/adversarial-qa/model.js';
import { Network } from '../../examples/adversarial-qa/network.js';
import torch, { nn, optim, type Tensor } from '../../lib/index.js';

const { functional: F } = nn;

torch.setNumThreads(1);

/** Results as patterns of bits. */
const bits = (tensors: readonly Tensor[]): string =>
  tensors.map((tensor) => Buffer.from(tensor.toTypedArray().buffer).toString('hex')).join(' ');

type Wrap = <Args extends unknown[], Result>(fn: (...args: Args) => Result) => (...args: Args) => Result;
const eager: Wrap = (fn) => fn;
const replayed: Wrap = (fn) => torch.graph.record(fn);

const optimizers: Record<string, (parameters: Tensor[]) => optim.Optimizer> = {
  SGD: (parameters) => new optim.SGD(parameters, { lr: 0.05 }),
  'SGD, momentum, Nesterov, foreach': (parameters) =>
    new optim.SGD(parameters, { lr: 0.05, momentum: 0.9, nesterov: true, foreach: true }),
  'SGD, fused': (parameters) => new optim.SGD(parameters, { lr: 0.05, momentum: 0.9, fused: true }),
  Adam: (parameters) => new optim.Adam(parameters, { weightDecay: 0.01 }),
  'Adam, amsgrad': (parameters) => new optim.Adam(parameters, { amsgrad: true }),
  'Adam, foreach': (parameters) => new optim.Adam(parameters, { foreach: true }),
  'Adam, fused': (parameters) => new optim.Adam(parameters, { fused: true }),
  AdamW: (parameters) => new optim.AdamW(parameters),
  Adamax: (parameters) => new optim.Adamax(parameters),
  'Adamax, foreach': (parameters) => new optim.Adamax(parameters, { foreach: true }),
};

/** 50 steps of an MLP with dropout: all losses and the weights afterwards. */
function trainMlp(wrap: Wrap, optimizerOf: (parameters: Tensor[]) => optim.Optimizer): string {
  torch.manualSeed(3);
  const model = new nn.Sequential(
    new nn.Linear(12, 8),
    new nn.ReLU(),
    new nn.Dropout(0.3),
    new nn.Linear(8, 4),
  );
  const optimizer = optimizerOf([...model.parameters()]);
  const step = wrap((x: Tensor, y: Tensor) => {
    optimizer.zeroGrad();
    const loss = F.crossEntropy(model(x), y);
    loss.backward();
    optimizer.step();
    return loss.detach();
  });
  const losses: Tensor[] = [];
  for (let i = 0; i < 50; i++) losses.push(step(torch.randn(2, 12), torch.randint(0, 4, [2])));
  return bits([...losses, ...model.parameters(), torch.rand([4])].map((tensor) => tensor.detach()));
}

test.each(Object.keys(optimizers))('50 steps of an MLP with dropout are the same bits: %s', (name) => {
  const optimizerOf = optimizers[name] as (parameters: Tensor[]) => optim.Optimizer;
  expect(trainMlp(replayed, optimizerOf)).toBe(trainMlp(eager, optimizerOf));
});

function forum(wrap: Wrap, steps: number, gradClipping?: number): string {
  torch.manualSeed(1);
  const [vocabSize, batch, tokens] = [30, 2, 7];
  const model = new Model(
    new Network({ vocabSize, embeddingDim: 6, hiddenSize: 3 }),
    gradClipping === undefined ? {} : { gradClipping },
  );
  const step = wrap((given: Parameters<Model['update']>[0]) => model.update(given));
  const losses: Tensor[] = [];
  for (let i = 0; i < steps; i++) {
    const { loss, lossAdv } = step({
      context: torch.randint(1, vocabSize, [batch, tokens]),
      question: torch.randint(1, vocabSize, [batch, 4]),
      contextPadding: torch
        .arange(tokens)
        .ge(tokens - (i % 3))
        .expand(batch, tokens)
        .contiguous(),
      questionPadding: torch.zeros([batch, 4], { dtype: torch.bool }),
      features: torch.rand([batch, tokens, 6]),
      starts: torch.randint(0, 3, [batch]),
      ends: torch.randint(3, 5, [batch]),
    });
    losses.push(loss, lossAdv as Tensor);
  }
  return bits([...losses, ...model.parameters].map((tensor) => tensor.detach()));
}

test("50 of the forum's adversarial steps, with its swap of the embedding, are the same bits", () => {
  expect(forum(replayed, 50)).toBe(forum(eager, 50));
});

test('and with the gradient clipped', () => {
  expect(forum(replayed, 10, 0.5)).toBe(forum(eager, 10, 0.5));
});

/** A recorded function that has been called three times with the same arguments. */
function ready<Args extends unknown[], Result>(fn: (...args: Args) => Result, ...args: Args) {
  const step = torch.graph.record(fn, { warmup: 0 });
  step(...args);
  step(...args);
  expect(step.isRecorded).toBe(true);
  return step;
}

describe('what a replay does', () => {
  test('it does not run the JavaScript, and gives new tensors each time', () => {
    let runs = 0;
    const step = torch.graph.record((x: Tensor) => {
      runs++;
      return { doubled: x.mul(2), list: [x.add(1), 7, null, 'text'] };
    });
    const results = [1, 2, 3, 4, 5].map((value) => step(torch.tensor([value])));
    expect(runs).toBe(3);
    expect(step.operations).toBe(2);
    expect(results.map(({ doubled }) => doubled.tolist())).toEqual([[2], [4], [6], [8], [10]]);
    expect(results.map(({ list }) => (list[0] as Tensor).tolist())).toEqual([[2], [3], [4], [5], [6]]);
    expect(results[4]?.list.slice(1)).toEqual([7, null, 'text']);
    step.dispose();
    expect(() => step(torch.tensor([1]))).toThrow(torch.DisposedError);
  });

  test('tensors from outside are read as they are then, their data too', () => {
    const weight = torch.ones([2]).requiresGrad_();
    const x = torch.tensor([1, 2]);
    const step = ready((input: Tensor) => input.mul(weight), x);
    torch.noGrad(() => weight.add_(1));
    expect(step(x).tolist()).toEqual([2, 4]);
    weight.data = torch.tensor([10, 100]);
    expect(step(x).tolist()).toEqual([10, 200]);
  });

  test('indexing, views, lists of tensors, named results, gradients of functions', () => {
    const rows = torch.tensor([2, 0], { dtype: torch.int64 });
    const run = (x: Tensor): Tensor[] => {
      const h = x.mul(3);
      h.setAt([1, '0:2'], 0.5);
      const [a, b] = h.chunk(2, 1) as [Tensor, Tensor];
      const { values, indices } = h.max(1);
      const leaf = x.detach().requiresGrad_();
      const [gradient] = torch.autograd.grad(leaf.pow(2).sum(), leaf) as [Tensor];
      return [
        h.at(rows),
        torch.cat([a, b.neg()], 1),
        values,
        indices,
        gradient,
        h.at(':', 1),
        h.at(-1).neg(),
      ];
    };
    const step = ready(run, torch.rand([3, 4]));
    for (let i = 0; i < 3; i++) {
      const x = torch.rand([3, 4]);
      expect(bits(step(x))).toBe(bits(run(x)));
    }
  });

  test('what has been the same tensor until now is looked at once more', () => {
    const x = torch.tensor([1]);
    const y = torch.tensor([5]);
    const taken = ready((input: Tensor) => input.add(x), x);
    expect(() => taken(y)).toThrow(/did not do the same/);
    const passed = ready((input: Tensor) => input.add(input), x);
    expect(passed(y).tolist()).toEqual([10]);
    expect(passed(torch.tensor([7])).tolist()).toEqual([14]);
  });

  test('a learning rate that changes, and a module that is switched, are recorded anew', () => {
    const train = (wrap: Wrap): string => {
      torch.manualSeed(0);
      const model = new nn.Sequential(new nn.Linear(3, 3), new nn.Dropout(0.5));
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
      const step = wrap((x: Tensor) => {
        optimizer.zeroGrad();
        const loss = model(x).square().sum();
        loss.backward();
        optimizer.step();
        return loss.detach();
      });
      const losses: Tensor[] = [];
      for (let i = 0; i < 24; i++) {
        if (i === 8) (optimizer.paramGroups[0] as { lr: number }).lr = 0.01;
        if (i === 16) model.eval();
        losses.push(step(torch.rand([1, 3])));
      }
      return bits(losses);
    };
    expect(train(replayed)).toBe(train(eager));
  });

  test('hooks on tensors run, and what they throw arrives', () => {
    const weight = torch.ones([2]).requiresGrad_();
    const x = torch.tensor([1, 2]);
    const step = ready((input: Tensor) => {
      weight.grad = null;
      input.mul(weight).sum().backward();
    }, x);
    const handle = weight.registerHook((gradient) => gradient.mul(10));
    step(x);
    expect(weight.grad?.tolist()).toEqual([10, 20]);
    handle.remove();
    const failing = weight.registerHook(() => {
      throw new RangeError('mine');
    });
    expect(() => step(x)).toThrow(new RangeError('mine'));
    failing.remove();
    step(x);
    expect(weight.grad?.tolist()).toEqual([1, 2]);
  });

  test('an error in a replay gives swapped data back and leaves the modes as they were', () => {
    const weight = torch.ones([2]).requiresGrad_();
    const index = torch.tensor([0], { dtype: torch.int64 });
    const step = ready((i: Tensor) => {
      const { data } = weight;
      weight.data = data.mul(5);
      const picked = torch.noGrad(() => weight.indexSelect(0, i));
      weight.data = data;
      return picked;
    }, index);
    expect(step(index).tolist()).toEqual([5]);
    expect(step(torch.tensor([1], { dtype: torch.int64 })).tolist()).toEqual([5]);
    expect(() => step(torch.tensor([9], { dtype: torch.int64 }))).toThrow(/out of range/);
    expect(weight.tolist()).toEqual([1, 1]);
    expect(torch.isGradEnabled()).toBe(true);
    expect(step(index).tolist()).toEqual([5]);
  });

  test('it leaves no tensors behind', () => {
    torch.manualSeed(0);
    const model = new nn.Linear(64, 64);
    const optimizer = new optim.Adam(model.parameters());
    const x = torch.rand([8, 64]);
    const step = torch.graph.record((input: Tensor) => {
      optimizer.zeroGrad();
      const loss = model(input).square().mean();
      loss.backward();
      optimizer.step();
      return loss.detach();
    });
    for (let i = 0; i < 5; i++) step(x).dispose();
    const before = torch.memory.stats();
    for (let i = 0; i < 200; i++) step(x).dispose();
    const after = torch.memory.stats();
    expect(after.tensors).toBeLessThanOrEqual(before.tensors);
    expect(after.bytes).toBeLessThanOrEqual(before.bytes);
  });

  test('results that nobody holds are collected in a synchronous loop', () => {
    const x = torch.rand([1024, 256]);
    const step = ready((input: Tensor) => input.add(1), x);
    torch.memory.collect();
    let most = 0;
    for (let i = 0; i < 1000; i++) {
      step(x);
      most = Math.max(most, torch.memory.stats().bytes);
    }
    // 1000 MiB were made.
    expect(most).toBeLessThan(300 * 2 ** 20);
  });
});

describe('what cannot be recorded', () => {
  const x = torch.tensor([1, 2, 3]);
  const refused: [name: string, fn: (x: Tensor) => unknown][] = [
    ['item', (t) => t.sum().item()],
    ['tolist', (t) => t.tolist()],
    ['toTypedArray', (t) => t.toTypedArray()],
    ['asTypedArray', (t) => t.asTypedArray()],
    ['data of JavaScript', (t) => t.add(torch.tensor([1, 2, 3]))],
    ['seeding', () => torch.manualSeed(1)],
    [
      'hooks',
      (t) =>
        t
          .clone()
          .requiresGrad_()
          .registerHook(() => {}),
    ],
    ['inference mode', (t) => torch.inferenceMode(() => t.add(1))],
    ['settings', () => torch.setNumThreads(1)],
  ];
  test.each(refused)('%s, even where the error is caught', (_name, fn) => {
    expect(() => torch.graph.record(fn, { warmup: 0 })(x)).toThrow(/cannot be recorded/);
    const swallowed = torch.graph.record(
      (t: Tensor) => {
        try {
          fn(t);
        } catch {
          return null;
        }
        return null;
      },
      { warmup: 0 },
    );
    expect(() => swallowed(x)).toThrow(/cannot be recorded/);
    // And nothing of the recording is left.
    expect(x.add(1).tolist()).toEqual([2, 3, 4]);
  });

  test('functions that are not the same in two runs', () => {
    let i = 0;
    const twice = (fn: (x: Tensor) => unknown) => () => {
      const step = torch.graph.record(fn, { warmup: 0 });
      step(x);
      step(x);
    };
    expect(twice((t) => t.mul(i++))).toThrow(/aten::mul.*was 0 in one run and 1 in the next/);
    expect(twice((t) => (i++ % 2 === 0 ? t.add(1) : t.sub(1)))).toThrow(
      /aten::\w+.* in one run and aten::\w+/,
    );
    expect(twice((t) => t.add(torch.zeros([3])).add(outside[i++ % 2] as Tensor))).toThrow(/outside/);
    expect(twice((t) => (i++ % 2 === 0 ? t.add(1) : t.add(1).mul(2)))).toThrow(/1 operations and the next 2/);
    expect(twice(() => i++)).toThrow(/a result that is no tensor differs/);
  });
  const outside = [torch.rand([3]), torch.rand([3])];

  test('what depends on elements', () => {
    const step = ready((t: Tensor) => t.nonzero(), torch.tensor([1, 0]));
    expect(() => step(torch.tensor([1, 1]))).toThrow(/other results|depend on elements/);
    const target = torch.tensor([1, 2, 3]);
    const equal = torch.graph.record((t: Tensor) => (t.equal(target) ? t.add(1) : t.sub(1)), { warmup: 0 });
    equal(x);
    equal(x.clone());
    expect(equal(x.clone()).tolist()).toEqual([2, 3, 4]);
    expect(() => equal(torch.tensor([3, 2, 1]))).toThrow(/gave False, and True when it was recorded/);
  });

  test('other arguments than those of the recording', () => {
    const step = ready((t: Tensor, scale: number) => t.mul(scale), x, 2);
    expect(() => step(torch.rand([4]), 2)).toThrow(/the shape was \[3\] and is \[4\]/);
    expect(() => step(x.to(torch.float64), 2)).toThrow(/the dtype was float and is double/i);
    expect(() => step(torch.rand([3]).requiresGrad_(), 2)).toThrow(/requiresGrad was false and is true/);
    expect(() => step(torch.rand([3, 2]).select(1, 0), 2)).toThrow(/strides/);
    expect(() => step(x, 3)).toThrow(/differs from the recording/);
    expect(() => (step as (...args: unknown[]) => unknown)([x], 2)).toThrow(/differs from the recording/);
    expect(() => torch.noGrad(() => step(x, 2))).toThrow(/with gradients, and is called without/);
    expect(() => torch.inferenceMode(() => step(x, 2))).toThrow(/inference mode/);
    expect(step(x, 2).tolist()).toEqual([2, 4, 6]);
  });

  test('tensors from outside that have been disposed or are other ones in kind', () => {
    const weight = torch.ones([3]);
    const step = ready((t: Tensor) => t.mul(weight), x);
    weight.requiresGrad = true;
    expect(() => step(x)).toThrow(/requiresGrad was false and is true/);
    weight.requiresGrad = false;
    weight.data = torch.ones([1]);
    expect(() => step(x)).toThrow(/the shape was \[3\] and is \[1\]/);
    weight.data = torch.ones([3]);
    expect(step(x).tolist()).toEqual([1, 2, 3]);
    weight.dispose();
    expect(() => step(x)).toThrow(/has been disposed/);
  });

  test('arguments of record, asynchronous functions, recordings within recordings', () => {
    expect(() => torch.graph.record(3 as never)).toThrow(TypeError);
    expect(() => torch.graph.record(() => 1, { warmup: -1 })).toThrow(RangeError);
    expect(() => torch.graph.record(() => 1, { warm: 1 } as never)).toThrow(TypeError);
    expect(() => torch.graph.record(async () => 1, { warmup: 0 })()).toThrow(TypeError);
    const inner = ready((t: Tensor) => t.add(1), x);
    expect(() => torch.graph.record((t: Tensor) => inner(t), { warmup: 0 })(x)).toThrow(/cannot be recorded/);
    expect(inner(x).tolist()).toEqual([2, 3, 4]);
    const error = new Error('own');
    const failing = torch.graph.record(
      () => {
        throw error;
      },
      { warmup: 0 },
    );
    expect(failing).toThrow(error);
    expect(x.tolist()).toEqual([1, 2, 3]);
  });
});
