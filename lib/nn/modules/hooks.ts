import { TorchError } from '../../errors.js';
import type { ForwardArgs, ForwardResult, Module } from './module.js';

/** A hook that runs after `forward`; what it returns, unless nothing, takes the result's place. */
export type ForwardHook<M> = Loose<{
  hook(module: M, args: ForwardArgs<M>, output: ForwardResult<M>): ForwardResult<M> | Nothing;
}>;

/**
 * A hook that runs before `forward`; an array that it returns takes the arguments' place, another value the
 * first's.
 */
export type ForwardPreHook<M> = Loose<{
  hook(module: M, args: ForwardArgs<M>): ForwardArgs<M> | ForwardArgs<M>[0] | Nothing;
}>;

// biome-ignore lint/suspicious/noConfusingVoidType: a hook without a return statement is of type void.
type Nothing = null | undefined | void;

/**
 * A function with a method's lenient variance, so that a `Linear` is a `Module` although its hooks see a
 * `Linear`.
 */
type Loose<T extends { hook: unknown }> = T['hook'];

/** Where a hook goes in its row, and when it runs. */
export interface ForwardHookOptions {
  /** Run before the hooks that are there already. Default: `false`. */
  prepend?: boolean;
  /**
   * Run also when `forward` or another hook throws; the hook then sees the last result, or `undefined`.
   * Default: `false`.
   */
  alwaysCall?: boolean;
}

/** Takes a hook away again: `handle.remove()`, or `using handle = …`. */
export class RemovableHandle {
  #remove: (() => void) | null;

  constructor(remove: () => void) {
    this.#remove = remove;
  }

  /** Removes the hook. A second call does nothing. */
  remove(): void {
    this.#remove?.();
    this.#remove = null;
  }

  [Symbol.dispose](): void {
    this.remove();
  }
}

type AnyPreHook = (module: Module, args: unknown[]) => unknown;
type AnyHook = (module: Module, args: unknown[], output: unknown) => unknown;
interface PostEntry {
  hook: AnyHook;
  alwaysCall: boolean;
}

/** The hooks of one module. */
export class HookTable {
  pre: AnyPreHook[] = [];
  post: PostEntry[] = [];

  get isEmpty(): boolean {
    return this.pre.length === 0 && this.post.length === 0;
  }

  addPre(hook: AnyPreHook, prepend: boolean): void {
    this.pre = prepend ? [hook, ...this.pre] : [...this.pre, hook];
  }

  addPost(entry: PostEntry, prepend: boolean): void {
    this.post = prepend ? [entry, ...this.post] : [...this.post, entry];
  }

  /**
   * Runs `forward` with the hooks around it. Lists are replaced, never changed, so a hook may remove itself.
   */
  run(module: Module, forward: (...args: unknown[]) => unknown, given: unknown[]): unknown {
    const called = new Set<PostEntry>();
    let args = given;
    let result: unknown;
    try {
      for (const hook of this.pre) {
        const replaced = hook(module, args);
        if (replaced !== undefined && replaced !== null)
          args = Array.isArray(replaced) ? replaced : [replaced];
      }
      result = forward.apply(module, args);
      for (const entry of this.post) {
        called.add(entry);
        const replaced = entry.hook(module, args, result);
        if (replaced !== undefined && replaced !== null) result = replaced;
      }
      return result;
    } catch (error) {
      for (const entry of this.post) {
        if (!entry.alwaysCall || called.has(entry)) continue;
        try {
          result = entry.hook(module, args, result) ?? result;
        } catch (inner) {
          process.emitWarning(
            'module forward hook with alwaysCall: true raised an exception that was silenced as another error was ' +
              `raised in forward: ${String(inner)}`,
            'UserWarning',
          );
        }
      }
      throw error;
    }
  }
}

/** Throws unless `hook` is a function. */
export function checkHook(caller: string, hook: unknown): void {
  if (typeof hook !== 'function')
    throw new TypeError(`${caller}: the hook should be a function, got ${typeof hook}`);
}

/** What a module without a `forward` does when it is called. */
export function missingForward(name: string): never {
  throw new TorchError(`Module [${name}] is missing the required "forward" function`);
}
