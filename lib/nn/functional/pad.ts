import type { Tensor } from '../../tensor.js';
import { bind, type Rest } from '../arguments.js';
import { aten } from '../aten.js';

/** What {@link pad} puts around a tensor. */
export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

const defaults: { mode: PadMode; value: number | null } = Object.freeze({ mode: 'constant', value: null });

/**
 * Adds elements before and after; `pad` is `[before, after]` of the last dimension, then of the one before
 * it, and so on. Negative numbers take elements away.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.pad.html
 */
export function pad(
  input: Tensor,
  padding: readonly number[],
  ...rest: Rest<[mode: PadMode, value: number | null], { mode?: PadMode; value?: number | null }>
): Tensor {
  const { mode, value } = bind('pad', defaults, rest);
  return aten.pad(input, padding, mode, value);
}
