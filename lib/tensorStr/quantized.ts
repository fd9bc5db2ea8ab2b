import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';

/** By libtorch's number. */
const SCHEMES = [
  'per_tensor_affine',
  'per_channel_affine',
  'per_tensor_symmetric',
  'per_channel_symmetric',
  'per_channel_affine_float_qparams',
] as const;

/** What Python's `repr()` says about how a quantized tensor stands for its values. */
export function quantizationSuffixes(tensor: Tensor): string[] {
  const { aten } = ops;
  const scheme = SCHEMES[Number(aten.qscheme(tensor))];
  const suffixes = [`quantization_scheme=torch.${scheme}`];
  if (scheme?.startsWith('per_tensor')) {
    suffixes.push(`scale=${floatToString(aten.q_scale(tensor))}`, `zero_point=${aten.q_zero_point(tensor)}`);
  } else if (scheme !== undefined) {
    suffixes.push(`scale=${aten.q_per_channel_scales(tensor)}`);
    suffixes.push(
      `zero_point=${aten.q_per_channel_zero_points(tensor)}`,
      `axis=${aten.q_per_channel_axis(tensor)}`,
    );
  }
  return suffixes;
}

/** A finite number as Python's `repr(float)`: JavaScript's digits, and Python's choice of notation. */
function floatToString(value: number): string {
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power < -4 || power >= 16)
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
