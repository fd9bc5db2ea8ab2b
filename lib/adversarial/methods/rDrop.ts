import { checkNumbers, type Method } from './method.js';
import { predict } from './regularizer.js';

/** Options of {@link rDrop}. */
export interface RDropOptions {
  /** What the divergence counts, α. Default: 1. */
  alpha?: number;
}

/**
 * R-Drop: two passes with different dropout masks, trained on ½ (L₁ + L₂) + α · ½ (KL(p₁ ‖ p₂) + KL(p₂ ‖ p₁)). Nothing is
 * perturbed but by dropout, so the model needs some.
 *
 * Liang et al. (2021), "R-Drop: Regularized Dropout for Neural Networks", https://arxiv.org/abs/2106.14448, equations 2 to
 * 4; α between 0.5 and 5.
 *
 * @throws TypeError, RangeError for options that cannot be meant.
 */
export function rDrop({ alpha = 1 }: RDropOptions = {}): Method {
  checkNumbers('rDrop', { alpha });
  return {
    name: 'rDrop',
    targets: () => [],
    sharesDropout: false,
    train(pass) {
      const [first, p] = predict(pass);
      const [second, q] = predict(pass);
      const loss = first.add(second).mul(0.5);
      const divergence = pass.checked(pass.symmetric(p, q)).mul(0.5);
      loss.add(divergence.mul(alpha)).backward();
      return { loss: loss.detach(), adversarialLoss: divergence.detach() };
    },
  };
}
