/** Segments of a dimension, by their lengths or offsets. */
import type { Tensor } from '../../tensor.js';
import { first, type Guard, sameDtype, sameShape, tensorOf } from './rule.js';

/** Whether segments lie one after the other within `limit` elements, row by row. */
function liesWithin(segments: Tensor, areLengths: boolean, limit: number): boolean {
  const numbers = Array.from(segments.contiguous().toTypedArray(), Number);
  const row = segments.size(-1);
  for (let start = 0; start < numbers.length; start += row) {
    const ofRow = numbers.slice(start, start + row);
    const parts = areLengths ? ofRow : ofRow.slice(1).map((end, i) => end - (ofRow[i] as number));
    const begin = areLengths ? 0 : (ofRow[0] ?? 0);
    if (begin < 0 || parts.some((n) => n < 0) || begin + parts.reduce((a, b) => a + b, 0) > limit)
      return false;
  }
  return true;
}

/** Walks the data by segments, wherever they lie. */
export const segmentReduce: Guard = (given) => {
  const [data, lengths, offsets] = [tensorOf(given.data), tensorOf(given.lengths), tensorOf(given.offsets)];
  // Lengths are looked at by libtorch, unless it is told to trust them.
  const segments = offsets ?? (given.unsafe === true ? lengths : undefined);
  if (data === undefined || segments === undefined) return undefined;
  const axis = segments.ndim - 1;
  // The rest of what is wrong with these libtorch says.
  if (axis < 0 || axis >= data.ndim || !/^int(32|64)$/.test(segments.dtype.name)) return undefined;
  if (segments.isMeta || segments.layout.name !== 'strided') return "the segments' elements cannot be read";
  if (segments.shape.slice(0, -1).some((length, dim) => length !== data.size(dim)))
    return 'the segments must be as many in each dimension but their last as the data';
  return liesWithin(segments, offsets === undefined, data.size(axis))
    ? undefined
    : 'the segments lie beyond the data';
};

/** Walks the data by the lengths of its segments, and takes what came of each. */
const segmentsWithin: Guard = (given) => {
  const [data, output] = [tensorOf(given.data), tensorOf(given.output)];
  const [lengths, offsets] = [tensorOf(given.lengths), tensorOf(given.offsets)];
  const segments = lengths ?? offsets;
  if (data === undefined || output === undefined || segments === undefined) return undefined;
  const axis = segments.ndim - 1;
  if (axis < 0 || segments.isMeta || data.isMeta || !/^int(32|64)$/.test(segments.dtype.name))
    return 'the lengths or offsets must be a tensor of int64 or int32';
  if (Number(given.axis ?? 0) !== axis)
    return `argument 'axis' must be ${axis}, the last of the lengths or offsets`;
  const count = segments.size(axis) - (lengths === undefined ? 1 : 0);
  const fits =
    data.ndim > axis &&
    output.ndim === data.ndim &&
    output.size(axis) === count &&
    data.shape.every((length, dim) => dim === axis || length === output.size(dim)) &&
    segments.shape.slice(0, -1).every((length, dim) => length === data.size(dim));
  if (!fits) return "argument 'output' must have an element for each segment";
  return liesWithin(segments, lengths !== undefined, data.size(axis))
    ? undefined
    : 'the segments lie beyond the data';
};

export const segmentReduceBackward = first(
  sameShape('grad', 'output'),
  sameDtype('data', 'output', 'grad'),
  segmentsWithin,
);
