/** The names of the tensor types of old, such as `torch.FloatTensor`, which `Tensor.type` gives and takes. */
import type { Device } from '../device.js';
import type { DType } from '../dtype.js';
import * as dtypes from '../dtype.js';
import type { Tensor } from '../tensor.js';

/** Where the name differs from the dtype's own. */
const names: ReadonlyMap<DType, string> = new Map([
  [dtypes.uint8, 'Byte'],
  [dtypes.int8, 'Char'],
  [dtypes.int16, 'Short'],
  [dtypes.int32, 'Int'],
  [dtypes.int64, 'Long'],
  [dtypes.float16, 'Half'],
  [dtypes.float32, 'Float'],
  [dtypes.float64, 'Double'],
  [dtypes.complex32, 'ComplexHalf'],
  [dtypes.complex64, 'ComplexFloat'],
  [dtypes.complex128, 'ComplexDouble'],
  [dtypes.bfloat16, 'BFloat16'],
]);

function elementName(dtype: DType): string {
  const { name } = dtype;
  return (
    names.get(dtype) ??
    name.replace(/^(q?u?)(.)/, (_, marks: string, first: string) => marks.toUpperCase() + first.toUpperCase())
  );
}

/** `torch.FloatTensor`, `torch.cuda.FloatTensor`, `torch.sparse.FloatTensor`, ... */
export function typeName(tensor: Tensor): string {
  const { dtype, device, layout } = tensor;
  const parts = ['torch'];
  if (dtype.name.startsWith('q')) parts.push('quantized');
  if (device.type !== 'cpu') parts.push(device.type);
  if (layout.name === 'sparse_coo') parts.push('sparse');
  else if (layout.name.startsWith('sparse')) parts.push('sparse_csr');
  return `${parts.join('.')}.${elementName(dtype)}Tensor`;
}

/** What a name of a type says: the dtype, and whether it is CUDA's. Undefined where it says nothing. */
export function parseTypeName(text: string): { dtype: DType; device: Device['type'] } | undefined {
  const match = /^torch\.(cuda\.)?(\w+)Tensor$/.exec(text);
  if (match === null) return undefined;
  const found = [...names].find(([, name]) => name === match[2]);
  const dtype = match[2] === 'Bool' ? dtypes.bool : found?.[0];
  return dtype && { dtype, device: match[1] === undefined ? 'cpu' : 'cuda' };
}
