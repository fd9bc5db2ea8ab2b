/** torch.autograd.Function: the same bits, messages and names as PyTorch's. */
import { describe, expect, test } from '@jest/globals';
import torch, { type autograd, type Tensor } from '../../lib/index.js';
import { hasPython } from '../support/python.js';
import { functionReference, hexes, leaf, messageOf } from './functionReference.js';
import {
  Cube,
  Doubled,
  Exp,
  gives,
  Identity,
  Neither,
  Once,
  SavedInput,
  ScaledSum,
  Sorted,
  Unmaterialized,
} from './functions.js';
import { hookValues } from './hookValues.js';

const only = hasPython ? describe : describe.skip;
const first = (tensors: Tensor[]): Tensor => tensors[0] as Tensor;

function values(): Record<string, (Tensor | null)[]> {
  torch.manualSeed(5);
  const found: Record<string, (Tensor | null)[]> = {};
  let x = leaf(3, 4);
  let y = Exp.apply(x);
  y.sum().backward();
  found.exp = [y, x.grad];
  x = leaf(3, 4);
  let once = first(torch.autograd.grad(Exp.apply(x).sum(), x, { createGraph: true }));
  found.twice = [once, first(torch.autograd.grad(once.sum(), x, { createGraph: true }))];
  x = leaf(5);
  y = Cube.apply(x);
  once = first(torch.autograd.grad(y.sum(), x, { createGraph: true }));
  found.setup = [y, once, first(torch.autograd.grad(once.sum(), x))];
  let [a, b] = [leaf(4), leaf(4)];
  const [sum, most, text] = ScaledSum.apply(a, 2.5, b);
  expect(text).toBe('text');
  sum.sum().add(most).backward();
  found.several = [sum, most, a.grad, b.grad];
  [a, b] = [leaf(4), leaf(4)];
  ScaledSum.apply(a, 2.5, b)[0].sum().backward();
  found['unused result'] = [a.grad, b.grad];
  x = leaf(4);
  Unmaterialized.apply(x)[0].sum().backward();
  found.unmaterialized = [x.grad];
  x = leaf(4);
  const [ordered, indices] = Sorted.apply(x);
  ordered.mul(torch.arange(4)).sum().backward();
  expect(indices.requiresGrad).toBe(false);
  found['non-differentiable'] = [ordered, indices, x.grad];
  x = leaf(4);
  y = x.mul(1);
  const z = Doubled.apply(y);
  expect(z).toBe(y);
  z.sum().backward();
  found.dirty = [y, x.grad];
  x = leaf(4);
  y = Identity.apply(x);
  expect(y).not.toBe(x);
  y.sum().backward();
  found.identity = [y, x.grad];
  x = leaf(4);
  Once.apply(x).sum().backward();
  found.once = [x.grad];
  return Object.assign(found, hookValues());
}

only('against PyTorch', () => {
  test('values and gradients are the same bits', () => {
    const found = values();
    const expected = functionReference().values;
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, tensors] of Object.entries(found)) {
      expect([name, hexes(tensors)]).toEqual([name, expected[name]]);
    }
  });

  test('the graph shows its name', () => {
    const [name, printed] = functionReference().names;
    expect(Exp.apply(leaf(2)).gradFn?.name).toBe(name);
    expect(Exp.apply(torch.ones([2], { requiresGrad: true })).toString()).toBe(printed);
  });

  const mistakes: Record<string, () => unknown> = {
    'saved and changed': () => Exp.apply(leaf(3)).add_(1).sum().backward(),
    'second backward': () => {
      const loss = Exp.apply(leaf(3)).sum();
      loss.backward();
      loss.backward();
    },
    'once differentiable': () => {
      const x = leaf(3);
      torch.autograd.grad(first(torch.autograd.grad(Once.apply(x).sum(), x, { createGraph: true })).sum(), x);
    },
    'too few': () =>
      gives((g) => g)(leaf(3), 1)
        .sum()
        .backward(),
    'too many': () =>
      gives((g) => [g, null, g])(leaf(3), 1)
        .sum()
        .backward(),
    'for a number': () =>
      gives((g) => [g, g])(leaf(3), 1)
        .sum()
        .backward(),
    'wrong shape': () =>
      gives((g) => [g.narrow(0, 0, 2), null])(leaf(3), 1)
        .sum()
        .backward(),
    'no backward': () => Neither.apply(leaf(3)).sum().backward(),
    'leaf changed in place': () => Doubled.apply(leaf(3)),
    'input saved in setup': () => SavedInput.apply(leaf(3)),
  };
  test.each(Object.keys(mistakes))('the message is PyTorch’s: %s', (name) => {
    expect(messageOf(mistakes[name] as () => unknown)).toBe(functionReference().messages[name]);
  });

  test('without a forward', () => {
    class NoForward extends torch.autograd.Function {}
    const { apply } = NoForward as unknown as { apply: (x: Tensor) => Tensor };
    expect(messageOf(() => apply.call(NoForward, leaf(3)))).toBe(functionReference().messages['no forward']);
  });
});

describe('a function', () => {
  test('has the gradient that differences of its values say', () => {
    const x = leaf(3, 2);
    const f = (t: Tensor): Tensor => Cube.apply(Exp.apply(t.mul(0.3))).sum();
    f(x).backward();
    const step = 1e-6;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 2; j++) {
        const shift = torch.zeros([3, 2], { dtype: torch.float64 });
        shift.select(0, i).select(0, j).fill_(step);
        const difference = torch.noGrad(() =>
          f(x.add(shift))
            .sub(f(x.sub(shift)))
            .div(2 * step),
        );
        expect(x.grad?.select(0, i).select(0, j).item()).toBeCloseTo(Number(difference.item()), 6);
      }
    }
  });

  test('is told which gradients are needed', () => {
    const seen: boolean[][] = [];
    class Sees extends torch.autograd.Function {
      static forward(ctx: autograd.FunctionCtx, a: Tensor, _n: number, b: Tensor): Tensor {
        seen.push(ctx.needsInputGrad, [torch.isGradEnabled()]);
        return a.add(b);
      }
      static backward(ctx: autograd.FunctionCtx, grad: Tensor): (Tensor | null)[] {
        seen.push(ctx.needsInputGrad, [torch.isGradEnabled()]);
        return [grad, null, null];
      }
    }
    Sees.apply(leaf(2), 3, torch.ones([2]))
      .sum()
      .backward({ createGraph: true });
    expect(seen).toEqual([[true, false, false], [false], [true, false, false], [true]]);
  });

  test('runs unrecorded where nothing needs a gradient', () => {
    expect(Exp.apply(torch.ones([2])).gradFn).toBeNull();
    expect(torch.noGrad(() => Exp.apply(leaf(2))).requiresGrad).toBe(false);
  });

  test('throws what it throws: the same object, from forward, backward, and whatever it is', () => {
    const errors = [new Error('mine'), { odd: true }, 'a string', 7, undefined, null];
    for (const error of errors) {
      const x = leaf(3);
      const loss = gives(() => {
        throw error;
      })(x, 1).sum();
      let caught: unknown = 'nothing';
      try {
        loss.backward();
      } catch (thrown) {
        caught = thrown;
      }
      expect(caught).toBe(error);
      // The engine goes on working.
      Exp.apply(x).sum().backward();
      expect(hexes([x.grad])).toEqual(hexes([x.exp()]));
    }
    const mine = new Error('forward');
    class Fails extends torch.autograd.Function {
      static forward(_ctx: autograd.FunctionCtx, _x: Tensor): Tensor {
        throw mine;
      }
    }
    expect(() => Fails.apply(leaf(1))).toThrow(mine);
    expect(torch.isGradEnabled()).toBe(true);
  });

  test('may run backward within backward, at any depth that the thread can follow', () => {
    const inner = (x: Tensor, depth: number): Tensor =>
      gives((grad) => {
        if (depth > 0) {
          const y = torch.enableGrad(() => leaf(3));
          torch.enableGrad(() => inner(y, depth - 1).sum()).backward();
          return [(y.grad as Tensor).mul(grad), null];
        }
        return [grad.mul(2), null];
      })(x, 1);
    const x = leaf(3);
    inner(x, 20).sum().backward();
    expect(x.grad?.tolist()).toEqual([2, 2, 2]);
    // Beyond, libtorch would go on in other threads.
    const message = messageOf(() => inner(leaf(3), 100).sum().backward());
    expect(message).toContain('nest calls of backward less deeply');
    x.grad = null;
    inner(x, 3).sum().backward();
    expect(x.grad).not.toBeNull();
  });

  test('refuses promises', () => {
    class Later extends torch.autograd.Function {
      static forward(_ctx: autograd.FunctionCtx, x: Tensor): Promise<Tensor> {
        return Promise.resolve(x);
      }
    }
    expect(() => Later.apply(leaf(1))).toThrow(TypeError);
  });

  test('saves tensors only', () => {
    class Saves extends torch.autograd.Function {
      static forward(ctx: autograd.FunctionCtx, x: Tensor): Tensor {
        ctx.saveForBackward(3 as unknown as Tensor);
        return x.clone();
      }
    }
    expect(() => Saves.apply(leaf(1))).toThrow(
      'save_for_backward can only save variables, but argument 0 is of type number',
    );
  });
});
