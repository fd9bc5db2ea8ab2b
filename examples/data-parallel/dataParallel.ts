import { Worker } from 'node:worker_threads';
import torch, { type Tensor } from 'litorch';
import type { Samples } from './data.js';
import type { Classifier, Sizes } from './model.js';
import { average } from './step.js';
import type { Job, Order } from './worker.js';

/** The next message of a worker; an error where it fails or ends instead. */
function reply(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (end: () => void) => (): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      end();
    };
    const onMessage = (message: unknown): void => done(() => resolve(message))();
    const onError = (error: unknown): void => done(() => reject(error))();
    const onExit = (code: number): void =>
      done(() => reject(new Error(`a worker ended in the midst, with ${code}`)))();
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

/**
 * Threads that compute the gradients of one model together, each those of an equal part of the batch, over the model's
 * own parameters. The parameters' `grad` is then the mean over the threads.
 */
export class DataParallel {
  private constructor(
    private readonly workers: readonly Worker[],
    /** For each thread its gradients, in the order of the parameters. */
    private readonly gradients: readonly (readonly Tensor[])[],
  ) {}

  static async start(
    model: Classifier,
    sizes: Sizes,
    samples: Samples,
    count: number,
  ): Promise<DataParallel> {
    const parameters = [...model.parameters()];
    const gradients = Array.from({ length: count }, () =>
      parameters.map((parameter) => torch.zerosLike(parameter.detach())),
    );
    const state = model.stateDict();
    const workers = gradients.map((own) => {
      const job: Job = { sizes, state, gradients: own, samples };
      return new Worker(new URL('./worker.js', import.meta.url), {
        workerData: torch.multiprocessing.share(job),
      });
    });
    await Promise.all(workers.map(reply));
    for (const [i, parameter] of parameters.entries()) parameter.grad = gradients[0]?.[i] as Tensor;
    return new DataParallel(workers, gradients);
  }

  /**
   * The gradient of the mean loss over the samples from one to another, into the parameters' `grad`. Returns that loss.
   * While the threads compute nobody may change the parameters: that is up to whoever awaits this.
   */
  async gradient({ from, to }: Order): Promise<number> {
    const count = this.workers.length;
    const size = (to - from) / count;
    if (!Number.isInteger(size)) throw new RangeError(`${to - from} samples are not ${count} equal parts`);
    const losses = this.workers.map((worker, i) => {
      worker.postMessage({ from: from + i * size, to: from + (i + 1) * size } satisfies Order);
      return reply(worker);
    });
    const values = (await Promise.all(losses)) as number[];
    average(this.gradients);
    return values.reduce((sum, value) => sum + value, 0) / count;
  }

  /** Ends the threads. The model and its last gradients stay. */
  async close(): Promise<void> {
    await Promise.all(
      this.workers.map(
        (worker) =>
          new Promise((resolve) => {
            worker.once('exit', resolve);
            worker.postMessage(null);
          }),
      ),
    );
  }
}
