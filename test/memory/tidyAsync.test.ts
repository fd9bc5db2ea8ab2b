/** Scopes across `await`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { referenced, settled, unfreed } from '../support/counts.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('tidyAsync', () => {
  test('frees what was made before and after an await, and gives back the result', async () => {
    const before = settled();
    const x = await torch.tidyAsync(async () => {
      const a = torch.ones([2]);
      await turn();
      const b = a.add(1);
      await sleep(1);
      return b.mul(3);
    });
    expect(unfreed()).toBe(before + 1);
    expect(x.tolist()).toEqual([6, 6]);
  });

  test('keeps the tensors in what is given, in arrays, objects and Maps', async () => {
    const { a, b } = await torch.tidyAsync(async () => {
      await turn();
      torch.ones([3]);
      return { a: [torch.ones([1])], b: new Map([['x', torch.zeros([1])]]) };
    });
    expect(a[0]?.item()).toBe(1);
    expect(b.get('x')?.item()).toBe(0);
  });

  test('keeps what is given to keep, and parameters that were there before', async () => {
    const weight = new torch.nn.Parameter(torch.ones([2]));
    let kept: Tensor | undefined;
    await torch.tidyAsync(async () => {
      await turn();
      kept = torch.keep(weight.mul(2).detach());
    });
    expect(kept?.tolist()).toEqual([2, 2]);
    expect(weight.disposed).toBe(false);
  });

  test('frees everything after a rejection, which it passes on', async () => {
    const before = settled();
    const error = new Error('inside');
    const run = torch.tidyAsync(async () => {
      torch.ones([2]);
      await turn();
      torch.ones([2]).add(1);
      throw error;
    });
    await expect(run).rejects.toBe(error);
    expect(unfreed()).toBe(before);
  });

  test('frees everything where the function throws before its first await', async () => {
    const before = settled();
    const run = torch.tidyAsync(() => {
      torch.ones([2]);
      throw new RangeError('at once');
    });
    await expect(run).rejects.toThrow('at once');
    expect(unfreed()).toBe(before);
    // No scope has been left behind.
    const x = torch.ones([1]);
    await torch.tidyAsync(async () => {});
    expect(x.disposed).toBe(false);
  });

  test('takes a function that is not asynchronous', async () => {
    const before = settled();
    const x = await torch.tidyAsync(() => torch.ones([2]).add(1));
    expect(x.tolist()).toEqual([2, 2]);
    expect(unfreed()).toBe(before + 1);
  });

  test('leaves alone what others make while it waits', async () => {
    let other: Tensor | undefined;
    const outside = (async () => {
      await turn();
      other = torch.ones([2]).add(1);
    })();
    await torch.tidyAsync(async () => {
      for (let i = 0; i < 5; i++) await turn();
      expect(other).toBeDefined();
    });
    await outside;
    expect(other?.tolist()).toEqual([2, 2]);
  });

  test('two at the same time own their tensors only', async () => {
    const order: string[] = [];
    const held: Record<string, Tensor[]> = { a: [], b: [] };
    const worker = (name: 'a' | 'b', rounds: number) => () =>
      torch.tidyAsync(async () => {
        const first = torch.full([1], rounds);
        for (let i = 0; i < rounds; i++) {
          held[name]?.push(torch.full([1], i));
          await turn();
          order.push(name);
          // Those of this scope live, whatever has become of the other's.
          for (const tensor of held[name] ?? []) expect(tensor.disposed).toBe(false);
        }
        return first;
      });
    const [a, b] = await Promise.all([worker('a', 3)(), worker('b', 8)()]);
    expect(order.join('')).toMatch(/ab|ba/);
    expect([a.item(), b.item()]).toEqual([3, 8]);
    for (const tensor of [...(held.a ?? []), ...(held.b ?? [])]) expect(tensor.disposed).toBe(true);
  });

  test('the one that ends first frees nothing of the other', async () => {
    const long = torch.tidyAsync(async () => {
      const x = torch.arange(3);
      await sleep(20);
      return x.add(1);
    });
    await torch.tidyAsync(async () => {
      await turn();
      torch.ones([5]);
    });
    expect((await long).tolist()).toEqual([1, 2, 3]);
  });

  test('hands what an inner one gives to the outer one', async () => {
    const before = settled();
    let inner: Tensor | undefined;
    await torch.tidyAsync(async () => {
      inner = await torch.tidyAsync(async () => {
        await turn();
        return torch.ones([1]).add(1);
      });
      await turn();
      expect(inner.disposed).toBe(false);
      expect(unfreed()).toBe(before + 1);
    });
    expect(inner?.disposed).toBe(true);
    expect(unfreed()).toBe(before);
  });

  test('holds tidy scopes, and hands their results on', async () => {
    const before = settled();
    let inner: Tensor | undefined;
    const result = await torch.tidyAsync(async () => {
      await turn();
      inner = torch.tidy(() => torch.ones([2]).add(torch.ones([2])));
      await turn();
      return inner.mul(2);
    });
    expect(inner?.disposed).toBe(true);
    expect(result.tolist()).toEqual([4, 4]);
    expect(unfreed()).toBe(before + 1);
  });

  test('is in the asynchronous function that called, through other functions', async () => {
    const before = settled();
    const held: Tensor[] = [];
    const helper = async (): Promise<Tensor> => {
      await turn();
      held.push(torch.ones([1]));
      return held.at(-1) as Tensor;
    };
    await torch.tidyAsync(async () => {
      held.push(...(await Promise.all([helper(), helper(), helper().then((x) => x.add(1))])));
      expect(unfreed()).toBe(before + 4);
    });
    expect(unfreed()).toBe(before);
    expect(held.every((tensor) => tensor.disposed)).toBe(true);
  });

  test('started inside tidy, goes on when that has ended', async () => {
    let run: Promise<Tensor> | undefined;
    torch.tidy(() => {
      run = torch.tidyAsync(async () => {
        const x = torch.ones([2]);
        await turn();
        return x.add(1);
      });
    });
    expect((await run)?.tolist()).toEqual([2, 2]);
  });

  test('what it starts and does not wait for lives in the outer scope afterwards', async () => {
    let late: Tensor | undefined;
    let detached: Promise<void> | undefined;
    await torch.tidyAsync(async () => {
      await torch.tidyAsync(async () => {
        detached = (async () => {
          await sleep(5);
          late = torch.ones([1]);
        })();
      });
      await detached;
      expect(late?.disposed).toBe(false);
    });
    expect(late?.disposed).toBe(true);
  });

  test('has the results of operators that run off the main thread', async () => {
    let inner: Tensor | undefined;
    const result = await torch.tidyAsync(async () => {
      const x = torch.ones([8, 8]);
      inner = await torch.runAsync(torch.matmul, x, x);
      return torch.runAsync(torch.matmul, inner, x);
    });
    expect(inner?.disposed).toBe(true);
    expect(result.at(0, 0).item()).toBe(64);
  });

  test('a hundred at the same time', async () => {
    const before = settled();
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        torch.tidyAsync(async () => {
          let x = torch.full([1], i);
          for (let k = 0; k < 1 + (i % 5); k++) {
            await turn();
            x = torch.tidy(() => x.add(torch.ones([1])));
          }
          return x;
        }),
      ),
    );
    expect(results.map((x) => x.item())).toEqual(results.map((_, i) => i + 1 + (i % 5)));
    expect(unfreed()).toBe(before + 100);
  });

  test('lets go of what the collector takes inside, however long it lasts', async () => {
    await torch.tidyAsync(async () => {
      const before = referenced();
      const x = torch.ones([4]);
      for (let i = 0; i < 20; i++) {
        for (let k = 0; k < 1000; k++) x.add(k);
        await turn();
      }
      expect(referenced() - before).toBeLessThan(10);
    });
  });

  test.each<[string, unknown, string]>([
    ['a number', 3, 'tidyAsync(): expected a function, not number'],
    ['nothing', undefined, 'tidyAsync(): expected a function, not undefined'],
    [
      'a generator function',
      function* () {
        yield 1;
      },
      'tidy() takes such a callback',
    ],
    [
      'an asynchronous generator function',
      async function* () {
        yield 1;
      },
      'asynchronous generator',
    ],
  ])('refuses %s', async (_, fn, message) => {
    await expect(torch.tidyAsync(fn as () => unknown)).rejects.toThrow(message);
  });
});

test('tidy says what to use for an asynchronous function', async () => {
  expect(() => torch.tidy(async () => {})).toThrow('use `await torch.tidyAsync(...)`');
});
