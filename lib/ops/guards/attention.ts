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
