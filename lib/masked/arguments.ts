/** What the masked operations take. */

import { bool, dataType, int, ints, optional, parameters, tensor, withDefault } from '../arguments.js';
import type { DType } from '../dtype.js';
import type { Tensor } from '../tensor.js';

/** Options of masked operations that keep the shape. */
export interface MaskedOptions {
  /** To which the elements are converted first. Default: the input's dtype. */
  dtype?: DType | null;
  /** Which elements count: a tensor of booleans that broadcasts to the input. Default: all. */
  mask?: Tensor | null;
}

/** Options of masked reductions. */
export interface MaskedReductionOptions extends MaskedOptions {
  /** Whether the reduced dimensions stay, with length 1. Default: `false`. */
  keepdim?: boolean;
}

/** A dimension, several, or `null` for all. */
export type Dims = number | readonly number[] | null;

const masked = { dtype: optional(dataType), mask: optional(tensor) };
const keepdim = withDefault(bool, false);

/** The arguments of a reduction over any dimensions, as they are read. */
export interface Reduced {
  input: Tensor;
  dim: Dims;
  keepdim: boolean;
  dtype: DType | null;
  mask: Tensor | null;
}

/** `name(input, dim=null, *, keepdim, dtype, mask)`. */
export const reduction = (name: string): ((given: readonly unknown[]) => Reduced) =>
  parameters(name, { input: tensor, dim: optional(ints), keepdim, ...masked }, 2);

/** `name(input, dim, *, keepdim, dtype, mask)`, where the dimension is one. */
export const indexReduction = (
  name: string,
): ((given: readonly unknown[]) => Reduced & { dim: number | null }) =>
  parameters(name, { input: tensor, dim: optional(int), keepdim, ...masked }, 2);

/** `name(input, dim, *, dtype, mask)`. */
export const alongOne = (
  name: string,
): ((given: readonly unknown[]) => Omit<Reduced, 'keepdim'> & { dim: number }) =>
  parameters(name, { input: tensor, dim: int, ...masked }, 2);

export { keepdim as keepdimParameter, masked as maskedParameters };
