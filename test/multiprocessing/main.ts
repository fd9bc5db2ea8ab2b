/** Runs one scenario with worker threads and prints what came out: `node main.js SCENARIO`. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import torch, { nn, optim, type Tensor } from '../../lib/index.js';
import { describeTensor } from './facts.js';

const { share, receive, revoke, stats } = torch.multiprocessing;

const start = (task: string, message?: unknown): Worker =>
  new Worker(new URL('./worker.js', import.meta.url), { workerData: { task, message } });
const first = async (worker: Worker): Promise<unknown> => (await once(worker, 'message'))[0] as unknown;
/** The first message of a worker that then ends by itself. */
async function last(worker: Worker): Promise<unknown> {
  const [message] = await Promise.all([first(worker), once(worker, 'exit')]);
  return message;
}
const nameOf = (fn: () => unknown): string => {
  try {
    fn();
    return 'no error';
  } catch (error) {
    return (error as Error).name;
  }
};
const numbers = (tensor: Tensor): unknown => tensor.detach().tolist();

const scenarios: Record<string, () => Promise<unknown>> = {
  async facts() {
    const base = torch.arange(24, { dtype: torch.float32 }).view(4, 6);
    const view = base.t().slice(0, 1, 4);
    const tensors: Record<string, Tensor> = {
      base,
      view,
      same: view,
      parameter: new nn.Parameter(torch.ones([2, 3])),
      frozen: new nn.Parameter(torch.ones([2]), false),
      leaf: torch.zeros([2], { requiresGrad: true }),
      integers: torch.tensor([1n, 2n]),
      boolean: torch.tensor([true, false]),
      half: torch.ones([3], { dtype: torch.bfloat16 }),
      conjugate: torch.tensor([{ re: 1, im: 2 }]).conj(),
      scalar: torch.tensor(5),
      empty: torch.empty([0, 3]),
      column: torch.ones([3, 4]).select(1, 2),
      meta: torch.empty([5, 7], { device: 'meta' }),
    };
    const message = share(tensors);
    const before = Object.fromEntries(Object.entries(tensors).map(([k, v]) => [k, describeTensor(v)]));
    const { facts, same, parameter } = (await last(start('facts', message))) as Record<string, unknown>;
    const after = Object.fromEntries(
      Object.entries(tensors)
        .filter(([name]) => name !== 'meta')
        .map(([k, v]) => [k, numbers(v)]),
    );
    return { before, facts, same, parameter, after, stats: stats() };
  },

  async step() {
    torch.manualSeed(5);
    const make = (): nn.Sequential =>
      new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 1));
    const [model, twin] = [make(), make()];
    twin.loadStateDict(model.stateDict());
    const x = torch.randn([16, 4]);
    const y = torch.randn([16, 1]);
    const shared = await last(start('step', share({ state: model.stateDict(), x, y })));
    const optimizer = new optim.SGD(twin.parameters(), { lr: 0.1 });
    nn.functional.mseLoss(twin(x), y).backward();
    optimizer.step();
    const parameters = [...model.parameters()];
    return {
      shared,
      grads: parameters.every(({ grad }) => grad === null),
      model: parameters.map(numbers),
      twin: [...twin.parameters()].map(numbers),
    };
  },

  async gradients() {
    const p = new nn.Parameter(torch.ones([3]));
    const grad = torch.full([3], 0.5);
    const own = await last(start('gradients', share({ p, grad })));
    return { own, grad: numbers(grad), ungraded: p.grad === null };
  },

  async terminated() {
    const x = torch.zeros([1000]);
    const before = stats();
    const worker = start('forever', share(x));
    const left = await first(worker);
    const during = stats().tensors > 2;
    // Taken in time: it stays.
    const [taken] = receive<Tensor[]>((left as unknown[]).slice(0, 1));
    await worker.terminate();
    const value = Number(x.at(0).item());
    x.add_(1);
    return {
      before,
      during,
      after: stats(),
      error: nameOf(() => receive(left)),
      taken: Number((taken as Tensor).sum().item()),
      works: value > 0 && Number(x.at(0).item()) === value + 1,
    };
  },

  async chaos() {
    const base = torch.zeros([1 << 14]);
    const errors = new Set<string>();
    let received = 0;
    const live = async (age: number): Promise<void> => {
      const messages = [share(base)];
      const worker = start('chaos', messages[0]);
      worker.on('error', ({ message }: Error) => errors.add(message));
      worker.on('message', (message: unknown) => {
        try {
          const tensor = receive<Tensor>(message);
          received++;
          if (received % 4 === 0) tensor.asTypedArray();
          if (received % 3 === 0) tensor.dispose();
          if (received % 2 === 0) return;
          const answer = share(base.slice(0, 0, 10 + (received % 10)));
          messages.push(answer);
          worker.postMessage(answer);
        } catch (error) {
          // What a worker has sent just before its end.
          if (!(error as Error).message.includes('no such shared tensor')) throw error;
        }
      });
      const ended = once(worker, 'exit');
      if (age > 400) await once(worker, 'message');
      await new Promise((resolve) => setTimeout(resolve, age));
      await worker.terminate();
      await ended;
      revoke(messages);
    };
    // Some are ended while they load.
    for (let round = 0; round < 3; round++) await Promise.all([100, 250, 400, 450].map((age) => live(age)));
    return { received: received > 0, errors: [...errors], stats: stats() };
  },

  async senderEnds() {
    const worker = start('result');
    const [result, any] = (await last(worker)) as [unknown, unknown];
    const waiting = stats();
    const error = nameOf(() => receive(any));
    const value = numbers(receive<Tensor>(result));
    const left = await new Promise((resolve) => {
      const failing = start('fail');
      const messages: unknown[] = [];
      failing.on('message', (message) => messages.push(message));
      failing.on('error', () => {});
      failing.on('exit', () => resolve(numbers(receive<Tensor>(messages[0]))));
    });
    return { waiting, error, value, left, stats: stats() };
  },

  async unreceived() {
    // Each of a thread that never looks, of messages nobody gets and of a worker that cannot start.
    const samples: number[] = [];
    for (let i = 0; i < 40; i++) {
      const message = share(torch.ones([1 << 20]));
      if (i % 2 === 0) structuredClone(message);
      if (revoke(message) !== 1 || revoke(message) !== 0) throw new Error('revoke() is wrong');
      samples.push(process.memoryUsage.rss());
    }
    const message = share(torch.ones([1 << 10]));
    const worker = new Worker('throw new Error("it does not start")', { eval: true, workerData: message });
    const [error] = (await once(worker, 'error')) as [Error];
    const held = stats();
    const revoked = revoke(message);
    return { samples, error: error.message, held, revoked, stats: stats() };
  },

  async ten() {
    const workers = Array.from({ length: 10 }, () => start('reply'));
    await Promise.all(workers.map(first));
    const samples: number[] = [];
    let correct = true;
    for (let round = 0; round < 40; round++) {
      const x = torch.full([1 << 20], round, { dtype: torch.float32 });
      const message = share(x, { receivers: workers.length });
      const replies = Promise.all(workers.map(first));
      for (const worker of workers) worker.postMessage(message);
      for (const reply of await replies) {
        const result = receive<Tensor>(reply);
        correct &&= Number(result.at(-1).item()) === round + 1;
      }
      samples.push(process.memoryUsage.rss());
    }
    const ended = workers.map((worker) => once(worker, 'exit'));
    for (const worker of workers) worker.postMessage('end');
    await Promise.all(ended);
    return { samples, correct, stats: stats() };
  },

  async passed() {
    const worker = start('pass');
    await first(worker);
    const [a, b] = [torch.zeros([3]), torch.ones([3])];
    const reply = first(worker);
    worker.postMessage({ first: share(a), second: share(b) });
    const message = (await reply) as Record<string, unknown>;
    const { opened, second } = receive<{ opened: Tensor; second: { second: Tensor } }>({
      opened: message.opened,
      second: { second: (message.second as { second: unknown }).second },
    });
    const same = [opened.dataPtr() === a.dataPtr(), second.second.dataPtr() === b.dataPtr()];
    // Back and forth without end is one memory and one storage on each side.
    const { tensors: before } = torch.memory.stats();
    let last = opened;
    for (let i = 0; i < 50; i++) {
      const next = first(worker);
      worker.postMessage({ first: share(last), second: null });
      last = receive<Tensor>(((await next) as { opened: unknown }).opened);
      last.add_(1);
    }
    await worker.terminate();
    torch.memory.collect();
    const grown = torch.memory.stats().tensors - before;
    return { same, values: numbers(a), address: last.dataPtr() === a.dataPtr(), grown, stats: stats() };
  },

  async forged() {
    const worker = start('errors');
    await first(worker);
    const real = share(torch.ones([2]));
    const { id } = real;
    const messages: unknown[] = [];
    for (let i = -50; i <= 50; i++) {
      if (i !== 0) messages.push({ ...real, id: id + i });
    }
    messages.push({ ...real, id: 1 }, { ...real, id: Number.MAX_SAFE_INTEGER }, [real, { ...real, id: 7 }]);
    const outcomes = new Set<unknown>();
    for (const message of messages) {
      const reply = first(worker);
      worker.postMessage(message);
      outcomes.add(await reply);
    }
    const waiting = stats().tensors;
    const reply = first(worker);
    worker.postMessage(real);
    const genuine = await reply;
    await worker.terminate();
    return { outcomes: [...outcomes], waiting, genuine, stats: stats() };
  },
};

const scenario = scenarios[process.argv[2] as string] as () => Promise<unknown>;
console.log(JSON.stringify(await scenario()));
