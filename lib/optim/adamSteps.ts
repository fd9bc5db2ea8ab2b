/** The three forms of an Adam step, with PyTorch's operators in PyTorch's order. Source: torch/optim/adam.py. */
import * as F from '../functions.js';
import { live } from '../graph/watch.js';
import { ops } from '../ops.js';
import { Tensor } from '../tensor.js';
import type { AdamOptions } from './adam.js';
import { groupByDeviceAndDtype } from './foreach.js';
import { pow } from './scalarMath.js';
import { decayFactor, dividedLr, valueOf } from './scalars.js';
import { Scratch } from './scratch.js';

/** The parameters of a group that have a gradient, with their state; `maxExpAvgSqs` is empty without `amsgrad`. */
export interface AdamBatch {
  params: Tensor[];
  grads: Tensor[];
  expAvgs: Tensor[];
  expAvgSqs: Tensor[];
  maxExpAvgSqs: Tensor[];
  steps: Tensor[];
}

type Update = (batch: AdamBatch, options: AdamOptions) => void;

/** One parameter after another. */
export const singleTensorAdam: Update = (batch, options) => {
  const { lr, eps, weightDecay, amsgrad, maximize, decoupledWeightDecay } = options;
  const [beta1, beta2] = options.betas;
  const decay = decoupledWeightDecay && weightDecay !== 0 ? decayFactor(lr, weightDecay) : 1;
  batch.params.forEach((parameter, i) => {
    using scratch = new Scratch();
    const stepTensor = batch.steps[i] as Tensor;
    let grad = batch.grads[i] as Tensor;
    if (maximize) grad = scratch.add(grad.neg());

    stepTensor.add_(1);

    if (weightDecay !== 0) {
      if (decoupledWeightDecay) parameter.mul_(decay);
      else grad = scratch.add(grad.add(parameter, { alpha: weightDecay }));
    }

    const param = scratch.asReal(parameter);
    const expAvg = scratch.asReal(batch.expAvgs[i] as Tensor);
    const expAvgSq = scratch.asReal(batch.expAvgSqs[i] as Tensor);
    grad = scratch.asReal(grad);

    expAvg.lerp_(grad, 1 - beta1);
    expAvgSq.mul_(beta2).addcmul_(grad, grad, { value: 1 - beta2 });

    let secondMoment = expAvgSq;
    if (amsgrad) {
      secondMoment = scratch.asReal(batch.maxExpAvgSqs[i] as Tensor);
      ops.aten.maximum.out(secondMoment, expAvgSq, { out: secondMoment });
    }
    // In place where PyTorch divides into a new tensor: the same bits, one large temporary less.
    const root = scratch.add(secondMoment.sqrt());
    const denominator = root.div_(live(() => pow(1 - pow(beta2, valueOf(stepTensor)), 0.5))).add_(eps);
    const stepSize = live(() => -dividedLr(lr, 1 - pow(beta1, valueOf(stepTensor))));
    param.addcdiv_(expAvg, denominator, { value: stepSize });
  });
};

/** All parameters of a device and dtype at once. */
export const multiTensorAdam: Update = (batch, options) => {
  const { eps, weightDecay, amsgrad, maximize, decoupledWeightDecay } = options;
  // A tensor isn't allowed here, which `Adam` has checked.
  const lr = valueOf(options.lr);
  const [beta1, beta2] = options.betas;
  const { params, grads, expAvgs, expAvgSqs, maxExpAvgSqs, steps } = batch;
  const groups = groupByDeviceAndDtype([params, grads, expAvgs, expAvgSqs, maxExpAvgSqs, steps] as const);
  for (const { lists } of groups) {
    using scratch = new Scratch();
    const asReal = (tensors: Tensor[]): Tensor[] => tensors.map((item) => scratch.asReal(item));
    const groupSteps = lists[5];
    const groupParams = asReal(lists[0]);
    const groupExpAvgs = asReal(lists[2]);
    const groupExpAvgSqs = asReal(lists[3]);
    const groupMax = asReal(lists[4]);
    let groupGrads = asReal(lists[1]);

    if (maximize) groupGrads = scratch.addAll(ops.aten._foreach_neg(groupGrads));
    incrementSteps(groupSteps, scratch);

    if (weightDecay !== 0) {
      if (decoupledWeightDecay) {
        ops.aten._foreach_mul_.Scalar(groupParams, 1 - lr * weightDecay);
      } else if (maximize) {
        ops.aten._foreach_add_.List(groupGrads, groupParams, { alpha: weightDecay });
      } else {
        groupGrads = scratch.addAll(
          ops.aten._foreach_add.List(groupGrads, groupParams, { alpha: weightDecay }),
        );
      }
    }

    ops.aten._foreach_lerp_.Scalar(groupExpAvgs, groupGrads, 1 - beta1);
    ops.aten._foreach_mul_.Scalar(groupExpAvgSqs, beta2);
    ops.aten._foreach_addcmul_.Scalar(groupExpAvgSqs, groupGrads, groupGrads, 1 - beta2);

    if (amsgrad) ops.aten._foreach_maximum_.List(groupMax, groupExpAvgSqs);
    const denominators: Tensor[] = scratch.addAll(
      ops.aten._foreach_sqrt(amsgrad ? groupMax : groupExpAvgSqs),
    );
    const biasCorrection2Sqrts = groupSteps.map((step) =>
      live(() => pow(1 - pow(beta2, valueOf(step)), 0.5)),
    );
    ops.aten._foreach_div_.ScalarList(denominators, biasCorrection2Sqrts);
    ops.aten._foreach_add_.Scalar(denominators, eps);
    const stepSizes = groupSteps.map((step) => live(() => (lr / (1 - pow(beta1, valueOf(step)))) * -1));
    ops.aten._foreach_addcdiv_.ScalarList(groupParams, groupExpAvgs, denominators, stepSizes);
  }
};

/**
 * Adds one to every counter. Those on the CPU go through a slow path that would make a tensor of the number for each
 * of them, so it is made here, once.
 */
export function incrementSteps(steps: Tensor[], scratch: Scratch): void {
  if (steps[0]?.device.type === 'cpu') {
    ops.aten._foreach_add_.Tensor(steps, scratch.add(F.ones([], { device: 'cpu' })), { alpha: 1 });
  } else {
    ops.aten._foreach_add_.Scalar(steps, 1);
  }
}

/** The whole step in libtorch's fused kernel. */
export const fusedAdam: Update = (batch, options) => {
  const { eps, weightDecay, amsgrad, maximize, decoupledWeightDecay } = options;
  const [beta1, beta2] = options.betas;
  const { params, grads, expAvgs, expAvgSqs, maxExpAvgSqs, steps } = batch;
  const groups = groupByDeviceAndDtype([params, grads, expAvgs, expAvgSqs, maxExpAvgSqs, steps] as const);
  for (const { lists } of groups) {
    using scratch = new Scratch();
    const device = (lists[0][0] as Tensor).device;
    let lr = options.lr;
    if (lr instanceof Tensor && lr.device.type !== 'cpu' && String(lr.device) !== String(device)) {
      lr = scratch.add(lr.to({ device, copy: true }));
    }
    ops.aten._foreach_add_.Scalar(lists[5], 1);
    const name = decoupledWeightDecay ? '_fused_adamw_' : '_fused_adam_';
    const kernel = lr instanceof Tensor ? ops.aten[name].tensor_lr : ops.aten[name].default;
    kernel(...lists, { amsgrad, lr, beta1, beta2, weightDecay, eps, maximize });
  }
};
