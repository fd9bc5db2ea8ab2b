/** The parts of the example's training: its arms, schedules and early stopping. */
import { describe, expect, test } from '@jest/globals';
import { Arm } from '../../examples/adversarial-qa/arm.js';
import { ARM_NAMES, type ArmName } from '../../examples/adversarial-qa/arms.js';
import { toTensors } from '../../examples/adversarial-qa/batch.js';
import { parseOptions, type Settings } from '../../examples/adversarial-qa/options.js';
import { makePassages } from '../../examples/adversarial-qa/passages.js';
import { makeSchedule } from '../../examples/adversarial-qa/schedule.js';
import { Stopping } from '../../examples/adversarial-qa/stopping.js';
import { train } from '../../examples/adversarial-qa/train.js';
import torch, { optim } from '../../lib/index.js';
import { buildExamples, datasetTokens, Vocabulary } from '../../lib/squad/index.js';
import { sha256Of } from '../support/bits.js';
import { smallBatches } from './batches.js';
import { device } from './twin.js';

const { batches, vocabSize } = smallBatches(4, 4, 60, true);
const STEPS = 6;

function settings(...args: string[]): Settings {
  return parseOptions(['--embedding-dim', '12', '--hidden-size', '6', ...args])!;
}

function makeArm(name: ArmName, ...args: string[]): Arm {
  return new Arm({ arm: name, seed: 5 }, vocabSize, settings('--arms', name, ...args), STEPS, device);
}

function steps(arm: Arm, from: number, to: number) {
  const results = [];
  for (let i = from; i < to; i++) results.push(arm.step(toTensors(batches[i % batches.length]!, device), i));
  return results;
}

const bitsOf = (arm: Arm) => [...arm.network.parameters()].map((parameter) => sha256Of(parameter));

describe.each(ARM_NAMES)('the arm %s', (name) => {
  test('trains, and goes on from its state in the same bits', () => {
    const whole = makeArm(name, '--schedule', 'cosine');
    const fresh = bitsOf(whole);
    const results = steps(whole, 0, STEPS).filter((result) => result !== null);
    expect(results).toHaveLength(name === 'freeat' ? 2 : STEPS);
    for (const { loss, lossAdv, seconds } of results) {
      expect(loss !== null || lossAdv !== null).toBe(true);
      expect([loss ?? 0, lossAdv ?? 0, seconds].every(Number.isFinite)).toBe(true);
      expect(lossAdv === null).toBe(name === 'none');
    }
    expect(bitsOf(whole).filter((bits, i) => bits === fresh[i])).toEqual([]);

    const half = makeArm(name, '--schedule', 'cosine');
    steps(half, 0, 2);
    const other = makeArm(name, '--schedule', 'cosine');
    other.load(half.state());
    steps(other, 2, STEPS);
    expect(bitsOf(other)).toEqual(bitsOf(whole));
  });
});

test("forum-fast gives the forum's losses, to rounding, without dropout", () => {
  const losses = (name: ArmName) => steps(makeArm(name, '--dropout', '0'), 0, 3).map((result) => result!);
  const slow = losses('forum');
  losses('forum-fast').forEach(({ loss, lossAdv }, i) => {
    expect(loss).toBeCloseTo(slow[i]!.loss!, 3);
    expect(lossAdv).toBeCloseTo(slow[i]!.lossAdv!, 3);
  });
});

test('an arm of no ε to speak of trains on the same loss twice', () => {
  const [fgm] = steps(makeArm('fgm', '--epsilon', '1e-6', '--dropout', '0'), 0, 1);
  expect(fgm!.lossAdv).toBeCloseTo(fgm!.loss!, 4);
});

test('the best weights are those of the best epoch', () => {
  const arm = makeArm('none', '--patience', '2');
  steps(arm, 0, 1);
  expect(arm.evaluated(1, 40)).toBe(true);
  const best = bitsOf(arm);
  steps(arm, 1, 2);
  expect(arm.evaluated(2, 39)).toBe(false);
  expect(arm.stopping.stopped).toBe(false);
  steps(arm, 2, 3);
  expect(arm.evaluated(3, 40)).toBe(false);
  expect(arm.stopping.stopped).toBe(true);
  expect(bitsOf(arm)).not.toEqual(best);
  const other = makeArm('none', '--patience', '2');
  other.load(arm.state());
  expect(other.stopping.state()).toEqual({ bestF1: 40, bestEpoch: 1, stopped: true });
  for (const one of [arm, other]) {
    one.useBest();
    expect(bitsOf(one)).toEqual(best);
  }
});

test('without patience nothing stops early', () => {
  const stopping = new Stopping(null);
  for (let epoch = 1; epoch < 50; epoch++) stopping.add(epoch, 1 / epoch);
  expect(stopping.state()).toEqual({ bestF1: 1, bestEpoch: 1, stopped: false });
});

describe('the schedule', () => {
  const rates = (name: Parameters<typeof makeSchedule>[0], scores: number[] = []) => {
    const parameter = torch.zeros([1], { requiresGrad: true });
    const optimizer = new optim.SGD([parameter], { lr: 1 });
    const schedule = makeSchedule(name, optimizer, 4);
    const seen: number[] = [];
    for (let i = 0; i < 4; i++) {
      seen.push(optimizer.paramGroups[0]!.lr as number);
      optimizer.step();
      schedule.afterStep();
      if (scores[i] !== undefined) schedule.afterEvaluation(scores[i]!);
    }
    return seen;
  };

  test('constant, linear, cosine and plateau', () => {
    expect(rates('constant')).toEqual([1, 1, 1, 1]);
    const rounded = (all: number[]) => all.map((rate) => rate.toFixed(10));
    const steps = [0, 1, 2, 3];
    expect(rounded(rates('linear'))).toEqual(rounded(steps.map((i) => 1 - i / 4)));
    expect(rounded(rates('cosine'))).toEqual(
      rounded(steps.map((i) => (1 + Math.cos((Math.PI * i) / 4)) / 2)),
    );
    expect(rates('plateau', [50, 50, 49, 60])).toEqual([1, 1, 1, 0.5]);
  });
});

test('an evaluation that was interrupted is made when the training goes on', async () => {
  const { train: dataset } = makePassages({ seed: 1, train: 12, dev: 5 });
  const vocabulary = Vocabulary.build(datasetTokens(dataset));
  const examples = buildExamples(dataset, vocabulary, { train: true });
  const arm = new Arm({ arm: 'none', seed: 5 }, vocabulary.size, settings('--arms', 'none'), STEPS, device);
  const progress = { epoch: 0, batch: 0, step: 0 };
  const calls: string[] = [];
  const go = (isDone: boolean) =>
    train([arm], examples, progress, {
      epochs: 1,
      maxSteps: null,
      batchSize: 4,
      device,
      interruption: { requested: false },
      onStep: ({ step }) => calls.push(`step ${step}`),
      onEpoch: async (epoch, step) => {
        calls.push(`evaluation ${epoch} at ${step}`);
        return isDone;
      },
      onEpochDone: ({ epoch }) => calls.push(`epoch ${epoch} done`),
    });
  expect(await go(false)).toBe(false);
  expect(progress).toEqual({ epoch: 0, batch: 3, step: 3 });
  expect(await go(true)).toBe(true);
  expect(progress).toEqual({ epoch: 1, batch: 0, step: 3 });
  expect(calls).toEqual([
    'step 1',
    'step 2',
    'step 3',
    'evaluation 1 at 3',
    'evaluation 1 at 3',
    'epoch 1 done',
  ]);
});
