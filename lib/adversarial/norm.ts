/** Norms of perturbations, by groups: rows, tokens, examples, or whole tensors. */

import type { Tensor } from '../tensor.js';
import * as torch from '../torch.js';
import type { Deltas, Slot } from './slot.js';

/**
 * What has one norm:
 *
 * - `'row'`: each row of a matrix; each vector of the last dimension.
 * - `'token'`: the same, where the rows are tokens of a sequence.
 * - `'example'`: all of one example (index of the first dimension), in all calls and targets together.
 * - `'matrix'`: each tensor as a whole.
 */
export type NormOver = 'row' | 'token' | 'example' | 'matrix';

/** How the size of a perturbation is measured. */
export interface NormOptions {
  /** 2 for the Euclidean norm, `Infinity` for the greatest absolute value. Default: 2. */
  norm?: 2 | typeof Infinity;
  /** Default: `'row'` for rows of a matrix, `'example'` for outputs of modules, `'matrix'` for whole weights. */
  over?: NormOver;
}

/** What a norm of zero is divided by, as in `F.normalize`. */
const LEAST = 1e-12;

const overOf = (slot: Slot, over: NormOver | undefined): NormOver =>
  over ?? ({ rows: 'row', outputs: 'example', weight: 'matrix' } as const)[slot.kind];

/** @throws RangeError where a norm cannot be meant. */
export function checkNorm(name: string, { norm = 2, over }: NormOptions): void {
  if (norm !== 2 && norm !== Infinity)
    throw new RangeError(`${name}: norm must be 2 or Infinity, got ${norm}`);
  if (over !== undefined && !['row', 'token', 'example', 'matrix'].includes(over))
    throw new RangeError(`${name}: over must be 'row', 'token', 'example' or 'matrix', got ${String(over)}`);
}

/** A set of perturbations and the norm in which they are measured. */
export class Norm {
  readonly p: 2 | typeof Infinity;

  constructor(
    private readonly slots: readonly Slot[],
    private readonly options: NormOptions,
  ) {
    this.p = options.norm ?? 2;
    for (const slot of slots) {
      if (overOf(slot, options.over) === 'example' && slot.kind !== 'outputs') {
        throw new RangeError(
          `over: 'example' needs outputs of modules; ${slot.kind === 'rows' ? 'rows of a matrix are shared by all examples' : 'weights have no examples'}`,
        );
      }
    }
  }

  /** The norm of each group, in single precision at least, of a shape that broadcasts to the tensor's. */
  of(deltas: Deltas): Tensor[] {
    const wide = deltas.map((delta) => (delta.dtype.itemsize < 4 ? delta.float() : delta));
    const norms = wide.map((delta, i) => this.ofOne(delta, overOf(this.slots[i] as Slot, this.options.over)));
    const joint = norms.flatMap((norm, i) =>
      overOf(this.slots[i] as Slot, this.options.over) === 'example' ? [norm.flatten()] : [],
    );
    if (joint.length < 2) return norms;
    // One example has one norm, over all that it is made of.
    const total = this.p === 2 ? torch.stack(joint).norm(2, 0) : torch.stack(joint).amax(0);
    return norms.map((norm, i) =>
      overOf(this.slots[i] as Slot, this.options.over) === 'example' ? total.view(norm.shape) : norm,
    );
  }

  private ofOne(delta: Tensor, over: NormOver): Tensor {
    const dims =
      over === 'matrix'
        ? delta.shape.map((_, i) => i)
        : over === 'example'
          ? delta.shape.slice(1).map((_, i) => i + 1)
          : [delta.dim() - 1];
    return this.p === 2 ? delta.norm(2, dims, true) : delta.abs().amax(dims, { keepdim: true });
  }

  /** Each group divided by its norm; a group of zeros stays one. */
  normalize(gradients: Deltas): Tensor[] {
    const norms = this.of(gradients);
    return gradients.map((gradient, i) => divide(gradient, norms[i] as Tensor));
  }

  /** The direction in which a linear loss grows fastest in this norm: g/‖g‖₂, or sign(g). */
  steepest(gradients: Deltas): Tensor[] {
    return this.p === 2 ? this.normalize(gradients) : gradients.map((gradient) => gradient.sign());
  }

  /** The nearest within ε: groups above it are scaled down (2), or clamped (Infinity). */
  project(deltas: Deltas, epsilon: number): Tensor[] {
    if (this.p === Infinity) return deltas.map((delta) => delta.clamp(-epsilon, epsilon));
    const norms = this.of(deltas);
    return deltas.map((delta, i) => {
      const norm = norms[i] as Tensor;
      const factor = norm.clampMin(LEAST).reciprocal().mul(epsilon).clampMax(1);
      return delta.mul(factor.to(delta.dtype));
    });
  }
}

function divide(tensor: Tensor, norm: Tensor): Tensor {
  const least = norm.clampMin(LEAST);
  return tensor.div(least.dtype === tensor.dtype ? least : least.to(tensor.dtype));
}
