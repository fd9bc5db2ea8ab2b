import torch, { nn, type Tensor } from 'litorch';
import type { Samples } from './data.js';
import type { Classifier } from './model.js';

/** Adds the gradient of the samples' mean loss to the parameters' `grad`. Returns that loss. */
export function accumulate(model: Classifier, { x, y }: Samples): number {
  return torch.tidy(() => {
    const loss = nn.functional.crossEntropy(model(x), y);
    loss.backward();
    return Number(loss.item());
  });
}

/** The mean of each parameter's gradients, of which there is one for each shard, into the first of them. */
export function average(shards: readonly (readonly Tensor[])[]): void {
  const [first = [], ...rest] = shards;
  torch.noGrad(() => {
    for (const [i, gradient] of first.entries()) {
      for (const shard of rest) gradient.add_(shard[i] as Tensor);
      gradient.div_(shards.length);
    }
  });
}
