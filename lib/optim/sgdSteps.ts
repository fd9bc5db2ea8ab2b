/** The three forms of an SGD step, with PyTorch's operators in PyTorch's order. Source: torch/optim/sgd.py. */
import { TorchError } from '../errors.js';
import * as F from '../functions.js';
import { keep } from '../memory.js';
import { ops } from '../ops.js';
import { Tensor } from '../tensor.js';
import { groupByDeviceAndDtype } from './foreach.js';
import { valueOf } from './scalars.js';
import { Scratch } from './scratch.js';
import type { SGDOptions } from './sgd.js';

/** The parameters of a group that have a gradient; `momentumBuffers` is empty where there is no momentum. */
export interface SGDBatch {
  params: Tensor[];
  grads: Tensor[];
  momentumBuffers: Array<Tensor | undefined>;
  hasSparseGrad: boolean;
}

type Update = (batch: SGDBatch, options: SGDOptions) => void;

/** A momentum buffer that starts as the gradient. */
function firstBuffer(grad: Tensor): Tensor {
  const detached = grad.detach();
  const buffer = keep(detached.clone());
  detached.dispose();
  return buffer;
}

/** One parameter after another. */
export const singleTensorSgd: Update = (batch, options) => {
  const { momentum, dampening, weightDecay, nesterov, maximize } = options;
  const lr = options.lr;
  // Python turns a tensor `alpha` into a number the same way.
  const negativeLr = -valueOf(lr);
  batch.params.forEach((param, i) => {
    using scratch = new Scratch();
    let grad = batch.grads[i] as Tensor;
    if (maximize) grad = scratch.add(grad.neg());
    if (weightDecay !== 0) grad = scratch.add(grad.add(param, { alpha: weightDecay }));
    if (momentum !== 0) {
      let buffer = batch.momentumBuffers[i];
      if (buffer === undefined) {
        buffer = firstBuffer(grad);
        batch.momentumBuffers[i] = buffer;
      } else {
        buffer.mul_(momentum).add_(grad, { alpha: 1 - dampening });
      }
      grad = nesterov ? scratch.add(grad.add(buffer, { alpha: momentum })) : buffer;
    }
    if (lr instanceof Tensor && lr.requiresGrad)
      param.addcmul_(grad, scratch.add(lr.squeeze()), { value: -1 });
    else param.add_(grad, { alpha: negativeLr });
  });
};

/**
 * All parameters of a device and dtype at once. As in PyTorch, with Nesterov momentum and neither `maximize` nor
 * weight decay the gradients themselves are updated in place.
 */
export const multiTensorSgd: Update = (batch, options) => {
  const { momentum, dampening, weightDecay, nesterov, maximize } = options;
  const negativeLr = -valueOf(options.lr);
  const groups = groupByDeviceAndDtype([batch.params, batch.grads, batch.momentumBuffers] as const);
  for (const { lists, positions } of groups) {
    using scratch = new Scratch();
    const [params, , buffers] = lists;
    let grads = lists[1];
    const hasSparseGrad = batch.hasSparseGrad && grads.some((grad) => grad.isSparse);

    if (maximize) grads = scratch.addAll(ops.aten._foreach_neg(grads));
    if (weightDecay !== 0) {
      if (maximize) ops.aten._foreach_add_.List(grads, params, { alpha: weightDecay });
      else grads = scratch.addAll(ops.aten._foreach_add.List(grads, params, { alpha: weightDecay }));
    }
    if (momentum !== 0) {
      const present = buffers.filter((buffer) => buffer !== undefined);
      if (present.length === buffers.length) {
        ops.aten._foreach_mul_.Scalar(present, momentum);
        ops.aten._foreach_add_.List(present, grads, { alpha: 1 - dampening });
      } else {
        buffers.forEach((buffer, i) => {
          const grad = grads[i] as Tensor;
          if (buffer === undefined) {
            buffers[i] = firstBuffer(grad);
            batch.momentumBuffers[positions[i] as number] = buffers[i];
          } else {
            buffer.mul_(momentum).add_(grad, { alpha: 1 - dampening });
          }
        });
      }
      const all = buffers as Tensor[];
      if (nesterov) ops.aten._foreach_add_.List(grads, all, { alpha: momentum });
      else grads = all;
    }
    if (hasSparseGrad) {
      // The foreach operators don't take sparse tensors.
      params.forEach((param, i) => void param.add_(grads[i] as Tensor, { alpha: negativeLr }));
    } else {
      ops.aten._foreach_add_.List(params, grads, { alpha: negativeLr });
    }
  }
};

/** The whole step in libtorch's fused kernel. */
export const fusedSgd: Update = (batch, options) => {
  const { lr, momentum, dampening, weightDecay, nesterov, maximize } = options;
  if (batch.params.length === 0) return;
  if (batch.hasSparseGrad) throw new TorchError('`_fused_sgd` does not support sparse gradients');
  const isFirstStep = momentum !== 0 && batch.momentumBuffers.every((buffer) => buffer === undefined);
  if (isFirstStep) batch.momentumBuffers = batch.grads.map((grad) => keep(F.emptyLike(grad)));
  const groups = groupByDeviceAndDtype([batch.params, batch.grads, batch.momentumBuffers] as const);
  const kernel = lr instanceof Tensor ? ops.aten._fused_sgd_.tensor_lr : ops.aten._fused_sgd_.default;
  for (const { lists } of groups) {
    const [params, grads, buffers] = lists;
    kernel(params, grads, momentum === 0 ? [] : buffers, {
      weightDecay,
      momentum,
      lr,
      dampening,
      nesterov,
      maximize,
      isFirstStep,
    });
  }
};
