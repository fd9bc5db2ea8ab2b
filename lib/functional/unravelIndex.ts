import { parameters, tensor } from '../arguments.js';
import { tensor as tensorOf } from '../creation.js';
import * as dtypes from '../dtype.js';
import { tidy } from '../memory.js';
import { describeValue } from '../ops/signature.js';
import type { Tensor } from '../tensor.js';
import { anything } from './arguments.js';

const read = parameters('unravelIndex', { indices: tensor, shape: anything });

function lengthsOf(shape: unknown): bigint[] {
  const isInt = (value: unknown): boolean => Number.isInteger(value) || typeof value === 'bigint';
  if (!Array.isArray(shape)) {
    if (isInt(shape)) return [BigInt(shape as number)];
    throw new TypeError(`expected 'shape' to be int or sequence of ints, but got ${describeValue(shape)}`);
  }
  for (const length of shape as unknown[]) {
    if (!isInt(length))
      throw new TypeError(`expected 'shape' sequence to only contain ints, but got ${describeValue(length)}`);
  }
  return shape.map((length: number | bigint) => BigInt(length));
}

/**
 * The coordinates of elements of a tensor of shape `shape`, from their indices in row-major order: a tensor like
 * `indices` for each dimension.
 *
 * `unravelIndex(indices, shape)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.unravel_index.html
 *
 * @throws TypeError for indices that are not integers, RangeError for negative lengths.
 */
export function unravelIndex(
  indices: Tensor,
  shape: number | bigint | readonly (number | bigint)[],
): Tensor[];
export function unravelIndex(...given: readonly unknown[]): Tensor[] {
  const { indices, shape } = read(given);
  const { dtype, device } = indices;
  if (dtype.isComplex || dtype.isFloatingPoint || dtype === dtypes.bool)
    throw new TypeError(`expected 'indices' to be integer dtype, but got ${dtype}`);
  const lengths = lengthsOf(shape);
  if (lengths.some((length) => length < 0n))
    throw new RangeError(`'shape' cannot have negative values, but got (${lengths.join(', ')})`);
  // How far apart in memory two neighbours along each dimension are.
  const steps = new Array<bigint>(lengths.length).fill(1n);
  for (let i = lengths.length - 2; i >= 0; i--)
    steps[i] = (steps[i + 1] as bigint) * (lengths[i + 1] as bigint);
  // Without dimensions there is still one step, as in PyTorch.
  if (lengths.length === 0) steps.push(1n);
  return tidy(() => {
    const integers = (values: readonly bigint[]): Tensor => tensorOf(values, { dtype: dtypes.int64, device });
    return indices.unsqueeze(-1).floorDivide(integers(steps)).remainder(integers(lengths)).unbind(-1);
  });
}
