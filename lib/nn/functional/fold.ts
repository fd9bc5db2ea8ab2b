/** Windows of images as columns, and back. */

import { ints, parameters, type Rest, tensor, withDefault } from '../../arguments.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { repeated } from './sizes.js';

type Sizes = number | readonly number[];

/** Options of {@link unfold} and {@link fold}. */
export interface FoldOptions {
  /** The distance between the window's elements. Default: 1. */
  dilation?: Sizes;
  /** Zeros around the image. Default: 0. */
  padding?: Sizes;
  /** How far the window moves. Default: 1. */
  stride?: Sizes;
}

type FoldRest = Rest<[dilation: Sizes, padding: Sizes, stride: Sizes], FoldOptions>;

const optional = {
  dilation: withDefault(ints, 1),
  padding: withDefault(ints, 0),
  stride: withDefault(ints, 1),
};
const unfoldArguments = parameters('unfold', { input: tensor, kernelSize: ints, ...optional });

/**
 * The windows that slide over a batch of images, each as a column.
 *
 * Shapes: input `(N, C, H, W)` or `(C, H, W)`; result `(N, C · kH · kW, L)` or `(C · kH · kW, L)`.
 *
 * `unfold(input, kernelSize, dilation = 1, padding = 0, stride = 1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.unfold.html
 */
export function unfold(input: Tensor, kernelSize: Sizes, ...rest: FoldRest): Tensor;
export function unfold(input: Tensor, options: FoldOptions & { kernelSize: Sizes }): Tensor;
export function unfold(...args: unknown[]): Tensor {
  const { input, kernelSize, dilation, padding, stride } = unfoldArguments(args);
  return aten.im2col(
    input,
    repeated(kernelSize, 2),
    repeated(dilation, 2),
    repeated(padding, 2),
    repeated(stride, 2),
  );
}

const foldArguments = parameters('fold', {
  input: tensor,
  outputSize: ints,
  kernelSize: ints,
  ...optional,
});

/**
 * Puts columns back as windows of images of `outputSize`, and adds up where they overlap.
 *
 * Shapes: input `(N, C · kH · kW, L)` or `(C · kH · kW, L)`; result `(N, C, ...outputSize)` or `(C, ...outputSize)`.
 *
 * `fold(input, outputSize, kernelSize, dilation = 1, padding = 0, stride = 1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.fold.html
 */
export function fold(input: Tensor, outputSize: Sizes, kernelSize: Sizes, ...rest: FoldRest): Tensor;
export function fold(input: Tensor, options: FoldOptions & { outputSize: Sizes; kernelSize: Sizes }): Tensor;
export function fold(...args: unknown[]): Tensor {
  const { input, outputSize, kernelSize, dilation, padding, stride } = foldArguments(args);
  return aten.col2im(
    input,
    repeated(outputSize, 2),
    repeated(kernelSize, 2),
    repeated(dilation, 2),
    repeated(padding, 2),
    repeated(stride, 2),
  );
}
