import { noGrad } from '../../autograd/modes.js';
import type { Tensor } from '../../tensor.js';
import { rand } from '../../torch.js';
import { checkNorm, Norm, type NormOptions } from '../norm.js';
import { type Deltas, moved, type Slot } from '../slot.js';
import { scaled } from './attack.js';
import { checkCounts, checkNumbers, type Method, type TargetOptions, targetsOf } from './method.js';

/** Options of {@link freeLB}. */
export interface FreeLBOptions extends TargetOptions, NormOptions {
  /** How far a step of ascent goes, α. Default: 0.1. */
  stepSize?: number;
  /** The size of the start: uniform in ±magnitude / √(number of perturbed numbers of the example). Default: 0.6. */
  magnitude?: number;
  /** Passes, K. Default: 2. */
  steps?: number;
  /** The radius of the ball; 0 for none. Default: 0. */
  epsilon?: number;
}

/**
 * FreeLB: K passes, each at the perturbation that the gradient of the one before has moved, δ ← Π(δ + α g/‖g‖); each
 * pass's gradient of the parameters counts 1/K. The passes of a step have the same dropout masks, as the paper's section 3.3
 * asks.
 *
 * Zhu et al. (2020), "FreeLB: Enhanced Adversarial Training for Natural Language Understanding",
 * https://arxiv.org/abs/1909.11764, algorithm 1.
 *
 * @throws TypeError, RangeError for options that cannot be meant.
 */
export function freeLB(options: FreeLBOptions): Method {
  const { stepSize = 0.1, magnitude = 0.6, steps = 2, epsilon = 0 } = options;
  const targets = targetsOf('freeLB', options);
  checkNorm('freeLB', options);
  checkNumbers('freeLB', { stepSize, magnitude, epsilon });
  checkCounts('freeLB', { steps });
  return {
    name: 'freeLB',
    targets: () => targets,
    sharesDropout: true,
    train(pass) {
      const losses: Tensor[] = [];
      let deltas: Deltas = [];
      const one = (output: Parameters<typeof pass.loss>[0]): Deltas => {
        const loss = pass.loss(output);
        losses.push(loss.detach());
        const part = scaled(loss, 1 / steps);
        if (losses.length < steps) return pass.backward(part);
        part.backward();
        return [];
      };
      let gradients = pass.atFirst(
        (slot) => startOf(slot, magnitude),
        steps > 1,
        (output, made) => {
          deltas = made;
          return one(output);
        },
      );
      while (losses.length < steps) {
        const norm = new Norm(pass.slots, options);
        deltas = noGrad(() => {
          const reached = moved(deltas, norm.normalize(gradients), stepSize);
          return epsilon > 0 ? norm.project(reached, epsilon) : reached;
        });
        gradients = pass.at(deltas, losses.length + 1 < steps, one);
      }
      pass.observe(deltas);
      const sum = losses.reduce((total, loss) => total.add(loss));
      return { loss: null, adversarialLoss: sum.div(steps) };
    },
  };
}

/** U(−1, 1) · magnitude / √(length · size), of each example's own length. */
function startOf({ value, mask }: Slot, magnitude: number): Tensor {
  const { shape, dtype, device } = value;
  const drawn = rand(shape, { dtype, device }).mul(2).sub(1);
  const size = shape.at(-1) ?? 1;
  if (mask === null) return drawn.mul(magnitude / Math.sqrt(value.numel() / (shape[0] ?? 1)));
  const lengths = mask
    .expand(...shape.slice(0, -1), 1)
    .flatten(1)
    .sum(1)
    .clampMin(1);
  const scale = lengths.mul(size).sqrt().reciprocal().mul(magnitude);
  return drawn.mul(mask).mul(scale.view(-1, ...shape.slice(1).map(() => 1)));
}
