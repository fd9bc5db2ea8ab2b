/** How quantized tensors stand for their values. See https://docs.pytorch.org/docs/2.13/quantization-support.html */
import { Named } from './named.js';

/** One scale or many, with a zero point or without, such as `torch.perTensorAffine`. */
export class QScheme extends Named {
  declare private readonly qscheme: true;
}

/** One scale and one zero point for the whole tensor. */
export const perTensorAffine = new QScheme('per_tensor_affine', 0);
/** A scale and a zero point for each slice along one dimension. */
export const perChannelAffine = new QScheme('per_channel_affine', 1);
/** One scale for the whole tensor. */
export const perTensorSymmetric = new QScheme('per_tensor_symmetric', 2);
/** A scale for each slice along one dimension. */
export const perChannelSymmetric = new QScheme('per_channel_symmetric', 3);
/** As {@link perChannelAffine}, with zero points that are floats. */
export const perChannelAffineFloatQparams = new QScheme('per_channel_affine_float_qparams', 4);

const schemes = [
  perTensorAffine,
  perChannelAffine,
  perTensorSymmetric,
  perChannelSymmetric,
  perChannelAffineFloatQparams,
];

/** @internal */
export function qschemeOf(code: number): QScheme {
  const scheme = schemes[code];
  if (scheme === undefined) throw new TypeError(`libtorch's quantization scheme number ${code} is not known`);
  return scheme;
}
