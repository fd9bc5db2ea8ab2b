/** Elements around a tensor. */

import {
  float,
  intList,
  optional,
  parameters,
  type Rest,
  tensor,
  text,
  withDefault,
} from '../../arguments.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';

/** What {@link pad} puts around a tensor. */
export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/** Options of {@link pad}. */
export interface PadOptions {
  /** Default: `'constant'`. */
  mode?: PadMode;
  /** The constant. Default: 0. */
  value?: number | null;
}

const padArguments = parameters('pad', {
  input: tensor,
  pad: intList,
  mode: withDefault(text<PadMode>(), 'constant'),
  value: optional(float),
});

/**
 * Adds elements before and after; `pad` is `[before, after]` of the last dimension, then of the one before it, and so
 * on. Negative numbers take elements away. Modes other than `'constant'` pad the last one, two or three dimensions.
 *
 * `pad(input, pad, mode = 'constant', value = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.pad.html
 */
export function pad(
  input: Tensor,
  pad: readonly number[],
  ...rest: Rest<[mode: PadMode, value: number | null], PadOptions>
): Tensor;
export function pad(input: Tensor, options: PadOptions & { pad: readonly number[] }): Tensor;
export function pad(...args: unknown[]): Tensor {
  const { input, pad: sizes, mode, value } = padArguments(args);
  return aten.pad(input, sizes, mode, value);
}
