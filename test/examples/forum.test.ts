/**
 * The forum's training step, held against its Python twin: from one seed, with dropout on, every number of every step
 * has the same bits.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { toTensors } from '../../examples/adversarial-qa/batch.js';
import { Model } from '../../examples/adversarial-qa/model.js';
import { withSwappedData } from '../../lib/adversarial/index.js';
import torch, { nn } from '../../lib/index.js';
import { hexOf, sha256Of } from '../support/bits.js';
import { root } from '../support/python.js';
import { testWithPython } from '../support/withPython.js';
import { smallBatches } from './batches.js';
import { type Case, device, makeNetwork, numberOf, stepsHere, stepsInPython } from './twin.js';

const STEPS = 50;
const data = smallBatches(STEPS, 8, 80);
const { batches } = data;

describe("the forum's step and its Python twin", () => {
  const cases: Array<[string, Case]> = [
    ['on 1 thread', { threads: 1 }],
    ['on 2 threads', { threads: 2 }],
    ['with the embedding left out of the optimizer', { threads: 1, fixEmbeddings: true }],
    ['with the gradient clipped', { threads: 1, gradClipping: 5 }],
  ];
  for (const [name, options] of cases) {
    testWithPython(`${name}: ${STEPS} steps with equal bits`, () => {
      const here = stepsHere(data, options);
      const there = stepsInPython(data, options);
      expect(here).toHaveLength(STEPS);
      here.forEach((step, i) => {
        expect({ step: i + 1, ...step }).toEqual({ step: i + 1, ...there[i] });
      });
    });
  }
});

test('the recorded losses of the twin, for machines without it', () => {
  const recorded: Array<[loss: number, lossAdv: number]> = JSON.parse(
    readFileSync(join(root, 'test', 'fixtures', 'forumLosses.json'), 'utf8'),
  );
  const here = stepsHere(smallBatches(recorded.length, 8, 80, true), { threads: 1 });
  here.forEach(({ loss, lossAdv }, i) => {
    // Another machine's kernels add in another order; the first steps are still close.
    expect(numberOf(loss)).toBeCloseTo(recorded[i]![0], 3);
    expect(numberOf(lossAdv)).toBeCloseTo(recorded[i]![1], 3);
  });
});

describe("the forum's step", () => {
  const batch = batches[0]!;

  test('gives the embedding its own bits and its own memory back when the optimizer skips it', () => {
    const network = makeNetwork(data.vocabSize);
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
    const network = makeNetwork(data.vocabSize);
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
    const model = new Model(makeNetwork(data.vocabSize), { adversarial: false });
    const { loss, lossAdv } = model.update(toTensors(batch, device));
    expect(lossAdv).toBeNull();
    expect(Number.isFinite(loss.item())).toBe(true);
  });

  test('an exception in the perturbed forward: the scoped form of the swap restores the embedding', () => {
    const network = makeNetwork(data.vocabSize);
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
    const network = makeNetwork(data.vocabSize).eval();
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
    const network = makeNetwork(data.vocabSize);
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
