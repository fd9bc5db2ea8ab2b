/** Names and values between litorch's camelCase options and the snake_case keys of PyTorch's state dicts. */
import { Tensor } from '../tensor.js';

/** `weightDecay` → `weight_decay`. */
export function toSnakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `weight_decay` → `weightDecay`. */
export function toCamelCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** A value as Python's `repr` spells it, for the printed form of an optimizer. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'number') return pythonNumber(value);
  if (typeof value === 'string') return `'${value}'`;
  if (value instanceof Tensor) return value.toString();
  // A pair of numbers is a tuple in PyTorch's groups (`betas`); a list of names is a list.
  if (Array.isArray(value)) {
    const inner = value.map(pythonRepr).join(', ');
    return value.every((item) => typeof item === 'number') ? `(${inner})` : `[${inner}]`;
  }
  return String(value);
}

/** A number as Python prints a `float`. */
export function pythonFloat(value: number): string {
  const text = pythonNumber(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** A number, which as an option may be an `int` in Python: without a fraction it is printed as one. */
function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  const magnitude = Math.abs(value);
  if (Number.isInteger(value) && magnitude < 1e16) return String(value);
  // Both print the shortest digits that read back; Python turns to an exponent earlier, with two digits in it.
  if (magnitude >= 1e-4 && magnitude < 1e16) return String(value);
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${digits}e${sign}${exponent.slice(1).padStart(2, '0')}`;
}
