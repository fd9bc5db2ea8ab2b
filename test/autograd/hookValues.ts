/** The hooks of test/reference/autograd_functions.py. */
import type { Tensor } from '../../lib/index.js';
import { leaf } from './functionReference.js';

export function hookValues(): Record<string, (Tensor | null)[]> {
  const found: Record<string, (Tensor | null)[]> = {};
  let x = leaf(4);
  let y = x.mul(2);
  x.registerHook((g) => g.mul(3));
  x.registerHook(() => null);
  x.registerHook((g) => g.add(1));
  y.registerHook((g) => g.mul(5));
  y.retainGrad();
  y.registerHook((g) => g.sub(1));
  y.sum().backward();
  found.hooks = [x.grad, y.grad];
  x = leaf(4);
  y = x.mul(2);
  y.registerHook((g) => g.mul(3));
  y.add_(1);
  y.registerHook((g) => g.add(1));
  y.sum().backward();
  found['hooks around a change in place'] = [x.grad];
  x = leaf(4);
  const handle = x.registerHook((g) => g.mul(3));
  x.sum().backward();
  handle.remove();
  x.sum().backward();
  found['removed hook'] = [x.grad];
  x = leaf(4);
  y = x.mul(2);
  y.gradFn?.registerHook(([g]) => [g?.mul(3) ?? null, null]);
  y.gradFn?.registerPrehook(([g]) => [g?.add(1) ?? null]);
  y.sum().backward();
  found['hooks of a function'] = [x.grad];
  x = leaf(4);
  x.registerPostAccumulateGradHook((p) => {
    p.grad?.mul_(2);
  });
  x.sum().backward();
  x.sum().backward();
  found['after accumulation'] = [x.grad];
  return found;
}
