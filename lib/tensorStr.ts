/**
 * Tensors as text, character for character as Python's `repr(tensor)`.
 *
 * Source page: https://docs.pytorch.org/docs/2.13/generated/torch.set_printoptions.html
 */
import { noGrad } from './autograd/modes.js';
import { bool, complex64, complex128, type DType, float64, getDefaultDtype, int64 } from './dtype.js';
import { tidy } from './memory.js';
import { ops } from './ops.js';
import { getPrintoptions, type PrintOptions } from './printOptions.js';
import type { Tensor } from './tensor.js';
import { elementsToString } from './tensorStr/elements.js';
import { quantizationSuffixes } from './tensorStr/quantized.js';
import { addSuffixes, tupleToString } from './tensorStr/suffixes.js';

/** The column that elements start at, after `tensor(`. */
const INDENT = 'tensor('.length;

/** The two index tensors of each compressed sparse layout: both their operators and their labels. */
const COMPRESSED_INDICES: Readonly<Record<string, readonly string[]>> = {
  sparse_csr: ['crow_indices', 'col_indices'],
  sparse_csc: ['ccol_indices', 'row_indices'],
  sparse_bsr: ['crow_indices', 'col_indices'],
  sparse_bsc: ['ccol_indices', 'row_indices'],
};

/** What stands between `tensor(` and `)`, apart from what every kind of tensor has. */
interface Description {
  readonly contents: string;
  readonly suffixes: readonly string[];
}

/**
 * A tensor as Python's `repr()` gives it: its elements, and what is not the default about it (`dtype=`, `device=`,
 * `requires_grad=True`, `grad_fn=<AddBackward0>`, ...). Follows `setPrintoptions`.
 *
 * Of a tensor with more elements than the threshold only the edges are read, wherever it lies.
 *
 * @throws Error if the tensor has been disposed.
 */
export function tensorToString(tensor: Tensor): string {
  return tidy(() => noGrad(() => write(tensor, getPrintoptions())));
}

function write(tensor: Tensor, options: PrintOptions): string {
  const { device, layout } = tensor;
  const nested = isNested(tensor);
  const prefix = nested ? 'nested_tensor(' : 'tensor(';
  const { contents, suffixes } = nested ? describeNested(tensor, options) : describe(tensor, options);
  const all = [
    ...(device.type === 'cpu' ? [] : [`device='${device}'`]),
    ...suffixes,
    ...(layout.name === 'strided' ? [] : [`layout=${layout}`]),
    ...autogradSuffixes(tensor),
  ];
  return addSuffixes(prefix + contents, all, {
    indent: prefix.length,
    linewidth: options.linewidth,
    forceNewline: layout.name === 'sparse_coo',
  });
}

/** Tensors of several shapes in one: the only kind that has no shape. */
function isNested(tensor: Tensor): boolean {
  try {
    tensor.size();
    return false;
  } catch {
    return true;
  }
}

function describeNested(tensor: Tensor, options: PrintOptions): Description {
  const tensors = ops.aten.unbind(tensor, 0) as Tensor[];
  const texts = tensors.map((part) => write(part, options).replace(/^/gm, '  '));
  return { contents: `[\n${texts.join(',\n')}\n]`, suffixes: [] };
}

function describe(tensor: Tensor, options: PrintOptions): Description {
  if (tensor.layout.name.startsWith('sparse')) return describeSparse(tensor, options);
  const { dtype } = tensor;
  const size = `size=${tupleToString(tensor.shape)}`;
  const whenNotDefault = dtype === getDefaultDtype() ? [] : [`dtype=${dtype}`];
  if (dtype.name.startsWith('q')) {
    const contents = elementsToString(ops.aten.dequantize(tensor), INDENT, options);
    return { contents, suffixes: [size, ...whenNotDefault, ...quantizationSuffixes(tensor)] };
  }
  if (tensor.isMeta) return { contents: '...', suffixes: [size, ...whenNotDefault] };
  if (tensor.numel() === 0) {
    // Without elements nothing else tells shape and dtype.
    return { contents: '[]', suffixes: [...(tensor.ndim === 1 ? [] : [size]), ...whenNotDefault] };
  }
  return {
    contents: elementsToString(toPlain(tensor), INDENT, options),
    suffixes: [...(options.edgeitems === 0 ? [size] : []), ...dtypeSuffixes(dtype)],
  };
}

function describeSparse(tensor: Tensor, options: PrintOptions): Description {
  const { aten } = ops;
  const indices = COMPRESSED_INDICES[tensor.layout.name];
  const parts =
    indices === undefined
      ? { indices: aten._indices(tensor), values: aten._values(tensor) }
      : {
          ...Object.fromEntries(indices.map((name) => [name, aten[name](tensor)])),
          values: aten.values(tensor),
        };
  const texts = Object.entries(parts).map(([label, part]) => writePart(label, part as Tensor, options));
  return {
    contents: texts.join(`,\n${' '.repeat(INDENT)}`),
    suffixes: [
      `size=${tupleToString(tensor.shape)}`,
      ...(tensor.isMeta ? [] : [`nnz=${aten._nnz(tensor)}`]),
      ...dtypeSuffixes(tensor.dtype),
    ],
  };
}

/** Indices or values of a sparse tensor: `values=tensor([1., 2.])`. */
function writePart(label: string, part: Tensor, options: PrintOptions): string {
  const prefix = `${label}=tensor(`;
  const contents = part.isMeta ? '...' : elementsToString(part.detach(), INDENT + prefix.length, options);
  const size = part.isMeta || part.numel() === 0 ? `, size=${tupleToString(part.shape)}` : '';
  return `${prefix}${contents}${size})`;
}

/** A tensor whose elements lie in memory with strides, without its graph. */
function toPlain(tensor: Tensor): Tensor {
  const { aten } = ops;
  const detached = tensor.detach();
  if (detached.layout.name !== 'strided') return aten.to_dense(detached);
  // Zeros that have no memory at all.
  return aten._is_zerotensor(detached) ? aten.clone(detached) : detached;
}

/** Shown, unless the elements tell the dtype by the way that they are written. */
function dtypeSuffixes(dtype: DType): string[] {
  const defaultDtype = getDefaultDtype();
  const defaultComplex = defaultDtype === float64 ? complex128 : complex64;
  return [defaultDtype, defaultComplex, int64, bool].includes(dtype) ? [] : [`dtype=${dtype}`];
}

function autogradSuffixes(tensor: Tensor): string[] {
  let name: string | undefined;
  try {
    name = tensor.gradFn?.name;
  } catch {
    // A view made without grad mode and then changed in place: its history cannot be rebuilt.
    name = 'Invalid';
  }
  if (name !== undefined) return [`grad_fn=<${name}>`];
  return tensor.requiresGrad ? ['requires_grad=True'] : [];
}
