import { noGrad } from '../../autograd/modes.js';
import type { Module } from '../../nn/modules/module.js';
import type { Parameter } from '../../nn/parameter.js';
import type { Tensor } from '../../tensor.js';
import { Norm } from '../norm.js';
import { weights } from '../targets/weights.js';
import { type Attack, checkNumbers, type Method } from './method.js';

/** Options of {@link awp}. */
export interface AwpOptions {
  /** How far each weight moves, as a part of its own norm. Default: 0.01. */
  gamma?: number;
  /** The weights that are perturbed. Default: all trained parameters of the model with two dimensions or more. */
  parameters?: Iterable<Parameter>;
  /** Finds the inputs at which the weights are perturbed, as the paper does. Default: the inputs as they are. */
  attack?: Attack;
}

/**
 * Adversarial weight perturbation: each weight moves by v = γ ‖w‖ d / ‖d‖ along the gradient d of the loss, the loss there is
 * trained on, and the weights are what they were again before the optimizer's step.
 *
 * Wu, Xia and Wang (2020), "Adversarial Weight Perturbation Helps Robust Generalization", https://arxiv.org/abs/2004.05884,
 * equations 9 to 12.
 *
 * @throws TypeError, RangeError for options that cannot be meant.
 */
export function awp({ gamma = 0.01, parameters, attack }: AwpOptions = {}): Method {
  checkNumbers('awp', { gamma });
  if (attack !== undefined && typeof attack.find !== 'function')
    throw new TypeError('awp(): attack must be one of the attacks: fgm, fgsm, pgd, noise, forum');
  const given = parameters === undefined ? null : [weights(parameters)];
  return {
    name: 'awp',
    targets: (model) => given ?? [weights(matricesOf(model))],
    sharesDropout: false,
    train(pass, _, model) {
      // The perturbed inputs stay as they are while the weights move.
      const inputs = attack === undefined ? null : pass.over(attack.targets(model));
      const found = attack === undefined || inputs === null ? null : attack.find(inputs);
      const moved =
        inputs === null ? pass : pass.over(pass.targets, () => inputs.at(found, false, (output) => output));
      const [loss, gradients] = moved.at(null, true, (output) => {
        const own = moved.loss(output);
        return [own.detach(), moved.gradientOf(own)] as const;
      });
      const deltas = noGrad(() => {
        const norm = new Norm(moved.slots, { over: 'matrix' });
        const sizes = norm.of(moved.slots.map(({ value }) => value));
        return norm
          .normalize(gradients)
          .map((direction, i) => direction.mul((sizes[i] as Tensor).mul(gamma).to(direction.dtype)));
      });
      const adversarialLoss = moved.at(deltas, false, (output) => {
        const own = moved.loss(output);
        own.backward();
        return own.detach();
      });
      pass.observe(deltas);
      return { loss, adversarialLoss };
    },
  };
}

function matricesOf(model: Module): Parameter[] {
  return [...model.parameters()].filter((parameter) => parameter.requiresGrad && parameter.dim() >= 2);
}
