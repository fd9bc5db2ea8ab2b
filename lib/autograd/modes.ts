/** Modes of autograd. See https://docs.pytorch.org/docs/2.13/autograd.html#locally-disabling-gradient-computation */
import { native } from '../native.js';
import { checkCallback, guardOf, type ModeGuard, within } from '../scope.js';

export type { ModeGuard };

function gradMode(enabled: boolean): ModeGuard {
  const previous = native.gradEnabled();
  native.setGradEnabled(enabled);
  return guardOf(() => native.setGradEnabled(previous));
}

/**
 * Runs `fn` without recording for autograd; without `fn`, until the guard it gives is disposed.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.no_grad.html
 * @throws TypeError where `fn` is asynchronous.
 */
export function noGrad(): ModeGuard;
export function noGrad<T>(fn: () => T): T;
export function noGrad<T>(fn?: () => T): T | ModeGuard {
  checkCallback('noGrad', fn);
  return within('noGrad', gradMode(false), fn);
}

/**
 * Records for autograd again inside {@link noGrad}.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.enable_grad.html
 * @throws TypeError where `fn` is asynchronous.
 */
export function enableGrad(): ModeGuard;
export function enableGrad<T>(fn: () => T): T;
export function enableGrad<T>(fn?: () => T): T | ModeGuard {
  checkCallback('enableGrad', fn);
  return within('enableGrad', gradMode(true), fn);
}

/**
 * Runs `fn` in inference mode: as {@link noGrad}, and its tensors can never be used in autograd, which saves their
 * version counters. See https://docs.pytorch.org/docs/2.13/generated/torch.autograd.grad_mode.inference_mode.html
 * @throws TypeError where `fn` is asynchronous.
 */
export function inferenceMode(): ModeGuard;
export function inferenceMode<T>(fn: () => T): T;
export function inferenceMode<T>(fn?: () => T): T | ModeGuard {
  checkCallback('inferenceMode', fn);
  const depth = native.enterInference(true);
  return within(
    'inferenceMode',
    guardOf(() => native.leaveInference(depth)),
    fn,
  );
}

/** Switches recording on or off from here on; with `using`, until the end of the block. */
export function setGradEnabled(mode: boolean): ModeGuard {
  if (typeof mode !== 'boolean') throw new TypeError('setGradEnabled(): expected a boolean');
  return gradMode(mode);
}

/** Whether autograd records. */
export function isGradEnabled(): boolean {
  return native.gradEnabled();
}

export function isInferenceModeEnabled(): boolean {
  return native.inferenceEnabled();
}
