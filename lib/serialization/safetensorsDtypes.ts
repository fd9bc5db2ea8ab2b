/** The dtypes of the safetensors format, in the order in which the format ranks them. */

import type { DType } from '../dtype.js';
import * as dtypes from '../dtype.js';

/** Name in the file and in PyTorch; the larger alignment comes later, and is written first. */
const NAMES: ReadonlyArray<readonly [format: string, torch: string]> = [
  ['BOOL', 'bool'],
  ['U8', 'uint8'],
  ['I8', 'int8'],
  ['F8_E5M2', 'float8_e5m2'],
  ['F8_E4M3', 'float8_e4m3fn'],
  ['F8_E8M0', 'float8_e8m0fnu'],
  ['F8_E4M3FNUZ', 'float8_e4m3fnuz'],
  ['F8_E5M2FNUZ', 'float8_e5m2fnuz'],
  ['I16', 'int16'],
  ['U16', 'uint16'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I32', 'int32'],
  ['U32', 'uint32'],
  ['F32', 'float32'],
  ['C64', 'complex64'],
  ['F64', 'float64'],
  ['I64', 'int64'],
  ['U64', 'uint64'],
];

const available = new Map<string, DType>();
for (const value of Object.values(dtypes as Record<string, unknown>)) {
  if (value instanceof dtypes.DType) available.set(value.name, value);
}

/** A dtype of the format. */
export interface FormatDtype {
  /** `F32`, ... */
  name: string;
  /** Tensors of a higher rank are written first, so that all are aligned. */
  rank: number;
  dtype: DType;
}

const formats: FormatDtype[] = NAMES.flatMap(([name, torch], rank) => {
  const dtype = available.get(torch);
  return dtype === undefined ? [] : [{ name, rank, dtype }];
});
const byName = new Map(formats.map((format) => [format.name, format]));
const byDtype = new Map(formats.map((format) => [format.dtype.name, format]));

/** The dtype that a file names, if there is one. */
export function formatDtype(name: string): FormatDtype | undefined {
  return byName.get(name);
}

/** How the format names a dtype, if it has it. */
export function formatOf(dtype: DType): FormatDtype | undefined {
  return byDtype.get(dtype.name);
}
