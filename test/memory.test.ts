/** Memory: what is freed, when, and how it is counted. See docs/memory.md. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../lib/index.js';
import { runTestProgram } from './support/child.js';
import { referenced, settled, unfreed } from './support/counts.js';

const MiB = 1 << 20;

/** How many more tensors live after `run`, garbage not counted. */
function kept(run: () => unknown): number {
  const before = referenced();
  run();
  return referenced() - before;
}

describe('tidy', () => {
  test('frees what is made inside and gives back the result', () => {
    const before = settled();
    const x = torch.tidy(() => torch.ones([2]).add(1).mul(3));
    expect(x.tolist()).toEqual([6, 6]);
    expect(unfreed()).toBe(before + 1);
  });

  test('frees at once, without a collection', () => {
    const before = settled();
    const held: Tensor[] = [];
    torch.tidy(() => {
      for (let i = 0; i < 100; i++) held.push(torch.ones([1]));
      expect(unfreed()).toBe(before + 100);
    });
    expect(unfreed()).toBe(before);
    expect(held.every((tensor) => tensor.disposed)).toBe(true);
  });

  test('gives back numbers, strings, null and nothing as they are', () => {
    expect(torch.tidy(() => torch.ones([3]).sum().item())).toBe(3);
    expect(torch.tidy(() => 'x')).toBe('x');
    expect(torch.tidy(() => null)).toBeNull();
    expect(torch.tidy(() => {})).toBeUndefined();
  });

  test.each<[string, () => unknown, (result: unknown) => Tensor[]]>([
    ['arrays', () => [torch.ones([1]), torch.zeros([1])], (result) => result as Tensor[]],
    [
      'nested arrays',
      () => [[torch.ones([1])], [[torch.ones([1])]]],
      (result) => (result as never[]).flat(3),
    ],
    [
      'objects',
      () => ({ a: torch.ones([1]), b: { c: torch.ones([1]) } }),
      (result) => {
        const { a, b } = result as { a: Tensor; b: { c: Tensor } };
        return [a, b.c];
      },
    ],
    [
      'Maps',
      () => new Map([['a', torch.ones([1])]]),
      (result) => [...(result as Map<string, Tensor>).values()],
    ],
    [
      'keys of Maps',
      () => new Map([[torch.ones([1]), 1]]),
      (result) => [...(result as Map<Tensor, number>).keys()],
    ],
    ['Sets', () => new Set([torch.ones([1])]), (result) => [...(result as Set<Tensor>)]],
    [
      'objects without a prototype',
      () => Object.assign(Object.create(null), { a: torch.ones([1]) }),
      (result) => [(result as { a: Tensor }).a],
    ],
    [
      'results with named fields',
      () =>
        torch
          .tensor([
            [3, 1],
            [1, 2],
          ])
          .max(1),
      (result) => result as Tensor[],
    ],
  ])('keeps the tensors in %s', (_, make, tensorsOf) => {
    const before = settled();
    const tensors = tensorsOf(
      torch.tidy(() => {
        torch.ones([9]).add(1);
        return make();
      }),
    );
    expect(tensors.length).toBeGreaterThan(0);
    for (const tensor of tensors) expect(tensor.disposed).toBe(false);
    expect(unfreed()).toBe(before + tensors.length);
  });

  test('keeps the tensors of objects that hold each other', () => {
    interface Ring {
      tensor: Tensor;
      other?: Ring;
    }
    const ring = torch.tidy(() => {
      const [a, b]: [Ring, Ring] = [{ tensor: torch.ones([1]) }, { tensor: torch.ones([1]) }];
      a.other = b;
      b.other = a;
      return a;
    });
    expect(ring.tensor.disposed).toBe(false);
    expect(ring.other?.tensor.disposed).toBe(false);
  });

  test('leaves what was made before it', () => {
    const x = torch.ones([2]);
    torch.tidy(() => x.add_(1));
    expect(x.tolist()).toEqual([2, 2]);
  });

  test('leaves a tensor made before it and given back from it', () => {
    const x = torch.ones([2]);
    expect(torch.tidy(() => x)).toBe(x);
    torch.tidy(() => torch.tidy(() => x));
    expect(x.disposed).toBe(false);
  });

  test('hands what an inner scope returns to the outer one', () => {
    const before = settled();
    let inner: Tensor | undefined;
    torch.tidy(() => {
      inner = torch.tidy(() => torch.ones([1]).add(1));
      expect(unfreed()).toBe(before + 1);
    });
    expect(inner?.disposed).toBe(true);
    expect(unfreed()).toBe(before);
  });

  test('nests a hundred deep', () => {
    const before = settled();
    const deep = (depth: number): Tensor =>
      torch.tidy(() => (depth === 0 ? torch.ones([1]) : deep(depth - 1).add(torch.ones([1]))));
    expect(deep(100).item()).toBe(101);
    expect(unfreed()).toBe(before + 1);
  });

  test('frees everything after an exception, which it passes on', () => {
    const before = settled();
    const error = new Error('inside');
    expect(() =>
      torch.tidy(() => {
        torch.ones([1]);
        torch.tidy(() => {
          torch.ones([1]);
          throw error;
        });
      }),
    ).toThrow(error);
    expect(unfreed()).toBe(before);
  });

  test('frees everything after an error of an operator', () => {
    const before = settled();
    expect(() => torch.tidy(() => torch.ones([2]).add(torch.ones([3])))).toThrow(/must match the size/);
    expect(unfreed()).toBe(before);
  });

  test('refuses an asynchronous function, and frees what it has made', async () => {
    const before = settled();
    expect(() =>
      torch.tidy(async () => {
        torch.ones([1]);
        await Promise.resolve();
      }),
    ).toThrow('tidy(): the callback is asynchronous');
    expect(unfreed()).toBe(before);
    await new Promise((resolve) => setImmediate(resolve));
  });

  test('refuses what is only like a promise', () => {
    // biome-ignore lint/suspicious/noThenProperty: it is what is tested.
    const thenable = { then: () => undefined };
    expect(() => torch.tidy(() => thenable)).toThrow('asynchronous');
  });

  test('frees what backward makes, but not the gradient of a leaf made outside, if it is kept', () => {
    const x = torch.ones([2], { requiresGrad: true });
    torch.tidy(() => x.mul(2).sum().backward());
    // The gradient belongs to the leaf: its memory is there whatever happens to the object.
    expect(x.grad?.tolist()).toEqual([2, 2]);
  });

  test('does not free a gradient that was looked at inside', () => {
    const x = torch.ones([2], { requiresGrad: true });
    torch.tidy(() => {
      x.mul(2).sum().backward();
      expect(x.grad?.tolist()).toEqual([2, 2]);
    });
    expect(x.grad?.tolist()).toEqual([2, 2]);
  });

  test('leaves the memory of a storage that a view outlives', () => {
    const view = torch.tidy(() => torch.arange(10).select(0, 7));
    expect(view.item()).toBe(7);
  });
});

describe('keep', () => {
  test('lets a tensor outlive all scopes', () => {
    let x: Tensor | undefined;
    torch.tidy(() => {
      torch.tidy(() => {
        x = torch.keep(torch.ones([1]));
      });
    });
    expect(x?.disposed).toBe(false);
    x?.dispose();
  });

  test('gives the tensor back, and does nothing outside scopes', () => {
    const x = torch.ones([1]);
    expect(torch.keep(x)).toBe(x);
    expect(torch.keep(x).disposed).toBe(false);
  });

  test('does not keep from collection what nothing refers to', () => {
    expect(kept(() => torch.tidy(() => void torch.keep(torch.ones([1]))))).toBe(0);
  });

  test('keeps a tensor through an exception', () => {
    let x: Tensor | undefined;
    expect(() =>
      torch.tidy(() => {
        x = torch.keep(torch.ones([1]));
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(x?.disposed).toBe(false);
  });
});

describe('dispose', () => {
  test('frees at once; the tensor can no longer be used', () => {
    const before = settled();
    const x = torch.ones([2]);
    expect(x.disposed).toBe(false);
    x.dispose();
    expect(x.disposed).toBe(true);
    expect(unfreed()).toBe(before);
    expect(() => x.sum()).toThrow('the tensor has been disposed');
  });

  test('does nothing the second time, nor after the slot has been given to another tensor', () => {
    const x = torch.ones([2]);
    x.dispose();
    const y = torch.ones([2]);
    x.dispose();
    expect(y.disposed).toBe(false);
    expect(x.disposed).toBe(true);
  });

  test('leaves what shares the memory', () => {
    const x = torch.arange(6);
    const view = x.view(2, 3);
    x.dispose();
    expect(view.tolist()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });

  test('leaves the graph that was recorded', () => {
    const x = torch.ones([3], { requiresGrad: true });
    const y = x.mul(2);
    const loss = y.pow(2).sum();
    y.dispose();
    loss.backward();
    expect(x.grad?.tolist()).toEqual([8, 8, 8]);
  });

  test('is called by using at the end of the block, also after an exception', () => {
    let outer: Tensor | undefined;
    {
      using x = torch.ones([1]);
      outer = x;
      expect(x.disposed).toBe(false);
    }
    expect(outer.disposed).toBe(true);
    expect(() => {
      using x = torch.ones([1]);
      outer = x;
      throw new Error('inside');
    }).toThrow('inside');
    expect(outer.disposed).toBe(true);
  });

  test('is seen in what inspect prints', () => {
    const x = torch.ones([1]);
    x.dispose();
    expect((x as unknown as Record<symbol, () => string>)[Symbol.for('nodejs.util.inspect.custom')]?.()).toBe(
      'Tensor(disposed)',
    );
  });
});

describe('identity', () => {
  test('of the gradient: the same object each time', () => {
    const x = torch.ones([2], { requiresGrad: true });
    x.sum().backward();
    expect(x.grad).not.toBeNull();
    expect(x.grad).toBe(x.grad);
  });

  test('of a gradient that was assigned', () => {
    const [x, gradient] = [torch.ones([2], { requiresGrad: true }), torch.zeros([2])];
    x.grad = gradient;
    expect(x.grad).toBe(gradient);
    x.sum().backward();
    expect(x.grad).toBe(gradient);
    expect(gradient.tolist()).toEqual([1, 1]);
  });

  test('of what an in-place operator returns', () => {
    const x = torch.ones([2]);
    expect(x.add_(1)).toBe(x);
    expect(x.mul_(2).zero_()).toBe(x);
    expect(torch.add(x, torch.ones([2]), { out: x })).toBe(x);
  });

  test('of what an operator returns that returns its argument', () => {
    const x = torch.ones([2]);
    expect(x.contiguous()).toBe(x);
    expect(x.to(torch.float32)).toBe(x);
    expect(x.requiresGrad_()).toBe(x);
  });

  test('of a gradient whose object was collected: an object with the same elements', () => {
    const x = torch.ones([2], { requiresGrad: true });
    x.mul(3).sum().backward();
    void x.grad;
    torch.memory.collect();
    expect(x.grad?.tolist()).toEqual([3, 3]);
  });
});

describe('memory.stats()', () => {
  test('counts tensors and the bytes of their storages', () => {
    torch.memory.collect();
    const before = torch.memory.stats();
    const x = torch.ones([1 << 18]);
    const after = torch.memory.stats();
    expect(after.tensors - before.tensors).toBe(1);
    expect(after.bytes - before.bytes).toBeGreaterThanOrEqual(MiB);
    expect(after.bytes - before.bytes).toBeLessThan(MiB + 2048);
    x.dispose();
    expect(torch.memory.stats().bytes).toBe(before.bytes);
  });

  test('counts a storage once for all of its views', () => {
    torch.memory.collect();
    const before = torch.memory.stats().bytes;
    const x = torch.ones([1 << 18]);
    const views = [x.view(512, 512), x.detach(), x.select(0, 0), x.data];
    expect(torch.memory.stats().bytes - before).toBeLessThan(MiB + 5 * 2048);
    x.dispose();
    expect(torch.memory.stats().bytes - before).toBeGreaterThanOrEqual(MiB);
    for (const view of views) view.dispose();
    expect(torch.memory.stats().bytes).toBe(before);
  });

  test('counts what out= and resize_ make room for', () => {
    torch.memory.collect();
    const before = torch.memory.stats().bytes;
    const x = torch.empty([0]);
    x.resize_([1 << 18]);
    expect(torch.memory.stats().bytes - before).toBeGreaterThanOrEqual(MiB);
    const y = torch.empty([0]);
    torch.add(x, x, { out: y });
    expect(torch.memory.stats().bytes - before).toBeGreaterThanOrEqual(2 * MiB);
    x.dispose();
    y.dispose();
    expect(torch.memory.stats().bytes).toBe(before);
  });

  test('counts what setting data brings', () => {
    torch.memory.collect();
    const before = torch.memory.stats().bytes;
    const x = torch.ones([1]);
    torch.tidy(() => {
      x.data = torch.ones([1 << 18]);
    });
    expect(torch.memory.stats().bytes - before).toBeGreaterThanOrEqual(MiB);
    x.dispose();
    expect(torch.memory.stats().bytes).toBe(before);
  });

  test('keeps the highest figure', () => {
    torch.ones([1 << 18]).dispose();
    const { bytes, peakBytes } = torch.memory.stats();
    expect(peakBytes).toBeGreaterThanOrEqual(bytes + MiB - 2048);
  });

  test('shows that sweeps happen by themselves', () => {
    const before = torch.memory.stats();
    const x = torch.ones([1 << 16]);
    for (let i = 0; i < 20_000; i++) x.add(1);
    const after = torch.memory.stats();
    expect(after.sweeps).toBeGreaterThan(before.sweeps);
    expect(after.swept - before.swept).toBeGreaterThan(10_000);
  });
});

describe('collect', () => {
  test('frees garbage and says how much', () => {
    torch.memory.collect();
    (() => {
      for (let i = 0; i < 10; i++) torch.ones([1]);
    })();
    expect(torch.memory.collect()).toBeGreaterThanOrEqual(9);
  });

  test('leaves what is referred to', () => {
    const held = Array.from({ length: 100 }, (_, i) => torch.full([1], i));
    torch.memory.collect();
    torch.memory.collect();
    expect(held.map((tensor) => tensor.item())).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test('frees the buffer that a tensor shared', async () => {
    expect(kept(() => torch.fromTypedArray(new Float32Array(1000)).add(1))).toBe(0);
  });

  test('frees cycles through JavaScript', () => {
    expect(
      kept(() => {
        const holder: { tensor: Tensor; self?: unknown } = { tensor: torch.ones([1]) };
        holder.self = holder;
        Object.assign(holder.tensor, { holder });
      }),
    ).toBe(0);
  });
});

describe('shared memory', () => {
  test('is seen from both sides', () => {
    const array = new Float32Array([1, 2, 3]);
    const x = torch.fromTypedArray(array);
    array[0] = 7;
    x.select(0, 2).fill_(9);
    expect(x.tolist()).toEqual([7, 2, 9]);
    expect([...array]).toEqual([7, 2, 9]);
  });

  test('stays as long as the tensor or a view of it', () => {
    const view = torch.tidy(() =>
      torch
        .fromTypedArray(new Float64Array([1, 2, 3, 4]))
        .view(2, 2)
        .select(0, 1),
    );
    torch.memory.collect();
    expect(view.tolist()).toEqual([3, 4]);
  });

  test('that is transferred away is an error, not a crash', () => {
    const array = new Float32Array(4);
    const x = torch.fromTypedArray(array);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    if (array.byteLength > 0) return; // Node 20.0 to 20.9 copy instead.
    expect(() => x.tolist()).toThrow(torch.DisposedError);
  });
});

describe('a synchronous loop that frees nothing by hand', () => {
  interface Result {
    samples: number[];
    stats: ReturnType<typeof torch.memory.stats>;
  }

  // [kind, steps, MiB that the whole process may take]
  test.each<[string, number, number]>([
    ['small', 100_000, 500],
    ['large', 600, 700],
    ['out', 600, 700],
    ['backward', 3000, 500],
    ['views', 600, 700],
    ['errors', 2000, 600],
    ['data', 1000, 600],
  ])('stays flat: %s, %i steps', (kind, steps, most) => {
    const { status, signal, stdout, stderr } = runTestProgram('memory/loop', [kind, `${steps}`], {
      OMP_NUM_THREADS: '1',
    });
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
    const { samples, stats } = JSON.parse(stdout) as Result;
    const peak = Math.max(...samples) / MiB;
    expect(peak).toBeLessThan(most);
    // The second half takes no more than the first, but for what the collector leaves until it pays.
    const half = samples.length / 2;
    const [first, second] = [Math.max(...samples.slice(0, half)), Math.max(...samples.slice(half))];
    expect(second / first).toBeLessThan(1.25);
    expect(stats.sweeps).toBeGreaterThan(0);
  });
});
