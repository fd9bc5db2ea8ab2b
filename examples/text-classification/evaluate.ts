import torch, { nn, type Tensor } from 'litorch';
import { adversary, noise, pgd } from 'litorch/adversarial';
import { type Interruption, nextTurn } from '../adversarial-qa/interruption.js';
import { lossOf, wordVectors } from './arms.js';
import { type Batch, evaluationOrder, makeBatch } from './batches.js';
import type { Classifier } from './classifier.js';
import type { Example } from './corpus.js';
import type { Options } from './options.js';

/** Evaluation has no gradients to keep, so its batches may be larger than those of training. */
const BATCH_SIZE = 256;

/** Accuracy under perturbations of one size. */
export interface AttackScore {
  /** The norm of a text's perturbation. */
  epsilon: number;
  /** Percent. Under projected gradient descent. */
  attack: number;
  /** Under noise of the same norm: what the attack's direction adds is the difference. */
  noise: number;
}

/** Percent of the texts that the model tells right. */
export function accuracyOf(
  model: Classifier,
  examples: readonly Example[],
  { device }: Pick<Options, 'device'>,
): number {
  model.eval();
  let right = 0;
  for (const indices of evaluationOrder(examples, BATCH_SIZE)) {
    right += torch.tidy(() =>
      torch.noGrad(() => {
        const batch = makeBatch(examples, indices, device);
        return countOf(isRight(model(batch), batch));
      }),
    );
  }
  return percent(right, examples.length);
}

/**
 * Accuracy where each text's word vectors are moved within a ball by projected gradient descent: `attackSteps` steps of
 * 2.5 ε / steps (Madry et al. 2018), from the centre and, with `attackRestarts`, from random places; a text counts as
 * right where it withstands all. Noise is drawn as often.
 *
 * @returns A score for ε = 0 and for each ε; null where the run was interrupted meanwhile.
 */
export async function accuracyUnderAttack(
  model: Classifier,
  examples: readonly Example[],
  options: Pick<Options, 'attackEpsilons' | 'attackSteps' | 'attackRestarts' | 'batchSize' | 'device'>,
  seed: number,
  interruption: Interruption,
): Promise<AttackScore[] | null> {
  const { attackEpsilons, attackSteps: steps, attackRestarts, batchSize, device } = options;
  torch.manualSeed(seed);
  evalForAttack(model, device);
  const target = wordVectors(model);
  const attackers = attackEpsilons.map((epsilon) => {
    const ball = { target, over: 'example' as const, epsilon };
    const attackFrom = (randomStart: boolean) =>
      adversary(model, lossOf, pgd({ ...ball, steps, stepSize: (2.5 * epsilon) / steps, randomStart }));
    return {
      centre: attackFrom(false),
      random: attackFrom(true),
      noise: adversary(model, lossOf, noise(ball)),
    };
  });
  const scores = [0, ...attackEpsilons].map((epsilon) => ({ epsilon, attack: 0, noise: 0 }));
  for (const indices of evaluationOrder(examples, batchSize)) {
    torch.tidy(() => {
      const batch = makeBatch(examples, indices, device);
      const clean = countOf(torch.noGrad(() => isRight(model(batch), batch)));
      scores[0]!.attack += clean;
      scores[0]!.noise += clean;
      attackers.forEach(({ centre, random, noise: drawn }, i) => {
        const withstands = (attacks: ReadonlyArray<typeof centre>): number =>
          countOf(
            attacks
              .map((attack) => {
                const found = attack(batch);
                return torch.noGrad(() => isRight(found.run(), batch));
              })
              .reduce((all, one) => all.logicalAnd(one)),
          );
        const again = attackRestarts - 1;
        scores[i + 1]!.attack += withstands([centre, ...Array<typeof random>(again).fill(random)]);
        scores[i + 1]!.noise += withstands(Array<typeof drawn>(attackRestarts).fill(drawn));
      });
    });
    await nextTurn();
    if (interruption.requested) return null;
  }
  return scores.map(({ epsilon, attack, noise: drawn }) => ({
    epsilon,
    attack: percent(attack, examples.length),
    noise: percent(drawn, examples.length),
  }));
}

/** Without dropout; but cuDNN runs an LSTM's backward pass in training mode only, and ours has no dropout inside. */
function evalForAttack(model: Classifier, device: string): void {
  model.eval();
  if (device === 'cpu') return;
  for (const module of model.modules()) if (module instanceof nn.LSTM) module.train();
}

const isRight = (logits: Tensor, { labels }: Batch): Tensor => logits.argmax(1).eq(labels);
const countOf = (right: Tensor): number => Number(right.sum().item());
const percent = (part: number, whole: number): number => (100 * part) / Math.max(1, whole);
