/** Weights in the layouts of oneDNN and MKL. */
import { dense, first, type Guard, notEmpty, shaped, tensorOf } from './rule.js';

/** Makes a matrix of the weight with the first and last of its dimensions. */
export const linearWeight: Guard = first(shaped('self', 2, 'float32'), dense('self'), notEmpty('self'));

/** Takes the sizes of matrices from both, in float32. */
export const rnnLayerWeight: Guard = first(
  shaped('weight0', 2, 'float32'),
  shaped('weight1', 2, 'float32'),
  dense('weight0', 'weight1'),
  notEmpty('weight0', 'weight1'),
  (given) => {
    const rows = tensorOf(given.weight0)?.size(0) ?? 0;
    const hidden = Number(given.hidden_size);
    return hidden > 0 &&
      rows % hidden === 0 &&
      tensorOf(given.weight1)?.size(0) === rows &&
      tensorOf(given.weight1)?.size(1) === hidden
      ? undefined
      : "the weights do not fit 'hidden_size'";
  },
);

/** Reads a weight that oneDNN has packed, and a scale and a zero point for each row or for all. */
export const packedLinear: Guard = (given) => {
  const [x, w] = [tensorOf(given.qx), tensorOf(given.qw)];
  if (x === undefined || w === undefined) return undefined;
  if (w.layout.name !== '_mkldnn') return "argument 'qw' must have been packed by qlinear_prepack";
  for (const name of ['x_scale', 'x_zero_point', 'w_scale', 'w_zero_point']) {
    if (tensorOf(given[name])?.numel() === 0) return `argument '${name}' must have elements`;
  }
  return x.ndim >= 1 && w.ndim === 2 && x.numel() > 0
    ? undefined
    : 'the input and the weight do not fit each other';
};
