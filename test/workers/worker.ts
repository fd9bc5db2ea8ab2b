/** A worker thread that computes, in the way that its data says, and tells what came out. */
import { parentPort, workerData } from 'node:worker_threads';
import torch, { Tensor } from '../../lib/index.js';

const { task, handles } = workerData as { task: string; handles?: number[] };

/** A few steps of training: operators, graphs, gradients, random numbers of a generator of its own. */
function train(steps: number): number {
  const generator = new torch.Generator().manualSeed(1);
  const weight = torch.zeros([8, 4], { requiresGrad: true });
  torch.noGrad(() => weight.normal_(0, 1, { generator }));
  const x = torch.linspace(-1, 1, 40).view(5, 8);
  for (let i = 0; i < steps; i++) {
    torch.tidy(() => {
      x.matmul(weight).tanh().pow(2).sum().backward();
      torch.noGrad(() => weight.sub_(weight.grad as Tensor, { alpha: 0.01 }));
      weight.grad = null;
    });
  }
  return Number(weight.sum().item());
}

/** Makes garbage of all kinds until it is ended from outside. */
function forever(): never {
  const x = torch.ones([100, 100], { requiresGrad: true });
  for (let i = 0; ; i++) {
    x.matmul(x).relu().sum().backward();
    x.grad = null;
    torch.tensor([1, 2, 3]).tolist();
    torch.fromTypedArray(new Float32Array(1000)).add(1);
    torch.inferenceMode(() => x.add(1));
    try {
      x.add(torch.ones([7]));
    } catch {
      // An error on the way out, too.
    }
    if (i === 3) parentPort?.postMessage('busy');
  }
}

switch (task) {
  case 'train':
    parentPort?.postMessage(train(50));
    break;
  case 'forever':
    forever();
    break;
  case 'modes':
    // Modes are of a thread: these end with it.
    torch.setGradEnabled(false);
    torch.inferenceMode();
    parentPort?.postMessage([torch.isGradEnabled(), torch.isInferenceModeEnabled()]);
    break;
  case 'throw':
    torch.ones([3]);
    throw new Error('a worker that fails');
  case 'handles': {
    const own = torch.arange(100).split(1);
    const outcomes = (handles ?? []).map((handle) => {
      try {
        return String(new (Tensor as never as new (handle: number) => Tensor)(handle).sum().item());
      } catch (error) {
        return (error as Error).name;
      }
    });
    parentPort?.postMessage([outcomes, own.length]);
    break;
  }
  case 'tensor':
    parentPort?.once('message', (value: unknown) => {
      let outcome = 'no error';
      try {
        torch.ones([1]).add(value as Tensor);
      } catch (error) {
        outcome = (error as Error).name;
      }
      parentPort?.postMessage([value instanceof Tensor, outcome]);
    });
    parentPort?.postMessage('ready');
    break;
  default:
    throw new Error(`no such task: ${task}`);
}
