/** Everything that `torch` has: the names of the package, and of its default export. */

export {
  type AutocastOptions,
  autocast,
  clearAutocastCache,
  getAutocastDtype,
  isAutocastCacheEnabled,
  isAutocastEnabled,
} from './amp/autocast.js';
export * as amp from './amp/index.js';
export type { AsyncMethods, TensorBackwardAsyncOptions } from './async/methods.js';
export type { AbortSignalLike, AsyncOptions } from './async/queue.js';
export { runAsync } from './async/runAsync.js';
export type { AsyncArguments, AsyncResult } from './async/types.js';
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
export * as backends from './backends.js';
export { e, inf, nan, newaxis, pi } from './constants.js';
export {
  type AsarrayOptions,
  asarray,
  asTensor,
  type FrombufferOptions,
  type FromTypedArrayOptions,
  frombuffer,
  fromTypedArray,
  isTensor,
  type TensorData,
  type TensorOptions,
  tensor,
} from './creation.js';
export * as cuda from './cuda/index.js';
export { getDefaultDevice, setDefaultDevice } from './defaultDevice.js';
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
export { hasLapack, hasMkl, hasOpenmp, hasSpectral } from './features.js';
export * as fft from './fft.js';
export * from './functions.js';
export { Generator } from './generator.js';
export * as graph from './graph/index.js';
export {
  type IndexingMethods,
  type IndexList,
  type IndexPutOptions,
  Slice,
  type SliceBound,
  type SliceText,
  slice,
  type TensorIndex,
  type TensorValue,
} from './indexing/index.js';
export {
  channelsLast,
  channelsLast3d,
  contiguousFormat,
  jagged,
  Layout,
  legacyContiguousFormat,
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
export * as masked from './masked/index.js';
export {
  type DeviceMemoryStats,
  keep,
  type LiveTensor,
  type Memory,
  type MemoryStats,
  memory,
  tidy,
  tidyAsync,
} from './memory.js';
export * as multiprocessing from './multiprocessing/index.js';
export * as nn from './nn/index.js';
export type { Complex, Int, NamedValues, Num, ScalarLike } from './ops/types.js';
export {
  type AtenNamespace,
  type OpNamespace,
  type OpOverload,
  type OpPacket,
  type OpResult,
  ops,
  registeredOperators,
} from './ops.js';
export * as optim from './optim/index.js';
export { getPrintoptions, printoptions, setPrintoptions } from './printOptions.js';
export { promoteTypes, resultType } from './promotion.js';
export {
  perChannelAffine,
  perChannelAffineFloatQparams,
  perChannelSymmetric,
  perTensorAffine,
  perTensorSymmetric,
  QScheme,
} from './qscheme.js';
export * as random from './random.js';
export { defaultGenerator, getRngState, initialSeed, manualSeed, seed, setRngState } from './random.js';
export * as serialization from './serialization/index.js';
export {
  type DeterministicDebugMode,
  type Float32MatmulPrecision,
  getDeterministicDebugMode,
  getFloat32MatmulPrecision,
  isDeterministicAlgorithmsWarnOnlyEnabled,
  isWarnAlwaysEnabled,
  setDeterministicDebugMode,
  setFloat32MatmulPrecision,
  setFlushDenormal,
  setWarnAlways,
} from './settings.js';
export * as signal from './signal/index.js';
export { dsmm, hsmm, saddmm, spmm } from './sparse/aliases.js';
export {
  type CompressedConstructor,
  type SparseCompressedOptions,
  type SparseCooOptions,
  type SparseTensorOptions,
  sparseBscTensor,
  sparseBsrTensor,
  sparseCompressedTensor,
  sparseCooTensor,
  sparseCscTensor,
  sparseCsrTensor,
} from './sparse/constructors.js';
export * as sparse from './sparse/index.js';
export * as special from './special.js';
export type { TensorBackwardOptions } from './tensor/backward.js';
export type { DimOrderOptions } from './tensor/dimOrder.js';
export type { NewTensorOptions } from './tensor/newTensor.js';
export type { ConversionOptions, ToOptions } from './tensor/to.js';
export {
  type NestedList,
  type Scalar,
  Tensor,
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
export { FInfo, finfo, IInfo, iinfo } from './typeInfo.js';
export { getDevice, numel, typename } from './utilities.js';
export { showConfig, torchVersion as version } from './version.js';
