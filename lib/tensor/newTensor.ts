import { type TensorData, tensor } from '../creation.js';
import type { DeviceLike } from '../device.js';
import type { DType } from '../dtype.js';
import { checkOptions } from '../options.js';
import type { Tensor } from '../tensor.js';

/** Options of `Tensor.newTensor`. */
export interface NewTensorOptions {
  /** Default: the tensor's. */
  dtype?: DType | null;
  /** Default: the tensor's. */
  device?: DeviceLike | null;
  /** Whether autograd records operators on it. Default: `false`. */
  requiresGrad?: boolean;
}

export function newTensor(like: Tensor, data: TensorData, options: NewTensorOptions): Tensor {
  checkOptions('newTensor', options, ['dtype', 'device'], ['requiresGrad']);
  return tensor(data, {
    dtype: options.dtype ?? like.dtype,
    device: options.device ?? like.device,
    requiresGrad: options.requiresGrad ?? false,
  });
}
