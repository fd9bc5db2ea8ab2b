/** `torch.memory.live()`. */
import type { Device } from '../device.js';
import type { DType } from '../dtype.js';
import { collect } from '../gc.js';
import { native } from '../native.js';
import type { Tensor } from '../tensor.js';

/** A live tensor, as `torch.memory.live()` lists it. */
export interface LiveTensor {
  readonly tensor: Tensor;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly device: Device;
  /** Bytes that its elements take. */
  readonly bytes: number;
  /** The calls that made it, the innermost first; empty where `torch.memory.debug` was off. */
  readonly stack: string;
}

/** Every tensor that JavaScript has an object for, and its stack. @internal */
export function listTensors(): { tensor: Tensor; stack: string }[] {
  const flat = native.liveTensors();
  const tensors: { tensor: Tensor; stack: string }[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    tensors.push({ tensor: flat[i] as Tensor, stack: flat[i + 1] as string });
  }
  return tensors;
}

/** @internal */
export function describeTensor({ tensor, stack }: { tensor: Tensor; stack: string }): LiveTensor {
  const { shape, dtype, device, nbytes } = tensor;
  return { tensor, shape, dtype, device, bytes: nbytes, stack };
}

/** See `memory.live`. */
export function live(): LiveTensor[] {
  collect();
  return listTensors()
    .map(describeTensor)
    .sort((a, b) => b.bytes - a.bytes);
}
