/** Numbers as arguments: real, complex, and tensors that hold one. */

/** A complex number is an object with exactly these two properties. */
export function isComplexNumber(value: unknown): value is { re: number; im: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { re?: unknown }).re === 'number' &&
    typeof (value as { im?: unknown }).im === 'number' &&
    Object.keys(value).length === 2
  );
}

/** A number of any kind, as elements are: booleans count. */
export function isScalar(value: unknown): boolean {
  switch (typeof value) {
    case 'number':
    case 'bigint':
    case 'boolean':
      return true;
    default:
      return isComplexNumber(value);
  }
}
