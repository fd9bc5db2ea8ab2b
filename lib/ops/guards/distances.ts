/** Distances between rows. */
import { dense, first, type Guard, sameDtype, sameShape, tensorOf } from './rule.js';

/** Walks the distances by the numbers of rows of both. */
const cdistShapes: Guard = (given) => {
  const [grad, x1, x2] = [tensorOf(given.grad), tensorOf(given.x1), tensorOf(given.x2)];
  if (grad === undefined || x1 === undefined || x2 === undefined) return undefined;
  const fits =
    x1.ndim >= 2 &&
    x1.ndim === x2.ndim &&
    grad.ndim === x1.ndim &&
    x1.size(-1) === x2.size(-1) &&
    grad.size(-2) === x1.size(-2) &&
    grad.size(-1) === x2.size(-2);
  const batches = (tensor: typeof grad): string => tensor.shape.slice(0, -2).join();
  return fits && batches(grad) === batches(x1) && batches(grad) === batches(x2)
    ? undefined
    : 'the gradient must have an element for each pair of rows';
};

export const cdistBackward = first(
  sameShape('grad', 'cdist'),
  sameDtype('grad', 'x1', 'x2', 'cdist'),
  dense('grad', 'x1', 'x2', 'cdist'),
  cdistShapes,
);

/** Takes an element for each pair of rows. */
const pdistShapes: Guard = (given) => {
  const [grad, self] = [tensorOf(given.grad), tensorOf(given.self)];
  if (grad === undefined || self === undefined) return undefined;
  const rows = self.ndim === 2 ? self.size(0) : -1;
  return grad.ndim === 1 && grad.numel() === (rows * (rows - 1)) / 2
    ? undefined
    : 'the gradient must have an element for each pair of rows of a matrix';
};

export const pdistBackward = first(
  sameShape('grad', 'pdist'),
  sameDtype('grad', 'self', 'pdist'),
  dense('grad', 'self', 'pdist'),
  pdistShapes,
);
