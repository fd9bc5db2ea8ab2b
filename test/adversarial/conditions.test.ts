/** Bad conditions are named, and a step that is left out leaves everything as it was. */
import { describe, expect, test } from '@jest/globals';
import {
  AdversarialError,
  adversarialStep,
  adversary,
  awp,
  fgm,
  forum,
  freeLB,
  outputs,
  type PassOptions,
  pgd,
  rows,
  vat,
  weights,
  yopo,
} from '../../lib/adversarial/index.js';
import { checkRnns } from '../../lib/adversarial/pass.js';
import torch, { nn, type Tensor } from '../../lib/index.js';
import { hexOf } from '../support/bits.js';
import { type Batch, crossEntropy, make, type Reader } from './reader.js';

type Options = PassOptions<Batch, Tensor>;

function conditionOf(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    if (error instanceof AdversarialError) return error.condition;
    throw error;
  }
  return 'none';
}

describe('conditions', () => {
  const targets = (model: Reader) => [
    outputs(model.embedding),
    rows(model.embedding),
    weights(model.embedding.weight),
  ];

  test.each([0, 1, 2])('no gradient at target %i', (i) => {
    const { model, batch } = make();
    const loss = (output: Tensor) => output.detach().sum().mul(model.head.weight.sum());
    const step = adversarialStep(model, loss, fgm({ target: targets(model)[i]!, over: 'row' }));
    expect(conditionOf(() => step(batch))).toBe('no-gradient');
  });

  test('a target that the model does not call', () => {
    const { model, batch } = make();
    const step = adversarialStep(model, crossEntropy, fgm({ target: outputs(new nn.Embedding(3, 3)) }));
    expect(conditionOf(() => step(batch))).toBe('unused-target');
  });

  test('a model that reads something else in a later pass', () => {
    for (const i of [0, 1]) {
      const { model, batch } = make();
      let calls = 0;
      const forward = (data: Batch) =>
        model(calls++ === 0 ? data : { ...data, text: data.text.narrow(1, 0, 8 - i).contiguous() });
      const step = adversarialStep(model, crossEntropy, fgm({ target: targets(model)[i]!, over: 'row' }), {
        forward,
      });
      expect(conditionOf(() => step(batch))).toBe('other-input');
    }
  });

  test('a sparse gradient of a parameter that is perturbed as a whole', () => {
    const { model, batch } = make({ sparse: true });
    const step = adversarialStep(model, crossEntropy, fgm({ target: weights(model.embedding.weight) }));
    expect(conditionOf(() => step(batch))).toBe('sparse-gradient');
    expect(conditionOf(() => adversarialStep(model, crossEntropy, awp())(batch))).toBe('sparse-gradient');
  });

  test('an RNN in eval mode, which cuDNN cannot go back through', () => {
    const model = new nn.Sequential(new nn.Linear(2, 2));
    expect(conditionOf(() => checkRnns(model.eval()))).toBe('none');
    model.addModule('reader', new nn.ModuleList([new nn.GRU(2, 2), new nn.LSTM(2, 2)]));
    expect(conditionOf(() => checkRnns(model.train()))).toBe('none');
    model.eval();
    expect(() => checkRnns(model)).toThrow('reader.0: on cuDNN');
    for (const module of model.modules()) if (module instanceof nn.GRU) module.train();
    expect(conditionOf(() => checkRnns(model))).toBe('rnn-in-eval-mode');
  });

  test.each(['non-finite-loss', 'non-finite-gradient'] as const)('a %s', (condition) => {
    const { model, batch } = make();
    const loss = (output: Tensor, data: Batch) =>
      condition === 'non-finite-loss'
        ? crossEntropy(output, data).div(0)
        : // sqrt has an infinite derivative at 0.
          crossEntropy(output, data).add(output.mul(0).sum().abs().sqrt());
    for (const method of [
      fgm({ target: outputs(model.embedding) }),
      freeLB({ target: outputs(model.embedding) }),
      pgd({ target: rows(model.embedding) }),
    ]) {
      expect(conditionOf(() => adversarialStep(model, loss, method)(batch))).toBe(condition);
    }
    expect(conditionOf(() => adversary(model, loss, pgd({ target: rows(model.embedding) }))(batch))).toBe(
      condition,
    );
    const ignoring: Options = { onNonFinite: 'ignore' };
    const step = adversarialStep(model, loss, fgm({ target: outputs(model.embedding) }), ignoring);
    expect(conditionOf(() => step(batch))).toBe('none');
  });
});

describe('a step that is left out', () => {
  test('changes no gradient, and is counted', () => {
    const { model, batch } = make();
    let isBad = false;
    let calls = 0;
    // Bad under the perturbation only: the clean part has been accumulated by then.
    const loss = (output: Tensor, data: Batch) =>
      crossEntropy(output, data).mul(isBad && calls++ % 2 === 1 ? Number.NaN : 1);
    const step = adversarialStep(model, loss, forum({ embedding: model.embedding }), { onNonFinite: 'skip' });
    step(batch);
    const gradients = () => [...model.parameters()].map(({ grad }) => hexOf(grad!));
    const before = gradients();
    isBad = true;
    for (let i = 1; i <= 2; i++) {
      expect(step(batch)).toEqual({ loss: null, adversarialLoss: null, skipped: 'non-finite-loss' });
      expect(step.skipped).toBe(i);
      expect(gradients()).toEqual(before);
    }
    isBad = false;
    expect(step(batch).skipped).toBeNull();
    expect(step.skipped).toBe(2);
    [...model.parameters()].forEach(({ grad }, i) => {
      const once = torch
        .frombuffer(Buffer.from(before[i]!, 'hex'), { dtype: torch.float32 })
        .view(grad!.shape);
      expect(torch.allclose(grad!, once.mul(2), { atol: 1e-6 })).toBe(true);
    });
  });

  test('other errors are thrown, with the gradients as they were', () => {
    const { model, batch } = make();
    const loss = (): Tensor => {
      throw new Error('mine');
    };
    const step = adversarialStep(model, loss, vat({ target: outputs(model.embedding) }), {
      onNonFinite: 'skip',
    });
    expect(() => step(batch)).toThrow('mine');
    expect(model.head.weight.grad).toBeNull();
    expect(step.skipped).toBe(0);
  });
});

describe('arguments that cannot be meant are refused', () => {
  const { model, batch } = make();
  const target = outputs(model.embedding);
  test.each<[string, () => unknown, string]>([
    ['a name as a target', () => fgm({ target: 'embedding' as never }), 'rows(), outputs() or weights()'],
    ['no target', () => fgm({ target: [] }), 'rows(), outputs() or weights()'],
    ['a negative ε', () => fgm({ target, epsilon: -1 }), 'epsilon'],
    ['an ε that is no number', () => pgd({ target, epsilon: Number.NaN }), 'epsilon'],
    ['an ε that is a text', () => pgd({ target, epsilon: '1' as never }), 'epsilon must be a number'],
    ['half a step', () => pgd({ target, steps: 1.5 }), 'steps'],
    ['another norm', () => fgm({ target, norm: 3 as 2 }), 'norm'],
    ['another group', () => fgm({ target, over: 'batch' as 'row' }), 'over'],
    ['rows of something else', () => rows(model.head as never), 'nn.Embedding'],
    ['weights by name', () => weights(['embedding.weight'] as never), 'parameters'],
    ['no weights', () => weights([]), 'at least one'],
    ['a first layer that is none', () => yopo({ target, layer: 'first' as never }), 'layer'],
    ['no method', () => adversarialStep(model, crossEntropy, null as never), 'method'],
    ['no module', () => adversarialStep((() => 0) as never, crossEntropy, fgm({ target })), 'module'],
    ['a loss that is none', () => adversarialStep(model, 1 as never, fgm({ target })), 'loss'],
    [
      'an unknown option',
      () => adversarialStep(model, crossEntropy, fgm({ target }), { shared: true } as never),
      "unexpected option 'shared'",
    ],
    [
      'another answer to what is not finite',
      () => adversarialStep(model, crossEntropy, fgm({ target }), { onNonFinite: 'no' as never }),
      'onNonFinite',
    ],
    ['training without perturbing', () => adversary(model, crossEntropy, vat({ target }) as never), 'attack'],
    [
      'a norm of examples for rows, which examples share',
      () =>
        adversarialStep(model, crossEntropy, fgm({ target: rows(model.embedding), over: 'example' }))(batch),
      'shared by all examples',
    ],
    [
      'a loss of several numbers',
      () => adversarialStep(model, (output: Tensor) => output, fgm({ target }))(batch),
      'scalar',
    ],
    [
      'a mask that does not fit',
      () =>
        adversarialStep(
          model,
          crossEntropy,
          fgm({ target: outputs(model.embedding, { mask: () => torch.ones([2, 2]) }) }),
        )(batch),
      'does not broadcast',
    ],
  ])('%s', (_, fn, message) => {
    expect(fn).toThrow(message);
    expect(fn).not.toThrow(torch.DisposedError);
  });
});
