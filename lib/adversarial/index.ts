/**
 * Adversarial training: what PyTorch lacks. See docs/adversarial.md.
 *
 *     import { adversarialStep, fgm, outputs } from 'litorch/adversarial';
 */
// First: the modules of torch refer to each other, and are complete when they are loaded from here.
import '../torch.js';

export { klDivergence, symmetricKl } from './divergence.js';
export { type AdversarialCondition, AdversarialError } from './errors.js';
export { type AwpOptions, awp } from './methods/awp.js';
export { type FgmOptions, fgm } from './methods/fgm.js';
export { type FgsmOptions, fgsm } from './methods/fgsm.js';
export { type ForumOptions, forum } from './methods/forum.js';
export { type FreeATOptions, freeAT } from './methods/freeAT.js';
export { type FreeLBOptions, freeLB } from './methods/freeLB.js';
export type { Attack, AttackOptions, Method, TargetOptions } from './methods/method.js';
export { type NoiseOptions, noise } from './methods/noise.js';
export { type PgdOptions, pgd } from './methods/pgd.js';
export { type R3fOptions, r3f } from './methods/r3f.js';
export { type RDropOptions, rDrop } from './methods/rDrop.js';
export { alum, type SmartOptions, smart } from './methods/smart.js';
export { type VatOptions, vat } from './methods/vat.js';
export { type YopoOptions, yopo } from './methods/yopo.js';
export type { NormOptions, NormOver } from './norm.js';
export type { Loss, NonFinite, PassOptions } from './pass.js';
export { perturb, withPerturbation } from './perturb.js';
export type { Deltas } from './slot.js';
export {
  type AdversarialStep,
  adversarialStep,
  adversary,
  type Found,
  type StepResult,
} from './step.js';
export { type DataSwap, swapData, withSwappedData } from './swap.js';
export { type OutputsOptions, outputs } from './targets/outputs.js';
export { rows } from './targets/rows.js';
export type { Target } from './targets/target.js';
export { weights } from './targets/weights.js';
