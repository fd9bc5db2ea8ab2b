/** Every layer against PyTorch, from one seed: initial values, outputs, gradients, keys and printed form. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { runPython } from '../support/python.js';
import { testWithPython } from '../support/withPython.js';
import { bits, recorded, tensorsIn } from './compare.js';
import { layerCases as cases, type LayerCase } from './layerCases.js';

interface Found {
  repr: string;
  state: Record<string, string>;
  parameters: string[];
  buffers: string[];
  modules: string[];
  train: string[];
  grads: (string | null)[];
  eval: string[];
  next: string;
}

function record([make, inputs]: LayerCase): Found {
  torch.manualSeed(1234);
  const module = make();
  const names = (members: Iterable<[string, unknown]>): string[] => [...members].map(([name]) => name);
  const state = Object.entries(module.stateDict()).map(([key, value]) => [key, bits(value)]);
  const given = inputs();
  const outputs = tensorsIn(module(...given));
  const train = outputs.map(bits);
  let loss: Tensor | null = null;
  for (const output of outputs) {
    if (!output.requiresGrad) continue;
    const term: Tensor = output.mul(torch.randnLike(output)).sum();
    loss = loss === null ? term : loss.add(term);
  }
  loss?.backward();
  const leaves = [...module.parameters(), ...tensorsIn(given).filter((leaf) => leaf.requiresGrad)];
  const grads = leaves.map(({ grad }) => (grad === null ? null : bits(grad)));
  module.eval();
  return {
    repr: String(module),
    state: Object.fromEntries(state) as Record<string, string>,
    parameters: names(module.namedParameters()),
    buffers: names(module.namedBuffers()),
    modules: names(module.namedModules()),
    train,
    grads,
    eval: tensorsIn(module(...given)).map(bits),
    next: bits(torch.rand([3])),
  };
}

/** What does not depend on the machine. */
function structureOf({ repr, parameters, buffers, modules, state }: Found): object {
  return { repr, parameters, buffers, modules, keys: Object.keys(state) };
}

describe('layers', () => {
  let expected: Record<string, Found> | undefined;
  const threads = torch.getNumThreads();
  beforeAll(() => torch.setNumThreads(1));
  afterAll(() => torch.setNumThreads(threads));
  const reference = (): Record<string, Found> => {
    expected ??= JSON.parse(runPython('nn_layers.py')) as Record<string, Found>;
    return expected;
  };
  const structures = recorded<Record<string, object>>('nnLayers.json');

  testWithPython('what was recorded is what Python gives now', () => {
    const now = Object.entries(reference()).map(([name, found]) => [name, structureOf(found)]);
    expect(structures).toEqual(Object.fromEntries(now));
  });

  test('all that was recorded is tried', () => {
    expect(Object.keys(cases)).toEqual(Object.keys(structures));
  });

  test.each(Object.entries(cases))('%s: names and printed form', (name, layer) => {
    expect(structureOf(record(layer))).toEqual(structures[name]);
  });

  for (const [name, layer] of Object.entries(cases)) {
    testWithPython(`${name}: bits`, () => {
      const found = record(layer);
      expect(found).toEqual(reference()[name]);
      expect(found.train.length).toBeGreaterThan(0);
    });
  }
});
