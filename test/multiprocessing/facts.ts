/** What two threads must agree on about a tensor. */
import type { Tensor } from '../../lib/index.js';

export interface TensorFacts {
  readonly shape: number[];
  readonly stride: number[];
  readonly offset: number;
  readonly dtype: string;
  readonly requiresGrad: boolean;
  readonly isLeaf: boolean;
  readonly isShared: boolean;
  readonly isConj: boolean;
  readonly address: string;
  readonly elements: unknown;
}

export function describeTensor(tensor: Tensor): TensorFacts {
  return {
    shape: tensor.shape,
    stride: tensor.stride(),
    offset: tensor.storageOffset(),
    dtype: tensor.dtype.name,
    requiresGrad: tensor.requiresGrad,
    isLeaf: tensor.isLeaf,
    isShared: tensor.isShared(),
    isConj: tensor.isConj(),
    address: String(tensor.dataPtr()),
    elements: tensor.isMeta ? null : tensor.detach().tolist(),
  };
}
