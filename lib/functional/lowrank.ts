/** Approximate factorizations of low rank, by random projections. */

import { bool, int, optional, parameters, type Rest, tensor, withDefault } from '../arguments.js';
import * as functions from '../generated/functions.js';
import { tidy } from '../memory.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';
import { basis, floatingDtype, matmul } from './linalgUtils.js';

/** Left vectors as columns, singular values in descending order, right vectors as columns. */
export type LowrankResult = [U: Tensor, S: Tensor, V: Tensor];

/** `q` columns that approximately span the range of `A - M`, after `niter` power iterations. */
function approximateBasis(A: Tensor, q: number, niter: number | null, M: Tensor | null): Tensor {
  const dtype = A.dtype.isComplex ? A.dtype : floatingDtype(A);
  const R = functions.randn([A.shape.at(-1) as number, q], { dtype, device: A.device });
  const times = (left: (matrix: Tensor) => Tensor, right: Tensor): Tensor => {
    const product = matmul(left(A), right);
    return M === null ? product : product.sub(matmul(left(M), right));
  };
  let Q = basis(times((matrix) => matrix, R));
  for (let i = 0; i < (niter ?? 2); i++) {
    Q = basis(times((matrix) => matrix.mH, Q));
    Q = basis(times((matrix) => matrix, Q));
  }
  return Q;
}

function rowsAndColumns(A: Tensor): [number, number] {
  const [m, n] = A.shape.slice(-2);
  if (m === undefined || n === undefined)
    throw new RangeError(`expected a matrix, but got ${A.ndim} dimensions`);
  return [m, n];
}

function factor(A: Tensor, q: number, niter: number | null, M: Tensor | null): LowrankResult {
  const [m, n] = rowsAndColumns(A);
  const wide = m < n;
  const mean = M === null ? null : M.broadcastTo(A.shape);
  const tall = wide ? A.mH : A;
  const tallMean = wide && mean !== null ? mean.mH : mean;
  const Q = approximateBasis(tall, q, niter, tallMean);
  let B = matmul(Q.mH, tall);
  if (tallMean !== null) B = B.sub(matmul(Q.mH, tallMean));
  const [inner, S, Vh] = ops.aten.linalg_svd(B, false) as [Tensor, Tensor, Tensor];
  const V = Vh.mH;
  const U = Q.matmul(inner);
  return wide ? [V, S, U] : [U, S, V];
}

/** Options of {@link svdLowrank}. */
export interface SvdLowrankOptions {
  /** The rank, maybe overestimated. Default: 6. */
  q?: number | null;
  /** How many power iterations make the approximation better. Default: 2. */
  niter?: number | null;
  /** Subtracted from the matrix first, as the mean of its columns, say. */
  M?: Tensor | null;
}

const readSvd = parameters('svdLowrank', {
  A: tensor,
  q: optional(int),
  niter: optional(int),
  M: optional(tensor),
});

/**
 * An approximate singular value decomposition `U diag(S) Vᴴ` of (batches of) matrices that have a low rank. It draws
 * random numbers. For dense matrices `torch.linalg.svd` is up to ten times faster.
 *
 * `svdLowrank(A, q = null, niter = null, M = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.svd_lowrank.html
 */
export function svdLowrank(
  A: Tensor,
  ...rest: Rest<[q: number | null, niter: number | null, M: Tensor | null], SvdLowrankOptions>
): LowrankResult;
export function svdLowrank(...given: readonly unknown[]): LowrankResult {
  const { A, q, niter, M } = readSvd(given);
  return tidy(() => factor(A, q ?? 6, niter, M));
}

/** Options of {@link pcaLowrank}. */
export interface PcaLowrankOptions {
  /** The rank, maybe overestimated. Default: 6, or the smaller dimension where that is less. */
  q?: number | null;
  /** Whether the mean of each column is subtracted first. Default: `true`. */
  center?: boolean;
  /** How many power iterations make the approximation better. Default: 2. */
  niter?: number;
}

const readPca = parameters('pcaLowrank', {
  A: tensor,
  q: optional(int),
  center: withDefault(bool, true),
  niter: withDefault(int, 2),
});

/** The means of a sparse matrix's columns, as a dense matrix of its shape. */
function sparseColumnMeans(A: Tensor): Tensor {
  if (A.ndim !== 2) throw new RangeError('pca_lowrank input is expected to be 2-dimensional tensor');
  const { aten } = ops;
  const [m, n] = rowsAndColumns(A);
  const dtype = floatingDtype(A);
  const { device } = A;
  const means = (aten._sparse_sum.dim(A, [-2]) as Tensor).div(m);
  const columns = means.indices().select(0, 0);
  const indices = functions.zeros([2, columns.numel()], { dtype: columns.dtype, device });
  indices.select(0, 0).copy_(columns);
  const values = means.values().to(dtype);
  const transposed = aten.sparse_coo_tensor.indices_size(indices, values, [n, 1], {
    dtype,
    device,
  }) as Tensor;
  const ones = functions.ones([1, m], { dtype, device });
  return (aten._sparse_mm(transposed, ones) as Tensor).mT;
}

/**
 * An approximate principal component analysis of (batches of) matrices whose rows are samples: the columns of V are the
 * principal directions. It draws random numbers.
 *
 * `pcaLowrank(A, q = null, center = true, niter = 2)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.pca_lowrank.html
 *
 * @throws RangeError for a q that is negative or larger than the matrix, and for a negative `niter`.
 */
export function pcaLowrank(
  A: Tensor,
  ...rest: Rest<[q: number | null, center: boolean, niter: number], PcaLowrankOptions>
): LowrankResult;
export function pcaLowrank(...given: readonly unknown[]): LowrankResult {
  const { A, q, center, niter } = readPca(given);
  const [m, n] = rowsAndColumns(A);
  const most = Math.min(m, n);
  if (q !== null && (q < 0 || q > most)) {
    throw new RangeError(`q(=${q}) must be non-negative integer and not greater than min(m, n)=${most}`);
  }
  if (niter < 0) throw new RangeError(`niter(=${niter}) must be non-negative integer`);
  const rank = q ?? Math.min(6, most);
  return tidy(() => {
    if (!center) return factor(A, rank, niter, null);
    if (A.isSparse) return factor(A, rank, niter, sparseColumnMeans(A));
    return factor(A.sub(A.mean([-2], true)), rank, niter, null);
  });
}
