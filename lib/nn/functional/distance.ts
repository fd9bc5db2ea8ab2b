import type { Tensor } from '../../tensor.js';
import { bind, type Rest } from '../arguments.js';
import { aten } from '../aten.js';

const similarityDefaults = Object.freeze({ dim: 1, eps: 1e-8 });

/**
 * `x1 · x2 / (max(‖x1‖, eps) · max(‖x2‖, eps))` along `dim`, which goes away.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.cosine_similarity.html
 */
export function cosineSimilarity(
  x1: Tensor,
  x2: Tensor,
  ...rest: Rest<[dim: number, eps: number], { dim?: number; eps?: number }>
): Tensor {
  const { dim, eps } = bind('cosineSimilarity', similarityDefaults, rest);
  return aten.cosine_similarity(x1, x2, dim, eps);
}

const distanceDefaults = Object.freeze({ p: 2, eps: 1e-6, keepdim: false });

/**
 * `‖x1 - x2 + eps‖ₚ` along the last dimension.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.pairwise_distance.html
 */
export function pairwiseDistance(
  x1: Tensor,
  x2: Tensor,
  ...rest: Rest<[p: number, eps: number, keepdim: boolean], { p?: number; eps?: number; keepdim?: boolean }>
): Tensor {
  const { p, eps, keepdim } = bind('pairwiseDistance', distanceDefaults, rest);
  return aten.pairwise_distance(x1, x2, p, eps, keepdim);
}
