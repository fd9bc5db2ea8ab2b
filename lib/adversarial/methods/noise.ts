import { randnLike } from '../../functions.js';
import { Norm } from '../norm.js';
import { masked } from '../slot.js';
import { attack } from './attack.js';
import { type Attack, type AttackOptions, checkNumbers } from './method.js';

/** Options of {@link noise}. */
export interface NoiseOptions extends AttackOptions {
  /** The norm of the perturbation, in units of what is perturbed. Default: 5. */
  epsilon?: number;
}

/**
 * The control: a random direction of the same norm, drawn from the normal distribution, r = ε n / ‖n‖₂ (or ε sign(n)). What
 * an attack's direction is worth is what it does beyond this.
 *
 * "Random perturbation" in Miyato, Dai and Goodfellow (2017), https://arxiv.org/abs/1605.07725, table 2.
 *
 * @throws TypeError, RangeError for options that cannot be meant.
 */
export function noise({ epsilon = 5, ...options }: NoiseOptions): Attack {
  checkNumbers('noise', { epsilon });
  return attack('noise', options, {
    usesGradient: false,
    find({ slots }) {
      const drawn = slots.map((slot) => masked(slot, randnLike(slot.value)));
      return new Norm(slots, options).steepest(drawn).map((direction) => direction.mul(epsilon));
    },
  });
}
