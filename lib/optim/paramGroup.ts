/** Parameter groups: what an optimizer is given, and what it makes of it. Source: torch/optim/optimizer.py. */
import { Tensor } from '../tensor.js';
import { toCamelCase } from './names.js';

/** A parameter, alone or with its name, as `module.parameters()` and `module.namedParameters()` give them. */
export type ParameterInput = Tensor | readonly [name: string, parameter: Tensor];

/** A group of parameters with options of its own; what it leaves out comes from the optimizer's options. */
export type ParamGroupInput<Options extends object = object> = {
  params: Tensor | Iterable<ParameterInput>;
} & Partial<Options>;

/** What an optimizer is made from: parameters, named parameters, or groups of them. */
export type ParamsInput<Options extends object = object> = Iterable<
  ParameterInput | ParamGroupInput<Options>
>;

/** A group as the optimizer holds it: every option has a value. */
export type ParamGroup<Options extends object = object> = {
  params: Tensor[];
  /** Set where the optimizer was given named parameters. */
  paramNames?: string[];
} & Options;

/** What a value is, in the words of an error message. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Tensor) return 'Tensor';
  // A module is a function, of the module's class.
  const named =
    typeof value === 'object' || typeof value === 'function' ? value.constructor?.name : undefined;
  return named === undefined || named === 'Function' ? typeof value : named;
}

export function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

export function isGroup(value: unknown): value is ParamGroupInput {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Tensor);
}

/** Splits a group's parameters into tensors and, where each has one, names. */
export function splitNames(params: unknown): { tensors: Tensor[]; names: string[] | undefined } {
  if (!(params instanceof Tensor) && !isIterable(params)) {
    throw new TypeError(
      `a param group's params should be an iterable of Tensors, but got ${describe(params)}`,
    );
  }
  const tensors: Tensor[] = [];
  const names: string[] = [];
  for (const item of params instanceof Tensor ? [params] : params) {
    const isPair = Array.isArray(item) && item.length === 2 && typeof item[0] === 'string';
    const parameter: unknown = isPair ? item[1] : item;
    if (isPair) names.push(item[0] as string);
    if (!(parameter instanceof Tensor)) {
      throw new TypeError(
        `optimizer can only optimize Tensors, but one of the params is ${describe(parameter)}`,
      );
    }
    tensors.push(parameter);
  }
  if (names.length > 0 && names.length !== tensors.length) {
    throw new RangeError('all optimizer params should be with/without names. Some param names are missing');
  }
  return { tensors, names: names.length > 0 ? names : undefined };
}

/** Refuses an option written as in Python: in a group, unlike among an optimizer's options, any key is allowed. */
export function refuseSnakeCase(group: object, defaults: object): void {
  for (const key of Object.keys(group)) {
    const camel = toCamelCase(key);
    if (camel !== key && camel in defaults) {
      throw new TypeError(`param group option '${key}' is spelled '${camel}' here`);
    }
  }
}
