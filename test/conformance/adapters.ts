/**
 * How the entries of op_db are called whose function is not public itself: those that op_db wraps in a function of its
 * own, and Python's operators. Each is what the entry does in Python, through the public API.
 */
import type { Tensor } from '../../lib/index.js';
import { attribute, callPath, type Kwargs } from './invoke.js';
import { isTuple, Unsupported } from './values.js';

/** A public path to call instead, or the call. */
export type Adapter = string | ((args: readonly unknown[], kwargs: Kwargs) => unknown);

const method = (name: string): Adapter => `torch.Tensor.${name}`;
const property =
  (name: string): Adapter =>
  ([self]) =>
    attribute(name, self);

/** `number - tensor` and so on: the function with its arguments exchanged. */
const reflected =
  (path: string): Adapter =>
  ([self, other, ...rest], kwargs) =>
    callPath(path, [other, self, ...rest], kwargs);

const same = (path: string, names: string): [string, Adapter][] =>
  names.split(' ').map((name) => [name, `${path}.${name}`]);

const polygamma = (path: string): Adapter => {
  return ([x, n, ...rest], kwargs) => callPath(path, [n, x, ...rest], kwargs);
};

/** The product of the two first arguments, of which the entries for low rank are taken. */
const ofProduct =
  (path: string): Adapter =>
  ([a, b, ...rest], kwargs) =>
    callPath(path, [(a as Tensor).matmul((b as Tensor).mT), ...rest], kwargs);

const clone = (x: unknown): Tensor => (x as Tensor).clone();

/** Python calls `__getitem__` with one index or a tuple of them. */
const getItem: Adapter = ([self, index]) =>
  callPath('torch.Tensor.at', [self, ...(isTuple(index) ? index : [index])]);

const table = new Map<string, Adapter>([
  ...same(
    'torch.Tensor',
    'bfloat16 bool byte char chalf contiguous double expand expand_as float half int item long new_empty ' +
      'new_empty_strided new_full new_ones new_zeros repeat reshape_as short sum_to_size to to_sparse unfold view view_as',
  ),
  ...same('torch', 'bernoulli empty_strided multinomial normal randint randint_like randn randn_like'),
  ...same(
    'torch',
    'nn.functional.alpha_dropout nn.functional.dropout nn.functional.dropout2d nn.functional.dropout3d ' +
      'nn.functional.feature_alpha_dropout nn.functional.fractional_max_pool2d nn.functional.fractional_max_pool3d ' +
      'nn.functional.multi_head_attention_forward nn.functional.rrelu nn.functional.scaled_dot_product_attention',
  ),
  // Private in PyTorch: litorch has them under the names of the registry only.
  ...same('torch.ops.aten', '_chunk_cat _unsafe_masked_index _unsafe_masked_index_put_accumulate'),
  ['_native_batch_norm_legit', nativeBatchNorm],
  ['_segment_reduce', 'torch.segment_reduce'],
  ...(['T', 'H', 'mT', 'mH'] as const).map((name): [string, Adapter] => [name, property(name)]),
  // The entry draws from the normal distribution.
  ['rand_like', 'torch.randn_like'],
  ['cauchy', method('cauchy_')],
  ['exponential', method('exponential_')],
  ['geometric', method('geometric_')],
  ['log_normal', method('log_normal_')],
  ['normal/in_place', method('normal_')],
  ['uniform', method('uniform_')],
  ['normal/number_mean', reflected('torch.normal')],
  ['einsum', ([tensors, equation]) => callPath('torch.einsum', [equation, tensors])],
  ['where', ([self, condition, other], kwargs) => callPath('torch.where', [condition, self, other], kwargs)],
  ['polygamma', polygamma('torch.polygamma')],
  ['special.polygamma', polygamma('torch.special.polygamma')],
  ['svd_lowrank', ofProduct('torch.svd_lowrank')],
  ['pca_lowrank', ofProduct('torch.pca_lowrank')],
  ['linalg.pinv/singular', ofProduct('torch.linalg.pinv')],
  [
    'linalg.lstsq/grad_oriented',
    (args, kwargs) => (callPath('torch.linalg.lstsq', args, kwargs) as unknown[]).slice(0, 2),
  ],
  ['resize_', ([x, shape]) => callPath('torch.Tensor.resize_', [clone(x), shape])],
  ['resize_as_', ([x, other]) => callPath('torch.resize_as_', [clone(x), other])],
  ['zero_', ([x]) => callPath('torch.zero_', [clone(x)])],
  [
    'nn.functional.embedding',
    ([weight, index], kwargs) => callPath('torch.nn.functional.embedding', [index, weight], kwargs),
  ],
  [
    'nn.functional.embedding_bag',
    ([weight, index], kwargs) => callPath('torch.nn.functional.embedding_bag', [index, weight], kwargs),
  ],
  ['max_pool2d_with_indices_backward', maxPool2dBackward],
  ['slice', 'torch.ops.aten.slice.Tensor'],
  ['__getitem__', getItem],
  // What commutes is the method itself.
  ['__radd__', method('add')],
  ['__rmul__', method('mul')],
  ['__rand__', method('bitwise_and')],
  ['__ror__', method('bitwise_or')],
  ['__rxor__', method('bitwise_xor')],
  ['__rmatmul__', reflected('torch.matmul')],
  ['__rsub__', 'torch.rsub'],
  ['__rdiv__', ([self, other]) => callPath('torch.mul', [callPath('torch.reciprocal', [self]), other])],
  ['__rmod__', reflected('torch.remainder')],
  ['__rpow__', reflected('torch.pow')],
]);

/** The registered operator has an argument for each of the three results. */
function nativeBatchNorm(args: readonly unknown[], { out, ...kwargs }: Kwargs): unknown {
  const path = 'torch.ops.aten._native_batch_norm_legit';
  if (out === undefined) return callPath(path, args, kwargs);
  const [first, save_mean, save_invstd] = out as Tensor[];
  return callPath(`${path}.out`, args, { ...kwargs, out: first, save_mean, save_invstd });
}

// As the entry itself: ones for the gradient of the pooled values.
function maxPool2dBackward(args: readonly unknown[], kwargs: Kwargs): unknown {
  const { kernel_size, stride = [], padding = [0], dilation = [1], ceil_mode = false, ...rest } = kwargs;
  const window = { kernel_size, stride, padding, dilation, ceil_mode };
  const pooled = callPath('torch.nn.functional.max_pool2d_with_indices', args, {
    ...window,
    ...rest,
    return_indices: true,
  });
  const [out, indices] = pooled as [Tensor, Tensor];
  const gradient = callPath('torch.ones_like', [out]);
  return callPath('torch.ops.aten.max_pool2d_with_indices_backward', [
    gradient,
    args[0],
    kernel_size,
    stride ?? kernel_size,
    padding,
    dilation,
    ceil_mode,
    indices,
  ]);
}

/** Calls an entry of op_db. */
export function callEntry(
  entry: { name: string; variant: string; path: string | null },
  args: readonly unknown[],
  kwargs: Kwargs,
): unknown {
  const adapter = table.get(`${entry.name}/${entry.variant}`) ?? table.get(entry.name) ?? entry.path;
  if (adapter === null) throw new Unsupported(`there is no adapter for ${entry.name}`);
  return typeof adapter === 'string' ? callPath(adapter, args, kwargs) : adapter(args, kwargs);
}
