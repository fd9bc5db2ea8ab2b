import { bind, type Rest } from '../../arguments.js';
import type { Tensor } from '../../tensor.js';
import { formatBool, formatFloat } from '../format.js';
import * as F from '../functional/dropout.js';
import { Module } from './module.js';

/** Options of the dropout layers. */
export interface DropoutLayerOptions {
  /** The probability of an element (or channel) to be zeroed. Default: 0.5. */
  p?: number;
  /** Change the input itself. Default: `false`. */
  inplace?: boolean;
}

const defaults: Required<DropoutLayerOptions> = Object.freeze({ p: 0.5, inplace: false });

/** What the dropout layers share. */
abstract class DropoutNd extends Module {
  declare p: number;
  declare inplace: boolean;

  constructor(...rest: Rest<[p: number, inplace: boolean], DropoutLayerOptions>) {
    super();
    const { p, inplace } = bind(new.target.name, defaults, rest);
    F.checkProbability(p);
    this.p = p;
    this.inplace = inplace;
  }

  override extraRepr(): string {
    return `p=${formatFloat(this.p)}, inplace=${formatBool(this.inplace)}`;
  }
}

/**
 * In training, zeroes elements at random with probability `p` and scales the others by 1 / (1 - p).
 *
 * `new Dropout(p = 0.5, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Dropout.html
 *
 * @throws RangeError unless `p` is in [0, 1].
 */
export class Dropout extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout(input, this.p, this.training, this.inplace);
  }
}

/**
 * Dropout of whole channels. Shapes: `(N, C, L)` or `(C, L)`.
 *
 * `new Dropout1d(p = 0.5, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Dropout1d.html
 */
export class Dropout1d extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout1d(input, this.p, this.training, this.inplace);
  }
}

/**
 * Dropout of whole channels. Shape: `(N, C, H, W)`.
 *
 * `new Dropout2d(p = 0.5, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Dropout2d.html
 */
export class Dropout2d extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout2d(input, this.p, this.training, this.inplace);
  }
}

/**
 * Dropout of whole channels. Shapes: `(N, C, D, H, W)` or `(C, D, H, W)`.
 *
 * `new Dropout3d(p = 0.5, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Dropout3d.html
 */
export class Dropout3d extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout3d(input, this.p, this.training, this.inplace);
  }
}

/**
 * Dropout that keeps mean and variance, for self-normalising networks.
 *
 * `new AlphaDropout(p = 0.5, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.AlphaDropout.html
 */
export class AlphaDropout extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.alphaDropout(input, this.p, this.training);
  }
}

/**
 * {@link AlphaDropout} of whole channels.
 *
 * `new FeatureAlphaDropout(p = 0.5, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.FeatureAlphaDropout.html
 */
export class FeatureAlphaDropout extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.featureAlphaDropout(input, this.p, this.training);
  }
}
