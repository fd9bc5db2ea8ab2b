/** Places in other tensors that indices name. */
import type { Tensor } from '../../tensor.js';
import { dimensions, type Guard, outOfRange, product, tensorOf } from './rule.js';

/** Writes at places of the last dimensions of `self` that the indices name. */
export const indicesInto =
  (spatial: number): Guard =>
  (given) => {
    const [self, indices] = [tensorOf(given.self), tensorOf(given.indices)];
    if (self === undefined || indices === undefined) return undefined;
    if (self.ndim < spatial) return `argument 'self' must have at least ${spatial} dimensions`;
    const grad = tensorOf(given.grad_output);
    if (grad !== undefined && grad.shape.join() !== indices.shape.join())
      return "arguments 'grad_output' and 'indices' must have one shape";
    if (indices.ndim !== self.ndim || indices.dtype.name !== 'int64')
      return "argument 'indices' must be of int64, with the dimensions of 'self'";
    const planes = (tensor: Tensor): string => tensor.shape.slice(0, -spatial).join();
    if (grad !== undefined && planes(indices) !== planes(self))
      return "arguments 'indices' and 'self' must have as many channels";
    return outOfRange('indices', indices, product(self.shape.slice(-spatial)));
  };

/** Takes the bags by their offsets: as many as there are elements, each where it says. */
export const bagOffsets: Guard = (given) => {
  const offsets = tensorOf(given.offsets);
  if (offsets === undefined) return undefined;
  if (offsets.ndim > 1) return `offsets has to be a 1D Tensor, but got Tensor of dimension ${offsets.ndim}`;
  if (offsets.isMeta || offsets.layout.name !== 'strided') return undefined;
  const [weight, indices] = [tensorOf(given.weight), tensorOf(given.indices)];
  if (weight === undefined || indices === undefined) return undefined;
  if (weight.ndim !== 2) return `weight has to be a 2D Tensor, but got Tensor of dimension ${weight.ndim}`;
  const count = indices.numel();
  // What comes after the last bag, the quick way through sums and means passes over; the others write it beyond them.
  const isQuick =
    Number(given.mode ?? 0) !== 2 &&
    Number(given.padding_idx ?? -1) < 0 &&
    ['float32', 'float16', 'bfloat16'].includes(weight.dtype.name) &&
    (weight.layout.name !== 'strided' || weight.stride(1) === 1);
  if (indices.ndim !== 1 && !isQuick)
    return `input has to be a 1D Tensor, but got Tensor of dimension ${indices.ndim}`;
  if (given.include_last_offset === true && !isQuick && offsets.numel() > 0) {
    const last = Number(offsets.flatten().select(0, -1).item());
    if (last < count) return `the last of 'offsets' must be ${count}, not ${last}`;
  }
  return outOfRange('offsets', offsets, Number.POSITIVE_INFINITY);
};

/** Adds the gradients of an embedding at places that the indices name. */
export const embeddingBag: Guard = (given) => {
  const [grad, indices] = [tensorOf(given.grad), tensorOf(given.indices)];
  const bags = tensorOf(given.offset2bag);
  if (grad === undefined || indices === undefined || bags === undefined) return undefined;
  if (grad.ndim !== 2) return "argument 'grad' must have 2 dimensions";
  if (indices.ndim !== 1 || (bags.numel() !== 0 && bags.shape.join() !== indices.shape.join())) {
    return "arguments 'indices' and 'offset2bag' must be lists of one length";
  }
  const rows = given.num_weights === undefined ? tensorOf(given.weight)?.shape[0] : Number(given.num_weights);
  for (const name of ['bag_size', 'maximum_indices', 'per_sample_weights', 'offsets']) {
    const tensor = tensorOf(given[name]);
    if (tensor !== undefined && tensor.numel() > 0 && tensor.isMeta !== grad.isMeta)
      return `argument '${name}' is on another device`;
  }
  const sizes = tensorOf(given.bag_size);
  if (sizes !== undefined && sizes.numel() !== 0 && sizes.numel() < grad.size(0))
    return "argument 'bag_size' has fewer elements than there are bags";
  return outOfRange('indices', indices, rows ?? 0) ?? outOfRange('offset2bag', bags, grad.size(0));
};

/** Reads one row of the gradient for each index. */
export const embeddingRows: Guard = (given) => {
  const name = 'grad' in given ? 'grad' : 'grad_output';
  const [grad, indices] = [tensorOf(given[name]), tensorOf(given.indices)];
  if (grad === undefined || indices === undefined || grad.ndim === 0)
    return `argument '${name}' must have at least 1 dimension`;
  if (grad.numel() !== indices.numel() * grad.size(-1))
    return `argument '${name}' must have a row for each index`;
  // Counts how often each comes, in as many places as there are weights.
  return given.scale_grad_by_freq === true
    ? outOfRange('indices', indices, Number(given.num_weights))
    : undefined;
};

/** Writes the running extremes and where they are, as many as there are elements. */
export const cumulativeExtremes: Guard = (given) => {
  const [self, values, indices] = ['self', 'values', 'indices'].map((name) => tensorOf(given[name]));
  if (!self || !values || !indices) return undefined;
  const shape = self.shape.join();
  if (values.shape.join() !== shape || values.dtype !== self.dtype)
    return "argument 'values' must have the shape and dtype of 'self'";
  if (indices.shape.join() !== shape || indices.dtype.name !== 'int64')
    return "argument 'indices' must be of int64, with the shape of 'self'";
  return dimensions('dim')(given);
};

/** Writes at the columns that the targets name. */
export const targetsWithin: Guard = (given) => {
  const [self, target] = [tensorOf(given.self), tensorOf(given.target)];
  if (self === undefined || target === undefined) return undefined;
  return outOfRange('target', target, self.shape.at(-1) ?? 1);
};

/** Reads the gradient of each row, or the first where they have been reduced to one. */
export const rowGradients: Guard = (given) => {
  const [grad, self] = [tensorOf(given.grad_output), tensorOf(given.self)];
  if (grad === undefined || self === undefined) return undefined;
  const rows = self.ndim < 2 ? 1 : self.size(0);
  const wanted = Number(given.reduction) === 0 ? rows : 1;
  return grad.numel() >= Math.max(1, wanted)
    ? undefined
    : `argument 'grad_output' must have ${wanted} elements, not ${grad.numel()}`;
};
