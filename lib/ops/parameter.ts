/** One parameter of an operator: which JavaScript values it takes, and how they cross into the addon. */
import { types as utilTypes } from 'node:util';
import { Device, device } from '../device.js';
import { DType } from '../dtype.js';
import { Generator } from '../generator.js';
import { Layout, MemoryFormat } from '../layout.js';
import type { NativeArgument } from '../native.js';
import { Tensor } from '../tensor.js';
import { camelCase } from './names.js';

/** Whether a value fits, and what the addon gets for it. */
interface Conversion {
  /** What a message calls it. */
  readonly expected: string;
  accepts(value: unknown): boolean;
  convert(value: never): unknown;
  /** Fits too, but only where no signature takes the value as it is (a 0-dim tensor for a number). */
  acceptsLoosely?(value: unknown): boolean;
}

export interface Parameter {
  /** As registered, in snake case. */
  readonly name: string;
  /** As an option is spelt. */
  readonly key: string;
  readonly kwargOnly: boolean;
  readonly hasDefault: boolean;
  readonly optional: boolean;
  readonly write: boolean;
  /** A list of integers that a single number, or numbers spread over the arguments, may stand for. */
  readonly isIntList: boolean;
  readonly conversion: Conversion;
}

const isInteger = (value: unknown): boolean => Number.isInteger(value) || typeof value === 'bigint';
const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;
const isNumberLike = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint';

/** A complex number is an object with exactly these two properties. */
export function isComplexNumber(value: unknown): value is { re: number; im: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { re?: unknown }).re === 'number' &&
    typeof (value as { im?: unknown }).im === 'number' &&
    Object.keys(value).length === 2
  );
}

const isScalar = (value: unknown): boolean =>
  isNumberLike(value) || typeof value === 'boolean' || isComplexNumber(value);
const isScalarTensor = (value: unknown): boolean =>
  isTensor(value) && value.dim() === 0 && !value.requiresGrad;
const plainNumber = (value: unknown): unknown => (isTensor(value) ? value.item() : value);

const tensor: Conversion = {
  expected: 'Tensor',
  accepts: isTensor,
  convert: (value: Tensor) => value.handle,
};

const conversions: Record<string, Conversion> = {
  Tensor: tensor,
  Scalar: {
    expected: 'Number',
    accepts: isScalar,
    acceptsLoosely: isScalarTensor,
    convert: plainNumber,
  },
  int: {
    expected: 'int',
    accepts: isInteger,
    acceptsLoosely: isScalarTensor,
    convert: plainNumber,
  },
  float: {
    expected: 'float',
    accepts: (value) => typeof value === 'number',
    acceptsLoosely: isScalarTensor,
    convert: (value: unknown) => Number(plainNumber(value)),
  },
  bool: {
    expected: 'bool',
    accepts: (value) => typeof value === 'boolean',
    convert: (value: boolean) => value,
  },
  str: { expected: 'str', accepts: (value) => typeof value === 'string', convert: (value: string) => value },
  ScalarType: {
    expected: 'dtype',
    accepts: (value) => value instanceof DType,
    convert: (value: DType) => value.code,
  },
  Layout: {
    expected: 'layout',
    accepts: (value) => value instanceof Layout,
    convert: (value: Layout) => value.code,
  },
  MemoryFormat: {
    expected: 'memory format',
    accepts: (value) => value instanceof MemoryFormat,
    convert: (value: MemoryFormat) => value.code,
  },
  Device: {
    expected: 'device',
    accepts: (value) => value instanceof Device || typeof value === 'string',
    convert: (value: Device | string) => device(value).code,
  },
  Generator: {
    expected: 'Generator',
    accepts: (value) => value instanceof Generator,
    convert: (value: Generator) => value.native,
  },
};

function unsupported(type: string): Conversion {
  return { expected: type, accepts: () => false, convert: (value) => value };
}

function conversionOf(type: string): Conversion {
  if (type.endsWith('?')) return conversionOf(type.slice(0, -1));
  if (type === 'SymInt' || type === 'SymFloat' || type === 'SymBool')
    return conversionOf(type.slice(3).toLowerCase());
  return conversions[type] ?? unsupported(type);
}

// Typed arrays of integers are lists of integers too.
const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (utilTypes.isTypedArray(value) && !utilTypes.isUint8ClampedArray(value));

function listOf(element: Conversion, optionalElement: boolean, expected: string): Conversion {
  const every = (value: unknown, accepts: (item: unknown) => boolean): boolean => {
    if (!isList(value)) return false;
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      if (optionalElement && (item === null || item === undefined)) continue;
      if (!accepts(item)) return false;
    }
    return true;
  };
  const loosely = element.acceptsLoosely;
  return {
    expected,
    accepts: (value) => every(value, element.accepts),
    ...(loosely && {
      acceptsLoosely: (value: unknown) => every(value, (item) => element.accepts(item) || loosely(item)),
    }),
    convert: (value: ArrayLike<never>) =>
      Array.from(value, (item) =>
        optionalElement && (item === null || item === undefined) ? null : element.convert(item),
      ),
  };
}

/** Sizes: a list of integers, or one integer where the schema gives a length (`int[2]`). */
function intList(size: number | undefined): Conversion {
  const list = listOf(
    conversions.int as Conversion,
    false,
    size === undefined ? 'list of ints' : `int or list of ${size} ints`,
  );
  if (size === undefined) return list;
  return {
    ...list,
    accepts: (value) => isInteger(value) || list.accepts(value),
    convert: (value: never) =>
      isInteger(value) ? new Array<unknown>(size).fill(value) : list.convert(value),
  };
}

function describe(type: string, size: number | undefined): { conversion: Conversion; isIntList: boolean } {
  const bare = type.endsWith('?') ? type.slice(0, -1) : type;
  if (!bare.endsWith('[]')) return { conversion: conversionOf(bare), isIntList: false };
  const element = bare.slice(0, -2);
  if (element === 'int' || element === 'SymInt') return { conversion: intList(size), isIntList: true };
  if (element.endsWith('[]')) {
    const inner = describe(element, undefined).conversion;
    return { conversion: listOf(inner, false, `list of ${inner.expected}s`), isIntList: false };
  }
  const inner = conversionOf(element);
  return { conversion: listOf(inner, element.endsWith('?'), `list of ${inner.expected}s`), isIntList: false };
}

/** A tensor, or a number that stands for one; the addon takes it as a list of one. */
const tensorOrNumber: Conversion = {
  expected: 'Tensor or Number',
  accepts: (value) => isTensor(value) || isScalar(value),
  convert: (value: unknown) => (isTensor(value) ? value.handle : [value]),
};

/** `numbersAsTensors`: a number may stand for a tensor, as Python's front end allows for basic arithmetic. */
export function parameterOf(argument: NativeArgument, numbersAsTensors: boolean): Parameter {
  const described = describe(argument.type, argument.size);
  const { isIntList } = described;
  const takesNumbers = numbersAsTensors && described.conversion === tensor && argument.name !== 'self';
  const conversion = takesNumbers ? tensorOrNumber : described.conversion;
  return {
    name: argument.name,
    key: camelCase(argument.name),
    kwargOnly: argument.kwargOnly,
    hasDefault: argument.hasDefault,
    optional: argument.type.endsWith('?'),
    write: argument.write,
    isIntList,
    conversion,
  };
}
