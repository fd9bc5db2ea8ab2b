/**
 * A leaf whose data is swapped for a forward pass and given back before the backward pass. Autograd has saved the leaf
 * itself where the operation's backward needs it, so some gradients come out wrong, in silence. PyTorch's answers,
 * the wrong ones included, are ours bit for bit.
 *
 * Recorded for machines without Python by `saved_leaf.py > test/fixtures/savedLeaf.json`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import torch, { nn, type Tensor } from '../../lib/index.js';
import { hexOf } from '../support/bits.js';
import { hasPython, root, runPython } from '../support/python.js';

const { functional: F } = nn;

type Gradients = { weight: string; x: string };
type Outcome = Gradients | { error: string };
type Orders =
  | 'functional'
  | 'restored first'
  | 'backward first'
  | 'changed under no_grad'
  | 'changed through data';

const OPERATIONS: Record<string, { shape: number[]; apply: (weight: Tensor, x: Tensor) => Tensor }> = {
  matmul: { shape: [6, 12], apply: (weight, x) => x.matmul(weight) },
  mul: { shape: [12, 5], apply: (weight, x) => weight.mul(x) },
  linear: { shape: [6, 5], apply: (weight, x) => F.linear(x, weight) },
  embedding: {
    shape: [12, 5],
    apply: (weight, x) => F.embedding(torch.tensor([3n, 0n, 7n, 3n]), weight).mul(x.narrow(0, 0, 4)),
  },
};

function inputs(shape: number[]): [weight: Tensor, x: Tensor, perturbation: Tensor] {
  torch.manualSeed(0);
  const weight = torch.randn([12, 5], { requiresGrad: true });
  const x = torch.randn(shape, { requiresGrad: true });
  return [weight, x, torch.randn([12, 5]).mul(5)];
}

const gradients = (weight: Tensor, x: Tensor): Gradients => ({
  weight: hexOf(weight.grad!),
  x: hexOf(x.grad!),
});

const outcomes: Record<Orders, (name: string) => Outcome> = {
  functional(name) {
    const { shape, apply } = OPERATIONS[name]!;
    const [weight, x, perturbation] = inputs(shape);
    const moved = weight.add(perturbation).detach().requiresGrad_();
    apply(moved, x).pow(2).sum().backward();
    return gradients(moved, x);
  },
  'restored first': (name) => swapped(name, false),
  'backward first': (name) => swapped(name, true),
  'changed under no_grad': (name) => changedInPlace(name, false),
  'changed through data': (name) => changedInPlace(name, true),
};

function swapped(name: string, backwardFirst: boolean): Gradients {
  const { shape, apply } = OPERATIONS[name]!;
  const [weight, x, perturbation] = inputs(shape);
  const original = weight.data;
  weight.data = weight.add(perturbation);
  const loss = apply(weight, x).pow(2).sum();
  if (backwardFirst) loss.backward();
  weight.data = original;
  if (!backwardFirst) loss.backward();
  return gradients(weight, x);
}

function changedInPlace(name: string, throughData: boolean): Outcome {
  const { shape, apply } = OPERATIONS[name]!;
  const [weight, x, perturbation] = inputs(shape);
  const loss = apply(weight, x).pow(2).sum();
  if (throughData) weight.data.add_(perturbation);
  else torch.noGrad(() => weight.add_(perturbation));
  try {
    loss.backward();
  } catch (error) {
    return { error: (error as Error).message };
  }
  return gradients(weight, x);
}

/** The distance between two gradients over the length of the second. */
function relativeError(actual: string, expected: string): number {
  const [a, b] = [actual, expected].map(
    (hex) => new Float32Array(Uint8Array.from(Buffer.from(hex, 'hex')).buffer),
  );
  const norm = (values: Float32Array) => Math.hypot(...values);
  return norm(a!.map((value, i) => value - b![i]!)) / norm(b!);
}

describe('a leaf swapped for the forward pass', () => {
  let reference: Record<string, Record<Orders, Outcome>>;
  beforeAll(() => {
    reference = JSON.parse(
      hasPython
        ? runPython('saved_leaf.py')
        : readFileSync(join(root, 'test', 'fixtures', 'savedLeaf.json'), 'utf8'),
    );
  });

  const orders = Object.keys(outcomes) as Orders[];
  const cases = Object.keys(OPERATIONS).flatMap((name) => orders.map((order) => [name, order] as const));
  test.each(cases)('%s, %s: as in PyTorch, bit for bit', (name, order) => {
    const here = outcomes[order](name);
    const there = reference[name]![order];
    if (hasPython || 'error' in here || 'error' in there) return expect(here).toEqual(there);
    // The recorded bits are those of another machine, whose kernels may add in another order.
    expect(relativeError(here.weight, there.weight)).toBeLessThan(1e-6);
    expect(relativeError(here.x, there.x)).toBeLessThan(1e-6);
  });

  test.each(['matmul', 'mul'])('%s: the gradient is wrong when the data is restored first', (name) => {
    const expected = outcomes.functional(name) as Gradients;
    const actual = outcomes['restored first'](name) as Gradients;
    expect(actual.weight).toBe(expected.weight);
    expect(relativeError(actual.x, expected.x)).toBeGreaterThan(0.5);
    expect(outcomes['backward first'](name)).toEqual(expected);
  });

  test.each(['linear', 'embedding'])('%s: the gradient is right all the same', (name) => {
    const expected = outcomes.functional(name) as Gradients;
    const actual = outcomes['restored first'](name) as Gradients;
    expect(relativeError(actual.weight, expected.weight)).toBeLessThan(1e-6);
    expect(relativeError(actual.x, expected.x)).toBeLessThan(1e-6);
  });
});
