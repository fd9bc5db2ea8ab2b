import { bind, type Rest } from '../../arguments.js';
import type { Tensor } from '../../tensor.js';
import { formatFloat, formatOptional } from '../format.js';
import * as F from '../functional/activation.js';
import { Module } from './module.js';

type InplaceRest = Rest<[inplace: boolean], F.InplaceOptions>;
const inplaceDefaults = Object.freeze({ inplace: false });

/** What the activations share whose only option is `inplace`. */
abstract class InplaceActivation extends Module {
  declare inplace: boolean;

  constructor(...rest: InplaceRest) {
    super();
    this.inplace = bind(new.target.name, inplaceDefaults, rest).inplace;
  }

  override extraRepr(): string {
    return this.inplace ? 'inplace=True' : '';
  }
}

/**
 * `max(x, 0)`.
 *
 * `new ReLU(inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.ReLU.html
 */
export class ReLU extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.relu(input, this.inplace);
  }
}

/**
 * `x · σ(x)`.
 *
 * `new SiLU(inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.SiLU.html
 */
export class SiLU extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.silu(input, this.inplace);
  }
}

/**
 * The hyperbolic tangent.
 *
 * `new Tanh()`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Tanh.html
 */
export class Tanh extends Module {
  forward(input: Tensor): Tensor {
    return F.tanh(input);
  }
}

/**
 * `1 / (1 + exp(-x))`.
 *
 * `new Sigmoid()`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Sigmoid.html
 */
export class Sigmoid extends Module {
  forward(input: Tensor): Tensor {
    return F.sigmoid(input);
  }
}

/**
 * `log(σ(x))`.
 *
 * `new LogSigmoid()`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.LogSigmoid.html
 */
export class LogSigmoid extends Module {
  forward(input: Tensor): Tensor {
    return F.logsigmoid(input);
  }
}

/**
 * `x - tanh(x)`.
 *
 * `new Tanhshrink()`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Tanhshrink.html
 */
export class Tanhshrink extends Module {
  forward(input: Tensor): Tensor {
    return F.tanhshrink(input);
  }
}

/**
 * `x / (1 + |x|)`.
 *
 * `new Softsign()`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Softsign.html
 */
export class Softsign extends Module {
  forward(input: Tensor): Tensor {
    return F.softsign(input);
  }
}

const geluDefaults: { approximate: 'none' | 'tanh' } = Object.freeze({ approximate: 'none' });

/**
 * `x · Φ(x)`.
 *
 * `new GELU(approximate = 'none')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.GELU.html
 */
export class GELU extends Module {
  declare approximate: 'none' | 'tanh';

  constructor(...rest: Rest<[approximate: 'none' | 'tanh'], { approximate?: 'none' | 'tanh' }>) {
    super();
    this.approximate = bind('GELU', geluDefaults, rest).approximate;
  }

  forward(input: Tensor): Tensor {
    return F.gelu(input, { approximate: this.approximate });
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}

const eluDefaults = Object.freeze({ alpha: 1, inplace: false });

/**
 * `x` where positive, else `alpha · (exp(x) - 1)`.
 *
 * `new ELU(alpha = 1, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.ELU.html
 */
export class ELU extends Module {
  declare alpha: number;
  declare inplace: boolean;

  constructor(...rest: Rest<[alpha: number, inplace: boolean], { alpha?: number; inplace?: boolean }>) {
    super();
    const { alpha, inplace } = bind('ELU', eluDefaults, rest);
    this.alpha = alpha;
    this.inplace = inplace;
  }

  forward(input: Tensor): Tensor {
    return F.elu(input, this.alpha, this.inplace);
  }

  override extraRepr(): string {
    return `alpha=${formatFloat(this.alpha)}${this.inplace ? ', inplace=True' : ''}`;
  }
}

const leakyReluDefaults = Object.freeze({ negativeSlope: 0.01, inplace: false });

/**
 * `x` where positive, else `negativeSlope · x`.
 *
 * `new LeakyReLU(negativeSlope = 0.01, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.LeakyReLU.html
 */
export class LeakyReLU extends Module {
  declare negativeSlope: number;
  declare inplace: boolean;

  constructor(
    ...rest: Rest<[negativeSlope: number, inplace: boolean], { negativeSlope?: number; inplace?: boolean }>
  ) {
    super();
    const { negativeSlope, inplace } = bind('LeakyReLU', leakyReluDefaults, rest);
    this.negativeSlope = negativeSlope;
    this.inplace = inplace;
  }

  forward(input: Tensor): Tensor {
    return F.leakyRelu(input, this.negativeSlope, this.inplace);
  }

  override extraRepr(): string {
    return `negative_slope=${formatFloat(this.negativeSlope)}${this.inplace ? ', inplace=True' : ''}`;
  }
}

const softplusDefaults = Object.freeze({ beta: 1, threshold: 20 });

/**
 * `log(1 + exp(beta · x)) / beta`, and `x` where `beta · x` is above `threshold`.
 *
 * `new Softplus(beta = 1, threshold = 20)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Softplus.html
 */
export class Softplus extends Module {
  declare beta: number;
  declare threshold: number;

  constructor(...rest: Rest<[beta: number, threshold: number], { beta?: number; threshold?: number }>) {
    super();
    const { beta, threshold } = bind('Softplus', softplusDefaults, rest);
    this.beta = beta;
    this.threshold = threshold;
  }

  forward(input: Tensor): Tensor {
    return F.softplus(input, this.beta, this.threshold);
  }

  override extraRepr(): string {
    return `beta=${formatFloat(this.beta)}, threshold=${formatFloat(this.threshold)}`;
  }
}

type DimRest = Rest<[dim: number | null], { dim?: number | null }>;
const dimDefaults: { dim: number | null } = Object.freeze({ dim: null });

/** What the activations along a dimension share. */
abstract class DimActivation extends Module {
  declare dim: number | null;

  constructor(...rest: DimRest) {
    super();
    this.dim = bind(new.target.name, dimDefaults, rest).dim;
  }

  override extraRepr(): string {
    return `dim=${formatOptional(this.dim)}`;
  }
}

/**
 * `exp(x) / Σ exp(x)` along `dim`.
 *
 * `new Softmax(dim = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Softmax.html
 */
export class Softmax extends DimActivation {
  forward(input: Tensor): Tensor {
    return F.softmax(input, this.dim);
  }
}

/**
 * The logarithm of {@link Softmax}. See https://docs.pytorch.org/docs/2.13/generated/torch.nn.LogSoftmax.html
 *
 * `new LogSoftmax(dim = null)`
 */
export class LogSoftmax extends DimActivation {
  forward(input: Tensor): Tensor {
    return F.logSoftmax(input, this.dim);
  }
}

/**
 * {@link Softmax} of `-x`.
 *
 * `new Softmin(dim = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Softmin.html
 */
export class Softmin extends DimActivation {
  forward(input: Tensor): Tensor {
    return F.softmin(input, this.dim);
  }
}
