/** Scopes inside hooks, and hooks inside scopes. */
import { describe, expect, test } from '@jest/globals';
import torch, { nn, type Tensor } from '../../lib/index.js';
import { settled, unfreed } from '../support/counts.js';

describe('hooks of tensors', () => {
  test('make their tensors in the scope that runs backward', () => {
    const x = torch.ones([2], { requiresGrad: true });
    const before = settled();
    const seen: Tensor[] = [];
    torch.tidy(() => {
      const y = x.mul(2);
      y.registerHook((grad) => {
        seen.push(grad.add(1));
        return grad.mul(10);
      });
      y.sum().backward();
      expect(seen[0]?.tolist()).toEqual([2, 2]);
    });
    expect(seen[0]?.disposed).toBe(true);
    expect(unfreed()).toBe(before);
    expect(x.grad?.tolist()).toEqual([20, 20]);
  });

  test('have scopes of their own, whose results autograd keeps', () => {
    const x = torch.ones([2], { requiresGrad: true });
    x.mul(3)
      .registerHook(() => {})
      .remove();
    const h = x.mul(3);
    let made = 0;
    h.registerHook((grad) =>
      torch.tidy(() => {
        const before = unfreed();
        const result = grad.add(1).mul(2);
        made = unfreed() - before;
        return result;
      }),
    );
    torch.tidy(() => h.sum().backward());
    expect(made).toBe(2);
    expect(x.grad?.tolist()).toEqual([12, 12]);
  });

  test('keep what they give to keep', () => {
    const x = torch.ones([2], { requiresGrad: true });
    let kept: Tensor | undefined;
    torch.tidy(() => {
      const y = x.mul(2);
      y.registerHook((grad) => {
        kept = torch.keep(grad);
      });
      y.sum().backward();
    });
    expect(kept?.tolist()).toEqual([1, 1]);
  });

  test('that throw end their scopes, and the one around', () => {
    const x = torch.ones([2], { requiresGrad: true });
    const before = settled();
    expect(() =>
      torch.tidy(() => {
        const y = x.mul(2);
        y.registerHook((grad) =>
          torch.tidy(() => {
            grad.add(1);
            throw new Error('in the hook');
          }),
        );
        y.sum().backward();
      }),
    ).toThrow('in the hook');
    expect(unfreed()).toBe(before);
  });

  test('in an asynchronous scope', async () => {
    const x = torch.ones([2], { requiresGrad: true });
    const before = settled();
    await torch.tidyAsync(async () => {
      const y = x.mul(2);
      y.registerHook((grad) => grad.mul(5));
      await Promise.resolve();
      y.sum().backward();
    });
    expect(unfreed()).toBe(before);
    expect(x.grad?.tolist()).toEqual([10, 10]);
  });
});

test('hooks of modules run in the scope of the call', () => {
  const layer = new nn.Linear(2, 2);
  const before = settled();
  const seen: Tensor[] = [];
  using _hook = layer.registerForwardHook((_module, _args, output) => {
    seen.push(output, output.add(1));
  });
  torch.tidy(() => {
    layer(torch.ones([1, 2]));
    expect(seen.map((tensor) => tensor.disposed)).toEqual([false, false]);
  });
  expect(seen.map((tensor) => tensor.disposed)).toEqual([true, true]);
  expect(unfreed()).toBe(before);
});

test('functions of autograd: their backward runs in the scope of the caller', () => {
  class Triple extends torch.autograd.Function {
    static forward(_ctx: torch.autograd.FunctionCtx, x: Tensor): Tensor {
      return x.mul(3);
    }
    static backward(_ctx: torch.autograd.FunctionCtx, grad: Tensor): Tensor {
      return grad.mul(3);
    }
  }
  const x = torch.ones([2], { requiresGrad: true });
  const before = settled();
  torch.tidy(() => Triple.apply(x).sum().backward());
  expect(unfreed()).toBe(before);
  expect(x.grad?.tolist()).toEqual([3, 3]);
});
