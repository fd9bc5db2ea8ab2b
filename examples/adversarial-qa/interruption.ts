/** Ctrl-C. The first asks the run to finish its step; the second ends the process at once. */
export interface Interruption {
  readonly requested: boolean;
}

/** Begins to listen. `onRequest` is called at the first Ctrl-C. */
export function listenForInterruption(onRequest: () => void): Interruption {
  const interruption = { requested: false };
  // Once only: without a listener the system's own way is back, which ends the process even in the midst of a step.
  process.once('SIGINT', () => {
    interruption.requested = true;
    onRequest();
  });
  return interruption;
}

/** Lets the process see what has come in meanwhile, such as a signal. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
