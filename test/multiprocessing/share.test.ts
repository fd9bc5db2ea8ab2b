/** `torch.multiprocessing` within one thread: messages, what is refused, and how long things are kept. */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { afterEach, describe, expect, test } from '@jest/globals';
import torch, { nn, type Tensor } from '../../lib/index.js';
import { runPython } from '../support/python.js';
import { testWithPython } from '../support/withPython.js';

const { share, receive, revoke, stats } = torch.multiprocessing;

/** As a message arrives, within this thread. */
function send<T>(message: T): T {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(message);
  const arrived = (receiveMessageOnPort(port2) as { message: T }).message;
  port1.close();
  return arrived;
}

const NOTHING = { tensors: 0, bytes: 0, orphans: 0 };

afterEach(() => {
  expect(stats()).toEqual(NOTHING);
});

describe('share() and receive()', () => {
  test('keep the structure of a value, and everything in it that is no tensor', () => {
    const x = torch.ones([2]);
    const value = {
      list: [x, 1, 'text', null, undefined, [x]],
      map: new Map<unknown, unknown>([
        ['a', x],
        [x, 2],
      ]),
      set: new Set<unknown>([x, 3]),
      array: new Float32Array([1, 2]),
      date: new Date(5),
      ['__proto__']: 7,
    };
    const received = receive<typeof value>(send(share(value)));
    expect(Object.keys(received)).toEqual(Object.keys(value));
    expect(received.list.slice(1, 5)).toEqual([1, 'text', null, undefined]);
    expect([received.array, received.date]).toEqual([value.array, value.date]);
    const tensors = [
      received.list[0],
      (received.list[5] as Tensor[])[0],
      received.map.get('a'),
      [...received.map.keys()][1],
      [...received.set][0],
    ];
    expect(new Set(tensors).size).toBe(1);
    expect((tensors[0] as Tensor).dataPtr()).toBe(x.dataPtr());
    expect(Object.getPrototypeOf(received)).toBe(Object.prototype);
  });

  test('follow values that hold themselves', () => {
    const value: { x: Tensor; self?: unknown } = { x: torch.ones([1]) };
    value.self = value;
    const received = receive<typeof value>(send(share(value)));
    expect(received.self).toBe(received);
  });

  test('give a tensor of this thread its own storage again, counted once', () => {
    const x = torch.zeros([1000]);
    const array = x.asTypedArray();
    const before = torch.memory.stats().bytes;
    const y = receive<Tensor>(share(x));
    expect(torch.memory.stats().bytes - before).toBeLessThan(4000);
    y.fill_(3);
    expect(array[999]).toBe(3);
    expect(y.asTypedArray().buffer).toBe(array.buffer);
  });

  test('hold what the sender lets go', () => {
    const x = torch.arange(1000);
    const message = share(x);
    x.dispose();
    expect(stats()).toEqual({ tensors: 1, bytes: 8000, orphans: 0 });
    expect(receive<Tensor>(message).sum().item()).toBe(499_500);
  });

  test('count storages once', () => {
    const x = torch.ones([100]);
    const message = share([x, x.view(10, 10), x.slice(0, 5)]);
    expect(stats()).toEqual({ tensors: 3, bytes: 400, orphans: 0 });
    expect(revoke(message)).toBe(3);
  });

  test('work as often as there are receivers', () => {
    const once = share(torch.ones([1]));
    receive(once);
    expect(() => receive(once)).toThrow(torch.TorchError);
    const twice = share(torch.ones([1]), { receivers: 2 });
    receive(twice);
    receive(twice);
    expect(() => receive(twice)).toThrow('as often as it was shared for');
    const often = share(torch.ones([1]), { receivers: Number.POSITIVE_INFINITY });
    for (let i = 0; i < 20; i++) receive(often);
    expect([revoke(often), revoke(often)]).toEqual([1, 0]);
    expect(() => receive(often)).toThrow(torch.TorchError);
  });

  test('receive all tensors of a message or none', () => {
    const [a, b] = [share(torch.ones([1])), share(torch.ones([1]))];
    receive(b);
    expect(() => receive([a, b])).toThrow(torch.TorchError);
    expect(stats().tensors).toBe(1);
    receive(a);
  });

  test('share all tensors of a value or none', () => {
    const bad = torch.ones([1], { requiresGrad: true }).mul(2);
    expect(() => share([torch.ones([1]), bad])).toThrow('Cowardly refusing');
    expect(stats()).toEqual(NOTHING);
  });

  test('within a scope give what belongs to the scope, except parameters', () => {
    const message = share([torch.ones([2]), new nn.Parameter(torch.ones([2]))]);
    let received: Tensor[] = [];
    torch.tidy(() => {
      received = receive<Tensor[]>(message);
    });
    expect(received.map(({ disposed }) => disposed)).toEqual([true, false]);
  });

  test('a parameter comes with its requiresGrad, and as one', () => {
    const message = share({
      weight: new nn.Parameter(torch.ones([2])),
      frozen: new nn.Parameter(torch.ones([2]), false),
    });
    const { weight, frozen } = receive<Record<string, Tensor>>(send(message));
    expect([weight, frozen].map((p) => [p instanceof nn.Parameter, p?.requiresGrad])).toEqual([
      [true, true],
      [true, false],
    ]);
  });
});

describe('what is refused', () => {
  const leaf = torch.ones([2], { requiresGrad: true });
  const refusals: [string, () => unknown, new (...args: never[]) => Error, string][] = [
    ['a tensor with a graph', () => share(leaf.mul(2)), torch.TorchError, 'call detach()'],
    ['a sparse tensor', () => share(torch.eye(2).toSparse()), TypeError, 'only dense tensors'],
    ['a compressed tensor', () => share(torch.eye(2).toSparseCsr()), TypeError, 'only dense tensors'],
    [
      'a quantized tensor',
      () => share(torch.quantizePerTensor(torch.ones([2]), 1, 0, torch.qint8)),
      TypeError,
      'only dense tensors',
    ],
    [
      'a tensor of zeros without memory',
      () => share(torch.ops.aten._efficientzerotensor([2])),
      TypeError,
      'only dense',
    ],
    [
      'memory of a typed array',
      () => share(torch.fromTypedArray(new Float32Array(3))),
      TypeError,
      'shareMemory_()',
    ],
    ['a module', () => share(new nn.Linear(1, 1) as never), TypeError, 'share its stateDict()'],
    [
      'a module within',
      () => share({ a: [new nn.Linear(1, 1)] } as never),
      TypeError,
      'a Linear cannot be sent',
    ],
    ['nothing', () => share(undefined), TypeError, "missing required argument 'value'"],
    ['a disposed tensor', () => share(disposed()), torch.DisposedError, 'disposed'],
    ['no receivers', () => share(leaf, { receivers: 0 }), RangeError, "option 'receivers'"],
    ['part of a receiver', () => share(leaf, { receivers: 1.5 }), RangeError, "option 'receivers'"],
    ['receivers that are no number', () => share(leaf, { receivers: '2' as never }), TypeError, 'not string'],
    ['NaN receivers', () => share(leaf, { receivers: Number.NaN }), RangeError, "option 'receivers'"],
    ['too many receivers', () => share(leaf, { receivers: 2 ** 33 }), RangeError, "option 'receivers'"],
    ['an unknown option', () => share(leaf, { recievers: 2 } as never), TypeError, "option 'recievers'"],
    ['no options', () => share(leaf, null as never), TypeError, 'the options must be an object'],
    ['to receive nothing', () => receive(undefined), TypeError, 'receive(): expected a message'],
    ['to receive a function', () => receive(() => 1), TypeError, 'not function'],
    ['to revoke nothing', () => revoke(undefined), TypeError, 'revoke(): expected a message'],
    ...[undefined, null, -1, 0, 1.5, 2 ** 53, Number.NaN, '5', 5n, {}].map(
      (id): [string, () => unknown, new () => Error, string] => [
        `the number ${String(id)}`,
        () => receive({ litorch: 'tensor', id, parameter: false }),
        TypeError,
        'was not made by share()',
      ],
    ),
    ['half a token', () => receive([{ litorch: 'tensor', id: 5 }]), TypeError, 'was not made by share()'],
    [
      'a number that is not there',
      () => receive({ litorch: 'tensor', id: 5, parameter: true }),
      torch.TorchError,
      'no such shared tensor',
    ],
  ];

  function disposed(): Tensor {
    const x = torch.ones([1]);
    x.dispose();
    return x;
  }

  test.each(refusals)('%s', (_, call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });

  test('to revoke a number that is not there takes nothing back', () => {
    expect(revoke({ litorch: 'tensor', id: 5, parameter: true })).toBe(0);
  });
});

describe('shared memory', () => {
  test('is not resized', () => {
    const x = torch.ones([4]);
    revoke(share(x));
    expect(x.isShared()).toBe(true);
    expect(() => x.resize_([100])).toThrow('not resizable');
    expect(x.resize_([2]).tolist()).toEqual([1, 1]);
  });

  test('a typed array is parted from its tensors, views too', () => {
    const array = new Float32Array([1, 2, 3]);
    const x = torch.fromTypedArray(array);
    const view = x.slice(0, 1);
    expect(x.shareMemory_()).toBe(x);
    view.fill_(9);
    expect([...array]).toEqual([1, 2, 3]);
    expect([x.tolist(), view.isShared()]).toEqual([[1, 9, 9], true]);
    // The array's buffer may go wherever it likes.
    structuredClone(array, { transfer: [array.buffer] });
    expect(x.tolist()).toEqual([1, 9, 9]);
    expect(receive<Tensor>(share(x)).tolist()).toEqual([1, 9, 9]);
  });

  test('of a module is that of its parameters, gradients and buffers', () => {
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.LayerNorm(3));
    model(torch.ones([4, 2]))
      .sum()
      .backward();
    const address = [...model.parameters()].map((parameter) => parameter.dataPtr());
    expect(model.shareMemory()).toBe(model);
    const tensors: Tensor[] = [...model.parameters(), ...model.buffers()];
    for (const parameter of model.parameters()) tensors.push(parameter.grad as Tensor);
    expect(tensors.map((tensor) => tensor.isShared())).toEqual(tensors.map(() => true));
    expect([...model.parameters()].map((parameter) => parameter.dataPtr())).toEqual(address);
  });

  testWithPython('isShared() and shareMemory_() are as in Python', () => {
    const reference = runPython(`
import json, torch
x = torch.zeros(4); y = x[1:]
before = [x.is_shared(), y.is_shared()]
same = x.share_memory_() is x
w = torch.zeros(2, requires_grad=True)
def kind(f):
    try: return bool(f())
    except NotImplementedError: return 'NotImplementedError'
    except RuntimeError: return 'TorchError'
print(json.dumps([before, same, x.is_shared(), y.is_shared(), (w * 2).share_memory_().is_shared(),
  torch.zeros(0).share_memory_().is_shared(), torch.nn.Linear(2, 2).share_memory().weight.is_shared(),
  kind(lambda: torch.zeros(2, device='meta').is_shared()), kind(lambda: torch.zeros(2, device='meta').share_memory_()),
  kind(lambda: torch.eye(2).to_sparse().is_shared()), kind(lambda: torch.eye(2).to_sparse().share_memory_())]))
`);
    const kind = (fn: () => unknown): unknown => {
      try {
        return Boolean(fn());
      } catch (error) {
        return (error as Error).name;
      }
    };
    const x = torch.zeros([4]);
    const y = x.slice(0, 1);
    const before = [x.isShared(), y.isShared()];
    const same = x.shareMemory_() === x;
    const w = torch.zeros([2], { requiresGrad: true });
    const meta = torch.zeros([2], { device: 'meta' });
    const sparse = torch.eye(2).toSparse();
    expect([
      before,
      same,
      x.isShared(),
      y.isShared(),
      w.mul(2).shareMemory_().isShared(),
      torch.zeros([0]).shareMemory_().isShared(),
      new nn.Linear(2, 2).shareMemory().weight.isShared(),
      kind(() => meta.isShared()),
      kind(() => meta.shareMemory_()),
      kind(() => sparse.isShared()),
      kind(() => sparse.shareMemory_()),
    ]).toEqual(JSON.parse(reference));
  });
});
