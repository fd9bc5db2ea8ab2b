/** The forum's step, as a contender. Arguments: vocabulary size, embedding size, threads. Its twin is forum.py. */
import torch from 'litorch';
import { Model } from '../examples/adversarial-qa/model.js';
import { Network } from '../examples/adversarial-qa/network.js';
import { serve } from './contender.js';
import { forumBatch } from './forumBatch.js';

const [vocabSize = 5000, embeddingDim = 100, threads = 1] = process.argv.slice(2).map(Number);

torch.setNumThreads(threads);
torch.manualSeed(0);
const network = new Network({ vocabSize, embeddingDim });
const model = new Model(network);
const batch = forumBatch(vocabSize);

await serve((steps) => {
  let losses: torch.Tensor[] = [];
  for (let i = 0; i < steps; i++) {
    const { loss, lossAdv } = model.update(batch);
    losses = lossAdv === null ? [loss] : [loss, lossAdv];
  }
  return losses.map((loss) => new Uint32Array(loss.toTypedArray().buffer)[0]).join(' ');
});
