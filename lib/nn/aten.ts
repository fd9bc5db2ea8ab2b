import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';

type Optional = Tensor | null;
type Recurrent = {
  input(
    input: Tensor,
    hx: Tensor,
    params: Tensor[],
    hasBiases: boolean,
    numLayers: number,
    dropout: number,
    train: boolean,
    bidirectional: boolean,
    batchFirst: boolean,
  ): [Tensor, Tensor];
  data(
    data: Tensor,
    batchSizes: Tensor,
    hx: Tensor,
    params: Tensor[],
    hasBiases: boolean,
    numLayers: number,
    dropout: number,
    train: boolean,
    bidirectional: boolean,
  ): [Tensor, Tensor];
};

/** The operators behind `nn` that are not public functions of `torch` itself, by their registry names. */
interface Aten {
  _pack_padded_sequence(input: Tensor, lengths: Tensor, batchFirst: boolean): [Tensor, Tensor];
  _pad_packed_sequence(
    data: Tensor,
    batchSizes: Tensor,
    batchFirst: boolean,
    paddingValue: number,
    totalLength: number,
  ): [Tensor, Tensor];
  _cudnn_rnn_flatten_weight(
    weights: Tensor[],
    weightStride0: number,
    inputSize: number,
    mode: number,
    hiddenSize: number,
    projSize: number,
    numLayers: number,
    batchFirst: boolean,
    bidirectional: boolean,
  ): Tensor;
  _foreach_norm(tensors: Tensor[], ord: number): Tensor[];
  _foreach_mul_: { Tensor(tensors: Tensor[], other: Tensor): void };
  _foreach_clamp_min_: { Scalar(tensors: Tensor[], min: number): void };
  _foreach_clamp_max_: { Scalar(tensors: Tensor[], max: number): void };
  binary_cross_entropy(input: Tensor, target: Tensor, weight: Optional, reduction: number): Tensor;
  binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Optional,
    posWeight: Optional,
    reduction: number,
  ): Tensor;
  bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Optional): Tensor;
  cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: number,
    reduction: number,
  ): Tensor;
  cosine_similarity(x1: Tensor, x2: Tensor, dim: number, eps: number): Tensor;
  cross_entropy_loss(
    input: Tensor,
    target: Tensor,
    weight: Optional,
    reduction: number,
    ignoreIndex: number,
    labelSmoothing: number,
  ): Tensor;
  dropout(input: Tensor, p: number, train: boolean): Tensor;
  dropout_(input: Tensor, p: number, train: boolean): Tensor;
  alpha_dropout(input: Tensor, p: number, train: boolean): Tensor;
  alpha_dropout_(input: Tensor, p: number, train: boolean): Tensor;
  feature_dropout(input: Tensor, p: number, train: boolean): Tensor;
  feature_dropout_(input: Tensor, p: number, train: boolean): Tensor;
  feature_alpha_dropout(input: Tensor, p: number, train: boolean): Tensor;
  feature_alpha_dropout_(input: Tensor, p: number, train: boolean): Tensor;
  elu(input: Tensor, alpha: number): Tensor;
  elu_(input: Tensor, alpha: number): Tensor;
  embedding(
    weight: Tensor,
    indices: Tensor,
    paddingIdx: number,
    scaleGradByFreq: boolean,
    sparse: boolean,
  ): Tensor;
  embedding_renorm_(weight: Tensor, indices: Tensor, maxNorm: number, normType: number): Tensor;
  gelu(input: Tensor, options: { approximate: string }): Tensor;
  group_norm(
    input: Tensor,
    numGroups: number,
    weight: Optional,
    bias: Optional,
    eps: number,
    cudnnEnabled: boolean,
  ): Tensor;
  gru: Recurrent;
  gru_cell(input: Tensor, hx: Tensor, wIh: Tensor, wHh: Tensor, bIh: Optional, bHh: Optional): Tensor;
  huber_loss(input: Tensor, target: Tensor, reduction: number, delta: number): Tensor;
  kl_div(input: Tensor, target: Tensor, reduction: number, options: { log_target: boolean }): Tensor;
  l1_loss(input: Tensor, target: Tensor, reduction: number): Tensor;
  layer_norm(
    input: Tensor,
    normalizedShape: readonly number[],
    weight: Optional,
    bias: Optional,
    eps: number,
    cudnnEnable: boolean,
  ): Tensor;
  leaky_relu(input: Tensor, negativeSlope: number): Tensor;
  leaky_relu_(input: Tensor, negativeSlope: number): Tensor;
  linalg_qr(input: Tensor): [Tensor, Tensor];
  linalg_vector_norm(input: Tensor, ord: number, dim: readonly number[] | null, keepdim: boolean): Tensor;
  linear(input: Tensor, weight: Tensor, bias: Optional): Tensor;
  log_sigmoid(input: Tensor): Tensor;
  log_softmax: { int(input: Tensor, dim: number, dtype: unknown): Tensor };
  lstm: {
    input(
      input: Tensor,
      hx: Tensor[],
      params: Tensor[],
      hasBiases: boolean,
      numLayers: number,
      dropout: number,
      train: boolean,
      bidirectional: boolean,
      batchFirst: boolean,
    ): [Tensor, Tensor, Tensor];
    data(
      data: Tensor,
      batchSizes: Tensor,
      hx: Tensor[],
      params: Tensor[],
      hasBiases: boolean,
      numLayers: number,
      dropout: number,
      train: boolean,
      bidirectional: boolean,
    ): [Tensor, Tensor, Tensor];
  };
  lstm_cell(
    input: Tensor,
    hx: readonly Tensor[],
    wIh: Tensor,
    wHh: Tensor,
    bIh: Optional,
    bHh: Optional,
  ): [Tensor, Tensor];
  margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: number,
    reduction: number,
  ): Tensor;
  mse_loss(input: Tensor, target: Tensor, reduction: number): Tensor;
  nll_loss_nd(
    input: Tensor,
    target: Tensor,
    weight: Optional,
    reduction: number,
    ignoreIndex: number,
  ): Tensor;
  norm: { ScalarOpt_dim(input: Tensor, p: number, dim: readonly number[], keepdim: boolean): Tensor };
  one_hot(input: Tensor, numClasses: number): Tensor;
  pad(input: Tensor, pad: readonly number[], mode: string, value: number | null): Tensor;
  pad_sequence(sequences: Tensor[], batchFirst: boolean, paddingValue: number, paddingSide: string): Tensor;
  pairwise_distance(x1: Tensor, x2: Tensor, p: number, eps: number, keepdim: boolean): Tensor;
  relu(input: Tensor): Tensor;
  relu_(input: Tensor): Tensor;
  rms_norm(input: Tensor, normalizedShape: readonly number[], weight: Optional, eps: number | null): Tensor;
  rnn_relu: Recurrent;
  rnn_relu_cell(input: Tensor, hx: Tensor, wIh: Tensor, wHh: Tensor, bIh: Optional, bHh: Optional): Tensor;
  rnn_tanh: Recurrent;
  rnn_tanh_cell(input: Tensor, hx: Tensor, wIh: Tensor, wHh: Tensor, bIh: Optional, bHh: Optional): Tensor;
  silu(input: Tensor): Tensor;
  silu_(input: Tensor): Tensor;
  smooth_l1_loss(input: Tensor, target: Tensor, reduction: number, beta: number): Tensor;
  softmax: { int(input: Tensor, dim: number, dtype: unknown): Tensor };
  softplus(input: Tensor, beta: number, threshold: number): Tensor;
  triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: number,
    p: number,
    eps: number,
    swap: boolean,
    reduction: number,
  ): Tensor;
}

/**
 * `ops.aten` with the types of what `nn` calls. An operator is looked up once: from then on it is a property
 * of its own, found before the lookup behind it.
 */
export const aten = Object.create(
  new Proxy(
    {},
    {
      get(_, name) {
        const operator: unknown = ops.aten?.[name as string];
        Object.defineProperty(aten, name, { value: operator });
        return operator;
      },
    },
  ),
) as Aten;
