import torch, { type Tensor } from '../../lib/index.js';
import type { Case } from './cases.js';

const { aten } = torch.ops;

/** As in test/reference/tensor_str.py, under the same names. */
const TRANSFORMS: Readonly<Record<string, (t: Tensor) => Tensor>> = {
  requires_grad: (t) => t.requiresGrad_(),
  add: (t) => t.requiresGrad_().add(torch.ones([], { dtype: t.dtype })),
  log_softmax: (t) => t.requiresGrad_().logSoftmax(-1),
  max: (t) => t.requiresGrad_().max(),
  mean: (t) => t.requiresGrad_().mean(),
  view: (t) => t.requiresGrad_().clone().view(-1),
  in_place_view: (t) => {
    const copy = t.detach().clone().requiresGrad_().clone();
    copy.select(0, 0).mul_(2);
    return copy;
  },
  invalid_history: (t) => {
    const base = t.requiresGrad_().clone();
    const view = torch.noGrad(() => base.view(-1));
    base.mul_(2);
    return view;
  },
  inference: (t) => torch.inferenceMode(() => t.add(1)),
  parameter: (t) => new torch.nn.Parameter(t),
  transpose: (t) => t.transpose(0, 1),
  stride_2: (t) => aten.slice(t, 0, 0, null, 2),
  expand: (t) => t.expand(50, 40),
  conj: (t) => aten.conj(t),
  imag: (t) => t.imag,
  conj_imag: (t) => aten.conj(t).imag,
  zerotensor: (t) => aten._efficientzerotensor(t.shape, { dtype: t.dtype }),
  meta: (t) => t.to('meta'),
  meta_requires_grad: (t) => t.to('meta').requiresGrad_(),
  sparse_coo: (t) => aten.to_sparse(t),
  sparse_coo_requires_grad: (t) => aten.to_sparse(t).requiresGrad_(),
  sparse_hybrid: (t) => aten.to_sparse.sparse_dim(t, 1),
  uncoalesced: (t) => {
    const indices = torch.zeros([t.ndim, 2], { dtype: torch.int64 });
    return aten.sparse_coo_tensor(indices, torch.ones([2], { dtype: t.dtype }), t.shape);
  },
  sparse_coo_meta: (t) => aten.to_sparse(t).to('meta'),
  sparse_csr_meta: (t) => aten.to_sparse_csr(t).to('meta'),
  sparse_csr_requires_grad: (t) => {
    const sparse = aten.to_sparse_csr(t) as Tensor;
    return sparse.dtype.isFloatingPoint ? sparse.requiresGrad_() : sparse;
  },
  sparse_csr_batched: (t) => aten.to_sparse_csr(aten.stack([t, t])),
  sparse_csr: (t) => aten.to_sparse_csr(t),
  sparse_csc: (t) => aten.to_sparse_csc(t),
  sparse_bsr: (t) => aten.to_sparse_bsr(t, [2, 2]),
  sparse_bsc: (t) => aten.to_sparse_bsc(t, [2, 2]),
  mkldnn: (t) => aten.to_mkldnn(t),
  nested: (t) => aten._nested_tensor_from_tensor_list([t, t.narrow(0, 0, 1)]),
  quint8: (t) => aten.quantize_per_tensor(t, 0.1, 3, torch.quint8),
  qint8: (t) => aten.quantize_per_tensor(t, 1e-5, 0, torch.qint8),
  qint32: (t) => aten.quantize_per_tensor(t, 2, 7, torch.qint32),
  quint8_channel_float: (t) =>
    aten.quantize_per_channel(t, torch.tensor([0.1, 0.25]), torch.tensor([0.5, 1.5]), 0, torch.quint8),
  qint8_channel: (t) => {
    const scales = torch.tensor([0.1, 0.25], { dtype: torch.float64 });
    const zeroPoints = torch.tensor([0, 1], { dtype: torch.int64 });
    return aten.quantize_per_channel(t, scales, zeroPoints, 0, torch.qint8);
  },
};

/** The tensor of a case, made of its bits. */
export function build({ dtype: name, shape, bits, transform }: Case): Tensor {
  const dtype = Object.entries(torch).find(([key]) => key === name)?.[1] as torch.DType;
  const bytes = torch.fromTypedArray(Uint8Array.from(Buffer.from(bits, 'hex')));
  const flat = bytes.numel() === 0 ? torch.empty([0], { dtype }) : aten.view.dtype(bytes, dtype);
  const tensor = (flat as Tensor).reshape(shape);
  return transform === undefined ? tensor : (TRANSFORMS[transform] as (t: Tensor) => Tensor)(tensor);
}
