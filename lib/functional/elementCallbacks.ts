/** Element by element through a JavaScript function: for checks and prototypes, since it is slow. */
import { tensor } from '../creation.js';
import { TorchError } from '../errors.js';
import { tidy } from '../memory.js';
import { describeValue } from '../ops/signature.js';
import type { NestedList, Scalar, Tensor } from '../tensor.js';

/** Writes `fn` of the elements of `self` and of `others`, which broadcast, back into `self`. */
export function mapElements(
  name: string,
  self: Tensor,
  others: readonly Tensor[],
  fn: (...elements: Scalar[]) => Scalar,
): void {
  if (typeof fn !== 'function')
    throw new TypeError(`${name}(): argument 'callable' must be function, not ${describeValue(fn)}`);
  if ([self, ...others].some((operand) => operand.requiresGrad)) {
    throw new TorchError(
      `Can't call ${name}() on Variable that requires grad. Use var.detach().${name}() instead.`,
    );
  }
  if ([self, ...others].some((operand) => operand.device.type !== 'cpu'))
    throw new TypeError(`${name} is only implemented on CPU tensors`);
  tidy(() => {
    const { shape, dtype } = self;
    const elements = (operand: Tensor): Scalar[] =>
      operand.reshape([-1]).tolist() as NestedList[] as Scalar[];
    const columns = [self, ...others.map((other) => other.expand(shape))].map(elements);
    const count = self.numel();
    const results: Scalar[] = [];
    for (let i = 0; i < count; i++) results.push(fn(...columns.map((column) => column[i] as Scalar)));
    self.copy_(tensor(results, { dtype }).reshape(shape));
  });
}
