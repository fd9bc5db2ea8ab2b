/** Neural networks. See https://docs.pytorch.org/docs/2.13/nn.html */
import './modules/layers.js';

export * as functional from './functional.js';
export * as init from './init.js';
export * from './modules/activation.js';
export * from './modules/container.js';
export * from './modules/dropout.js';
export {
  type ForwardHook,
  type ForwardHookOptions,
  type ForwardPreHook,
  RemovableHandle,
} from './modules/hooks.js';
export * from './modules/linear.js';
export * from './modules/loss.js';
export {
  type ForwardArgs,
  type ForwardResult,
  Module,
  type ModuleToOptions,
  type NamedMembersOptions,
  type TensorModule,
} from './modules/module.js';
export * from './modules/normalization.js';
export {
  GRU,
  LSTM,
  type LSTMOptions,
  type LSTMState,
  type RecurrentOptions,
  RNN,
  RNNBase,
  type RNNOptions,
} from './modules/rnn.js';
export * from './modules/rnn_cell.js';
export * from './modules/sparse.js';
export type { IncompatibleKeys, LoadStateDictOptions, StateDict, StateDictOptions } from './modules/state.js';
export { Parameter, type ParameterOptions } from './parameter.js';
export type { Reduction } from './reduction.js';
export * as utils from './utils/index.js';
