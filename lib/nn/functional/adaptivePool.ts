/** Pooling to a size that is given. */

import { bool, ints, intsOrNulls, type Parameter, parameters, tensor, withDefault } from '../../arguments.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';

export { adaptiveAvgPool1d } from './builtin.js';

/** The size that comes out, or one for each dimension; `null` stands for the input's own. */
export type AdaptiveSize = number | readonly (number | null)[];

/** The sizes that are not given are the input's. */
function filled(outputSize: AdaptiveSize, input: Tensor): number | readonly number[] {
  if (typeof outputSize === 'number') return outputSize;
  const { shape } = input;
  if (shape.length <= outputSize.length)
    throw new RangeError(`Input dimension should be at least ${outputSize.length + 1}`);
  const own = shape.slice(shape.length - outputSize.length);
  return outputSize.map((size, i) => size ?? (own[i] as number));
}

interface AveragePool {
  (input: Tensor, outputSize: AdaptiveSize): Tensor;
  (input: Tensor, options: { outputSize: AdaptiveSize }): Tensor;
}

const sizes = intsOrNulls as Parameter<AdaptiveSize>;

function average(name: string, kernel: 'adaptive_avg_pool2d' | 'adaptive_avg_pool3d'): AveragePool {
  const read = parameters(name, { input: tensor, outputSize: sizes });
  return (...args: unknown[]) => {
    const { input, outputSize } = read(args);
    return aten[kernel](input, filled(outputSize, input));
  };
}

/**
 * Averages over windows chosen so that `outputSize` comes out.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`; result `(N, C, ...outputSize)` or `(C, ...outputSize)`.
 *
 * `adaptiveAvgPool2d(input, outputSize)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.adaptive_avg_pool2d.html
 *
 * @throws RangeError for an input of too few dimensions.
 */
export const adaptiveAvgPool2d: AveragePool = average('adaptiveAvgPool2d', 'adaptive_avg_pool2d');

/**
 * Averages over windows chosen so that `outputSize` comes out.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`; result `(N, C, ...outputSize)` or `(C, ...outputSize)`.
 *
 * `adaptiveAvgPool3d(input, outputSize)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.adaptive_avg_pool3d.html
 *
 * @throws RangeError for an input of too few dimensions.
 */
export const adaptiveAvgPool3d: AveragePool = average('adaptiveAvgPool3d', 'adaptive_avg_pool3d');

type Results = [output: Tensor, indices: Tensor];

/** One of the `adaptiveMaxPool` functions: a tensor, or with `returnIndices` the indices besides. */
export interface AdaptiveMaxPool<Size> {
  (input: Tensor, outputSize: Size, returnIndices: true | { returnIndices: true }): Results;
  (input: Tensor, options: { outputSize: Size; returnIndices: true }): Results;
  (input: Tensor, outputSize: Size, returnIndices?: false | { returnIndices?: false }): Tensor;
  (input: Tensor, options: { outputSize: Size; returnIndices?: false }): Tensor;
  (input: Tensor, outputSize: Size, returnIndices: boolean | { returnIndices?: boolean }): Tensor | Results;
}

/** One of the `adaptiveMaxPoolWithIndices` functions. */
export interface AdaptiveMaxPoolWithIndices<Size> {
  (input: Tensor, outputSize: Size): Results;
  (input: Tensor, options: { outputSize: Size }): Results;
}

type Kernel = (input: Tensor, outputSize: AdaptiveSize) => Results;

/** The two functions of one number of dimensions. */
function greatest<Size extends AdaptiveSize>(
  name: string,
  size: Parameter<Size>,
  kernel: Kernel,
): [AdaptiveMaxPool<Size>, AdaptiveMaxPoolWithIndices<Size>] {
  const spec = { input: tensor, outputSize: size, returnIndices: withDefault(bool, false) };
  const [read, readWithIndices] = [parameters(name, spec), parameters(`${name}WithIndices`, spec)];
  const pool = (...args: unknown[]): Tensor | Results => {
    const { input, outputSize, returnIndices } = read(args);
    const results = kernel(input, outputSize as AdaptiveSize);
    if (returnIndices) return results;
    const [output, indices] = results;
    indices.dispose();
    return output;
  };
  return [
    pool as AdaptiveMaxPool<Size>,
    (...args: unknown[]) => {
      const { input, outputSize } = readWithIndices(args);
      return kernel(input, outputSize as AdaptiveSize);
    },
  ];
}

const [pool1d, pool1dWithIndices] = greatest('adaptiveMaxPool1d', ints, (input, size) =>
  aten.adaptive_max_pool1d(input, size as number | readonly number[]),
);
const [pool2d, pool2dWithIndices] = greatest('adaptiveMaxPool2d', sizes, (input, size) =>
  aten.adaptive_max_pool2d(input, filled(size, input)),
);
const [pool3d, pool3dWithIndices] = greatest('adaptiveMaxPool3d', sizes, (input, size) =>
  aten.adaptive_max_pool3d(input, filled(size, input)),
);

/**
 * The greatest of windows chosen so that `outputSize` comes out.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`; result `(N, C, outputSize)` or `(C, outputSize)`.
 *
 * `adaptiveMaxPool1d(input, outputSize, returnIndices = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.adaptive_max_pool1d.html
 */
export const adaptiveMaxPool1d: AdaptiveMaxPool<number | readonly number[]> = pool1d;

/**
 * The greatest of windows chosen so that `outputSize` comes out.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`; result `(N, C, ...outputSize)` or `(C, ...outputSize)`.
 *
 * `adaptiveMaxPool2d(input, outputSize, returnIndices = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.adaptive_max_pool2d.html
 *
 * @throws RangeError for an input of too few dimensions.
 */
export const adaptiveMaxPool2d: AdaptiveMaxPool<AdaptiveSize> = pool2d;

/**
 * The greatest of windows chosen so that `outputSize` comes out.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`; result `(N, C, ...outputSize)` or `(C, ...outputSize)`.
 *
 * `adaptiveMaxPool3d(input, outputSize, returnIndices = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.adaptive_max_pool3d.html
 *
 * @throws RangeError for an input of too few dimensions.
 */
export const adaptiveMaxPool3d: AdaptiveMaxPool<AdaptiveSize> = pool3d;

/**
 * {@link adaptiveMaxPool1d}, with the indices of the elements that were kept: `[output, indices]`.
 *
 * `adaptiveMaxPool1dWithIndices(input, outputSize, returnIndices = false)`
 */
export const adaptiveMaxPool1dWithIndices: AdaptiveMaxPoolWithIndices<number | readonly number[]> =
  pool1dWithIndices;

/**
 * {@link adaptiveMaxPool2d}, with the indices of the elements that were kept: `[output, indices]`.
 *
 * `adaptiveMaxPool2dWithIndices(input, outputSize, returnIndices = false)`
 */
export const adaptiveMaxPool2dWithIndices: AdaptiveMaxPoolWithIndices<AdaptiveSize> = pool2dWithIndices;

/**
 * {@link adaptiveMaxPool3d}, with the indices of the elements that were kept: `[output, indices]`.
 *
 * `adaptiveMaxPool3dWithIndices(input, outputSize, returnIndices = false)`
 */
export const adaptiveMaxPool3dWithIndices: AdaptiveMaxPoolWithIndices<AdaptiveSize> = pool3dWithIndices;
