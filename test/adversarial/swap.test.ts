import { describe, expect, test } from '@jest/globals';
import { swapData, withSwappedData } from '../../lib/adversarial/index.js';
import torch, { nn } from '../../lib/index.js';
import { expectNoLeaks } from '../../lib/jest/index.js';
import { hexOf } from '../support/bits.js';

function weights() {
  torch.manualSeed(7);
  const weight = new nn.Parameter(torch.randn([4, 3]));
  return { weight, before: hexOf(weight), address: weight.dataPtr(), other: torch.randn([4, 3]) };
}

describe('swapData', () => {
  test('gives the tensor the data for the scope, and then its own memory back', () => {
    const { weight, before, address, other } = weights();
    {
      using swap = swapData(weight, other);
      expect(hexOf(weight)).toBe(hexOf(other));
      expect(swap.tensor).toBe(weight);
      expect(swap.restored).toBe(false);
    }
    expect(hexOf(weight)).toBe(before);
    expect(weight.dataPtr()).toBe(address);
  });

  test('restores when the scope ends with an exception', () => {
    const { weight, before, other } = weights();
    expect(() => {
      using _swap = swapData(weight, other);
      throw new Error('in the perturbed forward');
    }).toThrow('in the perturbed forward');
    expect(hexOf(weight)).toBe(before);
  });

  test('restores once', () => {
    const { weight, before, other } = weights();
    const swap = swapData(weight, other);
    swap.restore();
    torch.noGrad(() => weight.add_(1));
    const changed = hexOf(weight);
    swap.restore();
    swap[Symbol.dispose]();
    expect(swap.restored).toBe(true);
    expect(changed).not.toBe(before);
    expect(hexOf(weight)).toBe(changed);
  });

  test('keeps the leaf a leaf: its gradient, its flag and its version', () => {
    const { weight, other } = weights();
    weight.pow(2).sum().backward();
    const { grad, _version: version } = weight;
    {
      using _swap = swapData(weight, weight.add(other));
      expect(weight.isLeaf).toBe(true);
      expect(weight.requiresGrad).toBe(true);
    }
    expect(weight.grad).toBe(grad);
    expect(weight._version).toBe(version);
  });

  test('nests, from the inside out', () => {
    const { weight, before, other } = weights();
    const outer = swapData(weight, other);
    const inner = swapData(weight, torch.zeros([4, 3]));
    expect(() => outer.restore()).toThrow('a later swap of the same tensor is still in place');
    inner.restore();
    expect(hexOf(weight)).toBe(hexOf(other));
    outer.restore();
    expect(hexOf(weight)).toBe(before);
  });

  test('survives the end of a tidy scope', () => {
    const { weight, before, other } = weights();
    const swap = torch.tidy(() => swapData(weight, other.clone()));
    swap.restore();
    expect(hexOf(weight)).toBe(before);
  });

  test.each([
    ['another shape', () => torch.zeros([3, 4]), RangeError, 'shape [4,3] and the replacement [3,4]'],
    ['fewer dimensions', () => torch.zeros([12]), RangeError, 'shape [4,3]'],
    ['another dtype', () => torch.zeros([4, 3], { dtype: torch.float64 }), TypeError, 'float64'],
    ['no tensor', () => null as never, TypeError, 'replacement must be a Tensor, got null'],
  ])('refuses %s and changes nothing', (_name, make, type, message) => {
    const { weight, before } = weights();
    expect(() => swapData(weight, make())).toThrow(type);
    expect(() => swapData(weight, make())).toThrow(message);
    expect(hexOf(weight)).toBe(before);
  });
});

describe('withSwappedData', () => {
  test('returns what the function returns', () => {
    const { weight, before, other } = weights();
    expect(withSwappedData(weight, other, () => hexOf(weight))).toBe(hexOf(other));
    expect(hexOf(weight)).toBe(before);
  });

  test('restores when the function throws', () => {
    const { weight, before, other } = weights();
    const failing = () => {
      throw new RangeError('in the perturbed forward');
    };
    expect(() => withSwappedData(weight, other, failing)).toThrow(RangeError);
    expect(hexOf(weight)).toBe(before);
  });

  test('refuses an async function, and restores', async () => {
    const { weight, before, other } = weights();
    expect(() => withSwappedData(weight, other, async () => 1)).toThrow('asynchronous');
    expect(() => withSwappedData(weight, other, () => Promise.reject(new Error('later')))).toThrow(TypeError);
    expect(hexOf(weight)).toBe(before);
    await Promise.resolve();
  });
});

test('a swap and its restore leave no tensor behind, not even to the collector', () => {
  const { weight, other } = weights();
  const swap = () => {
    using _swap = swapData(weight, other);
    return weight.sum().item();
  };
  expectNoLeaks(swap);
  expectNoLeaks(() => torch.tidy(() => withSwappedData(weight, other, () => weight.sum().item())), {
    collect: false,
  });
  expectNoLeaks(
    () => {
      using _swap = swapData(weight, other);
    },
    { collect: false },
  );
});
