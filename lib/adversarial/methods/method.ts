import type { Module } from '../../nn/modules/module.js';
import type { Tensor } from '../../tensor.js';
import type { NormOptions } from '../norm.js';
import type { Pass } from '../pass.js';
import type { Deltas } from '../slot.js';
import type { Target } from '../targets/target.js';

/** One of the methods: what it perturbs and how it trains. Made by `fgm`, `vat` and the others. */
export interface Method {
  /** As the paper calls it. */
  readonly name: string;
  /** What is perturbed, in a given model. @internal */
  targets(model: Module): readonly Target[];
  /** Whether all passes over a batch have the same dropout masks unless the options say otherwise. @internal */
  readonly sharesDropout: boolean;
  /** Accumulates the gradients of one batch. @internal */
  train<Batch, Output>(pass: Pass<Batch, Output>, memory: Memory, model: Module): Losses;
}

/** A method that looks for a perturbation under which the loss is large. */
export interface Attack extends Method {
  /** The perturbations of one batch. @internal */
  find<Batch, Output>(pass: Pass<Batch, Output>): Deltas;
}

/** What a method remembers from one batch to the next. @internal */
export interface Memory {
  /** By target. */
  deltas: Tensor[][] | null;
}

/** Detached. @internal */
export interface Losses {
  loss: Tensor | null;
  adversarialLoss: Tensor | null;
}

/** What every method that perturbs takes. */
export interface TargetOptions {
  /** What is perturbed: see `rows`, `outputs`, `weights`. Several at once are perturbed together. */
  target: Target | readonly Target[];
}

/** What the attacks take for training on their perturbations. */
export interface AttackOptions extends TargetOptions, NormOptions {
  /** What the loss under the perturbation counts. Default: 1. */
  weight?: number;
  /** What the loss without a perturbation counts. 0: only the perturbed one is trained on, as in Madry et al. Default: 1. */
  cleanWeight?: number;
}

/** @internal */
export function targetsOf(name: string, { target }: TargetOptions): readonly Target[] {
  const list: readonly unknown[] = Array.isArray(target) ? target : [target];
  const isTarget = (item: unknown): item is Target =>
    typeof item === 'object' && item !== null && typeof (item as Target).open === 'function';
  if (list.length === 0 || !list.every(isTarget))
    throw new TypeError(`${name}(): target must be made by rows(), outputs() or weights()`);
  return list;
}

/** @throws RangeError for what is no number from `least` on. @internal */
export function checkNumbers(name: string, numbers: Record<string, number>, least = 0): void {
  for (const [key, value] of Object.entries(numbers)) {
    if (typeof value !== 'number') throw new TypeError(`${name}(): ${key} must be a number`);
    if (!(value >= least && value < Infinity))
      throw new RangeError(`${name}(): ${key} must be a finite number from ${least} on, got ${value}`);
  }
}

/** @throws RangeError for what is no positive integer. @internal */
export function checkCounts(name: string, numbers: Record<string, number>): void {
  for (const [key, value] of Object.entries(numbers)) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name}(): ${key} must be an integer from 1 on, got ${value}`);
  }
}
