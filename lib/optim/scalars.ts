/** Scalar state and hyperparameters: step counters and learning rates that may be tensors. */
import { tensor } from '../creation.js';
import type { Device } from '../device.js';
import { type DType, float32, float64, getDefaultDtype } from '../dtype.js';
import { keep } from '../memory.js';
import { Tensor } from '../tensor.js';

/** The dtype of step counters: float32, but float64 where that is the default dtype. */
export function scalarDtype(): DType {
  return getDefaultDtype() === float64 ? float64 : float32;
}

/** A step counter. It lives on the CPU, where reading it costs nothing, unless a fused kernel counts on the device. */
export function stepCounter(value: number, fusedOn?: Device): Tensor {
  const options =
    fusedOn === undefined ? { dtype: scalarDtype(), device: 'cpu' } : { dtype: float32, device: fusedOn };
  return keep(tensor(value, options));
}

/** The value of a tensor of one element, or the number itself. */
export function valueOf(scalar: number | Tensor): number {
  return scalar instanceof Tensor ? Number(scalar.item()) : scalar;
}

/** `1 - lr * weightDecay`, in the precision of `lr`: that of its dtype where it is a tensor. */
export function decayFactor(lr: number | Tensor, weightDecay: number): number {
  if (!(lr instanceof Tensor)) return 1 - lr * weightDecay;
  const product = lr.mul(weightDecay);
  const factor = product.neg().add_(1);
  const value = Number(factor.item());
  factor.dispose();
  product.dispose();
  return value;
}

/** `lr / divisor`, in the precision of `lr`. */
export function dividedLr(lr: number | Tensor, divisor: number): number {
  if (!(lr instanceof Tensor)) return lr / divisor;
  const quotient = lr.div(divisor);
  const value = Number(quotient.item());
  quotient.dispose();
  return value;
}

/** Completes a loaded step: a number, as old checkpoints have, becomes a counter, and a counter goes where it belongs. */
export function restoreStep(state: { step?: unknown } | undefined, fusedOn?: Device): void {
  if (state === undefined || state.step === undefined) return;
  const { step } = state;
  if (!(step instanceof Tensor)) {
    state.step = stepCounter(Number(step), fusedOn);
    return;
  }
  const dtype = fusedOn === undefined ? step.dtype : float32;
  const target = fusedOn === undefined ? 'cpu' : String(fusedOn);
  if (String(step.device) === target && step.dtype === dtype) return;
  state.step = keep(step.to({ device: target, dtype }));
  step.dispose();
}
