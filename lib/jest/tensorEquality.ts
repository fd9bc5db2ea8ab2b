/** Equality of tensors in tests. */
import { noGrad } from '../autograd/modes.js';
import { tidy } from '../memory.js';
import { Tensor } from '../tensor.js';

function sameElements(a: Tensor, b: Tensor): boolean {
  const [x, y] = a.layout.name === 'strided' ? [a, b] : [a.toDense(), b.toDense()];
  if (x.equal(y)) return true;
  if (!x.dtype.isFloatingPoint && !x.dtype.isComplex) return false;
  return x.isclose(y, { rtol: 0, atol: 0, equalNan: true }).all().item() as boolean;
}

/**
 * Says of two tensors whether they are equal: the same dtype, device, layout and shape, and equal elements, where NaN
 * equals NaN as it does in `toEqual`. Without it Jest compares tensors as it does other objects, by their fields.
 *
 * ```ts
 * import { expect } from '@jest/globals';
 * import { tensorEquality } from 'litorch/jest';
 *
 * expect.addEqualityTesters([tensorEquality]);
 * expect({ out: x.add(1) }).toEqual({ out: torch.tensor([2, 3]) });
 * ```
 *
 * @returns `undefined` where neither is a tensor: then Jest goes on as without it.
 */
export function tensorEquality(a: unknown, b: unknown): boolean | undefined {
  const tensors = Number(a instanceof Tensor) + Number(b instanceof Tensor);
  if (tensors === 0) return undefined;
  if (a === b) return true;
  if (!(a instanceof Tensor) || !(b instanceof Tensor)) return false;
  const [shape, other] = [a.shape, b.shape];
  const isAlike =
    a.dtype === b.dtype &&
    a.device === b.device &&
    a.layout === b.layout &&
    shape.length === other.length &&
    shape.every((size, i) => size === other[i]);
  return isAlike && noGrad(() => tidy(() => sameElements(a, b)));
}
