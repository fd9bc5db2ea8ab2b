/** Softmax and what is made of it. */

import {
  bool,
  dataType,
  float,
  int,
  optional,
  parameters,
  type Rest,
  tensor,
  withDefault,
} from '../../arguments.js';
import type { DType } from '../../dtype.js';
import { contiguousFormat } from '../../layout.js';
import { tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { warnOnce } from '../warnings.js';

/** Options of {@link softmax}, {@link logSoftmax} and {@link softmin}. */
export interface SoftmaxOptions {
  /** The dimension whose slices add up to 1. Default: 0 for 0, 1 and 3 dimensions, else 1, with a warning. */
  dim?: number | null;
  /** Cast to it before the operation. Default: the input's. */
  dtype?: DType | null;
}

type SoftmaxRest = Rest<[dim: number | null, dtype: DType | null], SoftmaxOptions>;

interface SoftmaxArguments {
  input: Tensor;
  dim: number;
  dtype: DType | null;
}

/** `pythonName` is for the warning, whose text is PyTorch's. */
function softmaxArguments(name: string, pythonName: string): (args: readonly unknown[]) => SoftmaxArguments {
  const read = parameters(name, { input: tensor, dim: optional(int), dtype: optional(dataType) });
  return (args) => {
    const { input, dim, dtype } = read(args);
    if (dim !== null) return { input, dim, dtype };
    warnOnce(
      `Implicit dimension choice for ${pythonName} has been deprecated. Change the call to include dim=X as an argument.`,
    );
    const dims = input.dim();
    return { input, dim: dims === 0 || dims === 1 || dims === 3 ? 0 : 1, dtype };
  };
}

const readSoftmax = softmaxArguments('softmax', 'softmax');

/**
 * `exp(x) / Σ exp(x)` along `dim`.
 *
 * `softmax(input, dim = null, dtype = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.softmax.html
 */
export function softmax(input: Tensor, ...rest: SoftmaxRest): Tensor;
export function softmax(...args: unknown[]): Tensor {
  const { input, dim, dtype } = readSoftmax(args);
  return aten.softmax.int(input, dim, dtype);
}

const readLogSoftmax = softmaxArguments('logSoftmax', 'log_softmax');

/**
 * The logarithm of {@link softmax}, computed at once.
 *
 * `logSoftmax(input, dim = null, dtype = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.log_softmax.html
 */
export function logSoftmax(input: Tensor, ...rest: SoftmaxRest): Tensor;
export function logSoftmax(...args: unknown[]): Tensor {
  const { input, dim, dtype } = readLogSoftmax(args);
  return aten.log_softmax.int(input, dim, dtype);
}

const readSoftmin = softmaxArguments('softmin', 'softmin');

/**
 * {@link softmax} of `-x`.
 *
 * `softmin(input, dim = null, dtype = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.softmin.html
 */
export function softmin(input: Tensor, ...rest: SoftmaxRest): Tensor;
export function softmin(...args: unknown[]): Tensor {
  const { input, dim, dtype } = readSoftmin(args);
  return tidy(() => aten.softmax.int(input.neg(), dim, dtype));
}

/** Options of {@link gumbelSoftmax}. */
export interface GumbelSoftmaxOptions {
  /** The temperature, by which logits and noise are divided. Default: 1. */
  tau?: number;
  /** Give vectors with a single 1, with the gradient of the soft ones. Default: `false`. */
  hard?: boolean;
  /** @deprecated Has no effect. */
  eps?: number;
  /** The dimension whose slices add up to 1. Default: -1. */
  dim?: number;
}

const gumbelArguments = parameters('gumbelSoftmax', {
  logits: tensor,
  tau: withDefault(float, 1),
  hard: withDefault(bool, false),
  eps: withDefault(float, 1e-10),
  dim: withDefault(int, -1),
});

/**
 * A draw from the Gumbel-Softmax distribution: {@link softmax} of the logits with random noise.
 *
 * Shape: logits and result `(*)`.
 *
 * `gumbelSoftmax(logits, tau = 1, hard = false, eps = 1e-10, dim = -1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.gumbel_softmax.html
 */
export function gumbelSoftmax(
  logits: Tensor,
  ...rest: Rest<[tau: number, hard: boolean, eps: number, dim: number], GumbelSoftmaxOptions>
): Tensor;
export function gumbelSoftmax(...args: unknown[]): Tensor {
  const { logits, tau, hard, eps, dim } = gumbelArguments(args);
  if (eps !== 1e-10) warnOnce('`eps` parameter is deprecated and has no effect.');
  return tidy(() => {
    const memory = { memory_format: contiguousFormat };
    const noise = aten.empty_like(logits, memory).exponential_().log().neg();
    const soft = logits.add(noise).div(tau).softmax(dim);
    if (!hard) return soft;
    const [, index] = soft.max(dim, { keepdim: true });
    const chosen = aten.zeros_like(logits, memory).scatter_(dim, index, 1);
    return chosen.sub(soft.detach()).add(soft);
  });
}
