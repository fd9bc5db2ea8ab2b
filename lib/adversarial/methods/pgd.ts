import { enableGrad } from '../../autograd/modes.js';
import { randLike, zerosLike } from '../../functions.js';
import type { Tensor } from '../../tensor.js';
import { Norm } from '../norm.js';
import type { Pass } from '../pass.js';
import { type Deltas, masked, moved } from '../slot.js';
import { attack } from './attack.js';
import { type Attack, type AttackOptions, checkCounts, checkNumbers } from './method.js';

/** Options of {@link pgd}. */
export interface PgdOptions extends AttackOptions {
  /** The radius of the ball, in units of what is perturbed. Default: 1. */
  epsilon?: number;
  /** How far a step goes. Default: 0.3. */
  stepSize?: number;
  /** Steps of ascent, K. Default: 3. */
  steps?: number;
  /** Whether to begin at a random place in the ball rather than at its centre. Default: false. */
  randomStart?: boolean;
}

/**
 * Projected gradient descent: K times δ ← Π(δ + α g/‖g‖₂), or δ ← Π(δ + α sign(g)) with `norm: Infinity`, where Π gives the
 * nearest point of the ball of radius ε; trained on L(x) + L(x + δ).
 *
 * Madry et al. (2018), "Towards Deep Learning Models Resistant to Adversarial Attacks", https://arxiv.org/abs/1706.06083,
 * section 2.1. There only the perturbed loss is trained on (`cleanWeight: 0`); for text both are usual. The gradients of
 * the steps in between are taken with respect to the perturbation alone.
 *
 * @throws TypeError, RangeError for options that cannot be meant.
 */
export function pgd(options: PgdOptions): Attack {
  const { epsilon = 1, stepSize = 0.3, steps = 3, randomStart = false } = options;
  checkNumbers('pgd', { epsilon, stepSize });
  checkCounts('pgd', { steps });
  return attack('pgd', options, {
    usesGradient: !randomStart,
    find(pass, gradients) {
      const norm = new Norm(pass.slots, options);
      let deltas: Deltas = randomStart
        ? randomWithin(pass, norm, epsilon)
        : ascend(
            pass.slots.map(({ value }) => zerosLike(value)),
            gradients,
            norm,
            { epsilon, stepSize },
          );
      for (let step = randomStart ? 0 : 1; step < steps; step++) {
        deltas = ascend(deltas, gradientsAt(pass, deltas), norm, { epsilon, stepSize });
      }
      return deltas;
    },
  });
}

/** @internal */
export function ascend(
  deltas: Deltas,
  gradients: Deltas,
  norm: Norm,
  { epsilon, stepSize }: { epsilon: number; stepSize: number },
): Tensor[] {
  return norm.project(moved(deltas, norm.steepest(gradients), stepSize), epsilon);
}

/** The gradients of the loss at a perturbation, with respect to it alone. @internal */
export function gradientsAt<Batch, Output>(pass: Pass<Batch, Output>, deltas: Deltas): Deltas {
  return enableGrad(() => pass.at(deltas, true, (output) => pass.gradientOf(pass.loss(output))));
}

/** Uniform in the cube, projected into the ball where that is round. */
function randomWithin<Batch, Output>({ slots }: Pass<Batch, Output>, norm: Norm, epsilon: number): Tensor[] {
  const drawn = slots.map((slot) =>
    masked(
      slot,
      randLike(slot.value)
        .mul(2 * epsilon)
        .sub(epsilon),
    ),
  );
  return norm.project(drawn, epsilon);
}
