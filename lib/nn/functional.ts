/**
 * `torch.nn.functional`: what PyTorch writes in Python, over libtorch’s operators, and operators that are
 * there as they are.
 *
 * See https://docs.pytorch.org/docs/2.13/nn.functional.html
 */
export * from './functional/activation.js';
export * from './functional/builtin.js';
export * from './functional/distance.js';
export * from './functional/dropout.js';
export * from './functional/linear.js';
export * from './functional/loss.js';
export * from './functional/normalization.js';
export * from './functional/pad.js';
export { type EmbeddingOptions, embedding, oneHot } from './functional/sparse.js';
