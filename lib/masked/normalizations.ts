/** Masked operations that keep the shape. Where the mask says false, the result means nothing. */

import { float, int, parameters, type Rest, tensor, withDefault } from '../arguments.js';
import * as functions from '../generated/functions.js';
import { tidy } from '../memory.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';
import { alongOne, type MaskedOptions, maskedParameters } from './arguments.js';
import { canonicalDims, combine, type Identity, isStrided } from './mask.js';
import { normOf } from './reductions.js';

const { aten } = ops;

/** Options that may name the dimension too. */
export interface MaskedDimOptions extends MaskedOptions {
  dim: number;
}

type DimRest = [dim: number, options?: MaskedOptions] | [options: MaskedDimOptions];
type Arguments = ReturnType<ReturnType<typeof alongOne>>;

/** `compute` on the masked input, along a dimension counted from the front. */
function along(
  name: string,
  identity: Identity,
  { input, dim, dtype, mask }: Arguments,
  compute: (masked: Tensor, dim: number, type: NonNullable<Arguments['dtype']>) => Tensor,
): Tensor {
  const [axis] = canonicalDims(dim, input.ndim);
  return tidy(() => {
    // Softmax and the like are named after the reduction whose identity they use.
    const masked = combine(
      identity === 'least' ? 'amax' : identity === 'greatest' ? 'amin' : name,
      identity,
      input,
      mask,
    );
    if (!isStrided(masked.layout))
      throw new RangeError(`masked ${name} expects strided tensor (got ${masked.layout} tensor)`);
    return compute(masked, axis as number, dtype ?? input.dtype);
  });
}

const readCumsum = alongOne('cumsum');
const readCumprod = alongOne('cumprod');
const readSoftmax = alongOne('softmax');
const readLogSoftmax = alongOne('logSoftmax');
const readSoftmin = alongOne('softmin');

/**
 * The running sums of the elements that count.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function cumsum(input: Tensor, ...rest: DimRest): Tensor;
export function cumsum(...given: readonly unknown[]): Tensor {
  return along('cumsum', 'zero', readCumsum(given), (masked, dim, dtype) =>
    functions.cumsum(masked, dim, { dtype }).to(dtype),
  );
}

/**
 * The running products of the elements that count.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function cumprod(input: Tensor, ...rest: DimRest): Tensor;
export function cumprod(...given: readonly unknown[]): Tensor {
  return along('cumprod', 'one', readCumprod(given), (masked, dim, dtype) =>
    functions.cumprod(masked, dim, { dtype }).to(dtype),
  );
}

/**
 * The softmax of the elements that count.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function softmax(input: Tensor, ...rest: DimRest): Tensor;
export function softmax(...given: readonly unknown[]): Tensor {
  return along(
    'softmax',
    'least',
    readSoftmax(given),
    (masked, dim, dtype) => aten.softmax.int(masked, dim, dtype) as Tensor,
  );
}

/**
 * The logarithm of the softmax of the elements that count.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function logSoftmax(input: Tensor, ...rest: DimRest): Tensor;
export function logSoftmax(...given: readonly unknown[]): Tensor {
  return along(
    'log_softmax',
    'least',
    readLogSoftmax(given),
    (masked, dim, dtype) => aten.log_softmax.int(masked, dim, dtype) as Tensor,
  );
}

/**
 * The softmax of the negatives of the elements that count.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function softmin(input: Tensor, ...rest: DimRest): Tensor;
export function softmin(...given: readonly unknown[]): Tensor {
  return along(
    'softmin',
    'greatest',
    readSoftmin(given),
    (masked, dim, dtype) => aten.softmax.int(masked.neg(), dim, dtype) as Tensor,
  );
}

/** Options of {@link normalize}. */
export interface MaskedNormalizeOptions extends MaskedOptions {
  /** The least that is divided by. Default: 1e-12. */
  eps?: number;
}

const readNormalize = parameters(
  'normalize',
  { input: tensor, ord: float, dim: int, eps: withDefault(float, 1e-12), ...maskedParameters },
  3,
);

/**
 * The elements divided by the norm of those that count, along a dimension.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function normalize(
  input: Tensor,
  ord: number,
  ...rest: Rest<[dim: number], MaskedNormalizeOptions & { dim?: number }>
): Tensor;
export function normalize(...given: readonly unknown[]): Tensor {
  const { input, ord, dim, eps, dtype, mask } = readNormalize(given);
  return tidy(() => {
    const masked = combine('sum', 'zero', input, mask);
    if (!isStrided(masked.layout))
      throw new RangeError(`masked normalize expects strided tensor (got ${masked.layout} tensor)`);
    const norm = normOf({ input, ord, dim, keepdim: true, dtype: dtype ?? input.dtype, mask });
    return masked.divide(norm.maximum(norm.newFull([], eps)));
  });
}
