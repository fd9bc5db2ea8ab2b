/** Three ways to train the same model, each from the same weights. */
import torch, { optim, type Tensor } from 'litorch';
import { type Samples, slice } from './data.js';
import { DataParallel } from './dataParallel.js';
import { Classifier, type Sizes } from './model.js';
import type { Options } from './options.js';
import { accumulate, average } from './step.js';
import type { Order } from './worker.js';

/** A model with an optimizer, and how its gradient is found. */
export interface Arm {
  readonly model: Classifier;
  /** A step on the samples from one to another. Returns their loss before it. */
  step(order: Order): Promise<number>;
  close(): Promise<void>;
}

function makeModel(sizes: Sizes): { model: Classifier; optimizer: optim.SGD } {
  torch.manualSeed(0);
  const model = new Classifier(sizes);
  return { model, optimizer: new optim.SGD(model.parameters(), { lr: 0.05, momentum: 0.9 }) };
}

/** One thread, the whole batch at once. */
export function wholeBatch({ sizes }: Options, samples: Samples): Arm {
  const { model, optimizer } = makeModel(sizes);
  return {
    model,
    async step({ from, to }) {
      model.zeroGrad({ setToNone: false });
      const loss = torch.tidy(() => accumulate(model, slice(samples, from, to)));
      optimizer.step();
      return loss;
    },
    async close() {},
  };
}

/** One thread, the shards of the batch one after the other: just the sums that the threads compute. */
export function inShards({ sizes, workers }: Options, samples: Samples): Arm {
  const { model, optimizer } = makeModel(sizes);
  const parameters = [...model.parameters()];
  const gradients = Array.from({ length: workers }, () =>
    parameters.map((parameter) => torch.zerosLike(parameter.detach())),
  );
  const use = (shard: readonly Tensor[]): void => {
    for (const [i, parameter] of parameters.entries()) parameter.grad = shard[i] as Tensor;
  };
  return {
    model,
    async step({ from, to }) {
      const size = (to - from) / workers;
      let sum = 0;
      for (const [i, shard] of gradients.entries()) {
        use(shard);
        model.zeroGrad({ setToNone: false });
        sum += torch.tidy(() => accumulate(model, slice(samples, from + i * size, from + (i + 1) * size)));
      }
      average(gradients);
      use(gradients[0] as Tensor[]);
      optimizer.step();
      return sum / workers;
    },
    async close() {},
  };
}

/** Several threads, a shard each. */
export async function inThreads({ sizes, workers }: Options, samples: Samples): Promise<Arm> {
  const { model, optimizer } = makeModel(sizes);
  const threads = await DataParallel.start(model, sizes, samples, workers);
  return {
    model,
    async step(order) {
      const loss = await threads.gradient(order);
      optimizer.step();
      return loss;
    },
    close: () => threads.close(),
  };
}
