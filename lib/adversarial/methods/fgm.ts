import { Norm } from '../norm.js';
import { attack } from './attack.js';
import { type Attack, type AttackOptions, checkNumbers } from './method.js';

/** Options of {@link fgm}. */
export interface FgmOptions extends AttackOptions {
  /** The norm of the perturbation, in units of what is perturbed. Default: 5, for embeddings normalized to unit variance. */
  epsilon?: number;
}

/**
 * The fast gradient method: r = ε g / ‖g‖₂, where g is the gradient of the loss at what is perturbed; trained on
 * L(x) + L(x + r).
 *
 * Miyato, Dai and Goodfellow (2017), "Adversarial Training Methods for Semi-Supervised Text Classification",
 * https://arxiv.org/abs/1605.07725, equations 5 and 6: g of a whole sequence of word embeddings, each normalized to mean 0
 * and variance 1 over the vocabulary; ε = 5.
 *
 * @throws TypeError, RangeError for options that cannot be meant.
 */
export function fgm({ epsilon = 5, ...options }: FgmOptions): Attack {
  checkNumbers('fgm', { epsilon });
  return attack('fgm', options, {
    usesGradient: true,
    find: (pass, gradients) =>
      new Norm(pass.slots, options).steepest(gradients).map((direction) => direction.mul(epsilon)),
  });
}
