import { optim } from 'litorch';

const { CosineAnnealingLR, LinearLR, ReduceLROnPlateau } = optim.lrScheduler;

export const SCHEDULES = ['constant', 'linear', 'cosine', 'plateau'] as const;
export type ScheduleName = (typeof SCHEDULES)[number];

type Optimizer = ConstructorParameters<typeof ReduceLROnPlateau>[0];
type State = ReturnType<InstanceType<typeof ReduceLROnPlateau>['stateDict']>;

/** How a learning rate goes on. */
export interface Schedule {
  /** Is told of each step of the training. */
  afterStep(): void;
  /** Is told of each evaluation. */
  afterEvaluation(f1: number): void;
  state(): State | null;
  load(state: State | null): void;
}

/**
 * `linear` and `cosine` bring the rate down to 0 within `steps`; `plateau` halves it after each epoch, but one, whose F1
 * is not the best so far.
 */
export function makeSchedule(name: ScheduleName, optimizer: Optimizer, steps: number): Schedule {
  switch (name) {
    case 'constant':
      return { afterStep: () => {}, afterEvaluation: () => {}, state: () => null, load: () => {} };
    case 'plateau': {
      const scheduler = new ReduceLROnPlateau(optimizer, { mode: 'max', factor: 0.5, patience: 1 });
      return {
        afterStep: () => {},
        afterEvaluation: (f1) => scheduler.step(f1),
        ...saved(scheduler),
      };
    }
    default: {
      const scheduler =
        name === 'linear'
          ? new LinearLR(optimizer, { startFactor: 1, endFactor: 0, totalIters: steps })
          : new CosineAnnealingLR(optimizer, steps);
      return { afterStep: () => scheduler.step(), afterEvaluation: () => {}, ...saved(scheduler) };
    }
  }
}

function saved(scheduler: {
  stateDict(): State;
  loadStateDict(state: State): void;
}): Pick<Schedule, 'state' | 'load'> {
  return {
    state: () => scheduler.stateDict(),
    load: (state) => {
      if (state !== null) scheduler.loadStateDict(state);
    },
  };
}
