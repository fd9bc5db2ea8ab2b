/**
 * Operations on tensors some of whose elements do not count: `torch.masked`. Each takes a `mask` of booleans, which are
 * true where an element counts. See https://docs.pytorch.org/docs/2.13/masked.html
 */
export type { Dims, MaskedOptions, MaskedReductionOptions } from './arguments.js';
export {
  cumprod,
  cumsum,
  logSoftmax,
  type MaskedDimOptions,
  type MaskedNormalizeOptions,
  normalize,
  softmax,
  softmin,
} from './normalizations.js';
export {
  amax,
  amin,
  argmax,
  argmin,
  logaddexp,
  logsumexp,
  type MaskedArgOptions,
  type MaskedLogaddexpOptions,
  type MaskedMedianOptions,
  type MaskedNormOptions,
  type MaskedVarianceOptions,
  mean,
  median,
  norm,
  prod,
  std,
  sum,
  variance as var,
} from './reductions.js';
