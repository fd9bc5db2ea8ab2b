/** Adam. Source: torch/optim/adam.py. */

import type { Rest } from '../arguments.js';
import { noGrad } from '../autograd/index.js';
import { TorchError } from '../errors.js';
import * as F from '../functions.js';
import { keep } from '../memory.js';
import { Tensor } from '../tensor.js';
import { type AdamBatch, fusedAdam, multiTensorAdam, singleTensorAdam } from './adamSteps.js';
import { checkFused, defaultsToForeach } from './foreach.js';
import { Optimizer } from './optimizer.js';
import { type CommonOptions, checkAdamOptions, type FusedOption, resolveOptions } from './options.js';
import type { ParamsInput } from './paramGroup.js';
import { restoreStep, stepCounter } from './scalars.js';
import { Scratch } from './scratch.js';

/** Options of Adam. */
export interface AdamOptions extends CommonOptions, FusedOption {
  /** Learning rate, a number or (not with `foreach`) a tensor of one element. Default: 1e-3. */
  lr: number | Tensor;
  /** Decay of the running averages of the gradient and of its square. Default: [0.9, 0.999]. */
  betas: [number, number];
  /** Added to the denominator. Default: 1e-8. */
  eps: number;
  /** L2 penalty, or, with `decoupledWeightDecay`, AdamW's weight decay. Default: 0. */
  weightDecay: number;
  /** The AMSGrad variant, of the paper `On the Convergence of Adam and Beyond`. Default: false. */
  amsgrad: boolean;
  /** Whether the weight decay stays out of the running averages, as in AdamW. Default: false. */
  decoupledWeightDecay: boolean;
  capturable: false;
}

/** The options that may be given by position. */
export type AdamPositional = [
  lr: number | Tensor,
  betas: [number, number],
  eps: number,
  weightDecay: number,
  amsgrad: boolean,
];

/** State of one parameter. */
export interface AdamState {
  /** Number of steps, a 0-dim tensor as in PyTorch. */
  step: Tensor;
  expAvg: Tensor;
  expAvgSq: Tensor;
  /** With `amsgrad` only. */
  maxExpAvgSq?: Tensor;
}

/** @internal The defaults, which AdamW changes. */
export const ADAM_DEFAULTS: AdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  maximize: false,
  foreach: null,
  capturable: false,
  differentiable: false,
  fused: null,
  decoupledWeightDecay: false,
};

/**
 * Adam, of the paper `Adam: A Method for Stochastic Optimization`.
 *
 * `new Adam(params, lr = 0.001, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0, amsgrad = false, {
 * maximize = false, foreach = null, capturable = false, differentiable = false, fused = null,
 * decoupledWeightDecay = false })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.optim.Adam.html
 *
 * @example
 * const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
 */
export class Adam extends Optimizer<AdamOptions, AdamState> {
  /**
   * @throws RangeError for a negative `lr`, `eps` or `weightDecay`, or a beta outside [0, 1).
   * @throws TypeError for an unknown option.
   */
  constructor(params: ParamsInput<AdamOptions>, ...options: Rest<AdamPositional, Partial<AdamOptions>>) {
    const resolved = resolveOptions('Adam', ADAM_DEFAULTS, options);
    const { lr, foreach, fused } = resolved;
    if (lr instanceof Tensor && foreach) {
      throw new RangeError('lr as a Tensor is not supported for capturable=False and foreach=True');
    }
    checkAdamOptions(resolved);
    super(params, { ...resolved, betas: [resolved.betas[0], resolved.betas[1]] });
    if (fused && foreach) throw new TorchError('`fused` and `foreach` cannot be `True` together.');
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
    const batch: AdamBatch = {
      params: [],
      grads: [],
      expAvgs: [],
      expAvgSqs: [],
      maxExpAvgSqs: [],
      steps: [],
    };
    for (const parameter of group.params) {
      const grad = scratch.gradOf(parameter);
      if (grad === null) continue;
      if (grad.isSparse) {
        throw new TorchError('Adam does not support sparse gradients, please consider SparseAdam instead');
      }
      if (group.foreach && group.lr instanceof Tensor) {
        throw new TorchError('lr as a Tensor is not supported for capturable=False and foreach=True');
      }
      let state = this.state.get(parameter);
      if (state === undefined) {
        state = initialState(parameter, group);
        this.state.set(parameter, state);
      }
      batch.params.push(parameter);
      batch.grads.push(grad);
      batch.expAvgs.push(state.expAvg);
      batch.expAvgSqs.push(state.expAvgSq);
      if (group.amsgrad) batch.maxExpAvgSqs.push(requireMax(state));
      batch.steps.push(state.step);
    }
    let { foreach } = group;
    if (group.fused === null && foreach === null) {
      foreach = defaultsToForeach(batch.params) && !(group.lr instanceof Tensor);
    }
    const update = group.fused ? fusedAdam : foreach ? multiTensorAdam : singleTensorAdam;
    update(batch, group);
  }

  protected override afterLoad(): void {
    const oldest = {
      amsgrad: false,
      maximize: false,
      foreach: null,
      decoupledWeightDecay: false,
      fused: null,
    };
    this.paramGroups = this.paramGroups.map((group) => ({
      ...oldest,
      ...group,
      // A state that PyTorch saved with these loads as an ordinary one.
      capturable: false,
      differentiable: false,
    }));
    for (const group of this.paramGroups) {
      for (const parameter of group.params) {
        restoreStep(this.state.get(parameter), group.fused ? parameter.device : undefined);
      }
    }
  }
}

function initialState(parameter: Tensor, group: AdamOptions): AdamState {
  if (group.fused) checkFused(parameter);
  const state: AdamState = {
    step: stepCounter(0, group.fused ? parameter.device : undefined),
    expAvg: keep(F.zerosLike(parameter)),
    expAvgSq: keep(F.zerosLike(parameter)),
  };
  if (group.amsgrad) state.maxExpAvgSq = keep(F.zerosLike(parameter));
  return state;
}

function requireMax(state: AdamState): Tensor {
  if (state.maxExpAvgSq === undefined) {
    throw new TorchError('amsgrad was turned on after the first step: the state has no max_exp_avg_sq');
  }
  return state.maxExpAvgSq;
}
