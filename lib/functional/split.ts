import { int, parameters, type Rest, tensor, withDefault } from '../arguments.js';
import * as functions from '../generated/functions.js';
import { describeValue } from '../ops/signature.js';
import { Tensor } from '../tensor.js';
import { anything, reader } from './arguments.js';

/** Options of {@link split}. */
export interface SplitOptions {
  /** The dimension that is split. Default: 0. */
  dim?: number;
}

const read = reader(() =>
  parameters('split', { tensor, splitSizeOrSections: anything, dim: withDefault(int, 0) }),
);
const readMethod = reader(() => parameters('split', { splitSize: anything, dim: withDefault(int, 0) }));

function splitInto(tensor: Tensor, sizes: unknown, dim: number): Tensor[] {
  const split = sizes instanceof Tensor ? sizes.item() : sizes;
  if (typeof split === 'number' || typeof split === 'bigint') return functions.split(tensor, split, dim);
  if (!Array.isArray(split))
    throw new TypeError(
      `split(): argument 'splitSizeOrSections' must be int or list of ints, not ${describeValue(split)}`,
    );
  return functions.splitWithSizes(tensor, split, dim);
}

/**
 * Views of pieces of a tensor along a dimension: pieces of one size, the last maybe smaller, or of the sizes in a list.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.split.html
 *
 * @throws TorchError for negative sizes, and for a list whose sum is not the dimension's length.
 */
export function split(
  tensor: Tensor,
  splitSizeOrSections: number | bigint | Tensor | readonly (number | bigint)[],
  ...rest: Rest<[dim: number], SplitOptions>
): Tensor[];
export function split(...given: readonly unknown[]): Tensor[] {
  const { tensor, splitSizeOrSections, dim } = read(given);
  return splitInto(tensor, splitSizeOrSections, dim);
}

/** {@link split} as a method. */
export function splitMethod(self: Tensor, given: readonly unknown[]): Tensor[] {
  const { splitSize, dim } = readMethod(given);
  return splitInto(self, splitSize, dim);
}
