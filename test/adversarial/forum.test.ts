/** The library's forum() against the forum's own step, examples/adversarial-qa/model.ts, on its network, with dropout. */
import { describe, expect, test } from '@jest/globals';
import type { Batch } from '../../examples/adversarial-qa/batch.js';
import { Model } from '../../examples/adversarial-qa/model.js';
import { Network } from '../../examples/adversarial-qa/network.js';
import { adversarialStep, forum } from '../../lib/adversarial/index.js';
import torch, { nn, type Tensor } from '../../lib/index.js';
import { hexOf } from '../support/bits.js';

const { functional: F } = nn;

function make(dtype: torch.DType) {
  torch.manualSeed(6);
  const network = new Network({ vocabSize: 60, embeddingDim: 8, hiddenSize: 5 }).to(dtype);
  const batch: Batch = {
    context: torch.randint(1, 60, [4, 12]),
    question: torch.randint(1, 60, [4, 5]),
    contextPadding: torch.zeros([4, 12], { dtype: torch.bool }),
    questionPadding: torch.zeros([4, 5], { dtype: torch.bool }),
    features: torch.rand([4, 12, 6], { dtype }),
    starts: torch.randint(0, 3, [4]),
    ends: torch.randint(0, 3, [4]),
  };
  for (const [tokens, padding] of [
    [batch.context, batch.contextPadding],
    [batch.question, batch.questionPadding],
  ] as const) {
    tokens
      .select(0, 1)
      .narrow(0, 3, tokens.size(1) - 3)
      .zero_();
    padding
      .select(0, 1)
      .narrow(0, 3, tokens.size(1) - 3)
      .fill_(true);
  }
  torch.manualSeed(7);
  return { network, batch };
}

const lossOf = ([start, end]: [Tensor, Tensor, Tensor], { starts, ends }: Batch) =>
  F.crossEntropy(start, starts).add(F.crossEntropy(end, ends));

describe.each([
  ['float32', torch.float32, 2e-6],
  ['float64', torch.float64, 1e-14],
] as const)('in %s', (_, dtype, tolerance) => {
  function reference() {
    const { network, batch } = make(dtype);
    let perturbation: Tensor | undefined;
    const model = new Model(network, {
      observe: (_name, tensor) => {
        perturbation = tensor;
      },
    });
    const losses = model.update(batch);
    return { network, batch, perturbation: perturbation!, ...losses };
  }

  test.each(['trained', 'frozen'])(
    'the same losses, perturbation and gradients, with a %s embedding',
    (kind) => {
      const forums = reference();
      const { network, batch } = make(dtype);
      const { embedding } = network.lexiconEncoder;
      if (kind === 'frozen') embedding.weight.requiresGrad_(false);
      let deltas: readonly Tensor[] = [];
      const step = adversarialStep(network, lossOf, forum({ embedding }), {
        observe: (seen) => {
          deltas = seen;
        },
      });
      const { loss, adversarialLoss } = step(batch);
      expect(hexOf(loss!)).toBe(hexOf(forums.loss));

      const used = torch.unique(torch.cat([batch.context.flatten(), batch.question.flatten()])) as Tensor;
      const [delta] = deltas as [Tensor];
      const theirs = forums.perturbation.indexSelect(0, used);
      expect(delta.sub(theirs).abs().max().item() as number).toBeLessThan(tolerance * 10);
      const others = forums.perturbation.abs().sum().sub(theirs.abs().sum()).item() as number;
      expect(Math.abs(others)).toBeLessThan(tolerance * 1e3);
      const difference = adversarialLoss!.sub(forums.lossAdv!).abs().item() as number;
      expect(difference).toBeLessThan(tolerance * 10);

      const own = new Map(network.namedParameters());
      for (const [name, { grad }] of forums.network.namedParameters()) {
        const mine = own.get(name)!.grad;
        if (kind === 'frozen' && name === 'lexiconEncoder.embedding.weight') {
          expect(mine).toBeNull();
          continue;
        }
        const scale = grad!.abs().max().item() as number;
        expect(mine!.sub(grad!).abs().max().item() as number).toBeLessThan(tolerance * 10 * scale);
      }
    },
  );
});
