/** Numbers, and the index that adds a dimension. See https://docs.pytorch.org/docs/2.13/torch.html#constants */

/** Euler's number. */
export const e = Math.E;
/** The ratio of a circle's circumference to its diameter. */
export const pi = Math.PI;
/** Positive infinity. */
export const inf = Number.POSITIVE_INFINITY;
/** Not a number. */
export const nan = Number.NaN;
/** As an index: a new dimension of length 1. */
export const newaxis = null;
