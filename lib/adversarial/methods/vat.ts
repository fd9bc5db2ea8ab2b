import { noGrad } from '../../autograd/modes.js';
import { randnLike } from '../../functions.js';
import type { Tensor } from '../../tensor.js';
import { checkNorm, Norm, type NormOptions } from '../norm.js';
import { type Deltas, masked } from '../slot.js';
import { scaled } from './attack.js';
import { checkCounts, checkNumbers, type Method, type TargetOptions, targetsOf } from './method.js';

/** Options of {@link vat}. */
export interface VatOptions extends TargetOptions, Omit<NormOptions, 'norm'> {
  /** The norm of the perturbation, in units of what is perturbed. Default: 5. */
  epsilon?: number;
  /** The size of the finite difference by which the direction is found. Default: 0.1. */
  xi?: number;
  /** Power iterations. Default: 1. */
  iterations?: number;
  /** What the divergence counts beside the loss, λ. Default: 1. */
  weight?: number;
}

/**
 * Virtual adversarial training: the perturbation is the one under which the prediction changes most, whatever the label. A
 * random direction d is turned, by power iterations, towards g = ∇_d KL(p̂ ‖ p(x + ξ d)); r = ε g / ‖g‖₂; trained on
 * L(x) + λ KL(p̂ ‖ p(x + r)), where no gradient flows into p̂ = p(x). Without a loss (`adversarialStep(model, null, …)`) it
 * trains on the divergence alone, and needs no labels. All passes have the same dropout masks.
 *
 * Miyato et al. (2018), "Virtual Adversarial Training", https://arxiv.org/abs/1704.03976, algorithm 1; for text Miyato, Dai
 * and Goodfellow (2017), https://arxiv.org/abs/1605.07725, equations 7 to 9.
 *
 * @throws TypeError, RangeError for options that cannot be meant.
 */
export function vat(options: VatOptions): Method {
  const { epsilon = 5, xi = 0.1, iterations = 1, weight = 1 } = options;
  const targets = targetsOf('vat', options);
  checkNorm('vat', options);
  checkNumbers('vat', { epsilon, xi, weight });
  checkCounts('vat', { iterations });
  return {
    name: 'vat',
    targets: () => targets,
    sharesDropout: true,
    train(pass) {
      let loss: Tensor | null = null;
      const clean = pass.at(null, false, (output) => {
        const logits = pass.logits(output).map((tensor) => tensor.detach());
        if (pass.hasLoss) {
          const own = pass.loss(output);
          own.backward();
          loss = own.detach();
        }
        return logits;
      });
      let directions: Deltas = pass.slots.map((slot) => masked(slot, randnLike(slot.value)));
      const norm = new Norm(pass.slots, options);
      const along = (length: number): Tensor[] =>
        noGrad(() => norm.normalize(directions).map((direction) => direction.mul(length)));
      for (let i = 0; i < iterations; i++) {
        directions = pass.at(along(xi), true, (output) =>
          pass.gradientOf(pass.divergence(clean, pass.logits(output))),
        );
      }
      const deltas = along(epsilon);
      const adversarialLoss = pass.at(deltas, false, (output) => {
        const divergence = pass.checked(pass.divergence(clean, pass.logits(output)));
        scaled(divergence, weight).backward();
        return divergence.detach();
      });
      pass.observe(deltas);
      return { loss, adversarialLoss };
    },
  };
}
