/** Tensors as the bits that they are, for comparison with the reference. */
import { createHash, type Hash } from 'node:crypto';
import type { Tensor } from '../../lib/tensor.js';

/** The raw bytes of a tensor's elements in row-major order. */
export function bytesOf(tensor: Tensor): Buffer {
  const array = tensor.detach().cpu().contiguous().toTypedArray();
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** The bytes in hexadecimal, as Python's `tensor.numpy().tobytes().hex()` writes them. */
export function hexOf(tensor: Tensor): string {
  return bytesOf(tensor).toString('hex');
}

/** The SHA-256 of the bytes of several tensors, one after the other. */
export function sha256Of(...tensors: Tensor[]): string {
  const hash: Hash = createHash('sha256');
  for (const tensor of tensors) hash.update(bytesOf(tensor));
  return hash.digest('hex');
}
