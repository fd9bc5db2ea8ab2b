/**
 * Which operators are public, where, and with which signatures: native_functions.yaml and deprecated.yaml joined with
 * the registry, by the rules of PyTorch's own generator.
 */
import type { Native, NativeSchema } from '../../lib/native.js';
import { type DeprecatedForm, type PythonSignature, pythonSignatures } from './pythonSignature.js';
import { parseSchema, type Schema } from './schema.js';

/** A module of functions: its file, and the prefix that its operators have and its names have not. */
export interface FunctionModule {
  readonly name: string;
  readonly file: string;
  readonly pythonModule: string | undefined;
  readonly prefix: string;
  /** PyTorch's documentation page of a function. */
  page(name: string): string;
}

const docs = 'https://docs.pytorch.org/docs/2.13/';
const page =
  (prefix: string): ((name: string) => string) =>
  (name) =>
    `${docs}generated/${prefix}.${name}.html`;

export const methodPage = page('torch.Tensor');

export const functionModules: readonly FunctionModule[] = [
  { name: 'torch', file: 'functions', pythonModule: undefined, prefix: '', page: page('torch') },
  { name: 'linalg', file: 'linalg', pythonModule: 'linalg', prefix: 'linalg_', page: page('torch.linalg') },
  { name: 'fft', file: 'fft', pythonModule: 'fft', prefix: 'fft_', page: page('torch.fft') },
  {
    name: 'special',
    file: 'special',
    pythonModule: 'special',
    prefix: 'special_',
    page: (name) => `${docs}special.html#torch.special.${name}`,
  },
  { name: 'nn', file: 'nnFunctions', pythonModule: 'nn', prefix: '', page: page('torch.nn.functional') },
];

export interface Overload {
  readonly signature: PythonSignature;
  readonly base: NativeSchema;
  readonly out: NativeSchema | undefined;
}

export interface Declaration {
  /** The operator, such as `add`. */
  readonly op: string;
  /** As it is called in JavaScript, without a module's prefix. */
  readonly name: string;
  /** As it is called in Python. */
  readonly pythonName: string;
  readonly pythonModule: string | undefined;
  /** As a function and as a method, in the order in which Python tries them; deprecated ones last. */
  readonly functions: Overload[];
  readonly methods: Overload[];
}

interface Entry {
  func: string;
  variants?: string;
  python_module?: string;
  category_override?: string;
  tags?: string | string[];
  autogen?: string;
}

// What torchgen leaves out because PyTorch writes it by hand or does not show it; matched with `_out` where the
// overload writes to `out`.
const skipped = new RegExp(
  `^(${[
    'alias|contiguous|dim|get_device|is_contiguous|is_cuda|is_sparse|is_sparse_csr|numel|size|storage_offset|stride',
    'sym_is_contiguous|sym_size|sym_stride|sym_storage_offset|sym_numel',
    '.*_backward|.*_backward_(out|input|weight|bias)|.*_forward|.*_forward_out|.*_jvp',
    'tensor|_?sparse_(coo|compressed|csr|csc|bsr|bsc)_tensor.*|index|index_out|unique_dim_consecutive|range.*',
    'slice|item|to|copy_sparse_to_sparse_|copy_|numpy_T|matrix_H|mT|mH|nonzero(_(out|numpy))?|set_data',
    '.*_overrideable|data|is_leaf|output_nr|requires_grad_|retains_grad|set_',
    'fake_quantize_per_tensor_affine_cachemask|fake_quantize_per_channel_affine_cachemask|replace_|copy',
    'lift.*|normal_functional|nbytes|itemsize',
  ].join('|')})$`,
);
const skippedOverloads = new Set([
  // Python's `range` has one signature, with a default step.
  'range',
  'range.out_',
  ...['add', 'sub', 'mul', 'div'].flatMap((op) => [`${op}.Scalar`, `${op}_.Scalar`]),
]);

/**
 * What torchgen skips and PyTorch binds in C++ with the same parser; here the generator makes these too, so that the
 * parser's rules hold for them. Those that need more are written by hand in lib/.
 */
const boundInCpp = new Set([
  'contiguous',
  'copy_',
  'get_device',
  'is_contiguous',
  'is_sparse_csr',
  'nonzero',
  'nonzero_out',
  'range',
  'range_out',
  'set_',
  // What `x[1:3]` is in Python; a method here only.
  'slice',
]);

const isOutput = (schema: Schema): boolean =>
  schema.arguments.some((argument) => argument.kwargOnly && argument.alias.endsWith('!'));

/** Private names that PyTorch's own database of operators has as functions. */
const shownThoughPrivate = new Set([
  '_chunk_cat',
  '_native_batch_norm_legit',
  '_unsafe_masked_index',
  '_unsafe_masked_index_put_accumulate',
]);

function isShown(schema: Schema): boolean {
  if (skippedOverloads.has(schema.name)) return false;
  // Other private operators are reached through `torch.ops`.
  if (schema.op.startsWith('_') && !shownThoughPrivate.has(schema.op)) return false;
  const name = `${schema.op}${isOutput(schema) ? '_out' : ''}`;
  return boundInCpp.has(name) || !skipped.test(name);
}

/** Types that JavaScript has no value for; an overload that needs one is left to `torch.ops`. */
function callable(schema: NativeSchema): boolean {
  return [...schema.arguments, ...schema.returns].every(
    ({ type }) => !/Dimname|Storage|Stream|__torch__|Any|QScheme/.test(type),
  );
}

function readDeprecations(yaml: unknown): DeprecatedForm[] {
  return (yaml as { name: string; aten: string }[]).map(({ name, aten }) => {
    const [, target = '', list = ''] = /^(\w+)\((.*)\)$/.exec(aten) ?? [];
    const out = target.endsWith('_out');
    return {
      schema: parseSchema(name),
      op: out ? target.slice(0, -4) : target,
      out,
      call: list.split(', '),
    };
  });
}

interface Candidate {
  schema: Schema;
  category: string | undefined;
  isFunction: boolean;
  isMethod: boolean;
}

export function readDeclarations(
  yaml: unknown,
  deprecatedYaml: unknown,
  native: Native,
  camelCase: (name: string) => string,
): Declaration[] {
  const lookUp = (op: string, overload: string): NativeSchema | null =>
    native.operatorSchema(`aten::${op}`, overload);
  const groups = new Map<string, { pythonModule: string | undefined; candidates: Candidate[] }>();
  const add = (entry: Entry, text: string): void => {
    const schema = parseSchema(text);
    if (!isShown(schema)) return;
    const registered = lookUp(schema.op, schema.overload);
    if (registered === null || !callable(registered)) return;
    let group = groups.get(schema.op);
    if (group === undefined) {
      group = { pythonModule: entry.python_module, candidates: [] };
      groups.set(schema.op, group);
    }
    const variants = entry.variants ?? 'function';
    group.candidates.push({
      schema,
      category: entry.category_override,
      isFunction: variants.includes('function') && schema.op !== 'slice',
      isMethod: variants.includes('method'),
    });
  };
  for (const entry of yaml as Entry[]) {
    add(entry, entry.func);
    // Forms with `out` that torchgen derives are shown for copies of views only.
    if (!String(entry.tags ?? '').includes('view_copy')) continue;
    for (const name of (entry.autogen ?? '').split(', ')) {
      const dot = name.indexOf('.');
      if (dot < 0) continue;
      const derived = lookUp(name.slice(0, dot), name.slice(dot + 1));
      if (derived !== null) add({ ...entry, variants: 'function' }, derived.text);
    }
  }
  const deprecations = readDeprecations(deprecatedYaml);
  const declarations: Declaration[] = [];
  for (const [op, { pythonModule, candidates }] of groups) {
    const overloads = (list: Candidate[], isMethod: boolean): Overload[] =>
      pythonSignatures(list, deprecations, isMethod).map((signature) => ({
        signature,
        base: lookUp(op, signature.base.overload) as NativeSchema,
        out: signature.out === undefined ? undefined : (lookUp(op, signature.out.overload) as NativeSchema),
      }));
    const prefix = functionModules.find((module) => module.pythonModule === pythonModule)?.prefix ?? '';
    const pythonName = op.startsWith(prefix) ? op.slice(prefix.length) : op;
    declarations.push({
      op,
      name: camelCase(pythonName),
      pythonName,
      pythonModule,
      functions: overloads(
        candidates.filter(({ isFunction }) => isFunction),
        false,
      ),
      // Operators of a module are no methods, whatever their variants.
      methods:
        pythonModule === undefined
          ? overloads(
              candidates.filter(({ isMethod }) => isMethod),
              true,
            )
          : [],
    });
  }
  return declarations.sort((a, b) => (a.op < b.op ? -1 : a.op > b.op ? 1 : 0));
}
