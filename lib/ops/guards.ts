/**
 * Operators of libtorch that end the process, or read memory that is not theirs, where an argument is wrong: public
 * functions check before they call these, the operators themselves do not. Each guard names what libtorch leaves
 * unchecked (found in libtorch 2.13) and refuses such calls with an error.
 */
import { Tensor } from '../tensor.js';

/** An operator's arguments by their registered names, as the caller gave them. */
export type Given = Readonly<Record<string, unknown>>;
/** Why an operator is not called, or undefined where it may be. */
export type Guard = (given: Given) => string | undefined;

const tensorOf = (value: unknown): Tensor | undefined => (value instanceof Tensor ? value : undefined);
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const numbersOf = (value: unknown): number[] => (Array.isArray(value) ? value : [value ?? 1]).map(Number);

function first(...guards: Guard[]): Guard {
  return (given) => {
    for (const guard of guards) {
      const problem = guard(given);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

/** Divides by these. */
const positive =
  (...names: string[]): Guard =>
  (given) => {
    const name = names.find((candidate) => given[candidate] !== undefined && !numbersOf(given[candidate]).every((n) => n > 0));
    return name === undefined ? undefined : `argument '${name}' must be positive`;
  };

const notNegative =
  (...names: string[]): Guard =>
  (given) => {
    const name = names.find((candidate) => Number(given[candidate] ?? 0) < 0);
    return name === undefined ? undefined : `argument '${name}' must not be negative`;
  };

/** Takes the first of a list, or the second. */
const atLeast =
  (count: number, ...names: string[]): Guard =>
  (given) => {
    const name = names.find((candidate) => lengthOf(given[candidate]) < count);
    return name === undefined ? undefined : `argument '${name}' must have at least ${count} elements`;
  };

/** Walks lists side by side; the messages are libtorch's, which checks most of the time. */
const listsOfOneLength: Guard = (given) => {
  const length = lengthOf(given.self);
  for (const [name, list] of Object.entries(given)) {
    if (!Array.isArray(list) || list.length === length) continue;
    return list[0] instanceof Tensor || name === 'out'
      ? `Tensor lists must have the same number of tensors, got ${length} and ${list.length}`
      : 'Tensor list must have same number of elements as scalar list.';
  }
  return undefined;
};

/** Looks up sizes and strides by these dimensions, as they are. */
const dimensions =
  (...names: string[]): Guard =>
  (given) => {
    const tensor = tensorOf(given.self);
    if (tensor === undefined) return undefined;
    const { ndim } = tensor;
    for (const name of names) {
      const wrong = numbersOf(given[name]).find((dim) => !(dim >= 0 && dim < ndim));
      if (wrong !== undefined) return `argument '${name}': dimension ${wrong} is not among the ${ndim} of the tensor`;
    }
    return undefined;
  };

/** Reads an array of one type whatever the tensor's. */
const shaped =
  (name: string, ndim: number, dtype?: string): Guard =>
  (given) => {
    const tensor = tensorOf(given[name]);
    if (tensor === undefined) return undefined;
    if (tensor.ndim !== ndim) return `argument '${name}' must have ${ndim} dimensions, not ${tensor.ndim}`;
    if (dtype === undefined || tensor.dtype.name === dtype) return undefined;
    return `argument '${name}' must be of ${dtype}, not ${tensor.dtype.name}`;
  };

/** Writes at places that the elements name. */
const indicesBelow =
  (indices: string, size: string): Guard =>
  (given) => {
    const tensor = tensorOf(given[indices]);
    if (tensor === undefined || tensor.isMeta || tensor.dtype.isFloatingPoint || tensor.dtype.isComplex) return undefined;
    const limit = Number(given[size]);
    for (const index of tensor.toTypedArray()) {
      if (index < 0 || index >= limit) return `argument '${indices}': index ${index} is out of range of ${limit}`;
    }
    return undefined;
  };

/** Takes weights from the list by layer and direction. */
function rnnWeights(mayProject: boolean): Guard {
  return (given) => {
    if (!Array.isArray(given.params)) return undefined;
    const perLayer = given.has_biases === true ? 4 : 2;
    const cells = Number(given.num_layers) * (given.bidirectional === true ? 2 : 1);
    const wanted = [cells * perLayer, ...(mayProject ? [cells * (perLayer + 1)] : [])];
    if (cells > 0 && wanted.includes(given.params.length)) return undefined;
    return `got an incorrect number of RNN parameters: ${given.params.length}, not ${wanted.join(' or ')}`;
  };
}

/** Divides a channel count by the groups, and reads as many weights as there are channels. */
const groupNorm: Guard = (given) => {
  const tensor = tensorOf(given.input ?? given.X);
  const [n, c, size, group] = [given.N, given.C, given.HxW, given.group].map(Number) as [number, number, number, number];
  if (!(group > 0) || !(c > 0) || !(n >= 0) || !(size >= 0) || c % group !== 0) {
    return `Expected number of channels in input to be divisible by num_groups, but got ${c} channels and num_groups=${group}`;
  }
  if (tensor !== undefined && tensor.numel() !== n * c * size) return `the input has ${tensor.numel()} elements, not ${n * c * size}`;
  for (const name of ['weight', 'bias', 'gamma']) {
    const count = tensorOf(given[name])?.numel();
    if (count !== undefined && count !== c) return `argument '${name}' should contain ${c} elements, not ${count}`;
  }
  return undefined;
};

/** Makes an integer of the step and divides by it. */
function stepOfIntegers(dtype: string): Guard {
  return (given) => {
    const type = given[dtype] instanceof Tensor ? given[dtype].dtype : (given[dtype] as Tensor['dtype'] | undefined);
    if (type === undefined || type === null || type.isFloatingPoint || type.isComplex) return undefined;
    return Math.trunc(Number(given.step ?? 1)) === 0 ? 'step must be nonzero' : undefined;
  };
}

/** Reads strides or data that such a tensor has not. */
const dense =
  (...names: string[]): Guard =>
  (given) => {
    const name = names.find((candidate) => {
      const tensor = tensorOf(given[candidate]);
      return tensor !== undefined && (tensor.layout.name !== 'strided' || tensor.dtype.name.startsWith('q'));
    });
    return name === undefined ? undefined : `argument '${name}' must be a dense tensor that is not quantized`;
  };

/** Reads as many statistics as there are channels, whether they are given or not. */
function batchNorm(input: string, training: string | boolean, inTraining: readonly string[], otherwise: readonly string[]): Guard {
  return (given) => {
    const tensor = tensorOf(given[input]);
    if (tensor === undefined) return undefined;
    if (tensor.ndim < 2) return `argument '${input}' must have at least 2 dimensions`;
    const channels = tensor.size(1);
    const needed = (typeof training === 'string' ? given[training] : training) === true ? inTraining : otherwise;
    for (const name of new Set([...needed, ...inTraining, ...otherwise, 'weight', 'bias'])) {
      const statistics = tensorOf(given[name]);
      if (statistics === undefined) {
        if (needed.includes(name)) return `argument '${name}' is needed for ${given[training as string] === true ? 'training' : 'evaluation'}`;
      } else if (statistics.numel() !== channels) {
        return `argument '${name}' should contain ${channels} elements, not ${statistics.numel()}`;
      }
    }
    return undefined;
  };
}

const running = ['running_mean', 'running_var'];
const denseCopy = dense('self', 'src');
const nnpack = first(shaped('input', 4, 'float32'), shaped('weight', 4, 'float32'), positive('stride'), atLeast(2, 'padding'));

const guards: Readonly<Record<string, Guard>> = {
  'aten::native_batch_norm': batchNorm('input', 'training', [], running),
  'aten::_native_batch_norm_legit': batchNorm('input', 'training', [], running),
  'aten::_native_batch_norm_legit.no_stats': (given) =>
    given.training === true ? batchNorm('input', true, [], [])(given) : 'without running statistics there is only training',
  'aten::native_batch_norm_backward': batchNorm('input', 'train', ['save_mean', 'save_invstd'], running),
  'aten::_batch_norm_impl_index_backward': batchNorm('input', 'train', ['save_mean', 'save_var_transform'], running),
  'aten::batch_norm_backward': batchNorm('input', 'update', ['save_mean', 'save_var'], running),

  'aten::_stack': atLeast(1, 'tensors'),
  'aten::_stack.out': atLeast(1, 'tensors'),
  'aten::quantized_lstm_cell': atLeast(2, 'hx'),

  'aten::_neg_view': dense('self'),
  'aten::_neg_view_copy': dense('self'),
  'aten::_neg_view_copy.out': dense('self'),
  'aten::copy': denseCopy,
  'aten::copy.out': denseCopy,

  'aten::_new_zeros_with_same_feature_meta': notNegative('self_num_batch_dims'),
  'aten::_new_zeros_with_same_feature_meta.out': notNegative('self_num_batch_dims'),
  'aten::_transform_bias_rescale_qkv': positive('num_heads'),
  'aten::_transform_bias_rescale_qkv.out': positive('num_heads'),
  'aten::_dyn_quant_pack_4bit_weight': positive('block_size', 'in_features', 'out_features'),
  'aten::_dyn_quant_matmul_4bit': positive('block_size', 'in_features', 'out_features'),
  'aten::_nnpack_spatial_convolution': nnpack,
  'aten::_nnpack_spatial_convolution.out': nnpack,
  'aten::native_group_norm': groupNorm,
  'aten::native_group_norm.out': groupNorm,
  'aten::native_group_norm_backward': groupNorm,
  'aten::native_group_norm_backward.out': groupNorm,
  'aten::range': stepOfIntegers('dtype'),
  'aten::range.step': stepOfIntegers('dtype'),
  'aten::range.out': stepOfIntegers('out'),
  'aten::range.out_': stepOfIntegers('out'),

  'aten::_fft_c2r': dimensions('dim'),
  'aten::_fft_c2r.out': dimensions('dim'),
  'aten::_fft_r2c': dimensions('dim'),
  'aten::_fft_r2c.out': dimensions('dim'),
  'aten::_fft_c2c': dimensions('dim'),
  'aten::_fft_c2c.out': dimensions('dim'),
  'aten::_remove_batch_dim': dimensions('out_dim'),
  'aten::_convert_indices_from_coo_to_csr': indicesBelow('self', 'size'),
  'aten::_convert_indices_from_coo_to_csr.out': indicesBelow('self', 'size'),

  'aten::lstm.input': rnnWeights(true),
  'aten::gru.input': rnnWeights(false),
  'aten::rnn_tanh.input': rnnWeights(false),
  'aten::rnn_relu.input': rnnWeights(false),
  'aten::lstm.data': rnnWeights(true),
  'aten::gru.data': rnnWeights(false),
  'aten::rnn_tanh.data': rnnWeights(false),
  'aten::rnn_relu.data': rnnWeights(false),

  'aten::reflection_pad1d_backward': atLeast(2, 'padding'),
  'aten::reflection_pad1d_backward.grad_input': atLeast(2, 'padding'),
  'aten::reflection_pad2d_backward': atLeast(4, 'padding'),
  'aten::reflection_pad2d_backward.grad_input': atLeast(4, 'padding'),
  'aten::reflection_pad3d_backward': atLeast(6, 'padding'),
  'aten::reflection_pad3d_backward.grad_input': atLeast(6, 'padding'),
  'aten::replication_pad1d_backward': atLeast(2, 'padding'),
  'aten::replication_pad1d_backward.grad_input': atLeast(2, 'padding'),
  'aten::replication_pad2d_backward': atLeast(4, 'padding'),
  'aten::replication_pad2d_backward.grad_input': atLeast(4, 'padding'),
  'aten::replication_pad3d_backward': atLeast(6, 'padding'),
  'aten::replication_pad3d_backward.grad_input': atLeast(6, 'padding'),

  'mkldnn::_reorder_mkldnn_rnn_layer_weight': (given) => (given.input_size ? atLeast(3, 'input_size')(given) : undefined),
  '_quantized::linear_prepack_fp16': shaped('W', 2, 'float32'),
  'quantized::linear_prepack_fp16': shaped('W', 2, 'float32'),
};

/** The guard of an operator, named as it is registered (`aten::add.Tensor`), if it needs one. */
export function guardOf(name: string): Guard | undefined {
  if (name.startsWith('aten::_foreach_')) return listsOfOneLength;
  return Object.hasOwn(guards, name) ? guards[name] : undefined;
}
