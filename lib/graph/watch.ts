/** Who wants to know which modules and optimizers run: the recording of a step, where one is being made. */

export interface Watcher {
  /** A module has been called. */
  called(module: object): void;
  /** A module has been put into training or evaluation mode. */
  switched(module: object): void;
  /** An optimizer has made a step. */
  stepped(optimizer: object): void;
  /** The next operator takes a number that each replay is to compute anew. */
  live(compute: () => number): number;
}

export const watching: { by: Watcher | undefined } = { by: undefined };

/**
 * A number that changes from step to step, such as a bias correction: in a recorded step it is computed anew by each
 * replay, where the operator that takes it is due. That must be the next operator called.
 */
export function live(compute: () => number): number {
  return watching.by === undefined ? compute() : watching.by.live(compute);
}
