/** What docs/forum.md says of the post's code, claim by claim. That the code itself is the post's: forum.test.ts. */
import { describe, expect, test } from '@jest/globals';
import type { Batch } from '../../examples/adversarial-qa/batch.js';
import { Model } from '../../examples/adversarial-qa/model.js';
import { Network } from '../../examples/adversarial-qa/network.js';
import torch, { nn, type Tensor } from '../../lib/index.js';
import { hexOf } from '../support/bits.js';

const { functional: F } = nn;
const VOCABULARY = 50;

function make(options: { dropout?: number; seed?: number } = {}) {
  torch.manualSeed(options.seed ?? 1);
  const network = new Network({
    vocabSize: VOCABULARY,
    embeddingDim: 8,
    hiddenSize: 6,
    dropout: options.dropout ?? 0,
  });
  // Words 1 to 29 only, and padding at the end of the second question.
  const batch: Batch = {
    context: torch.randint(1, 30, [3, 10]),
    question: torch.randint(1, 30, [3, 4]),
    contextPadding: torch.zeros([3, 10], { dtype: torch.bool }),
    questionPadding: torch.zeros([3, 4], { dtype: torch.bool }),
    features: torch.rand([3, 10, 6]),
    starts: torch.tensor([1n, 4n, 7n]),
    ends: torch.tensor([2n, 4n, 9n]),
  };
  batch.question.select(0, 1).narrow(0, 2, 2).zero_();
  batch.questionPadding.select(0, 1).narrow(0, 2, 2).fill_(true);
  torch.manualSeed(2);
  network.train();
  return { network, batch, weight: network.lexiconEncoder.embedding.weight };
}

const lossOf = (network: Network, batch: Batch): Tensor => {
  const [start, end] = network(batch);
  return F.crossEntropy(start, batch.starts).add(F.crossEntropy(end, batch.ends));
};

/** The perturbation of the post's first step. */
function perturbationOf(batch: Batch, network: Network): Tensor {
  let seen: Tensor | undefined;
  new Model(network, {
    observe: (_, tensor) => {
      seen = tensor;
    },
  }).update(batch);
  return seen!;
}

describe('the perturbation', () => {
  test('is 5 long in every row that the batch uses, however small its gradient, and 0 in all others', () => {
    const { network, batch } = make();
    const words = torch.cat([batch.context.flatten(), batch.question.flatten()]);
    const used = new Set(Array.from(words.toTypedArray(), Number));
    const norms = perturbationOf(batch, network).norm(2, 1).tolist() as number[];
    norms.forEach((norm, word) => {
      expect(norm).toBeCloseTo(word !== 0 && used.has(word) ? 5 : 0, 4);
    });
  });

  test("is √(number of words) times as long over an example's words as Miyato's, and shared by all examples", () => {
    const { network, batch } = make();
    const moved = perturbationOf(batch, network).indexSelect(0, batch.context.select(0, 0));
    expect(moved.norm().item() as number).toBeCloseTo(5 * Math.sqrt(10), 3);
  });

  test('a gradient a million times smaller is blown up to the same length', () => {
    const gradient = torch.tensor([
      [3, 4],
      [3e-6, 4e-6],
      [0, 0],
    ]);
    expect(F.normalize(gradient, { p: 2, dim: 1 }).mul(5).norm(2, 1).tolist()).toEqual([5, 5, 0]);
  });
});

describe('what changes nothing', () => {
  test('grad.detach_(): a gradient has no graph unless createGraph asks for one', () => {
    const { network, batch, weight } = make();
    lossOf(network, batch).backward();
    expect(weight.grad!.requiresGrad).toBe(false);
    expect(weight.grad!.gradFn).toBeNull();
  });

  test('embedding.training = false: the embedding gives the same, and is trained on', () => {
    const { network, batch, weight } = make();
    const { embedding } = network.lexiconEncoder;
    const on = hexOf(embedding(batch.context));
    embedding.training = false;
    expect(hexOf(embedding(batch.context))).toBe(on);
    lossOf(network, batch).backward();
    expect(weight.grad!.abs().sum().item() as number).toBeGreaterThan(0);
  });
});

describe('"I am not updating x"', () => {
  test('it is updated, unless the optimizer does not have it', () => {
    for (const fixEmbeddings of [false, true]) {
      const { network, batch, weight } = make();
      const before = hexOf(weight);
      new Model(network, { fixEmbeddings }).update(batch);
      expect(hexOf(weight) === before).toBe(fixEmbeddings);
    }
  });

  test('by the gradients of both losses', () => {
    const { network, batch, weight } = make();
    new Model(network).update(batch);
    const both = hexOf(weight.grad!);
    const plain = make();
    new Model(plain.network, { adversarial: false }).update(plain.batch);
    expect(both).not.toBe(hexOf(plain.weight.grad!));
  });
});

describe('zeroGrad', () => {
  test('without the second one the clean gradient counts twice', () => {
    const gradients = [true, false].map((isZeroed) => {
      const { network, batch, weight } = make();
      const loss = lossOf(network, batch);
      loss.backward({ retainGraph: true });
      if (isZeroed) network.zeroGrad();
      loss.backward();
      return weight.grad!;
    }) as [Tensor, Tensor];
    expect(torch.allclose(gradients[1], gradients[0].mul(2))).toBe(true);
  });

  test('lets go of a gradient that somebody holds, which lives on; zeroing in place would wipe it', () => {
    const { network, batch, weight } = make();
    lossOf(network, batch).backward({ retainGraph: true });
    const held = weight.grad!.data;
    const bits = hexOf(held);
    network.zeroGrad();
    lossOf(network, batch).backward();
    expect(hexOf(held)).toBe(bits);
    const second = weight.grad!.data;
    network.zeroGrad({ setToNone: false });
    expect(second.abs().sum().item()).toBe(0);
  });
});

test('the two forwards draw different dropout masks: their losses differ where nothing is perturbed', () => {
  for (const dropout of [0, 0.3]) {
    const { network, batch } = make({ dropout });
    const { loss, lossAdv } = new Model(network, { epsilon: 0 }).update(batch);
    expect(hexOf(loss) === hexOf(lossAdv!)).toBe(dropout === 0);
  }
});

test('two backwards, one of them within the swap, give the gradients of the three', () => {
  const { network, batch } = make();
  new Model(network).update(batch);
  const other = make();
  const clean = lossOf(other.network, other.batch);
  clean.backward();
  const perturb = F.normalize(other.weight.grad!, { p: 2, dim: 1 }).mul(5);
  const original = other.weight.data;
  other.weight.data = other.weight.add(perturb).detach();
  lossOf(other.network, other.batch).backward();
  other.weight.data = original;
  const own = new Map(other.network.namedParameters());
  for (const [name, { grad }] of network.namedParameters()) {
    const scale = grad!.abs().max().item() as number;
    const mine = own.get(name)!.grad!;
    expect(mine.sub(grad!).abs().max().item() as number).toBeLessThan(1e-5 * scale);
  }
});
