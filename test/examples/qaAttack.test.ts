/** The example's evaluation under attack. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type AttackOptions, evaluateUnderAttack } from '../../examples/adversarial-qa/attack.js';
import { toTensors } from '../../examples/adversarial-qa/batch.js';
import { answersOf, evaluationBatches } from '../../examples/adversarial-qa/evaluate.js';
import { Network } from '../../examples/adversarial-qa/network.js';
import { makePassages } from '../../examples/adversarial-qa/passages.js';
import torch from '../../lib/index.js';
import {
  buildExamples,
  datasetTokens,
  FEATURE_COUNT,
  type SquadExample,
  Vocabulary,
} from '../../lib/squad/index.js';
import { device } from './twin.js';

const OPTIONS: AttackOptions = {
  epsilons: [1, 8],
  restarts: 1,
  steps: 3,
  batchSize: 8,
  seed: 3,
  device,
  interruption: { requested: false },
};

let network: Network;
/** Questions whose gold answer is what the network answers: so its clean score is 100. */
let examples: SquadExample[];

beforeAll(() => {
  const { train } = makePassages({ seed: 2, train: 24, dev: 5 });
  const vocabulary = Vocabulary.build(datasetTokens(train), { minFrequency: 2 });
  const asked = buildExamples(train, vocabulary);
  torch.manualSeed(1);
  network = new Network({
    vocabSize: vocabulary.size,
    embeddingDim: 12,
    hiddenSize: 8,
    featureSize: FEATURE_COUNT,
  });
  network.to(device).eval();
  examples = [];
  for (const batch of evaluationBatches(asked, 8)) {
    const answers = torch.noGrad(() => answersOf(batch, asked, network(toTensors(batch, device))));
    answers.forEach(({ text, start, end }, row) => {
      examples.push({ ...asked[batch.indices[row]!]!, answers: [text], start, end });
    });
  }
});

const attack = async (options: Partial<AttackOptions> = {}) =>
  (await evaluateUnderAttack(network, examples, { ...OPTIONS, ...options }))!;

describe('the attack', () => {
  test('has the clean score at ε = 0, and does more harm than noise of the same norm', async () => {
    const { scores } = await attack();
    expect(scores.map(({ epsilon }) => epsilon)).toEqual([0, 1, 8]);
    const [clean, , far] = scores;
    expect(clean!.attack).toEqual({ exactMatch: 100, f1: 100 });
    expect(clean!.noise).toEqual(clean!.attack);
    expect(far!.attack.f1).toBeLessThan(far!.noise.f1);
  });

  test('of more restarts is never weaker, and the same from the same seed', async () => {
    const one = await attack();
    const three = await attack({ restarts: 3 });
    three.scores.forEach(({ attack: score }, i) => {
      expect(score.f1).toBeLessThanOrEqual(one.scores[i]!.attack.f1);
    });
    expect(await attack({ restarts: 3 })).toEqual(three);
  });

  test('does not change the network', async () => {
    const before = [...network.parameters()].map((parameter) => parameter.tolist());
    await attack();
    expect([...network.parameters()].map((parameter) => parameter.tolist())).toEqual(before);
    expect([...network.parameters()].every((parameter) => parameter.grad === null)).toBe(true);
  });

  test('shows answers that were right and are wrong, with the size of each word’s perturbation', async () => {
    const { flips } = await attack({ restarts: 2 });
    expect(flips.length).toBeGreaterThan(0);
    expect(new Set(flips.map(({ id }) => id)).size).toBe(flips.length);
    for (const { id, epsilon, before, after, context, question } of flips) {
      const example = examples.find((one) => one.id === id)!;
      expect(before.text).toBe(example.answers[0]);
      expect(after.text).not.toBe(before.text);
      expect([context.length, question.length]).toEqual([example.context.length, example.question.length]);
      const norm = Math.sqrt([...context, ...question].reduce((sum, size) => sum + size ** 2, 0));
      // All of the perturbation is in words, and none in padding; sizes have four digits.
      expect(norm).toBeLessThanOrEqual(epsilon * 1.001);
      expect(norm).toBeGreaterThan(epsilon * 0.5);
    }
  });

  test('ends where the run is interrupted', async () => {
    expect(
      await evaluateUnderAttack(network, examples, { ...OPTIONS, interruption: { requested: true } }),
    ).toBeNull();
  });
});
