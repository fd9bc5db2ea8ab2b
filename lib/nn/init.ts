/**
 * Initial values for parameters, drawn as PyTorch draws them: one seed gives the same bits. All of them
 * change the tensor in place, outside of autograd, and return it.
 *
 * See https://docs.pytorch.org/docs/2.13/nn.init.html
 */

import { bind, checkTensor, type Rest } from '../arguments.js';
import { noGrad } from '../autograd/index.js';
import { float64 } from '../dtype.js';
import { emptyLike, eye, full, randperm, where } from '../functions.js';
import { tidy } from '../memory.js';
import type { Generator } from '../random.js';
import type { Tensor } from '../tensor.js';
import { aten } from './aten.js';
import { formatFloat } from './format.js';
import { warnOnce } from './warnings.js';

/** The functions after a layer for which {@link calculateGain} knows a gain. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'conv_transpose1d'
  | 'conv_transpose2d'
  | 'conv_transpose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'selu';

/** Whether the variance is kept in the forward or in the backward pass. */
export type FanMode = 'fan_in' | 'fan_out';

interface Drawing {
  /** Where the random numbers come from. Default: the default generator. */
  generator?: Generator | null;
}

const linear: readonly string[] = [
  'linear',
  'conv1d',
  'conv2d',
  'conv3d',
  'conv_transpose1d',
  'conv_transpose2d',
  'conv_transpose3d',
  'sigmoid',
];

/**
 * The factor by which a nonlinearity wants the standard deviation of the weights before it scaled; `param` is
 * the negative slope of `'leaky_relu'`, 0.01 by default.
 *
 * @throws RangeError for an unknown nonlinearity.
 */
export function calculateGain(nonlinearity: Nonlinearity, param: number | null = null): number {
  if (linear.includes(nonlinearity)) return 1;
  if (nonlinearity === 'tanh') return 5 / 3;
  if (nonlinearity === 'relu') return Math.sqrt(2);
  if (nonlinearity === 'selu') return 3 / 4;
  if (nonlinearity !== 'leaky_relu') throw new RangeError(`Unsupported nonlinearity ${String(nonlinearity)}`);
  const slope = param ?? 0.01;
  if (typeof slope !== 'number') throw new RangeError(`negative_slope ${String(param)} not a valid number`);
  return Math.sqrt(2 / (1 + slope * slope));
}

const uniformDefaults: { a: number; b: number; generator: Generator | null } = Object.freeze({
  a: 0,
  b: 1,
  generator: null,
});

/** Draws from the uniform distribution on [a, b). Defaults: 0 and 1. */
export function uniform_(
  tensor: Tensor,
  ...rest: Rest<[a: number, b: number, generator: Generator | null], Drawing & { a?: number; b?: number }>
): Tensor {
  checkTensor('uniform_', tensor);
  const { a, b, generator } = bind('uniform_', uniformDefaults, rest);
  return noGrad(() => tensor.uniform_(a, b, { generator }));
}

const normalDefaults: { mean: number; std: number; generator: Generator | null } = Object.freeze({
  mean: 0,
  std: 1,
  generator: null,
});

/** Draws from the normal distribution. Defaults: mean 0, standard deviation 1. */
export function normal_(
  tensor: Tensor,
  ...rest: Rest<
    [mean: number, std: number, generator: Generator | null],
    Drawing & { mean?: number; std?: number }
  >
): Tensor {
  checkTensor('normal_', tensor);
  const { mean, std, generator } = bind('normal_', normalDefaults, rest);
  return noGrad(() => tensor.normal_(mean, std, { generator }));
}

const truncDefaults = Object.freeze({ mean: 0, std: 1, a: -2, b: 2, generator: null as Generator | null });

/**
 * Draws from the normal distribution, cut off below `a` and above `b`. Defaults: mean 0, std 1, a -2, b 2.
 */
export function truncNormal_(
  tensor: Tensor,
  ...rest: Rest<
    [mean: number, std: number, a: number, b: number, generator: Generator | null],
    Drawing & { mean?: number; std?: number; a?: number; b?: number }
  >
): Tensor {
  checkTensor('truncNormal_', tensor);
  const { mean, std, a, b, generator } = bind('truncNormal_', truncDefaults, rest);
  if (mean < a - 2 * std || mean > b + 2 * std) {
    warnOnce(
      'mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be incorrect.',
    );
  }
  return noGrad(() => {
    const mass = normalCdf((b - mean) / std) - normalCdf((a - mean) / std);
    if (mass > 0.3) redrawOutside(tensor, mean, std, a, b, generator);
    else rejectCandidates(tensor, mean, std, a, b, generator);
    return tensor;
  });
}

function normalCdf(x: number): number {
  return tidy(
    () =>
      (1 +
        Number(
          full([], x / Math.sqrt(2), { dtype: float64 })
            .erf()
            .item(),
        )) /
      2,
  );
}

/** Most of the mass lies in [a, b]: draw all, then again what fell outside. */
function redrawOutside(
  tensor: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: Generator | null,
): void {
  tidy(() => {
    // The bounds as the tensor's dtype has them.
    const [lo, hi] = [a, b].map((bound) => full([], bound, { dtype: tensor.dtype }).item() as number) as [
      number,
      number,
    ];
    let result = tensor.normal_(mean, std, { generator });
    for (;;) {
      const mask = result.lt(lo).bitwiseOr(result.gt(hi));
      if (!mask.any().item()) break;
      result = where(mask, emptyLike(result).normal_(mean, std, { generator }), result);
    }
    if (result !== tensor) tensor.copy_(result);
  });
}

/** Little of the mass lies in [a, b]: draw uniformly, and accept by the density. */
function rejectCandidates(
  tensor: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: Generator | null,
): void {
  tidy(() => {
    const mode = Math.max(a, Math.min(mean, b));
    const z = (mode - mean) / std;
    const logPeak = -0.5 * (z * z);
    const candidates = emptyLike(tensor);
    const accept = emptyLike(tensor);
    const rejected = (): Tensor => {
      candidates.sub_(mean).div_(std).pow_(2).mul_(-0.5).sub_(logPeak);
      return accept.uniform_(0, 1, { generator }).log_().gt(candidates);
    };
    tensor.uniform_(a, b, { generator });
    candidates.copy_(tensor);
    let pending = rejected();
    let result = tensor;
    while (pending.any().item()) {
      candidates.uniform_(a, b, { generator });
      result = where(pending, candidates, result);
      pending = where(pending, rejected(), pending);
    }
    if (result !== tensor) tensor.copy_(result);
  });
}

/** Fills with one value. */
export function constant_(tensor: Tensor, value: number): Tensor {
  checkTensor('constant_', tensor);
  return noGrad(() => tensor.fill_(value));
}

/** Fills with 1. */
export function ones_(tensor: Tensor): Tensor {
  checkTensor('ones_', tensor);
  return constant_(tensor, 1);
}

/** Fills with 0. */
export function zeros_(tensor: Tensor): Tensor {
  checkTensor('zeros_', tensor);
  return noGrad(() => tensor.zero_());
}

/**
 * Fills a matrix with the identity.
 *
 * @throws RangeError unless it has two dimensions.
 */
export function eye_(tensor: Tensor): Tensor {
  checkTensor('eye_', tensor);
  const [rows, columns, ...more] = tensor.shape;
  if (rows === undefined || columns === undefined || more.length > 0) {
    throw new RangeError('Only tensors with 2 dimensions are supported');
  }
  return noGrad(() => {
    const identity = eye(rows, columns, { dtype: tensor.dtype, device: tensor.device });
    tensor.copy_(identity);
    identity.dispose();
    return tensor;
  });
}

/**
 * How many inputs an output has, and how many outputs an input: `[fanIn, fanOut]`.
 *
 * @throws RangeError for fewer than two dimensions.
 */
export function calculateFanInAndFanOut(tensor: Tensor): [number, number] {
  checkTensor('calculateFanInAndFanOut', tensor);
  const [outputs, inputs, ...field] = tensor.shape;
  if (outputs === undefined || inputs === undefined) {
    throw new RangeError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions');
  }
  const size = field.reduce((product, length) => product * length, 1);
  return [inputs * size, outputs * size];
}

const xavierDefaults: { gain: number; generator: Generator | null } = Object.freeze({
  gain: 1,
  generator: null,
});
type XavierRest = Rest<[gain: number, generator: Generator | null], Drawing & { gain?: number }>;

function xavierStd(tensor: Tensor, gain: number): number {
  const [fanIn, fanOut] = calculateFanInAndFanOut(tensor);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/** Glorot and Bengio's uniform distribution: of standard deviation `gain · √(2 / (fanIn + fanOut))`. */
export function xavierUniform_(tensor: Tensor, ...rest: XavierRest): Tensor {
  checkTensor('xavierUniform_', tensor);
  const { gain, generator } = bind('xavierUniform_', xavierDefaults, rest);
  const bound = Math.sqrt(3) * xavierStd(tensor, gain);
  return uniform_(tensor, -bound, bound, generator);
}

/** Glorot and Bengio's normal distribution: of standard deviation `gain · √(2 / (fanIn + fanOut))`. */
export function xavierNormal_(tensor: Tensor, ...rest: XavierRest): Tensor {
  checkTensor('xavierNormal_', tensor);
  const { gain, generator } = bind('xavierNormal_', xavierDefaults, rest);
  return normal_(tensor, 0, xavierStd(tensor, gain), generator);
}

/** Options of {@link kaimingUniform_} and {@link kaimingNormal_}. */
export interface KaimingOptions extends Drawing {
  /** The negative slope of the `'leaky_relu'` after the layer. Default: 0. */
  a?: number;
  /** Default: `'fan_in'`. */
  mode?: FanMode;
  /** Default: `'leaky_relu'`. */
  nonlinearity?: Nonlinearity;
}

const kaimingDefaults: Required<KaimingOptions> = Object.freeze({
  a: 0,
  mode: 'fan_in',
  nonlinearity: 'leaky_relu',
  generator: null,
});
type KaimingRest = Rest<
  [a: number, mode: FanMode, nonlinearity: Nonlinearity, generator: Generator | null],
  KaimingOptions
>;

function kaimingStd(tensor: Tensor, { a, mode, nonlinearity }: Required<KaimingOptions>): number {
  if (mode !== 'fan_in' && mode !== 'fan_out') {
    throw new RangeError(`Mode ${String(mode)} not supported, please use one of ['fan_in', 'fan_out']`);
  }
  const [fanIn, fanOut] = calculateFanInAndFanOut(tensor);
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === 'fan_in' ? fanIn : fanOut);
}

function isEmpty(tensor: Tensor): boolean {
  if (!tensor.shape.includes(0)) return false;
  warnOnce('Initializing zero-element tensors is a no-op');
  return true;
}

/** He's uniform distribution: of standard deviation `gain / √fan`. */
export function kaimingUniform_(tensor: Tensor, ...rest: KaimingRest): Tensor {
  checkTensor('kaimingUniform_', tensor);
  const options = bind('kaimingUniform_', kaimingDefaults, rest);
  if (isEmpty(tensor)) return tensor;
  const bound = Math.sqrt(3) * kaimingStd(tensor, options);
  return uniform_(tensor, -bound, bound, options.generator);
}

/** He's normal distribution: of standard deviation `gain / √fan`. */
export function kaimingNormal_(tensor: Tensor, ...rest: KaimingRest): Tensor {
  checkTensor('kaimingNormal_', tensor);
  const options = bind('kaimingNormal_', kaimingDefaults, rest);
  if (isEmpty(tensor)) return tensor;
  return normal_(tensor, 0, kaimingStd(tensor, options), options.generator);
}

/**
 * A (semi-)orthogonal matrix; more dimensions than two are taken as one.
 *
 * @throws RangeError for fewer than two dimensions.
 */
export function orthogonal_(tensor: Tensor, ...rest: XavierRest): Tensor {
  checkTensor('orthogonal_', tensor);
  const { gain, generator } = bind('orthogonal_', xavierDefaults, rest);
  const { shape } = tensor;
  const rows = shape[0];
  if (rows === undefined || shape.length < 2) {
    throw new RangeError('Only tensors with 2 or more dimensions are supported');
  }
  if (tensor.numel() === 0) return tensor;
  const columns = tensor.numel() / rows;
  return noGrad(() => {
    tidy(() => {
      const flat = tensor.newEmpty([rows, columns]).normal_(0, 1, { generator });
      if (rows < columns) flat.t_();
      const [q, r] = aten.linalg_qr(flat);
      q.mul_(r.diag(0).sign());
      if (rows < columns) q.t_();
      tensor.viewAs(q).copy_(q);
    });
    return tensor.mul_(gain);
  });
}

/**
 * Normal values of standard deviation `std` (default: 0.01), with a part `sparsity` of each column set to
 * zero.
 *
 * @throws RangeError unless the tensor has two dimensions.
 */
export function sparse_(
  tensor: Tensor,
  sparsity: number,
  ...rest: Rest<[std: number, generator: Generator | null], Drawing & { std?: number }>
): Tensor {
  checkTensor('sparse_', tensor);
  const { std, generator } = bind('sparse_', { std: 0.01, generator: null as Generator | null }, rest);
  const [rows, columns, ...more] = tensor.shape;
  if (rows === undefined || columns === undefined || more.length > 0) {
    throw new RangeError('Only tensors with 2 dimensions are supported');
  }
  if (!(sparsity >= 0 && sparsity <= 1)) {
    throw new RangeError(`sparsity should be between 0 and 1, but got ${formatFloat(sparsity)}`);
  }
  const zeros = Math.ceil(sparsity * rows);
  return noGrad(() => {
    tensor.normal_(0, std, { generator });
    tidy(() => {
      for (let column = 0; column < columns; column++) {
        tensor.select(1, column).indexFill_(0, randperm(rows).narrow(0, 0, zeros), 0);
      }
    });
    return tensor;
  });
}
