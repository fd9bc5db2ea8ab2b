/** Numbers as the report prints them. */

/** With a fixed count of digits after the point and a true minus; `NaN` and infinities by name. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return special(value);
  // Very small and very large numbers say nothing, or too much, with fixed digits.
  const size = Math.abs(value);
  if (size !== 0 && (size < 10 ** -digits / 2 || size >= 1e9)) return short(value);
  return value
    .toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace('-', '−');
}

/** Three significant digits, without needless zeros. */
export function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))).replaceAll('-', '−') : special(value);
}

function special(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '∞' : '−∞';
}
