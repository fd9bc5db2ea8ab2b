/** Ends of threads and of the process while operations run: `node programs.js SCENARIO`. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import torch, { type Tensor } from '../../lib/index.js';

/** Some tenths of a second of work in each of three jobs. */
function start(): Promise<unknown>[] {
  const x = torch.rand([1100, 1100]);
  const weight = torch.rand([1100, 1100], { requiresGrad: true });
  const loss = x.matmul(weight).sum();
  return [
    loss.backwardAsync(),
    torch.runAsync(torch.matmul, x, x),
    torch.runAsync(torch.matmul, x, x),
    x.tolistAsync(),
  ];
}

const scenarios: Record<string, () => Promise<unknown> | unknown> = {
  async workers() {
    for (let i = 0; i < 3; i++) {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: 'start' });
      await once(worker, 'message');
      await new Promise((resolve) => setTimeout(resolve, 10 * i));
      await worker.terminate();
    }
    const x: Tensor = await torch.runAsync(torch.add, torch.ones([2]), 1);
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: 'exit' });
    const [code] = (await once(worker, 'exit')) as [number];
    // Nothing else keeps the process.
    const results = await Promise.all(start());
    return [x.tolist(), code, results.length];
  },
  exit() {
    start();
    console.log(JSON.stringify('left'));
    process.exit(0);
  },
  exitWithWorkers() {
    for (let i = 0; i < 2; i++) {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: 'start' });
      worker.on('message', () => {
        if (i === 0) return;
        console.log(JSON.stringify('left'));
        process.exit(0);
      });
    }
  },
  thrown() {
    start();
    process.on('uncaughtException', () => {
      console.log(JSON.stringify('left'));
      process.exit(0);
    });
    throw new Error('not caught');
  },
};

if (isMainThread) {
  const result = await (scenarios[process.argv[2] as string] as () => unknown)();
  if (result !== undefined) console.log(JSON.stringify(result));
} else {
  start();
  parentPort?.postMessage('busy');
  if (workerData === 'exit') process.exit(7);
}
