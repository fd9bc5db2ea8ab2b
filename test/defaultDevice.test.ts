/** The default device. */
import { afterEach, describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../lib/index.js';

afterEach(() => void torch.setDefaultDevice(null));

describe('setDefaultDevice', () => {
  const factories: Record<string, () => Tensor> = {
    zeros: () => torch.zeros([2]),
    ones: () => torch.ones([2]),
    empty: () => torch.empty([2]),
    full: () => torch.full([2], 3),
    arange: () => torch.arange(3),
    linspace: () => torch.linspace(0, 1, 3),
    logspace: () => torch.logspace(0, 1, 3),
    eye: () => torch.eye(2),
    rand: () => torch.rand([2]),
    randn: () => torch.randn([2]),
    randint: () => torch.randint(0, 5, [2]),
    hannWindow: () => torch.hannWindow(4),
    fftfreq: () => torch.fft.fftfreq(4),
    tensor: () => torch.tensor([1, 2]),
    asTensor: () => torch.asTensor([1, 2]),
    scalarTensor: () => torch.scalarTensor(1),
    sparseCsrTensor: () => torch.sparseCsrTensor([0, 0], [], [], [1, 3]),
    sparseCooTensor: () => torch.sparseCooTensor([2, 2]),
  };

  test.each(Object.keys(factories))('%s makes tensors there', (name) => {
    const make = factories[name] as () => Tensor;
    expect(make().device.type).toBe('cpu');
    torch.setDefaultDevice('meta');
    expect(make().device.type).toBe('meta');
  });

  test('a device that is given wins, also in what is made like another tensor', () => {
    const like = torch.ones([2]);
    torch.setDefaultDevice('meta');
    expect(torch.zeros([2], { device: 'cpu' }).device.type).toBe('cpu');
    expect(torch.tensor([1], { device: 'cpu' }).device.type).toBe('cpu');
    expect(torch.zerosLike(like).device.type).toBe('cpu');
    expect(like.newZeros([2]).device.type).toBe('cpu');
    expect(like.newTensor([2]).device.type).toBe('cpu');
    expect((torch.ops.aten.zeros([2]) as Tensor).device.type).toBe('cpu');
  });

  test('it ends with its guard, its function, or null', () => {
    expect(torch.getDefaultDevice().type).toBe('cpu');
    const guard = torch.setDefaultDevice('meta');
    expect(torch.getDefaultDevice().type).toBe('meta');
    expect(torch.setDefaultDevice('cpu', () => torch.zeros([1]).device.type)).toBe('cpu');
    expect(torch.getDefaultDevice().type).toBe('meta');
    guard[Symbol.dispose]();
    guard[Symbol.dispose]();
    expect(torch.getDefaultDevice().type).toBe('cpu');
    expect(() =>
      torch.setDefaultDevice('meta', () => {
        throw new RangeError('inside');
      }),
    ).toThrow('inside');
    expect(torch.getDefaultDevice().type).toBe('cpu');
  });

  test('what is no device is refused, and changes nothing', () => {
    expect(() => torch.setDefaultDevice('nowhere')).toThrow(TypeError);
    expect(() => torch.setDefaultDevice(3 as never)).toThrow(TypeError);
    expect(() => torch.setDefaultDevice('meta', 3 as never)).toThrow(TypeError);
    expect(() => torch.setDefaultDevice('meta', async () => 1)).toThrow(TypeError);
    expect(torch.getDefaultDevice().type).toBe('cpu');
  });
});
