/** Attention. */

import {
  bool,
  float,
  int,
  nullable,
  optional,
  parameters,
  type Rest,
  tensor,
  withDefault,
} from '../../arguments.js';
import type { DType } from '../../dtype.js';
import { TorchError } from '../../errors.js';
import { tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { formatSize } from '../format.js';
import { warnOnce } from '../warnings.js';
import { sameShape } from './sizes.js';

export { scaledDotProductAttention } from './builtin.js';

/** Options of {@link multiHeadAttentionForward}. */
export interface MultiHeadAttentionOptions {
  /** Whether weights are dropped. Default: `true`. */
  training?: boolean;
  /** Keys that count for nothing: `true`, or -∞ as summand. `(N, S)` or `(S)`. Default: none. */
  keyPaddingMask?: Tensor | null;
  /** Whether the weights are wanted too. Default: `true`. */
  needWeights?: boolean;
  /** Places that count for nothing: `true`, or -∞ as summand. `(L, S)` or `(N · heads, L, S)`. Default: none. */
  attnMask?: Tensor | null;
  /** Project with `qProjWeight`, `kProjWeight` and `vProjWeight` rather than `inProjWeight`. Default: `false`. */
  useSeparateProjWeight?: boolean;
  /** The weight that queries are projected with, `(E, E)`. */
  qProjWeight?: Tensor | null;
  /** The weight that keys are projected with, `(E, K)`. */
  kProjWeight?: Tensor | null;
  /** The weight that values are projected with, `(E, V)`. */
  vProjWeight?: Tensor | null;
  /** Used in place of the projected keys, `(N · heads, S, E / heads)`. Default: none. */
  staticK?: Tensor | null;
  /** Used in place of the projected values, `(N · heads, S, E / heads)`. Default: none. */
  staticV?: Tensor | null;
  /** Average the weights over the heads. Default: `true`. */
  averageAttnWeights?: boolean;
  /** A hint that `attnMask` is causal, which must be given too. Default: `false`. */
  isCausal?: boolean;
}

const attentionArguments = parameters('multiHeadAttentionForward', {
  query: tensor,
  key: tensor,
  value: tensor,
  embedDimToCheck: int,
  numHeads: int,
  inProjWeight: nullable(tensor),
  inProjBias: nullable(tensor),
  biasK: nullable(tensor),
  biasV: nullable(tensor),
  addZeroAttn: bool,
  dropoutP: float,
  outProjWeight: tensor,
  outProjBias: nullable(tensor),
  training: withDefault(bool, true),
  keyPaddingMask: optional(tensor),
  needWeights: withDefault(bool, true),
  attnMask: optional(tensor),
  useSeparateProjWeight: withDefault(bool, false),
  qProjWeight: optional(tensor),
  kProjWeight: optional(tensor),
  vProjWeight: optional(tensor),
  staticK: optional(tensor),
  staticV: optional(tensor),
  averageAttnWeights: withDefault(bool, true),
  isCausal: withDefault(bool, false),
});
type Given = ReturnType<typeof attentionArguments>;

function check(condition: boolean, message: () => string): void {
  if (!condition) throw new RangeError(message());
}

const sizes = (shape: readonly number[]): string =>
  shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;

/** Whether there is a batch dimension; the shapes of the others must go with it. */
function checkShapes({ query, key, value, keyPaddingMask, attnMask, numHeads }: Given): boolean {
  const dims = query.dim();
  check(
    dims === 2 || dims === 3,
    () => `query should be unbatched 2D or batched 3D tensor but received ${dims}-D query tensor`,
  );
  const batched = dims === 3;
  const kind = batched ? 'For batched (3-D)' : 'For unbatched (2-D)';
  check(
    key.dim() === dims && value.dim() === dims,
    () =>
      `${kind} \`query\`, expected \`key\` and \`value\` to be ${dims}-D but found ${key.dim()}-D and ` +
      `${value.dim()}-D tensors respectively`,
  );
  if (keyPaddingMask !== null) {
    check(
      keyPaddingMask.dim() === dims - 1,
      () =>
        `${kind} \`query\`, expected \`key_padding_mask\` to be \`None\` or ${dims - 1}-D but found ` +
        `${keyPaddingMask.dim()}-D tensor instead`,
    );
  }
  if (attnMask !== null) {
    const found = attnMask.dim();
    check(
      found === 2 || found === 3,
      () =>
        `${kind} \`query\`, expected \`attn_mask\` to be \`None\`, 2-D or 3-D but found ${found}-D tensor instead`,
    );
    if (!batched && found === 3) {
      const expected = [numHeads, query.size(0), key.size(0)];
      check(
        sameShape(attnMask.shape, expected),
        () => `Expected \`attn_mask\` shape to be ${sizes(expected)} but got ${formatSize(attnMask.shape)}`,
      );
    }
  }
  return batched;
}

/** A mask as what is added to the weights. */
function summand(mask: Tensor | null, name: string, other: Tensor | null, dtype: DType): Tensor | null {
  if (mask === null) return null;
  const isFloat = mask.isFloatingPoint();
  check(isFloat || mask.dtype.name === 'bool', () => `only bool and floating types of ${name} are supported`);
  if (other !== null && mask.dtype !== other.dtype) {
    warnOnce(`Support for mismatched ${name} and attn_mask is deprecated. Use same type for both instead.`);
  }
  if (isFloat) return mask;
  return aten.zeros_like(mask, { dtype }).maskedFill_(mask, Number.NEGATIVE_INFINITY);
}

type Triple = [Tensor, Tensor, Tensor];

/** Several projections by one product: `(3 | 2, ...)` of which each is contiguous. */
function packed(input: Tensor, weight: Tensor, bias: Tensor | null, count: number, size: number): Tensor[] {
  const projected = aten
    .linear(input, weight, bias)
    .unflatten(-1, [count, size])
    .unsqueeze(0)
    .transpose(0, -2)
    .squeeze(-2)
    .contiguous();
  return Array.from({ length: count }, (_, i) => projected.select(0, i));
}

function projectPacked(given: Given, query: Tensor, key: Tensor, value: Tensor): Triple {
  const { inProjWeight: weight, inProjBias: bias } = given;
  if (weight === null) throw new RangeError('use_separate_proj_weight is False but in_proj_weight is None');
  const size = query.size(-1);
  if (key === value) {
    if (query === key) return packed(query, weight, bias, 3, size) as Triple;
    const [weightQ, weightKV] = weight.split([size, size * 2]) as [Tensor, Tensor];
    const [biasQ, biasKV] = bias === null ? [null, null] : (bias.split([size, size * 2]) as [Tensor, Tensor]);
    return [aten.linear(query, weightQ, biasQ), ...packed(key, weightKV, biasKV, 2, size)] as Triple;
  }
  const [weightQ, weightK, weightV] = weight.chunk(3) as Triple;
  const [biasQ, biasK, biasV] = bias === null ? [null, null, null] : (bias.chunk(3) as Triple);
  return [
    aten.linear(query, weightQ, biasQ),
    aten.linear(key, weightK, biasK),
    aten.linear(value, weightV, biasV),
  ];
}

function projectSeparately(given: Given, query: Tensor, key: Tensor, value: Tensor): Triple {
  const { qProjWeight, kProjWeight, vProjWeight, inProjBias } = given;
  const missing = (name: string): RangeError =>
    new RangeError(`use_separate_proj_weight is True but ${name}_proj_weight is None`);
  if (qProjWeight === null) throw missing('q');
  if (kProjWeight === null) throw missing('k');
  if (vProjWeight === null) throw missing('v');
  const biases = inProjBias === null ? [null, null, null] : inProjBias.chunk(3);
  const size = query.size(-1);
  const parts: [string, Tensor, Tensor][] = [
    ['query', query, qProjWeight],
    ['key', key, kProjWeight],
    ['value', value, vProjWeight],
  ];
  for (const [name, input, weight] of parts) {
    const expected = [size, input.size(-1)];
    check(
      sameShape(weight.shape, expected),
      () => `expecting ${name} weights shape of ${sizes(expected)}, but got ${formatSize(weight.shape)}`,
    );
  }
  parts.forEach(([name], i) => {
    const bias = biases[i] ?? null;
    check(
      bias === null || sameShape(bias.shape, [size]),
      () => `expecting ${name} bias shape of ${sizes([size])}, but got ${formatSize(bias?.shape ?? [])}`,
    );
  });
  return parts.map(([, input, weight], i) => aten.linear(input, weight, biases[i] ?? null)) as Triple;
}

const padLast = (mask: Tensor | null): Tensor | null =>
  mask === null ? null : aten.pad(mask, [0, 1], 'constant', null);

/** Keys or values cut into heads, or what stands for them. */
function heads(projected: Tensor, fixed: Tensor | null, name: string, count: number, size: number): Tensor {
  if (fixed === null) return projected.view([projected.size(0), count, size]).transpose(0, 1);
  for (const [dim, expected] of [
    [0, count],
    [2, size],
  ] as const) {
    check(
      fixed.size(dim) === expected,
      () => `expecting ${name}.size(${dim}) of ${expected}, but got ${fixed.size(dim)}`,
    );
  }
  return fixed;
}

function attend(given: Given): [Tensor, Tensor | null] {
  const { numHeads, embedDimToCheck, needWeights, biasK, biasV, staticK, staticV } = given;
  let { query, key, value, keyPaddingMask, attnMask, isCausal } = given;
  const batched = checkShapes(given);
  if (!batched) {
    // One object stands for one tensor, which decides how it is projected; Python's does not here.
    [query, key, value] = [query.unsqueeze(1), key.unsqueeze(1), value.unsqueeze(1)];
    keyPaddingMask = keyPaddingMask?.unsqueeze(0) ?? null;
  }
  const [targets, batch, embedDim] = query.shape as [number, number, number];
  let sources = key.size(0);
  keyPaddingMask = summand(keyPaddingMask, 'key_padding_mask', attnMask, query.dtype);
  if (isCausal && attnMask === null) {
    throw new TorchError(
      'Need attn_mask if specifying the is_causal hint. You may use the Transformer module method ' +
        '`generate_square_subsequent_mask` to create this mask.',
    );
  }
  if (isCausal && keyPaddingMask === null && !needWeights) {
    attnMask = null;
  } else {
    attnMask = summand(attnMask, 'attn_mask', null, query.dtype);
    if (keyPaddingMask !== null) isCausal = false;
  }
  check(
    embedDim === embedDimToCheck,
    () => `was expecting embedding dimension of ${embedDimToCheck}, but got ${embedDim}`,
  );
  const headDim = Math.floor(embedDim / numHeads);
  check(
    headDim * numHeads === embedDim,
    () => `embed_dim ${embedDim} not divisible by num_heads ${numHeads}`,
  );
  if (given.useSeparateProjWeight) {
    const [k, v] = [key.shape.slice(0, 2), value.shape.slice(0, 2)];
    check(
      sameShape(k, v),
      () => `key's sequence and batch dims ${formatSize(k)} do not match value's ${formatSize(v)}`,
    );
  } else {
    check(
      sameShape(key.shape, value.shape),
      () => `key shape ${formatSize(key.shape)} does not match value shape ${formatSize(value.shape)}`,
    );
  }
  let [q, k, v] = given.useSeparateProjWeight
    ? projectSeparately(given, query, key, value)
    : projectPacked(given, query, key, value);

  if (attnMask !== null) {
    const { shape } = attnMask;
    const expected = shape.length === 2 ? [targets, sources] : [batch * numHeads, targets, sources];
    if (shape.length !== 2 && shape.length !== 3)
      throw new TorchError(`attn_mask's dimension ${shape.length} is not supported`);
    if (!sameShape(shape, expected)) {
      throw new TorchError(
        `The shape of the ${shape.length}D attn_mask is ${formatSize(shape)}, but should be ${sizes(expected)}.`,
      );
    }
    if (shape.length === 2) attnMask = attnMask.unsqueeze(0);
  }
  if (biasK !== null && biasV !== null) {
    check(staticK === null, () => 'bias cannot be added to static key.');
    check(staticV === null, () => 'bias cannot be added to static value.');
    k = aten.cat([k, biasK.repeat([1, batch, 1])], 0);
    v = aten.cat([v, biasV.repeat([1, batch, 1])], 0);
    [attnMask, keyPaddingMask] = [padLast(attnMask), padLast(keyPaddingMask)];
  } else {
    check(biasK === null, () => 'bias_k is set but bias_v is None');
    check(biasV === null, () => 'bias_v is set but bias_k is None');
  }
  const count = batch * numHeads;
  q = q.view([targets, count, headDim]).transpose(0, 1);
  k = heads(k, staticK, 'static_k', count, headDim);
  v = heads(v, staticV, 'static_v', count, headDim);
  if (given.addZeroAttn) {
    const zeros = (like: Tensor): Tensor =>
      aten.zeros.default([count, 1, headDim], { dtype: like.dtype, device: like.device });
    k = aten.cat([k, zeros(k)], 1);
    v = aten.cat([v, zeros(v)], 1);
    [attnMask, keyPaddingMask] = [padLast(attnMask), padLast(keyPaddingMask)];
  }
  sources = k.size(1);
  if (keyPaddingMask !== null) {
    const mask = keyPaddingMask;
    [batch, sources].forEach((expected, dim) => {
      check(
        mask.size(dim) === expected,
        () => `Expected key_padded_mask.shape[${dim}] to be ${expected}, but got ${mask.size(dim)}`,
      );
    });
    const padding = mask
      .view([batch, 1, 1, sources])
      .expand([-1, numHeads, -1, -1])
      .reshape([count, 1, sources]);
    attnMask = attnMask === null ? padding : attnMask.add(padding);
  }
  const dropout = given.training ? given.dropoutP : 0;
  const out = (attended: Tensor): Tensor => {
    const result = aten.linear(attended, given.outProjWeight, given.outProjBias);
    const output = result.view([targets, batch, result.size(1)]);
    return batched ? output : output.squeeze(1);
  };
  if (needWeights) {
    const scaled = q.mul(Math.sqrt(1 / q.size(2)));
    if (isCausal && attnMask === null)
      throw new RangeError('FIXME: is_causal not implemented for need_weights');
    const keys = k.transpose(-2, -1);
    const logits = attnMask === null ? aten.bmm(scaled, keys) : aten.baddbmm(attnMask, scaled, keys);
    let weights = logits.softmax(-1);
    if (dropout > 0) weights = aten.dropout(weights, dropout, true);
    const attended = aten
      .bmm(weights, v)
      .transpose(0, 1)
      .reshape([targets * batch, embedDim]);
    const output = out(attended);
    weights = weights.view([batch, numHeads, targets, sources]);
    if (given.averageAttnWeights) weights = weights.mean(1);
    return [output, batched ? weights : weights.squeeze(0)];
  }
  if (attnMask !== null) {
    attnMask =
      attnMask.size(0) === 1 && attnMask.dim() === 3
        ? attnMask.unsqueeze(0)
        : attnMask.view([batch, numHeads, -1, sources]);
  }
  const attended = aten
    .scaled_dot_product_attention(
      q.view([batch, numHeads, targets, headDim]),
      k.view([batch, numHeads, sources, headDim]),
      v.view([batch, numHeads, sources, headDim]),
      attnMask,
      dropout,
      isCausal,
    )
    .permute([2, 0, 1, 3])
    .reshape([batch * targets, embedDim]);
  return [out(attended), null];
}

/**
 * Attention by several heads, with the projections before and after: what the layer `MultiheadAttention` does.
 *
 * Shapes: query `(L, N, E)` or `(L, E)`, key `(S, N, K)` or `(S, K)`, value `(S, N, V)` or `(S, V)`; result
 * `[output, weights]` of `(L, N, E)` or `(L, E)`, and `(N, L, S)` or `(L, S)`, with a dimension for the heads before L
 * unless they are averaged, or `null` where they are not wanted.
 *
 * `multiHeadAttentionForward(query, key, value, embedDimToCheck, numHeads, inProjWeight, inProjBias, biasK,
 * biasV, addZeroAttn, dropoutP, outProjWeight, outProjBias, training = true, keyPaddingMask = null,
 * needWeights = true, attnMask = null, useSeparateProjWeight = false, qProjWeight = null, kProjWeight = null,
 * vProjWeight = null, staticK = null, staticV = null, averageAttnWeights = true, isCausal = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.MultiheadAttention.html
 *
 * @throws RangeError or TorchError for shapes that do not fit.
 */
export function multiHeadAttentionForward(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  embedDimToCheck: number,
  numHeads: number,
  inProjWeight: Tensor | null,
  inProjBias: Tensor | null,
  biasK: Tensor | null,
  biasV: Tensor | null,
  addZeroAttn: boolean,
  dropoutP: number,
  outProjWeight: Tensor,
  outProjBias: Tensor | null,
  ...rest: Rest<
    [
      training: boolean,
      keyPaddingMask: Tensor | null,
      needWeights: boolean,
      attnMask: Tensor | null,
      useSeparateProjWeight: boolean,
      qProjWeight: Tensor | null,
      kProjWeight: Tensor | null,
      vProjWeight: Tensor | null,
      staticK: Tensor | null,
      staticV: Tensor | null,
      averageAttnWeights: boolean,
      isCausal: boolean,
    ],
    MultiHeadAttentionOptions
  >
): [output: Tensor, weights: Tensor | null];
export function multiHeadAttentionForward(...args: unknown[]): [Tensor, Tensor | null] {
  const given = attentionArguments(args);
  return tidy(() => attend(given));
}
