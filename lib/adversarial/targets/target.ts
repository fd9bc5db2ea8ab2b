import type { Tensor } from '../../tensor.js';
import type { Deltas, Slot } from '../slot.js';

/** What a method perturbs: made by {@link rows}, {@link outputs} or {@link weights}. */
export interface Target {
  /** What messages call it. */
  readonly name: string;
  /** The target in one step, over one batch. @internal */
  open(): Site;
}

/** A target in one step: the same batch, read several times with different perturbations. @internal */
export interface Site {
  readonly name: string;
  /** What is perturbed; known after the first pass. */
  readonly slots: readonly Slot[];
  /**
   * Until {@link leave}, passes of the model have these perturbations: null for none. The gradient of the loss with
   * respect to a perturbation is that with respect to {@link watched}, which is kept where `watch`.
   */
  enter(deltas: Deltas | null, watch: boolean): void;
  leave(): void;
  /**
   * As {@link enter}, in the first pass: `make` is asked for each slot's perturbation as soon as the slot is known.
   * Absent where slots are known only after the pass.
   */
  enterFirst?(make: (slot: Slot) => Tensor, watch: boolean): void;
  /** The tensors of this pass whose gradients {@link gradients} takes. */
  readonly watched: readonly Tensor[];
  /** The slots' gradients from those of what is watched; null for none. */
  gradients(watched: readonly (Tensor | null)[]): Tensor[];
  /**
   * Where what is watched are leaves that the optimizer has too: sets their gradients aside, so that backward shows
   * those of one loss alone. Gives what puts them back, added.
   */
  isolate?(): () => void;
}
