/**
 * The forum's training step, held against its Python twin: from one seed, with dropout on, every number of every step
 * has the same bits.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { toTensors } from '../../examples/adversarial-qa/batch.js';
import { Model } from '../../examples/adversarial-qa/model.js';
import { Network } from '../../examples/adversarial-qa/network.js';
import { withSwappedData } from '../../lib/adversarial/index.js';
import torch, { nn } from '../../lib/index.js';
import { writeBatches } from '../../lib/squad/index.js';
import { hexOf, sha256Of } from '../support/bits.js';
import { runPython } from '../support/python.js';
import { testWithPython } from '../support/withPython.js';
import { smallBatches } from './batches.js';

const STEPS = 50;
const SEED = 20;
const { batches, vocabSize } = smallBatches(STEPS, 8, 80);
const sizes = { vocabSize, embeddingDim: 24, hiddenSize: 16, dropout: 0.3 };

interface Step {
  loss: string;
  lossAdv: string;
  perturb: string;
  grad: string;
  parameters: string[];
}

const device = process.env.LITORCH_TEST_DEVICE ?? 'cpu';
const folder = mkdtempSync(join(tmpdir(), 'litorch-forum-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function makeNetwork(): Network {
  torch.manualSeed(SEED);
  const network = new Network(sizes);
  network.to(device);
  return network;
}

interface Case {
  threads: number;
  gradClipping?: number;
  fixEmbeddings?: boolean;
}

function stepsHere({ threads, ...options }: Case): Step[] {
  torch.setNumThreads(threads);
  let perturb = '';
  const network = makeNetwork();
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

function stepsInPython({ threads, gradClipping = 0, fixEmbeddings = false }: Case): Step[] {
  const batchesPath = join(folder, 'batches.npz');
  const optionsPath = join(folder, 'options.json');
  writeBatches(batchesPath, batches);
  const { vocabSize: vocab_size, embeddingDim: embedding_dim, hiddenSize: hidden_size, dropout } = sizes;
  writeFileSync(
    optionsPath,
    JSON.stringify({
      seed: SEED,
      threads,
      device,
      network: { vocab_size, embedding_dim, hidden_size, dropout },
      model: { grad_clipping: gradClipping, fix_embeddings: fixEmbeddings },
    }),
  );
  const output = runPython('examples/adversarial-qa/reference/steps.py', [batchesPath, optionsPath]);
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Step);
}

describe("the forum's step and its Python twin", () => {
  const cases: Array<[string, Case]> = [
    ['on 1 thread', { threads: 1 }],
    ['on 2 threads', { threads: 2 }],
    ['with the embedding left out of the optimizer', { threads: 1, fixEmbeddings: true }],
    ['with the gradient clipped', { threads: 1, gradClipping: 5 }],
  ];
  for (const [name, options] of cases) {
    testWithPython(`${name}: ${STEPS} steps with equal bits`, () => {
      const here = stepsHere(options);
      const there = stepsInPython(options);
      expect(here).toHaveLength(STEPS);
      here.forEach((step, i) => {
        expect({ step: i + 1, ...step }).toEqual({ step: i + 1, ...there[i] });
      });
    });
  }
});

describe("the forum's step", () => {
  const batch = batches[0]!;

  test('gives the embedding its own bits and its own memory back when the optimizer skips it', () => {
    const network = makeNetwork();
    const { weight } = network.lexiconEncoder.embedding;
    const before = hexOf(weight);
    const address = weight.dataPtr();
    const perturbations: string[] = [];
    const model = new Model(network, {
      fixEmbeddings: true,
      observe: (_name, perturb) => perturbations.push(sha256Of(perturb)),
    });
    for (const squadBatch of batches.slice(0, 3)) {
      model.update(toTensors(squadBatch, device));
      expect(hexOf(weight)).toBe(before);
      expect(weight.dataPtr()).toBe(address);
    }
    expect(new Set(perturbations).size).toBe(3);
  });

  test('moves each row of the batch by ε, and no other row', () => {
    const network = makeNetwork();
    let norms: Float32Array = new Float32Array();
    const model = new Model(network, {
      epsilon: 2.5,
      observe: (_name, perturb) => {
        norms = perturb.norm(2, 1).cpu().toTypedArray() as Float32Array;
      },
    });
    model.update(toTensors(batch, device));
    const words = new Set([...batch.context, ...batch.question].map(Number));
    norms.forEach((norm, row) => {
      if (row !== 0 && words.has(row)) expect(norm).toBeCloseTo(2.5, 4);
      else expect(norm).toBe(0);
    });
  });

  test('without the adversarial loss is the baseline', () => {
    const model = new Model(makeNetwork(), { adversarial: false });
    const { loss, lossAdv } = model.update(toTensors(batch, device));
    expect(lossAdv).toBeNull();
    expect(Number.isFinite(loss.item())).toBe(true);
  });

  test('an exception in the perturbed forward: the scoped form of the swap restores the embedding', () => {
    const network = makeNetwork();
    const { weight } = network.lexiconEncoder.embedding;
    const before = hexOf(weight);
    const address = weight.dataPtr();
    let inside = '';
    const hook = network.docEncoderHigh.registerForwardHook(() => {
      inside = hexOf(weight);
      throw new Error('in the perturbed forward');
    });
    const perturbed = () => withSwappedData(weight, weight.add(1), () => network(toTensors(batch, device)));
    expect(perturbed).toThrow('in the perturbed forward');
    expect(inside).not.toBe(before);
    expect(hexOf(weight)).toBe(before);
    expect(weight.dataPtr()).toBe(address);
    hook.remove();
    expect(perturbed()).toHaveLength(3);
  });
});

describe('the network', () => {
  test("answers a question alone as in a batch: padding doesn't reach it", () => {
    const network = makeNetwork().eval();
    const alone = smallBatches(1, 1, 80).batches[0]!;
    const padded = { ...alone, contextWidth: alone.contextWidth + 5, questionWidth: alone.questionWidth + 3 };
    const features = alone.features.length / alone.contextWidth;
    const wide = {
      ...padded,
      context: longer(alone.context, 5, 0n),
      contextPadding: longer(alone.contextPadding, 5, 1),
      question: longer(alone.question, 3, 0n),
      questionPadding: longer(alone.questionPadding, 3, 1),
      features: longer(alone.features, 5 * features, 0),
    };
    torch.noGrad(() => {
      const [start, end, pred] = network(toTensors(alone, device));
      const [wideStart, wideEnd, widePred] = network(toTensors(wide, device));
      const tolerance = { rtol: 1e-4, atol: 1e-5 };
      for (const [one, other] of [
        [start, wideStart],
        [end, wideEnd],
      ] as const) {
        expect(other.narrow(1, 0, alone.contextWidth).allclose(one, tolerance)).toBe(true);
        const padding = other.narrow(1, alone.contextWidth, 5).tolist() as number[][];
        expect(padding).toEqual([Array(5).fill(-Infinity)]);
      }
      expect(widePred.allclose(pred, tolerance)).toBe(true);
      expect(pred.item()).toBeGreaterThan(0);
      expect(pred.item()).toBeLessThanOrEqual(1);
    });
  });

  test('has a gradient for every parameter', () => {
    const network = makeNetwork();
    const { starts, ends, ...batch } = toTensors(batches[0]!, device);
    const [start, end] = network({ ...batch, starts, ends });
    nn.functional.crossEntropy(start, starts).add(nn.functional.crossEntropy(end, ends)).backward();
    for (const [name, parameter] of network.namedParameters()) {
      expect([name, parameter.grad?.abs().sum().item()]).toEqual([name, expect.any(Number)]);
    }
  });
});

function longer<T extends BigInt64Array | Uint8Array | Float32Array>(
  array: T,
  by: number,
  fill: bigint | number,
): T {
  const result = new (array.constructor as new (length: number) => T)(array.length + by);
  (result.fill as (value: unknown) => T)(fill);
  result.set(array as never);
  return result;
}
