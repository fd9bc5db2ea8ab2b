/** noGrad, enableGrad, inferenceMode and setGradEnabled. */
import { afterEach, describe, expect, test } from '@jest/globals';
import torch, { type ModeGuard, type Tensor } from '../../lib/index.js';

const leaf = (): Tensor => torch.ones([2], { requiresGrad: true });
const records = (): boolean => leaf().mul(2).requiresGrad;

afterEach(() => {
  // Whatever a test does, it leaves the modes as it found them.
  expect([torch.isGradEnabled(), torch.isInferenceModeEnabled()]).toEqual([true, false]);
});

describe.each<[string, { (): ModeGuard; <T>(fn: () => T): T }, boolean, boolean]>([
  ['noGrad', torch.noGrad, false, false],
  ['inferenceMode', torch.inferenceMode, false, true],
])('%s', (_, mode, grad, inference) => {
  test('runs a function without recording, and gives back what it gives', () => {
    expect(mode(() => [records(), torch.isGradEnabled(), torch.isInferenceModeEnabled()])).toEqual([
      grad,
      grad,
      inference,
    ]);
    expect(mode(() => 'result')).toBe('result');
    expect(records()).toBe(true);
  });

  test('ends with an exception', () => {
    expect(() =>
      mode(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(records()).toBe(true);
  });

  test('ends with the block, by using', () => {
    {
      using _guard = mode();
      expect(records()).toBe(grad);
    }
    expect(records()).toBe(true);
  });

  test('ends with the block after an exception', () => {
    expect(() => {
      using _guard = mode();
      throw new Error('inside');
    }).toThrow('inside');
    expect(records()).toBe(true);
  });

  test('nests in itself', () => {
    mode(() => {
      mode(() => expect(records()).toBe(false));
      expect(records()).toBe(false);
    });
  });

  test('refuses an asynchronous function, and ends', async () => {
    expect(() => mode(async () => 1)).toThrow('the callback is asynchronous');
    expect(records()).toBe(true);
    await Promise.resolve();
  });

  test('a guard that is disposed twice ends once', () => {
    const guard = mode();
    guard[Symbol.dispose]();
    const outer = torch.noGrad();
    guard[Symbol.dispose]();
    expect(torch.isGradEnabled()).toBe(false);
    outer[Symbol.dispose]();
  });
});

describe('enableGrad', () => {
  test('records again inside noGrad', () => {
    torch.noGrad(() => {
      expect(torch.enableGrad(records)).toBe(true);
      {
        using _guard = torch.enableGrad();
        expect(records()).toBe(true);
      }
      expect(records()).toBe(false);
    });
  });

  test('ends with an exception', () => {
    torch.noGrad(() => {
      expect(() =>
        torch.enableGrad(() => {
          throw new Error('inside');
        }),
      ).toThrow('inside');
      expect(records()).toBe(false);
    });
  });
});

describe('setGradEnabled', () => {
  test('switches until the end of the block, or for good', () => {
    {
      using _guard = torch.setGradEnabled(false);
      expect(records()).toBe(false);
    }
    expect(records()).toBe(true);
    torch.setGradEnabled(false);
    expect(records()).toBe(false);
    torch.setGradEnabled(true);
    expect(records()).toBe(true);
  });
});

describe('modes in one another', () => {
  test('come back in the order in which they went', () => {
    const seen: boolean[] = [];
    torch.noGrad(() => {
      seen.push(torch.isGradEnabled());
      torch.enableGrad(() => {
        seen.push(torch.isGradEnabled());
        torch.inferenceMode(() => {
          seen.push(torch.isGradEnabled(), torch.isInferenceModeEnabled());
        });
        seen.push(torch.isGradEnabled(), torch.isInferenceModeEnabled());
      });
      seen.push(torch.isGradEnabled());
    });
    expect(seen).toEqual([false, true, false, true, true, false, false]);
  });
});

describe('inference tensors', () => {
  test('are those made in inference mode', () => {
    const x = torch.inferenceMode(() => torch.ones([2]));
    expect([x.isInference(), torch.ones([2]).isInference()]).toEqual([true, false]);
    expect(x.clone().isInference()).toBe(false);
  });

  test('can be read and added to what needs no gradient', () => {
    const x = torch.inferenceMode(() => torch.ones([2]));
    expect(x.add(1).tolist()).toEqual([2, 2]);
    expect(torch.inferenceMode(() => x.add_(1)).tolist()).toEqual([2, 2]);
  });

  test('a leaf made inside enableGrad inside inferenceMode is one still', () => {
    expect(torch.inferenceMode(() => torch.enableGrad(() => torch.ones([1]))).isInference()).toBe(true);
  });
});
