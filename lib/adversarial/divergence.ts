/** Kullback-Leibler divergences between predictions. */
import { logSoftmax } from '../nn/functional/softmax.js';
import type { Tensor } from '../tensor.js';

/**
 * KL(p ‖ q) of two categorical distributions given by their logits: the sum over classes (the last dimension), the mean
 * over all others. Classes with a logit of minus infinity, such as padding among an answer's places, count nothing.
 *
 * @param p Logits, `[..., C]`.
 * @param q Logits of the same shape.
 */
export function klDivergence(p: Tensor, q: Tensor): Tensor {
  const logP = logSoftmax(p, -1);
  const logQ = logSoftmax(q, -1);
  const impossible = p.isneginf();
  const terms = logP.exp().mul(logP.maskedFill(impossible, 0).sub(logQ.maskedFill(impossible, 0)));
  return terms.sum(-1).mean();
}

/** KL(p ‖ q) + KL(q ‖ p): Jiang et al. (2020), equation 3. */
export function symmetricKl(p: Tensor, q: Tensor): Tensor {
  return klDivergence(p, q).add(klDivergence(q, p));
}
