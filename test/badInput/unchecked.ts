/** Calls that would end the process, or write beyond a tensor's memory, if litorch did not look (lib/ops/guards.ts). */
import torch, { type Tensor } from '../../lib/index.js';
import { type BadCall, bad, type loose } from './badCall.js';

const { aten, mkldnn } = torch.ops as Record<string, ReturnType<typeof loose>>;
const T = (...size: number[]): Tensor => torch.ones(size);
const ints = (...values: number[]): Tensor => torch.tensor(values, { dtype: torch.int64 });
const int32 = (...values: number[]): Tensor => torch.tensor(values, { dtype: torch.int32 });
const complex = (...size: number[]): Tensor => torch.ones(size, { dtype: torch.complex64 });
const nan = (): Tensor => torch.full([3, 3], Number.NaN);
const rnn = (kind: string, hidden: Tensor | Tensor[], params: Tensor[]): unknown =>
  aten[kind].input(T(1, 1, 5), hidden, params, false, 1, 0, false, false, false);
const packed = (kind: string, hidden: Tensor | Tensor[], gates: number): unknown =>
  aten[kind].data(T(3, 5), ints(), hidden, [T(gates * 2, 5), T(gates * 2, 2)], false, 1, 0, false, false);

export const uncheckedCalls: BadCall[] = [
  bad(
    'batch norm for evaluation without statistics',
    'TorchError',
    /'running_mean' is needed for evaluation/,
    () => aten.native_batch_norm(T(3, 3, 3), null, null, null, null, false, 0.1, 1e-5),
  ),
  bad('batch norm without statistics, not for training', 'TorchError', /there is only training/, () =>
    aten._native_batch_norm_legit.no_stats(T(3, 3, 3), null, null, false, 0.1, 1e-5),
  ),
  bad(
    'batch norm with one weight for three channels',
    'TorchError',
    /'weight' should contain 3 elements, not 1/,
    () => aten.native_batch_norm(T(3, 3, 3), T(1), T(3), null, null, true, 0.1, 1e-5),
  ),
  bad(
    'batch norm backward without what the forward pass saved',
    'TorchError',
    /'save_mean' is needed for training/,
    () =>
      aten.native_batch_norm_backward(T(3, 3, 3), T(3, 3, 3), null, null, null, null, null, true, 1e-5, [
        true,
        true,
        true,
      ]),
  ),
  bad('group norm of no groups', 'TorchError', /divisible by num_groups.*num_groups=0/, () =>
    aten.native_group_norm(T(2, 4), null, null, 2, 4, 1, 0, 1e-5),
  ),
  bad(
    'group norm of sizes that are not the tensor’s',
    'TorchError',
    /the input has 8 elements, not 4000/,
    () => aten.native_group_norm(T(2, 4), null, null, 1000, 4, 1, 2, 1e-5),
  ),
  bad(
    'a foreach over a shorter list of sources',
    'TorchError',
    /must have the same number of tensors, got 1 and 2/,
    () => aten._foreach_copy([T(2)], [T(2), T(2)]),
  ),
  bad(
    'a foreach over a shorter list of numbers',
    'TorchError',
    /must have same number of elements as scalar list/,
    () => aten._foreach_div_.ScalarList([torch.ones([1], { requiresGrad: true }), T(2)], []),
  ),
  bad('a stack of nothing', 'TorchError', /stack expects a non-empty TensorList/, () => aten._stack([], 0)),
  bad(
    'a concatenation of nothing into a quantized tensor',
    'TorchError',
    /expected a non-empty list of Tensors/,
    () => aten.cat.out([], 0, { out: torch.quantizePerTensor(T(2), 0.1, 0, torch.quint8) }),
  ),
  bad('an LSTM cell of one state', 'TorchError', /'hx' must have at least 2 elements/, () =>
    aten.quantized_lstm_cell(T(2), [T(2)], T(2), T(2), T(2), T(2), T(2), T(2), T(2), T(2), 1, 1, 1, 1),
  ),
  bad('an LSTM of too few weights', 'TorchError', /incorrect number of RNN parameters: 0/, () =>
    rnn('lstm', [T(1, 1, 2), T(1, 1, 2)], []),
  ),
  bad(
    'an LSTM of weights without four gates',
    'TorchError',
    /weight 0 has 2 rows, which is no multiple of 4/,
    () => rnn('lstm', [T(1, 1, 2), T(1, 1, 2)], [T(2, 5), T(2, 2)]),
  ),
  bad(
    'a GRU of weights without three gates',
    'TorchError',
    /weight 0 has 2 rows, which is no multiple of 3/,
    () => rnn('gru', T(1, 1, 2), [T(2, 5), T(2, 2)]),
  ),
  bad('a packed LSTM of no batches', 'TorchError', /'batch_sizes' must not be empty/, () =>
    packed('lstm', [T(1, 1, 2), T(1, 1, 2)], 4),
  ),
  bad('a packed GRU of no batches', 'TorchError', /'batch_sizes' must not be empty/, () =>
    packed('gru', T(1, 1, 2), 3),
  ),
  bad(
    'a GRU cell backward of too few gates',
    'TorchError',
    /'input_gates' must have 2 dimensions, the second a multiple of 3/,
    () => aten._thnn_differentiable_gru_cell_backward(T(1, 2), T(1, 2), T(1, 2), T(1, 2), null, null),
  ),
  bad('an LSTM cell backward of too few gates', 'TorchError', /multiple of 4/, () =>
    aten._thnn_differentiable_lstm_cell_backward(
      T(1, 2),
      T(1, 2),
      T(1, 2),
      T(1, 2),
      null,
      null,
      T(1, 2),
      T(1, 2),
    ),
  ),
  bad(
    'a negated view of a quantized tensor',
    'TorchError',
    /'self' must be a dense tensor that is not quantized/,
    () => aten._neg_view(torch.quantizePerTensor(T(2), 0.1, 3, torch.quint8)),
  ),
  bad('a copy of a sparse tensor’s layout', 'TorchError', /'self' must be a dense tensor/, () =>
    aten.copy(torch.eye(3).toSparseCsr(), torch.eye(3)),
  ),
  bad(
    'a Fourier transform of a dimension that is not',
    'TorchError',
    /'dim': dimension 5 is not among the 2 of the tensor/,
    () => aten._fft_c2r(complex(2, 3), [5], 0, 3),
  ),
  bad('a Fourier transform of a negative dimension', 'TorchError', /dimension -7 is not among the 2/, () =>
    aten._fft_c2c(complex(2, 3), [-7], 0, true),
  ),
  bad('attention of no heads', 'TorchError', /'num_heads' must be positive/, () =>
    aten._transform_bias_rescale_qkv(T(2, 3, 6), T(6), 0),
  ),
  bad('a 4-bit matrix in blocks of none', 'TorchError', /'block_size' must be positive/, () =>
    aten._dyn_quant_pack_4bit_weight(torch.zeros([2, 3], { dtype: torch.uint8 }), T(2), null, 0, 2, 2),
  ),
  bad('an NNPACK convolution with a stride of none', 'TorchError', /'stride' must be positive/, () =>
    aten._nnpack_spatial_convolution(T(1, 2, 5, 5), T(2, 2, 3, 3), null, [0, 0], [0, 0]),
  ),
  bad('an NNPACK convolution without padding', 'TorchError', /'padding' must have at least 2 elements/, () =>
    aten._nnpack_spatial_convolution(T(1, 2, 5, 5), T(2, 2, 3, 3), null, [], [1, 1]),
  ),
  bad('a range of integers in steps of a half', 'TorchError', /step must be nonzero/, () =>
    torch.range(0, 3, 0.5, { dtype: torch.int64 }),
  ),
  bad('a padding backward without padding', 'TorchError', /'padding' must have at least 4 elements/, () =>
    aten.reflection_pad2d_backward(T(1, 2, 5, 5), T(1, 2, 3, 3), []),
  ),
  bad('row indices beyond the rows', 'TorchError', /'self': index 7 is out of range of 4/, () =>
    aten._convert_indices_from_coo_to_csr(ints(7), 4),
  ),
  bad(
    'a pooling backward to places beyond the image',
    'TorchError',
    /'indices': index 1000000 is out of range of 16/,
    () =>
      aten.max_pool2d_with_indices_backward(
        T(1, 1, 2, 2),
        T(1, 1, 4, 4),
        [2, 2],
        [2, 2],
        [0, 0],
        [1, 1],
        false,
        torch.full([1, 1, 2, 2], 1_000_000),
      ),
  ),
  bad(
    'a bag of embeddings backward to rows beyond the table',
    'TorchError',
    /'indices': index 9 is out of range of 3/,
    () => aten._embedding_bag_dense_backward(T(1, 2), ints(9), ints(0), ints(1), ints(0), 3, false, 0, null),
  ),
  bad('an embedding backward with a row too few', 'TorchError', /must have a row for each index/, () =>
    aten.embedding_dense_backward(T(1, 2), ints(0, 1), 3, -1, false),
  ),
  bad('a CTC loss of a class that is not', 'TorchError', /'targets': index 9 is out of range of 3/, () =>
    torch.ctcLoss(T(2, 1, 3), torch.tensor([[9n]]), ints(2), ints(1)),
  ),
  bad(
    'a sparse tensor with an index beyond its size',
    'TorchError',
    /size is inconsistent with indices: for dim 0, size is 2 but found index 9/,
    () => torch.sparseCooTensor(torch.tensor([[9n]]), T(1), [2]),
  ),
  bad(
    'a sparse tensor made unsafely with an index beyond its size',
    'TorchError',
    /index 9 is out of range of 2/,
    () => aten._sparse_coo_tensor_unsafe(torch.tensor([[9n]]), T(1), [2]),
  ),
  bad(
    'a compressed sparse tensor with pointers beyond its values',
    'TorchError',
    /crow_indices|invariant/i,
    () => torch.sparseCsrTensor(ints(0, 100), ints(0), T(1), [1, 2]),
  ),
  bad('a matrix to the power of the least integer', 'TorchError', /'n' must be greater than -2\^63/, () =>
    torch.matrixPower(torch.eye(2), -(2n ** 63n)),
  ),
  bad(
    'rows of no elements packed',
    'TorchError',
    /'weight' must have at least 2 dimensions and elements/,
    () => torch.ops.quantized.embedding_bag_4bit_prepack(T(2, 2, 0)),
  ),
  bad('eigenvalues of NaN', 'TorchError', /'self' should not contain infs or NaNs/, () =>
    torch.linalg.eigvals(nan()),
  ),
  bad('factors with too few pivots', 'TorchError', /the pivots must have shape \[2,3\], not \[0\]/, () =>
    torch.luUnpack(T(2, 3, 3), int32()),
  ),
  bad('a search for a quantization beyond the tensor', 'TorchError', /'numel' must be from 1 to 3/, () =>
    torch.chooseQparamsOptimized(T(3), 1_000_000, 10, 0.5, 8),
  ),
  bad('a Sobol sequence from a state that is none', 'TorchError', /is no state of int64/, () =>
    aten._sobol_engine_initialize_state_(torch.zeros([2, 2]).long(), 7),
  ),
  bad('strides beyond the memory', 'TorchError', /reach over 1024 bytes of 24/, () =>
    aten._reshape_alias(T(2, 3), [256], [1]),
  ),
  bad('a system of matrices that do not fit', 'TorchError', /the matrices do not fit each other/, () =>
    aten._cholesky_solve_helper(T(2, 3), T(2, 0), false),
  ),
  bad('weights reordered by too few sizes', 'TorchError', /'input_size' must have at least 3 elements/, () =>
    mkldnn._reorder_mkldnn_rnn_layer_weight(T(2, 3), T(2, 3), 4, false, false, false, []),
  ),
  bad(
    'a softmax backward of two shapes',
    'TorchError',
    /'grad_output' and 'output' must have one shape/,
    () => aten._log_softmax_backward_data(T(1, 2000), T(1, 4), 1, torch.float32),
  ),
  bad('distances backward to rows that are not', 'TorchError', /an element for each pair of rows/, () =>
    aten._cdist_backward(T(5, 5), T(2, 3), T(2, 3), 2, T(5, 5)),
  ),
  bad(
    'an embedding backward that counts beyond its weights',
    'TorchError',
    /index -3 is out of range of 2/,
    () => aten.embedding_dense_backward(T(1, 2), ints(-3), 2, 0, true),
  ),
  bad(
    'a smooth loss of integers with a fraction',
    'TorchError',
    /'beta' must be at least 1 for integers/,
    () => aten.smooth_l1_loss_backward(ints(1), ints(1), ints(2), 1, 0.5),
  ),
  bad('a polynomial of a degree without end', 'TorchError', /'n' must be at most 16777216/, () =>
    torch.special.laguerrePolynomialL(T(2), 2n ** 62n),
  ),
  bad('segments beyond the data', 'TorchError', /the segments lie beyond the data/, () =>
    aten._segment_reduce_backward(T(1), T(1), T(2), 'sum', { lengths: ints(1000) }),
  ),
  bad(
    'a fused step with a shorter gradient',
    'TorchError',
    /'grads': tensor 0 must have as many elements/,
    () =>
      aten._fused_sgd_([T(100)], [T(1)], [], {
        weight_decay: 0,
        momentum: 0,
        lr: 0.1,
        dampening: 0,
        nesterov: false,
        maximize: false,
        is_first_step: false,
      }),
  ),
  bad(
    'a packed sequence of more rows than there are',
    'TorchError',
    /'batch_sizes' must fall, and add up/,
    () => aten._pad_packed_sequence(T(3, 2), ints(5, 5), false, 0, 2),
  ),
  bad('numbers drawn NaN times', 'TorchError', /'count' should not contain infs or NaNs/, () =>
    torch.binomial(nan(), T(3, 3)),
  ),
  bad('a weight of oneDNN that was not packed', 'TorchError', /'qw' must have been packed/, () =>
    torch.ops.onednn?.qlinear_pointwise?.default?.(
      torch.zeros([2, 2], { dtype: torch.uint8 }),
      0.1,
      0,
      torch.zeros([2, 2], { dtype: torch.int8 }),
      T(1),
      ints(0),
      null,
      1,
      0,
      null,
      'none',
      [],
      '',
    ),
  ),
  bad(
    'a resize to more than there is, and the tensor used after it',
    'OutOfMemoryError',
    /can't allocate memory/,
    () => {
      const x = T(2, 3);
      const lost = (error: unknown): never => {
        if (x.sum().item() !== 6) throw new Error('the tensor has changed');
        throw error;
      };
      try {
        return x.resize_([2, 2 ** 45]);
      } catch (error) {
        return lost(error);
      }
    },
  ),
];
