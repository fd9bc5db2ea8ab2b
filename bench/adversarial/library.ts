/**
 * What the forum's step computes, by the library, with a frozen embedding. Arguments: vocabulary size, embedding size,
 * threads. The other side is the forum's own code in Python: ../forum.py.
 */
import torch, { nn, optim, type Tensor } from 'litorch';
import { adversarialStep, forum } from 'litorch/adversarial';
import type { Batch } from '../../examples/adversarial-qa/batch.js';
import { Network } from '../../examples/adversarial-qa/network.js';
import { serve } from '../contender.js';
import { forumBatch } from '../forumBatch.js';

const { functional: F } = nn;
const [vocabSize = 5000, embeddingDim = 100, threads = 1] = process.argv.slice(2).map(Number);

torch.setNumThreads(threads);
torch.manualSeed(0);
const network = new Network({ vocabSize, embeddingDim });
const { embedding } = network.lexiconEncoder;
embedding.weight.requiresGrad_(false);
const trained = [...network.parameters()].filter((parameter) => parameter.requiresGrad);
const optimizer = new optim.Adamax(trained, { lr: 2e-3 });
const batch = forumBatch(vocabSize);
network.train();
const step = adversarialStep(
  network,
  ([start, end]: [Tensor, Tensor, Tensor], { starts, ends }: Batch) =>
    F.crossEntropy(start, starts).add(F.crossEntropy(end, ends)),
  forum({ embedding }),
);

await serve((steps) => {
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad();
    step(batch);
    optimizer.step();
  }
  return undefined;
});
