/** Reductions of sparse tensors over what they have, as masked operations need them. */
import { tensor } from '../creation.js';
import type { DType } from '../dtype.js';
import * as dtypes from '../dtype.js';
import { NotImplementedError, TorchError } from '../errors.js';
import * as functions from '../generated/functions.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';
import { identityTensor } from './mask.js';

/** The reductions that scatter and segment operators know. */
export type Reduction = 'sum' | 'prod' | 'mean' | 'amax' | 'amin';

const { aten } = ops;
const integers = (values: readonly number[], like: Tensor): Tensor =>
  tensor(values, { dtype: dtypes.int64, device: like.device });

/** The reduction along the first dimension of values. */
function alongFirst(reduce: Reduction, values: Tensor, keepdim: boolean, dtype?: DType): Tensor {
  if (reduce === 'amax' || reduce === 'amin') return aten[reduce](values, [0], keepdim) as Tensor;
  const options = dtype === undefined ? {} : { dtype };
  if (reduce === 'prod') return aten.prod.dim_int(values, 0, keepdim, options) as Tensor;
  if (reduce === 'mean') return aten.mean.dim(values, [0], keepdim, options) as Tensor;
  return aten.sum.dim_IntList(values, [0], keepdim, options) as Tensor;
}

function scatter(reduce: Reduction, values: Tensor, at: Tensor, shape: readonly number[]): Tensor {
  return values.newEmpty(shape).scatterReduce_(0, at, values, reduce, { includeSelf: false });
}

/** Reduces a sparse COO tensor over dimensions. */
export function reduceCoo(
  reduce: Reduction,
  input: Tensor,
  dims: readonly number[],
  keepdim: boolean,
  dtype: DType,
): Tensor {
  const sparseDims = input.sparseDim();
  const indices = aten._indices(input) as Tensor;
  let values = aten._values(input) as Tensor;
  if (values.dtype !== dtype) values = values.to(dtype);
  const shape = input.shape;
  const outShape = keepdim
    ? shape.map((length, d) => (dims.includes(d) ? 1 : length))
    : shape.filter((_, d) => !dims.includes(d));
  const within = dims.filter((d) => d < shape.length);
  const sparse = within.filter((d) => d < sparseDims);
  const dense = within.filter((d) => d >= sparseDims).map((d) => d + 1 - sparseDims);
  if (dense.length > 0 && reduce !== 'sum')
    throw new NotImplementedError(`masked ${reduce}: dense dimensions of sparse tensors cannot be reduced`);
  let reduced = dense.length > 0 ? (aten.sum.dim_IntList(values, dense, keepdim) as Tensor) : values.clone();
  if (sparse.length === sparseDims) {
    const isEmpty = reduced.size(0) === 0 && (reduce === 'amax' || reduce === 'amin');
    reduced = isEmpty
      ? identityTensor(reduce, reduce === 'amax' ? 'least' : 'greatest', reduced)
      : alongFirst(reduce, reduced, false);
    if (keepdim) for (let d = 0; d < sparseDims; d++) reduced = reduced.unsqueeze(0);
    return reduced.to(dtype).toSparse();
  }
  let newIndices = indices.clone();
  if (keepdim) {
    for (const d of sparse) newIndices.select(0, d).fill_(0);
  } else if (sparse.length > 0) {
    const retained = Array.from({ length: sparseDims }, (_, d) => d).filter((d) => !sparse.includes(d));
    newIndices = newIndices.indexSelect(0, integers(retained, input));
  }
  if (newIndices.numel() > 0) {
    const [distinct, inverse] = aten.unique_dim(newIndices, 1, true, true, false) as [Tensor, Tensor];
    newIndices = distinct;
    let at = inverse;
    for (let d = 1; d < reduced.ndim; d++) at = at.unsqueeze(-1);
    at = at.expand(reduced.shape);
    const target = [newIndices.size(1), ...reduced.shape.slice(1)];
    // Half precision has no scatter of its own.
    const isHalf = dtype === dtypes.bfloat16 || dtype === dtypes.float16;
    const wide = isHalf ? reduced.to(dtypes.float32) : reduced;
    reduced = scatter(reduce, wide, at, target);
    if (isHalf) reduced = reduced.to(dtype);
  }
  return aten.sparse_coo_tensor.indices_size(newIndices, reduced, outShape, {
    dtype,
    device: input.device,
  }) as Tensor;
}

/** Reduces a sparse CSR matrix over dimensions, which stay. */
export function reduceCsr(
  reduce: Reduction,
  input: Tensor,
  dims: readonly number[],
  keepdim: boolean,
  dtype: DType,
): Tensor {
  if (!keepdim) throw new TorchError('reduction operations on CSR tensors with keepdim=False is unsupported');
  const crow = input.crowIndices();
  const columns = input.colIndices();
  let values = input.values();
  if (values.dtype !== dtype) values = values.to(dtype);
  if (dims.length === 0) return input;
  const make = (rows: Tensor, cols: Tensor, elements: Tensor, shape: readonly number[]): Tensor =>
    aten.sparse_csr_tensor.crow_col_value_size(rows, cols, elements.to(dtype), shape, {
      dtype,
      device: input.device,
    }) as Tensor;
  if (dims.length > 1) {
    const count = Math.min(1, values.numel());
    const all =
      count === 1
        ? alongFirst(reduce, values, true, dtype)
        : functions.empty([0], { dtype, device: input.device });
    return make(integers([0, count], input), columns.newZeros([count]), all, [1, count]);
  }
  if (dims[0] === 0) {
    const [distinct, at] = aten._unique2(columns, true, true, false) as [Tensor, Tensor];
    const count = distinct.numel();
    const sums = scatter(reduce, values, at, [count]);
    return make(integers([0, count], input), distinct, sums, [1, input.size(1)]);
  }
  const filled = crow.diff().ne(0).cumsum(0);
  const rows = functions.cat([crow.newZeros([1]), filled], 0);
  const count = Number(rows.select(0, -1).item());
  const segments = aten.segment_reduce(values, reduce, { offsets: crow }) as Tensor;
  return make(rows, columns.newZeros([count]), segments, [input.size(0), 1]);
}
