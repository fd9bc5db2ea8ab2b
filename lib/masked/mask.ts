/** How a mask is brought to the shape and layout of what it masks, and what stands where it says false. */
import { tensor } from '../creation.js';
import * as dtypes from '../dtype.js';
import { NotImplementedError, TorchError } from '../errors.js';
import type { Layout } from '../layout.js';
import { ops } from '../ops.js';
import type { Scalar, Tensor } from '../tensor.js';
import { sparseCooWhere } from './sparseWhere.js';

/** The layouts that masked operations know. */
export const isStrided = (layout: Layout): boolean => layout.name === 'strided';
export const isSparseCoo = (layout: Layout): boolean => layout.name === 'sparse_coo';
export const isSparseCsr = (layout: Layout): boolean => layout.name === 'sparse_csr';

/** Dimensions counted from the front, in ascending order; none stand for all. */
export function canonicalDims(dim: number | readonly number[] | null, ndim: number): number[] {
  if (dim === null || (typeof dim !== 'number' && dim.length === 0))
    return Array.from({ length: ndim }, (_, i) => i);
  const count = Math.max(ndim, 1);
  const dims: number[] = [];
  for (const d of typeof dim === 'number' ? [dim] : dim) {
    if (dims.includes(d)) throw new TorchError(`dim=${d} appears multiple times in the list of dims`);
    if (d >= count || d < -count) {
      throw new RangeError(
        `Dimension out of range (expected to be in range of [${-count}, ${count - 1}], but got ${d})`,
      );
    }
    dims.push(d < 0 ? d + count : d);
  }
  return dims.sort((a, b) => a - b);
}

/** The element that changes nothing, so that it can stand where a mask says false. */
export type Identity = 'zero' | 'one' | 'least' | 'leastOrComplex' | 'greatest' | 'nan';

function least(input: Tensor): Scalar | undefined {
  const { dtype } = input;
  if (dtype.isFloatingPoint) return Number.NEGATIVE_INFINITY;
  if (dtype === dtypes.uint8) return 0;
  return dtype.isSigned && !dtype.isComplex ? -(2n ** BigInt(dtype.itemsize * 8 - 1)) : undefined;
}

function greatest(input: Tensor): Scalar | undefined {
  const { dtype } = input;
  if (dtype.isFloatingPoint) return Number.POSITIVE_INFINITY;
  if (dtype === dtypes.uint8) return 255;
  return dtype.isSigned && !dtype.isComplex ? 2n ** BigInt(dtype.itemsize * 8 - 1) - 1n : undefined;
}

function identityOf(identity: Identity, input: Tensor): Scalar | undefined {
  if (identity === 'zero') return 0;
  if (identity === 'one') return 1;
  if (identity === 'nan') return Number.NaN;
  if (identity === 'greatest') return greatest(input);
  if (identity === 'leastOrComplex' && input.dtype.isComplex) return { re: Number.NEGATIVE_INFINITY, im: 0 };
  return least(input);
}

/** The identity as a tensor like `input`. @throws NotImplementedError where the dtype has none. */
export function identityTensor(name: string, identity: Identity, input: Tensor): Tensor {
  const { dtype, device } = input;
  const value = identityOf(identity, input);
  if (value === undefined) throw new NotImplementedError(`identity of ${name} on ${dtype} input`);
  return tensor(value, { dtype, device });
}

/** The mask with the shape and the layout of `input`. */
export function inputMask(input: Tensor, mask: Tensor): Tensor {
  const { layout, shape } = input;
  if (!isStrided(layout) && !isSparseCoo(layout) && !isSparseCsr(layout))
    throw new RangeError(`_input_mask expects strided or sparse COO or sparse CSR tensor but got ${layout}`);
  let result = mask;
  if (mask.shape.join() !== shape.join()) {
    if (mask.ndim > shape.length) {
      throw new RangeError(
        '_input_mask expected broadcastable mask (got mask dimensionality higher than of the input)',
      );
    }
    if (isStrided(mask.layout)) result = mask.clone().broadcastTo(shape).to(dtypes.bool);
    else if (isSparseCoo(mask.layout)) result = ops.aten._sparse_broadcast_to(mask, shape) as Tensor;
    else result = (ops.aten._sparse_broadcast_to(mask.toSparse(), shape) as Tensor).toSparseCsr();
  }
  if (result.layout.name !== layout.name) {
    if (isStrided(layout)) result = result.toDense();
    else if (isSparseCsr(layout)) result = result.toSparseCsr();
    else result = isStrided(result.layout) ? result.toSparse(input.sparseDim()) : result.toSparse();
  }
  if (isSparseCoo(result.layout)) result = result.coalesce();
  return result.to(dtypes.bool);
}

/** `input` where the mask says true, and elsewhere the identity, or nothing in a sparse tensor. */
export function combine(name: string, identity: Identity, input: Tensor, mask: Tensor | null): Tensor {
  if (mask === null) return input;
  const canonical = inputMask(input, mask);
  const fill = identityTensor(name, identity, input);
  if (isStrided(canonical.layout)) return ops.aten.where.self(canonical, input, fill) as Tensor;
  if (isSparseCoo(canonical.layout)) return sparseCooWhere(canonical, input, fill);
  return sparseCooWhere(canonical.toSparse(), input.toSparse(), fill).toSparseCsr();
}
