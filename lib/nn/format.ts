/** Values as Python writes them, for the printed form of modules and for messages that are PyTorch's own. */

/** A number that is a float in PyTorch: `0.5`, `1.0`, `1e-05`, `inf`, `nan`. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace('-', '').replace('.', '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/** `True` or `False`. */
export function formatBool(value: boolean): string {
  return value ? 'True' : 'False';
}

/** `None` for `null`, else what `format` gives. */
export function formatOptional<T>(
  value: T | null | undefined,
  format: (value: T) => string = String,
): string {
  return value === null || value === undefined ? 'None' : format(value);
}

/** A tuple of integers: `(5,)`, `(2, 3)`. */
export function formatTuple(values: readonly number[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(', ')})`;
}

/** A shape: `torch.Size([2, 3])`. */
export function formatSize(shape: readonly number[]): string {
  return `torch.Size([${shape.join(', ')}])`;
}

/** Indents every line of `text` but the first, and leaves blank lines blank. */
export function indentRest(text: string, spaces: number): string {
  const pad = ' '.repeat(spaces);
  return text
    .split('\n')
    .map((line, i) => (i === 0 ? line : line.trim() === '' ? '' : pad + line))
    .join('\n');
}
