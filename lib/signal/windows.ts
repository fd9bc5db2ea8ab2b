/**
 * Window functions: `torch.signal.windows`. Each gives a tensor of `M` elements whose greatest is 1, except where a
 * symmetric window of even length has no element in the middle.
 *
 * See https://docs.pytorch.org/docs/2.13/signal.html
 */

import {
  bool,
  dataType,
  float,
  int,
  optional,
  type Parameter,
  parameters,
  withDefault,
} from '../arguments.js';
import { tensor } from '../creation.js';
import { Device, type DeviceLike } from '../device.js';
import * as dtypes from '../dtype.js';
import { type DType, getDefaultDtype } from '../dtype.js';
import { anything } from '../functional/arguments.js';
import * as functions from '../generated/functions.js';
import { Layout, strided } from '../layout.js';
import { tidy } from '../memory.js';
import type { Tensor } from '../tensor.js';

/** Options that every window has. */
export interface WindowOptions {
  /** `false` gives a periodic window, for spectral analysis; `true` a symmetric one, for filters. Default: `true`. */
  sym?: boolean;
  /** `torch.float32` or `torch.float64`. Default: the default dtype. */
  dtype?: DType | null;
  /** Default, and all that there is: `torch.strided`. */
  layout?: Layout;
  /** Default: the default device. */
  device?: DeviceLike | null;
  /** Whether autograd records operators on it. Default: `false`. */
  requiresGrad?: boolean;
}

type Common = Required<WindowOptions>;

const layout: Parameter<Layout> = {
  expected: 'layout',
  accepts: (value) => value instanceof Layout,
  required: true,
};
const device: Parameter<DeviceLike> = {
  expected: 'device',
  accepts: (value) => value instanceof Device || typeof value === 'string',
  required: true,
};
const common = {
  sym: withDefault(bool, true),
  dtype: optional(dataType),
  layout: withDefault(layout, strided),
  device: optional(device),
  requiresGrad: withDefault(bool, false),
};

/** How factories are told where and what. */
interface Place {
  dtype: DType;
  device?: DeviceLike;
  requiresGrad: boolean;
}

/** Checks what all windows check. */
function placeOf(name: string, M: number, options: Common): Place {
  const dtype = options.dtype ?? getDefaultDtype();
  if (M < 0) throw new RangeError(`${name} requires non-negative window length, got M=${M}`);
  if (options.layout !== strided)
    throw new RangeError(`${name} is implemented for strided tensors only, got: ${options.layout}`);
  if (dtype !== dtypes.float32 && dtype !== dtypes.float64)
    throw new RangeError(`${name} expects float32 or float64 dtypes, got: ${dtype}`);
  return {
    dtype,
    requiresGrad: options.requiresGrad,
    ...(options.device !== null && { device: options.device }),
  };
}

const empty = (place: Place): Tensor => functions.empty([0], place);
const one = (place: Place): Tensor => functions.ones([1], place);

/** The number of steps over which a window is spread, at least that of one element. */
const span = (M: number, sym: boolean): number => (!sym && M > 1 ? M : M - 1);

/** Options of {@link exponential}. */
export interface ExponentialOptions extends WindowOptions {
  /** Where the peak is; for periodic windows only. Default: the middle. */
  center?: number | null;
  /** How slowly the window decays. Default: 1. */
  tau?: number;
}

const readExponential = parameters(
  'exponential',
  { M: int, center: optional(float), tau: withDefault(float, 1), ...common },
  1,
);

/**
 * The exponential (Poisson) window `exp(-|n - center| / tau)`.
 *
 * `exponential(M, { center = null, tau = 1, sym = true, dtype = null, layout = torch.strided, device = null,
 * requiresGrad = false })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.signal.windows.exponential.html
 *
 * @throws RangeError for a negative M, a tau that is not positive, and a center of a symmetric window.
 */
export function exponential(M: number, options?: ExponentialOptions): Tensor;
export function exponential(...given: readonly unknown[]): Tensor {
  const { M, center, tau, ...options } = readExponential(given);
  const place = placeOf('exponential', M, options);
  if (tau <= 0) throw new RangeError(`Tau must be positive, got: ${tau} instead.`);
  if (options.sym && center !== null) throw new RangeError('Center must be None for symmetric windows');
  if (M === 0) return empty(place);
  const middle = center ?? span(M, options.sym) / 2;
  const constant = 1 / tau;
  return tidy(() => {
    const k = functions.linspace(-middle * constant, (-middle + (M - 1)) * constant, M, place);
    return k.abs().neg().exp();
  });
}

const readCosine = parameters('cosine', { M: int, ...common }, 1);

/**
 * The cosine (sine) window `sin(π (n + 0.5) / M)`.
 *
 * `cosine(M, { sym = true, dtype = null, layout = torch.strided, device = null, requiresGrad = false })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.signal.windows.cosine.html
 *
 * @throws RangeError for a negative M.
 */
export function cosine(M: number, options?: WindowOptions): Tensor;
export function cosine(...given: readonly unknown[]): Tensor {
  const { M, ...options } = readCosine(given);
  const place = placeOf('cosine', M, options);
  if (M === 0) return empty(place);
  const constant = Math.PI / (span(M, options.sym) + 1);
  return tidy(() => functions.linspace(0.5 * constant, (0.5 + (M - 1)) * constant, M, place).sin());
}

/** Options of {@link gaussian}. */
export interface GaussianOptions extends WindowOptions {
  /** The standard deviation. Default: 1. */
  std?: number;
}

const readGaussian = parameters('gaussian', { M: int, std: withDefault(float, 1), ...common }, 1);

/**
 * The Gaussian window `exp(-(n / (√2 std))²)`, n counted from the middle.
 *
 * `gaussian(M, { std = 1, sym = true, dtype = null, layout = torch.strided, device = null, requiresGrad =
 * false })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.signal.windows.gaussian.html
 *
 * @throws RangeError for a negative M and a standard deviation that is not positive.
 */
export function gaussian(M: number, options?: GaussianOptions): Tensor;
export function gaussian(...given: readonly unknown[]): Tensor {
  const { M, std, ...options } = readGaussian(given);
  const place = placeOf('gaussian', M, options);
  if (std <= 0) throw new RangeError(`Standard deviation must be positive, got: ${std} instead.`);
  if (M === 0) return empty(place);
  const start = -span(M, options.sym) / 2;
  const constant = 1 / (std * Math.sqrt(2));
  return tidy(() => {
    const k = functions.linspace(start * constant, (start + (M - 1)) * constant, M, place);
    return k.pow(2).neg().exp();
  });
}

/** Options of {@link kaiser}. */
export interface KaiserOptions extends WindowOptions {
  /** The shape. Default: 12. */
  beta?: number;
}

const readKaiser = parameters('kaiser', { M: int, beta: withDefault(float, 12), ...common }, 1);

/**
 * The Kaiser window, from the modified Bessel function of order zero.
 *
 * `kaiser(M, { beta = 12, sym = true, dtype = null, layout = torch.strided, device = null, requiresGrad =
 * false })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.signal.windows.kaiser.html
 *
 * @throws RangeError for a negative M or beta.
 */
export function kaiser(M: number, options?: KaiserOptions): Tensor;
export function kaiser(...given: readonly unknown[]): Tensor {
  const { M, beta, ...options } = readKaiser(given);
  const place = placeOf('kaiser', M, options);
  if (beta < 0) throw new RangeError(`beta must be non-negative, got: ${beta} instead.`);
  if (M === 0) return empty(place);
  if (M === 1) return one(place);
  return tidy(() => {
    const shape = tensor(beta, { ...place, requiresGrad: false });
    const start = shape.neg();
    const constant = shape.mul(2).div(options.sym ? M - 1 : M);
    const end = shape.minimum(start.add(constant.mul(M - 1)));
    const k = functions.linspace(start, end, M, place);
    return shape.mul(shape).sub(k.pow(2)).sqrt().i0().div(shape.i0());
  });
}

const readBartlett = parameters('bartlett', { M: int, ...common }, 1);

/**
 * The Bartlett (triangular) window `1 - |2 n / (M - 1) - 1|`.
 *
 * `bartlett(M, { sym = true, dtype = null, layout = torch.strided, device = null, requiresGrad = false })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.signal.windows.bartlett.html
 *
 * @throws RangeError for a negative M.
 */
export function bartlett(M: number, options?: WindowOptions): Tensor;
export function bartlett(...given: readonly unknown[]): Tensor {
  const { M, ...options } = readBartlett(given);
  const place = placeOf('bartlett', M, options);
  if (M === 0) return empty(place);
  if (M === 1) return one(place);
  const constant = 2 / (options.sym ? M - 1 : M);
  return tidy(() => functions.rsub(functions.linspace(-1, -1 + (M - 1) * constant, M, place).abs(), 1));
}

/** Options of {@link generalCosine}. */
export interface GeneralCosineOptions extends WindowOptions {
  /** The coefficients of the cosines, from the constant on. */
  a: readonly number[];
}

const readGeneralCosine = parameters('generalCosine', { M: int, a: anything, ...common }, 1);

function cosineSum(M: number, a: readonly number[], options: Common): Tensor {
  const place = placeOf('general_cosine', M, options);
  if (M === 0) return empty(place);
  if (M === 1) return one(place);
  if (a.length === 0) throw new RangeError('Coefficients cannot be empty');
  const constant = (2 * Math.PI) / (options.sym ? M - 1 : M);
  return tidy(() => {
    const k = functions.linspace(0, (M - 1) * constant, M, place);
    const factors = tensor(
      a.map((w, i) => (i % 2 === 0 ? w : -w)),
      place,
    );
    const i = functions.arange(a.length, { ...place, device: factors.device });
    return factors.unsqueeze(-1).mul(i.unsqueeze(-1).mul(k).cos()).sum(0);
  });
}

/**
 * The general cosine window: the sum of `(-1)ⁱ aᵢ cos(2 π i n / (M - 1))`.
 *
 * `generalCosine(M, { a, sym = true, dtype = null, layout = torch.strided, device = null, requiresGrad =
 * false })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.signal.windows.general_cosine.html
 *
 * @throws RangeError for a negative M and for no coefficients.
 */
export function generalCosine(M: number, options: GeneralCosineOptions): Tensor;
export function generalCosine(...given: readonly unknown[]): Tensor {
  const { M, a, ...options } = readGeneralCosine(given);
  if (!Array.isArray(a) || !a.every((item) => typeof item === 'number'))
    throw new TypeError('Coefficients must be a list/tuple of numbers');
  return cosineSum(M, a, options);
}

/** Options of {@link generalHamming}. */
export interface GeneralHammingOptions extends WindowOptions {
  /** The first coefficient; the second is `1 - alpha`. Default: 0.54. */
  alpha?: number;
}

const readGeneralHamming = parameters(
  'generalHamming',
  { M: int, alpha: withDefault(float, 0.54), ...common },
  1,
);

/**
 * The general Hamming window `alpha - (1 - alpha) cos(2 π n / (M - 1))`.
 *
 * `generalHamming(M, { alpha = 0.54, sym = true, dtype = null, layout = torch.strided, device = null,
 * requiresGrad = false })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.signal.windows.general_hamming.html
 *
 * @throws RangeError for a negative M.
 */
export function generalHamming(M: number, options?: GeneralHammingOptions): Tensor;
export function generalHamming(...given: readonly unknown[]): Tensor {
  const { M, alpha, ...options } = readGeneralHamming(given);
  return cosineSum(M, [alpha, 1 - alpha], options);
}

/** A window that is a sum of cosines with given coefficients. */
function fixedCosines(name: string, a: readonly number[]): (M: number, options?: WindowOptions) => Tensor {
  const read = parameters(name, { M: int, ...common }, 1);
  const window = (...given: readonly unknown[]): Tensor => {
    const { M, ...options } = read(given);
    return cosineSum(M, a, options);
  };
  return Object.defineProperty(window, 'name', { value: name });
}

/**
 * The Hamming window `0.54 - 0.46 cos(2 π n / (M - 1))`.
 *
 * `hamming(M, { sym = true, dtype = null, layout = torch.strided, device = null, requiresGrad = false })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.signal.windows.hamming.html
 *
 * @throws RangeError for a negative M.
 */
export const hamming: (M: number, options?: WindowOptions) => Tensor = fixedCosines('hamming', [
  0.54,
  1 - 0.54,
]);

/**
 * The Hann window `(1 - cos(2 π n / (M - 1))) / 2`.
 *
 * `hann(M, { sym = true, dtype = null, layout = torch.strided, device = null, requiresGrad = false })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.signal.windows.hann.html
 *
 * @throws RangeError for a negative M.
 */
export const hann: (M: number, options?: WindowOptions) => Tensor = fixedCosines('hann', [0.5, 0.5]);

/**
 * The Blackman window `0.42 - 0.5 cos(2 π n / (M - 1)) + 0.08 cos(4 π n / (M - 1))`.
 *
 * `blackman(M, { sym = true, dtype = null, layout = torch.strided, device = null, requiresGrad = false })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.signal.windows.blackman.html
 *
 * @throws RangeError for a negative M.
 */
export const blackman: (M: number, options?: WindowOptions) => Tensor = fixedCosines(
  'blackman',
  [0.42, 0.5, 0.08],
);

/**
 * Nuttall's 4-term Blackman-Harris window.
 *
 * `nuttall(M, { sym = true, dtype = null, layout = torch.strided, device = null, requiresGrad = false })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.signal.windows.nuttall.html
 *
 * @throws RangeError for a negative M.
 */
export const nuttall: (M: number, options?: WindowOptions) => Tensor = fixedCosines(
  'nuttall',
  [0.3635819, 0.4891775, 0.1365995, 0.0106411],
);
