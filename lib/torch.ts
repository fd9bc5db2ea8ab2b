/** Everything that `torch` has: the names of the package, and of its default export. */

export * as autograd from './autograd/index.js';
export {
  enableGrad,
  inferenceMode,
  isGradEnabled,
  isInferenceModeEnabled,
  type ModeGuard,
  noGrad,
  setGradEnabled,
} from './autograd/modes.js';
export {
  asTensor,
  fromTypedArray,
  isTensor,
  type TensorData,
  type TensorOptions,
  tensor,
} from './creation.js';
export * as cuda from './cuda/index.js';
export { Device, type DeviceLike, type DeviceType, device } from './device.js';
export * from './dtypes.js';
export {
  DisposedError,
  DistributedError,
  LinAlgError,
  NotImplementedError,
  OutOfMemoryError,
  TorchError,
} from './errors.js';
export * as fft from './fft.js';
export * from './functions.js';
export { Generator } from './generator.js';
export {
  channelsLast,
  channelsLast3d,
  contiguousFormat,
  Layout,
  MemoryFormat,
  preserveFormat,
  sparseBsc,
  sparseBsr,
  sparseCoo,
  sparseCsc,
  sparseCsr,
  strided,
} from './layout.js';
export * as linalg from './linalg.js';
export { keep, type MemoryStats, memory, tidy } from './memory.js';
export * as nn from './nn/index.js';
export type { Complex, Int, Num } from './ops/types.js';
export { type OpNamespace, type OpOverload, type OpPacket, ops, registeredOperators } from './ops.js';
export * as optim from './optim/index.js';
export { getPrintoptions, printoptions, setPrintoptions } from './printOptions.js';
export { defaultGenerator, getRngState, initialSeed, manualSeed, seed, setRngState } from './random.js';
export * as serialization from './serialization/index.js';
export * as special from './special.js';
export {
  type NestedList,
  type Scalar,
  Tensor,
  type TensorBackwardOptions,
  type ToOptions,
} from './tensor.js';
export {
  areDeterministicAlgorithmsEnabled,
  getNumInteropThreads,
  getNumThreads,
  setNumInteropThreads,
  setNumThreads,
  useDeterministicAlgorithms,
} from './threads.js';
export type { TypedArray } from './typedArrays.js';
export { showConfig, torchVersion as version } from './version.js';
