/** Stochastic gradient descent, optionally with momentum. Source: torch/optim/sgd.py. */

import type { Rest } from '../arguments.js';
import { noGrad } from '../autograd/index.js';
import { TorchError } from '../errors.js';
import type { Tensor } from '../tensor.js';
import { checkFused, defaultsToForeach } from './foreach.js';
import { Optimizer } from './optimizer.js';
import { type CommonOptions, checkedLr, type FusedOption, requireNumber, resolveOptions } from './options.js';
import type { ParamsInput } from './paramGroup.js';
import { Scratch } from './scratch.js';
import { fusedSgd, multiTensorSgd, type SGDBatch, singleTensorSgd } from './sgdSteps.js';

/** Options of SGD. */
export interface SGDOptions extends CommonOptions, FusedOption {
  /** Learning rate, a number or a tensor of one element. Default: 1e-3. */
  lr: number | Tensor;
  /** Momentum factor. Default: 0. */
  momentum: number;
  /** Dampening of the momentum. Default: 0. */
  dampening: number;
  /** L2 penalty. Default: 0. */
  weightDecay: number;
  /** Nesterov's momentum. Default: false. */
  nesterov: boolean;
}

/** State of one parameter: nothing without momentum. */
export interface SGDState {
  momentumBuffer?: Tensor;
}

const DEFAULTS: SGDOptions = {
  lr: 1e-3,
  momentum: 0,
  dampening: 0,
  weightDecay: 0,
  nesterov: false,
  maximize: false,
  foreach: null,
  differentiable: false,
  fused: null,
};

/**
 * Stochastic gradient descent, optionally with (Nesterov) momentum, for dense and sparse gradients.
 *
 * `new SGD(params, lr = 0.001, momentum = 0, dampening = 0, weightDecay = 0, nesterov = false, { maximize =
 * false, foreach = null, differentiable = false, fused = null })`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.optim.SGD.html
 *
 * @example
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
 * optimizer.zeroGrad();
 * lossFn(model.forward(input), target).backward();
 * optimizer.step();
 */
export class SGD extends Optimizer<SGDOptions, SGDState> {
  #fusedChecked = false;

  /**
   * @throws RangeError for a negative `lr`, `momentum` or `weightDecay`, or Nesterov momentum without momentum or
   *   with dampening.
   * @throws TypeError for an unknown option.
   */
  constructor(
    params: ParamsInput<SGDOptions>,
    ...options: Rest<
      [lr: number | Tensor, momentum: number, dampening: number, weightDecay: number, nesterov: boolean],
      Partial<SGDOptions>
    >
  ) {
    const resolved = resolveOptions('SGD', DEFAULTS, options);
    const lr = checkedLr(resolved.lr);
    const { momentum, dampening, weightDecay, nesterov, fused, foreach } = resolved;
    if (lr < 0) throw new RangeError(`Invalid learning rate: ${lr}`);
    requireNumber('momentum', momentum);
    requireNumber('dampening', dampening);
    requireNumber('weightDecay', weightDecay);
    if (momentum < 0) throw new RangeError(`Invalid momentum value: ${momentum}`);
    if (weightDecay < 0) throw new RangeError(`Invalid weight_decay value: ${weightDecay}`);
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new RangeError('Nesterov momentum requires a momentum and zero dampening');
    }
    super(params, resolved);
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
    const batch: SGDBatch = { params: [], grads: [], momentumBuffers: [], hasSparseGrad: false };
    for (const parameter of group.params) {
      const grad = scratch.gradOf(parameter);
      if (grad === null) continue;
      if (group.fused && !this.#fusedChecked) {
        checkFused(parameter);
        this.#fusedChecked = true;
      }
      batch.params.push(parameter);
      batch.grads.push(grad);
      batch.hasSparseGrad ||= grad.isSparse;
      if (group.momentum !== 0) batch.momentumBuffers.push(this.state.get(parameter)?.momentumBuffer);
    }
    let { foreach, fused } = group;
    if (foreach === null && fused === null) foreach = defaultsToForeach(batch.params);
    const update = foreach ? multiTensorSgd : fused ? fusedSgd : singleTensorSgd;
    update(batch, group);
    if (group.momentum === 0) return;
    batch.params.forEach((parameter, i) => {
      const state = this.state.get(parameter);
      if (state === undefined) this.state.set(parameter, { momentumBuffer: batch.momentumBuffers[i] });
      else state.momentumBuffer = batch.momentumBuffers[i];
    });
  }

  protected override afterLoad(): void {
    const oldest = { nesterov: false, maximize: false, foreach: null, differentiable: false, fused: false };
    this.paramGroups = this.paramGroups.map((group) => ({ ...oldest, ...group, differentiable: false }));
  }
}
