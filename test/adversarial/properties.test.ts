/** What holds of the methods whatever the model. */
import { describe, expect, test } from '@jest/globals';
import {
  adversarialStep,
  adversary,
  alum,
  awp,
  type Deltas,
  fgm,
  fgsm,
  forum,
  freeAT,
  freeLB,
  type Method,
  noise,
  outputs,
  pgd,
  r3f,
  rDrop,
  rows,
  smart,
  vat,
  weights,
} from '../../lib/adversarial/index.js';
import torch, { nn, type Tensor } from '../../lib/index.js';
import { expectNoLeaks } from '../../lib/jest/index.js';
import { hexOf } from '../support/bits.js';
import { crossEntropy, make, type Reader } from './reader.js';

const target = (model: Reader) => outputs(model.embedding);

const everyMethod: Record<string, (model: Reader) => Method> = {
  forum: (model) => forum({ embedding: model.embedding }),
  fgm: (model) => fgm({ target: target(model) }),
  'fgm of rows': (model) => fgm({ target: rows(model.embedding) }),
  'fgm of a weight': (model) => fgm({ target: weights(model.embedding.weight), over: 'row' }),
  'fgm of everything': (model) => fgm({ target: [target(model), weights(model.head.weight)], epsilon: 0.1 }),
  fgsm: (model) => fgsm({ target: target(model), epsilon: 0.1 }),
  noise: (model) => noise({ target: target(model) }),
  pgd: (model) => pgd({ target: target(model), randomStart: true }),
  freeAT: (model) => freeAT({ target: target(model) }),
  freeLB: (model) => freeLB({ target: target(model) }),
  'freeLB of rows': (model) => freeLB({ target: rows(model.embedding) }),
  vat: (model) => vat({ target: target(model) }),
  smart: (model) => smart({ target: target(model) }),
  alum: (model) => alum({ target: target(model) }),
  r3f: (model) => r3f({ target: target(model) }),
  rDrop: () => rDrop(),
  awp: () => awp(),
};

const gradientsOf = (model: nn.Module): string[] =>
  [...model.parameters()].map(({ grad }) => (grad === null ? '' : hexOf(grad)));
const bitsOf = (model: nn.Module): string[] => [...model.parameters()].map(hexOf);

describe.each(Object.keys(everyMethod))('%s', (name) => {
  const methodOf = everyMethod[name] as (model: Reader) => Method;

  test('changes no parameter, only gradients, and leaves no hook and no garbage', async () => {
    const { model, batch } = make();
    const before = bitsOf(model);
    const step = adversarialStep(model, crossEntropy, methodOf(model));
    const { adversarialLoss, skipped } = step(batch);
    expect(Number.isFinite(adversarialLoss!.item() as number)).toBe(true);
    expect(skipped).toBeNull();
    expect(bitsOf(model)).toEqual(before);
    expect(gradientsOf(model)).not.toContain('');
    const plain = model(batch);
    await expectNoLeaks(() => {
      step(batch);
    });
    expect(hexOf(model(batch))).toBe(hexOf(plain));
  });

  test('accumulates: twice the same step gives twice the gradients', () => {
    const once = make();
    torch.manualSeed(9);
    adversarialStep(once.model, crossEntropy, methodOf(once.model))(once.batch);
    const twice = make();
    for (let i = 0; i < 2; i++) {
      torch.manualSeed(9);
      adversarialStep(twice.model, crossEntropy, methodOf(twice.model))(twice.batch);
    }
    [...once.model.parameters()].forEach((parameter, i) => {
      const both = [...twice.model.parameters()][i]!.grad!;
      expect(torch.allclose(parameter.grad!.mul(2), both, { rtol: 1e-5, atol: 1e-6 })).toBe(true);
    });
  });

  test('is restored where the loss throws under the perturbation', () => {
    const { model, batch } = make();
    const before = bitsOf(model);
    let calls = 0;
    const failing = adversarialStep(
      model,
      (output: Tensor, data: typeof batch) => {
        if (++calls === (name.startsWith('free') ? 1 : 2)) throw new Error('in the loss');
        return crossEntropy(output, data);
      },
      methodOf(model),
    );
    if (!['vat', 'smart', 'alum', 'r3f'].includes(name)) expect(() => failing(batch)).toThrow('in the loss');
    expect(bitsOf(model)).toEqual(before);
    const plain = make();
    expect(hexOf(model(batch))).toBe(hexOf(plain.model(plain.batch)));
  });
});

describe('perturbations', () => {
  function deltasOf(make_: (model: Reader) => Method): {
    deltas: Deltas;
    batch: ReturnType<typeof make>['batch'];
  } {
    const { model, batch } = make();
    let deltas: Deltas = [];
    adversarialStep(model, crossEntropy, make_(model), {
      observe: (seen) => (deltas = seen),
    })(batch);
    return { deltas, batch };
  }
  const total = (deltas: Deltas): Tensor =>
    torch.stack(deltas.map((delta) => delta.norm(2, [1, 2]))).norm(2, 0);

  test('have the norm that they are to have: of each example over all its tokens, in all calls', () => {
    for (const method of [fgm, noise]) {
      const { deltas } = deltasOf((model) => method({ target: target(model), epsilon: 0.7 }));
      for (const norm of total(deltas).tolist() as number[]) expect(norm).toBeCloseTo(0.7, 5);
    }
    const { deltas } = deltasOf((model) => fgsm({ target: target(model), epsilon: 0.25 }));
    expect(deltas.flatMap((delta) => [...delta.abs().unique().toTypedArray()])).toEqual([0, 0.25, 0, 0.25]);
  });

  test('of rows have it row by row, and padding has none', () => {
    const { deltas, batch } = deltasOf((model) => forum({ embedding: model.embedding }));
    const [delta] = deltas as [Tensor];
    const used = torch.unique(torch.cat([batch.text.flatten(), batch.question.flatten()])) as Tensor;
    expect(delta.shape).toEqual([used.numel(), 6]);
    const norms = delta.norm(2, 1).tolist() as number[];
    expect(used.select(0, 0).item()).toBe(0);
    expect(norms[0]).toBe(0);
    for (const norm of norms.slice(1)) expect(norm).toBeCloseTo(5, 4);
  });

  test('stay in the ball, and outside of padding', () => {
    const methods: ((model: Reader) => Method)[] = [
      (model) => pgd({ target: target(model), epsilon: 0.2, stepSize: 0.15, steps: 4, randomStart: true }),
      (model) => freeLB({ target: target(model), epsilon: 0.2, stepSize: 0.3, steps: 3 }),
    ];
    for (const method of methods) {
      const { deltas, batch } = deltasOf(method);
      expect(total(deltas).max().item() as number).toBeLessThan(0.2 + 1e-6);
      [batch.text, batch.question].forEach((tokens, i) => {
        expect((deltas[i] as Tensor).at(tokens.eq(0)).abs().sum().item()).toBe(0);
      });
    }
    const { deltas } = deltasOf((model) =>
      pgd({ target: target(model), epsilon: 0.2, stepSize: 0.15, steps: 4, norm: Infinity }),
    );
    expect(Math.max(...deltas.map((delta) => delta.abs().max().item() as number))).toBeCloseTo(0.2, 6);
  });

  test('of size zero are none', () => {
    const plain = make();
    const loss = crossEntropy(plain.model(plain.batch), plain.batch);
    loss.mul(2).backward();
    for (const method of [fgm, noise, pgd]) {
      const { model, batch } = make();
      const step = adversarialStep(model, crossEntropy, method({ target: target(model), epsilon: 0 }));
      const { loss: clean, adversarialLoss } = step(batch);
      expect(hexOf(adversarialLoss!)).toBe(hexOf(clean!));
      expect(hexOf(clean!)).toBe(hexOf(loss));
      [...model.parameters()].forEach((parameter, i) => {
        const other = [...plain.model.parameters()][i]!.grad!;
        expect(torch.allclose(parameter.grad!, other, { rtol: 1e-5, atol: 1e-7 })).toBe(true);
      });
    }
  });
});

test("PGD's loss does not fall below FGM's where the loss is convex in what is perturbed", () => {
  // Logistic regression on the mean of two vectors: convex in them.
  class Linear extends nn.Module {
    embedding = new nn.Embedding(20, 4);
    head = new nn.Linear(4, 3);
    forward({ x }: { x: Tensor; y: Tensor }): Tensor {
      return this.head(this.embedding(x).mean(1));
    }
  }
  for (let seed = 0; seed < 20; seed++) {
    torch.manualSeed(seed);
    const model = new Linear();
    const batch = { x: torch.randint(0, 20, [1, 2]), y: torch.randint(0, 3, [1]) };
    const loss = (output: Tensor, { y }: typeof batch) => nn.functional.crossEntropy(output, y);
    const options = { target: outputs(model.embedding), epsilon: 1 };
    const under = (method: Parameters<typeof adversary>[2]) =>
      torch.noGrad(() => loss(adversary(model, loss, method)(batch).run(), batch).item() as number);
    const [clean, one, many] = [0, 1, 2].map((i) =>
      i === 0
        ? (loss(model(batch), batch).item() as number)
        : under(i === 1 ? fgm(options) : pgd({ ...options, stepSize: 0.5, steps: 8 })),
    ) as [number, number, number];
    expect(one).toBeGreaterThan(clean);
    expect(many).toBeGreaterThan(one - 1e-6);
  }
});

test('an attack finds the same perturbation that training uses, and changes no gradient', () => {
  const { model, batch } = make();
  let trained: Deltas = [];
  const method = pgd({ target: target(model), epsilon: 0.4 });
  adversarialStep(model, crossEntropy, method, { observe: (seen) => (trained = seen) })(batch);
  const other = make();
  const found = adversary(
    other.model,
    crossEntropy,
    pgd({ target: target(other.model), epsilon: 0.4 }),
  )(other.batch);
  expect(found.deltas.map(hexOf)).toEqual(trained.map(hexOf));
  expect(gradientsOf(other.model).join('')).toBe('');
  expect(hexOf(found.run(0))).toBe(hexOf(model(batch)));
  expect(hexOf(found.run())).not.toBe(hexOf(model(batch)));
});

test('what an attack has found lasts as long as it is needed, also by rows and within a scope', () => {
  const { model, batch } = make();
  torch.tidy(() => {
    const found = adversary(model, crossEntropy, forum({ embedding: model.embedding }))(batch);
    const runs = [1, 2, 1].map((scale) => torch.noGrad(() => hexOf(torch.tidy(() => found.run(scale)))));
    expect(runs[0]).toBe(runs[2]);
    expect(runs[0]).not.toBe(runs[1]);
  });
});

test('rows and outputs give what swapping the matrix gives', () => {
  const swapped = make();
  adversarialStep(
    swapped.model,
    crossEntropy,
    fgm({ target: weights(swapped.model.embedding.weight), over: 'row' }),
  )(swapped.batch);
  const { model, batch } = make();
  adversarialStep(model, crossEntropy, forum({ embedding: model.embedding }))(batch);
  expect(gradientsOf(model)).toEqual(gradientsOf(swapped.model));
});

describe('an embedding', () => {
  test('that is frozen, or trained with sparse gradients, has the same perturbation', () => {
    const dense = make();
    adversarialStep(dense.model, crossEntropy, forum({ embedding: dense.model.embedding }))(dense.batch);
    const frozen = make();
    frozen.model.embedding.weight.requiresGrad_(false);
    adversarialStep(frozen.model, crossEntropy, forum({ embedding: frozen.model.embedding }))(frozen.batch);
    expect(frozen.model.embedding.weight.grad).toBeNull();
    expect(gradientsOf(frozen.model).slice(1)).toEqual(gradientsOf(dense.model).slice(1));
    const sparse = make({ sparse: true });
    adversarialStep(sparse.model, crossEntropy, forum({ embedding: sparse.model.embedding }))(sparse.batch);
    const { grad } = sparse.model.embedding.weight;
    expect(grad!.isSparse).toBe(true);
    expect(torch.allclose(grad!.toDense(), dense.model.embedding.weight.grad!, { atol: 1e-6 })).toBe(true);
    expect(gradientsOf(dense.model).slice(1)).toEqual(
      [...sparse.model.parameters()].slice(1).map(({ grad: own }) => hexOf(own!)),
    );
  });

  test('that is tied to the head is perturbed as the input alone; weights() perturbs both uses', () => {
    class Tied extends nn.Module {
      embedding = new nn.Embedding(12, 5);
      forward(x: Tensor): Tensor {
        return nn.functional.linear(this.embedding(x).tanh(), this.embedding.weight);
      }
    }
    const run = (method: (model: Tied) => Method) => {
      torch.manualSeed(0);
      const model = new Tied();
      const x = torch.arange(12);
      const before = hexOf(model.embedding.weight);
      const loss = (output: Tensor) => nn.functional.crossEntropy(output, x.flip(0));
      const { adversarialLoss } = adversarialStep(model, loss, method(model))(x);
      expect(hexOf(model.embedding.weight)).toBe(before);
      return { loss: adversarialLoss!.item(), grad: hexOf(model.embedding.weight.grad!) };
    };
    const input = run((model) => fgm({ target: outputs(model.embedding), over: 'token' }));
    const byRow = run((model) => fgm({ target: rows(model.embedding) }));
    const both = run((model) => fgm({ target: weights(model.embedding.weight), over: 'row' }));
    expect(byRow.loss).toBe(input.loss);
    expect(both.loss).not.toBe(input.loss);
  });

  test('has what is carried over to the next step for itself, in whatever order several are looked up', () => {
    class Two extends nn.Module {
      words = new nn.Embedding(12, 5);
      places = new nn.Embedding(12, 5);
      head = new nn.Linear(5, 2);
      forward(x: Tensor): Tensor {
        const places = this.places(x);
        return this.head(this.words(x).mul(places).tanh().mean(1));
      }
    }
    const second = (method: (model: Two) => Method, steps: number): string[] => {
      torch.manualSeed(0);
      const model = new Two();
      let deltas: Deltas = [];
      const loss = (output: Tensor) => nn.functional.crossEntropy(output, torch.tensor([0n, 1n, 0n]));
      const step = adversarialStep(model, loss, method(model), {
        observe: (seen) => {
          deltas = seen;
        },
      });
      for (let i = 0; i < steps; i++) step(torch.arange(12).view(3, 4));
      return deltas.map(hexOf);
    };
    const targets = (model: Two) => [outputs(model.words), outputs(model.places)];
    const carried = second((model) => freeAT({ target: targets(model), norm: Infinity, epsilon: 0.1 }), 2);
    expect(carried).toEqual(second((model) => fgsm({ target: targets(model), epsilon: 0.1 }), 1));
    expect(carried[0]).not.toBe(carried[1]);
  });

  test('may be one of several, of which each is perturbed within a norm that is common to an example', () => {
    class Two extends nn.Module {
      words = new nn.Embedding(12, 5);
      places = new nn.Embedding(4, 5);
      head = new nn.Linear(5, 2);
      forward(x: Tensor): Tensor {
        return this.head(
          this.words(x)
            .add(this.places(torch.arange(4).expand(3, 4)))
            .tanh()
            .mean(1),
        );
      }
    }
    torch.manualSeed(0);
    const model = new Two();
    const x = torch.arange(12).view(3, 4);
    let deltas: Deltas = [];
    const method = fgm({ target: [outputs(model.words), outputs(model.places)], epsilon: 2 });
    const loss = (output: Tensor) => nn.functional.crossEntropy(output, torch.tensor([0n, 1n, 0n]));
    adversarialStep(model, loss, method, { observe: (seen) => (deltas = seen) })(x);
    expect(deltas.map((delta) => delta.shape)).toEqual([
      [3, 4, 5],
      [3, 4, 5],
    ]);
    const norms = torch.stack(deltas.map((delta) => delta.norm(2, [1, 2]))).norm(2, 0);
    for (const norm of norms.tolist() as number[]) expect(norm).toBeCloseTo(2, 5);
  });
});

describe('a step', () => {
  test('draws the same dropout masks in all passes where it is told to', () => {
    const losses = [false, true].map((sharedDropout) => {
      const { model, batch } = make();
      model.hidden = new nn.Sequential(model.hidden, new nn.Dropout(0.5));
      const method = fgm({ target: target(model), epsilon: 0 });
      const { loss, adversarialLoss } = adversarialStep(model, crossEntropy, method, { sharedDropout })(
        batch,
      );
      return [hexOf(loss!), hexOf(adversarialLoss!)];
    }) as [string[], string[]];
    expect(losses[0][0]).not.toBe(losses[0][1]);
    expect(losses[1][0]).toBe(losses[1][1]);
  });

  test.each(['fgm', 'forum', 'freeLB', 'vat', 'fgm of a weight', 'awp'])(
    'of %s works in mixed precision',
    (name) => {
      const run = (isMixed: boolean) => {
        const { model, batch } = make();
        torch.manualSeed(5);
        const step = adversarialStep(
          model,
          crossEntropy,
          (everyMethod[name] as (m: Reader) => Method)(model),
        );
        const result = isMixed ? torch.autocast('cpu', () => step(batch)) : step(batch);
        return { ...result, grads: [...model.parameters()].map(({ grad }) => grad!) };
      };
      const plain = run(false);
      const mixed = run(true);
      expect(hexOf(mixed.adversarialLoss!.float())).not.toBe(hexOf(plain.adversarialLoss!));
      mixed.grads.forEach((grad, i) => {
        expect(grad.dtype).toBe(torch.float32);
        // A few bits say little about the direction that VAT's small step finds.
        if (name === 'vat') return;
        const scale = plain.grads[i]!.abs().max().item() as number;
        expect(grad.sub(plain.grads[i]!).abs().max().item() as number).toBeLessThan(0.2 * scale);
      });
    },
  );

  test('without labels is for VAT', () => {
    const { model, batch } = make();
    const step = adversarialStep(model, null, vat({ target: target(model) }));
    const { loss, adversarialLoss } = step({ ...batch, labels: torch.zeros([0]) });
    expect(loss).toBeNull();
    expect(adversarialLoss!.item() as number).toBeGreaterThan(0);
    expect(() => adversarialStep(model, null, fgm({ target: target(model) }))(batch)).toThrow('needs a loss');
  });
});
