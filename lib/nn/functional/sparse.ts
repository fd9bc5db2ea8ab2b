import {
  bool,
  float,
  int,
  optional,
  parameters,
  type Rest,
  tensor,
  text,
  withDefault,
} from '../../arguments.js';
import { noGrad } from '../../autograd/index.js';
import { NotImplementedError } from '../../errors.js';
import { tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { formatSize } from '../format.js';
import { warnOnce } from '../warnings.js';
import { sameShape } from './sizes.js';

export { oneHot } from './builtin.js';

/** Options of {@link embedding}. */
export interface EmbeddingOptions {
  /** The row that gets no gradient; a negative one counts from the end. Default: none. */
  paddingIdx?: number | null;
  /** Rows that are looked up and whose norm is larger are scaled down to it, **in place**. Default: none. */
  maxNorm?: number | null;
  /** The p of that norm. Default: 2. */
  normType?: number;
  /** Divide a row's gradient by how often it occurs in `input`. Default: `false`. */
  scaleGradByFreq?: boolean;
  /** Make the gradient of `weight` a sparse tensor. Default: `false`. */
  sparse?: boolean;
}

const embeddingArguments = parameters('embedding', {
  input: tensor,
  weight: tensor,
  paddingIdx: optional(int),
  maxNorm: optional(float),
  normType: withDefault(float, 2),
  scaleGradByFreq: withDefault(bool, false),
  sparse: withDefault(bool, false),
});

/** Scales rows that are too long down to `maxNorm`, in place. */
function renormalize(weight: Tensor, indices: Tensor, maxNorm: number, normType: number): void {
  const table = weight.detach();
  noGrad(() => aten.embedding_renorm_(table, indices, maxNorm, normType));
  table.dispose();
}

/** The row that `index` means in a table of `rows`, or an error that names the layer's own argument. */
export function checkPaddingIdx(index: number, rows: number): number {
  if ((index > 0 && index >= rows) || index < -rows)
    throw new RangeError('Padding_idx must be within num_embeddings');
  return index < 0 ? rows + index : index;
}

/**
 * The rows of `weight` at the indices in `input`.
 *
 * Shapes: input `(*)` of int32 or int64, weight `(V, d)`; result `(*, d)`.
 *
 * `embedding(input, weight, paddingIdx = null, maxNorm = null, normType = 2, scaleGradByFreq = false, sparse
 * = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.embedding.html
 *
 * @throws RangeError if `paddingIdx` is not a row of `weight`.
 */
export function embedding(
  input: Tensor,
  weight: Tensor,
  ...rest: Rest<
    [
      paddingIdx: number | null,
      maxNorm: number | null,
      normType: number,
      scaleGradByFreq: boolean,
      sparse: boolean,
    ],
    EmbeddingOptions
  >
): Tensor;
export function embedding(...args: unknown[]): Tensor {
  const { input, weight, paddingIdx, maxNorm, normType, scaleGradByFreq, sparse } = embeddingArguments(args);
  const padding = paddingIdx === null ? -1 : checkPaddingIdx(paddingIdx, weight.size(0));
  if (maxNorm === null) return aten.embedding(weight, input, padding, scaleGradByFreq, sparse);
  const indices = input.contiguous();
  renormalize(weight, indices, maxNorm, normType);
  const result = aten.embedding(weight, indices, padding, scaleGradByFreq, sparse);
  if (indices !== input) indices.dispose();
  return result;
}

/** What {@link embeddingBag} makes of the rows of a bag. */
export type EmbeddingBagMode = 'sum' | 'mean' | 'max';

/** Options of {@link embeddingBag}. */
export interface EmbeddingBagOptions {
  /** Where each bag begins, for an `input` of one dimension. */
  offsets?: Tensor | null;
  /** Rows that are looked up and whose norm is larger are scaled down to it, **in place**. Default: none. */
  maxNorm?: number | null;
  /** The p of that norm. Default: 2. */
  normType?: number;
  /** Divide a row's gradient by how often it occurs. Not for `'max'`. Default: `false`. */
  scaleGradByFreq?: boolean;
  /** Default: `'mean'`. */
  mode?: EmbeddingBagMode;
  /** Make the gradient of `weight` a sparse tensor. Not for `'max'`. Default: `false`. */
  sparse?: boolean;
  /** A factor for each index, of the input's shape; only for `'sum'`. Default: none. */
  perSampleWeights?: Tensor | null;
  /** Whether the last offset is the end of the last bag. Default: `false`. */
  includeLastOffset?: boolean;
  /** The row that counts for nothing and gets no gradient. Default: none. */
  paddingIdx?: number | null;
}

const bagArguments = parameters('embeddingBag', {
  input: tensor,
  weight: tensor,
  offsets: optional(tensor),
  maxNorm: optional(float),
  normType: withDefault(float, 2),
  scaleGradByFreq: withDefault(bool, false),
  mode: withDefault(text<EmbeddingBagMode>(), 'mean'),
  sparse: withDefault(bool, false),
  perSampleWeights: optional(tensor),
  includeLastOffset: withDefault(bool, false),
  paddingIdx: optional(int),
});

interface Bags {
  indices: Tensor;
  offsets: Tensor;
  weights: Tensor | null;
  includeLastOffset: boolean;
}

/** The bags as one list of indices and where each begins. */
function flatBags(
  input: Tensor,
  offsets: Tensor | null,
  weights: Tensor | null,
  includeLastOffset: boolean,
): Bags {
  const dims = input.dim();
  if (input.isNested) throw new NotImplementedError('embeddingBag(): the input must not be a nested tensor');
  if (dims === 2) {
    if (offsets !== null) {
      throw new RangeError(
        'if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences. ' +
          "However, found offsets of type <class 'torch.Tensor'>",
      );
    }
    const { dtype, device } = input;
    return {
      indices: input.reshape([-1]),
      offsets: aten.arange.start_step(0, input.numel(), input.size(1), { dtype, device }),
      weights: weights === null ? null : weights.reshape([-1]),
      includeLastOffset: false,
    };
  }
  if (dims !== 1)
    throw new RangeError(`input has to be 1D or 2D Tensor, but got Tensor of dimension ${dims}`);
  if (offsets === null) throw new RangeError('offsets has to be a 1D Tensor but got None');
  if (offsets.dim() !== 1) throw new RangeError('offsets has to be a 1D Tensor');
  return { indices: input, offsets, weights, includeLastOffset };
}

function bagMode(mode: string, scaleGradByFreq: boolean, sparse: boolean): number {
  if (mode === 'sum') return 0;
  if (mode === 'mean') return 1;
  if (mode !== 'max') throw new RangeError('mode has to be one of sum, mean or max');
  if (scaleGradByFreq)
    throw new RangeError('max mode does not support scaling the gradient by the frequency');
  if (sparse) throw new RangeError('max mode does not support sparse weights');
  return 2;
}

/**
 * The sums, means or maxima of bags of rows of `weight`, without making the rows themselves.
 *
 * Shapes: input `(B, L)`, B bags of L indices, or `(L)` with `offsets` `(B)`; weight `(V, d)`; result `(B, d)`.
 *
 * `embeddingBag(input, weight, offsets = null, maxNorm = null, normType = 2, scaleGradByFreq = false, mode =
 * 'mean', sparse = false, perSampleWeights = null, includeLastOffset = false, paddingIdx = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.embedding_bag.html
 *
 * @throws RangeError for shapes that do not fit, and for what `'max'` does not support; NotImplementedError for
 *   `perSampleWeights` with another mode than `'sum'`.
 */
export function embeddingBag(
  input: Tensor,
  weight: Tensor,
  ...rest: Rest<
    [
      offsets: Tensor | null,
      maxNorm: number | null,
      normType: number,
      scaleGradByFreq: boolean,
      mode: EmbeddingBagMode,
      sparse: boolean,
      perSampleWeights: Tensor | null,
      includeLastOffset: boolean,
      paddingIdx: number | null,
    ],
    EmbeddingBagOptions
  >
): Tensor;
export function embeddingBag(...args: unknown[]): Tensor {
  const given = bagArguments(args);
  const { maxNorm, normType, scaleGradByFreq, mode, sparse, perSampleWeights, paddingIdx } = given;
  let { input, weight } = given;
  if (weight.dtype.name === 'int64' && input.isFloatingPoint()) {
    warnOnce(
      'Argument order of nn.functional.embedding_bag was changed. Usage `embedding_bag(weight, input, ...)` is ' +
        'deprecated, and should now be `embedding_bag(input, weight, ...)`.',
    );
    [weight, input] = [input, weight];
  }
  if (perSampleWeights !== null && !sameShape(input.shape, perSampleWeights.shape)) {
    throw new RangeError(
      `embedding_bag: If per_sample_weights (${formatSize(perSampleWeights.shape)}) is not None, then it must have ` +
        `the same shape as the input (${formatSize(input.shape)})`,
    );
  }
  const dims = weight.dim();
  if (dims !== 2) throw new RangeError(`weight has to be a 2D Tensor, but got Tensor of dimension ${dims}`);
  return tidy(() => {
    const bags = flatBags(input, given.offsets, perSampleWeights, given.includeLastOffset);
    const number = bagMode(mode, scaleGradByFreq, sparse);
    if (maxNorm !== null) renormalize(weight, bags.indices, maxNorm, normType);
    if (perSampleWeights !== null && mode !== 'sum') {
      throw new NotImplementedError(
        'embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for ' +
          `mode='sum' (got mode='${mode}'). Please open a feature request on GitHub.`,
      );
    }
    const [result] = aten.embedding_bag.padding_idx(
      weight,
      bags.indices,
      bags.offsets,
      scaleGradByFreq,
      number,
      sparse,
      bags.weights,
      bags.includeLastOffset,
      paddingIdx,
    );
    return result;
  });
}
