/** Which dtype several operands have together. See https://docs.pytorch.org/docs/2.13/tensor_attributes.html#type-promotion-doc */
import { type DType, dtypeOf } from './dtype.js';
import { bindFunction } from './ops/surface.js';
import type { Complex, Num } from './ops/types.js';
import type { Tensor } from './tensor.js';

const promote: (type1: DType, type2: DType) => number | DType = bindFunction(
  'promoteTypes',
  'promote_types',
  '-',
);
const result: (tensor1: Tensor | Num | Complex, tensor2: Tensor | Num | Complex) => number | DType =
  bindFunction('resultType', 'result_type', 'Tensor Scalar Scalar_Tensor Scalar_Scalar');

const decode = (type: number | DType): DType => (typeof type === 'number' ? dtypeOf(type) : type);

/**
 * The smallest dtype that holds what both hold.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.promote_types.html
 */
export function promoteTypes(type1: DType, type2: DType): DType {
  return decode(promote(type1, type2));
}

/**
 * The dtype of an operation on both: a tensor with dimensions counts more than one without, and that more than a number.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.result_type.html
 */
export function resultType(tensor1: Tensor | Num | Complex, tensor2: Tensor | Num | Complex): DType {
  return decode(result(tensor1, tensor2));
}
