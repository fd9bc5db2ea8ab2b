import { bool, float8_e8m0fnu, uint8, uint64 } from '../dtype.js';
import { ops } from '../ops.js';
import type { PrintOptions } from '../printOptions.js';
import type { Tensor } from '../tensor.js';
import { contentsToString, isSummarized, type PrintableElements } from './contents.js';

/**
 * The bracketed elements of a dense tensor, without prefix and suffixes. Of one that is summarised only the edges are
 * read.
 *
 * Makes tensors: call it inside a `tidy` scope, and without grad mode.
 *
 * @param indent the column that the text starts at.
 */
export function elementsToString(tensor: Tensor, indent: number, options: PrintOptions): string {
  const { shape } = tensor;
  const isCut = isSummarized(shape, options);
  const shown = isCut ? edgesOf(tensor, shape, options.edgeitems) : tensor;
  return contentsToString(shape, readElements(shown), indent, options);
}

/**
 * The first and the last items of each long dimension, as one view: a dimension of `n` items becomes two, of 2 and of
 * `edge` items, whose first one steps over what is left out. Nothing is copied.
 */
function edgesOf(tensor: Tensor, shape: readonly number[], edge: number): Tensor {
  const strides = tensor.stride();
  const sizes: number[] = [];
  const steps: number[] = [];
  shape.forEach((size, dim) => {
    const step = strides[dim] as number;
    if (size > 2 * edge) {
      sizes.push(2, edge);
      steps.push((size - edge) * step, step);
    } else {
      sizes.push(size);
      steps.push(step);
    }
  });
  return ops.aten.as_strided(tensor, sizes, steps);
}

function readElements(tensor: Tensor): PrintableElements {
  const { dtype } = tensor;
  if (dtype.isComplex)
    return { kind: 'complex', real: readDoubles(tensor.real), imag: readDoubles(tensor.imag) };
  // Two elements to a byte, which nothing converts: PyTorch shows the bytes, written as floats.
  if (dtype.name === 'float4_e2m1fn_x2')
    return { kind: 'float', values: readDoubles(ops.aten.view(tensor, uint8)) };
  // As PyTorch compares this dtype's bits, NaN is finite and the least number is 0; with NaN among the elements no
  // ratio is great and no number large.
  if (dtype === float8_e8m0fnu)
    return { kind: 'float', values: readDoubles(tensor), decides: (value) => value !== 2 ** -127 };
  if (dtype.isFloatingPoint) return { kind: 'float', values: readDoubles(tensor) };
  return { kind: 'plain', values: readPlain(tensor) };
}

/** Every floating point dtype converts to float64 without loss. The CPU does it: not every device has float64. */
function readDoubles(tensor: Tensor): Float64Array {
  return tensor.cpu().double().toTypedArray() as Float64Array;
}

function readPlain(tensor: Tensor): ArrayLike<bigint | boolean> {
  const { dtype } = tensor;
  // The one dtype whose values int64 does not hold.
  if (dtype === uint64) return tensor.toTypedArray() as BigUint64Array;
  const integers = tensor.cpu().long().toTypedArray() as BigInt64Array;
  return dtype === bool ? Array.from(integers, (value) => value !== 0n) : integers;
}
