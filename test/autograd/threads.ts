/** JavaScript in the graph of worker threads: `node threads.js`; each mode is a worker. */
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import torch, { type autograd, type Tensor } from '../../lib/index.js';

class Calls extends torch.autograd.Function {
  static forward(ctx: autograd.FunctionCtx<{ call: () => void }>, x: Tensor, call: () => void): Tensor {
    ctx.call = call;
    return x.mul(2);
  }
  static backward(ctx: autograd.FunctionCtx<{ call: () => void }>, grad: Tensor): (Tensor | null)[] {
    ctx.call();
    return [grad.mul(2), null];
  }
}

const forever = (): never => {
  parentPort?.postMessage('inside');
  for (;;) torch.ones([2]);
};

const modes: Record<string, () => void> = {
  /** Its graphs are alive when it ends. */
  ends: () => {
    const x = torch.ones([3], { requiresGrad: true });
    const y = Calls.apply(x, () => {});
    y.registerHook((g) => g.mul(3));
    y.sum().backward({ retainGraph: true });
    Object.assign(globalThis, { x, y });
    parentPort?.postMessage(x.grad?.tolist());
  },
  /** It is ended within a function. */
  function: () =>
    Calls.apply(torch.ones([3], { requiresGrad: true }), forever)
      .sum()
      .backward(),
  /** It is ended within a hook. */
  hook: () => {
    const x = torch.ones([3], { requiresGrad: true });
    x.registerHook(forever);
    x.sum().backward();
  },
  /** It leaves from within a function. */
  exit: () =>
    Calls.apply(torch.ones([3], { requiresGrad: true }), () => process.exit(0))
      .sum()
      .backward(),
};

async function run(mode: string): Promise<unknown> {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: mode });
  const said = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('exit', () => resolve('left'));
    worker.once('error', reject);
  });
  if (said === 'inside') await worker.terminate();
  return said;
}

if (isMainThread) {
  const said: Record<string, unknown[]> = {};
  for (let i = 0; i < 3; i++) {
    for (const mode of Object.keys(modes)) {
      said[mode] ??= [];
      said[mode].push(await run(mode));
    }
  }
  const x = torch.ones([3], { requiresGrad: true });
  Calls.apply(x, () => {})
    .sum()
    .backward();
  console.log(JSON.stringify({ said, here: x.grad?.tolist() }));
} else {
  (modes[workerData as string] as () => void)();
}
