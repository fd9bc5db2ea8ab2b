/** Runs one scenario with worker threads and prints what came out: `node main.js SCENARIO`. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import torch, { type Tensor } from '../../lib/index.js';

const start = (workerData: object): Worker =>
  new Worker(new URL('./worker.js', import.meta.url), { workerData });
const first = async (worker: Worker): Promise<unknown> => (await once(worker, 'message'))[0] as unknown;

/** What the main thread does all the while. */
function work(): boolean {
  const x = torch.ones([50, 50]);
  return torch.tidy(() => Number(x.matmul(x).sum().item())) === 125_000;
}

const scenarios: Record<string, () => Promise<unknown>> = {
  async train() {
    const workers = Array.from({ length: 10 }, () => start({ task: 'train' }));
    const results = Promise.all(workers.map(first));
    const works: boolean[] = [];
    for (let i = 0; i < 50; i++) {
      works.push(work());
      await new Promise((resolve) => setImmediate(resolve));
    }
    const values = await results;
    await Promise.all(workers.map((worker) => worker.terminate()));
    return { values, works: works.every(Boolean), after: work() };
  },

  async forever() {
    for (let round = 0; round < 3; round++) {
      const workers = Array.from({ length: 10 }, () => start({ task: 'forever' }));
      await Promise.all(
        workers.map(async (worker, i) => {
          // Some are ended while they load, others while they compute.
          if (i % 3 > 0) await first(worker);
          await new Promise((resolve) => setTimeout(resolve, i * 5));
          return worker.terminate();
        }),
      );
      if (!work()) return false;
    }
    return work();
  },

  async modes() {
    const worker = start({ task: 'modes' });
    const [inside] = await Promise.all([first(worker), once(worker, 'exit')]);
    return { inside, outside: [torch.isGradEnabled(), torch.isInferenceModeEnabled()], works: work() };
  },

  async throw() {
    const worker = start({ task: 'throw' });
    const [error] = (await once(worker, 'error')) as [Error];
    return { message: error.message, works: work() };
  },

  async handles() {
    const tensors = torch.arange(100).split(1);
    const handles = tensors.map((tensor: Tensor) => tensor.handle);
    const result = await first(start({ task: 'handles', handles }));
    return { result, works: work() };
  },

  async tensor() {
    const worker = start({ task: 'tensor' });
    await first(worker);
    worker.postMessage(torch.ones([1]));
    return first(worker);
  },

  async many() {
    // One after the other: what a thread leaves behind would add up.
    const samples: number[] = [];
    for (let i = 0; i < 20; i++) {
      const worker = start({ task: 'train' });
      // Both at once: a thread's last message may come together with its end.
      await Promise.all([first(worker), once(worker, 'exit')]);
      samples.push(process.memoryUsage.rss());
    }
    return samples;
  },

  async exit() {
    // The process ends while workers compute.
    const workers = Array.from({ length: 4 }, () => start({ task: 'forever' }));
    await Promise.all(workers.map(first));
    console.log(JSON.stringify('left'));
    process.exit(0);
  },
};

const scenario = scenarios[process.argv[2] as string] as () => Promise<unknown>;
console.log(JSON.stringify(await scenario()));
