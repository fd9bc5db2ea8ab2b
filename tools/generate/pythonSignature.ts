/**
 * The signatures that Python's argument parser has for an operator, and the order in which it tries them: which
 * overloads there are, one with `out` merged into its base, tensors before numbers. The rules are those of PyTorch's
 * own generator (torchgen), so that the same arguments find the same overload.
 */
import type { Schema, SchemaArgument } from './schema.js';

/** A parameter as Python's parser has it. */
export interface PythonParameter {
  readonly name: string;
  readonly type: string;
  /** As in the schema; `None` for `out`. */
  readonly default: string | undefined;
  readonly kwargOnly: boolean;
}

/** One signature as Python's parser has it: an overload, and the one that writes to `out`. */
export interface PythonSignature {
  readonly base: Schema;
  readonly out: Schema | undefined;
  /** The parameters of a deprecated form in its order; undefined for the others. */
  readonly deprecated: readonly string[] | undefined;
  readonly parameters: readonly PythonParameter[];
  /** Has the options of a new tensor: dtype, layout, device, pin_memory, requires_grad. */
  readonly isFactory: boolean;
}

/** One overload before `out` is merged. */
interface Form {
  readonly schema: Schema;
  readonly deprecated: readonly string[] | undefined;
  readonly inputs: readonly PythonParameter[];
  readonly outputs: readonly SchemaArgument[];
  readonly options: readonly PythonParameter[];
}

const elementTypes: Readonly<Record<string, string>> = {
  int: 'int64_t',
  float: 'double',
  str: 'c10::string_view',
};
const listTypes: Readonly<Record<string, string>> = {
  int: 'IntArrayRef',
  SymInt: 'SymIntArrayRef',
  Tensor: 'TensorList',
  Scalar: 'ScalarList',
};

/** The type as Python's parser spells it; the order of overloads depends on it. */
function parserType(type: string): string {
  if (type.endsWith('?')) return `${parserType(type.slice(0, -1))}?`;
  const list = /^(.*)\[(\d*)\]$/.exec(type);
  if (list === null) return elementTypes[type] ?? type;
  const [, element = '', size = ''] = list;
  if (element === 'bool') return `::std::array<bool,${size}>`;
  if (element === 'Tensor?') return 'c10::List<::std::optional<Tensor>>';
  const name = listTypes[element];
  if (name === undefined) return `ArrayRef<${parserType(element)}>`;
  return size === '' ? name : `${name}[${size}]`;
}

function parserDefault(text: string): string {
  if (/^\[.*\]$/.test(text)) return text === '[]' ? 'None' : text.replace('[', '{').replace(']', '}');
  return text === 'contiguous_format' ? 'c10::MemoryFormat::Contiguous' : text;
}

function spell(parameter: PythonParameter, isMethod: boolean): string {
  const type = parserType(parameter.type);
  const name = parameter.name === 'self' && type === 'Tensor' && !isMethod ? 'input' : parameter.name;
  return parameter.default === undefined
    ? `${type} ${name}`
    : `${type} ${name}=${parserDefault(parameter.default)}`;
}

function spellForm(form: Form, isMethod: boolean): string {
  const all = [...form.inputs, ...form.options];
  const words = all.map((parameter) => spell(parameter, isMethod));
  const positional = form.inputs.filter(({ kwargOnly }) => !kwargOnly).length;
  if (words.length > positional) words.splice(positional, 0, '*');
  return `${form.schema.op}(${words.join(', ')})${form.deprecated === undefined ? '' : '|deprecated'}`;
}

const isTensorLike = (type: string): boolean => /^Tensor\b/.test(type);
const option = (name: string, type: string, value: string): PythonParameter => ({
  name,
  type,
  default: value,
  kwargOnly: true,
});
const tensorOptions: readonly PythonParameter[] = [
  option('dtype', 'ScalarType?', 'None'),
  option('layout', 'Layout?', 'None'),
  option('device', 'Device?', 'None'),
  option('pin_memory', 'bool?', 'False'),
  option('requires_grad', 'bool?', 'False'),
];
const isOutput = (argument: SchemaArgument): boolean => argument.kwargOnly && argument.alias.endsWith('!');
const hasTensorOptions = (schema: Schema): boolean =>
  ['dtype', 'layout', 'device', 'pin_memory'].every((name) =>
    schema.arguments.some((argument) => argument.name === name && argument.kwargOnly),
  );

function formOf(
  schema: Schema,
  isMethod: boolean,
  category: string | undefined,
  deprecated: readonly string[] | undefined,
): Form {
  const outputs = schema.arguments.filter(isOutput);
  const scattered = hasTensorOptions(schema);
  const inputs = schema.arguments.filter(
    (argument) =>
      !isOutput(argument) &&
      !(isMethod && argument.name === 'self') &&
      !(scattered && tensorOptions.some(({ name }) => name === argument.name)),
  );
  const takesTensors = schema.arguments.some(
    (argument) => !isOutput(argument) && isTensorLike(argument.type),
  );
  const givesTensors = schema.returns.some(({ type }) => isTensorLike(type));
  const isNew = category === 'factory' || (givesTensors && !takesTensors);
  const name = `${schema.op}${outputs.length > 0 ? '_out' : ''}`;
  const isLike = /^(new|like)$/.test(category ?? '') || name.startsWith('new_') || name.endsWith('_like');
  return {
    schema,
    deprecated,
    inputs,
    outputs,
    options: (isNew || isLike) && category !== 'dummy' ? tensorOptions : [],
  };
}

/** Whether a parameter of type `a` is to be tried after one of type `b`. */
function isTypeSmaller(a: string, b: string): boolean {
  return (
    (a === 'Scalar' && b === 'Tensor') ||
    (a === 'Scalar?' && b === 'Tensor?') ||
    (a === 'int[]' && (b === 'int' || b === 'int?')) ||
    (a === 'Tensor[]' && b.includes('[]')) ||
    (a === 'SymInt[]' && b === 'int[]') ||
    ((a === 'SymInt' || a === 'int') && b === 'Tensor')
  );
}

function isSmaller(a: Form, b: Form): boolean {
  const first = [...a.inputs, ...a.options].map(({ type }) => type);
  const second = [...b.inputs, ...b.options].map(({ type }) => type);
  if (first.length !== second.length || first.every((type, i) => type === second[i])) return false;
  return first.every((type, i) => type === second[i] || isTypeSmaller(type, second[i] as string));
}

/** The linear order that torchgen makes of its partial one: sorted by text, the greater before the smaller. */
function sorted(forms: readonly Form[], text: (form: Form) => string): Form[] {
  const list = forms.map((form) => ({ form, key: text(form) }));
  list.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const ordered = list.map(({ form }) => form);
  const larger = new Map<number, Set<number>>();
  ordered.forEach((a, i) => {
    const set = new Set<number>();
    ordered.forEach((b, j) => {
      if (isSmaller(a, b)) set.add(j);
    });
    if (set.size > 0) larger.set(i, set);
  });
  const ids = ordered.map((_, i) => i).filter((i) => !larger.has(i));
  for (let n = 0; n < ordered.length; n++) {
    const done = ids[n] as number;
    for (const i of [...larger.keys()].sort((a, b) => a - b)) {
      const waiting = larger.get(i) as Set<number>;
      waiting.delete(done);
      if (waiting.size > 0) continue;
      larger.delete(i);
      ids.push(i);
    }
  }
  return ids.map((i) => ordered[i] as Form);
}

/** What deprecated.yaml says of one form. */
export interface DeprecatedForm {
  readonly schema: Schema;
  /** The operator that it calls, and with which of its parameters in which order. */
  readonly op: string;
  readonly out: boolean;
  readonly call: readonly string[];
}

/** The overload that a deprecated form stands for: that whose arguments have the types of the call. */
function standsFor(form: DeprecatedForm, schema: Schema): boolean {
  const outputs = schema.arguments.filter(isOutput);
  if (form.out !== outputs.length > 0) return false;
  const inputs = schema.arguments.filter((argument) => !isOutput(argument));
  const wanted = form.out ? [...outputs, ...inputs] : inputs;
  return wanted.every((argument, i) => {
    const name = form.call[i];
    if (name === undefined) return argument.default !== undefined;
    const type = name === '1' ? 'Scalar' : form.schema.arguments.find((a) => a.name === name)?.type;
    return type === argument.type;
  });
}

/** The signatures of one operator's overloads as functions or as methods, in the order in which Python tries them. */
export function pythonSignatures(
  schemas: readonly { readonly schema: Schema; readonly category: string | undefined }[],
  deprecations: readonly DeprecatedForm[],
  isMethod: boolean,
): PythonSignature[] {
  const forms = schemas.map(({ schema, category }) => formOf(schema, isMethod, category, undefined));
  for (const form of deprecations) {
    const target = schemas.find(({ schema }) => schema.op === form.op && standsFor(form, schema));
    if (target === undefined) continue;
    const shape = formOf(
      form.schema,
      isMethod,
      target.category,
      form.schema.arguments.map(({ name }) => name),
    );
    forms.push({ ...shape, schema: target.schema });
  }
  const text = (form: Form): string => spellForm(form, isMethod);
  const bases = forms.filter(({ outputs }) => outputs.length === 0);
  const outs = new Map(forms.filter(({ outputs }) => outputs.length > 0).map((form) => [text(form), form]));
  // With `out` the parameter is part of the text that is sorted by.
  const fullText = (form: Form): string => {
    const out = outs.get(text(form));
    if (out === undefined) return text(form);
    const [only] = out.outputs;
    const parameter: PythonParameter =
      out.outputs.length === 1
        ? {
            name: (only as SchemaArgument).name,
            type: (only as SchemaArgument).type,
            default: 'None',
            kwargOnly: true,
          }
        : { name: 'out', type: `Tensor[${out.outputs.length}]`, default: 'None', kwargOnly: true };
    return spellForm({ ...form, inputs: [...form.inputs, parameter] }, isMethod);
  };
  const order = sorted(bases, fullText);
  const inParserOrder = [
    ...order.filter(({ deprecated }) => deprecated === undefined),
    ...order.filter(({ deprecated }) => deprecated !== undefined),
  ];
  return inParserOrder.map((form) => {
    const out = outs.get(text(form));
    const names =
      out === undefined
        ? []
        : [
            {
              name: out.outputs.length === 1 ? (out.outputs[0] as SchemaArgument).name : 'out',
              type:
                out.outputs.length === 1
                  ? (out.outputs[0] as SchemaArgument).type
                  : `Tensor[${out.outputs.length}]`,
              default: 'None',
              kwargOnly: true,
            },
          ];
    return {
      base: form.schema,
      out: out?.schema,
      deprecated: form.deprecated?.filter((name) => !(isMethod && name === 'self')),
      parameters: [...form.inputs, ...names, ...form.options],
      isFactory: form.options.length > 0,
    };
  });
}
