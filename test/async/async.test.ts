/** What runs off the main thread gives what it gives on it, in the same order, and leaves nothing behind. */
import { afterEach, describe, expect, test } from '@jest/globals';
import torch, {
  DisposedError,
  LinAlgError,
  NotImplementedError,
  nn,
  type Tensor,
  TorchError,
} from '../../lib/index.js';
import { runTestProgram } from '../support/child.js';
import { referenced } from '../support/counts.js';
import type { Stall } from './stall.js';

const error = async (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (thrown: unknown) => thrown as Error,
  );

const thrownBy = (run: () => unknown): Error => {
  try {
    run();
  } catch (thrown) {
    return thrown as Error;
  }
  throw new Error('nothing was thrown');
};

/** Keeps the queue busy for some tenths of a second: longer than this thread takes for what is to happen meanwhile. */
const busy = (): Promise<Tensor> => {
  const x = torch.ones([2000, 2000]);
  return torch.runAsync(torch.matmul, x, x);
};

const pendings: Promise<unknown>[] = [];
const later = <T>(promise: Promise<T>): Promise<T> => {
  pendings.push(promise.catch(() => {}));
  return promise;
};
afterEach(async () => {
  await Promise.all(pendings.splice(0));
});

function program(name: string, args: readonly string[] = []): unknown {
  const { status, signal, stdout, stderr } = runTestProgram(`async/${name}`, args, {
    OMP_NUM_THREADS: '1',
    OMP_WAIT_POLICY: 'PASSIVE',
  });
  expect({ status, signal, stderr: status === 0 ? '' : stderr }).toEqual({
    status: 0,
    signal: null,
    stderr: '',
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

describe('the event loop', () => {
  test('stands still for less than 20 ms while a product and a backward of two seconds run', () => {
    // A busy machine may hold this thread up, and its collector of garbage: three times at most.
    let longest: number[] = [];
    for (let i = 0; i < 3; i++) {
      const stalls = program('stall') as Record<'matmul' | 'backward', Stall>;
      longest = [stalls.matmul.longest, stalls.backward.longest];
      expect(stalls.matmul.turns).toBeGreaterThan(20);
      if (Math.max(...longest) < 20) break;
    }
    expect(Math.max(...longest)).toBeLessThan(20);
  });
});

describe('results', () => {
  test('are the same bits as those of the call itself, whatever its form', async () => {
    const x = torch.randn([33, 47]);
    const y = torch.randn([47, 21]);
    expect((await torch.runAsync(torch.matmul, x, y)).equal(x.matmul(y))).toBe(true);
    expect((await torch.runAsync(torch.ops.aten.mm, x, y)).equal(x.matmul(y))).toBe(true);
    expect((await torch.runAsync(torch.ops.aten.mm.default, x, y)).equal(x.matmul(y))).toBe(true);
    const { values, indices } = await torch.runAsync(torch.sort, x, 1, true);
    expect([values.equal(x.sort(1, true)[0]), indices.equal(x.sort(1, true)[1])]).toEqual([true, true]);
    const parts = await torch.runAsync(torch.linalg.svd, x, { fullMatrices: false });
    torch.linalg.svd(x, { fullMatrices: false }).forEach((part, i) => {
      expect(part.equal(parts[i] as Tensor)).toBe(true);
    });
    const image = torch.randn([1, 3, 8, 8]);
    const kernel = torch.randn([4, 3, 3, 3]);
    const options = { stride: 2, padding: 1 };
    expect(
      (await torch.runAsync(nn.functional.conv2d, image, kernel, null, options)).equal(
        nn.functional.conv2d(image, kernel, null, options),
      ),
    ).toBe(true);
    expect((await torch.runAsync(torch.unbind, x)).length).toBe(33);
    expect(await torch.runAsync<boolean>(torch.ops.aten.is_same_size, x, y)).toBe(false);
    const sum = await torch.runAsync(torch.sum, x, 0, { keepdim: true, dtype: torch.float64 });
    expect(sum.equal(x.sum(0, { keepdim: true, dtype: torch.float64 }))).toBe(true);
  });

  test('of random operators are those of the same seed', async () => {
    torch.manualSeed(3);
    const wanted = torch.randn([50]);
    torch.manualSeed(3);
    const made = await torch.runAsync(torch.randn, [50], { requiresGrad: true });
    expect([made.equal(wanted), made.requiresGrad]).toEqual([true, true]);
  });

  test('written in place, or into out, are the arguments', async () => {
    const x = torch.zeros([3]);
    const out = torch.empty([0]);
    const written = later(torch.runAsync(torch.add, x, 1, { out }));
    expect(await written).toBe(out);
    expect(out.tolist()).toEqual([1, 1, 1]);
    expect(await torch.runAsync(torch.ops.aten.add_, x, 5)).toBe(x);
    expect([x.tolist(), x._version]).toEqual([[5, 5, 5], 1]);
  });

  test('go on with the graph, and backward gives the gradients that it gives at once', async () => {
    const make = (): [Tensor, Tensor] => {
      torch.manualSeed(1);
      return [torch.randn([20, 10], { requiresGrad: true }), torch.randn([7, 20])];
    };
    const [a, x] = make();
    const product = await torch.runAsync(torch.matmul, x, a);
    expect(product.gradFn?.name).toBe('MmBackward0');
    await product.tanh().sum().backwardAsync();
    const [b] = make();
    x.matmul(b).tanh().sum().backward();
    expect((a.grad as Tensor).equal(b.grad as Tensor)).toBe(true);
    // Accumulated.
    const loss = x.matmul(a).tanh();
    await loss.backwardAsync({ gradient: torch.ones([7, 10]), retainGraph: true });
    expect((a.grad as Tensor).equal((b.grad as Tensor).mul(2))).toBe(true);
    await loss.backwardAsync({ gradient: torch.ones([7, 10]), inputs: [a] });
    expect((await error(loss.backwardAsync({ gradient: torch.ones([7, 10]) }))).message).toMatch(
      /backward through the graph a second time/,
    );
    const w = torch.tensor(3, { requiresGrad: true });
    await w.pow(3).backwardAsync({ createGraph: true });
    expect((w.grad as Tensor).requiresGrad).toBe(true);
    w.grad = null;
  });

  test('of modes are those in which the operation was started', async () => {
    const w = torch.ones([2], { requiresGrad: true });
    const within = (guard: Disposable): Promise<Tensor> => {
      try {
        return later(torch.runAsync(torch.mul, w, 2));
      } finally {
        guard[Symbol.dispose]();
      }
    };
    const [without, inference] = [within(torch.noGrad()), within(torch.inferenceMode())];
    const recorded = torch.runAsync(torch.mul, w, 2);
    expect((await without).requiresGrad).toBe(false);
    expect((await inference).isInference()).toBe(true);
    expect((await recorded).requiresGrad).toBe(true);
    expect([torch.isGradEnabled(), torch.isInferenceModeEnabled()]).toEqual([true, false]);
  });

  test('come in the order in which the operations were started', async () => {
    const x = torch.zeros([1]);
    const order: number[] = [];
    const all: Promise<unknown>[] = [busy()];
    for (let i = 0; i < 50; i++) {
      // x = 2x + i, as it is at once only if none overtakes another.
      all.push(torch.runAsync(torch.ops.aten.mul_, x, 2));
      all.push(torch.runAsync(torch.ops.aten.remainder_, x, 1009));
      all.push(torch.runAsync(torch.ops.aten.add_, x, i).then(() => order.push(i)));
    }
    const last = later(x.itemAsync());
    await Promise.all(all);
    let wanted = 0;
    for (let i = 0; i < 50; i++) wanted = ((wanted * 2) % 1009) + i;
    expect([await last, x.item()]).toEqual([wanted, wanted]);
    expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  test('do not depend on what becomes of the arguments meanwhile', async () => {
    const first = later(busy());
    const x = torch.full([5], 3);
    const memory = Float32Array.of(1, 2, 3, 4, 5);
    const shared = torch.fromTypedArray(memory);
    const sum = torch.runAsync(torch.add, x, shared);
    const list = x.tolistAsync();
    x.dispose();
    shared.dispose();
    expect((await sum).tolist()).toEqual([4, 5, 6, 7, 8]);
    expect(await list).toEqual([3, 3, 3, 3, 3]);
    expect(x.disposed).toBe(true);
    await first;
  });

  test('of hundreds of arguments that nothing refers to are right, with garbage collected all the while', async () => {
    const sums: Promise<Tensor>[] = [];
    for (let i = 0; i < 300; i++) {
      sums.push(torch.runAsync(torch.add, torch.full([1000], i), torch.full([1000], 1)));
      if (i % 100 === 0) torch.memory.collect();
    }
    const results = await Promise.all(sums);
    expect(results.map((sum) => sum.at(999).item())).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  });
});

describe('elements', () => {
  test('are those that item, tolist and toTypedArray give, for every dtype and shape', async () => {
    const tensors = [
      torch.randn([3, 4, 5]),
      torch.randn([5, 4]).t(),
      torch.arange(6).view(1, 6),
      torch.tensor([[2n ** 62n, -5n]]),
      torch.tensor([true, false]),
      torch.randn([2, 3], { dtype: torch.complex64 }),
      torch.randn([4], { dtype: torch.bfloat16 }),
      torch.randn([7], { requiresGrad: true }),
      torch.zeros([0, 3]),
      torch.zeros([3, 0]),
      torch.tensor(2.5),
      torch.rand([3, 5000]),
      torch.rand([9000, 2]),
    ];
    for (const tensor of tensors) {
      expect(await tensor.tolistAsync()).toEqual(tensor.tolist());
      expect(await tensor.toTypedArrayAsync()).toEqual(tensor.toTypedArray());
    }
    expect(await torch.tensor(7n).itemAsync()).toBe(7);
    expect(await torch.tensor(true).itemAsync()).toBe(true);
    expect((await error(torch.ones([2]).itemAsync())).message).toBe(
      thrownBy(() => torch.ones([2]).item()).message,
    );
  });

  test('as lists are made in pieces between which the event loop turns, and a signal stops that', async () => {
    const x = torch.rand([2000, 1000]);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await x.tolistAsync();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
    const controller = new AbortController();
    const list = x.tolistAsync({ signal: controller.signal });
    await torch.ones([1]).itemAsync();
    controller.abort();
    expect((await error(list)).name).toBe('AbortError');
  });
});

describe('errors', () => {
  test('are those of the call itself, as a rejection', async () => {
    const x = torch.ones([2, 3]);
    const disposed = torch.ones([1]);
    disposed.dispose();
    const calls: [() => Promise<unknown>, () => unknown, new (...args: never[]) => Error][] = [
      [() => torch.runAsync(torch.matmul, x, x), () => torch.matmul(x, x), TorchError],
      [
        () => torch.runAsync(torch.linalg.inv, torch.zeros([2, 2])),
        () => torch.linalg.inv(torch.zeros([2, 2])),
        LinAlgError,
      ],
      [() => torch.runAsync(torch.sum, x, 5), () => torch.sum(x, 5), RangeError],
      [() => torch.runAsync(torch.matmul, x, 1 as never), () => torch.matmul(x, 1 as never), TypeError],
      [
        () => torch.runAsync(torch.sum, x, { sideways: true } as never),
        () => torch.sum(x, { sideways: true } as never),
        TypeError,
      ],
      [() => torch.runAsync(torch.neg, disposed), () => torch.neg(disposed), DisposedError],
      [() => disposed.itemAsync(), () => disposed.item(), DisposedError],
      [() => x.backwardAsync(), () => x.backward(), TorchError],
      [() => x.backwardAsync({ inputs: [] }), () => x.backward({ inputs: [] }), RangeError],
      [() => x.toSparse().tolistAsync(), () => x.toSparse().tolist(), TypeError],
      [
        () => torch.runAsync(torch.empty, [2 ** 40, 2 ** 12]),
        () => torch.empty([2 ** 40, 2 ** 12]),
        torch.OutOfMemoryError,
      ],
      // One that is looked after before it runs, since it does not look itself.
      [
        () => torch.runAsync(torch.embedding, x, torch.tensor([9n])),
        () => torch.embedding(x, torch.tensor([9n])),
        Error,
      ],
    ];
    for (const [start, run, Class] of calls) {
      const rejected = await error(start());
      const thrown = thrownBy(run);
      expect([rejected.constructor, rejected.message]).toEqual([thrown.constructor, thrown.message]);
      expect(rejected).toBeInstanceOf(Class);
    }
  });

  test('say so where there is not one operator', async () => {
    for (const op of [torch.einsum, torch.norm, (x: Tensor) => x, () => {}]) {
      const rejected = await error(torch.runAsync(op as never, torch.ones([1]) as never));
      expect([rejected.name, rejected.message]).toEqual([
        'TypeError',
        expect.stringMatching(/^runAsync\(\): .* is not one operator\./),
      ]);
    }
    expect((await error(torch.runAsync(3 as never))).message).toBe(
      'runAsync(): expected a function, not number',
    );
    // Nothing is left of that: the next call is a call.
    expect(torch.add(1 as never, 1 as never).item()).toBe(2);
  });

  test('say so where the graph calls JavaScript', async () => {
    const leaf = (): Tensor => torch.ones([2], { requiresGrad: true });
    class Double extends torch.autograd.Function {
      static forward(_: object, x: Tensor): Tensor {
        return x.mul(2);
      }
      static backward(_: object, gradient: Tensor): Tensor {
        return gradient.mul(2);
      }
    }
    const withHook = leaf();
    const hook = withHook.registerHook(() => {});
    const accumulated = leaf();
    accumulated.registerPostAccumulateGradHook(() => {});
    const inner = leaf().mul(2);
    inner.registerHook(() => {});
    const node = leaf().mul(2);
    node.gradFn?.registerHook(() => {});
    const before = leaf().mul(2);
    before.gradFn?.registerPrehook(() => {});
    for (const x of [withHook, accumulated, inner, node, before, Double.apply(leaf()) as Tensor]) {
      const rejected = await error(x.mul(3).sum().backwardAsync());
      expect(rejected).toBeInstanceOf(NotImplementedError);
      expect(rejected.message).toMatch(/^backwardAsync\(\): the graph calls JavaScript/);
    }
    hook.remove();
    // Other graphs are not concerned.
    const other = leaf();
    await other.mul(3).sum().backwardAsync();
    expect(other.grad?.tolist()).toEqual([3, 3]);
  });

  test('say so where the thread comes to what an operation uses that has not ended', async () => {
    const first = later(busy());
    const x = torch.ones([3]);
    const y = torch.zeros([3]);
    const reading = later(torch.runAsync(torch.add, x, 1));
    const writing = later(torch.runAsync(torch.ops.aten.add_, y, 1));
    expect(x.tolist()).toEqual([1, 1, 1]);
    for (const change of [
      () => x.add_(1),
      () => x.at(0).add_(1),
      () => x.setAt(0, 5),
      () => {
        x.data = torch.ones([3]);
      },
      () => torch.add(x, 1, { out: x }),
      () => torch.ops.aten._foreach_add_([x], 1),
    ]) {
      expect(thrownBy(change).message).toMatch(/reads this tensor: await its promise before changing it/);
    }
    for (const use of [() => y.tolist(), () => y.add(1), () => y.add_(1), () => y.shape]) {
      expect(thrownBy(use).message).toMatch(/writes to this tensor: await its promise first/);
    }
    const w = torch.ones([3], { requiresGrad: true });
    const backward = later(w.mul(x).sum().backwardAsync());
    for (const use of [
      () => w.grad,
      () => {
        w.grad = null;
      },
    ]) {
      expect(thrownBy(use).message).toMatch(/^backwardAsync\(\) has not ended and accumulates this gradient/);
    }
    expect(thrownBy(() => torch.noGrad(() => w.add_(1))).message).toMatch(/reads this tensor/);
    await Promise.all([first, reading, writing, backward]);
    x.add_(1);
    torch.noGrad(() => w.add_(1));
    expect([x.tolist(), y.tolist(), w.grad?.tolist()]).toEqual([
      [2, 2, 2],
      [1, 1, 1],
      [1, 1, 1],
    ]);
  });
});

describe('a signal', () => {
  test('drops what has not begun, and nothing else', async () => {
    const first = later(busy());
    const [x, y] = [torch.zeros([1]), torch.zeros([1])];
    const controller = new AbortController();
    const { signal } = controller;
    const dropped = [
      torch.runAsync(torch.ops.aten.add_, x, 1, { signal }),
      torch.runAsync(torch.add, x, 1, { alpha: 2, signal }),
      x.itemAsync({ signal }),
      y.tolistAsync({ signal }),
      y.toTypedArrayAsync({ signal }),
      torch.ones([1], { requiresGrad: true }).mul(2).backwardAsync({ signal }),
    ].map(error);
    const kept = later(torch.runAsync(torch.ops.aten.add_, x, 7));
    controller.abort(new RangeError('enough'));
    for (const promise of dropped) expect((await promise).message).toBe('enough');
    await Promise.all([first, kept]);
    expect(x.item()).toBe(7);
    expect((await error(torch.runAsync(torch.add, x, 1, { signal }))).message).toBe('enough');
    const unused = new AbortController();
    expect((await torch.runAsync(torch.add, x, 1, { signal: unused.signal })).item()).toBe(8);
    unused.abort();
  });

  test('that is none is a TypeError', async () => {
    const x = torch.ones([1]);
    for (const promise of [
      torch.runAsync(torch.add, x, 1, { signal: 3 } as never),
      x.itemAsync({ signal: {} } as never),
      x.mul(2).backwardAsync({ signal: true } as never),
    ]) {
      const rejected = await error(promise);
      expect([rejected.name, rejected.message]).toEqual([
        'TypeError',
        expect.stringMatching(/option 'signal' must be an AbortSignal/),
      ]);
    }
  });
});

describe('scopes', () => {
  test('that were open when an operation started do not free its result, asynchronous ones do', async () => {
    const promise = torch.tidy(() => {
      const x = torch.ones([2]);
      return { result: torch.runAsync(torch.add, x, 1) };
    }).result;
    const result = await promise;
    expect(result.tolist()).toEqual([2, 2]);
    let inner: Tensor | undefined;
    const given = await torch.tidyAsync(async () => {
      inner = await torch.runAsync(torch.add, result, 1);
      return torch.runAsync(torch.add, inner, 1);
    });
    expect([inner?.disposed, given.tolist()]).toEqual([true, [4, 4]]);
  });
});

describe('memory', () => {
  async function many(x: Tensor, w: Tensor): Promise<void> {
    for (let i = 0; i < 100; i++) {
      const sums = Array.from({ length: 8 }, () => torch.runAsync(torch.add, x, 1));
      for (const sum of sums) (await sum).dispose();
      const loss = w.mul(x).sum();
      await loss.backwardAsync();
      await loss.itemAsync();
      await error(torch.runAsync(torch.matmul, x, torch.ones([3])));
    }
  }

  test('a thousand small jobs leave no tensor', async () => {
    const x = torch.ones([8]);
    const w = torch.ones([8], { requiresGrad: true });
    await torch.runAsync(torch.add, x, 1).then((sum) => sum.dispose());
    await w.mul(x).sum().backwardAsync();
    (w.grad as Tensor).zero_();
    const before = referenced();
    await many(x, w);
    // What the last turn has left on the stack goes.
    await new Promise((resolve) => setTimeout(resolve));
    expect(referenced()).toBeLessThanOrEqual(before);
    expect((w.grad as Tensor).tolist()).toEqual(new Array(8).fill(100));
  });
});

describe('an end in the midst of work', () => {
  test('of workers leaves the main thread alone, and none comes while a promise is pending', () => {
    expect(program('programs', ['workers'])).toEqual([[2, 2], 7, 4]);
  });

  test.each(['exit', 'exitWithWorkers', 'thrown'])('of the process is an orderly one: %s', (name) => {
    expect(program('programs', [name])).toBe('left');
  });
});
