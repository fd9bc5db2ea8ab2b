/** What the scopes that take a callback (`tidy`, `noGrad`, ...) share. */

/** Ends a mode: `using guard = torch.noGrad()` does it at the end of the block. */
export interface ModeGuard extends Disposable {
  [Symbol.dispose](): void;
}

/**
 * An asynchronous callback goes on after its scope has ended, so it cannot be right: the error says so, and the
 * promise's own rejection is taken care of.
 * @throws TypeError where `result` is a promise.
 */
export function refuseAsync(name: string, result: unknown): void {
  if (
    typeof result !== 'object' ||
    result === null ||
    typeof (result as PromiseLike<unknown>).then !== 'function'
  ) {
    return;
  }
  (result as PromiseLike<unknown>).then(undefined, () => {});
  const cure =
    name === 'tidy'
      ? 'use `await torch.tidyAsync(...)`.'
      : `use ${name} for the synchronous parts, or free tensors with \`using\` or dispose().`;
  throw new TypeError(
    `${name}(): the callback is asynchronous. The scope ends when the callback returns, before what it awaits; ${cure}`,
  );
}

/** @throws TypeError where `fn` is given and is no function. */
export function checkCallback(name: string, fn: unknown): void {
  if (fn !== undefined && typeof fn !== 'function')
    throw new TypeError(`${name}(): expected a function, not ${typeof fn}`);
}

/** Calls `restore` once, when the guard is disposed. */
export function guardOf(restore: () => void): ModeGuard {
  let active = true;
  return {
    [Symbol.dispose](): void {
      if (!active) return;
      active = false;
      restore();
    },
  };
}

/** What `fn` returns, with the scope ended after it; without `fn` the guard, which ends the scope. */
export function within<T>(name: string, guard: ModeGuard, fn: (() => T) | undefined): T | ModeGuard {
  if (fn === undefined) return guard;
  try {
    const result = fn();
    refuseAsync(name, result);
    return result;
  } finally {
    guard[Symbol.dispose]();
  }
}
