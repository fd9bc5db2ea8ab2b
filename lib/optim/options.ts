/** Options that the optimizers share, and the checks on them. Source: torch/optim/optimizer.py. */

import { bind } from '../arguments.js';
import { NotImplementedError } from '../errors.js';
import { Tensor } from '../tensor.js';

/** Options that every optimizer here has. */
export interface CommonOptions {
  /** Learning rate: a number, or a tensor of one element where the optimizer says so. */
  lr: number | Tensor;
  /** Weight decay. */
  weightDecay: number;
  /** Maximizes the objective instead of minimizing it. Default: false. */
  maximize: boolean;
  /**
   * Whether all parameters of a device and dtype are updated together by the `_foreach_*` operators. Default: null,
   * which takes them where every parameter is on CUDA, as PyTorch does. Both forms give the same bits on CPU.
   */
  foreach: boolean | null;
  /** Kept for the form of PyTorch's state dict; only false is supported. */
  capturable?: false;
  /** Kept for the form of PyTorch's state dict; only false is supported. */
  differentiable: false;
}

/** The option of the optimizers that libtorch has a fused kernel for. */
export interface FusedOption {
  /** Whether libtorch's fused kernel does the whole step (floating-point parameters only). Default: null, no. */
  fused: boolean | null;
}

/**
 * The options that were given, by position or by name, completed by the defaults.
 *
 * @throws TypeError for an option that the optimizer doesn't have.
 * @throws NotImplementedError for `capturable` or `differentiable`.
 */
export function resolveOptions<Options extends object>(
  optimizer: string,
  defaults: Options,
  given: readonly unknown[],
): Options {
  const options = { ...bind(optimizer, defaults, given) };
  for (const name of ['capturable', 'differentiable'] as const) {
    if ((options as Record<string, unknown>)[name]) {
      throw new NotImplementedError(`${optimizer}: ${name} is not supported`);
    }
  }
  return options;
}

/** Requires a number. */
export function requireNumber(name: string, value: unknown): asserts value is number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, but got ${typeof value}`);
}

/** The learning rate as a number, for the checks on it. */
export function checkedLr(lr: unknown): number {
  if (!(lr instanceof Tensor)) {
    if (typeof lr !== 'number') throw new TypeError(`lr must be a number or a Tensor, but got ${typeof lr}`);
    return lr;
  }
  if (lr.numel() !== 1) throw new RangeError('Tensor lr must be 1-element');
  return Number(lr.item());
}

/** The checks that Adam and Adamax share. */
export function checkAdamOptions(options: {
  lr: number | Tensor;
  betas: readonly [number, number];
  eps: number;
  weightDecay: number;
}): void {
  const lr = checkedLr(options.lr);
  const { betas, eps, weightDecay } = options;
  if (!(lr >= 0)) throw new RangeError(`Invalid learning rate: ${lr}`);
  requireNumber('eps', eps);
  if (!(eps >= 0)) throw new RangeError(`Invalid epsilon value: ${eps}`);
  if (!Array.isArray(betas) || betas.length !== 2) throw new TypeError('betas must be a pair of numbers');
  betas.forEach((beta: unknown, index) => {
    requireNumber(`betas[${index}]`, beta);
    if (!(beta >= 0 && beta < 1)) throw new RangeError(`Invalid beta parameter at index ${index}: ${beta}`);
  });
  requireNumber('weightDecay', weightDecay);
  if (!(weightDecay >= 0)) throw new RangeError(`Invalid weight_decay value: ${weightDecay}`);
}
