/** A schedule that follows a metric rather than the epochs. Source: torch/optim/lr_scheduler.py. */

import { bind } from '../arguments.js';
import { NotImplementedError, TorchError } from '../errors.js';
import { Tensor } from '../tensor.js';
import type { SchedulerStateDict } from './lrScheduler.js';
import { toSnakeCase } from './names.js';
import { Optimizer } from './optimizer.js';

/** Options of {@link ReduceLROnPlateau}. */
export interface PlateauOptions {
  /** Whether the metric should fall or rise. Default: `'min'`. */
  mode: 'min' | 'max';
  /** What the rate is multiplied by. Default: 0.1. */
  factor: number;
  /** How many bad epochs are let pass. Default: 10. */
  patience: number;
  /** What counts as better. Default: 1e-4. */
  threshold: number;
  /** Whether the threshold is a part of the best or a difference. Default: `'rel'`. */
  thresholdMode: 'rel' | 'abs';
  /** Epochs to wait after a reduction. Default: 0. */
  cooldown: number;
  /** The least rate, for all groups or by group. Default: 0. */
  minLr: number | number[];
  /** A smaller change isn't made. Default: 1e-8. */
  eps: number;
}

const DEFAULTS: PlateauOptions = {
  mode: 'min',
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  thresholdMode: 'rel',
  cooldown: 0,
  minLr: 0,
  eps: 1e-8,
};

/** What is remembered; the names are PyTorch's in camel case. */
interface PlateauState {
  factor: number;
  defaultMinLr: number | null;
  minLrs: number[];
  patience: number;
  cooldown: number;
  eps: number;
  lastEpoch: number;
  modeWorse: number;
  mode: 'min' | 'max';
  threshold: number;
  thresholdMode: 'rel' | 'abs';
  best: number;
  cooldownCounter: number;
  numBadEpochs: number;
}

/**
 * Multiplies the rate by `factor` once a metric has stopped getting better.
 *
 * `new ReduceLROnPlateau(optimizer, { mode = 'min', factor = 0.1, patience = 10, threshold = 0.0001,
 * thresholdMode = 'rel', cooldown = 0, minLr = 0, eps = 1e-8 })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
 *
 * @example
 * const scheduler = new optim.lrScheduler.ReduceLROnPlateau(optimizer, { patience: 3 });
 * scheduler.step(validationLoss);
 */
export class ReduceLROnPlateau {
  readonly optimizer: Optimizer<{ lr: number | Tensor }>;
  #state: PlateauState;
  #lastLr: number[];

  /** @throws RangeError for a factor of 1 or more, an unknown mode, or rates for another number of groups. */
  constructor(optimizer: Optimizer<{ lr: number | Tensor }>, options: Partial<PlateauOptions> = {}) {
    if (!(optimizer instanceof Optimizer)) throw new TypeError(`${typeof optimizer} is not an Optimizer`);
    const { minLr, mode, factor, patience, threshold, thresholdMode, cooldown, eps } = bind(
      'ReduceLROnPlateau',
      DEFAULTS,
      [options],
    );
    if (factor >= 1) throw new RangeError('Factor should be < 1.0.');
    if (mode !== 'min' && mode !== 'max') throw new RangeError(`mode ${mode} is unknown!`);
    if (thresholdMode !== 'rel' && thresholdMode !== 'abs') {
      throw new RangeError(`threshold mode ${thresholdMode} is unknown!`);
    }
    const groups = optimizer.paramGroups.length;
    const given = Array.isArray(minLr) ? minLr : undefined;
    if (given !== undefined && given.length !== groups) {
      throw new RangeError(`expected ${groups} min_lrs, got ${given.length}`);
    }
    const modeWorse = mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    this.optimizer = optimizer;
    this.#state = {
      factor,
      defaultMinLr: given === undefined ? (minLr as number) : null,
      minLrs: given === undefined ? new Array<number>(groups).fill(minLr as number) : [...given],
      patience,
      cooldown,
      eps,
      lastEpoch: 0,
      modeWorse,
      mode,
      threshold,
      thresholdMode,
      best: modeWorse,
      cooldownCounter: 0,
      numBadEpochs: 0,
    };
    this.#lastLr = this.#rates();
  }

  /** Takes the metric of an epoch, a number or a tensor of one element. */
  step(metrics: number | Tensor): void {
    const state = this.#state;
    const current = metrics instanceof Tensor ? Number(metrics.item()) : metrics;
    state.lastEpoch++;
    if (this.#isBetter(current)) {
      state.best = current;
      state.numBadEpochs = 0;
    } else {
      state.numBadEpochs++;
    }
    if (state.cooldownCounter > 0) {
      state.cooldownCounter--;
      state.numBadEpochs = 0;
    }
    if (state.numBadEpochs > state.patience) {
      this.#reduce();
      state.cooldownCounter = state.cooldown;
      state.numBadEpochs = 0;
    }
    this.#lastLr = this.#rates();
  }

  #isBetter(current: number): boolean {
    const { mode, threshold, thresholdMode, best } = this.#state;
    if (mode === 'min')
      return current < (thresholdMode === 'rel' ? best * (1 - threshold) : best - threshold);
    return current > (thresholdMode === 'rel' ? best * (threshold + 1) : best + threshold);
  }

  #reduce(): void {
    const state = this.#state;
    const { paramGroups } = this.optimizer;
    if (paramGroups.length !== state.minLrs.length) {
      if (state.defaultMinLr === null) {
        throw new TorchError(
          `The number of param groups in the \`optimizer\` (${paramGroups.length}) differs from when ` +
            `\`ReduceLROnPlateau\` was initialized (${state.minLrs.length}), usually due to a new param group ` +
            'being added to the optimizer.',
        );
      }
      state.minLrs = new Array<number>(paramGroups.length).fill(state.defaultMinLr);
    }
    const rates = this.#rates();
    paramGroups.forEach((group, i) => {
      const old = rates[i] as number;
      const next = Math.max(old * state.factor, state.minLrs[i] as number);
      if (old - next > state.eps) group.lr = next;
    });
  }

  #rates(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => {
      if (lr instanceof Tensor) {
        throw new NotImplementedError(
          'a learning rate that is a Tensor has no scheduler; give it as a number',
        );
      }
      return lr;
    });
  }

  /** The rates after the last step. */
  getLastLr(): number[] {
    return [...this.#lastLr];
  }

  /** What the scheduler remembers, under PyTorch's names. */
  stateDict(): SchedulerStateDict {
    const entries = Object.entries(this.#state).map(([name, value]) => [
      toSnakeCase(name),
      Array.isArray(value) ? [...(value as number[])] : (value as unknown),
    ]);
    return { ...Object.fromEntries(entries), _last_lr: this.getLastLr() };
  }

  /** Loads what `stateDict()` returned, here or in PyTorch. */
  loadStateDict(stateDict: SchedulerStateDict): void {
    const names = Object.keys(this.#state) as Array<keyof PlateauState>;
    const loaded = names.map((name) => [name, stateDict[toSnakeCase(name)] ?? this.#state[name]]);
    this.#state = Object.fromEntries(loaded) as PlateauState;
    this.#lastLr = [...((stateDict._last_lr as number[] | undefined) ?? this.#lastLr)];
  }
}
