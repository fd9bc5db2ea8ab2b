/** The functions of `torch` itself: those written by hand, as PyTorch writes them in Python, and the operators. */
export { broadcastShapes } from './functional/broadcastShapes.js';
export { type CdistComputeMode, type CdistOptions, cdist } from './functional/cdist.js';
export { einsum, type Sublists, type Subscript } from './functional/einsum.js';
export { type LobpcgMethod, type LobpcgOptions, lobpcg } from './functional/lobpcg.js';
export {
  type LowrankResult,
  type PcaLowrankOptions,
  pcaLowrank,
  type SvdLowrankOptions,
  svdLowrank,
} from './functional/lowrank.js';
export { type LuOptions, type LuResult, lu } from './functional/lu.js';
export { type NonzeroOptions, type NonzeroResult, nonzero } from './functional/nonzero.js';
export { type NormOptions, type NormOrder, norm } from './functional/norm.js';
export { eig, lstsq, matrixRank, solve, symeig } from './functional/removed.js';
export { type SplitOptions, split } from './functional/split.js';
export { type StftOptions, stft } from './functional/stft.js';
export { type TensordotDims, type TensordotOptions, tensordot } from './functional/tensordot.js';
export {
  type UniqueConsecutiveOptions,
  type UniqueOptions,
  type UniqueResult,
  unique,
  uniqueConsecutive,
} from './functional/unique.js';
export { unravelIndex } from './functional/unravelIndex.js';
export {
  atleast1d,
  atleast2d,
  atleast3d,
  blockDiag,
  broadcastTensors,
  type ChainMatmulArguments,
  cartesianProd,
  chainMatmul,
  type MeshgridArguments,
  type MeshgridOptions,
  meshgrid,
  type Tensors,
} from './functional/variadic.js';
export * from './generated/functions.js';
export { segmentReduce as _segmentReduce } from './generated/functions.js';
