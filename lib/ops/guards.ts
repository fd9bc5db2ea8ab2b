/**
 * Operators of libtorch that end the process, or read memory that is not theirs, where an argument is wrong: public
 * functions check before they call these, the operators themselves do not. Each rule names what libtorch leaves
 * unchecked (found in libtorch 2.13); a call that breaks it is refused with an error.
 */

import { Tensor } from '../tensor.js';
import {
  atLeast,
  batchNorm,
  choleskySystem,
  ctcBackward,
  ctcTargets,
  cumulativeExtremes,
  dense,
  denseLists,
  dimensions,
  embeddingBag,
  embeddingRows,
  finite,
  first,
  type Guard,
  gatesOf,
  groupNorm,
  indicesBelow,
  indicesInto,
  listsOfOneLength,
  notNegative,
  outOfType,
  pivots,
  positive,
  quantizationSearch,
  rnnWeights,
  rowPointers,
  shaped,
  slowConvolutionBackward,
  sobol,
  sparseIndices,
  stepOfIntegers,
  stridesWithin,
  tensorsToConcatenate,
  tensorsToStack,
  weightNorm,
} from './guardRules.js';

const running = ['running_mean', 'running_var'];
const fractional = (spatial: number): Guard =>
  first(indicesInto(spatial), atLeast(spatial, 'output_size', 'kernel_size'));
const batchDimensions: Guard = (given) => {
  const dims = Number(given.self_num_batch_dims ?? 0);
  const most = given.self instanceof Tensor ? given.self.ndim : 0;
  return dims >= 0 && dims <= most ? undefined : `argument 'self_num_batch_dims' must be from 0 to ${most}`;
};
const denseCopy = dense('self', 'src');
const nnpack = first(
  shaped('input', 4, 'float32'),
  shaped('weight', 4, 'float32'),
  positive('stride'),
  atLeast(2, 'padding'),
);

const guards: Readonly<Record<string, Guard>> = {
  'aten::native_batch_norm': batchNorm('input', 'training', [], running),
  'aten::_native_batch_norm_legit': batchNorm('input', 'training', [], running),
  'aten::_native_batch_norm_legit.no_stats': (given) =>
    given.training === true
      ? batchNorm('input', true, [], [])(given)
      : 'without running statistics there is only training',
  'aten::native_batch_norm_backward': batchNorm('input', 'train', ['save_mean', 'save_invstd'], running),
  'aten::_batch_norm_impl_index_backward': batchNorm(
    'input',
    'train',
    ['save_mean', 'save_var_transform'],
    running,
  ),
  'aten::batch_norm_backward': batchNorm('input', 'update', ['save_mean', 'save_var'], running),

  'aten::_stack': tensorsToStack,
  'aten::_stack.out': tensorsToStack,
  'aten::quantized_lstm_cell': atLeast(2, 'hx'),

  'aten::_neg_view': dense('self'),
  'aten::_neg_view_copy': dense('self'),
  'aten::_neg_view_copy.out': dense('self'),
  'aten::copy': denseCopy,
  'aten::copy.out': denseCopy,

  'aten::_new_zeros_with_same_feature_meta': batchDimensions,
  'aten::_new_zeros_with_same_feature_meta.out': batchDimensions,
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
  'aten::_convert_indices_from_csr_to_coo': rowPointers,
  'aten::_convert_indices_from_csr_to_coo.out': rowPointers,
  'aten::_convert_indices_from_coo_to_csr': indicesBelow('self', 'size'),
  'aten::_convert_indices_from_coo_to_csr.out': indicesBelow('self', 'size'),

  'aten::lstm.input': rnnWeights(4, true),
  'aten::gru.input': rnnWeights(3, false),
  'aten::rnn_tanh.input': rnnWeights(1, false),
  'aten::rnn_relu.input': rnnWeights(1, false),
  'aten::lstm.data': rnnWeights(4, true),
  'aten::gru.data': rnnWeights(3, false),
  'aten::rnn_tanh.data': rnnWeights(1, false),
  'aten::rnn_relu.data': rnnWeights(1, false),

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

  'aten::_thnn_differentiable_gru_cell_backward': gatesOf(3, 'input_gates', 'hidden_gates'),
  'aten::_thnn_differentiable_lstm_cell_backward': gatesOf(4, 'input_gates', 'hidden_gates'),
  'aten::_sobol_engine_draw': sobol('quasi', 'sobolstate'),
  'aten::_sobol_engine_ff_': sobol('sobolstate'),
  'aten::_sobol_engine_scramble_': sobol('self', 'ltm'),
  'aten::_sobol_engine_initialize_state_': sobol('self'),
  'aten::_embedding_bag_backward': embeddingBag,
  'aten::_embedding_bag_dense_backward': embeddingBag,
  'aten::_embedding_bag_dense_backward.out': embeddingBag,
  'aten::_embedding_bag_sparse_backward': embeddingBag,
  'aten::_embedding_bag_per_sample_weights_backward': embeddingBag,
  'aten::_embedding_bag_per_sample_weights_backward.out': embeddingBag,
  'aten::ctc_loss.IntList': ctcTargets,
  'aten::ctc_loss.Tensor': ctcTargets,
  'aten::_ctc_loss': ctcTargets,
  'aten::_ctc_loss.Tensor': ctcTargets,
  'aten::_ctc_loss.out': ctcTargets,
  'aten::_ctc_loss.Tensor_out': ctcTargets,
  'aten::max_pool2d_with_indices_backward': indicesInto(2),
  'aten::max_pool2d_with_indices_backward.grad_input': indicesInto(2),
  'aten::max_pool3d_with_indices_backward': indicesInto(3),
  'aten::max_pool3d_with_indices_backward.grad_input': indicesInto(3),
  'aten::adaptive_max_pool2d_backward': indicesInto(2),
  'aten::adaptive_max_pool2d_backward.grad_input': indicesInto(2),
  'aten::adaptive_max_pool3d_backward': indicesInto(3),
  'aten::adaptive_max_pool3d_backward.grad_input': indicesInto(3),
  'aten::fractional_max_pool2d_backward': fractional(2),
  'aten::fractional_max_pool2d_backward.grad_input': fractional(2),
  'aten::fractional_max_pool3d_backward': fractional(3),
  'aten::fractional_max_pool3d_backward.grad_input': fractional(3),
  'aten::choose_qparams_optimized': quantizationSearch,
  'aten::_batch_norm_no_update': batchNorm('input', false, [], running),
  'aten::_foreach_copy': first(listsOfOneLength, denseLists),
  'aten::_foreach_copy.out': first(listsOfOneLength, denseLists),
  'aten::linalg_eigvals': finite('self'),
  'aten::linalg_eigvals.out': finite('self'),
  'aten::_linalg_eigvals': finite('self'),
  'aten::_linalg_eigvals.out': finite('self'),
  'aten::_slow_conv2d_backward.grad_input': slowConvolutionBackward,
  'aten::_slow_conv2d_backward.output_mask': slowConvolutionBackward,
  'aten::_slow_conv2d_backward.output_mask_out': slowConvolutionBackward,
  'aten::_pdist_forward': shaped('self', 2),
  'aten::_pdist_forward.out': shaped('self', 2),
  'aten::_cummax_helper': cumulativeExtremes,
  'aten::_cummin_helper': cumulativeExtremes,
  'aten::lu_unpack': pivots,
  'aten::lu_unpack.out': pivots,
  'aten::embedding_dense_backward': embeddingRows,
  'aten::embedding_dense_backward.out': first(embeddingRows, outOfType('grad_output')),
  'aten::_logcumsumexp.out': outOfType('self'),
  'aten::_weight_norm_interface': weightNorm,
  'aten::_weight_norm_interface.out': first(weightNorm, outOfType('v', 'out0'), dense('out0', 'out1')),
  'aten::_weight_norm_interface_backward': weightNorm,
  'aten::_reshape_alias': stridesWithin,
  'aten::_reshape_alias_copy': stridesWithin,
  'aten::_reshape_alias_copy.out': stridesWithin,
  'aten::view_copy.dtype': dense('self'),
  'aten::view_copy.dtype_out': dense('self'),
  'aten::_cholesky_solve_helper': choleskySystem,
  'aten::_cholesky_solve_helper.out': choleskySystem,
  'aten::_ctc_loss_backward': ctcBackward,
  'aten::_ctc_loss_backward.Tensor': ctcBackward,
  'aten::_ctc_loss_backward.out': ctcBackward,
  'inductor::_reinterpret_tensor': stridesWithin,
  'inductor::_alloc_from_pool': (given) =>
    first(notNegative('offset_bytes'), stridesWithin)({ ...given, offset_increment: given.offset_bytes }),
  'onednn::linear_prepack_fp16': first(shaped('weight', 2), (given) =>
    given.x_shape ? atLeast(2, 'x_shape')(given) : undefined,
  ),
  'aten::_sparse_coo_tensor_unsafe': sparseIndices,
  'aten::_sparse_coo_tensor_with_dims_and_tensors': sparseIndices,
  'aten::_sparse_coo_tensor_with_dims_and_tensors.out': sparseIndices,
  'aten::cat.out': tensorsToConcatenate,
  'aten::concat.out': tensorsToConcatenate,
  'aten::concatenate.out': tensorsToConcatenate,

  'mkldnn::_reorder_mkldnn_rnn_layer_weight': (given) =>
    given.input_size ? atLeast(3, 'input_size')(given) : undefined,
  '_quantized::linear_prepack_fp16': shaped('W', 2, 'float32'),
  'quantized::linear_prepack_fp16': shaped('W', 2, 'float32'),
};

/** The guard of an operator, named as it is registered (`aten::add.Tensor`), if it needs one. */
export function guardOf(name: string): Guard | undefined {
  if (Object.hasOwn(guards, name)) return guards[name];
  return name.startsWith('aten::_foreach_') ? listsOfOneLength : undefined;
}
