/** Pooling by the p-norm of each window. */

import { bool, float, ints, optional, parameters, type Rest, tensor, withDefault } from '../../arguments.js';
import { tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { product, repeated } from './sizes.js';

type Sizes = number | readonly number[];

/** Options of the power-average pooling functions. */
export interface LpPoolOptions {
  /** How far the window moves. Default: the kernel's size. */
  stride?: Sizes | null;
  /** Let windows reach beyond the end, so that sizes are rounded up. Default: `false`. */
  ceilMode?: boolean;
}

/** One of the `lpPool` functions. */
export interface LpPool {
  (
    input: Tensor,
    normType: number,
    kernelSize: Sizes,
    ...rest: Rest<[stride: Sizes | null, ceilMode: boolean], LpPoolOptions>
  ): Tensor;
  (input: Tensor, normType: number, options: LpPoolOptions & { kernelSize: Sizes }): Tensor;
  (input: Tensor, options: LpPoolOptions & { normType: number; kernelSize: Sizes }): Tensor;
}

function lpPool(dims: 1 | 2 | 3): LpPool {
  const read = parameters(`lpPool${dims}d`, {
    input: tensor,
    normType: float,
    kernelSize: ints,
    stride: optional(ints),
    ceilMode: withDefault(bool, false),
  });
  return (...args: unknown[]) => {
    const { input, normType, kernelSize, stride, ceilMode } = read(args);
    return tidy(() => {
      const greatest = (of: Tensor): Tensor =>
        aten[`max_pool${dims}d`](of, kernelSize, stride ?? [], 0, 1, ceilMode);
      if (normType === Number.POSITIVE_INFINITY) return greatest(input.abs());
      if (normType === Number.NEGATIVE_INFINITY) return greatest(input.abs().neg()).neg();
      const mean = aten[`avg_pool${dims}d`](input.pow(normType), kernelSize, stride ?? [], 0, ceilMode);
      const elements = product(repeated(kernelSize, dims));
      return mean
        .sign()
        .mul(aten.relu(mean.abs()))
        .mul(elements)
        .pow(1 / normType);
    });
  };
}

/**
 * The p-norm of each window over one dimension: `(Σ xᵖ)^(1/p)`; for an infinite `normType` the greatest, or the least,
 * magnitude.
 *
 * Shapes: input `(N, C, L)` or `(C, L)`; result `(N, C, L')` or `(C, L')`.
 *
 * `lpPool1d(input, normType, kernelSize, stride = null, ceilMode = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.lp_pool1d.html
 */
export const lpPool1d: LpPool = lpPool(1);

/**
 * The p-norm of each window over two dimensions, as {@link lpPool1d}.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`; result `(N, C, H', W')` or `(C, H', W')`.
 *
 * `lpPool2d(input, normType, kernelSize, stride = null, ceilMode = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.lp_pool2d.html
 */
export const lpPool2d: LpPool = lpPool(2);

/**
 * The p-norm of each window over three dimensions, as {@link lpPool1d}.
 *
 * Shapes: input `(N, C, D, H, W)` or `(C, D, H, W)`; result `(N, C, D', H', W')` or `(C, D', H', W')`.
 *
 * `lpPool3d(input, normType, kernelSize, stride = null, ceilMode = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.lp_pool3d.html
 */
export const lpPool3d: LpPool = lpPool(3);
