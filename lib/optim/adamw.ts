/** AdamW. Source: torch/optim/adamw.py. */
import type { Rest } from '../arguments.js';
import { ADAM_DEFAULTS, Adam, type AdamOptions, type AdamPositional } from './adam.js';
import { resolveOptions } from './options.js';
import type { ParamsInput } from './paramGroup.js';

/** Options of AdamW: those of Adam, with a weight decay that is always decoupled. Default of `weightDecay`: 1e-2. */
export type AdamWOptions = Omit<AdamOptions, 'decoupledWeightDecay'>;

const { decoupledWeightDecay: _always, ...ADAM_OPTIONS } = ADAM_DEFAULTS;
const DEFAULTS: AdamWOptions = { ...ADAM_OPTIONS, weightDecay: 1e-2 };

/**
 * Adam with decoupled weight decay, of the paper `Decoupled Weight Decay Regularization`: the decay enters neither
 * running average.
 *
 * `new AdamW(params, lr = 0.001, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0.01, amsgrad = false, {
 * maximize = false, foreach = null, capturable = false, differentiable = false, fused = null })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.optim.AdamW.html
 *
 * @example
 * const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3, weightDecay: 0.01 });
 */
export class AdamW extends Adam {
  /**
   * @throws RangeError for a negative `lr`, `eps` or `weightDecay`, or a beta outside [0, 1).
   * @throws TypeError for an unknown option.
   */
  constructor(params: ParamsInput<AdamWOptions>, ...options: Rest<AdamPositional, Partial<AdamWOptions>>) {
    super(params, { ...resolveOptions('AdamW', DEFAULTS, options), decoupledWeightDecay: true });
  }

  protected override afterLoad(): void {
    super.afterLoad();
    for (const group of this.paramGroups) group.decoupledWeightDecay = true;
  }
}
