import { optional, parameters, type Rest, tensor, withDefault } from '../arguments.js';
import { TorchError } from '../errors.js';
import { tidy } from '../memory.js';
import { describeValue } from '../ops/signature.js';
import { ops } from '../ops.js';
import { Tensor } from '../tensor.js';
import { anything } from './arguments.js';

/** How many dimensions are summed over, or which: those of `a`, and those of `b`. */
export type TensordotDims = number | readonly [a: readonly number[], b: readonly number[]] | Tensor;

/** Options of {@link tensordot}. */
export interface TensordotOptions {
  /** Default: 2. */
  dims?: TensordotDims;
  /** Where the result goes. */
  out?: Tensor | null;
}

const read = parameters('tensordot', {
  a: tensor,
  b: tensor,
  dims: withDefault(anything, 2),
  out: optional(tensor),
});

/** The last n dimensions, and the first n. */
const lastAndFirst = (n: number): [number[], number[]] => [
  Array.from({ length: n }, (_, i) => i - n),
  Array.from({ length: n }, (_, i) => i),
];

function dimensions(a: Tensor, b: Tensor, dims: unknown): [unknown, unknown] {
  if (dims instanceof Tensor) {
    if (dims.numel() > 1) {
      if (dims.shape[0] !== 2)
        throw new TorchError(`dims tensor must have size 2 in first dimension, got ${dims.shape[0]}`);
      return dims.tolist() as [unknown, unknown];
    }
    const count = Math.trunc(Number(dims.item()));
    if (count < 0) throw new TorchError(`tensordot expects dims >= 0, but got dims=${dims}`);
    // Smaller ones libtorch refuses itself; lists of billions would not fit the heap.
    if (count > Math.max(a.ndim, b.ndim))
      throw new TorchError(`tensordot expects dims < ndim_a or ndim_b, but got dims=${count}`);
    return lastAndFirst(count);
  }
  if (Array.isArray(dims)) {
    if (dims.length !== 2)
      throw new RangeError(`tensordot expects two lists of dimensions, but got ${dims.length}`);
    return dims as [unknown, unknown];
  }
  if (!Number.isInteger(dims) && typeof dims !== 'bigint') {
    throw new TypeError(
      `tensordot expects dims to be int or two lists of ints, but got dims=${describeValue(dims)}`,
    );
  }
  const count = Number(dims);
  if (count < 0) throw new TorchError(`tensordot expects dims >= 0, but got dims=${count}`);
  if (count > Math.min(a.ndim, b.ndim))
    throw new TorchError(`tensordot expects dims < ndim_a or ndim_b, but got dims=${count}`);
  return lastAndFirst(count);
}

/**
 * The product of two tensors, summed over the last `dims` dimensions of `a` and the first of `b`, or over the
 * dimensions in two lists.
 *
 * `tensordot(a, b, dims = 2, out = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.tensordot.html
 *
 * @throws TorchError for dimensions of different lengths, and for more dimensions than there are.
 */
export function tensordot(
  a: Tensor,
  b: Tensor,
  ...rest: Rest<[dims: TensordotDims, out: Tensor | null], TensordotOptions>
): Tensor;
export function tensordot(...given: readonly unknown[]): Tensor {
  const { a, b, dims, out } = read(given);
  return tidy(() => {
    const [dimsA, dimsB] = dimensions(a, b, dims);
    return ops.aten.tensordot(a, b, dimsA, dimsB, out === null ? {} : { out }) as Tensor;
  });
}
