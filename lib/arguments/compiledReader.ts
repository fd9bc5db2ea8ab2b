/** Reading arguments at the speed of code that is written for one function: it is written here, for each its own. */

import type { Parameter } from '../arguments.js';
import { isPlainObject } from '../options.js';
import { Tensor } from '../tensor.js';

type Reader = (args: readonly unknown[]) => unknown;

/** Whether it is an array of integers. */
export function areIntegers(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (!Number.isInteger(value[i])) return false;
  return true;
}

/** What the written code refers to. */
interface Scope {
  readonly areIntegers: typeof areIntegers;
  readonly Tensor: typeof Tensor;
  readonly fallbacks: readonly unknown[];
  readonly fits: (value: unknown, i: number) => boolean;
  readonly isPlainObject: (value: unknown) => boolean;
  readonly isNamed: (value: object, args: readonly unknown[]) => boolean;
  readonly slow: Reader;
}

/**
 * The code that reads parameter `i` as `value<i>`, for values that stand for themselves. All others, and all mistakes,
 * are for `slow`.
 */
function codeOf(name: string, { required, quick }: Parameter<unknown>, i: number): string {
  const value = `value${i}`;
  const test = quick === undefined ? `scope.fits(${value}, ${i})` : `(${quick(value)})`;
  return [
    `let ${value} = count > ${i} ? args[${i}] : named === undefined ? undefined : named[${JSON.stringify(name)}];`,
    required
      ? `if (${value} === undefined || !${test}) return slow(args);`
      : `if (${value} === undefined) ${value} = fallback${i}; else if (!${test}) return slow(args);`,
  ].join('\n');
}

/**
 * A reader that gives what `slow` gives, for all arguments. `names` are the parameters' names, which are JavaScript's
 * identifiers in this library's sources and nobody's input; where code must not be made from text it is `slow` itself.
 */
export function compileReader(
  names: readonly string[],
  types: readonly Parameter<unknown>[],
  positional: number,
  slow: Reader,
): Reader {
  const places = new Map(names.map((name, i) => [name, i]));
  const scope: Scope = {
    areIntegers,
    Tensor,
    fallbacks: types.map((type) => type.fallback),
    fits: (value, i) => {
      const type = types[i] as Parameter<unknown>;
      return type.convert === undefined && type.accepts(value);
    },
    // Options, all known and none given by position as well.
    isPlainObject,
    isNamed: (value, args) => {
      for (const name in value) if ((places.get(name) ?? -1) < args.length - 1) return false;
      return true;
    },
    slow,
  };
  const source = [
    'const { Tensor, areIntegers, slow, isNamed, isPlainObject } = scope;',
    ...types.flatMap(({ required }, i) => (required ? [] : `const fallback${i} = scope.fallbacks[${i}];`)),
    'return (args) => {',
    'let count = args.length, named;',
    'const last = count > 0 ? args[count - 1] : undefined;',
    "if (typeof last === 'object' && last !== null && !(last instanceof Tensor) && !Array.isArray(last)) {",
    'if (isPlainObject(last)) {',
    'if (!isNamed(last, args)) return slow(args);',
    'named = last;',
    'count--;',
    '}',
    '}',
    `if (count > ${positional}) return slow(args);`,
    ...names.map((name, i) => codeOf(name, types[i] as Parameter<unknown>, i)),
    `return { ${names.map((name, i) => `${JSON.stringify(name)}: value${i}`).join(', ')} };`,
    '};',
  ];
  try {
    return new Function('scope', source.join('\n'))(scope) as Reader;
  } catch (error) {
    if (error instanceof EvalError) return slow;
    throw error;
  }
}
