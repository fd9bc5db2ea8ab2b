import { ops } from '../ops.js';
import { qschemeOf } from '../qscheme.js';
import type { Tensor } from '../tensor.js';

/** What Python's `repr()` says about how a quantized tensor stands for its values. */
export function quantizationSuffixes(tensor: Tensor): string[] {
  const { aten } = ops;
  const scheme = qschemeOf(Number(aten.qscheme(tensor)));
  const suffixes = [`quantization_scheme=${scheme}`];
  if (scheme.name.startsWith('per_tensor')) {
    suffixes.push(`scale=${floatToString(aten.q_scale(tensor))}`, `zero_point=${aten.q_zero_point(tensor)}`);
  } else {
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
