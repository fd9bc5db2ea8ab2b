/** Convolutions. */
import { type Guard, numbersOf, tensorOf } from './rule.js';

/** Unfolds images by sizes that it takes from these. */
export const slowConvolutionBackward: Guard = (given) => {
  const [grad, self, weight] = ['grad_output', 'self', 'weight'].map((name) => tensorOf(given[name]));
  if (!grad || !self || !weight) return undefined;
  if ([grad, self, weight].some((tensor) => tensor.ndim !== 4 || tensor.dtype !== self.dtype)) {
    return 'the gradient, the input and the weight must have 4 dimensions and one dtype';
  }
  const both = (name: string): number[] =>
    Array.isArray(given[name]) ? numbersOf(given[name]) : [Number(given[name]), Number(given[name])];
  const [kernel, stride, padding] = [both('kernel_size'), both('stride'), both('padding')];
  for (let i = 0; i < 2; i++) {
    const [k, s, p] = [kernel[i], stride[i], padding[i]] as [number, number, number];
    const length = Math.floor((self.size(2 + i) + 2 * p - k) / s) + 1;
    if (!(k > 0 && s > 0 && p >= 0) || weight.size(2 + i) !== k || grad.size(2 + i) !== length)
      return 'the sizes do not fit each other';
  }
  return weight.size(1) === self.size(1) && weight.size(0) === grad.size(1) && grad.size(0) === self.size(0)
    ? undefined
    : 'the channels do not fit each other';
};

/** Rounds the number of windows in 32 bits, and walks all of a window that is longer than the input. */
export const window: Guard = (given) => {
  const longest = Math.max(...numbersOf(given.kernel_size), ...numbersOf(given.stride));
  return longest >= 2 ** 31 ? `arguments 'kernel_size' and 'stride' must be below 2^31` : undefined;
};
