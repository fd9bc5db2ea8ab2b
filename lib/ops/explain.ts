/** Why a signature does not take some arguments: what Python's parser says of the first thing that is wrong. */
import { Tensor } from '../tensor.js';
import { describeValue } from './describe.js';
import { MISMATCH, type Parameter, settle } from './parameter.js';
import type { Options, Signature } from './signature.js';

function fits(parameter: Parameter, value: unknown): boolean {
  const result = parameter.fit(value, true) !== MISMATCH;
  settle(false);
  return result;
}

function tooMany({ callee, isMethod, parameters, fewest, mostPositional }: Signature, count: number): string {
  if (isMethod && parameters.length === 0)
    return `TensorBase.${callee}() takes no arguments (${count} given)`;
  if (fewest !== mostPositional)
    return `${callee}() takes from ${fewest} to ${mostPositional} positional arguments but ${count} were given`;
  const plural = mostPositional === 1 ? '' : 's';
  return `${callee}() takes ${mostPositional} positional argument${plural} but ${count} ${count === 1 ? 'was' : 'were'} given`;
}

function missing({ callee, parameters }: Signature, from: number): string {
  const names = parameters
    .slice(from)
    .filter(({ hasDefault }) => !hasDefault)
    .map(({ name }) => `"${name}"`);
  // Python has the plural where one is missing.
  return `${callee}() missing ${names.length} required positional argument${names.length === 1 ? 's' : ''}: ${names.join(', ')}`;
}

function wrongType(
  callee: string,
  parameter: Parameter,
  value: unknown,
  position: number | undefined,
): string {
  const where = position === undefined ? '' : ` (position ${position})`;
  const subject = `${callee}(): argument '${parameter.name}'${where} must be ${parameter.typeName}`;
  const bad = position === undefined ? -1 : parameter.badElement(value);
  if (bad < 0) return `${subject}, not ${describeValue(value)}`;
  return `${subject}, but found element of type ${describeValue((value as ArrayLike<unknown>)[bad])} at pos ${bad}`;
}

/** What is wrong with a value or with the number of values, or undefined where the names of the options are. */
function mismatch(
  signature: Signature,
  self: unknown,
  args: readonly unknown[],
  count: number,
  options: Options | undefined,
): string | undefined {
  const { parameters, callee, mostPositional, isMethod, spreads } = signature;
  if (isMethod && !(self instanceof Tensor))
    return `${callee}(): a method of Tensor was called on ${describeValue(self)}`;
  const unsupported = parameters.find((parameter) => parameter.isUnsupported && !parameter.hasDefault);
  if (unsupported !== undefined)
    return `${callee}(): argument '${unsupported.name}' is of type ${unsupported.typeName}, which JavaScript has no values of`;
  if (count > mostPositional && !spreads) return tooMany(signature, count);
  const named = options === undefined ? undefined : signature.take(options, false);
  let position = 0;
  for (let i = 0; i < parameters.length; i++) {
    const parameter = parameters[i] as Parameter;
    const isPositional = position < count;
    if (isPositional && parameter.kwargOnly) return tooMany(signature, count);
    const value = isPositional ? args[position] : named?.[i];
    if (value === undefined) {
      if (!parameter.hasDefault) return missing(signature, i);
      if (isPositional) position++;
      continue;
    }
    if (fits(parameter, value)) {
      if (isPositional) position++;
    } else if (isPositional && spreads && position === 0 && fits(parameter, args.slice(0, count))) {
      position = count;
    } else return wrongType(callee, parameter, value, isPositional ? position + 1 : undefined);
  }
  return undefined;
}

/** The reason why `signature.bind` gave nothing for these arguments. */
export function explain(
  signature: Signature,
  self: unknown,
  args: readonly unknown[],
  count: number,
  options: Options | undefined,
): string | undefined {
  const reason = mismatch(signature, self, args, count, options);
  if (reason !== undefined || options === undefined) return reason;
  const { callee, parameters, mostPositional } = signature;
  for (const key of Object.keys(options)) {
    if (options[key] === undefined) continue;
    const i = signature.placeOf(key);
    if (i === undefined) return `${callee}() got an unexpected keyword argument '${key}'`;
    if (i < Math.min(count, mostPositional))
      return `${callee}() got multiple values for argument '${(parameters[i] as Parameter).name}'`;
  }
  return `${callee}(): invalid keyword arguments`;
}
