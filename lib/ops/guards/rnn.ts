/** Recurrent networks: weights and gates. */
import { type Guard, tensorOf } from './rule.js';

/** Takes weights from the list by layer and direction, and cuts what they give into as many parts as there are gates. */
export function rnnWeights(gates: number, mayProject: boolean): Guard {
  return (given) => {
    const { params } = given;
    if (!Array.isArray(params)) return undefined;
    if (tensorOf(given.batch_sizes)?.numel() === 0) return "argument 'batch_sizes' must not be empty";
    const perLayer = given.has_biases === true ? 4 : 2;
    const cells = Number(given.num_layers) * (given.bidirectional === true ? 2 : 1);
    const wanted = [cells * perLayer, ...(mayProject ? [cells * (perLayer + 1)] : [])];
    if (!(cells > 0) || !wanted.includes(params.length)) {
      return `got an incorrect number of RNN parameters: ${params.length}, not ${wanted.join(' or ')}`;
    }
    const step = params.length / cells;
    for (let i = 0; i < params.length; i += step) {
      const flat = [i, i + 1].find((place) => tensorOf(params[place])?.ndim !== 2);
      if (flat !== undefined) return `argument 'params': weight ${flat} must have 2 dimensions`;
      const rows = tensorOf(params[i])?.shape[0] ?? 0;
      if (rows === 0 || rows % gates !== 0)
        return `argument 'params': weight ${i} has ${rows} rows, which is no multiple of ${gates}`;
    }
    return undefined;
  };
}

/** Takes packed weights from the list for each layer and direction. */
export const packedCells: Guard = (given) => {
  const cells = Number(given.num_layers) * (given.bidirectional === true ? 2 : 1);
  return !Array.isArray(given.params) || given.params.length === cells
    ? undefined
    : `argument 'params' must have ${cells} packed cells`;
};

/** Cuts the gates into so many parts, and takes each. */
export const gatesOf =
  (count: number, ...names: string[]): Guard =>
  (given) => {
    for (const name of names) {
      const tensor = tensorOf(given[name]);
      if (tensor === undefined) continue;
      if (tensor.ndim !== 2 || tensor.size(1) === 0 || tensor.size(1) % count !== 0) {
        return `argument '${name}' must have 2 dimensions, the second a multiple of ${count}`;
      }
    }
    return undefined;
  };

/** Takes as many rows for each step as its batch is large. */
export const packedSequence: Guard = (given) => {
  const [data, batches] = [tensorOf(given.data), tensorOf(given.batch_sizes)];
  if (data === undefined || batches === undefined) return undefined;
  if (data.ndim === 0 || batches.ndim !== 1 || batches.dtype.name !== 'int64' || batches.isMeta)
    return "argument 'batch_sizes' must be a list of int64";
  const sizes = Array.from(batches.contiguous().toTypedArray(), Number);
  const falls = sizes.every((size, i) => size > 0 && size <= (sizes[i - 1] ?? size));
  return falls && sizes.reduce((a, b) => a + b, 0) === data.size(0)
    ? undefined
    : "argument 'batch_sizes' must fall, and add up to the rows of 'data'";
};
