/** Threads of libtorch. See https://docs.pytorch.org/docs/2.13/torch.html#parallelism */
import { native } from './native.js';

function checkThreads(name: string, threads: number): void {
  if (!Number.isInteger(threads))
    throw new TypeError(`${name}(): expected an integer, not ${String(threads)}`);
  if (threads < 1 || threads > 2 ** 20)
    throw new RangeError(`${name}(): expected a positive number of threads, got ${threads}`);
}

/** Threads that one operator may use. */
export function getNumThreads(): number {
  return native.numThreads();
}

/** Sets how many threads one operator may use. */
export function setNumThreads(threads: number): void {
  checkThreads('setNumThreads', threads);
  native.setNumThreads(threads);
}

/** Threads that run operators side by side. */
export function getNumInteropThreads(): number {
  return native.numInteropThreads();
}

/** Sets how many threads run operators side by side; once only, before any work. */
export function setNumInteropThreads(threads: number): void {
  checkThreads('setNumInteropThreads', threads);
  native.setNumInteropThreads(threads);
}

/**
 * Whether operators must choose deterministic algorithms.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.use_deterministic_algorithms.html
 */
export function useDeterministicAlgorithms(mode: boolean, options: { warnOnly?: boolean } = {}): void {
  const warnOnly = options.warnOnly ?? false;
  if (typeof mode !== 'boolean' || typeof warnOnly !== 'boolean') {
    throw new TypeError("useDeterministicAlgorithms(): arguments 'mode' and 'warnOnly' must be booleans");
  }
  native.setDeterministic(mode, warnOnly);
}

export function areDeterministicAlgorithmsEnabled(): boolean {
  return native.deterministic();
}
