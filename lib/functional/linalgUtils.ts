/** Pieces of linear algebra that the iterative solvers share, for dense and for sparse matrices. */

import type { DType } from '../dtype.js';
import * as dtypes from '../dtype.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';

const floating: readonly DType[] = [dtypes.float16, dtypes.float32, dtypes.float64];

/** The tensor's dtype where it is a floating one, and else float32. */
export function floatingDtype(tensor: Tensor): DType {
  return floating.includes(tensor.dtype) ? tensor.dtype : dtypes.float32;
}

/** A product where `A` may be sparse; null stands for the identity. */
export function matmul(A: Tensor | null, B: Tensor): Tensor {
  if (A === null) return B;
  return (A.isSparse ? ops.aten._sparse_mm(A, B) : ops.aten.matmul(A, B)) as Tensor;
}

/** The bilinear form `Xᵀ A Y`. */
export function bilinearForm(X: Tensor, A: Tensor | null, Y: Tensor): Tensor {
  return matmul(X.mT, matmul(A, Y));
}

/** The quadratic form `Sᵀ A S`. */
export function quadraticForm(A: Tensor | null, S: Tensor): Tensor {
  return bilinearForm(S, A, S);
}

/** An orthonormal basis of the columns. */
export function basis(A: Tensor): Tensor {
  return (ops.aten.linalg_qr(A) as [Tensor, Tensor])[0];
}

/** Eigenvalues and eigenvectors of a symmetric matrix, in ascending or, with `largest`, in descending order. */
export function symmetricEigen(A: Tensor, largest = false): [values: Tensor, vectors: Tensor] {
  const [E, Z] = ops.aten.linalg_eigh(A, 'U') as [Tensor, Tensor];
  return largest ? [E.flip([-1]), Z.flip([-1])] : [E, Z];
}
