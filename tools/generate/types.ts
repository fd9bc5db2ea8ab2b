/** TypeScript signatures from schemas. */
import type { NativeArgument, NativeSchema } from '../../lib/native.js';
import { camelCase } from '../../lib/ops/names.js';
import { numbersAsTensors } from '../../lib/ops/numbersAsTensors.js';
import type { Overload } from './declarations.js';

const scalars: Record<string, string> = {
  Tensor: 'Tensor',
  Scalar: 'Num | Complex',
  int: 'Int',
  SymInt: 'Int',
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
function argumentType(type: string, size?: number): string {
  if (type.endsWith('?')) return `${argumentType(type.slice(0, -1), size)} | null`;
  if (!type.endsWith('[]')) return scalars[type] ?? 'unknown';
  const element = argumentType(type.slice(0, -2));
  const list = `readonly ${/[ |]/.test(element) ? `(${element})` : element}[]`;
  return size === undefined ? list : `${element} | ${list}`;
}

const results: Record<string, string> = {
  Tensor: 'Tensor',
  Scalar: 'Num | Complex',
  int: 'number',
  SymInt: 'number',
  float: 'number',
  bool: 'boolean',
  str: 'string',
};

function resultType(type: string): string {
  if (type.endsWith('?')) return `${resultType(type.slice(0, -1))} | null`;
  if (type.endsWith('[]')) return `${resultType(type.slice(0, -2))}[]`;
  return results[type] ?? 'unknown';
}

function returnType(schema: NativeSchema, isMethod: boolean): string {
  const { returns } = schema;
  if (returns.length === 0) return 'void';
  if (returns.length === 1) {
    const [only] = returns as [NativeSchema['returns'][number]];
    const written = only.written >= 0 ? schema.arguments[only.written] : undefined;
    return isMethod && written?.name === 'self' ? 'this' : resultType(only.type);
  }
  const types = returns.map(({ type }) => resultType(type));
  if (returns.some(({ name }) => name === '')) return `[${types.join(', ')}]`;
  const fields = returns.map(({ name }, i) => `readonly ${name}: ${types[i]}`);
  return `[${types.join(', ')}] & { ${fields.join('; ')} }`;
}

interface Parameter {
  name: string;
  type: string;
  optional: boolean;
  kwargOnly: boolean;
  spreads: boolean;
}

/** A function's first argument is `input` in Python, `self` in the registry. */
const nameOf = (argument: NativeArgument): string =>
  argument.name === 'self' ? 'input' : camelCase(argument.name);
const reserved = new Set(['function', 'in', 'var', 'new', 'default', 'with']);
const safe = (name: string): string => (reserved.has(name) ? `${name}_` : name);

function parametersOf(schema: NativeSchema, isMethod: boolean): Parameter[] {
  const args = schema.arguments.filter((argument) => !(isMethod && argument.name === 'self'));
  const positional = args.filter((argument) => !argument.kwargOnly);
  const op = schema.text.slice(schema.text.indexOf('::') + 2).split(/[.(]/, 1)[0] as string;
  const parameters = args.map((argument) => {
    const takesNumber =
      argument.type === 'Tensor' && argument.name !== 'self' && !argument.write && numbersAsTensors.test(op);
    const bare = argument.type.replace(/\?$/, '');
    return {
      name: nameOf(argument),
      type: takesNumber ? `Tensor | ${scalars.Scalar}` : argumentType(argument.type, argument.size),
      optional: argument.hasDefault || (argument.kwargOnly && argument.type.endsWith('?')),
      kwargOnly: argument.kwargOnly,
      spreads: positional.length === 1 && !argument.kwargOnly && (bare === 'int[]' || bare === 'SymInt[]'),
    };
  });
  if (args.some(({ name }) => name === 'pin_memory') && args.some(({ name }) => name === 'dtype')) {
    parameters.push({
      name: 'requiresGrad',
      type: 'boolean',
      optional: true,
      kwargOnly: true,
      spreads: false,
    });
  }
  return parameters;
}

const property = ({ name, type, optional }: Parameter): string => `${name}${optional ? '?' : ''}: ${type}`;

/** Parameter lists: positional ones that have defaults may be in their place, or, from any of them on, among the options. */
function parameterLists(parameters: readonly Parameter[]): string[] {
  const positional = parameters.filter(({ kwargOnly }) => !kwargOnly);
  const keyword = parameters.filter(({ kwargOnly }) => kwargOnly);
  const required = positional.filter(({ optional }) => !optional);
  const defaulted = positional.filter(({ optional }) => optional);
  const place = (list: readonly Parameter[]): string[] =>
    list.map((p) => `${safe(p.name)}${p.optional ? '?' : ''}: ${p.type}`);
  const options = (list: readonly Parameter[]): string[] => {
    if (list.length === 0) return [];
    const optional = list.every((p) => p.optional) ? '?' : '';
    return [`options${optional}: { ${list.map(property).join('; ')} }`];
  };
  const lists: string[][] = [];
  for (let inPlace = 0; inPlace <= defaulted.length; inPlace++) {
    const given = defaulted
      .slice(0, inPlace)
      .map((parameter) => ({ ...parameter, optional: inPlace === defaulted.length }));
    lists.push([...place([...required, ...given]), ...options([...defaulted.slice(inPlace), ...keyword])]);
  }
  const [first] = positional;
  if (positional.length === 1 && first?.spreads === true) {
    lists.push([`...${safe(first.name)}: Int[]`]);
    if (keyword.length > 0)
      lists.push([`...${safe(first.name)}AndOptions: [...Int[], { ${keyword.map(property).join('; ')} }]`]);
  }
  return [...new Set(lists.map((list) => list.join(', ')))];
}

const isOut = (schema: NativeSchema): boolean =>
  schema.arguments.some((argument) => argument.write && argument.kwargOnly);
const key = (parameters: readonly Parameter[]): string => parameters.map(property).join();

function signatures(overloads: readonly Overload[], isMethod: boolean, prefix: string): string[] {
  const forms = overloads.map(({ schema }) => ({
    schema,
    parameters: parametersOf(schema, isMethod),
    result: returnType(schema, isMethod),
  }));
  const plain = forms.filter(({ schema }) => !isOut(schema));
  const lines: string[] = [];
  const taken = new Set<object>();
  for (const form of plain) {
    // A form with `out` that differs in nothing else is an option of this one.
    const rest = (candidate: (typeof forms)[number]): Parameter[] =>
      candidate.parameters.filter(
        (p, i) =>
          !(
            candidate.schema.arguments.filter((a) => !(isMethod && a.name === 'self'))[i]?.write === true &&
            p.kwargOnly
          ),
      );
    const out = forms.find(
      (candidate) =>
        isOut(candidate.schema) &&
        !taken.has(candidate) &&
        key(rest(candidate)) ===
          key(
            form.parameters.filter(
              (p) =>
                !['dtype', 'layout', 'device', 'pinMemory', 'requiresGrad'].includes(p.name) ||
                rest(candidate).some((q) => q.name === p.name),
            ),
          ),
    );
    const outs: Parameter[] = [];
    if (out !== undefined) {
      taken.add(out);
      const kept = new Set(rest(out).map((p) => p.name));
      for (const p of out.parameters) if (!kept.has(p.name)) outs.push({ ...p, optional: true });
    }
    for (const list of parameterLists([...form.parameters, ...outs]))
      lines.push(`${prefix}(${list}): ${form.result}`);
  }
  for (const form of forms) {
    if (!isOut(form.schema) || taken.has(form)) continue;
    for (const list of parameterLists(form.parameters)) lines.push(`${prefix}(${list}): ${form.result}`);
  }
  return [...new Set(lines)];
}

export const functionSignatures = (overloads: readonly Overload[]): string[] =>
  signatures(overloads, false, '');
export const methodSignatures = (name: string, overloads: readonly Overload[]): string[] =>
  signatures(overloads, true, name);
