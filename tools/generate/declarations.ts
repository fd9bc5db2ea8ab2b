/** Which operators are public, where, and with which overloads: native_functions.yaml joined with the registry. */
import type { Native, NativeSchema } from '../../lib/native.js';

/** A module of functions: its file, and the prefix that its operators have and its names have not. */
export interface FunctionModule {
  readonly name: string;
  readonly file: string;
  readonly pythonModule: string | undefined;
  readonly prefix: string;
  /** PyTorch's documentation page of a function. */
  page(name: string): string;
}

const pages = 'https://docs.pytorch.org/docs/stable/generated/';

export const functionModules: readonly FunctionModule[] = [
  {
    name: 'torch',
    file: 'functions',
    pythonModule: undefined,
    prefix: '',
    page: (name) => `${pages}torch.${name}.html`,
  },
  {
    name: 'linalg',
    file: 'linalg',
    pythonModule: 'linalg',
    prefix: 'linalg_',
    page: (name) => `${pages}torch.linalg.${name}.html`,
  },
  {
    name: 'fft',
    file: 'fft',
    pythonModule: 'fft',
    prefix: 'fft_',
    page: (name) => `${pages}torch.fft.${name}.html`,
  },
  {
    name: 'special',
    file: 'special',
    pythonModule: 'special',
    prefix: 'special_',
    page: (name) => `https://docs.pytorch.org/docs/stable/special.html#torch.special.${name}`,
  },
  {
    name: 'nn',
    file: 'nnFunctions',
    pythonModule: 'nn',
    prefix: '',
    page: (name) => `${pages}torch.nn.functional.${name}.html`,
  },
];

export interface Overload {
  readonly schema: NativeSchema;
  readonly isFunction: boolean;
  readonly isMethod: boolean;
}

export interface Declaration {
  /** The operator, such as `add`. */
  readonly op: string;
  /** As it is called in JavaScript, without a module's prefix. */
  readonly name: string;
  /** As it is called in Python. */
  readonly pythonName: string;
  readonly pythonModule: string | undefined;
  readonly overloads: Overload[];
}

interface Entry {
  func: string;
  variants?: string;
  python_module?: string;
}

// What PyTorch's Python front end does not show either, or writes by hand.
const hidden = [
  /^_/,
  /_(backward|backward_data|double_backward|forward)(\.|$)/,
  /_copy$/,
  /^(alias|size|stride|numel|is_leaf|output_nr|requires_grad_|retain_grad|retains_grad|set_data|data|item|to|rename_?)$/,
  /^(sym_|quantized_|fbgemm_|mkldnn_|cudnn_|miopen_|sparse_(coo|csr|csc|bsr|bsc|compressed)_tensor_)/,
];

const isHidden = (op: string): boolean => hidden.some((pattern) => pattern.test(op));

/** Types that JavaScript has no value for; an overload that needs one is left to `torch.ops`. */
function callable(schema: NativeSchema): boolean {
  return schema.arguments.every(({ type }) => !/Dimname|Storage|Stream|__torch__|Any|QScheme/.test(type));
}

export function readDeclarations(
  yaml: unknown,
  native: Native,
  camelCase: (name: string) => string,
): Declaration[] {
  const declarations = new Map<string, Declaration>();
  for (const { func, variants = 'function', python_module: pythonModule } of yaml as Entry[]) {
    const full = func.slice(0, func.indexOf('('));
    const dot = full.indexOf('.');
    const op = dot < 0 ? full : full.slice(0, dot);
    if (isHidden(op)) continue;
    const schema = native.operatorSchema(`aten::${op}`, dot < 0 ? '' : full.slice(dot + 1));
    if (schema === null || !callable(schema)) continue;
    let declaration = declarations.get(op);
    if (declaration === undefined) {
      const prefix = functionModules.find((module) => module.pythonModule === pythonModule)?.prefix ?? '';
      const pythonName = op.startsWith(prefix) ? op.slice(prefix.length) : op;
      declaration = { op, name: camelCase(pythonName), pythonName, pythonModule, overloads: [] };
      declarations.set(op, declaration);
    }
    declaration.overloads.push({
      schema,
      isFunction: variants.includes('function'),
      isMethod: variants.includes('method'),
    });
  }
  return [...declarations.values()].sort((a, b) => (a.op < b.op ? -1 : a.op > b.op ? 1 : 0));
}
