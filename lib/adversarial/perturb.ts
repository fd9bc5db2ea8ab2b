import { noGrad } from '../autograd/modes.js';
import { refuseAsync } from '../scope.js';
import { Tensor } from '../tensor.js';
import { type DataSwap, swapData } from './swap.js';

/**
 * Adds a perturbation to a tensor until the end of the scope, however it ends:
 *
 *     using p = perturb(embedding.weight, delta);
 *     criterion(network(batch), labels).backward();
 *
 * The tensor then has its own memory back, so the same bits. Run `backward` inside the scope: see {@link swapData}.
 *
 * @param tensor A parameter usually.
 * @param delta Of the same shape, dtype and device. No gradient flows into it.
 * @throws TypeError, RangeError as {@link swapData}.
 */
export function perturb(tensor: Tensor, delta: Tensor): DataSwap {
  if (!(tensor instanceof Tensor) || !(delta instanceof Tensor))
    throw new TypeError('perturb(): expected a tensor and its perturbation, a tensor too');
  return swapData(
    tensor,
    noGrad(() => tensor.add(delta)),
  );
}

/**
 * Calls a function while perturbations are added to tensors, and takes them away again, also when it throws.
 *
 *     withPerturbation([[embedding.weight, delta]], () => criterion(network(batch), labels).backward());
 *
 * @param pairs Tensors, each with its perturbation.
 * @returns What the function returns.
 * @throws TypeError where the function is asynchronous: it would go on after the end. There `using p = perturb(…)`
 * is right.
 */
export function withPerturbation<Result>(
  pairs: Iterable<readonly [tensor: Tensor, delta: Tensor]>,
  fn: () => Result,
): Result {
  const swaps: DataSwap[] = [];
  try {
    for (const [tensor, delta] of pairs) swaps.push(perturb(tensor, delta));
    const result = fn();
    refuseAsync('withPerturbation', result);
    return result;
  } finally {
    while (swaps.length > 0) swaps.pop()?.restore();
  }
}
