/** What came out of a run, seeds taken together: what the tables and the curves show. */
import { aggregate } from '../report/aggregate.js';
import type { Measured } from '../report/types.js';
import type { ArmName, TrialId } from './arms.js';
import type { AttackScore } from './attack.js';
import type { Score } from './evaluate.js';
import { replaysOf } from './methods.js';
import type { EvaluationRecord, Metrics, StepRecord } from './metrics.js';
import type { Settings } from './options.js';

/** How many steps make the losses at the end. */
export const LAST_STEPS = 50;

/** EM and F1 over the seeds. */
export interface MeasuredScore {
  exactMatch: Measured;
  f1: Measured;
}

/** A run's metrics, by its arms. */
export class Results {
  constructor(
    readonly metrics: Metrics,
    readonly settings: Settings,
  ) {}

  get arms(): readonly ArmName[] {
    return this.settings.arms;
  }

  trials(arm: ArmName): TrialId[] {
    return this.settings.seeds.map((seed) => ({ arm, seed }));
  }

  /** The evaluation that counts: of the best epoch with early stopping, otherwise the last. */
  evaluation(id: TrialId): EvaluationRecord | undefined {
    const all = this.metrics.evaluations(id);
    return all.findLast(({ best }) => best || this.settings.patience === null);
  }

  /** A number of each seed, as mean and deviation; null where no seed has it. */
  measured(arm: ArmName, of: (id: TrialId) => number | undefined): Measured | null {
    return aggregate(this.trials(arm).flatMap((id) => of(id) ?? []));
  }

  score(arm: ArmName, of: (id: TrialId) => Score | undefined): MeasuredScore | null {
    const exactMatch = this.measured(arm, (id) => of(id)?.exactMatch);
    const f1 = this.measured(arm, (id) => of(id)?.f1);
    return exactMatch === null || f1 === null ? null : { exactMatch, f1 };
  }

  attackScore(id: TrialId, epsilon: number): AttackScore | undefined {
    return this.metrics.attack(id)?.scores.find((score) => score.epsilon === epsilon);
  }

  /** The ε of the attacks, 0 first. */
  epsilons(): number[] {
    return this.first((id) => this.metrics.attack(id))?.scores.map(({ epsilon }) => epsilon) ?? [];
  }

  /** What the first trial that has one tells. */
  first<T>(of: (id: TrialId) => T | undefined): T | undefined {
    for (const arm of this.arms) {
      for (const id of this.trials(arm)) {
        const found = of(id);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  /** The mean of what the last steps of a trial tell. */
  atEnd(id: TrialId, of: (step: StepRecord) => number | null): number | undefined {
    const values = this.metrics
      .steps(id)
      .slice(-LAST_STEPS)
      .flatMap((step) => of(step) ?? []);
    return aggregate(values)?.mean;
  }

  /** Steps of the optimizer. */
  steps(id: TrialId): number {
    return this.metrics.steps(id).length * replaysOf(id.arm);
  }

  secondsAStep(id: TrialId): number | undefined {
    const seconds = this.metrics.steps(id).map((step) => step.seconds);
    return seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)];
  }

  /** In MiB. */
  peakMemory(id: TrialId): number | undefined {
    const steps = this.metrics.steps(id);
    if (steps.length === 0) return undefined;
    return steps.reduce((most, { peakBytes }) => Math.max(most, peakBytes), 0) / 2 ** 20;
  }
}
