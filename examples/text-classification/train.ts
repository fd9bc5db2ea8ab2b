import torch, { nn, optim, type Tensor } from 'litorch';
import { type Interruption, nextTurn } from '../adversarial-qa/interruption.js';
import { type ArmName, makeStep, prepare, replaysOf } from './arms.js';
import { type Batch, epochOrder, makeBatch } from './batches.js';
import { Classifier } from './classifier.js';
import type { Corpus } from './corpus.js';
import { accuracyOf } from './evaluate.js';
import type { Options, Schedule } from './options.js';
import { mean } from './statistics.js';

/** An epoch of one arm from one seed. */
export interface Epoch {
  /** From 1 on. */
  epoch: number;
  /** Means over the epoch's steps; null where the arm has no such loss. */
  loss: number | null;
  adversarialLoss: number | null;
  /** Percent. */
  devAccuracy: number;
  lr: number;
  /** Of the steps alone, and of the median step. */
  seconds: number;
  secondsPerStep: number;
}

/** A trained model, with the weights of its best epoch. */
export interface Trained {
  model: Classifier;
  epochs: Epoch[];
  /** Of `epochs`, the first with the highest dev accuracy. */
  best: Epoch;
}

export interface TrainHooks {
  interruption: Interruption;
  /** @param step Steps that are done, of `total`. */
  onStep?: (step: number, total: number) => void;
  onEpoch?: (epoch: Epoch) => void;
}

/**
 * Trains one arm from one seed, on its own: what becomes of it does not depend on which others there are. Stops
 * `patience` epochs after the best one.
 *
 * An epoch has as many steps of the optimizer in all arms. Where an arm trains on each batch several times in a row,
 * it sees that many times fewer batches.
 *
 * @returns Null where the run was interrupted meanwhile.
 */
export async function train(
  arm: ArmName,
  seed: number,
  corpus: Corpus,
  options: Options,
  { interruption, onStep = () => {}, onEpoch = () => {} }: TrainHooks,
): Promise<Trained | null> {
  const { batchSize, device, gradClipping, patience } = options;
  torch.manualSeed(seed);
  const model = new Classifier({ ...options, frequencies: corpus.frequencies });
  prepare(arm, model);
  model.to(device);
  const parameters = [...model.parameters()];
  const optimizer = new optim.Adam(parameters, { lr: options.lr });
  const stepsPerEpoch = Math.ceil(corpus.train.length / batchSize);
  const total = options.epochs * stepsPerEpoch;
  const scheduler = new optim.lrScheduler.LambdaLR(optimizer, rateOf(options, total));
  const accumulate = makeStep(arm, model, options);
  const replays = replaysOf(arm, options);

  const epochs: Epoch[] = [];
  let best: Epoch | null = null;
  let weights: nn.StateDict = {};
  let done = 0;
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    model.train();
    const losses: number[] = [];
    const added: number[] = [];
    const seconds: number[] = [];
    const order = epochOrder(corpus.train, batchSize, seed, epoch - 1);
    for (let i = 0; i < stepsPerEpoch; i++) {
      const began = performance.now();
      const { loss, adversarialLoss } = torch.tidy(() => {
        const batch: Batch = makeBatch(corpus.train, order[Math.floor(i / replays)]!, device);
        optimizer.zeroGrad();
        const found = accumulate(batch);
        if (gradClipping > 0) nn.utils.clipGradNorm_(parameters, gradClipping);
        optimizer.step();
        scheduler.step();
        return found;
      });
      seconds.push((performance.now() - began) / 1000);
      checkFinite(arm, done + 1, loss, adversarialLoss);
      if (loss !== null) losses.push(loss);
      if (adversarialLoss !== null) added.push(adversarialLoss);
      onStep(++done, total);
      await nextTurn();
      if (interruption.requested) return null;
    }
    const devAccuracy = accuracyOf(model, corpus.dev, options);
    const record: Epoch = {
      epoch,
      loss: mean(losses) ?? null,
      adversarialLoss: mean(added) ?? null,
      devAccuracy,
      lr: scheduler.getLastLr()[0]!,
      seconds: seconds.reduce((sum, one) => sum + one, 0),
      secondsPerStep: seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)]!,
    };
    epochs.push(record);
    onEpoch(record);
    if (best === null || devAccuracy > best.devAccuracy) {
      best = record;
      disposeAll(weights);
      weights = copyOf(model);
    } else if (epoch - best.epoch >= patience) break;
  }
  model.loadStateDict(weights);
  disposeAll(weights);
  return { model, epochs, best: best as Epoch };
}

/** The factor of the learning rate after so many steps of `total`. */
export function rateOf(
  { schedule, decay }: { schedule: Schedule; decay: number },
  total: number,
): (step: number) => number {
  switch (schedule) {
    case 'constant':
      return () => 1;
    case 'linear':
      return (step) => Math.max(0, 1 - step / total);
    case 'exponential':
      return (step) => decay ** step;
  }
}

function copyOf(model: Classifier): nn.StateDict {
  const copies = Object.entries(model.stateDict()).map(([name, tensor]): [string, Tensor] => [
    name,
    tensor.detach().clone(),
  ]);
  return Object.fromEntries(copies);
}

function disposeAll(weights: nn.StateDict): void {
  for (const tensor of Object.values(weights)) tensor.dispose();
}

function checkFinite(arm: ArmName, step: number, loss: number | null, added: number | null): void {
  if (Number.isFinite(loss ?? 0) && Number.isFinite(added ?? 0)) return;
  throw new Error(`${arm}, step ${step}: the loss is ${loss} (adversarial: ${added})`);
}
