/** Functions of any number of tensors, given one by one or in one array. */
import { describeValue } from '../ops/signature.js';
import { ops } from '../ops.js';
import { checkOptions } from '../options.js';
import { Tensor } from '../tensor.js';
import { tensorsAndOptions } from './arguments.js';

/** Tensors one by one, or in one array. */
export type Tensors = readonly Tensor[] | readonly [tensors: readonly Tensor[]];

function only(callee: string, given: readonly unknown[]): Tensor[] {
  const { tensors, options } = tensorsAndOptions(callee, given);
  checkOptions(callee, options, []);
  return tensors;
}

function atleast(callee: string, op: string, given: readonly unknown[]): Tensor | Tensor[] {
  const tensors = only(callee, given);
  const [tensor] = given;
  const packet = ops.aten[op];
  return given.length === 1 && tensor instanceof Tensor
    ? (packet(tensor) as Tensor)
    : (packet(tensors) as Tensor[]);
}

/**
 * A tensor without dimensions as one of shape `[1]`; others as they are. Several give an array.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.atleast_1d.html
 */
export function atleast1d(tensor: Tensor): Tensor;
export function atleast1d(...tensors: Tensors): Tensor[];
export function atleast1d(...tensors: Tensors): Tensor | Tensor[] {
  return atleast('atleast1d', 'atleast_1d', tensors);
}

/**
 * Tensors of fewer than two dimensions as ones of two, by dimensions of length 1 in front. Several give an array.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.atleast_2d.html
 */
export function atleast2d(tensor: Tensor): Tensor;
export function atleast2d(...tensors: Tensors): Tensor[];
export function atleast2d(...tensors: Tensors): Tensor | Tensor[] {
  return atleast('atleast2d', 'atleast_2d', tensors);
}

/**
 * Tensors of fewer than three dimensions as ones of three: `[n]` becomes `[1, n, 1]`, `[m, n]` becomes `[m, n, 1]`.
 * Several give an array.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.atleast_3d.html
 */
export function atleast3d(tensor: Tensor): Tensor;
export function atleast3d(...tensors: Tensors): Tensor[];
export function atleast3d(...tensors: Tensors): Tensor | Tensor[] {
  return atleast('atleast3d', 'atleast_3d', tensors);
}

/**
 * The matrix with the tensors along its diagonal and zeros elsewhere; tensors of fewer than two dimensions count as
 * rows.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.block_diag.html
 *
 * @throws TorchError for tensors of more than two dimensions.
 */
export function blockDiag(...tensors: Tensors): Tensor {
  return ops.aten.block_diag(only('blockDiag', tensors)) as Tensor;
}

/**
 * Views of the tensors that all have the shape to which they broadcast. Elements share memory, so do not write to
 * them.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.broadcast_tensors.html
 *
 * @throws TorchError where the shapes do not broadcast.
 */
export function broadcastTensors(...tensors: Tensors): Tensor[] {
  return ops.aten.broadcast_tensors(only('broadcastTensors', tensors)) as Tensor[];
}

/**
 * Every combination of an element of each of the tensors, which have one dimension: a matrix with a row a
 * combination. One tensor comes back as it is.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.cartesian_prod.html
 */
export function cartesianProd(...tensors: Tensors): Tensor {
  return ops.aten.cartesian_prod(only('cartesianProd', tensors)) as Tensor;
}

/**
 * The product of matrices, in the order that takes the fewest multiplications. `torch.linalg.multiDot` has taken its
 * place. Options: `out`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.chain_matmul.html
 *
 * @throws TorchError for tensors that are not matrices, or that do not fit.
 */
export function chainMatmul(...given: ChainMatmulArguments): Tensor {
  const { tensors, options } = tensorsAndOptions('chainMatmul', given);
  checkOptions('chainMatmul', options, ['out']);
  const { out } = options;
  if (out === undefined || out === null) return ops.aten.chain_matmul(tensors) as Tensor;
  return ops.aten.chain_matmul(tensors, { out }) as Tensor;
}

/** What {@link chainMatmul} takes: matrices one by one or in one array, and then options. */
export type ChainMatmulArguments =
  | Tensors
  | readonly [matrices: readonly Tensor[], options: { out?: Tensor }]
  | readonly [...matrices: Tensor[], options: { out?: Tensor }];

/** Options of {@link meshgrid}. */
export interface MeshgridOptions {
  /**
   * `'ij'`: the first dimension of the results goes with the first tensor, as in matrices. `'xy'`: the first two are
   * exchanged, as in plots. Default: `'ij'`.
   */
  indexing?: 'ij' | 'xy';
}

/** What {@link meshgrid} takes: tensors one by one or in one array, and then options. */
export type MeshgridArguments =
  | Tensors
  | readonly [tensors: readonly Tensor[], options: MeshgridOptions]
  | readonly [...tensors: Tensor[], options: MeshgridOptions];

/**
 * Grids of coordinates: for tensors of lengths `[S0, S1, ...]`, as many tensors of that shape, the k-th of which
 * varies along dimension k only.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.meshgrid.html
 *
 * @throws TorchError for tensors of more than one dimension or of several dtypes, and for an unknown `indexing`.
 */
export function meshgrid(...given: MeshgridArguments): Tensor[] {
  const { tensors, options } = tensorsAndOptions('meshgrid', given);
  checkOptions('meshgrid', options, ['indexing']);
  const { indexing } = options;
  if (indexing === undefined || indexing === null) return ops.aten.meshgrid.default(tensors) as Tensor[];
  if (typeof indexing !== 'string')
    throw new TypeError(`meshgrid(): argument 'indexing' must be str, not ${describeValue(indexing)}`);
  return ops.aten.meshgrid.indexing(tensors, { indexing }) as Tensor[];
}
