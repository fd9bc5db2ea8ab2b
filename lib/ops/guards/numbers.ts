/** Numbers that libtorch counts or divides by. */
import { Tensor } from '../../tensor.js';
import { type Guard, tensorOf } from './rule.js';

/** Reads the bits of so many direction numbers, 30 a dimension. */
export const sobol =
  (...names: string[]): Guard =>
  (given) => {
    const dimension = Number(given.dimension);
    if (!(dimension >= 1 && dimension <= 21201))
      return `argument 'dimension' must be from 1 to 21201, not ${dimension}`;
    for (const name of ['n', 'num_generated']) {
      if (given[name] !== undefined && !(Number(given[name]) >= 0 && Number(given[name]) < 2 ** 30)) {
        return `argument '${name}' must be from 0 to 2^30 - 1`;
      }
    }
    for (const name of names) {
      const tensor = tensorOf(given[name]);
      if (tensor === undefined) continue;
      const [rows, bits, more] = tensor.shape;
      const square = name !== 'ltm' || (more === 30 && tensor.ndim === 3);
      const long = tensor.dtype.name === 'int64' && !tensor.isMeta && tensor.layout.name === 'strided';
      const state =
        name === 'quasi' ? tensor.numel() >= dimension : (rows ?? 0) >= dimension && bits === 30 && square;
      if (!state || !long) return `argument '${name}' is no state of int64 for ${dimension} dimensions`;
    }
    return undefined;
  };

/** Makes an integer of the step and divides by it. */
export function stepOfIntegers(dtype: string): Guard {
  return (given) => {
    const type =
      given[dtype] instanceof Tensor ? given[dtype].dtype : (given[dtype] as Tensor['dtype'] | undefined);
    if (type === undefined || type === null || type.isFloatingPoint || type.isComplex) return undefined;
    return Math.trunc(Number(given.step ?? 1)) === 0 ? 'step must be nonzero' : undefined;
  };
}

/** Divides integers by `beta`, made an integer. */
export const integralBeta: Guard = (given) => {
  const tensor = tensorOf(given.self);
  if (tensor === undefined || tensor.dtype.isFloatingPoint || tensor.dtype.isComplex) return undefined;
  const beta = Number(given.beta ?? 1);
  return beta < 1 || beta >= 2 ** (8 * tensor.dtype.itemsize - 1)
    ? `argument 'beta' must be at least 1 for integers, and at most what ${tensor.dtype} holds`
    : undefined;
};

const highestDegree = 2 ** 24;

/** Comes to a polynomial by one step for each degree, however many these are. */
export const polynomialDegree: Guard = (given) => {
  const tensor = tensorOf(given.n);
  if (tensor === undefined)
    return Number(given.n) > highestDegree ? `argument 'n' must be at most ${highestDegree}` : undefined;
  if (tensor.isMeta || tensor.layout.name !== 'strided' || tensor.numel() === 0 || tensor.dtype.isComplex)
    return undefined;
  return tensor.gt(highestDegree).any().item() === true
    ? `argument 'n' must be at most ${highestDegree}`
    : undefined;
};

/** Looks for the next number that the dtype has, without end where there is none. */
export const integersFrom: Guard = (given) =>
  Math.abs(Number(given.from)) > 2 ** 62 ? "argument 'from' must be within 2^62 of 0" : undefined;

/** Draws until a sum passes these numbers, which NaN and infinity never let it. */
export const numbersToDraw: Guard = (given) => {
  for (const name of ['count', 'prob']) {
    const tensor = tensorOf(given[name]);
    if (
      tensor === undefined ||
      tensor.isMeta ||
      !tensor.dtype.isFloatingPoint ||
      tensor.layout.name !== 'strided'
    )
      continue;
    if (tensor.isfinite().all().item() !== true) return `argument '${name}' should not contain infs or NaNs`;
  }
  return undefined;
};

/** Takes half a spectrum for one that is as long as the signal asks for. */
export const halfSpectrum: Guard = (given) => {
  const [tensor, length] = [tensorOf(given.self), Number(given.last_dim_size)];
  if (tensor === undefined || !Array.isArray(given.dim) || given.dim.length === 0) return undefined;
  const wanted = Math.floor(length / 2) + 1;
  const there = tensor.shape[Number(given.dim.at(-1))];
  return length >= 1 && there === wanted
    ? undefined
    : `a signal of ${length} has a spectrum of ${wanted} numbers, not ${there}`;
};
