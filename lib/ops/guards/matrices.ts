/** Linear algebra: what LAPACK is given. */
import type { Tensor } from '../../tensor.js';
import { type Guard, tensorOf } from './rule.js';

/** Hands the matrices to LAPACK, which answers NaN with a size that is none. */
export const finite =
  (name: string): Guard =>
  (given) => {
    const tensor = tensorOf(given[name]);
    if (
      tensor === undefined ||
      tensor.isMeta ||
      tensor.layout.name !== 'strided' ||
      tensor.dtype.name.startsWith('q')
    )
      return undefined;
    return tensor.isfinite().all().item() === true
      ? undefined
      : `argument '${name}' should not contain infs or NaNs`;
  };

/** Takes as many pivots as the shorter side of each matrix has rows. */
export const pivots: Guard = (given) => {
  const [data, indices] = [tensorOf(given.LU_data ?? given.LU), tensorOf(given.LU_pivots ?? given.pivots)];
  if (data === undefined || indices === undefined) return undefined;
  if (data.ndim < 2) return 'the factors must have at least 2 dimensions';
  const wanted = [...data.shape.slice(0, -2), Math.min(data.size(-2), data.size(-1))];
  return indices.shape.join() === wanted.join()
    ? undefined
    : `the pivots must have shape [${wanted}], not [${indices.shape}]`;
};

/** Solves without a look at the sizes. */
export const choleskySystem: Guard = (given) => {
  const [b, a] = [tensorOf(given.self), tensorOf(given.A)];
  if (a === undefined || b === undefined) return undefined;
  const fits =
    a.ndim >= 2 &&
    a.ndim === b.ndim &&
    a.size(-1) === a.size(-2) &&
    a.size(-1) === b.size(-2) &&
    a.dtype === b.dtype;
  return fits && a.shape.slice(0, -2).join() === b.shape.slice(0, -2).join()
    ? undefined
    : 'the matrices do not fit each other';
};

/** Negates the exponent, which the least of all integers does not bear: the loop would never end. */
export const exponent: Guard = (given) =>
  typeof given.n === 'bigint' && given.n === -(2n ** 63n)
    ? "argument 'n' must be greater than -2^63"
    : undefined;

/** Takes a coefficient of each matrix for each sum, by steps of the size of a matrix. */
export const linearCombination: Guard = (given) => {
  const [input, coefficients] = [tensorOf(given.input), tensorOf(given.coefficients)];
  if (input === undefined || coefficients === undefined) return undefined;
  return input.ndim > 0 &&
    coefficients.ndim === 2 &&
    coefficients.size(1) === input.size(0) &&
    coefficients.dtype === input.dtype
    ? undefined
    : "argument 'coefficients' must have a column for each of the inputs, of their dtype";
};

/** Writes as many sums as there are rows of coefficients. */
export const linearCombinationOut: Guard = (given) => {
  const [input, coefficients, out] = ['input', 'coefficients', 'out'].map((name) => tensorOf(given[name]));
  if (!input || !coefficients || !out) return undefined;
  const wanted = [coefficients.size(0), ...input.shape.slice(1)];
  return out.shape.join() === wanted.join()
    ? undefined
    : `argument 'out' must have shape [${wanted}], not [${out.shape}]`;
};

/** Where a tensor's storage begins; undefined where it has none, or no memory. */
function beginning(tensor: Tensor): bigint | undefined {
  if (tensor.layout.name !== 'strided' || tensor.isMeta) return undefined;
  const address = tensor.dataPtr();
  return address === 0n ? undefined : address - BigInt(tensor.storageOffset() * tensor.dtype.itemsize);
}

function shareMemory(a: unknown, b: unknown): boolean {
  if (a === b) return a !== undefined;
  const [first, second] = [tensorOf(a), tensorOf(b)];
  if (first === undefined || second === undefined) return false;
  const start = beginning(first);
  return start !== undefined && start === beginning(second);
}

/** Gives `out` its size before it reads the input, which may be the same memory. */
export const outApart =
  (...outs: string[]): Guard =>
  (given) => {
    const name = outs.find((out) => shareMemory(given[out], given.A) || shareMemory(given[out], given.self));
    return name === undefined ? undefined : `argument '${name}' must not be the input itself`;
  };

/** LAPACK's two drivers by singular values take a right side without columns for a fault, or read on from it. */
export const rightSides: Guard = (given) => {
  const [matrix, right] = [tensorOf(given.self), tensorOf(given.b)];
  if (matrix === undefined || right === undefined || matrix.numel() === 0 || right.numel() !== 0)
    return undefined;
  const { driver } = given;
  return driver === 'gelsd' || driver === 'gelss'
    ? `argument 'b' has no elements, which driver '${driver}' does not take`
    : undefined;
};
