/** Each method against plain PyTorch, which computes it from the paper's rule: test/reference/adversarial_methods.py. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  adversarialStep,
  alum,
  awp,
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
  type StepResult,
  smart,
  vat,
  yopo,
} from '../../lib/adversarial/index.js';
import torch, { nn, optim, type Tensor } from '../../lib/index.js';
import { hexOf } from '../support/bits.js';
import { hasPython, runPython } from '../support/python.js';
import { type Batch, crossEntropy, make, type Reader } from './reader.js';

interface Outcome {
  losses: (string | null)[];
  gradients: Record<string, string>;
}

interface Case {
  method: (model: Reader) => Method;
  /** What happens between the making of model and batch, and the step. */
  before?: (model: Reader) => void;
  labels?: boolean;
  /** What is done with the step; once, unless said otherwise. */
  run?: (step: (batch: Batch) => StepResult, model: Reader, batch: Batch) => (Tensor | null)[];
  /** Where the order of operations differs: the largest difference, as a part of the largest number. */
  tolerance?: number;
}

// As in the reference.
torch.setNumThreads(1);

const target = (model: Reader) => ({ target: outputs(model.embedding) });
const seed = () => {
  torch.manualSeed(11);
};

const cases: Record<string, Case> = {
  // One backward of the sum there, one of each loss here.
  forum: { method: (model) => forum({ embedding: model.embedding }), tolerance: 1e-6 },
  fgm: { method: (model) => fgm({ ...target(model), epsilon: 0.7 }) },
  'fgm per token': { method: (model) => fgm({ ...target(model), epsilon: 0.7, over: 'token' }) },
  fgsm: { method: (model) => fgsm({ ...target(model), epsilon: 0.05 }) },
  noise: { method: (model) => noise({ ...target(model), epsilon: 0.7 }), before: seed },
  pgd: { method: (model) => pgd({ ...target(model), epsilon: 0.5, stepSize: 0.3, steps: 3 }) },
  freeAT: {
    method: (model) => freeAT({ ...target(model), norm: Infinity, epsilon: 0.08, stepSize: 0.05 }),
    run(step, model, batch) {
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
      return [0, 1, 2].map(() => {
        optimizer.zeroGrad();
        const { adversarialLoss } = step(batch);
        optimizer.step();
        return adversarialLoss;
      });
    },
  },
  yopo: {
    method: (model) =>
      yopo({
        ...target(model),
        layer: firstLayerOf(model),
        epsilon: 0.5,
        stepSize: 0.3,
        passes: 3,
        steps: 2,
      }),
    // The first layer is run again for each sequence there, and here as it was called.
    tolerance: 1e-6,
  },
  freeLB: {
    method: (model) => freeLB({ ...target(model), steps: 3, epsilon: 0.25 }),
    before: seed,
  },
  vat: {
    method: (model) => vat({ ...target(model), epsilon: 0.7, iterations: 2, weight: 0.5 }),
    before: seed,
  },
  'vat without labels': {
    method: (model) => vat({ ...target(model), epsilon: 0.7, iterations: 2, weight: 0.5 }),
    before: seed,
    labels: false,
  },
  smart: {
    method: (model) => smart({ ...target(model), noise: 1e-2, stepSize: 1e-1, steps: 2, weight: 0.5 }),
    before: seed,
  },
  alum: {
    method: (model) => alum({ ...target(model), noise: 1e-2, stepSize: 1e-1, steps: 2, weight: 0.5 }),
    before: seed,
  },
  r3f: {
    method: (model) => r3f({ ...target(model), noise: 0.1, distribution: 'uniform', weight: 0.5 }),
    before: seed,
  },
  rDrop: {
    method: () => rDrop({ alpha: 0.8 }),
    before(model) {
      model.hidden = new nn.Sequential(model.hidden, new nn.Dropout(0.4));
      seed();
    },
  },
  awp: { method: () => awp({ gamma: 0.05 }) },
  'awp at perturbed inputs': {
    method: (model) => awp({ gamma: 0.05, attack: fgm({ ...target(model), epsilon: 0.7 }) }),
  },
};

/** The embedding and the layer after it as one module, which is called once for each sequence. */
function firstLayerOf(model: Reader): nn.Module {
  class First extends nn.Module {
    embedding = model.embedding;
    hidden = model.hidden;
    forward(tokens: Tensor): Tensor {
      return this.hidden(this.embedding(tokens));
    }
  }
  const first = new First();
  model.forward = ({ text, question }: Batch) => {
    const encode = (tokens: Tensor) => {
      const real = tokens.ne(0).unsqueeze(2).to(model.head.weight.dtype);
      return torch.tanh(first(tokens)).mul(real).sum(1).div(real.sum(1));
    };
    return model.head(encode(text).add(encode(question)));
  };
  return first;
}

function outcomeOf({ method, before, labels, run }: Case, dtype: torch.DType) {
  const { model, batch } = make({ dtype });
  const names = [...model.namedParameters()];
  const made = method(model);
  before?.(model);
  const step = adversarialStep(model, labels === false ? null : crossEntropy, made);
  const once = (): (Tensor | null)[] => {
    const { loss, adversarialLoss } = step(batch);
    return [loss, adversarialLoss];
  };
  const losses = run?.(step, model, batch) ?? once();
  const gradients = names.flatMap(([name, { grad }]) => (grad === null ? [] : [[name, grad] as const]));
  return { losses, gradients: Object.fromEntries(gradients) };
}

function differenceOf(own: Tensor, reference: string): number {
  const other = torch.frombuffer(Buffer.from(reference, 'hex'), { dtype: own.dtype }).view(own.shape);
  const scale = other.abs().max().item() as number;
  return (own.sub(other).abs().max().item() as number) / (scale || 1);
}

const describeWithPython = hasPython ? describe : describe.skip;

describeWithPython('as plain PyTorch computes it', () => {
  let reference: Record<string, Record<string, Outcome>>;
  beforeAll(() => {
    reference = JSON.parse(runPython('adversarial_methods.py')) as typeof reference;
  });

  test('every method is compared', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(reference).sort());
  });

  for (const dtype of [torch.float32, torch.float64]) {
    test.each(Object.keys(cases))(`%s, ${dtype}`, (name) => {
      const one = cases[name] as Case;
      const expected = reference[name]?.[String(dtype)] as Outcome;
      const { losses, gradients } = outcomeOf(one, dtype);
      expect(Object.keys(gradients)).toEqual(Object.keys(expected.gradients));
      if (one.tolerance === undefined) {
        expect(losses.map((loss) => loss && hexOf(loss))).toEqual(expected.losses);
        const bits = Object.entries(gradients).map(([key, gradient]) => [key, hexOf(gradient)]);
        expect(Object.fromEntries(bits)).toEqual(expected.gradients);
        return;
      }
      losses.forEach((loss, i) => {
        expect(differenceOf(loss as Tensor, expected.losses[i] as string)).toBeLessThan(
          one.tolerance as number,
        );
      });
      for (const [key, gradient] of Object.entries(gradients)) {
        expect(differenceOf(gradient, expected.gradients[key] as string)).toBeLessThan(
          one.tolerance as number,
        );
      }
    });
  }
});
