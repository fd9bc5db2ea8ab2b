/** What the methods have in common that train on how far a prediction moves, beside the loss. */
import type { Tensor } from '../../tensor.js';
import type { Pass } from '../pass.js';
import type { Deltas } from '../slot.js';
import { scaled } from './attack.js';
import type { Losses } from './method.js';

/** The loss and the logits where nothing is perturbed, with their graph. @internal */
export const predict = <Batch, Output>(
  pass: Pass<Batch, Output>,
): readonly [loss: Tensor, logits: readonly Tensor[]] =>
  pass.at(null, false, (output) => [pass.loss(output), pass.logits(output)] as const);

/** Trains on L(x) + λ (KL(p(x) ‖ p(x + δ)) + KL(p(x + δ) ‖ p(x))). @internal */
export function trainSymmetric<Batch, Output>(
  pass: Pass<Batch, Output>,
  [loss, logits]: ReturnType<typeof predict>,
  deltas: Deltas,
  weight: number,
): Losses {
  const adversarialLoss = pass.at(deltas, false, (output) => {
    const divergence = pass.checked(pass.symmetric(logits, pass.logits(output)));
    loss.add(scaled(divergence, weight)).backward();
    return divergence.detach();
  });
  pass.observe(deltas);
  return { loss: loss.detach(), adversarialLoss };
}
