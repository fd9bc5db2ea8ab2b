/** The inverse of max pooling: elements back to where they were, zeros elsewhere. */

import { intList, ints, optional, parameters, type Rest, tensor, withDefault } from '../../arguments.js';
import { tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { repeated } from './sizes.js';

type Sizes = number | readonly number[];

/** Options of the max unpooling functions. */
export interface MaxUnpoolOptions {
  /** How far the window moved. Default: the kernel's size. */
  stride?: Sizes | null;
  /** How much the input was padded. Default: 0. */
  padding?: Sizes;
  /** The size of the result, where pooling left more than one possible; batch and channels may lead it. */
  outputSize?: readonly number[] | null;
}

/** One of the `maxUnpool` functions. */
export interface MaxUnpool {
  (
    input: Tensor,
    indices: Tensor,
    kernelSize: Sizes,
    ...rest: Rest<
      [stride: Sizes | null, padding: Sizes, outputSize: readonly number[] | null],
      MaxUnpoolOptions
    >
  ): Tensor;
  (input: Tensor, indices: Tensor, options: MaxUnpoolOptions & { kernelSize: Sizes }): Tensor;
}

function sizeOf(
  input: Tensor,
  kernel: readonly number[],
  stride: readonly number[],
  padding: readonly number[],
  outputSize: readonly number[] | null,
): readonly number[] {
  const dims = kernel.length;
  const { shape } = input;
  const usual = kernel.map((size, d) => {
    const length = shape[shape.length - dims + d];
    if (length === undefined) throw new RangeError(`Input dimension should be at least ${dims}`);
    return (length - 1) * (stride[d] as number) + size - 2 * (padding[d] as number);
  });
  let size = usual;
  if (outputSize !== null) {
    size = outputSize.length === dims + 2 ? outputSize.slice(2) : [...outputSize];
    if (size.length !== dims) {
      throw new RangeError(
        `output_size should be a sequence containing ${dims} or ${dims + 2} elements, but it has a length of '${size.length}'`,
      );
    }
    for (let d = 0; d < dims; d++) {
      const [least, most] = [-1, 1].map((sign) => (usual[d] as number) + sign * (stride[d] as number)) as [
        number,
        number,
      ];
      if (!(least < (size[d] as number) && (size[d] as number) < most)) {
        throw new RangeError(
          `invalid output_size "[${size.join(', ')}]" (dim ${d} must be between ${least} and ${most})`,
        );
      }
    }
  }
  const negative = size.findIndex((length) => length < 0);
  if (negative >= 0) {
    throw new RangeError(
      'max_unpooling: output_size must contain non-negative spatial dimensions, but got ' +
        `output_size[${negative}]=${size[negative]}`,
    );
  }
  return size;
}

type Kernel = (
  input: Tensor,
  indices: Tensor,
  size: readonly number[],
  stride: readonly number[],
  padding: readonly number[],
) => Tensor;

function maxUnpool(name: string, dims: number, kernel: Kernel): MaxUnpool {
  const read = parameters(name, {
    input: tensor,
    indices: tensor,
    kernelSize: ints,
    stride: optional(ints),
    padding: withDefault(ints, 0),
    outputSize: optional(intList),
  });
  return (...args: unknown[]) => {
    const { input, indices, kernelSize, stride, padding, outputSize } = read(args);
    const sizes = repeated(kernelSize, dims);
    const strides = repeated(stride ?? sizes, dims);
    const paddings = repeated(padding, dims);
    return kernel(input, indices, sizeOf(input, sizes, strides, paddings, outputSize), strides, paddings);
  };
}

/**
 * Undoes `maxPool1d`, given the indices that it found.
 *
 * Shapes: input and indices `(N, C, L)` or `(C, L)`; result `(N, C, L')` or `(C, L')`.
 *
 * `maxUnpool1d(input, indices, kernelSize, stride = null, padding = 0, outputSize = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_unpool1d.html
 *
 * @throws RangeError for an `outputSize` that pooling does not lead from.
 */
export const maxUnpool1d: MaxUnpool = maxUnpool('maxUnpool1d', 1, (input, indices, size) =>
  tidy(() => aten.max_unpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), [...size, 1]).squeeze(-1)),
);

/**
 * Undoes `maxPool2d`, given the indices that it found.
 *
 * Shapes: input and indices `(N, C, H, W)` or `(C, H, W)`; result `(N, C, H', W')` or `(C, H', W')`.
 *
 * `maxUnpool2d(input, indices, kernelSize, stride = null, padding = 0, outputSize = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_unpool2d.html
 *
 * @throws RangeError for an `outputSize` that pooling does not lead from.
 */
export const maxUnpool2d: MaxUnpool = maxUnpool('maxUnpool2d', 2, (input, indices, size) =>
  aten.max_unpool2d(input, indices, size),
);

/**
 * Undoes `maxPool3d`, given the indices that it found.
 *
 * Shapes: input and indices `(N, C, D, H, W)` or `(C, D, H, W)`; result `(N, C, D', H', W')` or `(C, D', H', W')`.
 *
 * `maxUnpool3d(input, indices, kernelSize, stride = null, padding = 0, outputSize = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_unpool3d.html
 *
 * @throws RangeError for an `outputSize` that pooling does not lead from.
 */
export const maxUnpool3d: MaxUnpool = maxUnpool('maxUnpool3d', 3, (input, indices, size, stride, padding) =>
  aten.max_unpool3d(input, indices, size, stride, padding),
);
