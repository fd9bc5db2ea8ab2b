import type { Tensor } from '../tensor.js';

/** One tensor that is perturbed: what its perturbation looks like, and in which groups it is measured. */
export interface Slot {
  /**
   * `rows`: of a matrix, `[R, D]`; `outputs`: what a module gave in one call, `[B, ..., D]`; `weight`: a whole
   * parameter.
   */
  readonly kind: 'rows' | 'outputs' | 'weight';
  /** The value at which the first pass was, detached: of the perturbation's shape, dtype and device. */
  readonly value: Tensor;
  /** 1 where the perturbation may be, 0 at padding; broadcasts to its shape. Null: anywhere. */
  readonly mask: Tensor | null;
}

/** A tensor for each slot: perturbations, or gradients. */
export type Deltas = readonly Tensor[];

/** Zero where the perturbation may not be. */
export const masked = ({ mask }: Slot, tensor: Tensor): Tensor => (mask === null ? tensor : tensor.mul(mask));

/** Perturbations moved along directions. */
export const moved = (deltas: Deltas, directions: Deltas, length: number): Tensor[] =>
  deltas.map((delta, i) => delta.add((directions[i] as Tensor).mul(length)));
