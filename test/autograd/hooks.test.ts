/** Hooks: order, results, removal and errors. Their values are compared in function.test.ts. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { hasPython } from '../support/python.js';
import { functionReference, leaf, messageOf } from './functionReference.js';

(hasPython ? describe : describe.skip)('against PyTorch', () => {
  test('they run in the same order', () => {
    const x = leaf(2);
    const y = x.mul(2);
    const log: string[] = [];
    const says = (text: string) => (): void => {
      log.push(text);
    };
    x.registerPostAccumulateGradHook(says('accumulated'));
    x.registerHook(says('leaf'));
    y.gradFn?.registerHook(says('after'));
    y.gradFn?.registerPrehook(says('before'));
    y.registerHook(says('tensor'));
    y.registerHook(says('tensor again'));
    y.sum().backward();
    expect(log).toEqual(functionReference().order);
  });

  const hooked = (gradient: Tensor): void => {
    const x = leaf(3);
    x.registerHook(function hook() {
      return gradient;
    });
    x.sum().backward();
  };
  const mistakes: Record<string, () => unknown> = {
    'hook of another size': () => hooked(torch.ones([2], { dtype: torch.float64 })),
    'hook of another dtype': () => hooked(torch.ones([3])),
    'hook without gradient': () => torch.ones([3]).registerHook((g) => g),
    'after accumulation of no leaf': () =>
      leaf(3)
        .mul(2)
        .registerPostAccumulateGradHook(() => {}),
    'function hook of another length': () => {
      const y = leaf(3).mul(2);
      const results = [torch.ones([3]), torch.ones([3]), torch.ones([3])];
      y.gradFn?.registerHook(Object.defineProperty(() => results, 'name', { value: '<lambda>' }));
      y.sum().backward();
    },
  };
  test.each(Object.keys(mistakes))('the message is PyTorch’s: %s', (name) => {
    expect(messageOf(mistakes[name] as () => unknown)).toBe(functionReference().messages[name]);
  });
});

describe('a hook', () => {
  test('runs where its tensor is gone and the graph is not', () => {
    const x = leaf(2);
    let runs = 0;
    const loss = ((): Tensor => {
      const y = x.mul(2);
      y.registerHook((g) => {
        runs++;
        return y.mul(0).add(g);
      });
      return y.sum();
    })();
    for (let i = 0; i < 5; i++) torch.memory.collect();
    loss.backward();
    expect([runs, x.grad?.tolist()]).toEqual([1, [2, 2]]);
  });

  test('runs where its tensor is used again after collections', () => {
    const x = leaf(2);
    let runs = 0;
    const y = x.mul(2);
    y.registerHook(() => {
      runs++;
    });
    for (let i = 0; i < 5; i++) torch.memory.collect();
    const loss = ((): Tensor => y.sum())();
    for (let i = 0; i < 5; i++) torch.memory.collect();
    loss.backward();
    expect(runs).toBe(1);
  });

  test('may add and remove hooks while it runs', () => {
    const x = leaf(2);
    const log: string[] = [];
    const self = x.registerHook(() => {
      log.push('first');
      self.remove();
      x.registerHook(() => {
        log.push('added');
      });
    });
    x.registerHook(() => {
      log.push('second');
    });
    x.sum().backward();
    expect(log).toEqual(['first', 'second']);
    x.sum().backward();
    expect(log).toEqual(['first', 'second', 'second', 'added']);
  });

  test('is removed at the end of a block by using', () => {
    const x = leaf(2);
    let runs = 0;
    {
      using _ = x.registerHook(() => {
        runs++;
      });
      x.sum().backward();
    }
    x.sum().backward();
    expect(runs).toBe(1);
  });

  test('throws the same object through backward', () => {
    const error = new Error('mine');
    const fails = (): never => {
      throw error;
    };
    const registrations: ((x: Tensor, y: Tensor) => unknown)[] = [
      (x) => x.registerHook(fails),
      (_, y) => y.registerHook(fails),
      (x) => x.registerPostAccumulateGradHook(fails),
      (_, y) => y.gradFn?.registerHook(fails),
      (_, y) => y.gradFn?.registerPrehook(fails),
    ];
    for (const register of registrations) {
      const x = leaf(2);
      const y = x.mul(2);
      register(x, y);
      expect(() => y.sum().backward()).toThrow(error);
      expect(() => torch.autograd.grad(leaf(2).sum(), leaf(1), { allowUnused: true })).not.toThrow();
    }
  });

  test('gets the object that its parameter is', () => {
    const weight = new torch.nn.Parameter(torch.ones([2]));
    let seen: unknown;
    weight.registerPostAccumulateGradHook((p) => {
      seen = p;
    });
    weight.sum().backward();
    expect(seen).toBe(weight);
  });

  test('after accumulation cannot accumulate into its tensor', () => {
    const x = leaf(2);
    x.registerPostAccumulateGradHook((p) => torch.enableGrad(() => p.sum()).backward());
    expect(() => x.sum().backward()).toThrow('cannot accumulate into the same tensor again');
    const other = leaf(2);
    const z = leaf(2);
    z.registerPostAccumulateGradHook(() => torch.enableGrad(() => other.sum()).backward());
    z.sum().backward();
    expect(other.grad?.tolist()).toEqual([1, 1]);
  });

  test('is a function that gives a tensor or nothing', () => {
    const x = leaf(2);
    expect(() => x.registerHook(3 as never)).toThrow(TypeError);
    expect(() => x.registerPostAccumulateGradHook(null as never)).toThrow(TypeError);
    x.registerHook((() => 3) as never);
    expect(() => x.sum().backward()).toThrow("expected Variable, but hook returned 'number'");
    const y = leaf(2);
    y.registerPostAccumulateGradHook(((p: Tensor) => p) as never);
    expect(() => y.sum().backward()).toThrow('Tensor post accumulate grad hooks should return None.');
  });
});
