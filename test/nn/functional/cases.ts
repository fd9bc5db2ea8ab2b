/** What the suites of nn.functional share: inputs whose gradients are looked at, and the comparison itself. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import torch, { nn } from '../../../lib/index.js';
import type { Tensor } from '../../../lib/tensor.js';
import { runPython } from '../../support/python.js';
import { testWithPython } from '../../support/withPython.js';
import { bits, messageOf, tensorsIn } from '../compare.js';

export const F = nn.functional;
/** A case by its name in test/reference/nn_functional.py. */
export type Cases = Record<string, () => unknown>;

let leaves: Tensor[] = [];

function leaf(tensor: Tensor): Tensor {
  leaves.push(tensor);
  return tensor.requiresGrad_();
}

/** Random numbers with a gradient, drawn as the reference draws them. */
export const x = (...shape: number[]): Tensor => leaf(torch.randn(shape));
export const double = (...shape: number[]): Tensor => leaf(torch.randn(shape, { dtype: torch.float64 }));
export const half = (...shape: number[]): Tensor => leaf(torch.randn(shape, { dtype: torch.bfloat16 }));
export const unit = (...shape: number[]): Tensor => leaf(torch.rand(shape));
export const ids = (...values: number[]): Tensor => torch.tensor(values, { dtype: torch.int64 });
export const table = (values: number[][]): Tensor => torch.tensor(values, { dtype: torch.int64 });

const show = (tensor: Tensor): string =>
  tensor.dtype === torch.bfloat16
    ? `bfloat16 ${bits(torch.ops.aten?.view?.dtype?.(tensor.detach(), torch.int16) as Tensor)}`
    : bits(tensor);

/** Results, gradients and the next random numbers, as the reference records them. */
function record(run: () => unknown): string[] {
  torch.manualSeed(99);
  leaves = [];
  const results = tensorsIn(run());
  const known = results.filter((result) => result.requiresGrad);
  if (known.length > 0) {
    const gradTensors = known.map((result) =>
      torch.linspace(0.5, 1.5, result.numel()).reshape(result.shape).to(result.dtype),
    );
    torch.autograd.backward(known, { gradTensors });
  }
  const gradients = leaves.flatMap(({ grad }) => grad ?? []);
  return [...results, ...gradients, torch.rand([2])].map(show);
}

/** Compares every case with PyTorch, bit by bit. */
export function comparePython(section: string, cases: Cases): void {
  let reference: Record<string, string[]> | undefined;
  const expected = (): Record<string, string[]> => {
    reference ??= JSON.parse(runPython('nn_functional.py', [section])) as Record<string, string[]>;
    return reference;
  };
  const threads = torch.getNumThreads();
  beforeAll(() => torch.setNumThreads(1));
  afterAll(() => torch.setNumThreads(threads));
  describe('as PyTorch', () => {
    testWithPython('has the reference’s cases', () => {
      expect(Object.keys(cases)).toEqual(Object.keys(expected()));
    });
    for (const [name, run] of Object.entries(cases)) {
      testWithPython(name, () => {
        expect(record(run)).toEqual(expected()[name]);
      });
    }
  });
}

/** Calls that must give the same: positional, with options, all by name. */
export function sameForms(forms: Record<string, (() => unknown)[]>): void {
  test.each(Object.entries(forms))('%s takes its arguments by position and by name', (_, calls) => {
    const [first, ...others] = calls.map((call) => record(call));
    expect(others.length).toBeGreaterThan(0);
    for (const other of others) expect(other).toEqual(first);
  });
}

export { messageOf };
