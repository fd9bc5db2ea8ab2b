import { bool, parameters, tensor, withDefault } from '../arguments.js';
import { tidy } from '../memory.js';
import { describeValue } from '../ops/signature.js';
import { ops } from '../ops.js';
import { Tensor } from '../tensor.js';
import { anything, reader } from './arguments.js';

/** Options of {@link lu}. */
export interface LuOptions<Infos extends boolean = boolean> {
  /** Whether rows are exchanged for stability. Without, a GPU is needed. Default: `true`. */
  pivot?: boolean;
  /** Whether a third tensor says of each matrix whether a factor is singular. Default: `false`. */
  getInfos?: Infos;
}

/** The factors in one matrix and the pivots, and with `getInfos` what LAPACK reports. */
export type LuResult<Infos extends boolean> = Infos extends true
  ? [LU: Tensor, pivots: Tensor, infos: Tensor]
  : [LU: Tensor, pivots: Tensor];

type Out = readonly Tensor[] | null;

const how = () => ({ pivot: withDefault(bool, true), getInfos: withDefault(bool, false) });
const read = reader(() => parameters('lu', { A: tensor, ...how(), out: withDefault(anything, null) }));
const readMethod = reader(() => parameters('lu', how()));

function checkOut(out: unknown, getInfos: boolean): Tensor[] | null {
  if (out === null) return null;
  if (!Array.isArray(out) || !out.every((item) => item instanceof Tensor))
    throw new TypeError(`argument 'out' must be tuple of Tensors, not ${describeValue(out)}`);
  const count = getInfos ? 3 : 2;
  if (out.length !== count) throw new TypeError(`expected tuple of ${count} elements but got ${out.length}`);
  return out;
}

function factor(A: Tensor, pivot: boolean, getInfos: boolean, out: Tensor[] | null): Tensor[] {
  return tidy(() => {
    const results = ops.aten._lu_with_info(A, pivot, !getInfos) as Tensor[];
    const wanted = results.slice(0, getInfos ? 3 : 2);
    if (out === null) return wanted;
    out.forEach((target, i) => {
      target.resizeAs_(wanted[i] as Tensor).copy_(wanted[i] as Tensor);
    });
    return out;
  });
}

/**
 * The LU factorization of (batches of) matrices, both factors in one matrix. `torch.linalg.luFactor` has taken its
 * place; `torch.luUnpack` takes the result apart. Factors of zero are no error.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.lu.html
 */
export function lu<Infos extends boolean = false>(
  A: Tensor,
  options?: LuOptions<Infos> & { out?: Out },
): LuResult<Infos>;
export function lu<Infos extends boolean = false>(
  A: Tensor,
  pivot: boolean,
  options: Omit<LuOptions<Infos>, 'pivot'> & { out?: Out },
): LuResult<Infos>;
export function lu<Infos extends boolean = false>(
  A: Tensor,
  pivot?: boolean,
  getInfos?: Infos,
  out?: Out,
): LuResult<Infos>;
export function lu(...given: readonly unknown[]): Tensor[] {
  const { A, pivot, getInfos, out } = read(given);
  return factor(A, pivot, getInfos, checkOut(out, getInfos));
}

/** {@link lu} as a method, which takes no `out`. */
export function luMethod(self: Tensor, given: readonly unknown[]): Tensor[] {
  const { pivot, getInfos } = readMethod(given);
  return factor(self, pivot, getInfos, null);
}
