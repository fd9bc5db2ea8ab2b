/** Adamax. Source: torch/optim/adamax.py. */

import type { Rest } from '../arguments.js';
import { noGrad } from '../autograd/index.js';
import { TorchError } from '../errors.js';
import * as F from '../functions.js';
import { keep } from '../memory.js';
import type { Tensor } from '../tensor.js';
import { type AdamaxBatch, multiTensorAdamax, singleTensorAdamax } from './adamaxSteps.js';
import { defaultsToForeach } from './foreach.js';
import { Optimizer } from './optimizer.js';
import { type CommonOptions, checkAdamOptions, resolveOptions } from './options.js';
import type { ParamsInput } from './paramGroup.js';
import { restoreStep, stepCounter } from './scalars.js';
import { Scratch } from './scratch.js';

/** Options of Adamax. */
export interface AdamaxOptions extends CommonOptions {
  /** Learning rate, a number or a tensor of one element. Default: 2e-3. */
  lr: number | Tensor;
  /** Decay of the running average of the gradient and of its infinity norm. Default: [0.9, 0.999]. */
  betas: [number, number];
  /** Added to the norm. Default: 1e-8. */
  eps: number;
  /** L2 penalty. Default: 0. */
  weightDecay: number;
  capturable: false;
}

/** State of one parameter. */
export interface AdamaxState {
  /** Number of steps, a 0-dim tensor as in PyTorch. */
  step: Tensor;
  expAvg: Tensor;
  expInf: Tensor;
}

const DEFAULTS: AdamaxOptions = {
  lr: 2e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  foreach: null,
  maximize: false,
  differentiable: false,
  capturable: false,
};

/**
 * Adamax, the variant of Adam on the infinity norm, of the paper `Adam: A Method for Stochastic Optimization`.
 *
 * `new Adamax(params, lr = 0.002, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0, foreach = null, {
 * maximize = false, differentiable = false, capturable = false })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.optim.Adamax.html
 *
 * @example
 * const optimizer = new optim.Adamax(model.parameters(), { lr: 2e-3 });
 */
export class Adamax extends Optimizer<AdamaxOptions, AdamaxState> {
  /**
   * @throws RangeError for a negative `lr`, `eps` or `weightDecay`, or a beta outside [0, 1).
   * @throws TypeError for an unknown option.
   */
  constructor(
    params: ParamsInput<AdamaxOptions>,
    ...options: Rest<
      [
        lr: number | Tensor,
        betas: [number, number],
        eps: number,
        weightDecay: number,
        foreach: boolean | null,
      ],
      Partial<AdamaxOptions>
    >
  ) {
    const resolved = resolveOptions('Adamax', DEFAULTS, options);
    checkAdamOptions(resolved);
    super(params, { ...resolved, betas: [resolved.betas[0], resolved.betas[1]] });
  }

  override step(): undefined;
  override step<Loss>(closure: () => Loss): Loss;
  override step<Loss>(closure?: () => Loss): Loss | undefined {
    return noGrad(() => {
      const loss = this.evaluate(closure);
      for (const group of this.paramGroups) this.#stepGroup(group);
      return loss;
    });
  }

  #stepGroup(group: this['paramGroups'][number]): void {
    using scratch = new Scratch();
    const batch: AdamaxBatch = { params: [], grads: [], expAvgs: [], expInfs: [], steps: [] };
    for (const parameter of group.params) {
      const grad = scratch.gradOf(parameter);
      if (grad === null) continue;
      if (grad.isSparse) throw new TorchError('Adamax does not support sparse gradients');
      let state = this.state.get(parameter);
      if (state === undefined) {
        state = {
          step: stepCounter(0),
          expAvg: keep(F.zerosLike(parameter)),
          expInf: keep(F.zerosLike(parameter)),
        };
        this.state.set(parameter, state);
      }
      batch.params.push(parameter);
      batch.grads.push(grad);
      batch.expAvgs.push(state.expAvg);
      batch.expInfs.push(state.expInf);
      batch.steps.push(state.step);
    }
    const foreach = group.foreach ?? defaultsToForeach(batch.params);
    (foreach ? multiTensorAdamax : singleTensorAdamax)(batch, group);
  }

  protected override afterLoad(): void {
    const oldest = { foreach: null, maximize: false };
    this.paramGroups = this.paramGroups.map((group) => ({
      ...oldest,
      ...group,
      // A state that PyTorch saved with these loads as an ordinary one.
      capturable: false,
      differentiable: false,
    }));
    for (const group of this.paramGroups) {
      for (const parameter of group.params) restoreStep(this.state.get(parameter));
    }
  }
}
