/**
 * One parameter of an operator: which values it takes, and how they cross into the addon. The rules are those of
 * PyTorch's Python argument parser.
 */
import { types as utilTypes } from 'node:util';
import { Device, device } from '../device.js';
import { DType, dtypeOf } from '../dtype.js';
import { TorchError } from '../errors.js';
import { Generator } from '../generator.js';
import { Layout, MemoryFormat } from '../layout.js';
import { native } from '../native.js';
import { Tensor } from '../tensor.js';
import { describeValue } from './describe.js';
import { camelCase } from './names.js';
import { isComplexNumber, isScalar } from './scalar.js';

export { isComplexNumber } from './scalar.js';

const TENSOR = 0;
const SCALAR = 1;
const INT = 2;
const SYM_INT = 3;
const FLOAT = 4;
const BOOL = 5;
const STRING = 6;
const DTYPE = 7;
const LAYOUT = 8;
const MEMORY_FORMAT = 9;
const DEVICE = 10;
const GENERATOR = 11;
const INT_LIST = 12;
const FLOAT_LIST = 13;
const BOOL_LIST = 14;
const SCALAR_LIST = 15;
const TENSOR_LIST = 16;
const OTHER_LIST = 17;
const UNSUPPORTED = 18;

const scalarKinds: Readonly<Record<string, number>> = {
  Tensor: TENSOR,
  Scalar: SCALAR,
  number: SCALAR,
  complex: SCALAR,
  int: INT,
  SymInt: SYM_INT,
  DeviceIndex: INT,
  float: FLOAT,
  SymFloat: FLOAT,
  bool: BOOL,
  SymBool: BOOL,
  str: STRING,
  ScalarType: DTYPE,
  Layout: LAYOUT,
  MemoryFormat: MEMORY_FORMAT,
  Device: DEVICE,
  Generator: GENERATOR,
};
const listKinds: Readonly<Record<string, number>> = {
  int: INT_LIST,
  SymInt: INT_LIST,
  float: FLOAT_LIST,
  bool: BOOL_LIST,
  Scalar: SCALAR_LIST,
  number: SCALAR_LIST,
  Tensor: TENSOR_LIST,
  'Tensor?': TENSOR_LIST,
};
// What Python's messages call them, by kind.
const typeNames = [
  'Tensor',
  'Number',
  'int',
  'int',
  'float',
  'bool',
  'str',
  'torch.dtype',
  'torch.layout',
  'torch.memory_format',
  'torch.device',
  'torch.Generator',
  'tuple of ints',
  'tuple of floats',
  'tuple of bools',
  'tuple of Scalars',
  'tuple of Tensors',
];

/** What {@link Parameter.fit} gives for a value that does not fit; nothing that crosses into the addon is a symbol. */
export const MISMATCH: unique symbol = Symbol('mismatch');

export interface ParameterDescription {
  /** In Python's spelling. */
  readonly name: string;
  /** As the schema has it: `Tensor`, `int[]`, `Scalar?`. */
  readonly type: string;
  /** The length of a fixed-size list. */
  readonly size?: number | undefined;
  readonly kwargOnly: boolean;
  readonly hasDefault: boolean;
  /** A number may stand for a tensor, as Python's front end allows for basic arithmetic. */
  readonly takesNumbers?: boolean;
}

const isInteger = (value: unknown): boolean => Number.isInteger(value) || typeof value === 'bigint';
/** Typed arrays of numbers are lists too. */
const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (utilTypes.isTypedArray(value) && !utilTypes.isUint8ClampedArray(value));
const isIntegral = (dtype: DType): boolean =>
  !dtype.isFloatingPoint && !dtype.isComplex && !/^(q|bits)/.test(dtype.name);

/** An element without dimensions that autograd does not look at. */
const isNumberTensor = (tensor: Tensor): boolean =>
  !native.requiresGrad(tensor.handle) && native.shape(tensor.handle).length === 0;

/** What an object holds; undefined, which would stand for an argument that is not given, shows that it was forged. */
function held<T>(content: T, name: string): T {
  if (content === undefined || content === null)
    throw new TypeError(`argument '${name}' was not made by its class's constructor`);
  return content;
}

function handleOf(tensor: Tensor, name: string): number {
  const { handle } = tensor;
  if (typeof handle !== 'number')
    throw new TypeError(`argument '${name}' was not made by its class's constructor`);
  return handle;
}

/**
 * An integer for an index or a size; tensors of one integer count, as they do for Python's `__index__`. Python's parser
 * takes tensors of a boolean too, and then fails on an assertion of its own.
 */
function indexOf(value: unknown, tensors: boolean): number | bigint | undefined {
  if (Number.isInteger(value) || typeof value === 'bigint') return value as number | bigint;
  if (!tensors || !(value instanceof Tensor)) return undefined;
  const { handle } = value;
  const dtype = dtypeOf(native.dtype(handle));
  if (native.numel(handle) !== 1 || !isIntegral(dtype) || dtype.name === 'bool') return undefined;
  return native.item(handle) as number | bigint;
}

function deviceCode(value: unknown): number | typeof MISMATCH {
  if (typeof value === 'string' || value instanceof Device) return device(value).code;
  if (!isInteger(value)) return MISMATCH;
  // A number alone is an accelerator's index.
  if (Number(value) < 0) throw new TorchError('Device index must not be negative');
  if (native.cudaDeviceCount() === 0)
    throw new TorchError('Cannot access accelerator device when none is available.');
  return new Device('cuda', Number(value)).code;
}

/**
 * What is wrong with an element of a list that Python's parser takes before it looks at its elements; raised once the
 * other arguments have been found to fit.
 */
let pending: TypeError | undefined;

/** Raises what {@link Parameter.fit} has found wrong in lists since the last call, or forgets it. */
export function settle(raise: boolean): void {
  if (pending === undefined) return;
  const error = pending;
  pending = undefined;
  if (raise) throw error;
}

export class Parameter {
  readonly name: string;
  /** As an option is spelt. */
  readonly key: string;
  readonly kwargOnly: boolean;
  readonly hasDefault: boolean;
  readonly allowsNone: boolean;
  /** What a message calls its type. */
  readonly typeName: string;
  private readonly kind: number;
  private readonly size: number;
  private readonly takesNumbers: boolean;
  private readonly optionalElements: boolean;
  private readonly element: Parameter | undefined;

  constructor(
    description: ParameterDescription,
    /** The operator as Python's messages call it, and the parameter's place there. */
    private readonly callee: string,
    private readonly position: number,
    /** Public functions follow Python's parser; `torch.ops` asks for exact types first. */
    private readonly isPublic: boolean,
  ) {
    this.name = description.name;
    this.key = camelCase(description.name);
    this.kwargOnly = description.kwargOnly;
    this.hasDefault = description.hasDefault;
    this.size = description.size ?? 0;
    this.allowsNone = description.type.endsWith('?');
    const bare = this.allowsNone ? description.type.slice(0, -1) : description.type;
    const list = /^(.*)\[\]$/.exec(bare);
    const element = list?.[1];
    this.optionalElements = element?.endsWith('?') ?? false;
    this.kind =
      (element === undefined ? scalarKinds[bare] : (listKinds[element] ?? OTHER_LIST)) ?? UNSUPPORTED;
    this.takesNumbers = description.takesNumbers === true && this.kind === TENSOR;
    if (element !== undefined) {
      this.element = new Parameter(
        { name: description.name, type: element, kwargOnly: false, hasDefault: false },
        callee,
        position,
        isPublic,
      );
    }
    this.typeName =
      typeNames[this.kind] ?? (this.element === undefined ? bare : `tuple of ${this.element.typeName}s`);
  }

  /** Whether it is a list of integers, whose elements may be spread over the arguments. */
  get isIntList(): boolean {
    return this.kind === INT_LIST;
  }

  get isTensorList(): boolean {
    return this.kind === TENSOR_LIST;
  }

  /** Whether JavaScript has no values of its type. */
  get isUnsupported(): boolean {
    return this.kind === UNSUPPORTED || (this.element?.isUnsupported ?? false);
  }

  /**
   * The value as the addon takes it, or {@link MISMATCH}. `tensors`: tensors of one element pass for numbers.
   * @throws TypeError for a list of tensors with another value in it, as Python's parser does at once.
   */
  fit(value: unknown, tensors: boolean): unknown {
    if (value === null) return this.allowsNone ? null : MISMATCH;
    switch (this.kind) {
      case TENSOR:
        if (value instanceof Tensor) return handleOf(value, this.name);
        // The addon takes a list of one for a number that stands for a tensor.
        return this.takesNumbers && isScalar(value) ? [value] : MISMATCH;
      case SCALAR:
        if (typeof value === 'number') return value;
        if (value instanceof Tensor) {
          // And for a tensor that stands for a number, whose dtype it keeps.
          return tensors && isNumberTensor(value) ? [handleOf(value, this.name)] : MISMATCH;
        }
        return isScalar(value) ? value : MISMATCH;
      case INT:
        if (isInteger(value)) return value;
        if (tensors && value instanceof Tensor && isNumberTensor(value)) {
          return value.dtype.name === 'bool' ? MISMATCH : (indexOf(value, true) ?? MISMATCH);
        }
        return MISMATCH;
      case SYM_INT:
        return indexOf(value, tensors) ?? MISMATCH;
      case FLOAT:
        if (typeof value === 'number') return value;
        if (typeof value === 'bigint' || (typeof value === 'boolean' && this.isPublic)) return Number(value);
        if (tensors && value instanceof Tensor && isNumberTensor(value)) {
          const item = native.item(value.handle);
          if (isComplexNumber(item)) throw new TypeError("can't convert complex to float");
          return Number(item);
        }
        return MISMATCH;
      case BOOL:
        return typeof value === 'boolean' ? value : MISMATCH;
      case STRING:
        return typeof value === 'string' ? value : MISMATCH;
      case DTYPE:
        return value instanceof DType ? held(value.code, this.name) : MISMATCH;
      case LAYOUT:
        return value instanceof Layout ? held(value.code, this.name) : MISMATCH;
      case MEMORY_FORMAT:
        return value instanceof MemoryFormat ? held(value.code, this.name) : MISMATCH;
      case DEVICE:
        return deviceCode(value);
      case GENERATOR:
        return value instanceof Generator ? held(value.native, this.name) : MISMATCH;
      case INT_LIST:
        return this.fitIntegers(value, tensors);
      case FLOAT_LIST:
        return this.fitFloats(value);
      case TENSOR_LIST:
        return this.fitTensors(value);
      case BOOL_LIST:
      case SCALAR_LIST:
      case OTHER_LIST: {
        if (!isList(value)) return MISMATCH;
        const element = this.element as Parameter;
        const list = new Array<unknown>(value.length);
        for (let i = 0; i < value.length; i++) {
          const item = value[i];
          const converted = element.fit(item === undefined ? null : item, false);
          if (converted === MISMATCH) return MISMATCH;
          list[i] = converted;
        }
        return list;
      }
      default:
        return MISMATCH;
    }
  }

  /** The element of a list that does not fit, where Python's message names it. */
  badElement(value: unknown): number {
    if (this.kind !== INT_LIST || !isList(value) || value.length === 0) return -1;
    return indexOf(value[0], true) === undefined ? 0 : -1;
  }

  /** Sizes: a list of integers, or one integer where the schema gives a length (`int[2]`). */
  private fitIntegers(value: unknown, tensors: boolean): unknown {
    if (!isList(value)) {
      if (this.size === 0) return MISMATCH;
      const integer = indexOf(value, tensors);
      // For the addon, a number is a list of it alone.
      if (this.size === 1 && typeof integer === 'number') return integer;
      return integer === undefined ? MISMATCH : new Array<unknown>(this.size).fill(integer);
    }
    const { length } = value;
    let plain = Array.isArray(value);
    for (let i = 0; i < length; i++) {
      if (Number.isInteger(value[i])) continue;
      plain = false;
      if (indexOf(value[i], tensors) !== undefined) continue;
      // After the first element, Python's parser takes booleans for integers.
      if (i > 0 && this.isPublic && typeof value[i] === 'boolean') continue;
      // Python's parser looks at the first element only, and unpacks the others later.
      if (i === 0 || !this.isPublic) return MISMATCH;
      pending ??= new TypeError(
        `${this.callee}(): argument '${this.name}' failed to unpack the object at pos ${i + 1} with error "type must be ${this.typeName},but got ${describeValue(value[i])}"`,
      );
      return value;
    }
    return plain ? value : Array.from(value, (item) => indexOf(item, tensors) ?? Number(item));
  }

  private fitFloats(value: unknown): unknown {
    if (!isList(value)) return MISMATCH;
    const list = new Array<number>(value.length);
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      if (typeof item === 'number' || typeof item === 'bigint' || typeof item === 'boolean') {
        list[i] = Number(item);
        continue;
      }
      if (i === 0 || !this.isPublic) return MISMATCH;
      if (item instanceof Tensor && native.numel(item.handle) === 1 && !item.dtype.isComplex) {
        list[i] = Number(native.item(item.handle));
        continue;
      }
      pending ??= new TypeError(
        `${this.callee}(): argument '${this.name}' must be ${this.typeName}, but found element of type ${describeValue(item)} at pos ${i + 1}`,
      );
      return list;
    }
    return list;
  }

  private fitTensors(value: unknown): unknown {
    if (!Array.isArray(value)) return MISMATCH;
    const handles = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      if (item instanceof Tensor) handles[i] = handleOf(item, this.name);
      else if (this.optionalElements && (item === null || item === undefined)) handles[i] = null;
      else if (!this.isPublic) return MISMATCH;
      else {
        throw new TypeError(
          `expected Tensor as element ${i} in argument ${this.position}, but got ${describeValue(item)}`,
        );
      }
    }
    if (this.size > 0 && this.isPublic && handles.length !== this.size) {
      pending ??= new TypeError(`expected tuple of ${this.size} elements but got ${handles.length}`);
    }
    return handles;
  }
}
