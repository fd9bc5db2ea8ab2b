import torch from 'litorch';
import { batchOrder, makeBatch, SeededRandom, type SquadExample } from 'litorch/squad';
import type { Arm, StepResult } from './arm.js';
import { toTensors } from './batch.js';
import type { Progress } from './checkpoint.js';
import { type Interruption, nextTurn } from './interruption.js';

export interface TrainOptions {
  epochs: number;
  /** Stop after so many steps in all. */
  maxSteps: number | null;
  batchSize: number;
  device: string;
  interruption: Interruption;
  /** Called after each step, with what the arms that made one have to tell. */
  onStep: (progress: Progress, results: ReadonlyMap<Arm, StepResult>) => void;
  /** Called after the last step of each epoch, to evaluate. Gives false where it was interrupted: then it is called again. */
  onEpoch: (epoch: number, step: number) => Promise<boolean>;
  /** Called when an epoch is done. */
  onEpochDone: (progress: Progress) => void;
}

/**
 * Trains the arms side by side, each on the batches of its seed, from `progress` on, which is moved forward. Arms that
 * have stopped early are passed over.
 *
 * @returns Whether the training came to its end, rather than being interrupted or stopped by `maxSteps`.
 */
export async function train(
  arms: readonly Arm[],
  examples: readonly SquadExample[],
  progress: Progress,
  options: TrainOptions,
): Promise<boolean> {
  const { epochs, maxSteps, batchSize, interruption } = options;
  const perEpoch = stepsOf(examples, batchSize);
  while (progress.epoch < epochs && arms.some(({ stopping }) => !stopping.stopped)) {
    const groups = bySeed(arms).map(([seed, group]) => ({
      group,
      order: orderOf(progress.epoch, examples, batchSize, seed),
    }));
    while (progress.batch < perEpoch) {
      if (interruption.requested || (maxSteps !== null && progress.step >= maxSteps)) return false;
      const results = new Map<Arm, StepResult>();
      for (const { group, order } of groups)
        stepOf(group, examples, order[progress.batch]!, progress.step, options.device, results);
      progress.batch++;
      progress.step++;
      options.onStep(progress, results);
      checkFinite(results, progress.step);
      await nextTurn();
    }
    if (!(await options.onEpoch(progress.epoch + 1, progress.step))) return false;
    progress.epoch++;
    progress.batch = 0;
    options.onEpochDone(progress);
  }
  return true;
}

/** How many steps an epoch has. */
export function stepsOf(examples: readonly SquadExample[], batchSize: number): number {
  return Math.ceil(examples.length / batchSize);
}

/** One step of the arms of one seed, on their batch. */
function stepOf(
  arms: readonly Arm[],
  examples: readonly SquadExample[],
  indices: number[],
  number: number,
  device: string,
  results: Map<Arm, StepResult>,
): void {
  const training = arms.filter(({ stopping }) => !stopping.stopped);
  if (training.length === 0) return;
  torch.tidy(() => {
    const batch = toTensors(makeBatch(examples, indices), device);
    for (const arm of training) {
      const result = arm.step(batch, number);
      if (result !== null) results.set(arm, result);
    }
  });
}

function bySeed(arms: readonly Arm[]): [seed: number, arms: Arm[]][] {
  const seeds = new Map<number, Arm[]>();
  for (const arm of arms) {
    const group = seeds.get(arm.id.seed);
    if (group === undefined) seeds.set(arm.id.seed, [arm]);
    else group.push(arm);
  }
  return [...seeds];
}

/** The batches of an epoch. They depend on the seed and the epoch alone, so that a resumed run finds the same. */
function orderOf(
  epoch: number,
  examples: readonly SquadExample[],
  batchSize: number,
  seed: number,
): number[][] {
  const random = new SeededRandom(seed);
  let epochSeed = random.uint32();
  for (let i = 0; i < epoch; i++) epochSeed = random.uint32();
  return batchOrder(
    examples.map((example) => example.context.length),
    { batchSize, seed: epochSeed },
  );
}

function checkFinite(results: ReadonlyMap<Arm, StepResult>, step: number): void {
  for (const [{ label }, { loss, lossAdv }] of results) {
    if (Number.isFinite(loss ?? 0) && Number.isFinite(lossAdv ?? 0)) continue;
    throw new Error(`step ${step}: the loss of the ${label} arm is ${loss} (adversarial: ${lossAdv})`);
  }
}
