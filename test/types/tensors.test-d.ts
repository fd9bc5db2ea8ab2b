/** Types of tensors themselves: their life, their elements, and parts of them. */
import torch, { type ModeGuard, type NestedList, type Scalar, type Tensor, type TypedArray } from 'litorch';
import { is } from './is.js';

declare const x: Tensor;

export function disposal(): void {
  using y = x.add(1);
  is<Tensor>()(y);
  using guard = torch.noGrad();
  is<ModeGuard>()(guard);
  const disposable: Disposable = y;
  void disposable;
  is<boolean>()(y.disposed);
  is<void>()(y.dispose());
}

export function scopes(): void {
  is<Tensor>()(torch.tidy(() => x.add(1)));
  is<{ loss: Tensor; steps: number }>()(torch.tidy(() => ({ loss: x.add(1), steps: 2 })));
  is<void>()(
    torch.tidy(() => {
      x.add(1);
    }),
  );
  is<Tensor>()(torch.noGrad(() => x.mul(2)));
  is<number>()(torch.enableGrad(() => 1));
  is<Tensor>()(torch.inferenceMode(() => x.mul(2)));
  is<torch.nn.Parameter>()(torch.keep(new torch.nn.Parameter(x)));
  // @ts-expect-error: a function.
  torch.tidy(x);
  // @ts-expect-error: one tensor.
  torch.keep([x]);
}

export function attributes(): void {
  is<Tensor | null>()(x.grad);
  is<Tensor>()(x.data);
  x.data = x;
  x.grad = null;
  x.requiresGrad = true;
  is<Tensor>()(x.T);
  is<boolean>()(x.isLeaf);
  is<number>()(x.ndim);
  // @ts-expect-error: read-only.
  x.shape = [1];
  // @ts-expect-error: what was made for another dtype is another tensor: `x.to(dtype)`.
  x.dtype = torch.float64;
  // @ts-expect-error: a tensor or null.
  x.grad = undefined;
  // @ts-expect-error: it may be null.
  x.grad.zero_();
}

export function elements(): void {
  is<Scalar>()(x.item());
  is<NestedList>()(x.tolist());
  is<TypedArray>()(x.toTypedArray());
  is<string>()(x.toString());
  is<Tensor>()(x.to(torch.float64));
  is<Tensor>()(x.to('cpu', { dtype: torch.float16, copy: true }));
  is<Tensor>()(x.to({ dtype: torch.int8 }));
  is<Tensor>()(x.to(x));
  is<Tensor>()(x.float());
  // @ts-expect-error: no such option.
  x.to({ type: torch.int8 });
  // @ts-expect-error: neither device nor dtype.
  x.to(1);
}

export function parts(): void {
  is<Tensor>()(x.at(0));
  is<Tensor>()(x.at('1:5', null, '...', x, [0, 2]));
  is<Tensor>()(x.at(torch.slice(1, 5, 2), -1, true));
  is<Tensor>()(x.at([[0, 1]], new BigInt64Array(2)));
  is<Tensor>()(x.setAt([0, '1:5'], 2));
  is<Tensor>()(x.setAt('...', [[1, 2]]));
  is<Tensor>()(x.setAt(x, x));
  is<Tensor>()(x.index([x, null]));
  is<torch.nn.Parameter>()(new torch.nn.Parameter(x).setAt(0, 1));
  // @ts-expect-error: no slice.
  x.at('first');
  // @ts-expect-error: no index.
  x.at({ start: 1 });
  // @ts-expect-error: no index: a new dimension is null.
  x.at(undefined);
  // @ts-expect-error: no value.
  x.setAt(0, '1');
  // @ts-expect-error: the value is missing.
  x.setAt([0]);
}

export function gradients(): void {
  is<void>()(x.backward());
  is<void>()(x.backward({ gradient: x, retainGraph: true, createGraph: false, inputs: [x] }));
  is<Tensor[]>()(torch.autograd.grad(x, [x]));
  is<Tensor[]>()(torch.autograd.grad([x], x, { gradOutputs: x, createGraph: true }));
  is<(Tensor | null)[]>()(torch.autograd.grad(x, x, { allowUnused: true }));
  // @ts-expect-error: Python's spelling.
  x.backward({ retain_graph: true });
  // @ts-expect-error: tensors.
  torch.autograd.grad(x, 1);
}
