/** What can be wrong with an adversarial step, by name. */
import { TorchError } from '../errors.js';

/**
 * Which condition it is:
 *
 * - `'no-gradient'`: the loss does not depend on a target, so that it has no gradient.
 * - `'unused-target'`: the model did not call a target's module.
 * - `'other-input'`: a target's module was given another input than in the first pass over the same batch.
 * - `'non-finite-loss'`, `'non-finite-gradient'`: infinite or not a number.
 * - `'sparse-gradient'`: a parameter that is perturbed as a whole has a sparse gradient.
 * - `'rnn-in-eval-mode'`: cuDNN computes an RNN's gradients in training mode only.
 */
export type AdversarialCondition =
  | 'no-gradient'
  | 'unused-target'
  | 'other-input'
  | 'non-finite-loss'
  | 'non-finite-gradient'
  | 'sparse-gradient'
  | 'rnn-in-eval-mode';

/** A condition under which an adversarial step would go wrong. */
export class AdversarialError extends TorchError {
  override name = 'AdversarialError';
  readonly condition: AdversarialCondition;

  constructor(condition: AdversarialCondition, message: string) {
    super(message);
    this.condition = condition;
  }
}
