/**
 * Operators of libtorch that end the process, or read memory that is not theirs, where an argument is wrong: public
 * functions check before they call these, the operators themselves do not. Each rule names what libtorch leaves
 * unchecked (found in libtorch 2.13); a call that breaks it is refused with an error.
 */

import { Tensor } from '../tensor.js';
import { flashAttention, headsOfProjection } from './guards/attention.js';
import { slowConvolutionBackward, window } from './guards/convolutions.js';
import { ctcBackward, ctcTargets } from './guards/ctc.js';
import { cdistBackward, pdistBackward } from './guards/distances.js';
import {
  bagOffsets,
  cumulativeExtremes,
  embeddingBag,
  embeddingRows,
  indicesInto,
} from './guards/indices.js';
import {
  chunksToConcatenate,
  denseLists,
  fusedStep,
  listsOfOneLength,
  tensorsToConcatenate,
  tensorsToStack,
} from './guards/lists.js';
import {
  choleskySystem,
  exponent,
  finite,
  linearCombination,
  linearCombinationOut,
  pivots,
} from './guards/matrices.js';
import {
  linearLayer,
  linearWeight,
  packedLinear,
  rnnLayer,
  rnnLayerBackward,
  rnnLayerWeight,
  weightToPack,
} from './guards/mkldnn.js';
import {
  batchNorm,
  groupNorm,
  layerNormBackward,
  weightNorm,
  weightNormBackward,
  weightNormOfAnyDimension,
} from './guards/norms.js';
import {
  integersFrom,
  integralBeta,
  numbersToDraw,
  polynomialDegree,
  sobol,
  stepOfIntegers,
} from './guards/numbers.js';
import { binsToSearch, packed4Bit, quantizationSearch, rowsWithElements } from './guards/quantized.js';
import { gridGradient, scalesWithin } from './guards/resizing.js';
import { gatesOf, packedSequence, rnnWeights } from './guards/rnn.js';
import {
  atLeast,
  contiguous,
  dense,
  dimensions,
  first,
  type Guard,
  indicesBelow,
  notEmpty,
  notNegative,
  notNested,
  outOfType,
  positive,
  sameBatches,
  sameDtype,
  sameShape,
  shaped,
  stridesWithin,
} from './guards/rule.js';
import { segmentReduce, segmentReduceBackward } from './guards/segments.js';

import { rowPointers, sparseIndices } from './guards/sparse.js';

const running = ['running_mean', 'running_var'];
const fractional = (spatial: number): Guard =>
  first(indicesInto(spatial), atLeast(spatial, 'output_size', 'kernel_size'));
const batchDimensions: Guard = (given) => {
  const dims = Number(given.self_num_batch_dims ?? 0);
  const most = given.self instanceof Tensor ? given.self.ndim : 0;
  return dims >= 0 && dims <= most ? undefined : `argument 'self_num_batch_dims' must be from 0 to ${most}`;
};
const withoutStatistics: Guard = (given) =>
  given.training === true
    ? batchNorm('input', true, [], [])(given)
    : 'without running statistics there is only training';
const normBackward = (training: string, ...saved: string[]): Guard =>
  first(
    sameShape('input', 'grad_out', 'grad_output'),
    sameDtype('input', 'grad_out', 'grad_output'),
    batchNorm('input', training, saved, running),
  );
const averagePoolBackward = (spatial: number): Guard =>
  first(
    sameBatches(spatial, 'grad_output', 'self'),
    sameDtype('grad_output', 'self'),
    notEmpty('self', 'grad_output'),
  );
const nestedSizes = first(shaped('nested_size', 2, 'int64'), notEmpty('nested_size'));
const softmaxBackward = sameShape('grad_output', 'output');
/** Writes as many elements as there are, whatever the result's size. */
const noiseDrawn: Guard = (given) => (given.training === true ? sameShape('self', 'out')(given) : undefined);
const packedMatrix = (name: string): Guard => first(shaped(name, 2), notEmpty(name), dense(name));
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
  'aten::_native_batch_norm_legit.no_stats': withoutStatistics,
  'aten::_native_batch_norm_legit.no_stats_out': withoutStatistics,
  'aten::native_batch_norm_backward': normBackward('train', 'save_mean', 'save_invstd'),
  'aten::_batch_norm_impl_index_backward': normBackward('train', 'save_mean', 'save_var_transform'),
  'aten::batch_norm_backward': normBackward('update', 'save_mean', 'save_var'),

  'aten::_weight_norm': weightNormOfAnyDimension,
  'aten::_batch_norm_no_update.out': batchNorm('input', false, [], running),
  'aten::_native_batch_norm_legit.out': batchNorm('input', 'training', [], running),
  'aten::_native_batch_norm_legit_functional': batchNorm('input', 'training', [], running),
  'aten::_native_batch_norm_legit_no_training': batchNorm('input', false, [], running),
  'aten::_native_batch_norm_legit_no_training.out': batchNorm('input', false, [], running),
  'aten::batch_norm_update_stats': batchNorm('input', true, [], running),
  'aten::batch_norm_update_stats.out': batchNorm('input', true, [], running),
  'aten::_batch_norm_with_update': batchNorm('input', true, [], running),
  'aten::_batch_norm_with_update.out': batchNorm('input', true, [], running),
  'aten::_batch_norm_with_update_functional': batchNorm('input', true, [], running),
  'aten::native_batch_norm.out': batchNorm('input', 'training', [], running),
  'aten::native_batch_norm_backward.out': normBackward('train', 'save_mean', 'save_invstd'),
  'aten::_nested_compute_contiguous_strides_offsets': nestedSizes,
  'aten::rrelu_with_noise.out': noiseDrawn,
  'aten::_softmax_backward_data': softmaxBackward,
  'aten::_softmax_backward_data.out': softmaxBackward,
  'aten::_log_softmax_backward_data': softmaxBackward,
  'aten::_log_softmax_backward_data.out': softmaxBackward,
  'aten::_masked_softmax_backward': sameShape('grad_output', 'output', 'mask'),
  'aten::_masked_softmax_backward.out': sameShape('grad_output', 'output', 'mask'),
  'aten::smooth_l1_loss_backward': integralBeta,
  'aten::smooth_l1_loss_backward.grad_input': integralBeta,
  'aten::_cdist_backward': cdistBackward,
  'aten::_cdist_backward.out': cdistBackward,
  'aten::_pdist_backward': pdistBackward,
  'aten::_pdist_backward.out': pdistBackward,
  'aten::segment_reduce': segmentReduce,
  'aten::segment_reduce.out': segmentReduce,
  'aten::_segment_reduce_backward': segmentReduceBackward,
  'aten::_segment_reduce_backward.out': segmentReduceBackward,
  'aten::_compute_linear_combination': linearCombination,
  'aten::_compute_linear_combination.out': first(linearCombination, outOfType('input'), linearCombinationOut),
  'aten::_adaptive_avg_pool2d_backward': averagePoolBackward(2),
  'aten::_adaptive_avg_pool2d_backward.out': averagePoolBackward(2),
  'aten::_adaptive_avg_pool3d_backward': averagePoolBackward(3),
  'aten::_adaptive_avg_pool3d_backward.out': averagePoolBackward(3),
  'aten::adaptive_avg_pool3d_backward.grad_input': averagePoolBackward(3),
  'aten::fbgemm_pack_quantized_matrix': packedMatrix('input'),
  'aten::fbgemm_pack_quantized_matrix.KN': packedMatrix('input'),
  'aten::fbgemm_pack_gemm_matrix_fp16': packedMatrix('input'),
  'aten::_chunk_cat': chunksToConcatenate,
  'aten::_chunk_cat.out': chunksToConcatenate,

  'aten::scatter_add': dense('self', 'src'),
  'aten::scatter_add_': dense('self', 'src'),
  'aten::scatter_add.out': dense('self', 'src'),
  'aten::_upsample_bilinear2d_aa': scalesWithin,
  'aten::_upsample_bilinear2d_aa.out': scalesWithin,
  'aten::_upsample_bilinear2d_aa_backward': scalesWithin,
  'aten::_upsample_bilinear2d_aa_backward.grad_input': scalesWithin,
  'aten::_upsample_bicubic2d_aa': scalesWithin,
  'aten::_upsample_bicubic2d_aa.out': scalesWithin,
  'aten::_upsample_bicubic2d_aa_backward': scalesWithin,
  'aten::_upsample_bicubic2d_aa_backward.grad_input': scalesWithin,
  'aten::_upsample_lanczos2d_aa': scalesWithin,
  'aten::_upsample_lanczos2d_aa.out': scalesWithin,
  'aten::_upsample_lanczos2d_aa_backward': scalesWithin,
  'aten::_upsample_lanczos2d_aa_backward.grad_input': scalesWithin,
  'aten::grid_sampler_2d_backward': gridGradient,
  'aten::grid_sampler_2d_backward.out': gridGradient,
  'aten::grid_sampler_3d_backward': gridGradient,
  'aten::grid_sampler_3d_backward.out': gridGradient,
  'aten::_grid_sampler_2d_cpu_fallback_backward': gridGradient,
  'aten::trapz.dx': notNested('y'),
  'aten::trapz.x': notNested('y', 'x'),
  'aten::trapezoid.dx': notNested('y'),
  'aten::trapezoid.x': notNested('y', 'x'),
  'aten::cumulative_trapezoid.dx': notNested('y'),
  'aten::cumulative_trapezoid.x': notNested('y', 'x'),
  'aten::_pad_packed_sequence': packedSequence,
  'aten::_saturate_weight_to_fp16': first(notEmpty('weight'), dense('weight')),
  'aten::_lazy_clone': dense('self'),
  'aten::_lazy_clone.out': dense('self'),
  'aten::random.from': integersFrom,
  'aten::random.from_out': integersFrom,
  'aten::random_.from': integersFrom,
  'aten::binomial': numbersToDraw,
  'aten::binomial.out': numbersToDraw,
  'aten::fbgemm_linear_quantize_weight': packedMatrix('input'),

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
  'aten::_scaled_dot_product_flash_attention_for_cpu': flashAttention,
  'aten::_scaled_dot_product_flash_attention_for_cpu_backward': flashAttention,
  'aten::_transform_bias_rescale_qkv': headsOfProjection,
  'aten::_transform_bias_rescale_qkv.out': headsOfProjection,
  'aten::_dyn_quant_pack_4bit_weight': positive('block_size', 'in_features', 'out_features'),
  'aten::_dyn_quant_matmul_4bit': packed4Bit,
  'aten::_nnpack_spatial_convolution': nnpack,
  'aten::_nnpack_spatial_convolution.out': nnpack,
  'aten::native_layer_norm_backward': layerNormBackward,
  'aten::native_layer_norm_backward.out': layerNormBackward,
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
  'aten::embedding_bag': bagOffsets,
  'aten::embedding_bag.padding_idx': bagOffsets,
  'aten::_embedding_bag': bagOffsets,
  'aten::_embedding_bag.out': bagOffsets,
  'aten::_embedding_bag_forward_only': bagOffsets,
  'aten::_embedding_bag_forward_only.out': bagOffsets,
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
  'aten::max_pool1d': window,
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
  'aten::embedding_backward': (given) => (given.sparse === true ? undefined : embeddingRows(given)),
  'aten::embedding_dense_backward': embeddingRows,
  'aten::embedding_dense_backward.out': first(embeddingRows, outOfType('grad_output')),
  'aten::_logcumsumexp.out': outOfType('self'),
  'aten::_weight_norm_interface': weightNorm,
  'aten::_weight_norm_interface.out': first(weightNorm, outOfType('v', 'out0'), dense('out0', 'out1')),
  'aten::_weight_norm_interface_backward': weightNormBackward,
  'aten::_weight_norm_interface_backward.out': weightNormBackward,
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
  'inductor::_reinterpret_tensor': first(dense('self'), stridesWithin),
  'inductor::_alloc_from_pool': first(dense('self'), notNegative('offset_bytes'), stridesWithin),
  'onednn::linear_prepack_fp16': first(shaped('weight', 2), (given) =>
    given.x_shape ? atLeast(2, 'x_shape')(given) : undefined,
  ),
  'aten::_sparse_coo_tensor_unsafe': sparseIndices,
  'aten::_sparse_coo_tensor_with_dims_and_tensors': sparseIndices,
  'aten::_sparse_coo_tensor_with_dims_and_tensors.out': sparseIndices,
  'aten::cat.out': tensorsToConcatenate,
  'aten::concat.out': tensorsToConcatenate,
  'aten::concatenate.out': tensorsToConcatenate,

  'mkldnn::_reorder_mkldnn_rnn_layer_weight': first(
    (given) => (given.input_size ? atLeast(3, 'input_size')(given) : undefined),
    rnnLayerWeight,
  ),
  'aten::mkldnn_linear': linearLayer,
  'aten::mkldnn_linear.out': linearLayer,
  'aten::mkldnn_rnn_layer': rnnLayer,
  'aten::mkldnn_rnn_layer.out': rnnLayer,
  'aten::mkldnn_rnn_layer_backward': rnnLayerBackward,
  'aten::mkldnn_rnn_layer_backward.out': rnnLayerBackward,
  'mkl::_mkl_reorder_linear_weight': linearWeight,
  'mkldnn::_linear_pointwise': shaped('W', 2),
  'mkldnn::_linear_pointwise.binary': shaped('W', 2),
  'onednn::qlinear_pointwise': packedLinear,
  'onednn::qlinear_pointwise.tensor': packedLinear,
  'onednn::qlinear_pointwise.binary': packedLinear,
  'onednn::qlinear_pointwise.binary_tensor': packedLinear,
  'aten::matrix_power': exponent,
  'aten::matrix_power.out': exponent,
  'aten::linalg_matrix_power': exponent,
  'aten::linalg_matrix_power.out': exponent,
  'quantized::embedding_bag_byte_prepack': rowsWithElements,
  'quantized::embedding_bag_4bit_prepack': first(rowsWithElements, binsToSearch),
  'quantized::embedding_bag_2bit_prepack': first(rowsWithElements, binsToSearch),
  'quantized::embedding_bag_4bit_prepack_with_rowwise_min_max': first(rowsWithElements, binsToSearch),
  'quantized::embedding_bag_2bit_prepack_with_rowwise_min_max': first(rowsWithElements, binsToSearch),
  'quantized::embedding_bag_byte_prepack_with_rowwise_min_max': rowsWithElements,
  'quantization::_FloatToBfloat16Quantized': contiguous('input'),
  'quantization::_Bfloat16QuantizedToFloat': contiguous('input'),
  'quantized::make_quantized_cell_params': first(packedMatrix('w_ih'), packedMatrix('w_hh')),
  'onednn::qlinear_prepack': weightToPack(2),
  'onednn::qconv_prepack': weightToPack(3),
  'static_runtime::embedding_bag': bagOffsets,
  'static_runtime::embedding_bag.padding_idx': bagOffsets,
  '_quantized::linear_prepack_fp16': shaped('W', 2, 'float32'),
  'quantized::linear_prepack_fp16': shaped('W', 2, 'float32'),
};

/** The guard of an operator, named as it is registered (`aten::add.Tensor`), if it needs one. */
export function guardOf(name: string): Guard | undefined {
  if (Object.hasOwn(guards, name)) return guards[name];
  if (name.startsWith('aten::_foreach_')) return listsOfOneLength;
  if (/^aten::_fused_(adam|adamw|adagrad|sgd)_?(\.|$)/.test(name)) return fusedStep;
  return /^aten::special_\w+_polynomial_/.test(name) ? polynomialDegree : undefined;
}
