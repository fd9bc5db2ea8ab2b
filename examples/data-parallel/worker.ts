/** One of the threads: computes the gradients of its part of each batch. */
import { parentPort, workerData } from 'node:worker_threads';
import torch, { type Tensor } from 'litorch';
import { type Samples, slice } from './data.js';
import { Classifier, type Sizes } from './model.js';
import { accumulate } from './step.js';

/** What a thread is given at its start; tensors are the main thread's own. */
export interface Job {
  readonly sizes: Sizes;
  readonly state: Record<string, Tensor>;
  /** Where this thread puts its gradients, in the order of the parameters. */
  readonly gradients: Tensor[];
  readonly samples: Samples;
}

/** Which samples of the next batch are this thread's. */
export interface Order {
  readonly from: number;
  readonly to: number;
}

if (parentPort === null) throw new Error('this is a worker: main.js starts it');
const port = parentPort;
// The threads together are the parallelism: none has helpers of its own.
torch.setNumThreads(1);
const { sizes, state, gradients, samples } = torch.multiprocessing.receive<Job>(workerData);
const model = new Classifier(sizes);
// The parameters themselves and no copies: the main thread's steps are seen here.
model.loadStateDict(state, { assign: true });
for (const [i, parameter] of [...model.parameters()].entries()) parameter.grad = gradients[i] as Tensor;

port.on('message', (order: Order | null) => {
  if (order === null) {
    port.close();
    return;
  }
  model.zeroGrad({ setToNone: false });
  const loss = torch.tidy(() => accumulate(model, slice(samples, order.from, order.to)));
  port.postMessage(loss);
});
port.postMessage('ready');
