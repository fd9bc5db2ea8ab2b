/** Images: other sizes, grids, shuffles and padding. */
import { describe, expect, jest, test } from '@jest/globals';
import torch from '../../../lib/index.js';
import { comparePython, F, messageOf, sameForms, x } from './cases.js';

comparePython('vision', {
  nearest: () => F.interpolate(x(1, 2, 4), 7),
  'nearest exact': () => F.interpolate(x(1, 2, 4, 5), { scaleFactor: [1.5, 0.6], mode: 'nearest-exact' }),
  linear: () => F.interpolate(x(1, 2, 4), { scaleFactor: 1.7, mode: 'linear', alignCorners: true }),
  bilinear: () => F.interpolate(x(1, 2, 4, 5), [7, 3], { mode: 'bilinear', antialias: true }),
  bicubic: () =>
    F.interpolate(x(1, 2, 4, 5), { scaleFactor: 1.3, mode: 'bicubic', recomputeScaleFactor: true }),
  'bicubic, smooth': () => F.interpolate(x(1, 2, 9, 8), [3, 4], { mode: 'bicubic', antialias: true }),
  lanczos: () => F.interpolate(torch.randn([1, 2, 9, 8]), [3, 4], { mode: 'lanczos', antialias: true }),
  trilinear: () => F.interpolate(x(1, 2, 3, 4, 5), [4, 3, 6], null, 'trilinear', false),
  area: () => F.interpolate(x(1, 2, 4, 5), { scaleFactor: 0.6, mode: 'area' }),
  upsample: () => F.upsample(x(1, 2, 4, 5), null, 2, 'bilinear', true),
  'upsample nearest': () => F.upsampleNearest(x(1, 2, 4), 6),
  'upsample bilinear': () => F.upsampleBilinear(x(1, 2, 4, 5), { scaleFactor: 2 }),
  'grid sample': () => F.gridSample(x(1, 2, 4, 5), x(1, 3, 3, 2), 'bicubic', 'reflection', false),
  'grid sample of volumes': () => F.gridSample(x(1, 2, 3, 4, 5), x(1, 2, 2, 2, 3), { paddingMode: 'border' }),
  'affine grid': () => F.affineGrid(x(1, 2, 3), [1, 2, 3, 4], { alignCorners: true }),
  'affine grid of volumes': () => F.affineGrid(x(1, 3, 4), [1, 2, 2, 3, 4]),
  'pixel shuffle': () => F.pixelUnshuffle(F.pixelShuffle(x(4, 2, 3), 2), 2),
  'channel shuffle': () => F.channelShuffle(x(1, 4, 2, 2), 2),
  'native channel shuffle': () => F.nativeChannelShuffle(torch.randn([1, 4, 2, 2]), 2),
  pad: () => F.pad(x(1, 2, 3), { pad: [2, 1], mode: 'replicate' }),
  pdist: () => F.pdist(x(4, 3), 1.5),
});

describe('arguments', () => {
  sameForms({
    interpolate: [
      () => F.interpolate(x(1, 1, 3, 3), 5, null, 'bilinear', true, null, false),
      () => F.interpolate(x(1, 1, 3, 3), [5, 5], { mode: 'bilinear', alignCorners: true }),
      () => F.interpolate(x(1, 1, 3, 3), { size: 5, mode: 'bilinear', alignCorners: true }),
    ],
    gridSample: [
      () => F.gridSample(x(1, 1, 3, 3), x(1, 2, 2, 2), 'nearest', 'border', true),
      () =>
        F.gridSample(x(1, 1, 3, 3), x(1, 2, 2, 2), {
          mode: 'nearest',
          paddingMode: 'border',
          alignCorners: true,
        }),
    ],
    affineGrid: [
      () => F.affineGrid(x(1, 2, 3), [1, 1, 2, 2], true),
      () => F.affineGrid(x(1, 2, 3), { size: [1, 1, 2, 2], alignCorners: true }),
    ],
    pad: [() => F.pad(x(2, 2), [1, 2], 'constant', 3), () => F.pad(x(2, 2), { pad: [1, 2], value: 3 })],
  });

  test('that are wrong are named', () => {
    const input = torch.ones([1, 1, 2]);
    expect(messageOf(() => F.interpolate(input, [1.5]))).toBe(
      'expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, int, int], but got size with ' +
        "types [<class 'float'>]",
    );
    expect(messageOf(() => F.interpolate(input, '2' as never))).toBe(
      "interpolate(): argument 'size' (position 2) must be float or array of floats or null, not str",
    );
    expect(messageOf(() => F.pad(input, 1 as never))).toBe(
      "pad(): argument 'pad' (position 2) must be array of ints, not int",
    );
  });

  test('that PyTorch deprecates are warned of', () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    try {
      const grid = torch.zeros([1, 1, 1, 2]);
      F.gridSample(torch.ones([1, 1, 2, 2]), grid);
      F.affineGrid(torch.ones([1, 2, 3]), [1, 1, 1, 2], true);
      const texts = warned.mock.calls.map(([text]) => String(text));
      for (const text of texts) expect(text).toMatch(/affine_grid/);
      expect(texts.length).toBeGreaterThan(0);
    } finally {
      warned.mockRestore();
    }
  });
});
