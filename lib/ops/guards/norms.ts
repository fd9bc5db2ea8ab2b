/** Normalizations: statistics and weights, one for each channel. */
import { first, type Guard, numbersOf, product, sameShape, tensorOf } from './rule.js';

/** Reads as many statistics as there are channels, whether they are given or not. */
export function batchNorm(
  input: string,
  training: string | boolean,
  inTraining: readonly string[],
  otherwise: readonly string[],
): Guard {
  return (given) => {
    const tensor = tensorOf(given[input]);
    if (tensor === undefined) return undefined;
    if (tensor.ndim < 2) return `argument '${input}' must have at least 2 dimensions`;
    const channels = tensor.size(1);
    const needed =
      (typeof training === 'string' ? given[training] : training) === true ? inTraining : otherwise;
    for (const name of new Set([...needed, ...inTraining, ...otherwise, 'weight', 'bias'])) {
      const statistics = tensorOf(given[name]);
      if (statistics === undefined) {
        if (needed.includes(name))
          return `argument '${name}' is needed for ${given[training as string] === true ? 'training' : 'evaluation'}`;
      } else if (statistics.numel() !== channels) {
        return `argument '${name}' should contain ${channels} elements, not ${statistics.numel()}`;
      }
    }
    return undefined;
  };
}

/** Divides a channel count by the groups, and reads as many weights as there are channels. */
export const groupNorm: Guard = (given) => {
  const tensor = tensorOf(given.input ?? given.X);
  const [n, c, size, group] = [given.N, given.C, given.HxW, given.group].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  if (!(group > 0) || !(c > 0) || !(n >= 0) || !(size >= 0) || c % group !== 0) {
    return `Expected number of channels in input to be divisible by num_groups, but got ${c} channels and num_groups=${group}`;
  }
  if (tensor !== undefined && tensor.numel() !== n * c * size)
    return `the input has ${tensor.numel()} elements, not ${n * c * size}`;
  for (const name of ['weight', 'bias', 'gamma']) {
    const count = tensorOf(given[name])?.numel();
    if (count !== undefined && count !== c)
      return `argument '${name}' should contain ${c} elements, not ${count}`;
  }
  return undefined;
};

/** Walks the gradient and the statistics of rows as the input says. */
export const layerNormBackward: Guard = first(sameShape('input', 'grad_out'), (given) => {
  const input = tensorOf(given.input);
  if (input === undefined) return undefined;
  const row = product(numbersOf(given.normalized_shape));
  const rows = row > 0 ? input.numel() / row : 0;
  for (const name of ['mean', 'rstd']) {
    const statistics = tensorOf(given[name]);
    if (statistics !== undefined && statistics.numel() !== rows)
      return `argument '${name}' must have ${rows} elements, not ${statistics.numel()}`;
  }
  return undefined;
});

/** Multiplies each slice of `v` by its own element of `g`. */
export const weightNorm: Guard = (given) => {
  const [v, g] = [tensorOf(given.v ?? given.saved_v), tensorOf(given.g ?? given.saved_g)];
  if (v === undefined || g === undefined) return undefined;
  const dim = Number(given.dim ?? 0);
  if (v.ndim === 0 || v.numel() === 0 || (dim !== 0 && dim !== v.ndim - 1))
    return "argument 'dim' must be the first or the last of a tensor with elements";
  return g.numel() === v.size(dim) && g.dtype === v.dtype
    ? undefined
    : `argument 'g' must have ${v.size(dim)} elements of ${v.dtype}`;
};

/** Norms over the first or the last dimension have a kernel of their own, which looks no further. */
export const weightNormOfAnyDimension: Guard = (given) => {
  const v = tensorOf(given.v);
  const dim = Number(given.dim ?? 0);
  if (v === undefined || (dim !== 0 && dim !== v.ndim - 1)) return undefined;
  return weightNorm(given);
};

/** Walks the gradient as `saved_v`, with an element of `saved_norms` for each of `saved_g`. */
export const weightNormBackward: Guard = first(weightNorm, sameShape('grad_w', 'saved_v'), (given) => {
  const [g, norms] = [tensorOf(given.saved_g), tensorOf(given.saved_norms)];
  return g !== undefined && norms !== undefined && g.numel() !== norms.numel()
    ? "arguments 'saved_g' and 'saved_norms' must have as many elements"
    : undefined;
});
