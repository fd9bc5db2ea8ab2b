/**
 * Schedules of learning rates. A scheduler sets `lr` in the groups of its optimizer; call its `step` after the
 * optimizer's. Source: torch/optim/lr_scheduler.py.
 */

import { bind, type Rest } from '../arguments.js';
import { NotImplementedError } from '../errors.js';
import { Tensor } from '../tensor.js';
import { toSnakeCase } from './names.js';
import { Optimizer } from './optimizer.js';
import { cos } from './scalarMath.js';

type Scheduled = Optimizer<{ lr: number | Tensor }>;
type ScheduledGroup = { lr: number | Tensor; initialLr?: number };

/** What the scheduler remembers, under PyTorch's names. */
export type SchedulerStateDict = Record<string, unknown>;

/** The learning rate of a group, which a scheduler needs as a number. */
function lrOf(group: { lr: number | Tensor }): number {
  if (group.lr instanceof Tensor) {
    throw new NotImplementedError('a learning rate that is a Tensor has no scheduler; give it as a number');
  }
  return group.lr;
}

function requireOptimizer(optimizer: unknown): void {
  if (!(optimizer instanceof Optimizer)) throw new TypeError(`${typeof optimizer} is not an Optimizer`);
}

/**
 * Base class of the schedulers that compute each rate from the epoch and the rate before.
 *
 * A subclass sets its fields after `super`, calls `start()` at the end of its constructor, and implements `getLr`.
 */
export abstract class LRScheduler {
  readonly optimizer: Scheduled;
  /** The rates at the start, by group. */
  baseLrs: number[];
  /** How often the scheduler has stepped, 0 after its construction. */
  lastEpoch: number;

  protected isInitial = false;
  protected stepCount = 0;
  #lastLr: number[] = [];
  #optimizerStepped = false;

  /**
   * @param lastEpoch the epoch to resume after; the groups then need an `initialLr`. Default: -1, the start.
   * @throws TypeError for something else than an optimizer.
   */
  constructor(optimizer: Optimizer<{ lr: number | Tensor }>, lastEpoch = -1) {
    requireOptimizer(optimizer);
    this.optimizer = optimizer;
    this.lastEpoch = lastEpoch;
    this.baseLrs = optimizer.paramGroups.map((group: ScheduledGroup, i) => {
      if (lastEpoch === -1) group.initialLr ??= lrOf(group);
      else if (group.initialLr === undefined) {
        throw new RangeError(
          `param 'initial_lr' is not specified in param_groups[${i}] when resuming scheduler with last_epoch >= 0`,
        );
      }
      return group.initialLr;
    });
    optimizer.registerStepPostHook(() => {
      this.#optimizerStepped = true;
    });
  }

  /** The next rate of each group, from `lastEpoch`. */
  protected abstract getLr(): number[];

  /** The scheduler's own options by name, kept in its state dict. */
  protected abstract options(): Record<string, unknown>;

  /** Sets the first rates. */
  protected start(): void {
    this.isInitial = true;
    try {
      this.step();
    } finally {
      this.isInitial = false;
    }
  }

  /** Goes on to the next epoch and sets its rates. */
  step(): void {
    if (this.stepCount === 1 && !this.#optimizerStepped) {
      process.emitWarning(
        'Detected call of `lr_scheduler.step()` before `optimizer.step()`: call them in the opposite order. ' +
          'Failure to do this will result in skipping the first value of the learning rate schedule.',
        'UserWarning',
      );
    }
    this.stepCount++;
    this.lastEpoch++;
    const rates = this.getLr();
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = rates[i] as number;
    });
    this.#lastLr = rates;
  }

  /** The rates that the last step set. */
  getLastLr(): number[] {
    return [...this.#lastLr];
  }

  /** What the scheduler remembers, under PyTorch's names, which its `load_state_dict` reads too. */
  stateDict(): SchedulerStateDict {
    const own = Object.entries(this.options()).map(([name, value]) => [toSnakeCase(name), value]);
    return {
      ...Object.fromEntries(own),
      base_lrs: [...this.baseLrs],
      last_epoch: this.lastEpoch,
      _step_count: this.stepCount,
      _is_initial: false,
      _get_lr_called_within_step: false,
      _last_lr: this.getLastLr(),
    };
  }

  /** Loads what `stateDict()` returned, here or in PyTorch. The optimizer's state, with the rates, is its own. */
  loadStateDict(stateDict: SchedulerStateDict): void {
    this.baseLrs = [...(stateDict.base_lrs as number[])];
    this.lastEpoch = stateDict.last_epoch as number;
    this.stepCount = stateDict._step_count as number;
    this.#lastLr = [...(stateDict._last_lr as number[])];
    for (const name of Object.keys(this.options())) {
      const value = stateDict[toSnakeCase(name)];
      if (value !== undefined) (this as unknown as Record<string, unknown>)[name] = value;
    }
  }

  /** The present rate of each group. */
  protected currentLrs(): number[] {
    return this.optimizer.paramGroups.map(lrOf);
  }
}

/** A factor for the initial rate, by epoch. */
export type LrLambda = (epoch: number) => number;

/**
 * The initial rate times a function of the epoch: one for all groups, or one for each.
 *
 * `new LambdaLR(optimizer, lrLambda, lastEpoch = -1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.optim.lr_scheduler.LambdaLR.html
 */
export class LambdaLR extends LRScheduler {
  readonly lrLambdas: LrLambda[];

  /** @throws RangeError for a list of another length than the groups. */
  constructor(
    optimizer: Optimizer<{ lr: number | Tensor }>,
    lrLambda: LrLambda | LrLambda[],
    ...rest: Rest<[lastEpoch: number], { lastEpoch?: number }>
  ) {
    super(optimizer, bind('LambdaLR', { lastEpoch: -1 }, rest).lastEpoch);
    const count = optimizer.paramGroups.length;
    this.lrLambdas = Array.isArray(lrLambda) ? [...lrLambda] : Array.from({ length: count }, () => lrLambda);
    if (this.lrLambdas.length !== count) {
      throw new RangeError(`Expected ${count} lr_lambdas, but got ${this.lrLambdas.length}`);
    }
    this.start();
  }

  protected override getLr(): number[] {
    return this.baseLrs.map((rate, i) => rate * (this.lrLambdas[i] as LrLambda)(this.lastEpoch));
  }

  protected override options(): Record<string, unknown> {
    return {};
  }

  /** As every scheduler's; functions can't be saved, so their places hold null, as in PyTorch. */
  override stateDict(): SchedulerStateDict {
    return { ...super.stateDict(), lr_lambdas: this.lrLambdas.map(() => null) };
  }
}

/**
 * Multiplies the rate by `gamma` every `stepSize` epochs.
 *
 * `new StepLR(optimizer, stepSize, gamma = 0.1, lastEpoch = -1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.optim.lr_scheduler.StepLR.html
 */
export class StepLR extends LRScheduler {
  stepSize: number;
  gamma: number;

  /** @param options.gamma Default: 0.1. */
  constructor(
    optimizer: Optimizer<{ lr: number | Tensor }>,
    stepSize: number,
    ...options: Rest<[gamma: number, lastEpoch: number], { gamma?: number; lastEpoch?: number }>
  ) {
    const { gamma, lastEpoch } = bind('StepLR', { gamma: 0.1, lastEpoch: -1 }, options);
    super(optimizer, lastEpoch);
    this.stepSize = stepSize;
    this.gamma = gamma;
    this.start();
  }

  protected override getLr(): number[] {
    const rates = this.currentLrs();
    if (this.lastEpoch === 0 || this.lastEpoch % this.stepSize !== 0) return rates;
    return rates.map((rate) => rate * this.gamma);
  }

  protected override options(): Record<string, unknown> {
    return { stepSize: this.stepSize, gamma: this.gamma };
  }
}

interface LinearLROptions {
  startFactor: number;
  endFactor: number;
  totalIters: number;
  lastEpoch: number;
}

/**
 * Moves the rate in a straight line from `startFactor` to `endFactor` times its start, in `totalIters` epochs.
 *
 * `new LinearLR(optimizer, startFactor = 1 / 3, endFactor = 1, totalIters = 5, lastEpoch = -1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.optim.lr_scheduler.LinearLR.html
 */
export class LinearLR extends LRScheduler {
  startFactor: number;
  endFactor: number;
  totalIters: number;

  /**
   * @param options.startFactor Default: 1/3.
   * @param options.endFactor Default: 1.
   * @param options.totalIters Default: 5.
   * @throws RangeError for a factor outside its bounds.
   */
  constructor(
    optimizer: Optimizer<{ lr: number | Tensor }>,
    ...options: Rest<
      [startFactor: number, endFactor: number, totalIters: number, lastEpoch: number],
      Partial<LinearLROptions>
    >
  ) {
    const defaults: LinearLROptions = { startFactor: 1 / 3, endFactor: 1, totalIters: 5, lastEpoch: -1 };
    const { startFactor, endFactor, totalIters, lastEpoch } = bind('LinearLR', defaults, options);
    if (startFactor > 1 || startFactor <= 0) {
      throw new RangeError(
        'Starting multiplicative factor expected to be greater than 0 and less or equal to 1.',
      );
    }
    if (endFactor > 1 || endFactor < 0) {
      throw new RangeError('Ending multiplicative factor expected to be between 0 and 1.');
    }
    super(optimizer, lastEpoch);
    this.startFactor = startFactor;
    this.endFactor = endFactor;
    this.totalIters = totalIters;
    this.start();
  }

  protected override getLr(): number[] {
    const rates = this.currentLrs();
    const { startFactor, endFactor, totalIters, lastEpoch } = this;
    if (lastEpoch === 0) return rates.map((rate) => rate * startFactor);
    if (this.isInitial || lastEpoch > totalIters) return rates;
    const difference = endFactor - startFactor;
    const factor = 1 + difference / (totalIters * startFactor + (lastEpoch - 1) * difference);
    return rates.map((rate) => rate * factor);
  }

  protected override options(): Record<string, unknown> {
    return { startFactor: this.startFactor, endFactor: this.endFactor, totalIters: this.totalIters };
  }
}

/**
 * Lets the rate fall from its start to `etaMin` along half a cosine of `TMax` epochs, and rise again.
 *
 * `new CosineAnnealingLR(optimizer, TMax, etaMin = 0, lastEpoch = -1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html
 */
export class CosineAnnealingLR extends LRScheduler {
  TMax: number;
  etaMin: number;

  /** @param options.etaMin Default: 0. */
  constructor(
    optimizer: Optimizer<{ lr: number | Tensor }>,
    TMax: number,
    ...options: Rest<[etaMin: number, lastEpoch: number], { etaMin?: number; lastEpoch?: number }>
  ) {
    const { etaMin, lastEpoch } = bind('CosineAnnealingLR', { etaMin: 0, lastEpoch: -1 }, options);
    super(optimizer, lastEpoch);
    this.TMax = TMax;
    this.etaMin = etaMin;
    this.start();
  }

  protected override getLr(): number[] {
    const rates = this.currentLrs();
    const { TMax, etaMin, lastEpoch } = this;
    if (this.isInitial) return rates;
    if (this.stepCount === 1 && lastEpoch > 0) {
      return this.baseLrs.map(
        (base) => etaMin + ((base - etaMin) * (1 + cos((lastEpoch * Math.PI) / TMax))) / 2,
      );
    }
    if ((lastEpoch - 1 - TMax) % (2 * TMax) === 0) {
      return rates.map(
        (rate, i) => rate + (((this.baseLrs[i] as number) - etaMin) * (1 - cos(Math.PI / TMax))) / 2,
      );
    }
    const now = 1 + cos((Math.PI * lastEpoch) / TMax);
    const before = 1 + cos((Math.PI * (lastEpoch - 1)) / TMax);
    return rates.map((rate) => (now / before) * (rate - etaMin) + etaMin);
  }

  protected override options(): Record<string, unknown> {
    return { etaMin: this.etaMin };
  }

  // Python's name has a capital letter of its own.
  override stateDict(): SchedulerStateDict {
    return { T_max: this.TMax, ...super.stateDict() };
  }

  override loadStateDict(stateDict: SchedulerStateDict): void {
    super.loadStateDict(stateDict);
    if (stateDict.T_max !== undefined) this.TMax = stateDict.T_max as number;
  }
}
