/** The other half of test/reference/nn_common.py: values written down as the reference writes them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import torch, { nn } from '../../lib/index.js';
import type { Tensor } from '../../lib/tensor.js';
import { hexOf } from '../support/bits.js';
import { root } from '../support/python.js';

/** A tensor as its dtype, its shape and its bits. */
export function bits(tensor: Tensor): string {
  const dense = tensor.isSparse ? tensor.detach().toDense() : tensor;
  return `${dense.dtype.name}[${dense.shape.join(',')}] ${hexOf(dense)}`;
}

/** The tensors within a value, in order. */
export function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof torch.Tensor) return [value];
  if (value instanceof nn.utils.rnn.PackedSequence) return [...value].flatMap((tensor) => tensor ?? []);
  return Array.isArray(value) ? value.flatMap(tensorsIn) : [];
}

/** The message of what `fn` throws, or `null` if it throws nothing. */
export function messageOf(fn: () => unknown): string | null {
  try {
    fn();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What was recorded in a file of test/fixtures. */
export function recorded<T>(file: string): T {
  return JSON.parse(readFileSync(join(root, 'test', 'fixtures', file), 'utf8')) as T;
}
