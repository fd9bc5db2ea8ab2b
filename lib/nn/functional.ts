/**
 * `torch.nn.functional`: what PyTorch writes in Python, over libtorch’s operators, and operators that are
 * there as they are.
 *
 * See https://docs.pytorch.org/docs/2.13/nn.functional.html
 */
export * from './functional/activation.js';
export * from './functional/adaptivePool.js';
export * from './functional/attention.js';
export * from './functional/builtin.js';
export {
  alphaDropout,
  type DropoutOptions,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  featureAlphaDropout,
} from './functional/dropout.js';
export * from './functional/fold.js';
export * from './functional/fractionalMaxPool.js';
export * from './functional/gridSample.js';
export * from './functional/groupedMm.js';
export * from './functional/interpolate.js';
export * from './functional/linearCrossEntropy.js';
export * from './functional/loss.js';
export * from './functional/lpPool.js';
export * from './functional/maxPool.js';
export * from './functional/maxUnpool.js';
export * from './functional/normalization.js';
export * from './functional/pad.js';
export {
  type EmbeddingBagMode,
  type EmbeddingBagOptions,
  type EmbeddingOptions,
  embedding,
  embeddingBag,
} from './functional/sparse.js';
