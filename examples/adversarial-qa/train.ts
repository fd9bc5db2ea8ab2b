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
  seed: number;
  device: string;
  interruption: Interruption;
  /** Called after each step, with the arms' results in their order. */
  onStep: (progress: Progress, results: readonly StepResult[]) => void;
  /** Called after each epoch. */
  onEpoch: (progress: Progress) => Promise<void>;
}

/**
 * Trains the arms side by side, each on every batch, from `progress` on, which is moved forward.
 *
 * @returns Whether the training came to its end, rather than being interrupted or stopped by `maxSteps`.
 */
export async function train(
  arms: readonly Arm[],
  examples: readonly SquadExample[],
  progress: Progress,
  options: TrainOptions,
): Promise<boolean> {
  const { epochs, maxSteps, batchSize, device, interruption } = options;
  while (progress.epoch < epochs) {
    const order = orderOf(progress.epoch, examples, batchSize, options.seed);
    while (progress.batch < order.length) {
      if (interruption.requested || (maxSteps !== null && progress.step >= maxSteps)) return false;
      const results = torch.tidy(() => {
        const batch = toTensors(makeBatch(examples, order[progress.batch]!), device);
        return arms.map((arm) => arm.step(batch));
      });
      progress.batch++;
      progress.step++;
      options.onStep(progress, results);
      checkFinite(arms, results, progress.step);
      await nextTurn();
    }
    progress.epoch++;
    progress.batch = 0;
    await options.onEpoch(progress);
  }
  return true;
}

/** How many steps an epoch has. */
export function stepsOf(examples: readonly SquadExample[], batchSize: number): number {
  return Math.ceil(examples.length / batchSize);
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

function checkFinite(arms: readonly Arm[], results: readonly StepResult[], step: number): void {
  results.forEach(({ loss, lossAdv }, i) => {
    if (Number.isFinite(loss) && Number.isFinite(lossAdv ?? 0)) return;
    throw new Error(
      `step ${step}: the loss of the ${arms[i]!.name} arm is ${loss} (adversarial: ${lossAdv})`,
    );
  });
}
