import { describe, expect, test } from '@jest/globals';
import torch, { nn } from '../../lib/index.js';
import { hexOf } from '../support/bits.js';
import { runPython } from '../support/python.js';
import { testWithPython } from '../support/withPython.js';

const { spectralNorm, removeSpectralNorm } = nn.utils;

function run(make: () => nn.Linear, shape: number[], options: nn.utils.SpectralNormOptions = {}) {
  torch.manualSeed(2);
  const module = spectralNorm(make(), options);
  const x = torch.randn(shape);
  const outputs = [0, 1, 2, 3].map((i) => {
    module.train(i < 3);
    const out = torch.tidy(() => module(x));
    out.pow(2).sum().backward();
    return hexOf(out);
  });
  const stateOf = () =>
    Object.fromEntries(
      Object.entries(module.stateDict()).map(([name, value]) => [name, hexOf(value as torch.Tensor)]),
    );
  const state = stateOf();
  const gradients = Object.fromEntries(
    [...module.namedParameters()].map(([name, { grad }]) => [name, hexOf(grad!)]),
  );
  removeSpectralNorm(module);
  return { outputs, state, gradients, removed: stateOf() };
}

testWithPython('has the bits, the state and the gradients that it has in Python', () => {
  expect({
    linear: run(() => new nn.Linear(5, 4), [3, 5]),
    'three iterations, other dimension': run(() => new nn.Linear(5, 4), [3, 5], {
      nPowerIterations: 3,
      dim: 1,
    }),
    embedding: run(() => new nn.Linear(7, 2, false), [3, 7], { eps: 1e-6 }),
  }).toEqual(JSON.parse(runPython('spectral_norm.py')));
});

describe('spectralNorm', () => {
  test('brings the largest singular value to 1', () => {
    torch.manualSeed(0);
    const module = spectralNorm(new nn.Linear(6, 6), { nPowerIterations: 50 });
    module(torch.randn([1, 6]));
    expect(torch.linalg.svdvals(module.weight.detach()).max().item() as number).toBeCloseTo(1, 5);
  });

  test('a saved state goes into another module', () => {
    torch.manualSeed(0);
    const [a, b] = [spectralNorm(new nn.Linear(3, 2)), spectralNorm(new nn.Linear(3, 2))];
    const x = torch.randn([4, 3]);
    for (let i = 0; i < 3; i++) a(x);
    b.loadStateDict(a.stateDict());
    expect(hexOf(b.eval()(x))).toBe(hexOf(a.eval()(x)));
  });

  test('refuses what cannot be meant', () => {
    expect(() => spectralNorm(new nn.Linear(2, 2), 'weights')).toThrow("no parameter 'weights'");
    expect(() => spectralNorm(new nn.Linear(2, 2), { nPowerIterations: 0 })).toThrow(RangeError);
    const once = spectralNorm(new nn.Linear(2, 2));
    expect(() => spectralNorm(once)).toThrow('two spectral_norm hooks');
    expect(() => removeSpectralNorm(new nn.Linear(2, 2))).toThrow('not found');
    removeSpectralNorm(once);
    expect([...once.namedParameters()].map(([name]) => name)).toEqual(['weight', 'bias']);
    expect(() => spectralNorm(1 as never)).toThrow(TypeError);
  });
});
