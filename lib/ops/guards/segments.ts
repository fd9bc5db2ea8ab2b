/** Segments of a dimension, by their lengths or offsets. */
import { first, type Guard, sameDtype, sameShape, tensorOf } from './rule.js';

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
  const numbers = Array.from(segments.contiguous().toTypedArray(), Number);
  const row = segments.size(axis);
  for (let start = 0; start < numbers.length; start += row) {
    const ofRow = numbers.slice(start, start + row);
    const parts = lengths === undefined ? ofRow.slice(1).map((end, i) => end - (ofRow[i] as number)) : ofRow;
    const begin = lengths === undefined ? (ofRow[0] ?? 0) : 0;
    if (begin < 0 || parts.some((n) => n < 0) || begin + parts.reduce((a, b) => a + b, 0) > data.size(axis))
      return 'the segments lie beyond the data';
  }
  return undefined;
};

export const segmentReduceBackward = first(
  sameShape('grad', 'output'),
  sameDtype('data', 'output', 'grad'),
  segmentsWithin,
);
