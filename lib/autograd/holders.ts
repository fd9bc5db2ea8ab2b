/**
 * Functions that the autograd graph calls hang off the objects of the tensors that lead to them, too, so that the
 * collector can see circles of the two. See native/callbacks.h.
 */
import { type NativeCallback, native } from '../native.js';
import type { Tensor } from '../tensor.js';

/** A tensor leads to one function of each kind at most; an older one belongs to a part of the graph that it has left. */
export type HeldKind = 'function' | 'hooks' | 'accumulation' | 'before' | 'after';

type Held = Partial<Record<HeldKind, NativeCallback>>;

/** A property, as the collector of young objects takes what a WeakMap holds for alive. */
const held: unique symbol = Symbol('held');
type Holder = Tensor & { [held]?: Held };

/** The tensors hold the function that the graph knows by this number. */
export function hold(
  tensors: readonly Tensor[],
  kind: HeldKind,
  callback: number,
  run: NativeCallback,
): void {
  for (const tensor of tensors as readonly Holder[]) {
    const functions = tensor[held];
    if (functions === undefined) tensor[held] = { [kind]: run };
    else functions[kind] = run;
  }
  native.holdCallback(
    callback,
    tensors.map((tensor) => tensor.handle),
  );
}
