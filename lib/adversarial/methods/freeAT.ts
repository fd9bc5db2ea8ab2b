import { noGrad } from '../../autograd/modes.js';
import { zerosLike } from '../../functions.js';
import { keep } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { checkNorm, Norm, type NormOptions } from '../norm.js';
import type { Deltas, Slot } from '../slot.js';
import { checkNumbers, type Method, type TargetOptions, targetsOf } from './method.js';
import { ascend } from './pgd.js';

/** Options of {@link freeAT}. */
export interface FreeATOptions extends TargetOptions, NormOptions {
  /** The radius of the ball, in units of what is perturbed. Default: 1. */
  epsilon?: number;
  /** How far a step of ascent goes. Default: ε, as in the paper. */
  stepSize?: number;
}

/**
 * "Free" adversarial training: every backward pass serves both the parameters, which descend, and the perturbation, which
 * ascends and is carried over to the next call. So each batch is trained on m times in a row, each time with a step of the
 * optimizer:
 *
 *     for (let replay = 0; replay < m; replay++) {
 *       optimizer.zeroGrad();
 *       step(batch);
 *       optimizer.step();
 *     }
 *
 * Where the next batch has another shape, as texts do, its perturbation begins at zero.
 *
 * Shafahi et al. (2019), "Adversarial Training for Free!", https://arxiv.org/abs/1904.12843, algorithm 1: the sign of the
 * gradient (`norm: Infinity`), steps of ε, m = 8.
 *
 * @throws TypeError, RangeError for options that cannot be meant.
 */
export function freeAT(options: FreeATOptions): Method {
  const { epsilon = 1, stepSize = epsilon } = options;
  const targets = targetsOf('freeAT', options);
  checkNorm('freeAT', options);
  checkNumbers('freeAT', { epsilon, stepSize });
  return {
    name: 'freeAT',
    targets: () => targets,
    sharesDropout: false,
    train(pass, memory) {
      const before = memory.deltas;
      const carried = (slot: Slot, site: number, i: number): Tensor => {
        const delta = before?.[site]?.[i];
        return delta !== undefined && isLike(delta, slot.value) ? delta.clone() : zerosLike(slot.value);
      };
      let adversarialLoss: Tensor | null = null;
      let used: Deltas = [];
      const gradients = pass.atFirst(carried, true, (output, deltas) => {
        const loss = pass.loss(output);
        adversarialLoss = loss.detach();
        used = deltas;
        return pass.backward(loss);
      });
      pass.observe(used);
      noGrad(() => {
        const next = ascend(used, gradients, new Norm(pass.slots, options), { epsilon, stepSize });
        memory.deltas = pass
          .bySite(next)
          .map((own, site) => own.map((delta, i) => carry(delta, before?.[site]?.[i])));
      });
      const kept = new Set(memory.deltas?.flat());
      for (const delta of before?.flat() ?? []) if (!kept.has(delta)) delta.dispose();
      return { loss: null, adversarialLoss };
    },
  };
}

const isLike = (a: Tensor, b: Tensor): boolean =>
  String(a.shape) === String(b.shape) && a.dtype === b.dtype && String(a.device) === String(b.device);

/** What outlives the step: the tensor that did before, where it fits. */
function carry(delta: Tensor, before: Tensor | undefined): Tensor {
  return before !== undefined && isLike(before, delta) ? before.copy_(delta) : keep(delta.clone());
}
