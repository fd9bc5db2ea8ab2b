/** Data types of tensor elements. See https://docs.pytorch.org/docs/2.13/tensor_attributes.html#torch-dtype */
import { inspect } from 'node:util';
import { native } from './native.js';

type Kind = 'float' | 'complex' | 'signed' | 'unsigned' | 'bool' | 'quantized' | 'bits';

/** The type of a tensor's elements, such as `torch.float32`. There is one object for each. */
export class DType {
  constructor(
    /** The name without `torch.`, such as `float32`. */
    readonly name: string,
    /** libtorch's number for it. @internal */
    readonly code: number,
    /** Bytes an element takes. */
    readonly itemsize: number,
    private readonly kind: Kind,
  ) {
    if (complete)
      throw new TypeError('there is one DType for each type, such as torch.float32; no others can be made');
    byCode[code] = this;
  }

  get isFloatingPoint(): boolean {
    return this.kind === 'float';
  }

  get isComplex(): boolean {
    return this.kind === 'complex';
  }

  get isSigned(): boolean {
    if (this.kind === 'unsigned' || this.kind === 'bool' || this.kind === 'bits') return false;
    return this.name !== 'quint8' && this.name !== 'float8_e8m0fnu';
  }

  /** The complex dtype whose parts have this one: `torch.float32` gives `torch.complex64`. A complex dtype gives itself. */
  toComplex(): DType {
    if (this.kind === 'complex') return this;
    const complex = complexOf.get(this);
    if (complex === undefined) throw new TypeError(`toComplex(): ${this} has no complex counterpart`);
    return complex;
  }

  /** The dtype of the parts of a complex one: `torch.complex64` gives `torch.float32`. A real dtype gives itself. */
  toReal(): DType {
    for (const [real, complex] of complexOf) if (complex === this) return real;
    return this;
  }

  /** `torch.float32`, as Python prints it. */
  toString(): string {
    return `torch.${this.name}`;
  }

  /** @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}

const byCode: DType[] = [];
let complete = false;

export const uint8 = new DType('uint8', 0, 1, 'unsigned');
export const int8 = new DType('int8', 1, 1, 'signed');
export const int16 = new DType('int16', 2, 2, 'signed');
export const int32 = new DType('int32', 3, 4, 'signed');
export const int64 = new DType('int64', 4, 8, 'signed');
export const float16 = new DType('float16', 5, 2, 'float');
export const float32 = new DType('float32', 6, 4, 'float');
export const float64 = new DType('float64', 7, 8, 'float');
export const complex32 = new DType('complex32', 8, 4, 'complex');
export const complex64 = new DType('complex64', 9, 8, 'complex');
export const complex128 = new DType('complex128', 10, 16, 'complex');
export const bool = new DType('bool', 11, 1, 'bool');
export const qint8 = new DType('qint8', 12, 1, 'quantized');
export const quint8 = new DType('quint8', 13, 1, 'quantized');
export const qint32 = new DType('qint32', 14, 4, 'quantized');
export const bfloat16 = new DType('bfloat16', 15, 2, 'float');
export const quint4x2 = new DType('quint4x2', 16, 1, 'quantized');
export const quint2x4 = new DType('quint2x4', 17, 1, 'quantized');
export const bits1x8 = new DType('bits1x8', 18, 1, 'bits');
export const bits2x4 = new DType('bits2x4', 19, 1, 'bits');
export const bits4x2 = new DType('bits4x2', 20, 1, 'bits');
export const bits8 = new DType('bits8', 21, 1, 'bits');
export const bits16 = new DType('bits16', 22, 2, 'bits');
export const float8_e5m2 = new DType('float8_e5m2', 23, 1, 'float');
export const float8_e4m3fn = new DType('float8_e4m3fn', 24, 1, 'float');
export const float8_e5m2fnuz = new DType('float8_e5m2fnuz', 25, 1, 'float');
export const float8_e4m3fnuz = new DType('float8_e4m3fnuz', 26, 1, 'float');
export const uint16 = new DType('uint16', 27, 2, 'unsigned');
export const uint32 = new DType('uint32', 28, 4, 'unsigned');
export const uint64 = new DType('uint64', 29, 8, 'unsigned');
// Integers of less than a byte: names for what quantizers pack into bytes. Few operators know them.
export const uint1 = new DType('uint1', 30, 1, 'unsigned');
export const uint2 = new DType('uint2', 31, 1, 'unsigned');
export const uint3 = new DType('uint3', 32, 1, 'unsigned');
export const uint4 = new DType('uint4', 33, 1, 'unsigned');
export const uint5 = new DType('uint5', 34, 1, 'unsigned');
export const uint6 = new DType('uint6', 35, 1, 'unsigned');
export const uint7 = new DType('uint7', 36, 1, 'unsigned');
export const int1 = new DType('int1', 37, 1, 'signed');
export const int2 = new DType('int2', 38, 1, 'signed');
export const int3 = new DType('int3', 39, 1, 'signed');
export const int4 = new DType('int4', 40, 1, 'signed');
export const int5 = new DType('int5', 41, 1, 'signed');
export const int6 = new DType('int6', 42, 1, 'signed');
export const int7 = new DType('int7', 43, 1, 'signed');
export const float8_e8m0fnu = new DType('float8_e8m0fnu', 44, 1, 'float');
export const float4_e2m1fn_x2 = new DType('float4_e2m1fn_x2', 45, 1, 'float');

complete = true;

export const half = float16;
export const float = float32;
export const double = float64;
export const short = int16;
export const int = int32;
export const long = int64;
export const bit = uint1;
export const chalf = complex32;
export const cfloat = complex64;
export const cdouble = complex128;

const complexOf: ReadonlyMap<DType, DType> = new Map([
  [float16, complex32],
  [float32, complex64],
  [float64, complex128],
  // The way back from complex64 finds float32 first.
  [bfloat16, complex64],
]);

/** @internal */
export function dtypeOf(code: number): DType {
  const dtype = byCode[code];
  if (dtype === undefined) throw new TypeError(`libtorch's dtype number ${code} is not known`);
  return dtype;
}

/**
 * The dtype that `torch.tensor` gives to numbers, `float32` unless set.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.get_default_dtype.html
 */
export function getDefaultDtype(): DType {
  return dtypeOf(native.defaultDtype());
}

/**
 * Sets the default floating point dtype, for all threads of the process.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.set_default_dtype.html
 * @throws TypeError where `dtype` is not float16, bfloat16, float32 or float64.
 */
export function setDefaultDtype(dtype: DType): void {
  if (!(dtype instanceof DType)) throw new TypeError('setDefaultDtype(): expected a dtype');
  if (!dtype.isFloatingPoint) {
    throw new TypeError('only floating-point types are supported as the default type');
  }
  if (![float16, bfloat16, float32, float64].includes(dtype)) {
    throw new TypeError(`setDefaultDtype(): ${dtype} cannot be the default type`);
  }
  native.setDefaultDtype(dtype.code);
}
