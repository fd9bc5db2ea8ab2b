/**
 * The operators that are measured: each one as it is written with litorch, and the Python statement that says the same.
 * The names in the statements are those of {@link Operands}, which operators.py makes too.
 */
import torch, { type Tensor } from 'litorch';

/** What the operators work on, for sizes `n` of 2 (tiny) or 256 (medium). */
export interface Operands {
  n: number;
  /** [n, n], from a standard normal distribution. */
  a: Tensor;
  b: Tensor;
  /** [n, n], of booleans. */
  mask: Tensor;
  /** [n] */
  v: Tensor;
  /** [n], indices. */
  index: Tensor;
  /** [n, n], indices. */
  indices: Tensor;
  /** [1, n] */
  row: Tensor;
  /** [4, m, m] where m is at most 64. */
  batch: Tensor;
  /** [n, n], written to. */
  out: Tensor;
  /** [n, n], with requiresGrad. */
  w: Tensor;
  /** One element. */
  scalar: Tensor;
  /** [1, 3, 4, 4] and what it is convolved with, [3, 3, 3, 3]. */
  image: Tensor;
  kernel: Tensor;
}

export interface Case {
  group: string;
  run: (x: Operands) => unknown;
  python: string;
  /** Not measured with medium shapes, where it is the same. */
  tinyOnly?: boolean;
}

export function operands(n: number): Operands {
  torch.manualSeed(0);
  const m = Math.min(n, 64);
  return {
    n,
    a: torch.randn([n, n]),
    b: torch.randn([n, n]),
    mask: torch.randn([n, n]).gt(0),
    v: torch.randn([n]),
    index: torch.randint(0, n, [n]),
    indices: torch.randint(0, n, [n, n]),
    row: torch.randn([1, n]),
    batch: torch.randn([4, m, m]),
    out: torch.ones([n, n]),
    w: torch.randn([n, n], { requiresGrad: true }),
    scalar: torch.ones([]),
    image: torch.randn([1, 3, 4, 4]),
    kernel: torch.randn([3, 3, 3, 3]),
  };
}

const { functional: F } = torch.nn;

export const cases: Record<string, Case> = {
  // Elementwise
  neg: { group: 'unary', run: ({ a }) => torch.neg(a), python: 'torch.neg(a)' },
  abs: { group: 'unary', run: ({ a }) => a.abs(), python: 'a.abs()' },
  exp: { group: 'unary', run: ({ a }) => torch.exp(a), python: 'torch.exp(a)' },
  tanh: { group: 'unary', run: ({ a }) => torch.tanh(a), python: 'torch.tanh(a)' },
  sigmoid: { group: 'unary', run: ({ a }) => torch.sigmoid(a), python: 'torch.sigmoid(a)' },
  relu: { group: 'unary', run: ({ a }) => torch.relu(a), python: 'torch.relu(a)' },
  clamp: { group: 'unary', run: ({ a }) => a.clamp(-1, 1), python: 'a.clamp(-1, 1)' },
  add: { group: 'binary', run: ({ a, b }) => torch.add(a, b), python: 'torch.add(a, b)' },
  'add, alpha': {
    group: 'binary',
    run: ({ a, b }) => torch.add(a, b, { alpha: 2 }),
    python: 'torch.add(a, b, alpha=2)',
  },
  'add, broadcast': { group: 'binary', run: ({ a, row }) => a.add(row), python: 'a + row' },
  sub: { group: 'binary', run: ({ a, b }) => a.sub(b), python: 'a - b' },
  mul: { group: 'binary', run: ({ a, b }) => a.mul(b), python: 'a * b' },
  div: { group: 'binary', run: ({ a, b }) => a.div(b), python: 'a / b' },
  maximum: { group: 'binary', run: ({ a, b }) => torch.maximum(a, b), python: 'torch.maximum(a, b)' },
  where: {
    group: 'binary',
    run: ({ mask, a, b }) => torch.where(mask, a, b),
    python: 'torch.where(mask, a, b)',
  },
  'add number': { group: 'scalar', run: ({ a }) => a.add(1), python: 'a + 1' },
  'mul number': { group: 'scalar', run: ({ a }) => a.mul(0.5), python: 'a * 0.5' },
  'pow number': { group: 'scalar', run: ({ a }) => a.pow(2), python: 'a.pow(2)' },
  eq: { group: 'comparison', run: ({ a, b }) => a.eq(b), python: 'a.eq(b)' },
  'gt number': { group: 'comparison', run: ({ a }) => a.gt(0), python: 'a > 0' },
  isnan: { group: 'comparison', run: ({ a }) => torch.isnan(a), python: 'torch.isnan(a)' },

  // Reductions
  sum: { group: 'reduction', run: ({ a }) => a.sum(), python: 'a.sum()' },
  'sum, dim': { group: 'reduction', run: ({ a }) => a.sum(1), python: 'a.sum(1)' },
  'mean, dim, keepdim': {
    group: 'reduction',
    run: ({ a }) => a.mean(1, { keepdim: true }),
    python: 'a.mean(1, keepdim=True)',
  },
  'max, dim': { group: 'reduction', run: ({ a }) => a.max(1), python: 'a.max(1)' },
  argmax: { group: 'reduction', run: ({ a }) => a.argmax(1), python: 'a.argmax(1)' },
  all: { group: 'reduction', run: ({ mask }) => mask.all(), python: 'mask.all()' },
  'vector norm': {
    group: 'reduction',
    run: ({ a }) => torch.linalg.vectorNorm(a),
    python: 'torch.linalg.vector_norm(a)',
  },
  cumsum: { group: 'reduction', run: ({ a }) => a.cumsum(1), python: 'a.cumsum(1)' },

  // Views
  view: { group: 'view', run: ({ a }) => a.view(-1), python: 'a.view(-1)' },
  reshape: { group: 'view', run: ({ a, n }) => a.reshape(1, n, n), python: 'a.reshape(1, n, n)' },
  transpose: { group: 'view', run: ({ a }) => a.transpose(0, 1), python: 'a.transpose(0, 1)' },
  permute: { group: 'view', run: ({ batch }) => batch.permute(2, 0, 1), python: 'batch.permute(2, 0, 1)' },
  narrow: { group: 'view', run: ({ a }) => a.narrow(0, 1, 1), python: 'a.narrow(0, 1, 1)' },
  select: { group: 'view', run: ({ a }) => a.select(0, 1), python: 'a.select(0, 1)' },
  unsqueeze: { group: 'view', run: ({ a }) => a.unsqueeze(0), python: 'a.unsqueeze(0)' },
  squeeze: { group: 'view', run: ({ row }) => row.squeeze(0), python: 'row.squeeze(0)' },
  expand: { group: 'view', run: ({ row, n }) => row.expand(n, n), python: 'row.expand(n, n)' },
  flatten: { group: 'view', run: ({ batch }) => batch.flatten(1), python: 'batch.flatten(1)' },
  detach: { group: 'view', run: ({ a }) => a.detach(), python: 'a.detach()' },
  T: { group: 'view', run: ({ a }) => a.T, python: 'a.T' },

  // Indexing
  indexSelect: {
    group: 'indexing',
    run: ({ a, index }) => a.indexSelect(0, index),
    python: 'a.index_select(0, index)',
  },
  gather: {
    group: 'indexing',
    run: ({ a, indices }) => a.gather(1, indices),
    python: 'a.gather(1, indices)',
  },
  'index by tensor': { group: 'indexing', run: ({ a, index }) => a.index([index]), python: 'a[index]' },
  maskedFill: {
    group: 'indexing',
    run: ({ a, mask }) => a.maskedFill(mask, 0),
    python: 'a.masked_fill(mask, 0)',
  },
  maskedSelect: {
    group: 'indexing',
    run: ({ a, mask }) => a.maskedSelect(mask),
    python: 'a.masked_select(mask)',
  },
  embedding: {
    group: 'indexing',
    run: ({ a, index }) => F.embedding(index, a),
    python: 'F.embedding(index, a)',
  },

  // Products
  matmul: { group: 'product', run: ({ a, b }) => torch.matmul(a, b), python: 'a @ b' },
  mm: { group: 'product', run: ({ a, b }) => torch.mm(a, b), python: 'torch.mm(a, b)' },
  mv: { group: 'product', run: ({ a, v }) => torch.mv(a, v), python: 'torch.mv(a, v)' },
  bmm: { group: 'product', run: ({ batch }) => torch.bmm(batch, batch), python: 'torch.bmm(batch, batch)' },
  addmm: {
    group: 'product',
    run: ({ a, b, v }) => torch.addmm(v, a, b),
    python: 'torch.addmm(v, a, b)',
  },
  linear: { group: 'product', run: ({ a, b, v }) => F.linear(a, b, v), python: 'F.linear(a, b, v)' },

  // Creation
  zeros: { group: 'creation', run: ({ n }) => torch.zeros([n, n]), python: 'torch.zeros([n, n])' },
  'ones, spread': { group: 'creation', run: ({ n }) => torch.ones(n, n), python: 'torch.ones(n, n)' },
  empty: { group: 'creation', run: ({ n }) => torch.empty([n, n]), python: 'torch.empty([n, n])' },
  full: { group: 'creation', run: ({ n }) => torch.full([n, n], 3), python: 'torch.full([n, n], 3)' },
  arange: { group: 'creation', run: ({ n }) => torch.arange(n * n), python: 'torch.arange(n * n)' },
  'zeros, dtype': {
    group: 'creation',
    run: ({ n }) => torch.zeros([n, n], { dtype: torch.int64 }),
    python: 'torch.zeros([n, n], dtype=torch.int64)',
  },
  zerosLike: { group: 'creation', run: ({ a }) => torch.zerosLike(a), python: 'torch.zeros_like(a)' },
  randn: { group: 'creation', run: ({ n }) => torch.randn([n, n]), python: 'torch.randn([n, n])' },
  'tensor of 4': {
    group: 'creation',
    run: () => torch.tensor([1, 2, 3, 4]),
    python: 'torch.tensor([1., 2., 3., 4.])',
    tinyOnly: true,
  },

  // In place
  add_: { group: 'in place', run: ({ out, b }) => out.add_(b), python: 'out.add_(b)' },
  'mul_ number': { group: 'in place', run: ({ out }) => out.mul_(1.5), python: 'out.mul_(1.5)' },
  zero_: { group: 'in place', run: ({ out }) => out.zero_(), python: 'out.zero_()' },
  copy_: { group: 'in place', run: ({ out, a }) => out.copy_(a), python: 'out.copy_(a)' },
  'add, out': {
    group: 'in place',
    run: ({ out, a, b }) => torch.add(a, b, { out }),
    python: 'torch.add(a, b, out=out)',
  },

  // Joining and splitting
  cat: { group: 'joining', run: ({ a, b }) => torch.cat([a, b]), python: 'torch.cat([a, b])' },
  stack: { group: 'joining', run: ({ a, b }) => torch.stack([a, b]), python: 'torch.stack([a, b])' },
  split: { group: 'joining', run: ({ a }) => a.split(1), python: 'a.split(1)', tinyOnly: true },
  chunk: { group: 'joining', run: ({ a }) => a.chunk(2), python: 'a.chunk(2)' },

  // Neural networks
  softmax: { group: 'nn', run: ({ a }) => torch.softmax(a, 1), python: 'torch.softmax(a, 1)' },
  'F.relu': { group: 'nn', run: ({ a }) => F.relu(a), python: 'F.relu(a)' },
  layerNorm: { group: 'nn', run: ({ a, n }) => F.layerNorm(a, [n]), python: 'F.layer_norm(a, [n])' },
  mseLoss: { group: 'nn', run: ({ a, b }) => F.mseLoss(a, b), python: 'F.mse_loss(a, b)' },
  crossEntropy: {
    group: 'nn',
    run: ({ a, index }) => F.crossEntropy(a, index),
    python: 'F.cross_entropy(a, index)',
  },

  // Functions written by hand, as PyTorch writes them in Python
  'F.gelu': { group: 'functional', run: ({ a }) => F.gelu(a), python: 'F.gelu(a)' },
  'F.relu, inplace': {
    group: 'functional',
    run: ({ out }) => F.relu(out, { inplace: true }),
    python: 'F.relu(out, inplace=True)',
  },
  'F.leakyRelu': {
    group: 'functional',
    run: ({ a }) => F.leakyRelu(a, 0.2),
    python: 'F.leaky_relu(a, 0.2)',
  },
  'F.softmax': { group: 'functional', run: ({ a }) => F.softmax(a, 1), python: 'F.softmax(a, 1)' },
  'F.softmax, dim by name': {
    group: 'functional',
    run: ({ a }) => F.softmax(a, { dim: 1 }),
    python: 'F.softmax(a, dim=1)',
  },
  'F.dropout': { group: 'functional', run: ({ a }) => F.dropout(a), python: 'F.dropout(a)' },
  'F.dropout, evaluating': {
    group: 'functional',
    run: ({ a }) => F.dropout(a, 0.5, false),
    python: 'F.dropout(a, 0.5, False)',
  },
  'F.crossEntropy': {
    group: 'functional',
    run: ({ a, index }) => F.crossEntropy(a, index, { reduction: 'sum' }),
    python: "F.cross_entropy(a, index, reduction='sum')",
  },
  'F.nllLoss': {
    group: 'functional',
    run: ({ a, index }) => F.nllLoss(a, index),
    python: 'F.nll_loss(a, index)',
  },
  'F.layerNorm': {
    group: 'functional',
    run: ({ a, n, v }) => F.layerNorm(a, [n], v, v),
    python: 'F.layer_norm(a, [n], v, v)',
  },
  'F.normalize': { group: 'functional', run: ({ a }) => F.normalize(a), python: 'F.normalize(a)' },
  'F.pad': { group: 'functional', run: ({ a }) => F.pad(a, [1, 1]), python: 'F.pad(a, [1, 1])' },
  'F.conv2d': {
    group: 'functional',
    run: ({ image, kernel }) => F.conv2d(image, kernel),
    python: 'F.conv2d(image, kernel)',
    tinyOnly: true,
  },
  'F.maxPool2d': {
    group: 'functional',
    run: ({ image }) => F.maxPool2d(image, 2),
    python: 'F.max_pool2d(image, 2)',
    tinyOnly: true,
  },
  norm: { group: 'functional', run: ({ a }) => a.norm(), python: 'a.norm()' },
  'norm, dim': { group: 'functional', run: ({ a }) => a.norm(2, 1), python: 'a.norm(2, 1)' },
  einsum: {
    group: 'functional',
    run: ({ a, b }) => torch.einsum('ij,jk->ik', a, b),
    python: "torch.einsum('ij,jk->ik', a, b)",
  },
  'split by list': {
    group: 'functional',
    run: ({ a, n }) => a.split([1, n - 1]),
    python: 'a.split([1, n - 1])',
  },
  unique: { group: 'functional', run: ({ index }) => index.unique(), python: 'index.unique()' },
  nonzero: { group: 'functional', run: ({ mask }) => mask.nonzero(), python: 'mask.nonzero()' },
  'at an index': { group: 'functional', run: ({ a }) => a.at(0), python: 'a[0]' },
  'at slices': {
    group: 'functional',
    run: ({ a }) => a.at(':', '0:1'),
    python: 'a[:, 0:1]',
  },
  setAt: { group: 'functional', run: ({ out }) => out.setAt(0, 1), python: 'out[0] = 1' },

  // Copies and conversions
  clone: { group: 'copy', run: ({ a }) => a.clone(), python: 'a.clone()' },
  contiguous: { group: 'copy', run: ({ a }) => a.contiguous(), python: 'a.contiguous()' },
  'contiguous, transposed': {
    group: 'copy',
    run: ({ a }) => a.t().contiguous(),
    python: 'a.t().contiguous()',
  },
  'to dtype': { group: 'copy', run: ({ a }) => a.to(torch.float64), python: 'a.to(torch.float64)' },
  long: { group: 'copy', run: ({ a }) => a.long(), python: 'a.long()' },

  // Reading
  item: { group: 'reading', run: ({ scalar }) => scalar.item(), python: 'scalar.item()', tinyOnly: true },
  shape: { group: 'reading', run: ({ a }) => a.shape, python: 'a.shape', tinyOnly: true },
  size: { group: 'reading', run: ({ a }) => a.size(0), python: 'a.size(0)', tinyOnly: true },
  dtype: { group: 'reading', run: ({ a }) => a.dtype, python: 'a.dtype', tinyOnly: true },
  numel: { group: 'reading', run: ({ a }) => a.numel(), python: 'a.numel()', tinyOnly: true },
  tolist: { group: 'reading', run: ({ v }) => v.tolist(), python: 'v.tolist()', tinyOnly: true },

  // Recorded by autograd
  'mul, recorded': { group: 'autograd', run: ({ w, a }) => w.mul(a), python: 'w * a' },
  'matmul, recorded': { group: 'autograd', run: ({ w, a }) => w.matmul(a), python: 'w @ a' },
  'sum and backward': {
    group: 'autograd',
    run: ({ w }) => w.mul(2).sum().backward(),
    python: '(w * 2).sum().backward()',
  },
};
