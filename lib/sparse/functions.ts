import type { DType } from '../dtype.js';
import type { Layout } from '../layout.js';
import { bindFunction } from '../ops/surface.js';
import type { Complex, Num } from '../ops/types.js';
import type { Tensor } from '../tensor.js';

/** Factors of a sum of products. */
export interface ProductOptions {
  /** Factor of the tensor that is added to. Default 1. */
  beta?: Num | Complex;
  /** Factor of the product. Default 1. */
  alpha?: Num | Complex;
}

/**
 * The product of a sparse and another matrix: dense where that one is dense, else sparse. With `reduce` (`'sum'`,
 * `'mean'`, `'amax'`, `'amin'`), for a CSR matrix and a dense one on the CPU, products are gathered in that way.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.sparse.mm.html
 */
export const mm: (sparse: Tensor, dense: Tensor, reduce?: 'sum' | 'mean' | 'amax' | 'amin') => Tensor =
  bindFunction('sparse.mm', '_sparse_mm', '- reduce');

/**
 * `beta * input + alpha * (mat1 @ mat2)` for a sparse `mat1`, with gradients for it.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.sparse.addmm.html
 */
export const addmm: (input: Tensor, mat1: Tensor, mat2: Tensor, options?: ProductOptions) => Tensor =
  bindFunction('sparse.addmm', '_sparse_addmm', '- out');

/**
 * `beta * input + alpha * (mat1 @ mat2)`, the product of dense matrices computed only where the CSR matrix `input` has
 * elements.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.sparse.sampled_addmm.html
 */
export const sampledAddmm: (
  input: Tensor,
  mat1: Tensor,
  mat2: Tensor,
  options?: ProductOptions & { out?: Tensor },
) => Tensor = bindFunction('sparse.sampledAddmm', 'sparse_sampled_addmm', '- out');

/** The forms of {@link sum}. */
export interface SparseSum {
  (input: Tensor, options?: { dim?: number | readonly number[]; dtype?: DType }): Tensor;
  (input: Tensor, dim: number | readonly number[], options?: { dtype?: DType }): Tensor;
}

/**
 * The sum of a sparse tensor's elements, all or along dimensions; sparse while sparse dimensions are left, and the
 * gradient for the tensor is sparse.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.sparse.sum.html
 */
export const sum: SparseSum = bindFunction('sparse.sum', '_sparse_sum', '- dtype dim dim_dtype');

/** The forms of {@link softmax}. */
export interface SparseSoftmax {
  (input: Tensor, dim: number, options?: { dtype?: DType }): Tensor;
  (input: Tensor, dim: number, dtype?: DType): Tensor;
}

/**
 * Softmax along a dimension of a sparse tensor, whose missing elements count as negative infinity.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.sparse.softmax.html
 */
export const softmax: SparseSoftmax = bindFunction('sparse.softmax', '_sparse_softmax', 'int');

/**
 * The logarithm of {@link softmax}.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.sparse.log_softmax.html
 */
export const logSoftmax: SparseSoftmax = bindFunction('sparse.logSoftmax', '_sparse_log_softmax', 'int');

/**
 * A sparse matrix with the rows of `diagonals` on the diagonals that `offsets` names (0 the main one, above it
 * positive).
 * See https://docs.pytorch.org/docs/2.13/generated/torch.sparse.spdiags.html
 */
export const spdiags: (
  diagonals: Tensor,
  offsets: Tensor,
  shape: readonly number[],
  layout?: Layout | null,
) => Tensor = bindFunction('sparse.spdiags', '_spdiags', '-');

/**
 * The solution `x` of `A x = B` (of `x A = B` with `left: false`) for a square CSR matrix `A`; on CUDA only, where
 * libtorch has cuDSS.
 * See https://docs.pytorch.org/docs/2.13/sparse.html#torch.sparse.spsolve
 */
export const spsolve: (A: Tensor, B: Tensor, options?: { left?: boolean }) => Tensor = bindFunction(
  'sparse.spsolve',
  '_spsolve',
  '-',
);
