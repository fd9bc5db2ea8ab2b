/** Types of calls: overloads, options, numbers for tensors, `out`, sizes spread, and what they give. */
import torch, { type Complex, type Num, type nn, type OpResult, type Tensor } from 'litorch';
import { is } from './is.js';

declare const x: Tensor;
declare const parameter: nn.Parameter;

export function results(): void {
  is<Tensor>()(torch.add(x, 1));
  is<Tensor>()(x.add(x, { alpha: 2 }));
  is<boolean>()(torch.equal(x, x));
  is<boolean>()(torch.allclose(x, x, { rtol: 1e-3 }));
  is<Tensor[]>()(torch.chunk(x, 2));
  is<Tensor[]>()(x.unbind());
  is<number>()(x.numel());
  is<number[]>()(x.shape);
  is<number[]>()(x.size());
  is<number>()(x.size(0));
}

export function namedResults(): void {
  const result = x.max(1);
  is<Tensor>()(result.values);
  is<Tensor>()(result.indices);
  const [first, second] = result;
  is<Tensor>()(first);
  is<Tensor>()(second);
  const { values, indices } = torch.topk(x, 2, { largest: false });
  is<Tensor>()(values);
  is<Tensor>()(indices);
  const { sign, logabsdet } = torch.linalg.slogdet(x);
  is<Tensor>()(sign);
  is<Tensor>()(logabsdet);
  const { U, S, Vh } = torch.linalg.svd(x, { fullMatrices: false });
  is<Tensor>()(U);
  is<Tensor>()(S);
  is<Tensor>()(Vh);
  const { binEdges } = torch.histogram(x, 3);
  is<Tensor>()(binEdges);
  // @ts-expect-error: no such field.
  result.vals;
  // @ts-expect-error: there are two.
  result[2];
  // @ts-expect-error: without a dimension it is one tensor.
  x.max()[0];
}

export function reductions(): void {
  is<Tensor>()(x.sum());
  is<Tensor>()(x.sum(1));
  is<Tensor>()(x.sum(1, true));
  is<Tensor>()(x.sum(1, { keepdim: true }));
  is<Tensor>()(x.sum({ dim: 1, keepdim: true, dtype: torch.float64 }));
  is<Tensor>()(x.sum([0, 1]));
  is<Tensor>()(x.sum(null));
  is<Tensor>()(torch.sum(x, 1, { out: x }));
  is<Tensor>()(x.max());
  is<Tensor>()(x.max(x));
  is<Tensor>()(x.all(1, { keepdim: true }));
  is<Tensor>()(x.all([0, 1]));
  is<Tensor>()(x.std(1, { correction: 0 }));
  // @ts-expect-error: camel case, as everywhere: `keepdim` is one word.
  x.sum(1, { keepDim: true });
  // @ts-expect-error: no dimension.
  x.sum('1');
  // @ts-expect-error: a method writes to no other tensor.
  x.sum(1, { out: x });
}

export function sizes(): void {
  is<Tensor>()(x.view(2, -1));
  is<Tensor>()(x.view([2, -1]));
  is<Tensor>()(x.view(torch.int32));
  is<Tensor>()(x.permute(1, 0));
  is<Tensor>()(x.expand([2, 3], { implicit: true }));
  is<Tensor>()(x.reshape({ shape: [2] }));
  // @ts-expect-error: one list, or numbers.
  x.view([2], 3);
  // @ts-expect-error: sizes are numbers.
  x.view('2');
}

export function numbersForTensors(): void {
  is<Tensor>()(torch.add(x, { re: 1, im: 2 }));
  is<Tensor>()(torch.sub(1, x));
  is<Tensor>()(torch.add(x, 2n));
  is<Tensor>()(torch.pow(2, x));
  is<Tensor>()(x.pow(2));
  is<Tensor>()(torch.where(x, 1, x));
  is<Tensor>()(torch.clamp(x, null, 1));
  is<Tensor>()(torch.clamp(x, { max: x }));
  // @ts-expect-error: no number.
  x.add('1');
  // @ts-expect-error: only tensors are multiplied as matrices.
  torch.matmul(x, 2);
  // @ts-expect-error: not all tensors.
  torch.cat([x, 1]);
}

export function options(): void {
  is<Tensor>()(torch.div(x, 2, { roundingMode: 'floor' }));
  is<Tensor>()(torch.conv2d(x, x, null, 2, 'same'));
  is<Tensor>()(torch.conv2d(x, x, x, { stride: [2, 2], groups: 3 }));
  is<Tensor>()(torch.conv2d(x, x, x, 1, 0, { dilation: 2 }));
  is<Tensor>()(torch.conv2d(x, x, { padding: 'valid' }));
  torch.max(x, 1, { out: [x, x] });
  // @ts-expect-error: keyword-only.
  torch.add(x, x, 2);
  // @ts-expect-error: only these strings.
  torch.div(x, 2, { roundingMode: 'nearest' });
  // @ts-expect-error: only these strings.
  torch.conv2d(x, x, x, 1, 'full');
  // @ts-expect-error: two tensors are written.
  torch.max(x, 1, { out: x });
  // @ts-expect-error: the deprecated form is taken, and not offered.
  torch.add(x, 2, x);
  // @ts-expect-error: by place and by name.
  torch.conv2d(x, x, x, 1, { stride: 2 });
}

export function inPlace(): void {
  // The tensor itself, as the class that it is.
  is<nn.Parameter>()(parameter.add_(1));
  is<nn.Parameter>()(parameter.zero_());
  is<nn.Parameter>()(parameter.copy_(x));
  is<nn.Parameter>()(parameter.requiresGrad_());
  is<nn.Parameter>()(parameter.normal_(0, 1, { generator: null }));
  is<nn.Parameter>()(parameter.clamp_({ min: 0 }));
  is<Tensor>()(parameter.add(1));
  is<Tensor>()(torch.neg_(x));
  // @ts-expect-error: in place, but not of another tensor.
  x.add_(1, { out: x });
}

export function writtenByHand(): void {
  is<Tensor>()(torch.einsum('ij,jk->ik', x, x));
  is<Tensor>()(torch.einsum('ij,jk->ik', [x, x]));
  is<Tensor[]>()(torch.split(x, 2));
  is<Tensor[]>()(torch.split(x, [1, 2], { dim: 1 }));
  is<Tensor>()(torch.norm(x, 2, { dim: 1 }));
  is<Tensor>()(torch.stft(x, 16, { hopLength: 4, returnComplex: true }));
  is<Tensor>()(torch.cdist(x, x, { p: 1 }));
  // @ts-expect-error: an equation.
  torch.einsum(1, x);
  // @ts-expect-error: no such option.
  torch.cdist(x, x, { q: 1 });
}

export function modules(): void {
  is<Tensor>()(torch.linalg.norm(x, 'fro'));
  is<Tensor>()(torch.linalg.norm(x, { ord: 2, dim: [0, 1] }));
  is<Tensor>()(torch.linalg.solve(x, x));
  is<Tensor>()(torch.fft.fft(x, 8, { norm: 'ortho' }));
  is<Tensor>()(torch.fft.rfft2(x, { dim: [0, 1] }));
  is<Tensor>()(torch.special.logit(x, 1e-6));
  // @ts-expect-error: only these strings.
  torch.linalg.norm(x, 'max');
  // @ts-expect-error: only these strings.
  torch.fft.fft(x, { norm: 'none' });
  // @ts-expect-error: only these strings.
  torch.linalg.qr(x, 'full');
}

export function registry(): void {
  is<Tensor>()(torch.ops.aten.relu(x));
  is<[Tensor, Tensor]>()(torch.ops.aten.topk<[Tensor, Tensor]>(x, 1));
  is<boolean>()(torch.ops.aten.equal.default<boolean>(x, x));
  is<Num | Complex>()(torch.ops.aten._local_scalar_dense<Num | Complex>(x));
  const result: OpResult = torch.ops.aten.add.Tensor(x, x);
  is<string>()(torch.ops.aten.add.schema);
  is<ReadonlySet<string>>()(torch.ops.loadedLibraries);
  // @ts-expect-error: nothing that an operator gives.
  torch.ops.aten.relu<Map<string, number>>(x);
  void result;
}
