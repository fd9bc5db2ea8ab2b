/** Tests that leave no tensor behind. */

import { describeTensor, listTensors } from '../memory/live.js';
import { handlesWithin } from '../memory/within.js';
import { memory } from '../memory.js';
import { checkOptions } from '../options.js';
import type { Tensor } from '../tensor.js';

/** Options of {@link expectNoLeaks}. */
export interface NoLeaksOptions {
  /**
   * Collects garbage before looking, so that only what something still refers to is a leak. Where `false`, every tensor
   * counts that was made and not freed: `tidy`, `using` and `dispose()` must have freed all of them. Default: `true`.
   */
  collect?: boolean;
}

interface Before {
  readonly tensors: WeakSet<Tensor>;
  readonly count: number;
  readonly wasDebug: boolean;
}

/**
 * Tensors made and freed neither by hand nor by a scope until now, whatever the collector has taken of them.
 * @internal
 */
export function countMade(): number {
  const { tensors, swept, sweptInScopes } = memory.stats();
  return tensors + swept - sweptInScopes;
}

function begin(collect: boolean): Before {
  const wasDebug = memory.debug;
  memory.debug = true;
  if (collect) memory.collect();
  return { tensors: new WeakSet(listTensors().map(({ tensor }) => tensor)), count: countMade(), wasDebug };
}

/** What is there now, and neither was before nor belongs to the result. */
function leftBehind(tensors: WeakSet<Tensor>, given: ReadonlySet<number>): ReturnType<typeof listTensors> {
  return listTensors().filter(({ tensor }) => !tensors.has(tensor) && !given.has(tensor.handle));
}

function end({ tensors, count }: Before, result: unknown, collect: boolean): void {
  const given = new Set(handlesWithin(result));
  if (collect) memory.collect();
  const left = leftBehind(tensors, given);
  const fresh = listTensors().filter(({ tensor }) => given.has(tensor.handle) && !tensors.has(tensor)).length;
  const leaks = collect ? left.length : countMade() - count - fresh;
  if (leaks <= 0) return;
  const bytes = left.reduce((sum, { tensor }) => sum + tensor.nbytes, 0);
  const what = collect ? 'outlive the function' : 'were made and not freed';
  const lines = left.map(describeTensor).map(({ dtype, shape, device, stack }) => {
    return `  ${dtype} of shape [${shape}] on ${device}, made at\n${stack}`;
  });
  throw new Error(
    [
      `expectNoLeaks(): ${leaks} ${leaks === 1 ? 'tensor' : 'tensors'} (${bytes} bytes) ${what}`,
      ...lines,
    ].join('\n'),
  );
}

/**
 * Runs `fn` and throws where it leaves tensors behind, besides those that it returns (itself, or within arrays, objects,
 * Maps and Sets) and those that were there before; the error says where they were made. Gives what `fn` gives; a promise
 * where `fn` is asynchronous.
 *
 * ```ts
 * import { expectNoLeaks } from 'litorch/jest';
 *
 * test('a step keeps nothing', () => {
 *   expectNoLeaks(() => train(model, batch));
 * });
 * ```
 *
 * What fills a cache or an optimizer's state when it runs for the first time is left behind, too: run it once before.
 *
 * @throws Error where tensors are left.
 */
export function expectNoLeaks<T>(fn: () => T, options: NoLeaksOptions = {}): T {
  if (typeof fn !== 'function') {
    throw new TypeError(`expectNoLeaks(): argument 'fn' must be a function, not ${typeof fn}`);
  }
  checkOptions('expectNoLeaks', options, ['collect']);
  const { collect = true } = options;
  const before = begin(collect);
  let isWaiting = false;
  try {
    const result = fn();
    if (result instanceof Promise) {
      isWaiting = true;
      return endLater(result, before, collect) as T;
    }
    end(before, result, collect);
    return result;
  } finally {
    if (!isWaiting) memory.debug = before.wasDebug;
  }
}

async function endLater(promise: Promise<unknown>, before: Before, collect: boolean): Promise<unknown> {
  try {
    const result = await promise;
    // What the last turn of the event loop still holds is let go of by the next.
    await new Promise<void>((resolve) => setImmediate(resolve));
    end(before, result, collect);
    return result;
  } finally {
    memory.debug = before.wasDebug;
  }
}
