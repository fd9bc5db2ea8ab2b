/** TypeScript signatures from Python's. */
import { camelCase } from '../../lib/ops/names.js';
import { numbersAsTensors } from '../../lib/ops/numbersAsTensors.js';
import type { Overload } from './declarations.js';
import { mergeForms, type Parameter } from './merge.js';
import type { PythonParameter } from './pythonSignature.js';
import { stringValues } from './stringValues.js';

const scalars: Readonly<Record<string, string>> = {
  Tensor: 'Tensor',
  Scalar: 'ScalarLike',
  int: 'Int',
  SymInt: 'Int',
  DeviceIndex: 'Int',
  float: 'number',
  bool: 'boolean',
  str: 'string',
  ScalarType: 'DType',
  Layout: 'Layout',
  MemoryFormat: 'MemoryFormat',
  Device: 'DeviceLike',
  Generator: 'Generator',
};

/** The type of an argument. */
function argumentType(type: string): string {
  if (type.endsWith('?')) return `${argumentType(type.slice(0, -1))} | null`;
  const list = /^(.*)\[(\d*)\]$/.exec(type);
  if (list === null) {
    const scalar = scalars[type];
    if (scalar === undefined) throw new Error(`no TypeScript type for ${type}`);
    return scalar;
  }
  const [, name = '', size = ''] = list;
  const element = argumentType(name);
  const elements = `readonly ${/[ |]/.test(element) ? `(${element})` : element}[]`;
  // One number may stand for a list of integers of a given length.
  return size !== '' && element === 'Int' ? `Int | ${elements}` : elements;
}

const results: Readonly<Record<string, string>> = {
  Tensor: 'Tensor',
  Scalar: 'Num | Complex',
  int: 'number',
  SymInt: 'number',
  float: 'number',
  bool: 'boolean',
  str: 'string',
  ScalarType: 'DType',
};

function resultType(type: string): string {
  if (type.endsWith('?')) return `${resultType(type.slice(0, -1))} | null`;
  const list = /^(.*)\[\d*\]$/.exec(type);
  if (list !== null) return `${resultType(list[1] as string)}[]`;
  const result = results[type];
  if (result === undefined) throw new Error(`no TypeScript type for a result of ${type}`);
  return result;
}

function returnType({ base, signature }: Overload, isMethod: boolean): string {
  const { returns } = signature.base;
  if (returns.length === 0) return 'void';
  const written = base.returns.map((result) => result.written);
  if (returns.length === 1) {
    const [only] = returns as [(typeof returns)[number]];
    const target = base.arguments[written[0] as number];
    return isMethod && target?.name === 'self' ? 'this' : resultType(only.type);
  }
  const types = returns.map(({ type }) => resultType(type));
  if (returns.some(({ name }) => name === '')) return `[${types.join(', ')}]`;
  const fields = returns.map(({ name }, i) => `readonly ${camelCase(name)}: ${types[i]}`);
  const isPair = types.join() === 'Tensor,Tensor' && returns.some(({ name }) => name === 'values');
  return isPair
    ? `NamedValues<{ ${fields.join('; ')} }>`
    : `[${types.join(', ')}] & { ${fields.join('; ')} }`;
}

const reserved = new Set(['function', 'in', 'var', 'new', 'default', 'with']);
const safe = (name: string): string => (reserved.has(name) ? `${name}_` : name);

function typeOf(parameter: PythonParameter, op: string, isOut: boolean): string {
  const { name, type } = parameter;
  if (isOut) {
    if (type === 'Tensor[]') return 'readonly Tensor[] | null';
    const several = /^Tensor\[(\d+)\]$/.exec(type);
    if (several === null) return 'Tensor | null';
    return `readonly [${new Array<string>(Number(several[1])).fill('Tensor').join(', ')}] | null`;
  }
  if (type === 'Tensor' && numbersAsTensors.has(op)) return 'Tensor | ScalarLike';
  if (type.startsWith('str')) {
    const values = stringValues(op, name);
    if (values !== undefined) return values + (type.endsWith('?') ? ' | null' : '');
  }
  return argumentType(type);
}

function parametersOf({ signature, out }: Overload, isMethod: boolean): Parameter[] {
  const { parameters, base } = signature;
  const positional = parameters.filter(({ kwargOnly }) => !kwargOnly);
  const outNames = new Set(
    out === undefined
      ? []
      : ['out', ...out.arguments.filter((a) => a.write && a.kwargOnly).map((a) => a.name)],
  );
  return parameters.map((parameter) => {
    const { name, type, kwargOnly } = parameter;
    const isInput = !isMethod && name === 'self' && type === 'Tensor';
    return {
      name: isInput ? 'input' : camelCase(name),
      type: typeOf(parameter, base.op, kwargOnly && outNames.has(name) && type.startsWith('Tensor')),
      optional: parameter.default !== undefined,
      kwargOnly,
      spreads: positional.length === 1 && !kwargOnly && /^(Sym)?[iI]nt\[\d*\]\??$/.test(type),
    };
  });
}

const property = ({ name, type, optional }: Parameter): string => `${name}${optional ? '?' : ''}: ${type}`;

/** An options object, which may be left away where all of it may. */
function optionsOf(list: readonly Parameter[], mayMiss = true): string[] {
  if (list.length === 0) return [];
  const optional = mayMiss && list.every((p) => p.optional) ? '?' : '';
  return [`options${optional}: { ${list.map(property).join('; ')} }`];
}

const place = (list: readonly Parameter[]): string[] =>
  list.map((p) => `${safe(p.name)}${p.optional ? '?' : ''}: ${p.type}`);

const always = (list: readonly Parameter[]): Parameter[] => list.map((p) => ({ ...p, optional: false }));

/** Lists with a common beginning: several of them as one, whose rest is any of theirs. */
function together(shared: number, lists: readonly (readonly string[])[], least: number): string[][] {
  if (lists.length < least) return lists.map((list) => [...list]);
  const [first = []] = lists;
  const rests = lists.map((list) => `[${list.slice(shared).join(', ')}]`);
  return [[...first.slice(0, shared), `...rest: ${rests.join(' | ')}`]];
}

/** The parameter lists of an overload: those that are written most, and the others. */
interface ParameterLists {
  readonly usual: string[][];
  readonly others: string[][];
}

/** Parameters that have defaults may be in their place or, from any of them on, among the options. */
function parameterLists(parameters: readonly Parameter[]): ParameterLists {
  const positional = parameters.filter(({ kwargOnly }) => !kwargOnly);
  const keyword = parameters.filter(({ kwargOnly }) => kwargOnly);
  const required = positional.filter(({ optional }) => !optional);
  const defaulted = positional.filter(({ optional }) => optional);
  const usual = [[...place(positional), ...optionsOf(keyword)]];
  const others: string[][] = [];
  const [first] = positional;
  if (positional.length === 1 && first?.spreads === true) {
    usual.push([`...${safe(first.name)}: Int[]`]);
    if (keyword.length > 0)
      others.push([
        `...${safe(first.name)}AndOptions: [...${safe(first.name)}: Int[], options: { ${keyword.map(property).join('; ')} }]`,
      ]);
  }
  if (defaulted.length > 0)
    others.push([...place(required), ...optionsOf([...defaulted, ...keyword], defaulted.length === 1)]);
  const mixed: string[][] = [];
  for (let inPlace = 1; inPlace < defaulted.length; inPlace++)
    mixed.push([
      ...place(required),
      ...place(always(defaulted.slice(0, inPlace))),
      ...optionsOf([...defaulted.slice(inPlace), ...keyword], false),
    ]);
  others.push(...together(required.length, mixed, 2));
  // Dimensions, sizes and the like by name: `x.sum({ dim: 1 })`.
  const byName: string[][] = [];
  for (let inPlace = required.length - 1; inPlace >= 0; inPlace--) {
    const { type, name } = required[inPlace] as Parameter;
    if (type.includes('Tensor') && type !== 'ScalarLike') break;
    if (name === 'input') break;
    byName.push([
      ...place(required.slice(0, inPlace)),
      ...optionsOf([...required.slice(inPlace), ...defaulted, ...keyword]),
    ]);
  }
  others.push(...together(required.length - byName.length, byName, 3));
  return { usual, others };
}

/** What editors show first is what is written most; the order has no other meaning. */
function signatures(overloads: readonly Overload[], isMethod: boolean, prefix: string): string[] {
  const usual: string[] = [];
  const others: string[] = [];
  // Deprecated forms are taken at run time, and not offered.
  const offered = overloads.filter(({ signature }) => signature.deprecated === undefined);
  const forms = offered.map((overload) => ({
    parameters: parametersOf(overload, isMethod),
    result: returnType(overload, isMethod),
  }));
  for (const { parameters, result } of mergeForms(forms)) {
    const lists = parameterLists(parameters);
    const write = (list: readonly string[]): string => `${prefix}(${list.join(', ')}): ${result}`;
    usual.push(...lists.usual.map(write));
    others.push(...lists.others.map(write));
  }
  return [...new Set([...usual, ...others])];
}

export const functionSignatures = (name: string, overloads: readonly Overload[]): string[] =>
  signatures(overloads, false, name);
export const methodSignatures = (name: string, overloads: readonly Overload[]): string[] =>
  signatures(overloads, true, name);
