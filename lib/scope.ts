/** What the scopes that take a callback (`tidy`, `noGrad`, ...) share. */

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
  throw new TypeError(
    `${name}(): the callback is asynchronous. The scope ends when the callback returns, before what it awaits; ` +
      `use ${name} for the synchronous parts, or free tensors with \`using\` or dispose().`,
  );
}
