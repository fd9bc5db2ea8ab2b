import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';

/**
 * `input @ weight.T + bias`.
 *
 * Shapes: input `(*, in)`, weight `(out, in)` or `(in)`, bias `(out)` or `()`; result `(*, out)` or `(*)`.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.linear.html
 */
export function linear(input: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  return aten.linear(input, weight, bias);
}

/**
 * `input1 @ weight[k] @ input2 + bias[k]` for every output feature k.
 *
 * Shapes: inputs `(*, in1)` and `(*, in2)`, weight `(out, in1, in2)`, bias `(out)`; result `(*, out)`.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.bilinear.html
 */
export function bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  return aten.bilinear(input1, input2, weight, bias);
}
