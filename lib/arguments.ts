/**
 * How functions that are written by hand, and the layers of `nn`, take arguments: by position, by name, or first some
 * then others.
 */

import { areIntegers, compileReader } from './arguments/compiledReader.js';
import { DType } from './dtype.js';
import { isPlainObject } from './options.js';
import { Tensor } from './tensor.js';

/**
 * The optional arguments `P` by position, as many as wanted, and then one object that names any of the
 * others. `Rest<[p: number, dim: number], { p?: number; dim?: number }>` takes `()`, `(2)`, `(2, 1)`, `({
 * dim: 1 })` and `(2, { dim: 1 })`.
 */
export type Rest<P extends unknown[], O> = Partial<P> | [options?: O] | Mixed<P, O>;

/** As {@link Rest}, but the object must be there. */
export type RestWith<P extends unknown[], O> =
  | [options: O]
  | (P extends [...infer Front, unknown] ? [...P, options: O] | RestWith<Front, O> : never);

type Mixed<P extends unknown[], O> = P extends [...infer Front, unknown]
  ? [...P, options: O] | Mixed<Front, O>
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

/** One parameter of a function: which values it takes, and what it is where none is given. */
export interface Parameter<T> {
  /** What a message calls it. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  readonly required: boolean;
  readonly fallback?: T;
  /** What the function gets for a value that fits. */
  readonly convert?: (value: unknown) => unknown;
  /** JavaScript's condition for the common values, which fit and need not be converted; of the variable's name. */
  readonly quick?: (variable: string) => string;
}

type Values<S> = { [K in keyof S]: S[K] extends Parameter<infer T> ? T : never };

function parameter<T>(
  expected: string,
  accepts: (value: unknown) => boolean,
  quick?: (variable: string) => string,
): Parameter<T> {
  return { expected, accepts, required: true, ...(quick && { quick }) };
}

/** A parameter that may be left out. */
export function withDefault<T>(type: Parameter<T>, fallback: T): Parameter<T> {
  return { ...type, required: false, fallback };
}

/** A parameter that may be `null`, which it also is where it is left out. */
export function optional<T>(type: Parameter<T>): Parameter<T | null> {
  const { expected, accepts, convert, quick } = type;
  return {
    expected: `${expected} or null`,
    accepts: (value) => value === null || accepts(value),
    required: false,
    fallback: null,
    ...(convert && { convert }),
    ...(quick && { quick: (variable) => `${variable} === null || ${quick(variable)}` }),
  };
}

/** A parameter that may be `null`, but must be given. */
export function nullable<T>(type: Parameter<T>): Parameter<T | null> {
  return { ...optional(type), required: true };
}

const isInteger = (value: unknown): boolean => Number.isInteger(value);
const isNumber = (value: unknown): boolean => typeof value === 'number';
const every =
  (accepts: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(accepts);

/** A number; as in Python, a tensor without dimensions and without gradient stands for its value. */
function numberOf(
  expected: string,
  accepts: (value: unknown) => boolean,
  quick: (variable: string) => string,
): Parameter<number> {
  const isScalarTensor = (value: unknown): value is Tensor =>
    value instanceof Tensor && value.dim() === 0 && !value.requiresGrad;
  return {
    expected,
    required: true,
    accepts: (value) => accepts(value) || (isScalarTensor(value) && accepts(value.item())),
    convert: (value) => (value instanceof Tensor ? value.item() : value),
    quick,
  };
}

/** The types of parameters. */
export const tensor: Parameter<Tensor> = parameter(
  'Tensor',
  (value) => value instanceof Tensor,
  (variable) => `${variable} instanceof Tensor`,
);
export const bool: Parameter<boolean> = parameter(
  'bool',
  (value) => typeof value === 'boolean',
  (variable) => `typeof ${variable} === 'boolean'`,
);
export const int: Parameter<number> = numberOf(
  'int',
  isInteger,
  (variable) => `Number.isInteger(${variable})`,
);
export const float: Parameter<number> = numberOf(
  'float',
  isNumber,
  (variable) => `typeof ${variable} === 'number'`,
);
export const ints: Parameter<number | readonly number[]> = parameter(
  'int or array of ints',
  (value) => isInteger(value) || areIntegers(value),
  (variable) => `Number.isInteger(${variable}) || areIntegers(${variable})`,
);
export const intList: Parameter<readonly number[]> = parameter(
  'array of ints',
  areIntegers,
  (variable) => `areIntegers(${variable})`,
);
export const floats: Parameter<number | readonly number[]> = parameter(
  'float or array of floats',
  (value) => isNumber(value) || every(isNumber)(value),
);
export const intsOrNulls: Parameter<number | readonly (number | null)[] | null> = parameter(
  'int, null or array of these',
  (value) => value === null || isInteger(value) || every((item) => item === null || isInteger(item))(value),
);
export const dataType: Parameter<DType> = parameter('dtype', (value) => value instanceof DType);
/** A string; which ones are taken is for the function to say. */
export const text = <T extends string>(): Parameter<T> =>
  parameter(
    'str',
    (value) => typeof value === 'string',
    (variable) => `typeof ${variable} === 'string'`,
  );
export const callback = <T>(): Parameter<T> => parameter('function', (value) => typeof value === 'function');
/** A plain object. */
export const record = <T extends object>(): Parameter<T> => parameter('object', isPlainObject);
/** Either of two. */
export function either<A, B>(a: Parameter<A>, b: Parameter<B>): Parameter<A | B> {
  const chosen = (value: unknown): Parameter<A> | Parameter<B> => (a.accepts(value) ? a : b);
  const both =
    a.quick && b.quick && ((variable: string) => `${a.quick?.(variable)} || ${b.quick?.(variable)}`);
  // What the first converts may be what the second takes as it is.
  const quick = a.convert === undefined ? both : a.quick;
  return {
    expected: `${a.expected} or ${b.expected}`,
    required: true,
    accepts: (value) => a.accepts(value) || b.accepts(value),
    convert: (value) => chosen(value).convert?.(value) ?? value,
    ...(quick && { quick }),
  };
}

/** An array is named by its first element, down to a depth that one which holds itself does not pass. */
function describe(value: unknown, depth = 0): string {
  if (value === null) return 'null';
  if (Array.isArray(value))
    return value.length === 0 || depth === 4 ? 'array' : `array of ${describe(value[0], depth + 1)}`;
  if (typeof value === 'object') return value.constructor?.name ?? 'object';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'str';
  if (typeof value !== 'number') return typeof value;
  return Number.isInteger(value) ? 'int' : 'float';
}

/**
 * What reads the arguments of the function `callee`, whose parameters are `spec` in their positional order; those from
 * the `positional`th on are taken by name alone. Any may be given by name, in one object in last place. `undefined`
 * stands for "not given".
 *
 * What it returns throws a TypeError for an unknown name, for a name that was also given by position, for too many
 * arguments, for a missing one, and for a value of another type, each named.
 */
export function parameters<S extends Record<string, Parameter<unknown>>>(
  callee: string,
  spec: S,
  positional?: number,
): (args: readonly unknown[]) => Values<S> {
  // Most functions are never called by most programs.
  let read: ((args: readonly unknown[]) => unknown) | undefined;
  return (args) => {
    if (read === undefined) {
      const names = Object.keys(spec);
      const types = Object.values(spec);
      const most = positional ?? names.length;
      read = compileReader(names, types, most, checkingReader(callee, names, types, most));
    }
    return read(args) as Values<S>;
  };
}

/** A reader for all arguments, which says what is wrong with them. */
function checkingReader(
  callee: string,
  names: readonly string[],
  types: readonly Parameter<unknown>[],
  positional: number,
): (args: readonly unknown[]) => Record<string, unknown> {
  const checkNames = (named: Record<string, unknown>, count: number): void => {
    for (const name of Object.keys(named)) {
      const position = names.indexOf(name);
      if (position < 0)
        throw new TypeError(`${callee}(): unknown option '${name}'; the options are ${names.join(', ')}`);
      if (position < count)
        throw new TypeError(`${callee}(): '${name}' was given both by position and by name`);
    }
  };
  return (args) => {
    let count = args.length;
    let named: Record<string, unknown> | undefined;
    const last = args[count - 1];
    if (isPlainObject(last)) {
      named = last;
      count--;
    }
    while (count > 0 && args[count - 1] === undefined) count--;
    if (count > positional) {
      throw new TypeError(
        `${callee}(): takes at most ${positional} positional arguments (${names.slice(0, positional).join(', ')}), ` +
          `but ${count} were given`,
      );
    }
    if (named !== undefined) checkNames(named, count);
    const values: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      const type = types[i] as Parameter<unknown>;
      const value = i < count ? args[i] : named?.[name];
      if (value === undefined) {
        if (type.required) throw new TypeError(`${callee}(): missing required argument '${name}'`);
        values[name] = type.fallback;
        continue;
      }
      if (!type.accepts(value)) {
        const where = i < count ? ` (position ${i + 1})` : '';
        throw new TypeError(
          `${callee}(): argument '${name}'${where} must be ${type.expected}, not ${describe(value)}`,
        );
      }
      values[name] = type.convert === undefined ? value : type.convert(value);
    }
    return values;
  };
}

/**
 * For functions that read a required argument before libtorch does.
 * @throws TypeError where it is no tensor.
 */
export function checkTensor(callee: string, value: unknown, name = 'tensor'): void {
  if (value instanceof Tensor) return;
  throw new TypeError(`${callee}(): argument '${name}' must be Tensor, not ${describe(value)}`);
}

/**
 * The tensors of an argument that is a list of them, or anything else that can be iterated over.
 * @throws TypeError where it is none, or has others.
 */
export function tensorsOf(callee: string, value: unknown, name: string): Tensor[] {
  const isIterable = typeof value === 'object' && value !== null && Symbol.iterator in value;
  const list = isIterable ? [...(value as Iterable<unknown>)] : undefined;
  const wrong = list === undefined ? value : list.find((item) => !(item instanceof Tensor));
  if (list?.every((item) => item instanceof Tensor)) return list;
  throw new TypeError(
    `${callee}(): argument '${name}' must be a list of Tensors, not ${list ? 'of ' : ''}${describe(wrong)}`,
  );
}
