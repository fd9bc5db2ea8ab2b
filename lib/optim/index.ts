/** Optimizers, laid out as `torch.optim` is. */
export { Adam, type AdamOptions, type AdamState } from './adam.js';
export { Adamax, type AdamaxOptions, type AdamaxState } from './adamax.js';
export { AdamW, type AdamWOptions } from './adamw.js';
export {
  type RemovableHandle,
  registerOptimizerStepPostHook,
  registerOptimizerStepPreHook,
  type StepArguments,
  type StepPostHook,
  type StepPreHook,
} from './hooks.js';
export * as lrScheduler from './lrSchedulers.js';
export { Optimizer } from './optimizer.js';
export type { CommonOptions, FusedOption } from './options.js';
export type { ParameterInput, ParamGroup, ParamGroupInput, ParamsInput } from './paramGroup.js';
export { SGD, type SGDOptions, type SGDState } from './sgd.js';
export type { OptimizerStateDict, PackedGroup, PackedState } from './stateDict.js';
