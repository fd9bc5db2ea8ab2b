import { float, parameters, type Rest, tensor, text, withDefault } from '../arguments.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';

/** How Euclidean distances are computed: by matrix multiplication from 25 rows on, always, or never. */
export type CdistComputeMode =
  | 'use_mm_for_euclid_dist_if_necessary'
  | 'use_mm_for_euclid_dist'
  | 'donot_use_mm_for_euclid_dist';

/** Options of {@link cdist}. */
export interface CdistOptions {
  /** The p of the norm. Default: 2. */
  p?: number;
  /** Default: `'use_mm_for_euclid_dist_if_necessary'`. */
  computeMode?: CdistComputeMode;
}

const modes: Readonly<Record<string, number | null>> = {
  use_mm_for_euclid_dist_if_necessary: null,
  use_mm_for_euclid_dist: 1,
  donot_use_mm_for_euclid_dist: 2,
};

const read = parameters('cdist', {
  x1: tensor,
  x2: tensor,
  p: withDefault(float, 2),
  computeMode: withDefault(text<string>(), 'use_mm_for_euclid_dist_if_necessary'),
});

/**
 * The distances between the rows of two (batches of) matrices: `(B, P, M)` and `(B, R, M)` give `(B, P, R)`.
 *
 * `cdist(x1, x2, p = 2, computeMode = 'use_mm_for_euclid_dist_if_necessary')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.cdist.html
 *
 * @throws RangeError for an unknown `computeMode`; TorchError for a negative p and for rows of different lengths.
 */
export function cdist(
  x1: Tensor,
  x2: Tensor,
  ...rest: Rest<[p: number, computeMode: CdistComputeMode], CdistOptions>
): Tensor;
export function cdist(...given: readonly unknown[]): Tensor {
  const { x1, x2, p, computeMode } = read(given);
  const mode = Object.hasOwn(modes, computeMode) ? modes[computeMode] : undefined;
  if (mode === undefined) throw new RangeError(`${computeMode} is not a valid value for compute_mode`);
  return ops.aten.cdist(x1, x2, p, mode) as Tensor;
}
