/** Attention: heads and projections. */
import { dense, first, type Guard, notEmpty, positive, sameDtype, tensorOf } from './rule.js';

/** Cuts the last dimension into three, and each third into heads. */
export const headsOfProjection: Guard = first(
  positive('num_heads'),
  notEmpty('qkv', 'qkv_bias'),
  sameDtype('qkv', 'qkv_bias'),
  dense('qkv_bias'),
  (given) => {
    const [qkv, bias] = [tensorOf(given.qkv), tensorOf(given.qkv_bias)];
    if (qkv === undefined || bias === undefined) return undefined;
    const width = bias.size(0);
    if (bias.ndim !== 1 || width % (3 * Number(given.num_heads)) !== 0)
      return "argument 'qkv_bias' must be a list of three times as many elements as the heads have";
    return qkv.isNested || (qkv.ndim === 3 && qkv.size(-1) === width)
      ? undefined
      : "argument 'qkv' must have 3 dimensions, the last as long as 'qkv_bias'";
  },
);

/** Walks queries, keys and values side by side, and what is one for each query by the queries. */
export const flashAttention: Guard = (given) => {
  const [query, key, value] = [tensorOf(given.query), tensorOf(given.key), tensorOf(given.value)];
  if (query === undefined || key === undefined || value === undefined) return undefined;
  if ([query, key, value].some(({ ndim }) => ndim !== 4))
    return 'queries, keys and values must have 4 dimensions';
  // libtorch divides by their number.
  if (query.numel() === 0) return "argument 'query' must have elements";
  const [batch, heads, queries, width] = query.shape as [number, number, number, number];
  const keys = key.size(2);
  const common = `${batch},${heads},${keys},${width}`;
  // Keys and values of another width libtorch names itself.
  if ([key, value].some(({ shape }) => `${shape.slice(0, 3).join()},${width}` !== common))
    return 'keys and values must have the batch and the heads of the queries, and be as many';
  for (const name of ['grad_out', 'out']) {
    const tensor = tensorOf(given[name]);
    if (tensor !== undefined && tensor.shape.join() !== query.shape.join())
      return `argument '${name}' must have the shape of the queries`;
  }
  const sums = tensorOf(given.logsumexp);
  const sumsOf = query.dtype.name === 'float64' ? 'float64' : 'float32';
  if (
    sums !== undefined &&
    (sums.shape.join() !== `${batch},${heads},${queries}` || sums.dtype.name !== sumsOf)
  )
    return `argument 'logsumexp' must be of [${batch}, ${heads}, ${queries}] and ${sumsOf}`;
  const mask = tensorOf(given.attn_mask);
  const masked = [batch, heads, queries, keys].slice(-(mask?.ndim ?? 0));
  if (
    mask !== undefined &&
    (mask.ndim > 4 || mask.shape.some((size, dim) => size !== 1 && size !== masked[dim]))
  )
    return "argument 'attn_mask' must fit the queries and the keys";
  return sameDtype('query', 'key', 'value', 'grad_out', 'out')(given);
};

/** With groups of queries, divides their heads by those of the keys and of the values. */
export const groupedHeads: Guard = (given) => {
  if (given.enable_gqa !== true) return undefined;
  for (const name of ['query', 'key', 'value']) {
    const tensor = tensorOf(given[name]);
    if (tensor !== undefined && (tensor.ndim < 3 || tensor.size(-3) === 0))
      return `argument '${name}' must have heads`;
  }
  return undefined;
};
