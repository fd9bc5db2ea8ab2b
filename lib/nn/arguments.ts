/**
 * How the functions and the layers of `nn` take optional arguments: by position, by name, or first some then
 * others.
 */
import { isPlainObject } from '../options.js';

/**
 * The optional arguments `P` by position, as many as wanted, and then one object that names any of the
 * others. `Rest<[p: number, dim: number], { p?: number; dim?: number }>` takes `()`, `(2)`, `(2, 1)`, `({
 * dim: 1 })` and `(2, { dim: 1 })`.
 */
export type Rest<P extends unknown[], O> = [options?: O] | Positional<P, O>;

type Positional<P extends unknown[], O> = P extends [...infer Front, unknown]
  ? P | [...P, options: O] | Positional<Front, O>
  : never;

/**
 * Reads `given` (what a caller passed after the required arguments) against `defaults`, whose keys are the
 * names of the optional arguments in their positional order. `undefined` stands for "not given".
 *
 * @throws TypeError for an unknown name, for a name that was also given by position, and for too many
 *   arguments.
 */
export function bind<D extends object>(callee: string, defaults: D, given: readonly unknown[]): D {
  if (given.length === 0) return defaults;
  const names = Object.keys(defaults);
  const values = { ...defaults } as Record<string, unknown>;
  const last = given[given.length - 1];
  const named = isPlainObject(last) ? last : null;
  const count = named ? given.length - 1 : given.length;
  if (count > names.length) {
    throw new TypeError(
      `${callee}: at most ${names.length} optional arguments (${names.join(', ')}) are taken, but ${count} were given`,
    );
  }
  for (let i = 0; i < count; i++) {
    if (given[i] !== undefined) values[names[i] as string] = given[i];
  }
  if (named) {
    for (const name of Object.keys(named)) {
      const position = names.indexOf(name);
      if (position < 0) {
        throw new TypeError(
          `${callee}: unknown option '${name}'; the options are ${names.join(', ') || 'none'}`,
        );
      }
      if (position < count)
        throw new TypeError(`${callee}: '${name}' was given both by position and by name`);
      if (named[name] !== undefined) values[name] = named[name];
    }
  }
  return values as D;
}
