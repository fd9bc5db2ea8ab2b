/** Tensors from data that is none, and sizes that are none. */
import torch from '../../lib/index.js';
import { type BadCall, bad, loose } from './badCall.js';

function cyclic(): unknown[] {
  const array: unknown[] = [];
  array.push(array);
  return array;
}

function nested(depth: number): unknown {
  let array: unknown = [1];
  for (let i = 0; i < depth; i++) array = [array];
  return array;
}

function detached(): Float32Array {
  const array = new Float32Array(4);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

function resizable(): Float32Array {
  const buffer = Reflect.construct(ArrayBuffer, [16, { maxByteLength: 64 }]) as ArrayBuffer;
  return new Float32Array(buffer);
}

const tensor = loose(torch.tensor);
const zeros = loose(torch.zeros);
const from = loose(torch.fromTypedArray);

const data: BadCall[] = [
  bad('tensor() of nothing', 'TypeError', /tensor\(\): expected numbers, got undefined/, () => tensor()),
  bad('tensor(null)', 'TypeError', /tensor\(\): expected numbers, got null/, () => tensor(null)),
  bad('tensor of a string', 'TypeError', /tensor\(\): expected numbers, got string/, () => tensor('1')),
  bad('tensor of a symbol', 'TypeError', /tensor\(\): expected numbers, got symbol/, () =>
    tensor(Symbol('x')),
  ),
  bad('tensor of a function', 'TypeError', /tensor\(\): expected numbers, got function/, () =>
    tensor(() => 1),
  ),
  bad('tensor of an object', 'TypeError', /tensor\(\): expected numbers, got object/, () => tensor({})),
  bad('tensor of a Date', 'TypeError', /tensor\(\): expected numbers, got object/, () => tensor(new Date())),
  bad('tensor of a Map', 'TypeError', /tensor\(\): expected numbers, got object/, () => tensor(new Map())),
  bad('tensor of an object like a complex number', 'TypeError', /expected numbers, got object/, () =>
    tensor({ re: 1, im: '2' }),
  ),
  bad('tensor of a complex number with more', 'TypeError', /expected numbers, got object/, () =>
    tensor({ re: 1, im: 2, x: 3 }),
  ),
  bad('tensor of an array with null', 'TypeError', /expected numbers, got null/, () => tensor([1, null])),
  bad('tensor of an array with undefined', 'TypeError', /expected numbers, got undefined/, () =>
    tensor([1, undefined]),
  ),
  bad('tensor of an array with a hole', 'TypeError', /expected numbers, got undefined/, () =>
    tensor(new Array(3)),
  ),
  bad('tensor of strings', 'TypeError', /expected numbers, got string/, () => tensor(['1', '2'])),
  bad(
    'tensor of an array that holds itself',
    'RangeError',
    /too many dimensions .*an array that holds itself/,
    () => tensor(cyclic()),
  ),
  bad('tensor of arrays that hold each other', 'RangeError', /too many dimensions/, () => {
    const [a, b]: unknown[][] = [[], []];
    a?.push(b);
    b?.push(a);
    return tensor(a);
  }),
  bad('tensor of 65 dimensions', 'RangeError', /too many dimensions \(more than 64\)/, () =>
    tensor(nested(64)),
  ),
  bad('tensor of 1,000,000 dimensions', 'RangeError', /too many dimensions/, () => tensor(nested(1_000_000))),
  bad('tensor of ragged rows', 'RangeError', /expected sequence of length 2 at dim 1 \(got 1\)/, () =>
    tensor([[1, 2], [3]]),
  ),
  bad(
    'tensor of rows and a number',
    'TypeError',
    /expected a sequence of length 2 at dim 1 \(got number\)/,
    () => tensor([[1, 2], 3]),
  ),
  bad('tensor of a number and rows', 'TypeError', /expected a number at dim 1, found an array/, () =>
    tensor([1, [2, 3]]),
  ),
  bad('tensor of ragged typed arrays', 'RangeError', /expected sequence of length 2 at dim 1 \(got 3\)/, () =>
    tensor([new Float32Array(2), new Float32Array(3)]),
  ),
  bad('tensor of an array whose elements throw', 'Error', /^not today$/, () =>
    tensor([
      new Proxy([1], {
        get() {
          throw new Error('not today');
        },
      }),
    ]),
  ),
  bad('tensor of an array with a getter that throws', 'Error', /^no element$/, () =>
    tensor(
      Object.defineProperty([1, 2], 1, {
        get() {
          throw new Error('no element');
        },
      }),
    ),
  ),
  bad('tensor of tensors of several elements', 'TorchError', /cannot be converted to Scalar/, () =>
    tensor([torch.ones([2]), torch.ones([2])]),
  ),
  bad('int64 of NaN', 'RangeError', /value cannot be converted to type int64 without overflow/, () =>
    tensor(Number.NaN, { dtype: torch.int64 }),
  ),
  bad('int64 of Infinity', 'RangeError', /value cannot be converted to type int64 without overflow/, () =>
    tensor([Number.POSITIVE_INFINITY], { dtype: torch.int64 }),
  ),
  bad('int8 of 128', 'RangeError', /value cannot be converted to type int8 without overflow/, () =>
    tensor(128, { dtype: torch.int8 }),
  ),
  bad('uint8 of -256', 'RangeError', /value cannot be converted to type uint8/, () =>
    tensor([-256], { dtype: torch.uint8 }),
  ),
  bad('int32 of 2^31', 'RangeError', /value cannot be converted to type int32/, () =>
    tensor(2n ** 31n, { dtype: torch.int32 }),
  ),
  bad('int64 of 2^63', 'RangeError', /value cannot be converted to type int64/, () => tensor(2n ** 63n)),
  bad('int64 of a complex number', 'TypeError', /a complex number cannot be made torch.int64/, () =>
    tensor({ re: 1, im: 0 }, { dtype: torch.int64 }),
  ),
  bad('float32 of a complex number', 'TypeError', /a complex number cannot be made torch.float32/, () =>
    tensor([{ re: 1, im: 0 }], { dtype: torch.float32 }),
  ),
  bad('a quantized tensor of numbers', 'TypeError', /tensors of torch.qint8 cannot be made from data/, () =>
    tensor([1], { dtype: torch.qint8 }),
  ),
  bad(
    'an int64 tensor that requires grad',
    'TorchError',
    /only Tensors of floating point and complex dtype can require gradients/i,
    () => tensor([1n], { requiresGrad: true }),
  ),
];

const views: BadCall[] = [
  bad('tensor of a DataView', 'TypeError', /tensor\(\): expected a typed array/, () =>
    tensor(new DataView(new ArrayBuffer(8))),
  ),
  bad('tensor of a buffer', 'TypeError', /tensor\(\): .*/, () => tensor(new ArrayBuffer(8))),
  bad('tensor of shared memory', 'TypeError', /SharedArrayBuffer/, () =>
    tensor(new Int32Array(new SharedArrayBuffer(8))),
  ),
  bad('tensor of a detached array', 'TypeError', /transferred away/, () => tensor(detached())),
  bad('tensor of a resizable array', 'TypeError', /can be resized/, () => tensor(resizable())),
  bad('fromTypedArray of nothing', 'TypeError', /fromTypedArray\(\): expected a typed array/, () => from()),
  bad('fromTypedArray of an array', 'TypeError', /expected a typed array/, () => from([1, 2])),
  bad('fromTypedArray of a DataView', 'TypeError', /expected a typed array/, () =>
    from(new DataView(new ArrayBuffer(8))),
  ),
  bad('fromTypedArray of a buffer', 'TypeError', /a buffer has no element type/, () =>
    from(new ArrayBuffer(8)),
  ),
  bad('fromTypedArray of shared memory', 'TypeError', /SharedArrayBuffer/, () =>
    from(new Float32Array(new SharedArrayBuffer(16))),
  ),
  bad('fromTypedArray of a shared buffer', 'TypeError', /a buffer has no element type/, () =>
    from(new SharedArrayBuffer(16)),
  ),
  bad('fromTypedArray of a detached array', 'TypeError', /transferred away/, () => from(detached())),
  bad('fromTypedArray of a resizable array', 'TypeError', /can be resized/, () => from(resizable())),
  bad('fromTypedArray of an object like one', 'TypeError', /expected a typed array/, () =>
    from({
      length: 2,
      buffer: new ArrayBuffer(8),
      BYTES_PER_ELEMENT: 4,
      [Symbol.toStringTag]: 'Float32Array',
    }),
  ),
  bad(
    'fromTypedArray of an array posing as another',
    'TypeError',
    /torch.float64 has 8 bytes an element, the array 1/,
    () => {
      class Posing extends Uint8Array {
        override get [Symbol.toStringTag](): 'Uint8Array' {
          return 'Float64Array' as 'Uint8Array';
        }
      }
      return from(new Posing(8));
    },
  ),
  bad(
    'fromTypedArray with another number of elements',
    'RangeError',
    /shape \[3, 2\] is invalid for an array of 5 elements/,
    () => from(new Float32Array(5), [3, 2]),
  ),
  bad('fromTypedArray with a negative size', 'TypeError', /array of integers of at least 0/, () =>
    from(new Float32Array(4), [-2, -2]),
  ),
  bad('fromTypedArray with a size of NaN', 'TypeError', /array of integers/, () =>
    from(new Float32Array(4), [Number.NaN]),
  ),
  bad('fromTypedArray with a fraction for a size', 'TypeError', /array of integers/, () =>
    from(new Float32Array(4), [0.5, 8]),
  ),
  bad('fromTypedArray with a huge shape', 'RangeError', /is invalid for an array of 4 elements/, () =>
    from(new Float32Array(4), [2 ** 40, 2 ** 40]),
  ),
  bad('fromTypedArray with a huge shape of no elements', 'TypeError', /the sizes are too large/, () =>
    from(new Float32Array(0), [2 ** 52, 2 ** 52, 0, 2 ** 52]),
  ),
  bad('fromTypedArray with a number for a shape', 'TypeError', /the shape must be an array/, () =>
    from(new Float32Array(4), 4),
  ),
  bad(
    'fromTypedArray with a dtype of another width',
    'TypeError',
    /torch.float64 has 8 bytes an element, the array 4/,
    () => from(new Float32Array(4), [4], { dtype: torch.float64 }),
  ),
  bad(
    'fromTypedArray with an unknown option',
    'TypeError',
    /fromTypedArray\(\): got an unexpected option 'copy'/,
    () => from(new Float32Array(4), [4], { copy: true }),
  ),
  bad('asTensor of a string', 'TypeError', /expected numbers, got string/, () => loose(torch.asTensor)('x')),
  bad('asTensor of a DataView', 'TypeError', /expected a typed array/, () =>
    loose(torch.asTensor)(new DataView(new ArrayBuffer(1))),
  ),
];

const options: BadCall[] = [
  bad('tensor with an unknown option', 'TypeError', /tensor\(\): got an unexpected option 'dtyp'/, () =>
    tensor([1], { dtyp: torch.float32 }),
  ),
  bad(
    'tensor with a string for a dtype',
    'TypeError',
    /tensor\(\): argument 'dtype' must be a dtype, not string/,
    () => tensor([1], { dtype: 'float32' }),
  ),
  bad('tensor with null options', 'TypeError', /tensor\(\): the options must be an object/, () =>
    tensor([1], null),
  ),
  bad('tensor with a number for options', 'TypeError', /the options must be an object/, () => tensor([1], 5)),
  bad('tensor with a number for requiresGrad', 'TypeError', /argument 'requiresGrad' must be a boolean/, () =>
    tensor([1], { requiresGrad: 1 }),
  ),
  bad('tensor on a device of no name', 'TypeError', /Invalid device string: ''/, () =>
    tensor([1], { device: '' }),
  ),
  bad('tensor on a number', 'TypeError', /expected a string or a Device, not number/, () =>
    tensor([1], { device: 0 }),
  ),
  bad('options of tensor whose getter throws', 'Error', /^no dtype$/, () =>
    tensor([1], {
      get dtype() {
        throw new Error('no dtype');
      },
    }),
  ),
  bad(
    'zeros with an unknown option',
    'TypeError',
    /zeros\(\) got an unexpected keyword argument 'dtyp'/,
    () => zeros([2], { dtyp: torch.float32 }),
  ),
  bad(
    'zeros with a string for a dtype',
    'TypeError',
    /zeros\(\).*'dtype'.* must be torch\.dtype, not str/,
    () => zeros([2], { dtype: 'float32' }),
  ),
  bad('zeros with a forged dtype', 'TypeError', /'dtype'.*must be torch\.dtype, not dict/, () =>
    zeros([2], { dtype: { code: 6 } }),
  ),
  bad('zeros with a number for a device', 'TorchError', /Cannot access accelerator device/, () =>
    zeros([2], { device: 1 }),
  ),
  bad(
    'zeros with a layout for a dtype',
    'TypeError',
    /'dtype'.*must be torch\.dtype, not torch\.layout/,
    () => zeros([2], { dtype: torch.strided }),
  ),
  bad(
    'full without a value',
    'TypeError',
    /full\(\) missing 1 required positional arguments: "fill_value"/,
    () => loose(torch.full)([2]),
  ),
  bad('full with a string', 'TypeError', /full\(\).*'fill_value'.*must be Number, not str/, () =>
    loose(torch.full)([2], 'x'),
  ),
  bad('zeros of int64 that require grad', 'TorchError', /only Tensors of floating point/i, () =>
    torch.zeros([2], { dtype: torch.int64, requiresGrad: true }),
  ),
];

const sizes: BadCall[] = [
  bad('zeros without sizes', 'TypeError', /zeros\(\) missing 1 required positional arguments: "size"/, () =>
    zeros(),
  ),
  bad('zeros of null', 'TypeError', /zeros\(\).*argument 'size'.*must be tuple of ints, not NoneType/, () =>
    zeros(null),
  ),
  bad('zeros of a string', 'TypeError', /zeros\(\).*argument 'size'.*not str/, () => zeros('2')),
  bad('zeros of strings', 'TypeError', /zeros\(\).*argument 'size'.*type str at pos 0/, () => zeros(['2'])),
  bad('zeros of a negative size', 'TorchError', /negative dimension -1|non-negative|negative/, () =>
    zeros([-1]),
  ),
  bad('zeros of NaN', 'TypeError', /argument 'size'.*float/, () => zeros([Number.NaN])),
  bad('zeros of NaN spread', 'TypeError', /argument 'size'.*float/, () => zeros(Number.NaN)),
  bad('zeros of Infinity', 'TypeError', /argument 'size'.*float/, () => zeros([Number.POSITIVE_INFINITY])),
  bad('zeros of a fraction', 'TypeError', /argument 'size'.*float/, () => zeros([1.5])),
  bad('zeros of a size with a hole', 'TypeError', /argument 'size'.*undefined/, () => zeros(new Array(2))),
  bad('zeros of nested sizes', 'TypeError', /argument 'size'.*type list at pos 0/, () => zeros([[2]])),
  bad('zeros of an array that holds itself', 'TypeError', /argument 'size'/, () => zeros(cyclic())),
  bad('zeros of a size of 2^53', 'TypeError', /an integer that a number holds exactly/, () =>
    zeros([2 ** 53]),
  ),
  bad('zeros of a size of 2^64', 'TypeError', /does not fit in 64 bits/, () => zeros([2n ** 64n])),
  bad('zeros of more bytes than there are', 'OutOfMemoryError', /can't allocate memory/, () =>
    zeros([2 ** 45]),
  ),
  bad('zeros of more bytes than 64 bits count', 'TorchError', /overflow/, () => zeros([2 ** 40, 2 ** 40])),
  bad('zeros of bigint sizes that overflow', 'TorchError', /overflow|negative|invalid/i, () =>
    zeros([2n ** 62n, 8n]),
  ),
  bad('empty of a huge size', 'OutOfMemoryError', /can't allocate memory/, () => torch.empty([2 ** 46])),
  bad('ones of a huge size', 'OutOfMemoryError', /can't allocate memory/, () => torch.ones([2 ** 46])),
  bad('sizes from a typed array of fractions', 'TypeError', /argument 'size'/, () =>
    zeros(new Float32Array([1.5])),
  ),
  bad('arange without an end', 'TypeError', /arange\(\)/, () => loose(torch.arange)()),
  bad('arange with a step of 0', 'TorchError', /step must be nonzero/, () => torch.arange(0, 3, 0)),
  bad(
    'arange backwards',
    'TorchError',
    /upper bound and lower bound inconsistent|larger bound inconsistent/i,
    () => torch.arange(3, 0, 1),
  ),
  bad('arange to Infinity', 'TorchError', /unsupported range/, () =>
    torch.arange(0, Number.POSITIVE_INFINITY, 1),
  ),
  bad('arange to NaN', 'TorchError', /unsupported range|NaN|nan/, () => torch.arange(0, Number.NaN, 1)),
  bad('linspace of a negative number of steps', 'TorchError', /number of steps must be non-negative/, () =>
    torch.linspace(0, 1, -1),
  ),
  bad('eye of a negative size', 'TorchError', /n must be greater or equal to 0, got -1/, () => torch.eye(-1)),
  bad('randn of a negative size', 'TorchError', /negative dimension -2|negative/, () => torch.randn([-2])),
  bad(
    'randint of no range',
    'TorchError',
    /random_ expects 'from' to be less than 'to', but got from=3 >= to=3/,
    () => torch.randint(3, 3, [2]),
  ),
  bad('randperm of a negative length', 'TorchError', /n must be non-negative|negative/, () =>
    torch.randperm(-1),
  ),
  bad('a list of 1,000 sizes', 'TorchError', /Storage size calculation overflowed/, () =>
    torch.zeros(new Array<number>(1000).fill(2 ** 40)),
  ),
  bad('empty strided of negative strides', 'TorchError', /Storage size calculation overflowed/, () =>
    torch.emptyStrided([2], [-1]),
  ),
  bad('empty strided of too few strides', 'TorchError', /dimensionality|mismatch|length/i, () =>
    torch.emptyStrided([2, 2], [1]),
  ),
];

export const creationCalls: BadCall[] = [...data, ...views, ...options, ...sizes];
