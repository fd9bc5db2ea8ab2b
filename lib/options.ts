/** Options objects: what counts as one, and which options a function knows. */

/** Whether `value` is a plain object: not an array, not an instance of a class, from whatever realm. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * An option that is not known, or no boolean where one is wanted, is a mistake worth hearing of.
 * @throws TypeError that names the function and the option.
 */
export function checkOptions(
  name: string,
  options: object,
  known: readonly string[],
  booleans: readonly string[] = [],
): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${name}(): the options must be an object`);
  for (const [key, value] of Object.entries(options)) {
    if (booleans.includes(key)) {
      if (typeof value === 'boolean' || value === undefined || value === null) continue;
      throw new TypeError(`${name}(): option '${key}' must be a boolean, not ${typeof value}`);
    }
    if (!known.includes(key)) throw new TypeError(`${name}(): got an unexpected option '${key}'`);
  }
}
