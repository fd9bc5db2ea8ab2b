/** Types of what runs off the main thread. */
import torch, { type AbortSignalLike, nn, type Scalar, type Tensor, type TypedArray } from 'litorch';
import { is } from './is.js';

declare const x: Tensor;
declare const signal: AbortSignalLike;

export function operators(): void {
  is<Promise<Tensor>>()(torch.runAsync(torch.matmul, x, x));
  is<Promise<Tensor>>()(torch.runAsync(torch.matmul, x, x, { signal }));
  is<Promise<Tensor>>()(torch.runAsync(torch.matmul, x, x, { out: x, signal }));
  is<Promise<Tensor>>()(torch.runAsync(torch.add, x, 1, { alpha: 2 }));
  is<Promise<Tensor>>()(torch.runAsync(torch.sum, x));
  is<Promise<Tensor>>()(torch.runAsync(torch.sum, x, 1, { keepdim: true, signal }));
  is<Promise<Tensor>>()(torch.runAsync(torch.randn, [2, 2], { dtype: torch.float64 }));
  is<Promise<Tensor>>()(torch.runAsync(nn.functional.conv2d, x, x, null, { stride: 2, signal }));
  torch.runAsync(torch.linalg.svd, x).then(({ U, S, Vh }) => is<Tensor[]>()([U, S, Vh]));
  torch.runAsync(torch.sort, x, { signal }).then(({ values }) => is<Tensor>()(values));
  is<Promise<Tensor>>()(torch.runAsync(torch.ops.aten.mm, x, x, { signal }));
  is<Promise<[Tensor, Tensor]>>()(torch.runAsync<[Tensor, Tensor]>(torch.ops.aten.topk, x, 1));
  // @ts-expect-error An argument is missing.
  torch.runAsync(torch.matmul, x);
  // @ts-expect-error Not a tensor.
  torch.runAsync(torch.matmul, x, 'y');
  // @ts-expect-error No such option.
  torch.runAsync(torch.matmul, x, x, { sgnal: signal });
  // @ts-expect-error No function.
  torch.runAsync(3, x);
}

export function methods(): void {
  is<Promise<void>>()(x.backwardAsync());
  is<Promise<void>>()(x.backwardAsync({ gradient: x, retainGraph: true, signal }));
  is<Promise<Scalar>>()(x.itemAsync({ signal }));
  is<Promise<TypedArray>>()(x.toTypedArrayAsync({ signal: null }));
  // @ts-expect-error Not a signal.
  x.itemAsync({ signal: true });
  // @ts-expect-error No such option.
  x.tolistAsync({ retainGraph: true });
}
