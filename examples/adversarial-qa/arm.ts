import torch, { type Tensor } from 'litorch';
import { FEATURE_COUNT } from 'litorch/squad';
import { labelOf, type TrialId } from './arms.js';
import type { Batch } from './batch.js';
import { type Learner, makeLearner } from './learner.js';
import { prepare, replaysOf } from './methods.js';
import { Network } from './network.js';
import type { Settings } from './options.js';
import { measurePeak } from './peakMemory.js';
import { Randomness } from './randomness.js';
import { makeSchedule, type Schedule } from './schedule.js';
import { Stopping } from './stopping.js';

export interface StepResult {
  /** The loss without a perturbation; null in the arms that do not compute it. */
  loss: number | null;
  /** The loss under the perturbation, or the divergence that the method adds; null in plain training. */
  lossAdv: number | null;
  /** Per step of the optimizer. */
  seconds: number;
  /** The most memory that was resident during the step, in bytes. */
  peakBytes: number;
  /** The learning rate of the step. */
  learningRate: number;
}

/** The weights by their names. */
type Weights = Record<string, Tensor>;

/**
 * One of the models that are trained side by side: one method with one seed. Each begins from its seed and has the random
 * numbers to itself: what an arm becomes does not depend on which others there are.
 */
export class Arm {
  readonly id: TrialId;
  /** The name in files: see {@link labelOf}. */
  readonly label: string;
  readonly learner: Learner;
  readonly stopping: Stopping;
  private readonly replays: number;
  private readonly schedule: Schedule;
  private readonly randomness: Randomness;
  private best: Weights | null = null;

  /** @param steps In all, for the schedule of the learning rate. */
  constructor(id: TrialId, vocabSize: number, settings: Settings, steps: number, device: string) {
    this.id = id;
    this.label = labelOf(id, settings.seeds);
    torch.manualSeed(id.seed);
    const { embeddingDim, hiddenSize, dropout } = settings;
    const network = new Network({ vocabSize, embeddingDim, hiddenSize, dropout, featureSize: FEATURE_COUNT });
    prepare(id.arm, network);
    network.to(device);
    this.learner = makeLearner(id.arm, network, settings);
    this.schedule = makeSchedule(settings.schedule, this.learner.optimizer, steps);
    this.stopping = new Stopping(settings.patience);
    this.replays = replaysOf(id.arm);
    this.randomness = new Randomness(device);
  }

  get network(): Network {
    return this.learner.network;
  }

  /**
   * One step, the one of this number from 0 on. An arm that trains on each batch several times does so at every so
   * manieth step, and rests at the others: null. So its epochs are divided by that number, and all arms make equally many
   * steps of the optimizer.
   */
  step(batch: Batch, number: number): StepResult | null {
    const result = number % this.replays === 0 ? this.randomness.within(() => this.train(batch)) : null;
    this.schedule.afterStep();
    return result;
  }

  private train(batch: Batch): StepResult {
    const learningRate = this.learner.optimizer.paramGroups[0]!.lr as number;
    const began = performance.now();
    const { result, peakBytes } = measurePeak(() =>
      torch.tidy(() => {
        const { loss, lossAdv } = this.learner.update(batch);
        return {
          loss: (loss?.item() ?? null) as number | null,
          lossAdv: (lossAdv?.item() ?? null) as number | null,
        };
      }),
    );
    const seconds = (performance.now() - began) / 1000 / this.replays;
    return { ...result, seconds, peakBytes, learningRate };
  }

  /** Takes the F1 after an epoch. Tells whether it is the best so far, whose weights are then kept. */
  evaluated(epoch: number, f1: number): boolean {
    this.schedule.afterEvaluation(f1);
    const isBest = this.stopping.add(epoch, f1);
    if (isBest) this.keepBest(this.network.stateDict());
    return isBest;
  }

  /** Puts the weights of the best epoch into the network. What it had is lost. */
  useBest(): void {
    if (this.best !== null) this.network.loadStateDict(this.best);
  }

  /** The weights of the best epoch; null before the first. */
  get bestWeights(): Weights | null {
    return this.best;
  }

  /** What {@link load} takes: all that decides how the training goes on, and the best weights. */
  state() {
    const { network, optimizer } = this.learner;
    return {
      network: network.stateDict() as Weights,
      optimizer: optimizer.stateDict(),
      schedule: this.schedule.state(),
      stopping: this.stopping.state(),
      random: this.randomness.state(),
      best: this.best,
    };
  }

  load(state: ReturnType<Arm['state']>): void {
    const { network, optimizer } = this.learner;
    network.loadStateDict(state.network);
    optimizer.loadStateDict(state.optimizer);
    this.schedule.load(state.schedule);
    this.stopping.load(state.stopping);
    this.randomness.load(state.random);
    if (state.best !== null) this.keepBest(state.best);
  }

  private keepBest(weights: Readonly<Weights>): void {
    const before = this.best;
    this.best = Object.fromEntries(
      Object.entries(weights).map(([name, tensor]) => [
        name,
        torch.keep(torch.noGrad(() => tensor.detach().clone())),
      ]),
    );
    for (const tensor of Object.values(before ?? {})) tensor.dispose();
  }
}
