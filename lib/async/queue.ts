/** Work off the main thread, as promises. */
import type { AsyncResource } from 'node:async_hooks';
import { type NativeSettle, native } from '../native.js';
import { checkOptions } from '../options.js';

/** What an `AbortSignal` is, also where the types of the web's or of Node's are not in use. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Options of everything asynchronous. */
export interface AsyncOptions {
  /**
   * Drops the operation where it has not begun: the promise is then rejected with the signal's reason. What has begun
   * cannot be stopped, and its promise is settled as without the signal.
   */
  signal?: AbortSignalLike | null;
}

function isSignal(value: unknown): value is AbortSignalLike {
  if (typeof value !== 'object' || value === null) return false;
  const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignalLike>;
  return (
    typeof aborted === 'boolean' &&
    typeof addEventListener === 'function' &&
    typeof removeEventListener === 'function'
  );
}

/** @throws TypeError where it is neither nullish nor an AbortSignal. */
export function checkSignal(name: string, signal: unknown): AbortSignalLike | undefined {
  if (signal === undefined || signal === null) return undefined;
  if (!isSignal(signal)) throw new TypeError(`${name}(): option 'signal' must be an AbortSignal`);
  return signal;
}

/** The signal of an options object that has nothing else. @throws TypeError */
export function signalOf(name: string, options: AsyncOptions | undefined): AbortSignalLike | undefined {
  if (options === undefined) return undefined;
  checkOptions(name, options, ['signal']);
  return checkSignal(name, options.signal);
}

let bindContext: typeof AsyncResource.bind | undefined;

/** A function that runs in the context of who calls this: results belong to the scopes of those who asked for them. */
function inThisContext(fn: () => void): () => void {
  if (bindContext === undefined) {
    const hooks = process.getBuiltinModule('node:async_hooks');
    bindContext = hooks.AsyncResource.bind;
    // libtorch cannot be torn down under an operator that runs: the process waits for it.
    process.once('exit', () => native.endJobs());
  }
  return bindContext(fn, 'litorch');
}

/**
 * A job of this thread's queue.
 *
 * @param start Submits the job and gives its number.
 * @param finish Makes the promise's value of what the addon gives.
 */
export function enqueue<T>(
  start: (settle: NativeSettle) => number,
  signal: AbortSignalLike | undefined,
  finish: (result: unknown) => T,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const abort = (): void => {
      if (!native.cancelJob(job)) return;
      signal?.removeEventListener('abort', abort);
      reject(signal?.reason);
    };
    const settle = (): void => {
      signal?.removeEventListener('abort', abort);
      try {
        resolve(finish(native.jobResult(job)));
      } catch (error) {
        reject(error);
      }
    };
    const job = start(inThisContext(settle));
    signal?.addEventListener('abort', abort);
  });
}
