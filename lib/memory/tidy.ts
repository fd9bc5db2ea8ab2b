/** `torch.tidy` and `torch.keep`. */
import { native } from '../native.js';
import { refuseAsync } from '../scope.js';
import { Tensor } from '../tensor.js';
import { isGenerator, tidyGenerator } from './generators.js';
import { handlesWithin } from './within.js';

/**
 * Runs `fn` and frees every tensor made inside it, except those that it returns (itself, or within arrays, objects,
 * Maps and Sets), parameters, and those given to {@link keep}. Scopes nest: what an inner scope returns belongs to
 * the outer one. After an exception everything made inside is freed.
 *
 * Where `fn` gives a generator, as a generator function does, the scope is that generator's: it ends with it, and what
 * is yielded belongs to the scope of whoever asked for it.
 *
 * ```ts
 * const rows = torch.tidy(function* () {
 *   const scaled = x.mul(2); // lives until the last row has been given
 *   for (let i = 0; i < 3; i++) yield scaled.at(i).add(1);
 * });
 * ```
 *
 * @throws TypeError where `fn` is asynchronous, since the scope would end before it does: see `tidyAsync`.
 */
export function tidy<T>(fn: () => T): T {
  if (typeof fn !== 'function') throw new TypeError(`tidy(): expected a function, not ${typeof fn}`);
  const scope = native.openScope(false);
  let survivors: number[] = [];
  let isOver = true;
  try {
    const result = fn();
    if (result instanceof Tensor) {
      survivors = [result.handle];
    } else if (typeof result === 'object' && result !== null) {
      if (isGenerator(result)) {
        const generator: unknown = tidyGenerator('tidy', result, scope);
        isOver = false;
        return generator as T;
      }
      refuseAsync('tidy', result);
      survivors = handlesWithin(result);
    }
    return result;
  } finally {
    if (isOver) native.closeScope(scope, survivors);
  }
}

/** Lets a tensor outlive every {@link tidy} and `tidyAsync` scope that it was made in. Returns it. */
export function keep<T extends Tensor>(tensor: T): T {
  if (!(tensor instanceof Tensor)) throw new TypeError(`keep(): expected a Tensor, not ${typeof tensor}`);
  native.keep(tensor.handle);
  return tensor;
}
