/** Hooks that run before and after `step()`. Source: torch/optim/optimizer.py. */
import type { Optimizer } from './optimizer.js';

/** What a hook gets as the arguments of `step`: nothing or the closure. */
export type StepArguments = unknown[];

/** Called before `step`; it may return other arguments for it. */
export type StepPreHook = (optimizer: Optimizer, args: StepArguments) => StepArguments | undefined;

/** Called after `step`. */
export type StepPostHook = (optimizer: Optimizer, args: StepArguments) => void;

/** Undoes a registration. */
export interface RemovableHandle {
  /** Takes the hook away; a second call does nothing. */
  remove(): void;
}

/** Hooks in the order of their registration. */
export class HookList<Hook> {
  readonly #hooks = new Map<number, Hook>();
  #next = 0;

  /** Adds a hook at the end, or at the front. */
  add(hook: Hook, prepend = false): RemovableHandle {
    const id = this.#next++;
    if (prepend) {
      const rest = [...this.#hooks];
      this.#hooks.clear();
      this.#hooks.set(id, hook);
      for (const [key, value] of rest) this.#hooks.set(key, value);
    } else {
      this.#hooks.set(id, hook);
    }
    return { remove: () => void this.#hooks.delete(id) };
  }

  get size(): number {
    return this.#hooks.size;
  }

  [Symbol.iterator](): IterableIterator<Hook> {
    return this.#hooks.values();
  }
}

export const globalStepPreHooks = new HookList<StepPreHook>();
export const globalStepPostHooks = new HookList<StepPostHook>();

/** Registers a hook that runs before the `step` of every optimizer. */
export function registerOptimizerStepPreHook(hook: StepPreHook): RemovableHandle {
  return globalStepPreHooks.add(hook);
}

/** Registers a hook that runs after the `step` of every optimizer. */
export function registerOptimizerStepPostHook(hook: StepPostHook): RemovableHandle {
  return globalStepPostHooks.add(hook);
}
