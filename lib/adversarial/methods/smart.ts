import { noGrad } from '../../autograd/modes.js';
import { randnLike } from '../../functions.js';
import { checkNorm, Norm, type NormOptions } from '../norm.js';
import { type Deltas, masked, moved } from '../slot.js';
import { checkCounts, checkNumbers, type Method, type TargetOptions, targetsOf } from './method.js';
import { predict, trainSymmetric } from './regularizer.js';

/** Options of {@link smart} and {@link alum}. */
export interface SmartOptions extends TargetOptions, NormOptions {
  /** The standard deviation of the random start. Default: 1e-5. */
  noise?: number;
  /** How far a step of ascent goes. Default: 1e-3. */
  stepSize?: number;
  /** Steps of ascent, K. Default: 1. */
  steps?: number;
  /** The radius of the ball. Default: none: what K steps reach is the limit. */
  epsilon?: number;
  /** What the divergence counts beside the loss, λ. Default: 1. */
  weight?: number;
}

/**
 * SMART's smoothness-inducing regularizer: δ from N(0, noise²) ascends K times by stepSize · g / ‖g‖_∞, each token's
 * gradient by its own largest number, on the symmetric divergence of the predictions; trained on
 * L(x) + λ (KL(p(x) ‖ p(x + δ)) + KL(p(x + δ) ‖ p(x))), where the gradient flows into both predictions.
 *
 * Jiang et al. (2020), "SMART", https://arxiv.org/abs/1911.03437, equation 3 and algorithm 1.
 *
 * @throws TypeError, RangeError for options that cannot be meant.
 */
export function smart(options: SmartOptions): Method {
  return regularizer('smart', options, true);
}

/**
 * ALUM: as {@link smart}, but the ascent is on KL(p(x) ‖ p(x + δ)) alone, with p(x) fixed.
 *
 * Liu et al. (2020), "Adversarial Training for Large Neural Language Models", https://arxiv.org/abs/2004.08994, algorithm 1.
 *
 * @throws TypeError, RangeError for options that cannot be meant.
 */
export function alum(options: SmartOptions): Method {
  return regularizer('alum', options, false);
}

function regularizer(name: string, options: SmartOptions, isSymmetric: boolean): Method {
  const { noise = 1e-5, stepSize = 1e-3, steps = 1, weight = 1, epsilon } = options;
  const measure: NormOptions = { norm: options.norm ?? Infinity, over: options.over ?? 'token' };
  const targets = targetsOf(name, options);
  checkNorm(name, measure);
  checkNumbers(name, { noise, stepSize, weight, epsilon: epsilon ?? 0 });
  checkCounts(name, { steps });
  return {
    name,
    targets: () => targets,
    sharesDropout: true,
    train(pass) {
      const clean = predict(pass);
      const fixed = clean[1].map((logits) => logits.detach());
      let deltas: Deltas = pass.slots.map((slot) => masked(slot, randnLike(slot.value).mul(noise)));
      const norm = new Norm(pass.slots, measure);
      for (let step = 0; step < steps; step++) {
        const gradients = pass.at(deltas, true, (output) =>
          pass.gradientOf(
            isSymmetric
              ? pass.symmetric(fixed, pass.logits(output))
              : pass.divergence(fixed, pass.logits(output)),
          ),
        );
        deltas = noGrad(() => {
          const reached = moved(deltas, norm.normalize(gradients), stepSize);
          return epsilon === undefined ? reached : norm.project(reached, epsilon);
        });
      }
      return trainSymmetric(pass, clean, deltas, weight);
    },
  };
}
