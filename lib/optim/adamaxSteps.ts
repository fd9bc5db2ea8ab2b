/** The two forms of an Adamax step, with PyTorch's operators in PyTorch's order. Source: torch/optim/adamax.py. */
import { live } from '../graph/watch.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';
import type { AdamaxOptions } from './adamax.js';
import { incrementSteps } from './adamSteps.js';
import { groupByDeviceAndDtype } from './foreach.js';
import { pow } from './scalarMath.js';
import { dividedLr, valueOf } from './scalars.js';
import { Scratch } from './scratch.js';

/** The parameters of a group that have a gradient, with their state. */
export interface AdamaxBatch {
  params: Tensor[];
  grads: Tensor[];
  expAvgs: Tensor[];
  expInfs: Tensor[];
  steps: Tensor[];
}

type Update = (batch: AdamaxBatch, options: AdamaxOptions) => void;

/** One parameter after another. */
export const singleTensorAdamax: Update = (batch, options) => {
  const { lr, eps, weightDecay, maximize } = options;
  const [beta1, beta2] = options.betas;
  batch.params.forEach((parameter, i) => {
    using scratch = new Scratch();
    const stepTensor = batch.steps[i] as Tensor;
    let grad = batch.grads[i] as Tensor;
    if (maximize) grad = scratch.add(grad.neg());

    stepTensor.add_(1);

    if (weightDecay !== 0) grad = scratch.add(grad.add(parameter, { alpha: weightDecay }));

    const param = scratch.asReal(parameter);
    grad = scratch.asReal(grad);
    const expAvg = scratch.asReal(batch.expAvgs[i] as Tensor);
    const expInf = scratch.asReal(batch.expInfs[i] as Tensor);

    expAvg.lerp_(grad, 1 - beta1);
    const norm = scratch.add(grad.abs()).add_(eps);
    ops.aten.maximum.out(expInf.mul_(beta2), norm, { out: expInf });

    const stepSize = live(() => -dividedLr(lr, 1 - pow(beta1, valueOf(stepTensor))));
    param.addcdiv_(expAvg, expInf, { value: stepSize });
  });
};

/** All parameters of a device and dtype at once. */
export const multiTensorAdamax: Update = (batch, options) => {
  const { eps, weightDecay, maximize } = options;
  // Read in double, unlike the other form, which divides a tensor in its own precision.
  const lr = valueOf(options.lr);
  const [beta1, beta2] = options.betas;
  const { params, grads, expAvgs, expInfs, steps } = batch;
  const groups = groupByDeviceAndDtype([params, grads, expAvgs, expInfs, steps] as const);
  for (const { lists } of groups) {
    using scratch = new Scratch();
    const asReal = (tensors: Tensor[]): Tensor[] => tensors.map((item) => scratch.asReal(item));
    const groupSteps = lists[4];
    const groupParams = asReal(lists[0]);
    const groupExpAvgs = asReal(lists[2]);
    const groupExpInfs = asReal(lists[3]);
    let groupGrads = asReal(lists[1]);

    if (maximize) groupGrads = scratch.addAll(ops.aten._foreach_neg(groupGrads));
    incrementSteps(groupSteps, scratch);

    if (weightDecay !== 0) {
      if (maximize) ops.aten._foreach_add_.List(groupGrads, groupParams, { alpha: weightDecay });
      else {
        groupGrads = scratch.addAll(
          ops.aten._foreach_add.List(groupGrads, groupParams, { alpha: weightDecay }),
        );
      }
    }

    ops.aten._foreach_lerp_.Scalar(groupExpAvgs, groupGrads, 1 - beta1);
    ops.aten._foreach_mul_.Scalar(groupExpInfs, beta2);
    // The gradients themselves must not change; a sum or a negative made above may.
    if (!maximize && weightDecay === 0) groupGrads = scratch.addAll(ops.aten._foreach_abs(groupGrads));
    else ops.aten._foreach_abs_(groupGrads);
    ops.aten._foreach_add_.Scalar(groupGrads, eps);
    ops.aten._foreach_maximum_.List(groupExpInfs, groupGrads);

    const stepSizes = groupSteps.map((step) => live(() => (lr / (1 - pow(beta1, valueOf(step)))) * -1));
    ops.aten._foreach_addcdiv_.ScalarList(groupParams, groupExpAvgs, groupExpInfs, stepSizes);
  }
};
