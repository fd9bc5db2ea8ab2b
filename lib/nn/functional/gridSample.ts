/** Images looked at through a grid, and grids of affine maps. */

import {
  bool,
  intList,
  optional,
  parameters,
  type Rest,
  tensor,
  text,
  withDefault,
} from '../../arguments.js';
import { NotImplementedError } from '../../errors.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { formatSize } from '../format.js';
import { warnOnce } from '../warnings.js';

/** How {@link gridSample} finds elements in between. */
export type GridSampleMode = 'bilinear' | 'nearest' | 'bicubic';
/** What {@link gridSample} finds outside the image. */
export type GridSamplePaddingMode = 'zeros' | 'border' | 'reflection';

/** Options of {@link gridSample}. */
export interface GridSampleOptions {
  /** `'bilinear'` is trilinear for volumes. Default: `'bilinear'`. */
  mode?: GridSampleMode;
  /** Default: `'zeros'`. */
  paddingMode?: GridSamplePaddingMode;
  /** Whether -1 and 1 lie on the centres of the corner elements rather than at their edges. Default: `false`. */
  alignCorners?: boolean | null;
}

const modes = ['bilinear', 'nearest', 'bicubic'];
const paddingModes = ['zeros', 'border', 'reflection'];

function corners(alignCorners: boolean | null): boolean {
  if (alignCorners !== null) return alignCorners;
  warnOnce(
    'Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. Please specify ' +
      'align_corners=True if the old behavior is desired. See the documentation of grid_sample for details.',
  );
  return false;
}

const sampleArguments = parameters('gridSample', {
  input: tensor,
  grid: tensor,
  mode: withDefault(text<GridSampleMode>(), 'bilinear'),
  paddingMode: withDefault(text<GridSamplePaddingMode>(), 'zeros'),
  alignCorners: optional(bool),
});

/**
 * The elements of images at the places in `grid`, whose coordinates run from -1 to 1.
 *
 * Shapes: input `(N, C, H, W)` with grid `(N, H', W', 2)`, result `(N, C, H', W')`; or input `(N, C, D, H, W)` with
 * grid `(N, D', H', W', 3)`, result `(N, C, D', H', W')`.
 *
 * `gridSample(input, grid, mode = 'bilinear', paddingMode = 'zeros', alignCorners = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.grid_sample.html
 *
 * @throws RangeError for an unknown mode.
 */
export function gridSample(
  input: Tensor,
  grid: Tensor,
  ...rest: Rest<
    [mode: GridSampleMode, paddingMode: GridSamplePaddingMode, alignCorners: boolean | null],
    GridSampleOptions
  >
): Tensor;
export function gridSample(...args: unknown[]): Tensor {
  const { input, grid, mode, paddingMode, alignCorners } = sampleArguments(args);
  const [interpolation, padding] = [modes.indexOf(mode), paddingModes.indexOf(paddingMode)];
  if (interpolation < 0) {
    throw new RangeError(
      `nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '${mode}'`,
    );
  }
  if (padding < 0) {
    throw new RangeError(
      "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: " +
        `'${paddingMode}'`,
    );
  }
  return aten.grid_sampler(input, grid, interpolation, padding, corners(alignCorners));
}

const affineArguments = parameters('affineGrid', {
  theta: tensor,
  size: intList,
  alignCorners: optional(bool),
});

/**
 * The grid for {@link gridSample} by which images of `size` are mapped affinely.
 *
 * Shapes: theta `(N, 2, 3)` with size `[N, C, H, W]`, result `(N, H, W, 2)`; or theta `(N, 3, 4)` with size
 * `[N, C, D, H, W]`, result `(N, D, H, W, 3)`.
 *
 * `affineGrid(theta, size, alignCorners = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.affine_grid.html
 *
 * @throws RangeError for shapes that do not fit; NotImplementedError for a size of another length.
 */
export function affineGrid(
  theta: Tensor,
  size: readonly number[],
  ...rest: Rest<[alignCorners: boolean | null], { alignCorners?: boolean | null }>
): Tensor;
export function affineGrid(
  theta: Tensor,
  options: { size: readonly number[]; alignCorners?: boolean | null },
): Tensor;
export function affineGrid(...args: unknown[]): Tensor {
  const { theta, size, alignCorners } = affineArguments(args);
  const align = corners(alignCorners);
  if (!theta.isFloatingPoint())
    throw new RangeError(`Expected theta to have floating point type, but got ${theta.dtype}`);
  const written = `[${size.join(', ')}]`;
  const dims = size.length - 2;
  if (dims !== 2 && dims !== 3) {
    throw new NotImplementedError(
      'affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. ' +
        `Got size ${written}.`,
    );
  }
  const { shape } = theta;
  if (shape.length !== 3 || shape[1] !== dims || shape[2] !== dims + 1) {
    throw new RangeError(
      `Expected a batch of ${dims}D affine matrices of shape Nx${dims}x${dims + 1} for size ${written}. ` +
        `Got ${formatSize(shape)}.`,
    );
  }
  if (align && Math.min(...size.slice(2)) === 1) {
    warnOnce(
      'Since version 1.3.0, affine_grid behavior has changed for unit-size grids when align_corners=True. This is not ' +
        'an intended use case of affine_grid. See the documentation of affine_grid for details.',
    );
  } else if (Math.min(...size) <= 0) {
    throw new RangeError(`Expected non-zero, positive output size. Got ${written}`);
  }
  return aten.affine_grid_generator(theta, size, align);
}
