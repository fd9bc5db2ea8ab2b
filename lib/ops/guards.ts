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

/** Walks lists side by side. */
const sameLength =
  (...names: [string, string]): Guard =>
  (given) => {
    const [a, b] = names.map((name) => lengthOf(given[name]));
    return a === b ? undefined : `Tensor lists must have the same number of tensors, got ${a} and ${b}`;
  };

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

const guards: Readonly<Record<string, Guard>> = {
  'aten::native_batch_norm': batchNorm('input', 'training', [], running),
  'aten::_native_batch_norm_legit': batchNorm('input', 'training', [], running),
  'aten::_native_batch_norm_legit.no_stats': (given) =>
    given.training === true ? batchNorm('input', true, [], [])(given) : 'without running statistics there is only training',
  'aten::native_batch_norm_backward': batchNorm('input', 'train', ['save_mean', 'save_invstd'], running),
  'aten::_batch_norm_impl_index_backward': batchNorm('input', 'train', ['save_mean', 'save_var_transform'], running),
  'aten::batch_norm_backward': batchNorm('input', 'update', ['save_mean', 'save_var'], running),

  'aten::_foreach_copy': sameLength('self', 'src'),
  'aten::_foreach_copy.out': first(sameLength('self', 'src'), sameLength('self', 'out')),
  'aten::_foreach_pow_.ScalarList': sameLength('self', 'exponent'),
  'aten::_foreach_pow.ScalarList': sameLength('self', 'exponent'),
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
  'aten::_nnpack_spatial_convolution': first(positive('stride'), atLeast(2, 'padding')),
};

/** The guard of an operator, named as it is registered (`aten::add.Tensor`), if it needs one. */
export function guardOf(name: string): Guard | undefined {
  return Object.hasOwn(guards, name) ? guards[name] : undefined;
}
