/** Images of another size. */

import { bool, floats, optional, parameters, type Rest, tensor, text, withDefault } from '../../arguments.js';
import { NotImplementedError } from '../../errors.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { formatFloat } from '../format.js';
import { warnOnce } from '../warnings.js';

/** How {@link interpolate} finds the elements in between. */
export type InterpolateMode =
  | 'nearest'
  | 'nearest-exact'
  | 'linear'
  | 'bilinear'
  | 'bicubic'
  | 'trilinear'
  | 'lanczos'
  | 'area';

type Sizes = number | readonly number[];

/** What {@link upsample} takes besides the input. */
export interface UpsampleOptions {
  /** The spatial size that comes out: one number, or one for each dimension. */
  size?: Sizes | null;
  /** By what the spatial size is multiplied: one number, or one for each dimension. */
  scaleFactor?: Sizes | null;
  /** Default: `'nearest'`. */
  mode?: InterpolateMode;
  /** Whether corners lie on the centres of the corner elements rather than at their edges. Default: `false`. */
  alignCorners?: boolean | null;
}

/** Options of {@link interpolate}; one of `size` and `scaleFactor` is needed. */
export interface InterpolateOptions extends UpsampleOptions {
  /** Compute the scale anew from the sizes rather than use the one given. Default: `false`. */
  recomputeScaleFactor?: boolean | null;
  /** Filter what is made smaller; for `'bilinear'`, `'bicubic'` and `'lanczos'`. Default: `false`. */
  antialias?: boolean;
}

interface Given {
  input: Tensor;
  size: Sizes | null;
  scaleFactor: Sizes | null;
  mode: string;
  alignCorners: boolean | null;
  recomputeScaleFactor: boolean | null;
  antialias: boolean;
}

type Aligned = 'upsample_linear1d' | 'upsample_bilinear2d' | 'upsample_trilinear3d' | 'upsample_bicubic2d';

/** How many dimensions the modes with a number of their own work in. */
const aligned: Readonly<Record<string, readonly [dims: number, kernel: Aligned]>> = {
  linear: [3, 'upsample_linear1d'],
  bilinear: [4, 'upsample_bilinear2d'],
  trilinear: [5, 'upsample_trilinear3d'],
  bicubic: [4, 'upsample_bicubic2d'],
};

const listed = (values: readonly number[], format: (value: number) => string = String): string =>
  `[${values.map(format).join(', ')}]`;

/** The sizes, or the factors; those that are not given are null. */
function sizesOf({ input, size, scaleFactor }: Given): [readonly number[] | null, readonly number[] | null] {
  const spatial = input.shape.slice(2);
  const dims = input.dim() - 2;
  const all = (value: number): number[] => new Array<number>(Math.max(dims, 0)).fill(value);
  if (size !== null && scaleFactor !== null)
    throw new RangeError('only one of size or scale_factor should be defined');
  if (size !== null) {
    if (typeof size === 'number') return [all(size), null];
    if (size.length !== dims) {
      throw new RangeError(
        'Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of ' +
          `${listed(spatial)} and output size of ${listed(size)}. Please provide input tensor in (N, C, d1, d2, ` +
          '...,dK) format and output size in (o1, o2, ...,oK) format.',
      );
    }
    if (!size.every(Number.isInteger)) {
      const types = size.map((value) => `<class '${Number.isInteger(value) ? 'int' : 'float'}'>`);
      throw new TypeError(
        'expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, int, int], but got size with ' +
          `types [${types.join(', ')}]`,
      );
    }
    return [size, null];
  }
  if (scaleFactor === null) throw new RangeError('either size or scale_factor should be defined');
  if (typeof scaleFactor === 'number') return [null, all(scaleFactor)];
  if (scaleFactor.length !== dims) {
    throw new RangeError(
      'Input and scale_factor must have the same number of spatial dimensions, but got input with spatial dimensions ' +
        `of ${listed(spatial)} and scale_factor of shape ${listed(scaleFactor, formatFloat)}. Please provide input ` +
        'tensor in (N, C, d1, d2, ...,dK) format and scale_factor in (s1, s2, ...,sK) format.',
    );
  }
  return [null, scaleFactor];
}

function resize(given: Given): Tensor {
  const { input, mode, antialias } = given;
  let { alignCorners, recomputeScaleFactor } = given;
  const dims = input.dim();
  if (mode === 'nearest' || mode === 'area' || mode === 'nearest-exact') {
    if (alignCorners !== null) {
      throw new RangeError(
        'align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear',
      );
    }
  }
  alignCorners ??= false;
  let [size, factors] = sizesOf(given);
  if (recomputeScaleFactor === true && size !== null)
    throw new RangeError('recompute_scale_factor is not meaningful with an explicit size.');
  if (mode === 'area' && size === null) recomputeScaleFactor = true;
  if (recomputeScaleFactor === true && factors !== null) {
    const { shape } = input;
    size = factors.map((factor, i) => Math.trunc((shape[i + 2] as number) * factor));
    factors = null;
  }
  if (antialias && !((mode === 'bilinear' || mode === 'bicubic' || mode === 'lanczos') && dims === 4)) {
    throw new RangeError(
      'Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input',
    );
  }
  if (dims === 3 || dims === 4 || dims === 5) {
    const spatial = (dims - 2) as 1 | 2 | 3;
    if (mode === 'nearest') return aten[`upsample_nearest${spatial}d`].vec(input, size, factors);
    if (mode === 'nearest-exact') return aten[`_upsample_nearest_exact${spatial}d`].vec(input, size, factors);
    if (mode === 'area') return aten[`adaptive_avg_pool${spatial}d`](input, size as readonly number[]);
    if (mode === 'lanczos' && dims === 4) {
      if (alignCorners) throw new RangeError('Lanczos mode does not support align_corners=True');
      if (!antialias) throw new RangeError('Lanczos mode requires antialias=True');
      return aten._upsample_lanczos2d_aa.vec(input, size, alignCorners, factors);
    }
    const [wanted, kernel] = (Object.hasOwn(aligned, mode) && aligned[mode]) || [];
    if (wanted === dims && kernel !== undefined) {
      if (antialias)
        return aten[`_${kernel as 'upsample_bilinear2d'}_aa`].vec(input, size, alignCorners, factors);
      return aten[kernel].vec(input, size, alignCorners, factors);
    }
    if (wanted !== undefined && mode !== 'bicubic')
      throw new NotImplementedError(`Got ${dims}D input, but ${mode} mode needs ${wanted}D input`);
  }
  throw new NotImplementedError(
    `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${dims}D) for the modes: nearest | linear | ` +
      `bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got ${mode})`,
  );
}

const spec = {
  input: tensor,
  size: optional(floats),
  scaleFactor: optional(floats),
  mode: withDefault(text<InterpolateMode>(), 'nearest'),
  alignCorners: optional(bool),
};
type UpsampleArguments = [
  size: Sizes | null,
  scaleFactor: Sizes | null,
  mode: InterpolateMode,
  alignCorners: boolean | null,
];

const interpolateArguments = parameters('interpolate', {
  ...spec,
  recomputeScaleFactor: optional(bool),
  antialias: withDefault(bool, false),
});

/**
 * Makes images larger or smaller, to `size` or by `scaleFactor`.
 *
 * Shapes: input `(N, C, *)` with one to three spatial dimensions (`'linear'` one, `'bilinear'`, `'bicubic'` and
 * `'lanczos'` two, `'trilinear'` three); result `(N, C, *)`.
 *
 * `interpolate(input, size = null, scaleFactor = null, mode = 'nearest', alignCorners = null,
 * recomputeScaleFactor = null, antialias = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.interpolate.html
 *
 * @throws RangeError unless one of `size` and `scaleFactor` is given, with a number for each spatial dimension, and
 *   for options that do not go with the mode; NotImplementedError for a mode that does not go with the input's shape.
 */
export function interpolate(
  input: Tensor,
  ...rest: Rest<
    [...UpsampleArguments, recomputeScaleFactor: boolean | null, antialias: boolean],
    InterpolateOptions
  >
): Tensor;
export function interpolate(...args: unknown[]): Tensor {
  return resize(interpolateArguments(args));
}

function deprecated(name: string): void {
  warnOnce(`\`nn.functional.${name}\` is deprecated. Use \`nn.functional.interpolate\` instead.`);
}

const fixed = { recomputeScaleFactor: null, antialias: false };
const upsampleArguments = parameters('upsample', spec);

/**
 * @deprecated Use {@link interpolate}.
 *
 * `upsample(input, size = null, scaleFactor = null, mode = 'nearest', alignCorners = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.upsample.html
 */
export function upsample(input: Tensor, ...rest: Rest<UpsampleArguments, UpsampleOptions>): Tensor;
export function upsample(...args: unknown[]): Tensor {
  const given = upsampleArguments(args);
  deprecated('upsample');
  return resize({ ...given, ...fixed });
}

type SizeRest = Rest<
  [size: Sizes | null, scaleFactor: Sizes | null],
  Pick<UpsampleOptions, 'size' | 'scaleFactor'>
>;
const sizesOnly = { input: tensor, size: optional(floats), scaleFactor: optional(floats) };
const nearestArguments = parameters('upsampleNearest', sizesOnly);

/**
 * @deprecated Use {@link interpolate} with mode `'nearest'`.
 *
 * `upsampleNearest(input, size = null, scaleFactor = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.upsample_nearest.html
 */
export function upsampleNearest(input: Tensor, ...rest: SizeRest): Tensor;
export function upsampleNearest(...args: unknown[]): Tensor {
  const given = nearestArguments(args);
  deprecated('upsample_nearest');
  return resize({ ...given, ...fixed, mode: 'nearest', alignCorners: null });
}

const bilinearArguments = parameters('upsampleBilinear', sizesOnly);

/**
 * @deprecated Use {@link interpolate} with mode `'bilinear'` and `alignCorners: true`.
 *
 * `upsampleBilinear(input, size = null, scaleFactor = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.upsample_bilinear.html
 */
export function upsampleBilinear(input: Tensor, ...rest: SizeRest): Tensor;
export function upsampleBilinear(...args: unknown[]): Tensor {
  const given = bilinearArguments(args);
  deprecated('upsample_bilinear');
  return resize({ ...given, ...fixed, mode: 'bilinear', alignCorners: true });
}
