/** What the attacks have in common: a loss as it is, a perturbation, and the loss under it. */
import { noGrad } from '../../autograd/modes.js';
import type { Tensor } from '../../tensor.js';
import { checkNorm } from '../norm.js';
import type { Pass } from '../pass.js';
import type { Deltas } from '../slot.js';
import { type Attack, type AttackOptions, checkNumbers, targetsOf } from './method.js';

/** How an attack finds its perturbations. */
interface Rule {
  /** Whether `find` needs the gradients where nothing is perturbed yet. */
  usesGradient: boolean;
  find<Batch, Output>(pass: Pass<Batch, Output>, gradients: Deltas): Deltas;
}

/** @internal */
export function attack(name: string, options: AttackOptions, rule: Rule): Attack {
  const { weight = 1, cleanWeight = 1 } = options;
  const targets = targetsOf(name, options);
  checkNorm(name, options);
  checkNumbers(name, { weight, cleanWeight });
  const findFrom = <Batch, Output>(pass: Pass<Batch, Output>, gradients: Deltas): Deltas =>
    noGrad(() => rule.find(pass, gradients));
  return {
    name,
    targets: () => targets,
    sharesDropout: false,
    find(pass) {
      const gradients = pass.at(null, rule.usesGradient, (output) =>
        rule.usesGradient ? pass.gradientOf(pass.loss(output)) : [],
      );
      return findFrom(pass, gradients);
    },
    train(pass) {
      const [loss, gradients] = pass.at(null, rule.usesGradient, (output): [Tensor, Deltas] => {
        const clean = pass.loss(output);
        const own = clean.detach();
        if (cleanWeight === 0) return [own, rule.usesGradient ? pass.gradientOf(clean) : []];
        const part = scaled(clean, cleanWeight);
        if (rule.usesGradient) return [own, pass.backward(part)];
        part.backward();
        return [own, []];
      });
      const deltas = findFrom(pass, gradients);
      const adversarialLoss = pass.at(deltas, false, (output) => {
        const perturbed = pass.loss(output);
        scaled(perturbed, weight).backward();
        return perturbed.detach();
      });
      pass.observe(deltas);
      return { loss, adversarialLoss };
    },
  };
}

/** A loss times a weight; itself where the weight is 1, with the bits that has. @internal */
export const scaled = (loss: Tensor, weight: number): Tensor => (weight === 1 ? loss : loss.mul(weight));
