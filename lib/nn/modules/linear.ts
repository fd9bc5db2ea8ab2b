import { bind, type Rest } from '../../arguments.js';
import type { DeviceLike } from '../../device.js';
import type { DType } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import { formatBool } from '../format.js';
import * as F from '../functional/builtin.js';
import * as init from '../init.js';
import type { Parameter } from '../parameter.js';
import { emptyParameter } from './factory.js';
import { Module } from './module.js';

/** Options of {@link Linear} and {@link Bilinear}. */
export interface LinearOptions {
  /** Whether a bias is learned. Default: `true`. */
  bias?: boolean;
  /** Where the parameters lie. Default: the default device. */
  device?: DeviceLike | null;
  /** The parameters' dtype. Default: the default dtype. */
  dtype?: DType | null;
}

type LinearRest = Rest<[bias: boolean, device: DeviceLike | null, dtype: DType | null], LinearOptions>;
const defaults: Required<LinearOptions> = Object.freeze({ bias: true, device: null, dtype: null });

/**
 * Gives back its input. Arguments are taken and ignored.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Identity.html
 */
export class Identity extends Module {
  constructor(..._ignored: unknown[]) {
    super();
  }

  forward(input: Tensor): Tensor {
    return input;
  }
}

/**
 * `x @ weight.T + bias`, with weight and bias drawn from U(-1/√in, 1/√in).
 *
 * Shapes: input `(*, in)`, result `(*, out)`; weight `(out, in)`, bias `(out)` or `null`.
 *
 * `new Linear(inFeatures, outFeatures, bias = true, device = null, dtype = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Linear.html
 */
export class Linear extends Module {
  declare inFeatures: number;
  declare outFeatures: number;
  declare weight: Parameter;
  declare bias: Parameter | null;

  constructor(inFeatures: number, outFeatures: number, ...rest: LinearRest) {
    super();
    const { bias, ...factory } = bind('Linear', defaults, rest);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = emptyParameter([outFeatures, inFeatures], factory);
    this.bias = bias ? emptyParameter([outFeatures], factory) : null;
    this.resetParameters();
  }

  /** Draws the initial values anew. */
  resetParameters(): void {
    // With a = √5 this is U(-1/√in, 1/√in), drawn as PyTorch draws it.
    init.kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    if (this.bias !== null) {
      const [fanIn] = init.calculateFanInAndFanOut(this.weight);
      const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
      init.uniform_(this.bias, -bound, bound);
    }
  }

  forward(input: Tensor): Tensor {
    return F.linear(input, this.weight, this.bias);
  }

  override extraRepr(): string {
    const { inFeatures, outFeatures, bias } = this;
    return `in_features=${inFeatures}, out_features=${outFeatures}, bias=${formatBool(bias !== null)}`;
  }
}

/**
 * `x1 @ weight[k] @ x2 + bias[k]` for every output feature k.
 *
 * Shapes: inputs `(*, in1)` and `(*, in2)`, result `(*, out)`; weight `(out, in1, in2)`, bias `(out)` or
 * `null`.
 *
 * `new Bilinear(in1Features, in2Features, outFeatures, bias = true, device = null, dtype = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Bilinear.html
 *
 * @throws RangeError unless `in1Features` is positive.
 */
export class Bilinear extends Module {
  declare in1Features: number;
  declare in2Features: number;
  declare outFeatures: number;
  declare weight: Parameter;
  declare bias: Parameter | null;

  constructor(in1Features: number, in2Features: number, outFeatures: number, ...rest: LinearRest) {
    super();
    const { bias, ...factory } = bind('Bilinear', defaults, rest);
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    this.weight = emptyParameter([outFeatures, in1Features, in2Features], factory);
    this.bias = bias ? emptyParameter([outFeatures], factory) : null;
    this.resetParameters();
  }

  /** Draws the initial values anew. */
  resetParameters(): void {
    if (this.in1Features <= 0) {
      throw new RangeError(`in1_features must be > 0, but got (in1_features=${this.in1Features})`);
    }
    const bound = 1 / Math.sqrt(this.weight.size(1));
    init.uniform_(this.weight, -bound, bound);
    if (this.bias !== null) init.uniform_(this.bias, -bound, bound);
  }

  forward(input1: Tensor, input2: Tensor): Tensor {
    return F.bilinear(input1, input2, this.weight, this.bias);
  }

  override extraRepr(): string {
    const { in1Features, in2Features, outFeatures, bias } = this;
    return (
      `in1_features=${in1Features}, in2_features=${in2Features}, out_features=${outFeatures}, ` +
      `bias=${formatBool(bias !== null)}`
    );
  }
}
