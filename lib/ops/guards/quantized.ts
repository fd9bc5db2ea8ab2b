/** Quantization. */
import { DType } from '../../dtype.js';
import { contiguous, first, type Guard, notEmpty, positive, tensorOf } from './rule.js';

/** Searches so many elements of the tensor, in so many steps. */
export const quantizationSearch: Guard = (given) => {
  const count = tensorOf(given.input)?.numel() ?? 0;
  if (!(Number(given.numel) > 0 && Number(given.numel) <= count))
    return `argument 'numel' must be from 1 to ${count}`;
  if (!(Number(given.ratio) >= 0 && Number(given.ratio) <= 1)) return "argument 'ratio' must be from 0 to 1";
  return Number(given.n_bins) > 0 && Number(given.n_bins) <= 2 ** 20
    ? undefined
    : "argument 'n_bins' must be from 1 to 2^20";
};

/** Divides by the length of a row, and reads two numbers for each. */
export const rowsWithElements: Guard = (given) => {
  const tensor = tensorOf(given.weight);
  if (tensor === undefined) return undefined;
  if (tensor.ndim < 2 || tensor.numel() === 0)
    return "argument 'weight' must have at least 2 dimensions and elements";
  const ranges = tensorOf(given.rowwise_min_max);
  const rows = tensor.numel() / tensor.size(-1);
  return ranges === undefined || (ranges.ndim === 2 && ranges.size(0) === rows && ranges.size(1) === 2)
    ? undefined
    : `argument 'rowwise_min_max' must be of [${rows}, 2]`;
};

/** Searches the best range of each row in so many steps. */
export const binsToSearch: Guard = (given) => {
  if (given.optimized_qparams !== true) return undefined;
  const [bins, ratio] = [Number(given.nbins ?? 200), Number(given.ratio ?? 0.16)];
  if (!(bins > 0 && bins <= 2 ** 20)) return "argument 'nbins' must be from 1 to 2^20";
  return ratio >= 0 && ratio <= 1 ? undefined : "argument 'ratio' must be from 0 to 1";
};

/** Reads `in_features` of each row of the input, half as many bytes of each of the weights, and a scale of each block. */
export const packed4Bit: Guard = first(
  positive('block_size', 'in_features', 'out_features'),
  contiguous('inp', 'packed_weights'),
  (given) => {
    const [input, packed] = [tensorOf(given.inp), tensorOf(given.packed_weights)];
    if (input === undefined || packed === undefined) return undefined;
    const [width, rows] = [Number(given.in_features), Number(given.out_features)];
    if (width % 2 !== 0) return "argument 'in_features' must be even";
    if (input.ndim !== 2 || input.size(1) !== width)
      return `argument 'inp' must have 2 dimensions, the last of ${width}`;
    const blocks = Math.ceil(width / Number(given.block_size));
    const least = (rows * width) / 2 + rows * blocks;
    return packed.ndim === 1 && packed.numel() >= least
      ? undefined
      : `argument 'packed_weights' must be a list of at least ${least} elements`;
  },
);

const observed = ['observer_on', 'fake_quant_on', 'running_min', 'running_max', 'scale', 'zero_point'];

/** Takes the length of the dimension whose rows have a scale each, and the first elements of what is observed. */
export const channelAxis: Guard = (given) => {
  const tensor = tensorOf(given.self);
  if (tensor === undefined) return undefined;
  if (given.per_row_fake_quant !== true) return notEmpty(...observed)(given);
  const axis = Number(given.ch_axis);
  return axis >= 0 && axis < tensor.ndim
    ? undefined
    : `argument 'ch_axis': dimension ${axis} is not among the ${tensor.ndim} of the tensor`;
};

/** Takes so many sizes, however many there are; a number stands for all. */
export const pooledTo =
  (spatial: number): Guard =>
  (given) =>
    tensorOf(given.self)?.dtype.name.startsWith('q') === true &&
    Array.isArray(given.output_size) &&
    given.output_size.length !== spatial
      ? `argument 'output_size' must have ${spatial} elements`
      : undefined;

/** With zero points that are no integers, there is no code for int32 and what is there instead is no instruction. */
export const zeroPoints: Guard = (given) => {
  const points = tensorOf(given.zero_points);
  const isMissing = given.dtype instanceof DType && given.dtype.name === 'qint32';
  return isMissing && points?.dtype.isFloatingPoint === true
    ? "argument 'zero_points' must be integers for torch.qint32"
    : undefined;
};

/** Takes the scale and the offset from the end of each row, and divides by what is left. */
export const rowsToUnpack =
  (bytes: number): Guard =>
  (given) => {
    const tensor = tensorOf(given.weight);
    if (tensor === undefined) return undefined;
    return tensor.ndim >= 2 && tensor.numel() > 0 && tensor.size(-1) > bytes
      ? undefined
      : `argument 'weight' must have rows of more than ${bytes} bytes`;
  };
