/**
 * What the types of the public surface promise, checked by the compiler: this file compiles, or the build fails. The
 * functions are never called.
 */
import torch, { type Complex, type Num, type OpResult, Tensor } from '../../lib/index.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `is<Tensor>(value)`: the value is of that type, neither wider nor narrower; so never `any`. */
function is<Expected>(): <Given>(
  value: Given,
  ...differs: Same<Given, Expected> extends true ? [] : [never]
) => void {
  return () => undefined;
}

declare const x: Tensor;

export function results(): void {
  is<Tensor>()(torch.add(x, 1));
  is<Tensor>()(x.add(x, { alpha: 2 }));
  is<Tensor>()(torch.zeros([2, 3], { dtype: torch.float64, requiresGrad: true }));
  is<boolean>()(torch.equal(x, x));
  is<boolean>()(torch.allclose(x, x, { rtol: 1e-3 }));
  is<Tensor[]>()(torch.chunk(x, 2));
  is<Num | Complex>()(torch.ops.aten._local_scalar_dense<Num | Complex>(x));
}

export function namedResults(): void {
  const result = x.max(1);
  is<Tensor>()(result.values);
  is<Tensor>()(result.indices);
  const [values, indices] = result;
  is<Tensor>()(values);
  is<Tensor>()(indices);
  const { sign, logabsdet } = torch.linalg.slogdet(x);
  is<Tensor>()(sign);
  is<Tensor>()(logabsdet);
  const { binEdges } = torch.histogram(x, 3);
  is<Tensor>()(binEdges);
}

class Special extends Tensor {
  readonly mark = true;
}
declare const special: Special;

export function inPlace(): void {
  // In place gives the tensor itself, as the class that it is.
  is<Special>()(special.add_(1));
  is<Special>()(special.zero_());
  is<Tensor>()(torch.neg_(x));
}

export function argumentsInEachPlace(): void {
  x.sum(1);
  x.sum(1, true);
  x.sum(1, { keepdim: true });
  x.sum({ dim: 1, keepdim: true, dtype: torch.float64 });
  x.sum([0, 1]);
  x.sum(null);
  x.view(2, -1);
  x.view([2, -1]);
  x.view(torch.int32);
  torch.add(x, { re: 1, im: 2 });
  torch.sub(1, x);
  torch.add(x, 2n);
  torch.full([2], x);
  torch.div(x, 2, { roundingMode: 'floor' });
  torch.max(x, 1, { out: [x, x] });
  torch.clamp(x, null, 1);
  torch.conv2d(x, x, null, 2, 'same');
  torch.randn(2, 3);
  torch.randn([2, 3], { generator: new torch.Generator(), device: 'cpu' });
}

export function refusals(): void {
  // @ts-expect-error: no such option.
  x.sum(1, { keepDim: true });
  // @ts-expect-error: no number.
  x.add('1');
  // @ts-expect-error: keyword-only.
  torch.add(x, x, 2);
  // @ts-expect-error: only these strings.
  torch.div(x, 2, { roundingMode: 'nearest' });
  // @ts-expect-error: two tensors are written.
  torch.max(x, 1, { out: x });
  // @ts-expect-error: no tensor.
  torch.matmul(x, 2);
  // @ts-expect-error: not all tensors.
  torch.cat([x, 1]);
  // @ts-expect-error: a method writes to no other tensor.
  x.add(x, { out: x });
  // @ts-expect-error: the deprecated form is taken, and not offered.
  torch.add(x, 2, x);
}

export function registry(): void {
  is<Tensor>()(torch.ops.aten.relu(x));
  is<[Tensor, Tensor]>()(torch.ops.aten.topk<[Tensor, Tensor]>(x, 1));
  is<boolean>()(torch.ops.aten.equal.default<boolean>(x, x));
  const result: OpResult = torch.ops.aten.add.Tensor(x, x);
  is<string>()(torch.ops.aten.add.schema);
  // @ts-expect-error: nothing that an operator gives.
  torch.ops.aten.relu<Map<string, number>>(x);
  void result;
}

export function disposal(): void {
  using y = x.add(1);
  is<Tensor>()(y);
  is<Tensor>()(torch.tidy(() => x.add(1)));
}
