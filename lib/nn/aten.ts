import type { Device } from '../device.js';
import type { DType } from '../dtype.js';
import type { MemoryFormat } from '../layout.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';

type Optional = Tensor | null;
type Ints = number | readonly number[];
type Unary = (input: Tensor) => Tensor;
type Reducing = (input: Tensor, target: Tensor, reduction: number) => Tensor;
type MaxPool<Result> = (
  input: Tensor,
  kernelSize: Ints,
  stride: Ints,
  padding: Ints,
  dilation: Ints,
  ceilMode: boolean,
) => Result;
type Columns = (input: Tensor, kernelSize: Ints, dilation: Ints, padding: Ints, stride: Ints) => Tensor;
type RunningNorm = (
  input: Tensor,
  weight: Optional,
  bias: Optional,
  runningMean: Optional,
  runningVar: Optional,
  training: boolean,
  momentum: number,
  eps: number,
  cudnnEnabled: boolean,
) => Tensor;
type Sizes = readonly number[] | null;
interface Upsample {
  vec(input: Tensor, outputSize: Sizes, scaleFactors: Sizes): Tensor;
}
interface UpsampleAligned {
  vec(input: Tensor, outputSize: Sizes, alignCorners: boolean, scaleFactors: Sizes): Tensor;
}
type FractionalMaxPool = (
  input: Tensor,
  kernelSize: Ints,
  outputSize: Ints,
  randomSamples: Tensor,
) => [Tensor, Tensor];
type Pooled = (input: Tensor, outputSize: Ints) => Tensor;
type PooledWithIndices = (input: Tensor, outputSize: Ints) => [Tensor, Tensor];
type Ctc<Lengths> = (
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Lengths,
  targetLengths: Lengths,
  blank: number,
  reduction: number,
  zeroInfinity: boolean,
) => Tensor;
interface Out {
  out: Tensor;
}
interface Factory {
  dtype?: DType;
  device?: Device;
}
interface FactoryLike extends Factory {
  memory_format?: MemoryFormat;
}
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
  _grouped_mm(matA: Tensor, matB: Tensor, offs: Optional, bias: Optional, outDtype: DType | null): Tensor;
  _scaled_mm_v2(
    matA: Tensor,
    matB: Tensor,
    scaleA: readonly Tensor[],
    recipeA: readonly number[],
    swizzleA: readonly number[],
    scaleB: readonly Tensor[],
    recipeB: readonly number[],
    swizzleB: readonly number[],
    bias: Optional,
    outDtype: DType | null,
    contractionDim: readonly number[],
    useFastAccum: boolean,
  ): Tensor;
  _scaled_grouped_mm_v2(
    matA: Tensor,
    matB: Tensor,
    scaleA: readonly Tensor[],
    recipeA: readonly number[],
    swizzleA: readonly number[],
    scaleB: readonly Tensor[],
    recipeB: readonly number[],
    swizzleB: readonly number[],
    offs: Optional,
    bias: Optional,
    outDtype: DType | null,
    contractionDim: readonly number[],
    useFastAccum: boolean,
  ): Tensor;
  _upsample_bicubic2d_aa: UpsampleAligned;
  _upsample_bilinear2d_aa: UpsampleAligned;
  _upsample_lanczos2d_aa: UpsampleAligned;
  _upsample_nearest_exact1d: Upsample;
  _upsample_nearest_exact2d: Upsample;
  _upsample_nearest_exact3d: Upsample;
  addmm: {
    out(input: Tensor, a: Tensor, b: Tensor, options: Out & { alpha: number }): Tensor;
  };
  addmm_: { default(input: Tensor, a: Tensor, b: Tensor, options: { alpha: number }): Tensor };
  amax: { out(input: Tensor, dim: readonly number[], keepdim: boolean, options: Out): Tensor };
  index_add_: {
    default(input: Tensor, dim: number, index: Tensor, source: Tensor, options: { alpha: number }): Tensor;
  };
  mm: {
    out(a: Tensor, b: Tensor, options: Out): Tensor;
    dtype_out(a: Tensor, b: Tensor, outDtype: DType, options: Out): Tensor;
  };
  mul: { out(input: Tensor, other: Tensor, options: Out): Tensor };
  adaptive_avg_pool1d: Pooled;
  adaptive_avg_pool2d: Pooled;
  adaptive_avg_pool3d: Pooled;
  adaptive_max_pool1d: PooledWithIndices;
  adaptive_max_pool2d: PooledWithIndices;
  adaptive_max_pool3d: PooledWithIndices;
  affine_grid_generator(theta: Tensor, size: readonly number[], alignCorners: boolean): Tensor;
  arange: { start_step(start: number, end: number, step: number, options: Factory): Tensor };
  avg_pool1d(input: Tensor, kernelSize: Ints, stride: Ints, padding: Ints, ceilMode: boolean): Tensor;
  avg_pool2d(input: Tensor, kernelSize: Ints, stride: Ints, padding: Ints, ceilMode: boolean): Tensor;
  avg_pool3d(input: Tensor, kernelSize: Ints, stride: Ints, padding: Ints, ceilMode: boolean): Tensor;
  baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor): Tensor;
  batch_norm: RunningNorm;
  bmm(input: Tensor, mat2: Tensor): Tensor;
  broadcast_tensors(tensors: readonly Tensor[]): Tensor[];
  cat(tensors: readonly Tensor[], dim: number): Tensor;
  celu(input: Tensor, alpha: number): Tensor;
  celu_(input: Tensor, alpha: number): Tensor;
  clamp_min_: { default(input: Tensor, min: number): Tensor };
  col2im(
    input: Tensor,
    outputSize: Ints,
    kernelSize: Ints,
    dilation: Ints,
    padding: Ints,
    stride: Ints,
  ): Tensor;
  ctc_loss: { IntList: Ctc<readonly number[]>; Tensor: Ctc<Tensor> };
  div: { out(input: Tensor, other: Tensor, options: Out): Tensor };
  empty: { memory_format(size: readonly number[], options: Factory): Tensor };
  embedding_bag: {
    padding_idx(
      weight: Tensor,
      indices: Tensor,
      offsets: Tensor,
      scaleGradByFreq: boolean,
      mode: number,
      sparse: boolean,
      perSampleWeights: Optional,
      includeLastOffset: boolean,
      paddingIdx: number | null,
    ): [Tensor, Tensor, Tensor, Tensor];
  };
  empty_like(input: Tensor, options: FactoryLike): Tensor;
  fractional_max_pool2d: FractionalMaxPool;
  fractional_max_pool3d: FractionalMaxPool;
  glu(input: Tensor, dim: number): Tensor;
  grid_sampler(
    input: Tensor,
    grid: Tensor,
    interpolationMode: number,
    paddingMode: number,
    alignCorners: boolean,
  ): Tensor;
  hardsigmoid: Unary;
  hardsigmoid_: Unary;
  hardswish: Unary;
  hardswish_: Unary;
  hardtanh(input: Tensor, minVal: number, maxVal: number): Tensor;
  hardtanh_(input: Tensor, minVal: number, maxVal: number): Tensor;
  hinge_embedding_loss(input: Tensor, target: Tensor, margin: number, reduction: number): Tensor;
  im2col: Columns;
  instance_norm: RunningNorm;
  max_pool1d: MaxPool<Tensor>;
  max_pool1d_with_indices: MaxPool<[Tensor, Tensor]>;
  max_pool2d: MaxPool<Tensor>;
  max_pool2d_with_indices: MaxPool<[Tensor, Tensor]>;
  max_pool3d: MaxPool<Tensor>;
  max_pool3d_with_indices: MaxPool<[Tensor, Tensor]>;
  max_unpool2d(input: Tensor, indices: Tensor, outputSize: readonly number[]): Tensor;
  max_unpool3d(
    input: Tensor,
    indices: Tensor,
    outputSize: readonly number[],
    stride: readonly number[],
    padding: readonly number[],
  ): Tensor;
  mish: Unary;
  mish_: Unary;
  multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: number,
    margin: number,
    weight: Optional,
    reduction: number,
  ): Tensor;
  multilabel_margin_loss: Reducing;
  ones_like(input: Tensor, options: FactoryLike): Tensor;
  poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    logInput: boolean,
    full: boolean,
    eps: number,
    reduction: number,
  ): Tensor;
  rand: { default(size: readonly number[], options: Factory): Tensor };
  relu6: Unary;
  relu6_: Unary;
  view: { dtype(input: Tensor, dtype: DType): Tensor };
  rsub: { Scalar(input: Tensor, other: number): Tensor };
  rrelu(input: Tensor, lower: number, upper: number, training: boolean): Tensor;
  rrelu_(input: Tensor, lower: number, upper: number, training: boolean): Tensor;
  scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attnMask: Optional,
    dropoutP: number,
    isCausal: boolean,
  ): Tensor;
  selu: Unary;
  selu_: Unary;
  soft_margin_loss: Reducing;
  threshold(input: Tensor, threshold: number, value: number): Tensor;
  threshold_(input: Tensor, threshold: number, value: number): Tensor;
  upsample_bicubic2d: UpsampleAligned;
  upsample_bilinear2d: UpsampleAligned;
  upsample_linear1d: UpsampleAligned;
  upsample_nearest1d: Upsample;
  upsample_nearest2d: Upsample;
  upsample_nearest3d: Upsample;
  upsample_trilinear3d: UpsampleAligned;
  zeros: { default(size: readonly number[], options: Factory): Tensor };
  zeros_like(input: Tensor, options: FactoryLike): Tensor;
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
    normalizedShape: Ints,
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
  pad(input: Tensor, pad: readonly number[], mode: string, value: number | null): Tensor;
  pad_sequence(sequences: Tensor[], batchFirst: boolean, paddingValue: number, paddingSide: string): Tensor;
  pairwise_distance(x1: Tensor, x2: Tensor, p: number, eps: number, keepdim: boolean): Tensor;
  relu(input: Tensor): Tensor;
  relu_(input: Tensor): Tensor;
  rms_norm(input: Tensor, normalizedShape: Ints, weight: Optional, eps: number | null): Tensor;
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
