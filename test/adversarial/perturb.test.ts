import { describe, expect, test } from '@jest/globals';
import { perturb, withPerturbation } from '../../lib/adversarial/index.js';
import torch, { nn } from '../../lib/index.js';
import { expectNoLeaks } from '../../lib/jest/index.js';
import { hexOf } from '../support/bits.js';

function make() {
  torch.manualSeed(2);
  const weight = new nn.Parameter(torch.randn([4, 3]));
  const delta = torch.randn([4, 3]);
  return { weight, delta, before: hexOf(weight), address: weight.dataPtr(), moved: hexOf(weight.add(delta)) };
}

describe('perturb', () => {
  test('adds the perturbation for the scope, and gives the same memory back', () => {
    const { weight, delta, before, address, moved } = make();
    {
      using _p = perturb(weight, delta);
      expect(hexOf(weight)).toBe(moved);
    }
    expect([hexOf(weight), weight.dataPtr()]).toEqual([before, address]);
  });

  test('also after an early return, and after an exception', () => {
    const { weight, delta, before } = make();
    const early = (): number => {
      using _p = perturb(weight, delta);
      return 1;
    };
    expect(early()).toBe(1);
    expect(hexOf(weight)).toBe(before);
    expect(() => {
      using _p = perturb(weight, delta);
      weight.matmul(weight);
    }).toThrow('mat1 and mat2');
    expect(hexOf(weight)).toBe(before);
  });

  test('also where asynchronous work is aborted', async () => {
    const { weight, delta, before, moved } = make();
    const controller = new AbortController();
    const run = async (): Promise<void> => {
      using _p = perturb(weight, delta);
      await new Promise((resolve) => setImmediate(resolve));
      expect(hexOf(weight)).toBe(moved);
      controller.signal.throwIfAborted();
    };
    const running = run();
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(hexOf(weight)).toBe(before);
  });

  test('nests', () => {
    const { weight, delta, before, moved } = make();
    {
      using _outer = perturb(weight, delta);
      {
        using _inner = perturb(weight, delta);
        expect(hexOf(weight)).not.toBe(moved);
      }
      expect(hexOf(weight)).toBe(moved);
    }
    expect(hexOf(weight)).toBe(before);
  });

  test('no gradient flows into the perturbation, and none is recorded', () => {
    const { weight, delta } = make();
    delta.requiresGrad_();
    using _p = perturb(weight, delta);
    weight.sum().backward();
    expect([weight.isLeaf, delta.grad]).toEqual([true, null]);
  });

  test.each([
    ['another shape', torch.zeros([3, 4])],
    ['another dtype', torch.zeros([4, 3], { dtype: torch.float64 })],
    ['no tensor', 1],
  ])('refuses %s, with nothing changed', (_, wrong) => {
    const { weight, before } = make();
    expect(() => perturb(weight, wrong as torch.Tensor)).toThrow();
    expect(hexOf(weight)).toBe(before);
  });

  test('leaves nothing behind', async () => {
    const { weight, delta } = make();
    await expectNoLeaks(() => {
      using _p = perturb(weight, delta);
    });
  });
});

describe('withPerturbation', () => {
  test('perturbs several tensors for a function', () => {
    const a = make();
    const b = make();
    const seen = withPerturbation(
      [
        [a.weight, a.delta],
        [b.weight, b.delta],
        [a.weight, a.delta],
      ],
      () => [hexOf(b.weight), hexOf(a.weight)],
    );
    expect(seen).toEqual([b.moved, hexOf(a.weight.add(a.delta).add(a.delta))]);
    expect([hexOf(a.weight), hexOf(b.weight)]).toEqual([a.before, b.before]);
  });

  test('takes all away where one of them cannot be, or the function throws or is asynchronous', () => {
    const { weight, delta, before } = make();
    const wrong = () => withPerturbation([[weight, delta], [weight, torch.zeros([1])] as const], () => 0);
    // [1] broadcasts to [4, 3], so the sum has the right shape; a [5] does not.
    expect(wrong).not.toThrow();
    expect(() => withPerturbation([[weight, delta], [weight, torch.zeros([5])] as const], () => 0)).toThrow();
    expect(() =>
      withPerturbation([[weight, delta]], () => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(() => withPerturbation([[weight, delta]], async () => {})).toThrow('asynchronous');
    expect(hexOf(weight)).toBe(before);
  });
});
