import { bool, int, optional, parameters, tensor, withDefault } from '../arguments.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';
import { reader } from './arguments.js';

/** Options of {@link unique}. */
export interface UniqueOptions<Inverse extends boolean = boolean, Counts extends boolean = boolean> {
  /** Whether the elements come in ascending order. On the CPU they do anyway. Default: `true`. */
  sorted?: boolean;
  /** Whether the result says too where each element of the input has gone. Default: `false`. */
  returnInverse?: Inverse;
  /** Whether the result says too how often each element occurs. Default: `false`. */
  returnCounts?: Counts;
  /** Compares the slices along this dimension. `null` compares elements. Default: `null`. */
  dim?: number | null;
}

/** Options of {@link uniqueConsecutive}. */
export type UniqueConsecutiveOptions<
  Inverse extends boolean = boolean,
  Counts extends boolean = boolean,
> = Omit<UniqueOptions<Inverse, Counts>, 'sorted'>;

/** A tensor, or an array of it with the inverse and the counts where these are asked for. */
export type UniqueResult<Inverse extends boolean, Counts extends boolean> = Inverse extends true
  ? Counts extends true
    ? [output: Tensor, inverse: Tensor, counts: Tensor]
    : [output: Tensor, inverse: Tensor]
  : Counts extends true
    ? [output: Tensor, counts: Tensor]
    : Tensor;

const more = () => ({
  returnInverse: withDefault(bool, false),
  returnCounts: withDefault(bool, false),
  dim: optional(int),
});
const read = reader(() =>
  parameters('unique', { input: tensor, sorted: withDefault(bool, true), ...more() }),
);
const readConsecutive = reader(() => parameters('uniqueConsecutive', { input: tensor, ...more() }));

function select(
  [output, inverse, counts]: readonly [Tensor, Tensor, Tensor],
  withInverse: boolean,
  withCounts: boolean,
): Tensor | Tensor[] {
  if (!withInverse) inverse.dispose();
  if (!withCounts) counts.dispose();
  if (!withInverse && !withCounts) return output;
  return [output, ...(withInverse ? [inverse] : []), ...(withCounts ? [counts] : [])];
}

/**
 * The distinct elements of a tensor, or the distinct slices along a dimension.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.unique.html
 *
 * @returns The elements; with `returnInverse` or `returnCounts` an array of the elements, the inverse (the index of each
 *   element of the input within them) and the counts.
 */
export function unique<Inverse extends boolean = false, Counts extends boolean = false>(
  input: Tensor,
  options?: UniqueOptions<Inverse, Counts>,
): UniqueResult<Inverse, Counts>;
export function unique<Inverse extends boolean = false, Counts extends boolean = false>(
  input: Tensor,
  sorted: boolean,
  options: Omit<UniqueOptions<Inverse, Counts>, 'sorted'>,
): UniqueResult<Inverse, Counts>;
export function unique<Inverse extends boolean = false, Counts extends boolean = false>(
  input: Tensor,
  sorted?: boolean,
  returnInverse?: Inverse,
  returnCounts?: Counts,
  dim?: number | null,
): UniqueResult<Inverse, Counts>;
export function unique(...given: readonly unknown[]): Tensor | Tensor[] {
  const { input, sorted, returnInverse, returnCounts, dim } = read(given);
  const results =
    dim === null
      ? ops.aten._unique2<[Tensor, Tensor, Tensor]>(input, sorted, returnInverse, returnCounts)
      : ops.aten.unique_dim<[Tensor, Tensor, Tensor]>(input, dim, sorted, returnInverse, returnCounts);
  return select(results, returnInverse, returnCounts);
}

/**
 * The tensor without the elements, or the slices along a dimension, that equal the one before.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.unique_consecutive.html
 *
 * @returns As {@link unique}.
 */
export function uniqueConsecutive<Inverse extends boolean = false, Counts extends boolean = false>(
  input: Tensor,
  options?: UniqueConsecutiveOptions<Inverse, Counts>,
): UniqueResult<Inverse, Counts>;
export function uniqueConsecutive<Inverse extends boolean = false, Counts extends boolean = false>(
  input: Tensor,
  returnInverse?: Inverse,
  returnCounts?: Counts,
  dim?: number | null,
): UniqueResult<Inverse, Counts>;
export function uniqueConsecutive(...given: readonly unknown[]): Tensor | Tensor[] {
  const { input, returnInverse, returnCounts, dim } = readConsecutive(given);
  const results = ops.aten.unique_consecutive<[Tensor, Tensor, Tensor]>(
    input,
    returnInverse,
    returnCounts,
    dim,
  );
  return select(results, returnInverse, returnCounts);
}
