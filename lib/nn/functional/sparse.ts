import { noGrad } from '../../autograd/index.js';
import type { Tensor } from '../../tensor.js';
import { bind, type Rest } from '../arguments.js';
import { aten } from '../aten.js';

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

const embeddingDefaults: Required<EmbeddingOptions> = Object.freeze({
  paddingIdx: null,
  maxNorm: null,
  normType: 2,
  scaleGradByFreq: false,
  sparse: false,
});

/** The row that `index` means in a table of `rows`, or an error that names the layer's own argument. */
export function checkPaddingIdx(index: number, rows: number): number {
  if (index >= rows || index < -rows) throw new RangeError('Padding_idx must be within num_embeddings');
  return index < 0 ? rows + index : index;
}

/**
 * The rows of `weight` at the indices in `input`.
 *
 * Shapes: input `(*)` of int32 or int64, weight `(V, d)`; result `(*, d)`.
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
): Tensor {
  const { paddingIdx, maxNorm, normType, scaleGradByFreq, sparse } = bind(
    'embedding',
    embeddingDefaults,
    rest,
  );
  const padding = paddingIdx === null ? -1 : checkPaddingIdx(paddingIdx, weight.size(0));
  if (maxNorm === null) return aten.embedding(weight, input, padding, scaleGradByFreq, sparse);
  const indices = input.contiguous();
  const table = weight.detach();
  noGrad(() => aten.embedding_renorm_(table, indices, maxNorm, normType));
  table.dispose();
  const result = aten.embedding(weight, indices, padding, scaleGradByFreq, sparse);
  if (indices !== input) indices.dispose();
  return result;
}

/**
 * Indicator vectors: 1 at the class, 0 elsewhere. `numClasses` -1 stands for one more than the largest class.
 *
 * Shapes: input `(*)` of int64; result `(*, numClasses)`.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.one_hot.html
 */
export function oneHot(input: Tensor, numClasses = -1): Tensor {
  return aten.one_hot(input, numClasses);
}
