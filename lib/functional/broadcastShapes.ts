import { TorchError } from '../errors.js';
import { describeValue } from '../ops/signature.js';

function lengths(shape: unknown): number[] {
  const list: readonly unknown[] = Array.isArray(shape) ? shape : [shape];
  return list.map((length) => {
    if (Number.isInteger(length) || typeof length === 'bigint') return Number(length);
    throw new TypeError(
      `broadcastShapes(): Input shapes should be of type ints, a tuple of ints, or a list of ints, got ${describeValue(length)}`,
    );
  });
}

/**
 * The shape to which shapes broadcast: dimensions are matched from the last, and a length of 1 fits every other. An
 * integer is a shape of one dimension.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.broadcast_shapes.html
 *
 * @throws TypeError for what is no shape, RangeError for negative lengths, TorchError for shapes that do not fit.
 */
export function broadcastShapes(...shapes: readonly (number | readonly number[])[]): number[] {
  const lists = shapes.map(lengths);
  const result = new Array<number>(Math.max(0, ...lists.map((shape) => shape.length))).fill(1);
  lists.forEach((shape, i) => {
    for (let back = 1; back <= shape.length; back++) {
      const length = shape[shape.length - back] as number;
      const at = result.length - back;
      const common = result[at] as number;
      if (length === common) continue;
      if (common === 1 && length < 0)
        throw new RangeError('Attempting to broadcast a dimension with negative length!');
      if (length === 1) continue;
      if (common !== 1) {
        throw new TorchError(
          `Attempting to broadcast a dimension of length ${length} at ${-back}! Mismatching argument at index ${i} had ` +
            `[${shape.join(', ')}]; but expected shape should be broadcastable to [${result.join(', ')}]`,
        );
      }
      result[at] = length;
    }
  });
  return result;
}
