/** When to stop: what is remembered of the evaluations so far. */
export interface StoppingState {
  /** The best F1, and the epoch it was reached after; 0 before any. */
  bestF1: number;
  bestEpoch: number;
  stopped: boolean;
}

/** Early stopping on the F1 of the development questions. */
export class Stopping {
  private current: StoppingState = { bestF1: Number.NEGATIVE_INFINITY, bestEpoch: 0, stopped: false };

  /** @param patience How many epochs without a better F1 end the training; null: none do. */
  constructor(private readonly patience: number | null) {}

  get stopped(): boolean {
    return this.current.stopped;
  }

  get bestEpoch(): number {
    return this.current.bestEpoch;
  }

  /** Takes the F1 after an epoch, counted from 1. Tells whether it is the best so far. */
  add(epoch: number, f1: number): boolean {
    if (f1 > this.current.bestF1) {
      this.current = { bestF1: f1, bestEpoch: epoch, stopped: false };
      return true;
    }
    const stopped = this.patience !== null && epoch - this.current.bestEpoch >= this.patience;
    this.current = { ...this.current, stopped };
    return false;
  }

  state(): StoppingState {
    return { ...this.current };
  }

  load(state: StoppingState): void {
    this.current = { ...state };
  }
}
