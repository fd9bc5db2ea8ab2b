/** One overload of an operator: binding arguments by the rules of PyTorch's Python front end. */
import { TorchError } from '../errors.js';
import { tidy } from '../memory.js';
import { type NativeSchema, native } from '../native.js';
import { guardOf } from './guards.js';
import { type Parameter, parameterOf } from './parameter.js';
import { type Invoke, invokerOf } from './results.js';

/** Arguments in the order of the schema: as given, and as the addon takes them. */
export interface Binding {
  given: unknown[];
  bound: unknown[];
}

/** Why a signature does not take some arguments. */
export interface Mismatch {
  /** The parameter's name, where it is one parameter that does not fit. */
  argument?: string;
  position?: number;
  reason: string;
}

export type Options = Record<string, unknown>;

/** What JavaScript calls a value, for messages. */
export function describeValue(value: unknown, depth = 0): string {
  if (value === null) return 'null';
  // An array may hold itself.
  if (Array.isArray(value))
    return value.length === 0 || depth > 3 ? 'array' : `array of ${describeValue(value[0], depth + 1)}`;
  if (typeof value === 'object') return value.constructor?.name ?? 'object';
  if (typeof value === 'number' && !Number.isInteger(value))
    return Number.isFinite(value) ? 'float' : String(value);
  return typeof value === 'number' ? 'int' : typeof value;
}

export class Signature {
  /** The schema as text, such as `aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`. */
  readonly text: string;
  readonly parameters: readonly Parameter[];
  /** Runs the operator on bound arguments. */
  readonly invoke: Invoke;
  /** Factories take `requiresGrad` too, which PyTorch's Python front end adds. */
  readonly isFactory: boolean;
  private readonly positional: readonly number[];
  private readonly keys = new Map<string, number>();
  private readonly selfIndex: number;
  /** The only positional parameter is a list of integers, so its elements may be spread over the arguments. */
  private readonly spreads: boolean;

  constructor(
    schema: NativeSchema,
    /** A method takes its tensor as `self`, wherever the schema has it. */
    private readonly isMethod: boolean,
    numbersAsTensors: boolean,
  ) {
    this.text = schema.text;
    this.parameters = schema.arguments.map((argument) => parameterOf(argument, numbersAsTensors));
    this.invoke = this.guarded(invokerOf(schema), schema.text.slice(0, schema.text.indexOf('(')));
    this.selfIndex = isMethod ? this.parameters.findIndex((parameter) => parameter.name === 'self') : -1;
    const positional: number[] = [];
    this.parameters.forEach((parameter, i) => {
      if (i === this.selfIndex) return;
      this.keys.set(parameter.key, i);
      this.keys.set(parameter.name, i);
      // Python's front end calls it `input`.
      if (parameter.name === 'self') this.keys.set('input', i);
      if (!parameter.kwargOnly) positional.push(i);
    });
    this.positional = positional;
    this.spreads =
      positional.length === 1 && (this.parameters[positional[0] as number] as Parameter).isIntList;
    this.isFactory = this.keys.has('pin_memory') && this.keys.has('dtype');
  }

  /** The arguments in the schema's order, or undefined where they don't fit. `loosely`: 0-dim tensors pass for numbers. */
  bind(
    self: unknown,
    args: readonly unknown[],
    count: number,
    options: Options | undefined,
    loosely: boolean,
  ): Binding | undefined {
    const { parameters, positional } = this;
    const given = new Array<unknown>(parameters.length).fill(undefined);
    if (this.selfIndex >= 0) given[this.selfIndex] = self;
    else if (this.isMethod) return undefined;
    if (this.spreads && count > 0 && (typeof args[0] === 'number' || typeof args[0] === 'bigint')) {
      given[positional[0] as number] = count === args.length ? args : args.slice(0, count);
    } else {
      if (count > positional.length) return undefined;
      for (let i = 0; i < count; i++) given[positional[i] as number] = args[i];
    }
    if (options !== undefined && !this.takeOptions(options, given)) return undefined;
    const bound = new Array<unknown>(parameters.length);
    for (let i = 0; i < parameters.length; i++) {
      const parameter = parameters[i] as Parameter;
      const value = given[i];
      if (value === undefined) {
        if (!parameter.hasDefault && !(parameter.optional && parameter.kwargOnly)) return undefined;
        bound[i] = undefined;
      } else if (value === null) {
        if (!parameter.optional) return undefined;
        bound[i] = null;
      } else {
        const { conversion } = parameter;
        if (!conversion.accepts(value) && !(loosely && conversion.acceptsLoosely?.(value) === true))
          return undefined;
        const converted = conversion.convert(value as never);
        // Undefined would stand for an argument that is not given.
        if (converted === undefined)
          throw new TypeError(`argument '${parameter.key}' was not made by its class's constructor`);
        bound[i] = converted;
      }
    }
    return { given, bound };
  }

  /** Why {@link bind} gave nothing, for the message. */
  explain(self: unknown, args: readonly unknown[], count: number, options: Options | undefined): Mismatch {
    const { parameters, positional } = this;
    const spread = this.spreads && (typeof args[0] === 'number' || typeof args[0] === 'bigint');
    if (!spread && count > positional.length) {
      return { reason: `takes ${positional.length} positional arguments but ${count} were given` };
    }
    const given = new Array<unknown>(parameters.length).fill(undefined);
    if (this.selfIndex >= 0) given[this.selfIndex] = self;
    if (spread) given[positional[0] as number] = args.slice(0, count);
    else for (let i = 0; i < count; i++) given[positional[i] as number] = args[i];
    for (const [key, value] of Object.entries(options ?? {})) {
      const index = this.keys.get(key);
      if (index === undefined) {
        if (key === 'requiresGrad' && this.isFactory) continue;
        if (value !== undefined) return { argument: key, reason: `got an unexpected option '${key}'` };
      } else if (given[index] !== undefined) {
        return { argument: key, reason: `got multiple values for argument '${key}'` };
      } else given[index] = value;
    }
    for (let i = 0; i < parameters.length; i++) {
      const parameter = parameters[i] as Parameter;
      const value = given[i];
      const missing =
        value === undefined && !parameter.hasDefault && !(parameter.optional && parameter.kwargOnly);
      if (missing) return { argument: parameter.key, reason: `missing required argument '${parameter.key}'` };
      if (value === undefined || (value === null && parameter.optional)) continue;
      if (value === null || !parameter.conversion.accepts(value)) {
        const index = positional.indexOf(i);
        const position = index >= 0 && index < count ? index + 1 : undefined;
        const where = position === undefined ? '' : ` (position ${position})`;
        return {
          argument: parameter.key,
          ...(position !== undefined && { position }),
          reason: `argument '${parameter.key}'${where} must be ${parameter.conversion.expected}, not ${describeValue(value)}`,
        };
      }
    }
    return { reason: 'does not take these arguments' };
  }

  /** As `invoke`, after a look at the arguments of operators that do not look themselves. */
  private guarded(invoke: Invoke, name: string): Invoke {
    const guard = guardOf(name);
    if (guard === undefined) return invoke;
    return (bound, given) => {
      const named = Object.fromEntries(this.parameters.map((parameter, i) => [parameter.name, given[i]]));
      const problem = tidy(() => guard(named));
      if (problem !== undefined) throw new TorchError(`${name}: ${problem}`, name);
      return invoke(bound, given);
    };
  }

  private takeOptions(options: Options, given: unknown[]): boolean {
    for (const key of Object.keys(options)) {
      const value = options[key];
      if (value === undefined) continue;
      const index = this.keys.get(key);
      if (index === undefined) {
        if (key === 'requiresGrad' && this.isFactory) continue;
        return false;
      }
      if (given[index] !== undefined) return false;
      given[index] = value;
    }
    return true;
  }
}

/** The signature of one overload, or undefined where this libtorch has none of that name. */
export function signatureOf(
  name: string,
  overload: string,
  isMethod: boolean,
  numbersAsTensors = false,
): Signature | undefined {
  const schema = native.operatorSchema(name, overload);
  return schema === null ? undefined : new Signature(schema, isMethod, numbersAsTensors);
}
