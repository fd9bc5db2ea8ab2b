/** Images made larger or smaller. */
import { atLeast, first, type Guard, numbersOf, tensorOf } from './rule.js';

/** Looks for the pixels of the last row and column where the scales say, within the image or not. */
export const scalesWithin: Guard = (given) => {
  const sizes =
    tensorOf(given.self)?.shape ?? (Array.isArray(given.input_size) ? given.input_size.map(Number) : []);
  // With corners aligned the scales are not looked at.
  if (given.align_corners === true) return undefined;
  const output = numbersOf(given.output_size);
  for (const [i, name] of ['scales_h', 'scales_w'].entries()) {
    const scale = Number(given[name] ?? 0);
    const [from, to] = [Number(sizes[sizes.length - 2 + i] ?? 0), output[i] ?? output[0] ?? 0];
    // A scale that is not positive is not looked at.
    if (Number.isNaN(scale) || (scale > 0 && (to - 0.5) / scale > from))
      return `argument '${name}': ${to} pixels are more than ${scale} times ${from}`;
  }
  return undefined;
};

/** Walks the gradient by windows over the sizes that are given. */
export const unfoldGradient: Guard = (given) => {
  const gradient = tensorOf(given.grad_in);
  if (gradient === undefined || !Array.isArray(given.input_sizes)) return undefined;
  const sizes = given.input_sizes.map(Number);
  const [dim, size, step] = [Number(given.dim), Number(given.size), Number(given.step)];
  const place = dim < 0 ? dim + sizes.length : dim;
  const length = sizes[place];
  if (length === undefined || !(step > 0 && size >= 0 && size <= length))
    return `no windows of ${size} by steps of ${step} lie in dimension ${dim} of [${sizes.join(', ')}]`;
  const wanted = [...sizes.with(place, Math.floor((length - size) / step) + 1), size];
  return gradient.shape.join() === wanted.join()
    ? undefined
    : `argument 'grad_in' must be of [${wanted.join(', ')}]`;
};

/** Walks the gradient by the places of the grid and the channels of the input. */
export const gridGradient: Guard = (given) => {
  const [gradient, input, grid] = ['grad_output', 'input', 'grid'].map((name) => tensorOf(given[name]));
  if (!gradient || !input || !grid) return undefined;
  const wanted = [...input.shape.slice(0, 2), ...grid.shape.slice(1, -1)];
  return gradient.shape.join() === wanted.join()
    ? undefined
    : `argument 'grad_output' must be of [${wanted.join(', ')}]`;
};

/** Walks the gradient by the sizes of the input and the padding. */
const gradientOfPadded =
  (spatial: number): Guard =>
  (given) => {
    const [gradient, input] = [tensorOf(given.grad_output), tensorOf(given.self)];
    if (!gradient || !input || input.ndim <= spatial) return undefined;
    const padding = numbersOf(given.padding);
    const wanted = input.shape;
    for (let i = 0; i < spatial; i++) {
      const place = input.ndim - 1 - i;
      wanted[place] = (wanted[place] as number) + (padding[2 * i] ?? 0) + (padding[2 * i + 1] ?? 0);
    }
    return gradient.shape.join() === wanted.join()
      ? undefined
      : `argument 'grad_output' must be of [${wanted.join(', ')}]`;
  };

/** Takes two numbers of padding for each dimension, and walks the gradient by them and the sizes of the input. */
export const paddingGradient = (spatial: number): Guard =>
  first(atLeast(2 * spatial, 'padding'), gradientOfPadded(spatial));
