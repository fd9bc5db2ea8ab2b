/** Whether the options of a new tensor agree with the tensor that is written to instead. */
import { dtypeOf } from '../dtype.js';
import { TorchError } from '../errors.js';
import { native } from '../native.js';
import type { Tensor } from '../tensor.js';

/** The C++ names, which libtorch's messages have. */
const cppNames: Readonly<Record<string, string>> = {
  uint8: 'Byte',
  int8: 'Char',
  int16: 'Short',
  int32: 'Int',
  int64: 'Long',
  float16: 'Half',
  float32: 'Float',
  float64: 'Double',
  complex32: 'ComplexHalf',
  complex64: 'ComplexFloat',
  complex128: 'ComplexDouble',
  bool: 'Bool',
  bfloat16: 'BFloat16',
};
const cppName = (code: number): string => cppNames[dtypeOf(code).name] ?? dtypeOf(code).name;

/**
 * Python compares the dtype, layout and device of a new tensor with `out`, where both are given.
 * @throws TorchError where they differ.
 */
export function checkOut(out: Tensor, name: string, value: unknown): void {
  const refuse = (what: string, wanted: string, found: string): never => {
    throw new TorchError(`${what} ${wanted} does not match ${what} of out parameter (${found})`);
  };
  if (name === 'dtype' && native.dtype(out.handle) !== value)
    refuse('dtype', cppName(value as number), cppName(native.dtype(out.handle)));
  if (name === 'device' && out.device.code >> 10 !== (value as number) >> 10)
    refuse('device type', String((value as number) >> 10), out.device.type);
  if (name === 'layout' && native.layout(out.handle) !== value)
    refuse('layout', String(value), out.layout.name);
}
