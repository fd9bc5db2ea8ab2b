/** `torch.tidyAsync`: scopes that last across `await`. */
import type { AsyncLocalStorage } from 'node:async_hooks';
import { native } from '../native.js';
import { isGenerator, refuseAsyncGenerator } from './generators.js';
import { handlesWithin } from './within.js';

/** A scope as the functions see it that run in it, and those that they have started and that outlive it. */
interface AsyncScope {
  readonly number: number;
  readonly outer: AsyncScope | undefined;
  isOpen: boolean;
}

// Node follows every promise from the first use on, which costs; so there is none before that, nor while no scope is open.
let storage: AsyncLocalStorage<AsyncScope> | undefined;
let open = 0;

function findScope(): number {
  let scope = storage?.getStore();
  while (scope !== undefined && !scope.isOpen) scope = scope.outer;
  return scope?.number ?? 0;
}

function start(): AsyncLocalStorage<AsyncScope> {
  if (storage === undefined) {
    const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks');
    storage = new AsyncLocalStorage<AsyncScope>();
  }
  // A test runner has the library once a file, over one addon: the one that is used answers.
  if (open++ === 0) native.setScopeFinder(findScope);
  return storage;
}

/** What `fn` gives up to its first `await`. */
function begin<T>(fn: () => T, scope: AsyncScope, within: AsyncLocalStorage<AsyncScope>): T {
  native.enterScope(scope.number);
  try {
    return within.run(scope, fn);
  } finally {
    native.leaveScope(scope.number);
  }
}

/**
 * `tidy` for an asynchronous function: frees every tensor that `fn` has made by the time its promise is settled,
 * except those that it gives, parameters, and those given to `torch.keep`.
 *
 * ```ts
 * const loss = await torch.tidyAsync(async () => {
 *   const batch = await load(i);
 *   return model(batch.x).sub(batch.y).square().mean();
 * });
 * ```
 *
 * The scope is that of the function and of what it calls, across every `await`: tensors that other code makes while
 * it waits are not touched, and two that run at the same time don't see each other. Scopes nest, with `tidy` as well:
 * what an inner one gives belongs to the outer one. What `fn` starts and does not wait for belongs to the scope while
 * it is open, and then to the one around it.
 *
 * @throws TypeError (the promise is rejected) where `fn` is no function, or gives a generator.
 */
export async function tidyAsync<T>(fn: () => T | PromiseLike<T>): Promise<T> {
  if (typeof fn !== 'function') throw new TypeError(`tidyAsync(): expected a function, not ${typeof fn}`);
  const within = start();
  const scope: AsyncScope = { number: native.openScope(true), outer: within.getStore(), isOpen: true };
  let survivors: number[] = [];
  try {
    const result = await begin(fn, scope, within);
    if (typeof result === 'object' && result !== null && isGenerator(result)) {
      refuseAsyncGenerator('tidyAsync', result);
      throw new TypeError('tidyAsync(): the callback gives a generator; tidy() takes such a callback');
    }
    survivors = handlesWithin(result);
    return result;
  } finally {
    scope.isOpen = false;
    native.closeScope(scope.number, survivors);
    if (--open === 0) within.disable();
  }
}
