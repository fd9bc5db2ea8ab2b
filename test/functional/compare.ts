/** Expressions in TypeScript and in Python, compared bit for bit: results, gradient functions and gradients. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import torch, { type DType, type Tensor } from '../../lib/index.js';
import { hexOf } from '../support/bits.js';
import { hasPython, runPython } from '../support/python.js';

/** What test/reference/functional.py prints for an expression. */
interface Result {
  error?: string;
  outputs?: [bits: string, gradFn: string | null][];
  value?: unknown[];
  gradients?: (string | null)[] | 'error';
}

/** An expression, and its twin in Python. */
export type Case = readonly [python: string, expression: () => unknown];

const leaves: Tensor[] = [];

/** A leaf of random numbers. */
export function x(...shape: number[]): Tensor {
  return leaf(torch.float32, shape);
}

/** A leaf of random numbers of another dtype. */
export function leaf(dtype: DType, shape: readonly number[]): Tensor {
  const made = torch.randn(shape, { dtype, requiresGrad: true });
  leaves.push(made);
  return made;
}

/** Integers as a tensor. */
export function ints(...values: number[]): Tensor {
  return torch.tensor(values.map(BigInt), { dtype: torch.int64 });
}

/** A positive definite matrix. */
export function symmetric(n: number, dtype: DType = torch.float64): Tensor {
  const a = torch.randn([n, n], { dtype });
  return a.matmul(a.mT);
}

function bits(tensor: Tensor): string {
  const dense = tensor.layout.name === 'strided' ? tensor.detach() : tensor.detach().toDense();
  // JavaScript has no half precision: the bits are those of the integers under it.
  const isHalf = tensor.dtype === torch.float16 || tensor.dtype === torch.bfloat16;
  const plain = isHalf ? dense.contiguous().view(torch.int16) : dense.resolveConj().resolveNeg();
  return `${tensor.dtype.name}[${tensor.shape.join(',')}] ${hexOf(plain)}`;
}

function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof torch.Tensor) return [value];
  return Array.isArray(value) ? value.flatMap(tensorsIn) : [];
}

function evaluate(expression: () => unknown): Result {
  leaves.length = 0;
  torch.manualSeed(0);
  const value = expression();
  const outputs = tensorsIn(value);
  const result: Result = {
    outputs: outputs.map((tensor) => [bits(tensor), tensor.gradFn?.name ?? null]),
  };
  if (Array.isArray(value) && outputs.length === 0) result.value = value;
  const differentiable = outputs.filter((tensor) => tensor.requiresGrad);
  if (leaves.length > 0 && differentiable.length > 0) {
    try {
      const total = differentiable
        .map((tensor) => tensor.abs().sum())
        .reduce((sum, term) => sum.add(term), torch.zeros([], { dtype: torch.int64 }));
      const gradients = torch.autograd.grad([total], leaves, { allowUnused: true });
      result.gradients = gradients.map((gradient) => (gradient === null ? null : bits(gradient)));
    } catch {
      result.gradients = 'error';
    }
  }
  return result;
}

/** Declares a test for each case, against one Python process. */
export function compareWithPython(title: string, cases: readonly Case[]): void {
  (hasPython ? describe : describe.skip)(title, () => {
    let reference: Result[];
    beforeAll(() => {
      const input = JSON.stringify(cases.map(([python]) => python));
      reference = JSON.parse(runPython('functional.py', [], { input })) as Result[];
    });
    test.each(cases.map(([python, expression], i) => ({ python, expression, i })))(
      '$python',
      ({ expression, i }) => {
        const expected = reference[i] as Result;
        expect(expected.error).toBeUndefined();
        expect(evaluate(expression)).toEqual(expected);
      },
    );
  });
}

/** The message of what `fn` throws. @throws Error where it throws nothing. */
export function messageOf(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
  }
  throw new Error('nothing was thrown');
}
