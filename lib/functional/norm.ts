import {
  bool,
  dataType,
  either,
  float,
  ints,
  optional,
  parameters,
  type Rest,
  tensor,
  text,
  withDefault,
} from '../arguments.js';
import type { DType } from '../dtype.js';
import { TorchError } from '../errors.js';
import { matrixNorm, vectorNorm } from '../generated/linalg.js';
import { strided } from '../layout.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';
import { reader } from './arguments.js';

type NormName = 'fro' | 'nuc';

/** The order of a norm: `'fro'` (Frobenius), `'nuc'` (nuclear), or p, where infinities give the extremes. */
export type NormOrder = number | NormName;

/** Options of {@link norm}. */
export interface NormOptions {
  /** Default: `'fro'`; `null` stands for 2. */
  p?: NormOrder | null;
  /** Over which dimensions. `null` takes all. Default: `null`. */
  dim?: number | readonly number[] | null;
  /** Whether the dimensions stay, with length 1. Default: `false`. */
  keepdim?: boolean;
  /** Where the result goes. */
  out?: Tensor | null;
  /** To which the elements are converted first. Default: their own. */
  dtype?: DType | null;
}

type Positional = [
  p: NormOrder | null,
  dim: number | readonly number[] | null,
  keepdim: boolean,
  out: Tensor | null,
  dtype: DType | null,
];

const order = () => ({
  p: withDefault(optional<number | string>(either(float, text<string>())), 'fro'),
  dim: optional(ints),
  keepdim: withDefault(bool, false),
});
const read = reader(() =>
  parameters('norm', { input: tensor, ...order(), out: optional(tensor), dtype: optional(dataType) }),
);
const readMethod = reader(() => parameters('norm', { ...order(), dtype: optional(dataType) }));

/** The keyword arguments that are given. */
function keywords(out: Tensor | null, dtype: DType | null): { out?: Tensor; dtype?: DType } {
  if (dtype === null) return out === null ? {} : { out };
  return out === null ? { dtype } : { out, dtype };
}

const densely = new Set(['cpu', 'cuda', 'xpu', 'meta', 'privateuse1']);

function normOf(
  input: Tensor,
  p: number | string | null,
  dim: number | readonly number[] | null,
  keepdim: boolean,
  out: Tensor | null,
  dtype: DType | null,
): Tensor {
  const dims = typeof dim === 'number' ? [dim] : dim;
  const all = (): number[] => Array.from({ length: input.ndim }, (_, i) => i);
  if (input.layout === strided && densely.has(input.device.type)) {
    const isVector = typeof p !== 'string' || (p === 'fro' && (dims === null || dims.length <= 2));
    const options = keywords(out, dtype);
    if (isVector) return vectorNorm(input, typeof p === 'number' ? p : 2, dims, keepdim, options);
    return matrixNorm(input, p as NormName, dims ?? all(), keepdim, options);
  }
  const { aten } = ops;
  const toOut = keywords(out, null);
  if (p === 'fro' || p === 'nuc') {
    if (dtype !== null) {
      const name = p === 'fro' ? 'frobenius' : 'nuclear';
      throw new RangeError(`dtype argument is not supported in ${name} norm`);
    }
    if (p === 'fro') {
      const plain = dims === null && out === null;
      return aten.frobenius_norm(input, plain ? [] : (dims ?? all()), keepdim, toOut) as Tensor;
    }
    if (dims === null) return aten.nuclear_norm(input, keepdim, toOut) as Tensor;
    return aten.nuclear_norm(input, dims, keepdim, toOut) as Tensor;
  }
  if (typeof p === 'string') throw new TorchError(`only valid string values are 'fro' and 'nuc', found ${p}`);
  return aten.norm(input, p, dims ?? all(), keepdim, keywords(out, dtype)) as Tensor;
}

/**
 * The norm of a tensor, over all its elements or over dimensions. `torch.linalg.norm` and its relatives have taken its
 * place.
 *
 * `norm(input, p = 'fro', dim = null, keepdim = false, out = null, dtype = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.norm.html
 *
 * @throws TorchError for `'nuc'` over other than two dimensions and for integers; RangeError for a `dtype` with the named
 *   norms of sparse tensors.
 */
export function norm(input: Tensor, ...rest: Rest<Positional, NormOptions>): Tensor;
export function norm(...args: readonly unknown[]): Tensor {
  const { input, p, dim, keepdim, out, dtype } = read(args);
  return normOf(input, p, dim, keepdim, out, dtype);
}

/** {@link norm} as a method, which takes no `out`. */
export function normMethod(self: Tensor, args: readonly unknown[]): Tensor {
  const { p, dim, keepdim, dtype } = readMethod(args);
  return normOf(self, p, dim, keepdim, null, dtype);
}
