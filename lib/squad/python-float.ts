/**
 * A number as Python's `repr` and `json.dumps` write a float. Both languages give the shortest digits that read back
 * as the same number; they differ in the form: Python writes `100.0`, and an exponent of two digits or more below
 * 1e-4 and from 1e16 on.
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    const sign = power < 0 ? '-' : '+';
    return `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  const text = String(value);
  // JavaScript has no exponent between 1e-6 and 1e21, so this is plain decimal digits.
  return text.includes('.') ? text : `${text}.0`;
}
