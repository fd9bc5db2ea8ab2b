/** Pooling, unpooling, windows and convolutions. */
import { describe, expect, test } from '@jest/globals';
import torch from '../../../lib/index.js';
import type { Tensor } from '../../../lib/tensor.js';
import { comparePython, F, messageOf, sameForms, x } from './cases.js';

type Sizes = number | number[];
const pools = [F.maxPool1d, F.maxPool2d, F.maxPool3d] as const;
const unpools = [F.maxUnpool1d, F.maxUnpool2d, F.maxUnpool3d] as const;

function unpooled(
  dims: 1 | 2 | 3,
  size: number[],
  kernel: Sizes,
  stride: Sizes | null = null,
  outputSize: number[] | null = null,
): Tensor {
  const [output, indices] = pools[dims - 1]!(x(1, 2, ...size), kernel, stride, { returnIndices: true });
  return unpools[dims - 1]!(output, indices, kernel, stride, { outputSize });
}

comparePython('pooling', {
  'max 1d': () => F.maxPool1d(x(2, 3, 9), 2, { ceilMode: true, returnIndices: true }),
  'max 1d with indices': () => F.maxPool1dWithIndices(x(2, 3, 9), 3, 2, 1),
  'max 2d': () => F.maxPool2d(x(2, 3, 6, 7), [2, 3], { stride: 1, dilation: 2, returnIndices: true }),
  'max 2d by position': () => F.maxPool2d(x(3, 6, 7), 2, null, 1, 1, true, true),
  'max 2d with indices': () => F.maxPool2dWithIndices(x(3, 6, 7), 2, { padding: 1 }),
  'max 3d': () => F.maxPool3d(x(3, 4, 5, 6), 2, { returnIndices: true }),
  'max 3d with indices': () => F.maxPool3dWithIndices(x(3, 4, 5, 6), { kernelSize: 2 }),
  'max 3d alone': () => F.maxPool3d(x(3, 4, 5, 6), { kernelSize: 2, returnIndices: false }),
  'adaptive max 1d': () => F.adaptiveMaxPool1d(x(2, 3, 7), 3, true),
  'adaptive max 1d with indices': () => F.adaptiveMaxPool1dWithIndices(x(2, 3, 7), 3),
  'adaptive max 2d': () => F.adaptiveMaxPool2d(x(2, 3, 5, 7), [null, 3], { returnIndices: true }),
  'adaptive max 2d with indices': () => F.adaptiveMaxPool2dWithIndices(x(2, 3, 5, 7), 2),
  'adaptive max 3d': () =>
    F.adaptiveMaxPool3d(x(2, 3, 4, 5), { outputSize: [2, null, 3], returnIndices: true }),
  'adaptive max 3d with indices': () => F.adaptiveMaxPool3dWithIndices(x(2, 3, 4, 5), [2, 2, 3]),
  'adaptive average 2d': () => F.adaptiveAvgPool2d(x(2, 3, 5, 7), [null, 3]),
  'adaptive average 3d': () => F.adaptiveAvgPool3d(x(2, 3, 4, 5), { outputSize: 2 }),
  'fractional 2d': () =>
    F.fractionalMaxPool2d(x(2, 3, 6, 7), 2, { outputRatio: [0.5, 0.6], returnIndices: true }),
  'fractional 2d, a size': () => F.fractionalMaxPool2d(x(3, 6, 7), 2, [3, 4]),
  'fractional 2d with indices': () => F.fractionalMaxPool2dWithIndices(x(3, 6, 7), 2, 3),
  'fractional 3d': () => F.fractionalMaxPool3d(x(2, 5, 6, 7), 2, { outputRatio: 0.5, returnIndices: true }),
  'fractional 3d with indices': () => F.fractionalMaxPool3dWithIndices(x(1, 2, 5, 6, 7), 2, [2, 3, 4]),
  'unpool 1d': () => unpooled(1, [9], 2, null, [9]),
  'unpool 2d': () => unpooled(2, [5, 7], 2, null, [1, 2, 5, 7]),
  'unpool 2d, strides': () => unpooled(2, [5, 7], 3, [2, 1]),
  'unpool 3d': () => unpooled(3, [4, 5, 6], 2, null, [4, 5, 6]),
  'lp 1d': () => F.lpPool1d(x(2, 3, 9), 3, 2, 1, true),
  'lp 1d infinite': () => F.lpPool1d(x(2, 3, 9), Number.POSITIVE_INFINITY, 2),
  'lp 2d minus infinite': () => F.lpPool2d(x(3, 6, 7), Number.NEGATIVE_INFINITY, [2, 3]),
  'lp 3d': () => F.lpPool3d(x(3, 4, 5, 6), 1.5, [2, 1, 3]),
  unfold: () => F.unfold(x(2, 3, 5, 6), [2, 3], { padding: 1, stride: 2 }),
  fold: () => F.fold(x(2, 12, 12), [4, 5], [2, 2]),
  'conv same': () => F.conv2d(x(1, 4, 5, 6), x(6, 2, 3, 2), x(6), { padding: 'same', groups: 2 }),
  'conv valid': () => F.conv1d(x(4, 5), x(6, 4, 3), { stride: 2, padding: 'valid' }),
  'conv tbc': () => F.convTbc(x(5, 2, 3), x(3, 3, 4), x(4), 1),
});

describe('arguments', () => {
  sameForms({
    maxPool2d: [
      () => F.maxPool2d(x(2, 5, 5), 2, 1, 1),
      () => F.maxPool2d(x(2, 5, 5), [2, 2], { stride: 1, padding: 1 }),
      () => F.maxPool2d(x(2, 5, 5), { kernelSize: 2, stride: [1, 1], padding: 1 }),
    ],
    maxPool1d: [
      () => F.maxPool1d(x(2, 5), 2, undefined, undefined, undefined, undefined, true),
      () => F.maxPool1d(x(2, 5), 2, { returnIndices: true }),
      () => F.maxPool1dWithIndices(x(2, 5), 2),
    ],
    lpPool1d: [
      () => F.lpPool1d(x(2, 5), 2, 2, 1, true),
      () => F.lpPool1d(x(2, 5), 2, { kernelSize: 2, stride: 1, ceilMode: true }),
    ],
    fractionalMaxPool2d: [
      () => F.fractionalMaxPool2d(x(2, 5, 5), 2, [3, 3], null, true),
      () => F.fractionalMaxPool2d(x(2, 5, 5), { kernelSize: 2, outputSize: 3, returnIndices: true }),
    ],
    unfold: [
      () => F.unfold(x(2, 5, 5), 2, 1, 1, 2),
      () => F.unfold(x(2, 5, 5), { kernelSize: 2, padding: 1, stride: 2 }),
    ],
    fold: [() => F.fold(x(4, 9), 4, 2), () => F.fold(x(4, 9), { outputSize: [4, 4], kernelSize: [2, 2] })],
    conv1d: [
      () => F.conv1d(x(2, 5), x(3, 2, 2), null, 2, 1),
      () => F.conv1d(x(2, 5), x(3, 2, 2), { stride: 2, padding: [1] }),
    ],
    avgPool2d: [
      () => F.avgPool2d(x(2, 5, 5), 2, 1, 1, true, false, 3),
      () =>
        F.avgPool2d(x(2, 5, 5), 2, 1, {
          padding: 1,
          ceilMode: true,
          countIncludePad: false,
          divisorOverride: 3,
        }),
    ],
  });

  test('that are wrong are named', () => {
    const input = torch.ones([1, 4, 4]);
    expect(messageOf(() => F.maxPool2d(input, { stride: 1 } as never))).toBe(
      "maxPool2d(): missing required argument 'kernelSize'",
    );
    expect(messageOf(() => F.maxPool2d(input, 'two' as never))).toBe(
      "maxPool2d(): argument 'kernelSize' (position 2) must be int or array of ints, not str",
    );
    expect(messageOf(() => F.maxPool2d(input, 1.5))).toBe(
      "maxPool2d(): argument 'kernelSize' (position 2) must be int or array of ints, not float",
    );
    expect(messageOf(() => F.maxPool2d(input, 2, { returnIndex: true } as never))).toMatch(
      "maxPool2d(): unknown option 'returnIndex'",
    );
  });

  test('decide what comes back', () => {
    const input = torch.ones([1, 4, 4]);
    expect(F.maxPool2d(input, 2)).toBeInstanceOf(torch.Tensor);
    const [output, indices]: [Tensor, Tensor] = F.maxPool2d(input, 2, { returnIndices: true });
    expect([output.shape, indices.dtype]).toEqual([[1, 2, 2], torch.int64]);
  });
});
