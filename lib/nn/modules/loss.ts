import { bind } from '../../arguments.js';
import type { Tensor } from '../../tensor.js';
import * as F from '../functional/loss.js';
import type { Reduction } from '../reduction.js';
import { Module } from './module.js';

const lossDefaults: Required<F.LossOptions> = Object.freeze({ reduction: 'mean' });

/** What all losses share: `forward(input, target)` and a reduction. */
abstract class Loss extends Module {
  declare reduction: Reduction | 'batchmean';

  protected constructor(reduction: Reduction | 'batchmean') {
    super();
    this.reduction = reduction;
  }
}

/** A loss of two tensors that has no option but the reduction. */
abstract class PlainLoss extends Loss {
  declare reduction: Reduction;

  constructor(options: F.LossOptions = {}) {
    super(bind(new.target.name, lossDefaults, [options]).reduction);
  }
}

/**
 * The absolute difference.
 *
 * `new L1Loss(reduction = 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.L1Loss.html
 */
export class L1Loss extends PlainLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    return F.l1Loss(input, target, { reduction: this.reduction });
  }
}

/**
 * The squared difference.
 *
 * `new MSELoss(reduction = 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.MSELoss.html
 */
export class MSELoss extends PlainLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    return F.mseLoss(input, target, { reduction: this.reduction });
  }
}

const smoothL1Defaults: { reduction: Reduction; beta: number } = Object.freeze({
  reduction: 'mean',
  beta: 1,
});

/**
 * Quadratic below `beta`, linear above.
 *
 * `new SmoothL1Loss(reduction = 'mean', beta = 1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.SmoothL1Loss.html
 */
export class SmoothL1Loss extends Loss {
  declare reduction: Reduction;
  declare beta: number;

  constructor(options: F.LossOptions & { beta?: number } = {}) {
    const { reduction, beta } = bind('SmoothL1Loss', smoothL1Defaults, [options]);
    super(reduction);
    this.beta = beta;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.smoothL1Loss(input, target, { reduction: this.reduction, beta: this.beta });
  }
}

const huberDefaults: { reduction: Reduction; delta: number } = Object.freeze({ reduction: 'mean', delta: 1 });

/**
 * Quadratic below `delta`, linear with slope `delta` above.
 *
 * `new HuberLoss(reduction = 'mean', delta = 1)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.HuberLoss.html
 */
export class HuberLoss extends Loss {
  declare reduction: Reduction;
  declare delta: number;

  constructor(options: F.LossOptions & { delta?: number } = {}) {
    const { reduction, delta } = bind('HuberLoss', huberDefaults, [options]);
    super(reduction);
    this.delta = delta;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.huberLoss(input, target, { reduction: this.reduction, delta: this.delta });
  }
}

const klDefaults: Required<F.KLDivOptions> = Object.freeze({ reduction: 'mean', logTarget: false });

/**
 * The Kullback-Leibler divergence of the target from an input of log probabilities.
 *
 * `new KLDivLoss(reduction = 'mean', logTarget = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.KLDivLoss.html
 */
export class KLDivLoss extends Loss {
  declare logTarget: boolean;

  constructor(options: F.KLDivOptions = {}) {
    const { reduction, logTarget } = bind('KLDivLoss', klDefaults, [options]);
    super(reduction);
    this.logTarget = logTarget;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.klDiv(input, target, { reduction: this.reduction, logTarget: this.logTarget });
  }
}

const crossEntropyDefaults: Required<F.CrossEntropyOptions> = Object.freeze({
  weight: null,
  ignoreIndex: -100,
  reduction: 'mean',
  labelSmoothing: 0,
});

/**
 * The cross entropy between logits and targets. `weight` is a buffer.
 *
 * `new CrossEntropyLoss(weight = null, ignoreIndex = -100, reduction = 'mean', labelSmoothing = 0)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.CrossEntropyLoss.html
 */
export class CrossEntropyLoss extends Loss {
  declare reduction: Reduction;
  declare weight: Tensor | null;
  declare ignoreIndex: number;
  declare labelSmoothing: number;

  constructor(options: F.CrossEntropyOptions = {}) {
    const { weight, ignoreIndex, reduction, labelSmoothing } = bind(
      'CrossEntropyLoss',
      crossEntropyDefaults,
      [options],
    );
    super(reduction);
    this.registerBuffer('weight', weight);
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction, labelSmoothing } = this;
    return F.crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing });
  }
}

const nllDefaults: Required<F.NLLLossOptions> = Object.freeze({
  weight: null,
  ignoreIndex: -100,
  reduction: 'mean',
});

/**
 * The negative log likelihood, for an input of log probabilities. `weight` is a buffer.
 *
 * `new NLLLoss(weight = null, ignoreIndex = -100, reduction = 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.NLLLoss.html
 */
export class NLLLoss extends Loss {
  declare reduction: Reduction;
  declare weight: Tensor | null;
  declare ignoreIndex: number;

  constructor(options: F.NLLLossOptions = {}) {
    const { weight, ignoreIndex, reduction } = bind('NLLLoss', nllDefaults, [options]);
    super(reduction);
    this.registerBuffer('weight', weight);
    this.ignoreIndex = ignoreIndex;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction } = this;
    return F.nllLoss(input, target, { weight, ignoreIndex, reduction });
  }
}

const bceDefaults: Required<F.BinaryCrossEntropyOptions> = Object.freeze({ weight: null, reduction: 'mean' });

/**
 * The cross entropy between probabilities and targets of the same shape. `weight` is a buffer.
 *
 * `new BCELoss(weight = null, reduction = 'mean')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.BCELoss.html
 */
export class BCELoss extends Loss {
  declare reduction: Reduction;
  declare weight: Tensor | null;

  constructor(options: F.BinaryCrossEntropyOptions = {}) {
    const { weight, reduction } = bind('BCELoss', bceDefaults, [options]);
    super(reduction);
    this.registerBuffer('weight', weight);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropy(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

const logitsDefaults: Required<F.BinaryCrossEntropyWithLogitsOptions> = Object.freeze({
  weight: null,
  reduction: 'mean',
  posWeight: null,
});

/**
 * {@link BCELoss} of the sigmoid of the input, computed at once. `weight` and `pos_weight` are buffers.
 *
 * `new BCEWithLogitsLoss(weight = null, reduction = 'mean', posWeight = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.BCEWithLogitsLoss.html
 */
export class BCEWithLogitsLoss extends Loss {
  declare reduction: Reduction;
  declare weight: Tensor | null;
  /** The weight of positive examples, under the key that it has in a state dict. */
  declare pos_weight: Tensor | null;

  constructor(options: F.BinaryCrossEntropyWithLogitsOptions = {}) {
    const { weight, reduction, posWeight } = bind('BCEWithLogitsLoss', logitsDefaults, [options]);
    super(reduction);
    this.registerBuffer('weight', weight);
    this.registerBuffer('pos_weight', posWeight);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction, pos_weight: posWeight } = this;
    return F.binaryCrossEntropyWithLogits(input, target, { weight, reduction, posWeight });
  }
}
