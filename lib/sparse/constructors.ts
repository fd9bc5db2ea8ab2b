/** Sparse tensors from their indices and values. See https://docs.pytorch.org/docs/2.13/sparse.html#construction-of-sparse-coo-tensors */
import { type TensorData, tensor } from '../creation.js';
import { defaultDevice } from '../defaultDevice.js';
import { type Device, type DeviceLike, device } from '../device.js';
import { DType, int64 } from '../dtype.js';
import { Layout, sparseBsc, sparseBsr, sparseCoo, sparseCsc, sparseCsr } from '../layout.js';
import { tidy } from '../memory.js';
import type { Int } from '../ops/types.js';
import { ops } from '../ops.js';
import { checkOptions, isPlainObject } from '../options.js';
import { Tensor } from '../tensor.js';

/** Options of all sparse constructors. */
export interface SparseTensorOptions {
  /** Default: that of the values, or found from them as `torch.tensor` does. */
  dtype?: DType | null;
  /** Default: that of the values, where they are a tensor, else the default device. */
  device?: DeviceLike | null;
  /** Whether autograd records operators on it. Default: `false`. */
  requiresGrad?: boolean;
  /**
   * Whether the indices are checked. They always are here, whatever is given: an index out of range would write to
   * memory that is not the tensor's.
   */
  checkInvariants?: boolean | null;
}

/** Options of {@link sparseCooTensor}. */
export interface SparseCooOptions extends SparseTensorOptions {
  /** Whether the indices are known to be sorted and without duplicates. Default: not known. */
  isCoalesced?: boolean | null;
}

/** Options of {@link sparseCompressedTensor}. */
export interface SparseCompressedOptions extends SparseTensorOptions {
  /** `sparseCsr`, `sparseCsc`, `sparseBsr` or `sparseBsc`. */
  layout: Layout;
}

const commonOptions = ['dtype', 'device', 'layout', 'requiresGrad', 'checkInvariants', 'size'];
const booleans = ['requiresGrad', 'checkInvariants', 'isCoalesced'];

interface Parsed {
  /** Arguments by position, without those left out at the end. */
  readonly positional: readonly unknown[];
  readonly size: readonly Int[] | undefined;
  readonly dtype: DType | undefined;
  readonly device: Device | undefined;
  readonly layout: Layout | undefined;
  readonly requiresGrad: boolean;
  readonly isCoalesced: boolean | undefined;
}

function isSizes(value: unknown): value is readonly Int[] {
  return (
    Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) || typeof size === 'bigint')
  );
}

function parse(
  name: string,
  args: readonly unknown[],
  sizeAt: number,
  extra: readonly string[] = [],
): Parsed {
  const last = args.at(-1);
  const options: Record<string, unknown> = isPlainObject(last) ? last : {};
  const given = isPlainObject(last) ? args.slice(0, -1) : args;
  const positional = [...given];
  while (positional.length > 0 && positional.at(-1) === undefined) positional.pop();
  if (positional.length > sizeAt + 1) {
    throw new TypeError(
      `${name}(): takes at most ${sizeAt + 1} positional arguments, but ${positional.length} were given`,
    );
  }
  checkOptions(name, options, [...commonOptions, ...extra], booleans);
  if (options.isCoalesced !== undefined && !extra.includes('isCoalesced'))
    throw new TypeError(`${name}(): got an unexpected option 'isCoalesced'`);
  const { dtype, device: where, layout } = options;
  if (dtype !== undefined && dtype !== null && !(dtype instanceof DType))
    throw new TypeError(`${name}(): argument 'dtype' must be a dtype, not ${typeof dtype}`);
  if (layout !== undefined && layout !== null && !(layout instanceof Layout))
    throw new TypeError(`${name}(): argument 'layout' must be a layout, not ${typeof layout}`);
  const size = positional[sizeAt] ?? options.size ?? undefined;
  if (size !== undefined && !isSizes(size))
    throw new TypeError(`${name}(): argument 'size' must be a list of ints`);
  return {
    positional: positional.slice(0, sizeAt),
    size,
    dtype: dtype ?? undefined,
    device: where === undefined || where === null ? undefined : device(where as DeviceLike),
    layout: layout ?? undefined,
    requiresGrad: options.requiresGrad === true,
    isCoalesced: (options.isCoalesced ?? undefined) as boolean | undefined,
  };
}

/** Data as a tensor: one that is given keeps its graph, and its dtype and device where no others are asked for. */
function toTensor(
  name: string,
  argument: string,
  data: unknown,
  dtype: DType | undefined,
  where: Device | undefined,
): Tensor {
  if (data === undefined || data === null)
    throw new TypeError(`${name}(): argument '${argument}' is missing`);
  if (data instanceof Tensor) return data.to({ dtype: dtype ?? data.dtype, device: where ?? data.device });
  return tensor(data as TensorData, {
    ...(dtype && { dtype }),
    ...(where && { device: where }),
  });
}

function finish(result: Tensor, requiresGrad: boolean): Tensor {
  if (requiresGrad) result.requiresGrad = true;
  return result;
}

/**
 * A sparse tensor in coordinate format: `values[i]` stands at the position that column `i` of `indices` gives. Values
 * at one position add up.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.sparse_coo_tensor.html
 *
 * @param indices Integers of shape (sparse dimensions, nnz): a tensor, or nested arrays.
 * @param values Of shape (nnz, ...dense dimensions): a tensor, or nested arrays.
 * @param size The shape. Default: the least into which the indices fit.
 * @param options See {@link SparseCooOptions}.
 * @throws TorchError where an index does not fit, TypeError for arguments of wrong types.
 */
export function sparseCooTensor(size: readonly Int[], options?: SparseCooOptions): Tensor;
export function sparseCooTensor(indices: TensorData, values: TensorData, options?: SparseCooOptions): Tensor;
export function sparseCooTensor(
  indices: TensorData,
  values: TensorData,
  size: readonly Int[] | null | undefined,
  options?: SparseCooOptions,
): Tensor;
export function sparseCooTensor(...args: unknown[]): Tensor {
  const name = 'sparseCooTensor';
  const parsed = parse(name, args, 2, ['isCoalesced']);
  const { positional, layout, isCoalesced, requiresGrad } = parsed;
  if (layout !== undefined && layout !== sparseCoo) {
    throw new TypeError(`${name}(): the layout of a COO tensor is ${sparseCoo}, not ${layout}`);
  }
  const { aten } = ops;
  if (positional.length < 2) {
    const size = positional.length === 1 ? positional[0] : parsed.size;
    if (!isSizes(size)) {
      throw new TypeError(`${name}(): expected a size, or indices and values, not ${describe(size)}`);
    }
    const { dtype } = parsed;
    const where = parsed.device ?? defaultDevice.device;
    const result = aten.sparse_coo_tensor.size(size, { dtype, device: where, layout: sparseCoo }) as Tensor;
    return finish(result, requiresGrad);
  }
  return tidy(() => {
    const where = parsed.device ?? (isTensors(positional) ? undefined : defaultDevice.device);
    const values = toTensor(name, 'values', positional[1], parsed.dtype, where);
    const indices = toTensor(name, 'indices', positional[0], int64, parsed.device ?? values.device);
    const options = {
      dtype: values.dtype,
      device: values.device,
      layout: sparseCoo,
      is_coalesced: isCoalesced,
    };
    const result = (
      parsed.size === undefined
        ? aten.sparse_coo_tensor.indices(indices, values, options)
        : aten.sparse_coo_tensor.indices_size(indices, values, parsed.size, options)
    ) as Tensor;
    return finish(result, requiresGrad);
  });
}

const describe = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;

const isTensors = (values: readonly unknown[]): boolean => values.every((value) => value instanceof Tensor);

interface Compressed {
  readonly name: string;
  readonly operator: string;
  readonly overloads: readonly [withSize: string, withoutSize: string];
  readonly indices: readonly [string, string];
}

function compressed(kind: Compressed, layout: Layout, parsed: Parsed): Tensor {
  const { name, operator, overloads } = kind;
  const { positional, size, requiresGrad } = parsed;
  if (positional.length < 3) {
    throw new TypeError(
      `${name}(): expected ${kind.indices[0]}, ${kind.indices[1]} and values, but got ${positional.length} arguments`,
    );
  }
  return tidy(() => {
    const where = parsed.device ?? (isTensors(positional) ? undefined : defaultDevice.device);
    const values = toTensor(name, 'values', positional[2], parsed.dtype, where);
    // A tensor keeps its dtype, int32 or int64; JavaScript's numbers are int64, as Python's integers.
    const toIndices = (data: unknown, argument: string): Tensor =>
      toTensor(
        name,
        argument,
        data,
        data instanceof Tensor ? undefined : int64,
        parsed.device ?? values.device,
      );
    const first = toIndices(positional[0], kind.indices[0]);
    const second = toIndices(positional[1], kind.indices[1]);
    const options = { dtype: values.dtype, device: values.device, layout };
    const packet = ops.aten[operator] as Record<string, (...args: unknown[]) => unknown>;
    const result = (
      size === undefined
        ? packet[overloads[1]]?.(first, second, values, options)
        : packet[overloads[0]]?.(first, second, values, size, options)
    ) as Tensor;
    return finish(result, requiresGrad);
  });
}

const rows = {
  overloads: ['crow_col_value_size', 'crow_col_value'],
  indices: ['crowIndices', 'colIndices'],
} as const;
const columns = {
  overloads: ['ccol_row_value_size', 'ccol_row_value'],
  indices: ['ccolIndices', 'rowIndices'],
} as const;

function fixedLayout(name: string, parsed: Parsed, layout: Layout): Layout {
  if (parsed.layout !== undefined && parsed.layout !== layout)
    throw new TypeError(`${name}(): the layout is ${layout}, not ${parsed.layout}`);
  return layout;
}

/** The forms of the constructors of compressed tensors: by position, or named in the options. */
export interface CompressedConstructor {
  (
    compressedIndices: TensorData,
    plainIndices: TensorData,
    values: TensorData,
    options?: SparseTensorOptions,
  ): Tensor;
  (
    compressedIndices: TensorData,
    plainIndices: TensorData,
    values: TensorData,
    size: readonly Int[] | null | undefined,
    options?: SparseTensorOptions,
  ): Tensor;
}

function constructorOf(
  name: string,
  operator: string,
  axes: typeof rows | typeof columns,
  layout: Layout,
): CompressedConstructor {
  const kind: Compressed = { name, operator, ...axes };
  const make = (...args: unknown[]): Tensor => {
    const parsed = parse(name, args, 3);
    return compressed(kind, fixedLayout(name, parsed, layout), parsed);
  };
  return Object.defineProperty(make, 'name', { value: name });
}

/**
 * A sparse tensor in compressed row format, from `crowIndices` (where each row begins among the values, and their
 * number), `colIndices` and `values`; the `size` is found from these where it is not given.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.sparse_csr_tensor.html
 * @throws TorchError where an index does not fit, TypeError for arguments of wrong types.
 */
export const sparseCsrTensor: CompressedConstructor = constructorOf(
  'sparseCsrTensor',
  'sparse_csr_tensor',
  rows,
  sparseCsr,
);

/**
 * A sparse tensor in compressed column format, from `ccolIndices`, `rowIndices` and `values`.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.sparse_csc_tensor.html
 * @throws TorchError where an index does not fit, TypeError for arguments of wrong types.
 */
export const sparseCscTensor: CompressedConstructor = constructorOf(
  'sparseCscTensor',
  'sparse_csc_tensor',
  columns,
  sparseCsc,
);

/**
 * A sparse tensor of dense blocks in compressed row format, from `crowIndices`, `colIndices` and `values` of shape
 * (blocks, ...block).
 * See https://docs.pytorch.org/docs/2.13/generated/torch.sparse_bsr_tensor.html
 * @throws TorchError where an index does not fit, TypeError for arguments of wrong types.
 */
export const sparseBsrTensor: CompressedConstructor = constructorOf(
  'sparseBsrTensor',
  'sparse_bsr_tensor',
  rows,
  sparseBsr,
);

/**
 * A sparse tensor of dense blocks in compressed column format, from `ccolIndices`, `rowIndices` and `values` of shape
 * (blocks, ...block).
 * See https://docs.pytorch.org/docs/2.13/generated/torch.sparse_bsc_tensor.html
 * @throws TorchError where an index does not fit, TypeError for arguments of wrong types.
 */
export const sparseBscTensor: CompressedConstructor = constructorOf(
  'sparseBscTensor',
  'sparse_bsc_tensor',
  columns,
  sparseBsc,
);

/**
 * A sparse tensor in any of the compressed formats, which `layout` names.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.sparse_compressed_tensor.html
 *
 * @param compressedIndices Where each row or column begins among the values, and their number.
 * @param plainIndices The columns or rows of the values.
 * @param size The shape. Default: the least into which the indices fit.
 * @throws TypeError where the layout is missing, TorchError where it is not a compressed one or an index does not fit.
 */
export function sparseCompressedTensor(
  compressedIndices: TensorData,
  plainIndices: TensorData,
  values: TensorData,
  options: SparseCompressedOptions,
): Tensor;
export function sparseCompressedTensor(
  compressedIndices: TensorData,
  plainIndices: TensorData,
  values: TensorData,
  size: readonly Int[] | null | undefined,
  options: SparseCompressedOptions,
): Tensor;
export function sparseCompressedTensor(...args: unknown[]): Tensor {
  const name = 'sparseCompressedTensor';
  const parsed = parse(name, args, 3);
  if (parsed.layout === undefined) throw new TypeError(`${name}(): argument 'layout' is missing`);
  return compressed(
    {
      name,
      operator: 'sparse_compressed_tensor',
      overloads: ['comp_plain_value_size', 'comp_plain_value'],
      indices: ['compressedIndices', 'plainIndices'],
    },
    parsed.layout,
    parsed,
  );
}
