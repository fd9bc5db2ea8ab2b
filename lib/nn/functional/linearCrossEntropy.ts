/** The cross entropy of a linear layer, at once or in pieces. */

import { float, int, optional, parameters, record, tensor, text, withDefault } from '../../arguments.js';
import { TorchError } from '../../errors.js';
import { tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { formatFloat, formatTuple } from '../format.js';
import { type Reduction, reductionNumber } from '../reduction.js';
import { warnOnce } from '../warnings.js';
import { chunkedCrossEntropy } from './chunkedCrossEntropy.js';
import { chunkingOf, type LinearCrossEntropyOptions } from './linearCrossEntropyOptions.js';
import { product, sameShape } from './sizes.js';

export type { LinearCrossEntropyOptions } from './linearCrossEntropyOptions.js';

/** Options of {@link linearCrossEntropy}. */
export interface LinearCrossEntropyArguments {
  /** A summand for each class, `(C, ...)`. Default: none. */
  linearBias?: Tensor | null;
  /** A weight for each class. Default: none. */
  weight?: Tensor | null;
  /** `'mean'`, `'sum'`, or `'none'` for the loss of every element. Default: `'mean'`. */
  reduction?: Reduction;
  /** The target that counts for nothing. Default: -100. */
  ignoreIndex?: number | null;
  /** How much of the target is spread over all classes. Default: 0. */
  labelSmoothing?: number;
  /** Work through the batch in pieces, as said here, so that the logits never exist as a whole. Default: `null`. */
  options?: LinearCrossEntropyOptions | null;
}

const read = parameters(
  'linearCrossEntropy',
  {
    input: tensor,
    linearWeight: tensor,
    target: tensor,
    linearBias: optional(tensor),
    weight: optional(tensor),
    reduction: withDefault(text<Reduction>(), 'mean'),
    ignoreIndex: optional(int),
    labelSmoothing: withDefault(float, 0),
    options: optional(record<LinearCrossEntropyOptions>()),
  },
  3,
);
type Given = ReturnType<typeof read>;

/** The shape of the logits; all shapes must go together. */
function logitsShape({ input, linearWeight, target, linearBias, ignoreIndex }: Given): number[] {
  const [from, weights] = [input.shape, linearWeight.shape];
  if (from.length < 1 || from.length > 2)
    throw new TorchError(`expected input with dimensionality 1 or 2, got ${from.length}`);
  if (weights.length < 2)
    throw new TorchError(`expected linear_weight with dimensionality at least 2, got ${weights.length}`);
  const [features, expected] = [from.at(-1) as number, weights.at(-1) as number];
  if (features !== expected) {
    throw new TorchError(
      `expected equal input and linear_weight last dimensions (in_features), got ${features} and ${expected}, respectively`,
    );
  }
  const classes = weights.slice(0, -1);
  if (linearBias !== null && !sameShape(linearBias.shape, classes)) {
    throw new TorchError(
      `expected linear_bias shape ${formatTuple(classes)}, got ${formatTuple(linearBias.shape)}`,
    );
  }
  const batch = from.slice(0, -1);
  if (classes.length > 1 && batch.length === 0) {
    throw new TorchError(
      `K-dimensional loss defined by linear_weight shape ${formatTuple(weights)} requires batched input, ` +
        `(N, ${features}), got unbatched input with shape ${formatTuple(from)}`,
    );
  }
  const shape = [...batch, ...classes];
  if (ignoreIndex !== null && sameShape(target.shape, shape))
    throw new TorchError('ignore_index cannot be specified when target contains probabilities');
  return shape;
}

/** Whether the loss can be computed in pieces; where not though it was asked for, a warning. */
function isChunked({ options, linearWeight, reduction, labelSmoothing, target, linearBias }: Given): boolean {
  if (options === null) return false;
  const further = linearWeight.shape.slice(1, -1);
  const known = reduction === 'mean' || reduction === 'sum' || reduction === 'none';
  if (known && labelSmoothing === 0 && target.dtype.name === 'int64' && further.length === 0) return true;
  warnOnce(
    "linear_cross_entropy: ``options`` ignored; chunked path needs reduction in {'mean','sum','none'}, " +
      `label_smoothing == 0, target.dtype == int64, out_features == (). Got reduction='${reduction}', ` +
      `label_smoothing=${formatFloat(labelSmoothing)}, target.dtype=${target.dtype}, ` +
      `out_features=${further.length === 0 ? '()' : formatTuple(further)}, tracing=False, ` +
      `linear_bias.shape=${linearBias === null ? 'None' : formatTuple(linearBias.shape)}.`,
  );
  return false;
}

/**
 * `crossEntropy(linear(input, linearWeight, linearBias), target, ...)`.
 *
 * Shapes: input `(N, F)` or `(F)`, linearWeight `(C, ..., F)`, target as for `crossEntropy` with logits `(N, C, ...)`
 * or `(C)`.
 *
 * `linearCrossEntropy(input, linearWeight, target, { linearBias = null, weight = null, reduction = 'mean',
 * ignoreIndex = null, labelSmoothing = 0, options = null })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.linear_cross_entropy.html
 *
 * @throws TorchError for shapes that do not fit; RangeError for an unknown reduction.
 */
export function linearCrossEntropy(
  input: Tensor,
  linearWeight: Tensor,
  target: Tensor,
  options?: LinearCrossEntropyArguments,
): Tensor;
export function linearCrossEntropy(...args: unknown[]): Tensor {
  const given = read(args);
  const { linearWeight, target, linearBias, weight, reduction, labelSmoothing, options } = given;
  const shape = logitsShape(given);
  const ignoreIndex = given.ignoreIndex ?? -100;
  return tidy(() => {
    const { input } = given;
    if (options !== null && isChunked(given)) {
      const [rows, targets] = input.dim() === 2 ? [input, target] : [input.unsqueeze(0), target.unsqueeze(0)];
      const result = chunkedCrossEntropy(
        { input: rows, linearWeight, target: targets, linearBias, weight, reduction, ignoreIndex },
        chunkingOf(options, rows, linearWeight),
      );
      return input.dim() === 2 ? result : result.squeeze(0);
    }
    const classes = shape.slice(input.dim() - 1);
    const flat = classes.length > 1;
    const matrix = flat ? linearWeight.reshape([product(classes), input.size(-1)]) : linearWeight;
    const bias = flat && linearBias !== null ? linearBias.reshape([product(classes)]) : linearBias;
    const logits = aten.linear(input, matrix, bias).reshape(shape);
    return aten.cross_entropy_loss(
      logits,
      target,
      weight,
      reductionNumber(reduction),
      ignoreIndex,
      labelSmoothing,
    );
  });
}
