/** Masked reductions: what a mask leaves out does not count. */

import {
  bool,
  float,
  int,
  ints,
  optional,
  parameters,
  type Rest,
  tensor,
  withDefault,
} from '../arguments.js';
import type { DType } from '../dtype.js';
import * as dtypes from '../dtype.js';
import { TorchError } from '../errors.js';
import * as functions from '../generated/functions.js';
import type { Layout } from '../layout.js';
import { tidy } from '../memory.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';
import {
  type Dims,
  indexReduction,
  keepdimParameter,
  type MaskedOptions,
  type MaskedReductionOptions,
  maskedParameters,
  type Reduced,
  reduction,
} from './arguments.js';
import { canonicalDims, combine, inputMask, isSparseCoo, isSparseCsr, isStrided } from './mask.js';
import { reduceCoo, reduceCsr } from './sparseReductions.js';

const { aten } = ops;

const small: readonly DType[] = [dtypes.uint8, dtypes.bool, dtypes.int8, dtypes.int16, dtypes.int32];

function refuseLayout(name: string, expected: string, layout: Layout): never {
  throw new RangeError(`masked ${name} expects ${expected} (got ${layout} tensor)`);
}

function needMask(name: string, kind: string, mask: Tensor | null): void {
  if (mask === null) throw new RangeError(`masked ${name} expects explicit mask for ${kind} tensor input`);
}

const everyLayout = 'strided, sparse_coo or sparse_csr tensor';

/** Sums and products of small integers are int64; of sparse CSR tensors only the elements are. */
function widened(input: Tensor, dtype: DType | null): { input: Tensor; dtype: DType | null } {
  if (dtype !== null) return { input, dtype };
  if (!small.includes(input.dtype)) return { input, dtype: input.dtype };
  if (!isSparseCsr(input.layout)) return { input, dtype: dtypes.int64 };
  return { input: input.toSparse().to(dtypes.int64).toSparseCsr(), dtype: null };
}

/** The sum, within the library. */
export function sumOf(given: Reduced): Tensor {
  const { keepdim, mask } = given;
  const { input, dtype } = widened(given.input, given.dtype);
  const dims = canonicalDims(given.dim, input.ndim);
  const masked = combine('sum', 'zero', input, mask);
  if (isStrided(masked.layout)) return aten.sum.dim_IntList(masked, dims, keepdim, { dtype }) as Tensor;
  if (isSparseCoo(masked.layout)) return reduceCoo('sum', masked, dims, keepdim, dtype as DType);
  if (isSparseCsr(masked.layout)) {
    return aten._sparse_csr_sum.dim_dtype(masked, dims, keepdim, { dtype }) as Tensor;
  }
  return refuseLayout('sum', everyLayout, masked.layout);
}

const readSum = reduction('sum');

/**
 * The sum of the elements that count. Small integers give int64.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function sum(
  input: Tensor,
  ...rest: Rest<[dim: Dims], { dim?: Dims } & MaskedReductionOptions>
): Tensor;
export function sum(...given: readonly unknown[]): Tensor {
  const args = readSum(given);
  return tidy(() => sumOf(args));
}

const readProd = reduction('prod');

/**
 * The product of the elements that count. Small integers give int64. Sparse tensors need a mask.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function prod(
  input: Tensor,
  ...rest: Rest<[dim: Dims], { dim?: Dims } & MaskedReductionOptions>
): Tensor;
export function prod(...given: readonly unknown[]): Tensor {
  const { mask, keepdim, ...args } = readProd(given);
  return tidy(() => {
    const { input, dtype } = widened(args.input, args.dtype);
    const dims = canonicalDims(args.dim, input.ndim);
    const masked = combine('prod', 'one', input, mask);
    if (isStrided(masked.layout)) {
      let result = masked.to(dtype as DType);
      for (const d of dims.reverse()) result = aten.prod.dim_int(result, d, keepdim) as Tensor;
      return result;
    }
    if (isSparseCoo(masked.layout)) {
      needMask('prod', 'sparse_coo', mask);
      return reduceCoo('prod', masked, dims, keepdim, dtype as DType);
    }
    if (isSparseCsr(masked.layout)) {
      needMask('prod', 'sparse_csr', mask);
      return aten._sparse_csr_prod.dim_dtype(masked, dims, keepdim, { dtype }) as Tensor;
    }
    return refuseLayout('prod', everyLayout, masked.layout);
  });
}

function extreme(name: 'amax' | 'amin', { input, dim, keepdim, dtype, mask }: Reduced): Tensor {
  const type = dtype ?? input.dtype;
  return tidy(() => {
    const masked = combine(name, name === 'amax' ? 'least' : 'greatest', input, mask);
    const dims = canonicalDims(dim, masked.ndim);
    if (isStrided(masked.layout)) return (aten[name](masked, dims, keepdim) as Tensor).to(type);
    if (isSparseCoo(masked.layout)) {
      needMask(name, 'sparse_coo', mask);
      return reduceCoo(name, masked, dims, keepdim, type);
    }
    if (isSparseCsr(masked.layout)) {
      needMask(name, 'sparse_csr', mask);
      return reduceCsr(name, masked, dims, keepdim, type);
    }
    return refuseLayout(name, everyLayout, masked.layout);
  });
}

const readAmax = reduction('amax');
const readAmin = reduction('amin');

/**
 * The greatest of the elements that count. Sparse tensors need a mask.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function amax(
  input: Tensor,
  ...rest: Rest<[dim: Dims], { dim?: Dims } & MaskedReductionOptions>
): Tensor;
export function amax(...given: readonly unknown[]): Tensor {
  return extreme('amax', readAmax(given));
}

/**
 * The least of the elements that count. Sparse tensors need a mask.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function amin(
  input: Tensor,
  ...rest: Rest<[dim: Dims], { dim?: Dims } & MaskedReductionOptions>
): Tensor;
export function amin(...given: readonly unknown[]): Tensor {
  return extreme('amin', readAmin(given));
}

function indexOfExtreme(name: 'argmax' | 'argmin', { input, dim, keepdim, dtype, mask }: Reduced): Tensor {
  return tidy(() => {
    const masked = combine(name, name === 'argmax' ? 'least' : 'greatest', input, mask);
    if (!isStrided(masked.layout)) return refuseLayout(name, 'strided tensor', masked.layout);
    return (aten[name](masked, dim, keepdim) as Tensor).to(dtype ?? input.dtype);
  });
}

const readArgmax = indexReduction('argmax');
const readArgmin = indexReduction('argmin');

/** Options of {@link argmax} and {@link argmin}. */
export interface MaskedArgOptions extends MaskedReductionOptions {
  /** The dimension; `null` for the index within the flattened tensor. Default: `null`. */
  dim?: number | null;
}

/**
 * The index of the greatest of the elements that count, as a tensor of the input's dtype unless `dtype` says otherwise.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function argmax(input: Tensor, ...rest: Rest<[dim: number | null], MaskedArgOptions>): Tensor;
export function argmax(...given: readonly unknown[]): Tensor {
  return indexOfExtreme('argmax', readArgmax(given));
}

/**
 * The index of the least of the elements that count, as a tensor of the input's dtype unless `dtype` says otherwise.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function argmin(input: Tensor, ...rest: Rest<[dim: number | null], MaskedArgOptions>): Tensor;
export function argmin(...given: readonly unknown[]): Tensor {
  return indexOfExtreme('argmin', readArgmin(given));
}

/** How many elements count, and the mask of the input's shape. */
function counted(
  input: Tensor,
  dim: Dims,
  keepdim: boolean,
  mask: Tensor | null,
): { count: Tensor; mask: Tensor | null } {
  if (mask === null) {
    const ones = functions.ones(input.shape, { dtype: dtypes.int64, device: input.device });
    return { count: sumOf({ input: ones, dim, keepdim, dtype: null, mask: null }), mask: null };
  }
  const full = inputMask(input, mask);
  const dims = typeof dim === 'number' ? [dim] : dim;
  return { count: aten.sum.dim_IntList(full, dims, keepdim) as Tensor, mask: full };
}

const readMean = reduction('mean');

/**
 * The mean of the elements that count. Sparse CSR tensors need a mask.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 *
 * @throws RangeError for integers without a `dtype`.
 */
export function mean(
  input: Tensor,
  ...rest: Rest<[dim: Dims], { dim?: Dims } & MaskedReductionOptions>
): Tensor;
export function mean(...given: readonly unknown[]): Tensor {
  const { input, dim, keepdim, dtype, mask } = readMean(given);
  const type = dtype ?? input.dtype;
  if (!type.isFloatingPoint && !type.isComplex) {
    throw new RangeError(
      `mean(): Could not infer output dtype. ${dtype === null ? 'Input' : 'Optional'} dtype must be either ` +
        `a floating point or complex dtype. Got: ${type}`,
    );
  }
  return tidy(() => {
    if (isStrided(input.layout)) {
      const { count, mask: full } = counted(input, dim, keepdim, mask);
      return sumOf({ input, dim, keepdim, dtype: type, mask: full }).div(count);
    }
    if (!isSparseCsr(input.layout)) return refuseLayout('mean', 'strided or sparse_csr tensor', input.layout);
    needMask('mean', 'sparse_csr', mask);
    const masked = combine('mean', 'zero', input, mask);
    return reduceCsr('mean', masked, canonicalDims(dim, masked.ndim), keepdim, type);
  });
}

/** Options of {@link median}. */
export interface MaskedMedianOptions extends MaskedReductionOptions {
  /** Default: -1. */
  dim?: number;
}

const readMedian = parameters(
  'median',
  { input: tensor, dim: withDefault(int, -1), keepdim: keepdimParameter, ...maskedParameters },
  2,
);

/**
 * The median of the elements that count, the lower one of two. Where none count, it is NaN.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 *
 * @throws RangeError for integers where in a row none count.
 */
export function median(input: Tensor, ...rest: Rest<[dim: number], MaskedMedianOptions>): Tensor;
export function median(...given: readonly unknown[]): Tensor {
  const { input, dim, keepdim, dtype, mask } = readMedian(given);
  const [axis] = canonicalDims(dim, input.ndim);
  return tidy(() => {
    const isFloat = input.dtype.isFloatingPoint;
    const masked = combine('median', 'nan', isFloat ? input : input.to(dtypes.float32), mask);
    if (!isStrided(masked.layout)) return refuseLayout('median', 'strided tensor', masked.layout);
    const [output] = aten.nanmedian.dim(masked, axis, keepdim) as [Tensor, Tensor];
    if (isFloat) return output;
    if (output.isnan().any().item() === false) return output.to(dtype ?? input.dtype);
    throw new RangeError('masked median expects no fully masked out rows if dtype is not floating point');
  });
}

const readLogsumexp = reduction('logsumexp');

/**
 * The logarithm of the sum of the exponentials of the elements that count.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function logsumexp(
  input: Tensor,
  ...rest: Rest<[dim: Dims], { dim?: Dims } & MaskedReductionOptions>
): Tensor;
export function logsumexp(...given: readonly unknown[]): Tensor {
  const { input, dim, keepdim, dtype, mask } = readLogsumexp(given);
  const dims = canonicalDims(dim, input.ndim);
  return tidy(() => {
    const masked = combine('logsumexp', 'leastOrComplex', input, mask);
    if (!isStrided(masked.layout)) return refuseLayout('logsumexp', 'strided tensor', masked.layout);
    return (aten.logsumexp(masked, dims, keepdim) as Tensor).to(dtype ?? input.dtype);
  });
}

/** Options of {@link logaddexp}. */
export interface MaskedLogaddexpOptions {
  /** Of the result. Default: the first input's dtype. */
  dtype?: DType | null;
  /** Which elements of the first tensor count. Default: all. */
  inputMask?: Tensor | null;
  /** Which elements of the second tensor count. Default: all. */
  otherMask?: Tensor | null;
}

const readLogaddexp = parameters(
  'logaddexp',
  {
    input: tensor,
    other: tensor,
    dtype: maskedParameters.dtype,
    inputMask: optional(tensor),
    otherMask: optional(tensor),
  },
  2,
);

/**
 * The logarithm of the sum of the exponentials of two tensors, element by element, each of which may have its mask.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function logaddexp(input: Tensor, other: Tensor, options?: MaskedLogaddexpOptions): Tensor;
export function logaddexp(...given: readonly unknown[]): Tensor {
  const { input, other, dtype, ...masks } = readLogaddexp(given);
  if (!isStrided(input.layout) || !isStrided(other.layout)) {
    throw new RangeError(
      `masked logaddexp expects strided tensors (got ${input.layout} tensor for input, ${other.layout} for other)`,
    );
  }
  return tidy(() => {
    const first = combine('logaddexp', 'least', input, masks.inputMask);
    const second = combine('logaddexp', 'least', other, masks.otherMask);
    return first.logaddexp(second).to(dtype ?? input.dtype);
  });
}

/** The arguments of a norm, as they are read. */
export interface NormArguments extends Reduced {
  ord: number | null;
}

/** The norm, within the library. */
export function normOf({ input, ord, dim, keepdim, dtype, mask }: NormArguments): Tensor {
  const least = ord === Number.NEGATIVE_INFINITY;
  if (mask !== null && least && !input.dtype.isFloatingPoint)
    throw new TorchError(`input must be floating point, got ${input.dtype}`);
  const masked = combine('norm', least ? 'greatest' : 'zero', input, mask);
  if (!isStrided(masked.layout)) return refuseLayout('norm', 'strided tensor', masked.layout);
  const dims = canonicalDims(dim, input.ndim);
  return aten.linalg_vector_norm(masked, ord, dims, keepdim, { dtype: dtype ?? input.dtype }) as Tensor;
}

const readNorm = parameters(
  'norm',
  {
    input: tensor,
    ord: withDefault(optional(float), 2),
    dim: optional(ints),
    keepdim: keepdimParameter,
    ...maskedParameters,
  },
  3,
);

/** Options of {@link norm}. */
export interface MaskedNormOptions extends MaskedReductionOptions {
  /** The order, as for `torch.linalg.vectorNorm`. Default: 2. */
  ord?: number;
  /** Default: all. */
  dim?: Dims;
}

/**
 * The vector norm of the elements that count.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function norm(input: Tensor, ...rest: Rest<[ord: number, dim: Dims], MaskedNormOptions>): Tensor;
export function norm(...given: readonly unknown[]): Tensor {
  const args = readNorm(given);
  return tidy(() => normOf(args));
}

/** Options of {@link variance} and {@link std}. */
export interface MaskedVarianceOptions extends MaskedReductionOptions {
  /** Default: all. */
  dim?: Dims;
  /** Whether the sum is divided by one less than the count. Default: `true`. */
  unbiased?: boolean | null;
  /** What is subtracted from the count, instead of `unbiased`. Default: 1. */
  correction?: number | null;
}

const varianceParameters = {
  input: tensor,
  dim: optional(ints),
  unbiased: optional(bool),
  correction: optional(float),
  keepdim: keepdimParameter,
  ...maskedParameters,
};
const readVariance = parameters('var', varianceParameters, 3);
const readStd = parameters('std', varianceParameters, 3);

const realOf: ReadonlyMap<DType, DType> = new Map([
  [dtypes.complex32, dtypes.float16],
  [dtypes.complex64, dtypes.float32],
  [dtypes.complex128, dtypes.float64],
]);

function varianceOf(given: ReturnType<typeof readVariance>, takeRoot: boolean): Tensor {
  const { input, dim, unbiased, correction, keepdim } = given;
  if (unbiased !== null && correction !== null)
    throw new TorchError('Only one of unbiased and correction may be given');
  const subtracted = correction ?? (unbiased === false ? 0 : 1);
  const isInexact = (type: DType): boolean => type.isFloatingPoint || type.isComplex;
  const dtype = given.dtype ?? (isInexact(input.dtype) ? input.dtype : dtypes.float32);
  const computeDtype = isInexact(dtype) ? dtype : dtypes.float32;
  if (!isStrided(input.layout)) return refuseLayout('std/var', 'strided tensor', input.layout);
  return tidy(() => {
    const { count, mask } = counted(input, dim, true, given.mask);
    const mean = sumOf({ input, dim, keepdim: true, dtype, mask }).divide(count);
    const x = input.subtract(mean);
    const total = sumOf({ input: x.mul(x.conj()), dim, keepdim, dtype: computeDtype, mask });
    let divisor = keepdim ? count : count.reshape(total.shape);
    if (subtracted !== 0) {
      divisor = divisor.to(realOf.get(computeDtype) ?? computeDtype).subtract(subtracted);
      divisor = divisor.maximum(divisor.newZeros([]));
    }
    const output = total.divide(divisor).to(dtype);
    return takeRoot ? output.sqrt() : output;
  });
}

type VarianceRest = Rest<[dim: Dims, unbiased: boolean | null], MaskedVarianceOptions>;

/**
 * The variance of the elements that count.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function variance(input: Tensor, ...rest: VarianceRest): Tensor;
export function variance(...given: readonly unknown[]): Tensor {
  return varianceOf(readVariance(given), false);
}

/**
 * The standard deviation of the elements that count.
 *
 * See https://docs.pytorch.org/docs/2.13/masked.html
 */
export function std(input: Tensor, ...rest: VarianceRest): Tensor;
export function std(...given: readonly unknown[]): Tensor {
  return varianceOf(readStd(given), true);
}

export type { MaskedOptions, MaskedReductionOptions };
