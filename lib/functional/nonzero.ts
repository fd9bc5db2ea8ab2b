import { bool, optional, parameters, tensor, withDefault } from '../arguments.js';
import { TorchError } from '../errors.js';
import * as functions from '../generated/functions.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';
import { reader } from './arguments.js';

/** Options of {@link nonzero}. */
export interface NonzeroOptions<AsTuple extends boolean = boolean> {
  /** Whether each dimension's indices are a tensor of their own, so that they can index. Default: `false`. */
  asTuple?: AsTuple;
}

/** One tensor, or one for each dimension. */
export type NonzeroResult<AsTuple extends boolean> = AsTuple extends true ? Tensor[] : Tensor;

const asTuple = () => withDefault(bool, false);
const read = reader(() =>
  parameters('nonzero', { input: tensor, asTuple: asTuple(), out: optional(tensor) }, 1),
);
const readMethod = reader(() => parameters('nonzero', { asTuple: asTuple() }, 0));

/**
 * Where a tensor is not zero: a row of indices for each such element, `(n, input.ndim)`; with `asTuple` a tensor of n
 * indices for each dimension.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nonzero.html
 *
 * @throws TorchError for `out` together with `asTuple`.
 */
export function nonzero<AsTuple extends boolean = false>(
  input: Tensor,
  options?: NonzeroOptions<AsTuple> & { out?: Tensor | null },
): NonzeroResult<AsTuple>;
export function nonzero(...given: readonly unknown[]): Tensor | Tensor[] {
  const { input, out, asTuple } = read(given);
  if (out === null) return nonzeroOf(input, asTuple);
  if (asTuple) throw new TorchError('nonzero does not support the out kwarg when as_tuple is True');
  return functions.nonzero(input, { out });
}

function nonzeroOf(input: Tensor, separately: boolean): Tensor | Tensor[] {
  return separately ? (ops.aten.nonzero_numpy(input) as Tensor[]) : functions.nonzero(input);
}

/** {@link nonzero} as a method, which takes no `out`. */
export function nonzeroMethod(self: Tensor, given: readonly unknown[]): Tensor | Tensor[] {
  return nonzeroOf(self, readMethod(given).asTuple);
}
