/** The reference of function.test.ts and hooks.test.ts: test/reference/autograd_functions.py. */
import torch, { type Tensor } from '../../lib/index.js';
import { hexOf } from '../support/bits.js';
import { runPython } from '../support/python.js';

interface FunctionReference {
  values: Record<string, (string | null)[]>;
  order: string[];
  messages: Record<string, string | null>;
  names: [string, string];
}

let found: FunctionReference | undefined;

export function functionReference(): FunctionReference {
  found ??= JSON.parse(runPython('autograd_functions.py')) as FunctionReference;
  return found;
}

export const leaf = (...size: number[]): Tensor =>
  torch.randn(size, { dtype: torch.float64, requiresGrad: true });

export const hexes = (tensors: readonly (Tensor | null)[]): (string | null)[] =>
  tensors.map((tensor) => tensor && hexOf(tensor));

export function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
