/** What a table of bad calls is made of, and how one is judged. */
import { types } from 'node:util';
import type torch from '../../lib/index.js';

export type Torch = typeof torch;

/** The class of an error by its name, since a test runner's realm has classes of its own. */
export type ErrorName =
  | 'TypeError'
  | 'RangeError'
  | 'TorchError'
  | 'DisposedError'
  | 'OutOfMemoryError'
  | 'LinAlgError'
  | 'NotImplementedError'
  | 'Error';

export interface BadCall {
  readonly name: string;
  readonly error: ErrorName;
  readonly message: RegExp;
  /** Makes what it needs itself, so that nothing outlives it. */
  readonly run: () => unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: the types refuse what these tests are about.
export type Loose = any;

/** A function or object without its types. */
export const loose = (value: unknown): Loose => value;

export const bad = (name: string, error: ErrorName, message: RegExp, run: () => unknown): BadCall => ({
  name,
  error,
  message,
  run,
});

/** What is wrong with how a bad call ended, or null where it is as it should be. */
export function judge(call: BadCall): string | null {
  try {
    const result = call.run();
    return `it gave ${typeof result === 'object' ? (result?.constructor?.name ?? 'null') : String(result)} and no error`;
  } catch (error) {
    if (!types.isNativeError(error)) return `it threw ${String(error)}, which is no Error`;
    if (error.name !== call.error) return `it threw ${error.name}: ${error.message.slice(0, 300)}`;
    return call.message.test(error.message) ? null : `its message was: ${error.message.slice(0, 300)}`;
  }
}
