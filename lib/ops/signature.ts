/** One signature of an operator: binding arguments by the rules of PyTorch's Python argument parser. */
import { defaultDevice, defaultDeviceFactories } from '../defaultDevice.js';
import { type NativeSchema, native } from '../native.js';
import { Tensor } from '../tensor.js';
import { checkOut } from './checkOut.js';
import { numbersAsTensors } from './numbersAsTensors.js';
import { MISMATCH, Parameter, type ParameterDescription } from './parameter.js';
import { Operator } from './results.js';
import { defaultsOf } from './schemaDefaults.js';

export { describeValue } from './describe.js';

export type Options = Readonly<Record<string, unknown>>;

/** How one call is made once its arguments are bound. */
export interface Binding {
  readonly operator: Operator;
  /** In the operator's order, as the addon takes them. */
  readonly bound: unknown[];
  /** In the operator's order, as the caller has them; where the operator needs them. */
  readonly given: unknown[] | undefined;
  readonly requiresGrad: boolean;
}

export interface SignatureForm {
  /** A method takes its tensor as `self`, wherever the schema has it. */
  readonly isMethod: boolean;
  /** Functions and methods have Python's rules and names; `torch.ops` has the registry's. */
  readonly isPublic: boolean;
  /** The overload that writes to `out`. */
  readonly out?: NativeSchema | undefined;
  /** Whether there are no other signatures. */
  readonly isAlone?: boolean;
  /** The parameters of a deprecated form, in its order. */
  readonly order?: readonly string[] | undefined;
}

const optionNames = ['dtype', 'layout', 'device', 'pin_memory'];
// What NumPy calls them.
const aliases: Readonly<Record<string, readonly string[]>> = {
  dim: ['axis'],
  keepdim: ['keepdims'],
  input: ['self', 'x', 'a', 'x1'],
  other: ['x2'],
};
const none: readonly string[] = [];

export class Signature {
  readonly parameters: readonly Parameter[];
  readonly operator: Operator;
  /** Deprecated forms are not listed in messages, as in Python. */
  readonly isDeprecated: boolean;
  /** The fewest arguments that it takes, by position or by name, and the most; without `self` for a method. */
  readonly fewest: number;
  /** How many may be given by position. */
  readonly mostPositional: number;
  /**
   * The leading parameters in the operator's order, a method's tensor included, and the fewest of them: what binds
   * without an options object. Empty where the order differs or the arguments need more than a look each.
   */
  readonly leads: readonly Parameter[];
  readonly fewestLeads: number;
  private readonly outOperator: Operator | undefined;
  /** Where each parameter is in the operator's arguments, and in those of the operator with `out`; -1: nowhere. */
  private readonly places: readonly number[];
  private readonly outPlaces: readonly number[];
  private readonly outIndex: number;
  /** Where several tensors are written: the operator's arguments that `out` is spread over. */
  private readonly outSpread: readonly number[];
  private readonly selfPlace: number;
  private readonly outSelfPlace: number;
  /** The only positional parameter is a list of integers, so its elements may be spread over the arguments. */
  readonly spreads: boolean;
  /** That, where it needs no more than a look at each. */
  private readonly spreadsQuickly: boolean;
  /** Of the first of several: the one that takes sizes spread over the arguments, where none before it takes a number. */
  spreading: Signature | undefined;
  /** Takes a list of tensors first, which is to be looked at before it is tried. */
  readonly takesTensorList: boolean;
  /** Makes a tensor on the default device, where none is given. */
  readonly followsDefaultDevice: boolean;
  /** The parameters by what an option may be called. */
  private readonly keys = new Map<string, number>();
  private readonly devicePlace: number;

  constructor(
    /** As Python's messages call the operator. */
    readonly callee: string,
    schema: NativeSchema,
    private readonly form: SignatureForm,
  ) {
    const { isMethod, isPublic, out, order } = form;
    this.operator = new Operator(schema);
    this.outOperator = out === undefined ? undefined : new Operator(out);
    this.isDeprecated = order !== undefined;
    const takesNumbers = isPublic && numbersAsTensors.has(callee);
    const self = isMethod ? 'self' : undefined;
    const isOptions = (name: string): boolean => optionNames.includes(name);
    const isFactory =
      isPublic && optionNames.every((name) => schema.arguments.some((a) => a.name === name && a.kwargOnly));
    const written = (out?.arguments ?? []).filter((argument) => argument.write && argument.kwargOnly);
    let listed = schema.arguments.filter((argument) => argument.name !== self);
    if (order !== undefined) {
      const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
      listed = listed
        .filter(({ name, kwargOnly, hasDefault }) => order.includes(name) || (!kwargOnly && !hasDefault))
        .sort((a, b) => rank(a.name) - rank(b.name));
    }
    const descriptions: ParameterDescription[] = [];
    const places: number[] = [];
    const outPlaces: number[] = [];
    const add = (description: ParameterDescription, place: string | undefined): void => {
      descriptions.push(description);
      places.push(place === undefined ? -1 : schema.arguments.findIndex(({ name }) => name === place));
      outPlaces.push(
        place === undefined || out === undefined ? -1 : out.arguments.findIndex(({ name }) => name === place),
      );
    };
    const pass = (wanted: (argument: (typeof listed)[number]) => boolean): void => {
      for (const argument of listed) {
        if (!wanted(argument)) continue;
        const { name, type, size } = argument;
        const isInput = isPublic && !isMethod && name === 'self' && type === 'Tensor';
        add(
          {
            name: isInput ? 'input' : name,
            type,
            size,
            // A deprecated form has them all by position, and none is left out.
            kwargOnly: order === undefined && argument.kwargOnly,
            hasDefault:
              order === undefined &&
              (argument.hasDefault ||
                (argument.kwargOnly && type.endsWith('?') && (!isPublic || (isFactory && isOptions(name))))),
            takesNumbers,
          },
          name,
        );
      }
    };
    pass((argument) => order !== undefined || !argument.kwargOnly);
    if (order === undefined) pass(({ name, kwargOnly }) => kwargOnly && !(isFactory && isOptions(name)));
    this.outIndex = written.length > 0 ? descriptions.length : -1;
    this.outSpread = written.map((argument) => (out as NativeSchema).arguments.indexOf(argument));
    const [only] = written;
    if (only !== undefined) {
      const one = written.length === 1;
      add(
        {
          name: one ? only.name : 'out',
          type: one ? `${only.type}?` : 'Tensor[]?',
          size: one ? undefined : written.length,
          kwargOnly: true,
          hasDefault: true,
        },
        one ? only.name : undefined,
      );
    }
    if (isFactory) {
      pass(({ name, kwargOnly }) => kwargOnly && isOptions(name));
      add({ name: 'requires_grad', type: 'bool?', kwargOnly: true, hasDefault: true }, undefined);
    }
    this.parameters = descriptions.map((description, i) => new Parameter(description, callee, i, isPublic));
    this.places = places;
    this.outPlaces = outPlaces;
    this.selfPlace = isMethod ? schema.arguments.findIndex(({ name }) => name === 'self') : -1;
    this.outSelfPlace =
      isMethod && out !== undefined ? out.arguments.findIndex(({ name }) => name === 'self') : -1;
    const positional = this.parameters.filter(({ kwargOnly }) => !kwargOnly);
    this.mostPositional = positional.length;
    this.fewest = this.parameters.filter(({ hasDefault }) => !hasDefault).length;
    this.spreads = positional.length === 1 && (positional[0] as Parameter).isIntList;
    this.parameters.forEach(({ key }, i) => {
      this.keys.set(key, i);
    });
    this.parameters.forEach(({ name }, i) => {
      const others = isPublic ? (aliases[name] ?? none) : name === 'self' ? ['self', 'input'] : [name];
      for (const other of others) if (!this.keys.has(other)) this.keys.set(other, i);
    });
    this.devicePlace =
      isPublic && !isMethod && defaultDeviceFactories.has(callee)
        ? schema.arguments.findIndex(({ name }) => name === 'device')
        : -1;
    const isAlone = form.isAlone === true;
    const inOrder = positional.every((_, i) => places[i] === i + (isMethod ? 1 : 0));
    const quick =
      inOrder &&
      (!isMethod || this.selfPlace === 0) &&
      this.operator.isQuick &&
      // A list of tensors raises at once where it does not fit, which is for the last of several signatures to do,
      // unless its elements are looked at beforehand.
      (!isPublic ||
        isAlone ||
        positional.every(({ isTensorList }, i) => !isTensorList || (i === 0 && !isMethod))) &&
      this.parameters.every((parameter) => !parameter.kwargOnly || parameter.hasDefault);
    this.takesTensorList = !isAlone && positional[0]?.isTensorList === true;
    this.followsDefaultDevice = this.devicePlace >= 0;
    const lead = (name: string): Parameter =>
      new Parameter({ name, type: 'Tensor', kwargOnly: false, hasDefault: false }, callee, 0, isPublic);
    this.leads = !quick ? [] : isMethod ? [lead('self'), ...positional] : positional;
    this.spreadsQuickly = quick && this.spreads;
    const missing = this.leads.findIndex(({ hasDefault }) => hasDefault);
    this.fewestLeads = missing < 0 ? this.leads.length : missing;
  }

  /** Finds {@link spreading} among a function's signatures. */
  static linkSpreading(signatures: readonly Signature[]): void {
    const [first] = signatures;
    if (first === undefined) return;
    for (const signature of signatures) {
      if (signature.spreadsQuickly) {
        first.spreading = signature;
        return;
      }
      const positional = signature.parameters.find(({ kwargOnly }) => !kwargOnly);
      if (positional?.typeName !== 'torch.dtype') return;
    }
  }

  /** The schema as text, such as `aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`. */
  get text(): string {
    return this.operator.schema.text;
  }

  /** As messages list it: `(Tensor input, Tensor other, *, Number alpha = 1, Tensor out = None)`. */
  describe(): string {
    if (!this.form.isPublic) return this.text;
    const defaults = defaultsOf(this.text);
    const words: string[] = [];
    this.parameters.forEach((parameter, i) => {
      if (parameter.kwargOnly && !words.includes('*')) words.push('*');
      const name = parameter.name === 'input' ? 'self' : parameter.name;
      const fallback = this.outIndex === i || !defaults.has(name) ? 'None' : defaults.get(name);
      const value =
        parameter.name === 'requires_grad' || parameter.name === 'pin_memory' ? 'False' : fallback;
      words.push(`${parameter.typeName} ${parameter.key}${parameter.hasDefault ? ` = ${value}` : ''}`);
    });
    return `(${words.join(', ')})`;
  }

  get isMethod(): boolean {
    return this.form.isMethod;
  }

  /** The place among the parameters of what an option is called, or undefined. */
  placeOf(key: string): number | undefined {
    return this.keys.get(key);
  }

  /** What the options hold, by parameter. `all`: undefined where one has no place, or two have one place. */
  take(options: Options, all: boolean): unknown[] | undefined {
    const named: unknown[] = [];
    for (const key in options) {
      const value = options[key];
      if (value === undefined) continue;
      const place = this.keys.get(key);
      if (place !== undefined && named[place] === undefined) put(named, place, value);
      else if (all) return undefined;
    }
    return named;
  }

  /** The arguments in the operator's order, or undefined where they don't fit. `tensors`: tensors pass for numbers. */
  bind(
    self: unknown,
    args: readonly unknown[],
    count: number,
    options: Options | undefined,
    tensors: boolean,
  ): Binding | undefined {
    const { parameters, outIndex } = this;
    if (count > this.mostPositional && !this.spreads) return undefined;
    const named = options === undefined ? undefined : this.take(options, true);
    if (options !== undefined && named === undefined) return undefined;
    const out = outIndex >= 0 && named !== undefined ? (named[outIndex] ?? undefined) : undefined;
    const operator = out === undefined ? this.operator : (this.outOperator as Operator);
    const places = out === undefined ? this.places : this.outPlaces;
    const bound: unknown[] = [];
    const given: unknown[] | undefined = operator.needsGiven ? [] : undefined;
    let requiresGrad = false;
    let position = 0;
    if (this.form.isMethod) {
      if (!(self instanceof Tensor)) return undefined;
      const place = out === undefined ? this.selfPlace : this.outSelfPlace;
      put(bound, place, self.handle);
      if (given !== undefined) put(given, place, self);
    }
    for (let i = 0; i < parameters.length; i++) {
      const parameter = parameters[i] as Parameter;
      let value: unknown;
      const isPositional = position < count;
      if (isPositional) {
        // More arguments than the one list of integers, which has taken but one.
        if (parameter.kwargOnly) return undefined;
        // Or an argument that is given twice.
        if (named !== undefined && named[i] !== undefined) return undefined;
        value = args[position];
      } else if (named !== undefined) {
        value = named[i];
      }
      if (value === undefined) {
        if (!parameter.hasDefault) return undefined;
        if (isPositional) position++;
        continue;
      }
      let converted = parameter.fit(value, tensors);
      if (converted === MISMATCH) {
        if (!isPositional || !this.spreads || position > 0) return undefined;
        // `x.view(2, -1)` is `x.view([2, -1])`.
        value = args.slice(0, count);
        converted = parameter.fit(value, tensors);
        if (converted === MISMATCH) return undefined;
        position = count;
      } else if (isPositional) position++;
      const place = places[i] as number;
      if (place >= 0) {
        put(bound, place, converted);
        if (given !== undefined) put(given, place, value);
      } else if (i === outIndex && out !== undefined) {
        this.spreadOut(bound, given, converted as readonly unknown[], value as readonly unknown[]);
      } else if (parameter.name === 'requires_grad') requiresGrad = converted === true;
      else if (out instanceof Tensor && converted !== null) checkOut(out, parameter.name, converted);
    }
    if (this.devicePlace >= 0 && out === undefined && defaultDevice.code !== undefined) {
      if ((bound[this.devicePlace] ?? null) === null) put(bound, this.devicePlace, defaultDevice.code);
    }
    return { operator, bound, given, requiresGrad };
  }

  private spreadOut(
    bound: unknown[],
    given: unknown[] | undefined,
    handles: readonly unknown[],
    tensors: readonly unknown[],
  ): void {
    this.outSpread.forEach((place, i) => {
      put(bound, place, handles[i]);
      if (given !== undefined) put(given, place, tensors[i]);
    });
  }
}

/** Sets an element; those between that are not given are undefined, never holes. */
function put(list: unknown[], place: number, value: unknown): void {
  while (list.length < place) list.push(undefined);
  if (list.length === place) list.push(value);
  else list[place] = value;
}

/** The signature of one overload as `torch.ops` has it, or undefined where this libtorch has none of that name. */
export function signatureOf(name: string, overload: string): Signature | undefined {
  const schema = native.operatorSchema(name, overload);
  if (schema === null) return undefined;
  return new Signature(name, schema, { isMethod: false, isPublic: false });
}
