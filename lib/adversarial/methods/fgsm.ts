import { fgm } from './fgm.js';
import type { Attack, AttackOptions } from './method.js';

/** Options of {@link fgsm}. */
export interface FgsmOptions extends Omit<AttackOptions, 'norm' | 'over'> {
  /** How far each number is moved, in units of what is perturbed. No default: it depends on their scale. */
  epsilon: number;
}

/**
 * The fast gradient sign method: r = ε sign(g), trained on L(x) + L(x + r).
 *
 * Goodfellow, Shlens and Szegedy (2015), "Explaining and Harnessing Adversarial Examples",
 * https://arxiv.org/abs/1412.6572, section 4; its training weighs both losses alike (section 6, α = 0.5).
 *
 * @throws TypeError, RangeError for options that cannot be meant.
 */
export function fgsm(options: FgsmOptions): Attack {
  return { ...fgm({ ...options, norm: Infinity }), name: 'fgsm' };
}
