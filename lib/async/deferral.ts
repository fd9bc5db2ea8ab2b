/**
 * How `runAsync` comes to the operator behind a public function: it calls the function while it wants a call deferred,
 * and the function's first act, the call of its operator, gives what would be called instead of calling it.
 */
import type { Binding } from '../ops/signature.js';

/** A call that has not been made. `bind` reads its arguments, and throws as the call would. */
export class DeferredCall {
  constructor(
    readonly name: string,
    readonly bind: () => Binding,
  ) {}
}

export const deferral = { wanted: false };

export function defer(name: string, bind: () => Binding): DeferredCall {
  deferral.wanted = false;
  return new DeferredCall(name, bind);
}

/** The functions of `torch.ops`, as they are made. */
export const registryFunctions = new WeakSet<object>();
