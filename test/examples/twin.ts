/** The forum's step here and in its Python twin: every number of it, as bits. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toTensors } from '../../examples/adversarial-qa/batch.js';
import { Model } from '../../examples/adversarial-qa/model.js';
import { Network } from '../../examples/adversarial-qa/network.js';
import torch from '../../lib/index.js';
import { writeBatches } from '../../lib/squad/index.js';
import { hexOf, sha256Of } from '../support/bits.js';
import { runPython } from '../support/python.js';
import type { Batches } from './batches.js';

const SEED = 20;
const SIZES = { embeddingDim: 24, hiddenSize: 16, dropout: 0.3 };

export const device = process.env.LITORCH_TEST_DEVICE ?? 'cpu';

/** What one step gave: losses as bytes, the rest as hashes. */
export interface Step {
  loss: string;
  lossAdv: string;
  perturb: string;
  grad: string;
  parameters: string[];
}

export interface Case {
  threads: number;
  gradClipping?: number;
  fixEmbeddings?: boolean;
}

/** A small network with dropout, fresh from the seed. */
export function makeNetwork(vocabSize: number): Network {
  torch.manualSeed(SEED);
  const network = new Network({ vocabSize, ...SIZES });
  network.to(device);
  return network;
}

export function stepsHere({ batches, vocabSize }: Batches, { threads, ...options }: Case): Step[] {
  torch.setNumThreads(threads);
  let perturb = '';
  const network = makeNetwork(vocabSize);
  const observe = (_name: string, tensor: torch.Tensor) => {
    perturb = sha256Of(tensor);
  };
  const model = new Model(network, { ...options, observe });
  const { weight } = network.lexiconEncoder.embedding;
  return batches.map((batch) =>
    torch.tidy(() => {
      const { loss, lossAdv } = model.update(toTensors(batch, device));
      const parameters = [...network.parameters()].map((parameter) => sha256Of(parameter));
      return {
        loss: hexOf(loss),
        lossAdv: hexOf(lossAdv!),
        perturb,
        grad: sha256Of(weight.grad!),
        parameters,
      };
    }),
  );
}

export function stepsInPython({ batches, vocabSize }: Batches, options: Case): Step[] {
  const { threads, gradClipping = 0, fixEmbeddings = false } = options;
  const folder = mkdtempSync(join(tmpdir(), 'litorch-forum-'));
  try {
    const batchesPath = join(folder, 'batches.npz');
    const optionsPath = join(folder, 'options.json');
    writeBatches(batchesPath, batches);
    const { embeddingDim: embedding_dim, hiddenSize: hidden_size, dropout } = SIZES;
    const network = { vocab_size: vocabSize, embedding_dim, hidden_size, dropout };
    const model = { grad_clipping: gradClipping, fix_embeddings: fixEmbeddings };
    writeFileSync(optionsPath, JSON.stringify({ seed: SEED, threads, device, network, model }));
    const output = runPython('examples/adversarial-qa/reference/steps.py', [batchesPath, optionsPath]);
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Step);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The number that a loss's bytes are. */
export function numberOf(hex: string): number {
  return Buffer.from(hex, 'hex').readFloatLE(0);
}
