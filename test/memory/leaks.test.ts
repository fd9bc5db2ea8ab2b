/** What tests of programs use: `expectNoLeaks` and `tensorEquality`. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { expectNoLeaks, tensorEquality } from '../../lib/jest/index.js';

const cache: Tensor[] = [];

function cacheOne(): void {
  cache.push(torch.ones([2, 3]));
}

describe('expectNoLeaks', () => {
  test('gives what the function gives', () => {
    expect(expectNoLeaks(() => 3)).toBe(3);
    expect(expectNoLeaks(() => torch.ones([2])).tolist()).toEqual([1, 1]);
    expect(
      expectNoLeaks(() => new Map([['x', [torch.ones([1])]]]))
        .get('x')?.[0]
        ?.item(),
    ).toBe(1);
  });

  test('leaves garbage alone', () => {
    expectNoLeaks(() => {
      for (let i = 0; i < 10; i++) torch.ones([3]).add(i);
    });
  });

  test('throws where something still refers to a tensor, and says where it was made', () => {
    expect(() => expectNoLeaks(cacheOne)).toThrow(
      /1 tensor \(24 bytes\) outlive the function\n {2}torch\.float32 of shape \[2,3\] on cpu, made at\n +at .*cacheOne .*leaks\.test/,
    );
    expect(() =>
      expectNoLeaks(() => {
        cacheOne();
        cacheOne();
      }),
    ).toThrow('2 tensors (48 bytes)');
  });

  test('minds neither what was there before nor what is let go of', () => {
    const before = torch.ones([2]);
    expectNoLeaks(() => before.add_(1));
    expectNoLeaks(() => {
      cacheOne();
      cache.length = 0;
    });
    expect(before.tolist()).toEqual([2, 2]);
  });

  test('with collect: false counts garbage, too', () => {
    const x = torch.ones([2]);
    expect(() => expectNoLeaks(() => x.add(1).mul(2), { collect: false })).toThrow(
      /1 tensor \(8 bytes\) were made and not freed/,
    );
    expectNoLeaks(() => torch.tidy(() => x.add(1).mul(2)), { collect: false });
    expectNoLeaks(
      () => {
        using y = x.add(1);
        return y.sum().item();
      },
      { collect: true },
    );
  });

  test('with collect: false counts what the collector takes meanwhile', () => {
    const x = torch.ones([2]);
    expect(() =>
      expectNoLeaks(
        () => {
          x.add(1);
          torch.memory.collect();
        },
        { collect: false },
      ),
    ).toThrow('1 tensor');
  });

  test('with collect: false minds nothing that a scope would have freed, had the collector not been first', () => {
    const x = torch.ones([2]);
    const { sweptInScopes } = torch.memory.stats();
    expectNoLeaks(
      () =>
        torch.tidy(() => {
          for (let i = 0; i < 5; i++) torch.tidy(() => x.add(1)).add(1);
          torch.memory.collect();
        }),
      { collect: false },
    );
    expect(torch.memory.stats().sweptInScopes - sweptInScopes).toBeGreaterThanOrEqual(8);
    // The scope around it has not ended: it is the function that should have freed them.
    torch.tidy(() => {
      expect(() =>
        expectNoLeaks(
          () => {
            for (let i = 0; i < 3; i++) x.add(1);
            torch.memory.collect();
          },
          { collect: false },
        ),
      ).toThrow('3 tensors');
    });
  });

  test('waits for asynchronous functions', async () => {
    const result = await expectNoLeaks(async () => {
      torch.ones([3]);
      await Promise.resolve();
      return torch.ones([2]);
    });
    expect(result.tolist()).toEqual([1, 1]);
    await expect(
      expectNoLeaks(async () => {
        await Promise.resolve();
        cacheOne();
      }),
    ).rejects.toThrow('1 tensor');
    const error = new Error('inside');
    await expect(expectNoLeaks(() => Promise.reject(error))).rejects.toBe(error);
    expect(torch.memory.debug).toBe(false);
  });

  test('passes errors on, and leaves debug as it was', () => {
    const error = new Error('inside');
    expect(() =>
      expectNoLeaks(() => {
        throw error;
      }),
    ).toThrow(error);
    expect(torch.memory.debug).toBe(false);
    torch.memory.debug = true;
    expectNoLeaks(() => torch.ones([1]));
    expect(torch.memory.debug).toBe(true);
    torch.memory.debug = false;
  });

  test('refuses what is no function, and unknown options', () => {
    expect(() => expectNoLeaks(3 as never)).toThrow("argument 'fn' must be a function");
    expect(() => expectNoLeaks(() => 1, { gc: true } as never)).toThrow('gc');
  });
});

describe('tensorEquality', () => {
  const { tensor } = torch;
  const inf = Number.POSITIVE_INFINITY;

  test.each<[string, Tensor, Tensor]>([
    ['the same elements', tensor([1, 2]), tensor([1, 2])],
    ['NaN and infinities', tensor([Number.NaN, inf, -inf]), tensor([Number.NaN, inf, -inf])],
    ['no elements', torch.zeros([0, 3]), torch.ones([0, 3])],
    ['no dimensions', tensor(3), tensor(3)],
    ['booleans', tensor([true, false]), tensor([true, false])],
    ['whole numbers', tensor([1n, 2n]), tensor([1n, 2n])],
    ['different strides', torch.arange(6).view(2, 3).t(), torch.arange(6).view(2, 3).t().contiguous()],
    ['half precision', tensor([0.5], { dtype: torch.float16 }), tensor([0.5], { dtype: torch.float16 })],
    [
      'complex numbers',
      torch.complex(tensor([1]), tensor([Number.NaN])),
      torch.complex(tensor([1]), tensor([Number.NaN])),
    ],
    ['sparse ones', torch.eye(3).toSparse(), torch.eye(3).toSparse()],
  ])('finds equal: %s', (_, a, b) => {
    expect(tensorEquality(a, b)).toBe(true);
  });

  test.each<[string, unknown, unknown]>([
    ['an element', tensor([1, 2]), tensor([1, 3])],
    ['NaN and a number', tensor([Number.NaN]), tensor([0])],
    ['a shape', torch.ones([2, 3]), torch.ones([3, 2])],
    ['the number of dimensions', torch.ones([2]), torch.ones([2, 1])],
    ['a dtype', tensor([1]), tensor([1n])],
    ['a device', torch.empty([2]), torch.empty([2], { device: 'meta' })],
    ['a layout', torch.eye(2), torch.eye(2).toSparse()],
    ['a tensor and a number', tensor(1), 1],
    ['an array and a tensor', [1], tensor([1])],
    ['a tensor and null', tensor(1), null],
  ])('finds different: %s', (_, a, b) => {
    expect(tensorEquality(a, b)).toBe(false);
  });

  test('has nothing to say of other values', () => {
    expect(tensorEquality(1, 1)).toBeUndefined();
    expect(tensorEquality({}, null)).toBeUndefined();
  });

  test('leaves no tensors and no trace in autograd', () => {
    const [a, b] = [torch.ones([2], { requiresGrad: true }), torch.ones([2])];
    expectNoLeaks(() => tensorEquality(a, b), { collect: false });
    expect(torch.isGradEnabled()).toBe(true);
  });

  test('makes Jest compare tensors within other values', () => {
    expect.addEqualityTesters([tensorEquality]);
    expect(tensor([1, 2])).toEqual(tensor([1, 2]));
    expect([tensor([1, 2])]).toEqual([tensor([1, 2])]);
    expect([torch.eye(2)]).toEqual([torch.eye(2)]);
    expect({ a: { b: [tensor(1)] } }).toEqual({ a: { b: [tensor(1)] } });
    expect(new Map([['x', tensor([1])]])).toEqual(new Map([['x', tensor([1])]]));
    expect([tensor([1, 2])]).not.toEqual([tensor([1, 4])]);
    expect([tensor([1, 2])]).not.toEqual([tensor([1n, 2n])]);
    expect([tensor([1])]).not.toEqual([1]);
    expect({ x: tensor([1]), y: 2 }).toMatchObject({ x: tensor([1]) });
  });
});
