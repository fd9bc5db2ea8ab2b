/** Random arguments, from sensible to absurd, out of a seed. */
import torch, { type Tensor } from '../../lib/index.js';
import type { Dice } from '../support/dice.js';

const shapes = [
  [],
  [0],
  [1],
  [3],
  [5],
  [2, 3],
  [3, 3],
  [3, 1],
  [2, 0],
  [2, 3, 4],
  [3, 3, 3],
  [1, 2, 4, 4],
  [2, 3, 5, 5],
  [1, 2, 3, 4, 5],
];
const dtypes = [
  torch.float32,
  torch.float32,
  torch.float32,
  torch.float64,
  torch.int64,
  torch.int64,
  torch.int32,
  torch.bool,
  torch.uint8,
  torch.complex64,
  torch.float16,
  torch.bfloat16,
];

function disguised(dice: Dice, tensor: Tensor): Tensor {
  switch (dice.below(14)) {
    case 0:
      return tensor.dtype.isFloatingPoint ? tensor.requiresGrad_() : tensor;
    case 1:
      return tensor.ndim >= 2 ? tensor.transpose(0, -1) : tensor;
    case 2:
      return tensor.toSparse();
    case 3:
      return torch.zeros(tensor.shape, { device: 'meta', dtype: tensor.dtype });
    case 4:
      return tensor.expand([2, ...tensor.shape]);
    case 5:
      return tensor.ndim === 2 ? tensor.toSparseCsr() : tensor;
    case 6:
      return tensor.dtype === torch.float32 ? torch.quantizePerTensor(tensor, 0.1, 3, torch.quint8) : tensor;
    case 7:
      tensor.dispose();
      return tensor;
    case 8:
      return torch.inferenceMode(() => tensor.clone());
    case 9:
      return tensor.dtype.isFloatingPoint ? tensor.requiresGrad_().mul(1) : tensor.conj();
    default:
      return tensor;
  }
}

export function randomTensor(dice: Dice): Tensor {
  const shape = dice.pick(shapes);
  const dtype = dice.pick(dtypes);
  const fill = dice.below(5);
  let tensor: Tensor;
  if (fill === 0) tensor = torch.zeros(shape, { dtype });
  else if (fill === 1)
    tensor = torch.full(shape, dice.pick([1, -1, 7, 100]), {
      dtype: dtype === torch.bool ? torch.int64 : dtype,
    });
  else if (dtype.isFloatingPoint || dtype.isComplex)
    tensor = torch.randn(shape, { dtype: torch.float32 }).to(dtype);
  else tensor = torch.randint(fill === 2 ? -5 : 0, 4, shape).to(dtype);
  if (fill === 3 && dtype.isFloatingPoint && dice.chance(0.2)) tensor.fill_(Number.NaN);
  return disguised(dice, tensor);
}

// Sizes between these could be had, and would take all memory or all day.
const integers = [
  -1,
  0,
  1,
  2,
  3,
  4,
  5,
  -2,
  -3,
  7,
  16,
  63,
  64,
  65,
  -100,
  2 ** 52,
  -(2 ** 52),
  2n ** 62n,
  -(2n ** 63n),
  2n ** 63n - 1n,
  2 ** 45,
];
const small = [-1, 0, 1, 1, 2, 2, 3, 4, 5];

export const randomInteger = (dice: Dice): number | bigint => dice.pick(dice.chance(0.7) ? small : integers);

export const randomNumber = (dice: Dice): unknown =>
  dice.pick([
    0,
    1,
    -1,
    0.5,
    2.5,
    -0.1,
    1e-30,
    1e300,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0,
    3n,
    true,
  ]);

const absurdities: ((dice: Dice) => unknown)[] = [
  () => null,
  () => undefined,
  () => Number.NaN,
  () => 'x',
  () => '',
  () => '\0'.repeat(1000),
  () => Symbol('x'),
  () => () => 1,
  () => ({}),
  () => [],
  () => [[]],
  () => [null, undefined],
  () => new Array(5),
  () => new Date(0),
  () => new Map(),
  () => new ArrayBuffer(8),
  () => new Float32Array(3),
  () => new BigInt64Array(2),
  () => ({ re: 1, im: Number.NaN }),
  () => ({ handle: 5 }),
  () => Object.create(torch.Tensor.prototype) as unknown,
  () => new (torch.Tensor as never as new (handle: unknown) => Tensor)(2 ** 30 + 5),
  () => Object.create(torch.Generator.prototype) as unknown,
  () => new torch.Generator(),
  () => torch.float32,
  () => torch.strided,
  () => torch.channelsLast,
  () => Promise.resolve(1),
  () => /x/,
  () => true,
  () => 2n ** 70n,
  (dice) => randomTensor(dice),
  (dice) => [randomTensor(dice), randomTensor(dice)],
  (dice) => randomInteger(dice),
  (dice) => randomNumber(dice),
  () => {
    const list: unknown[] = [];
    list.push(list);
    return list;
  },
  () =>
    new Proxy([], {
      get() {
        throw new Error('a proxy that throws');
      },
    }),
];

export const absurdity = (dice: Dice): unknown => dice.pick(absurdities)(dice);

function list(dice: Dice, size: number | undefined, item: (dice: Dice) => unknown): unknown[] {
  return Array.from({ length: size !== undefined && dice.chance(0.8) ? size : dice.below(5) }, () =>
    item(dice),
  );
}

/** A value of a schema's type, such as `Tensor?` or `SymInt[2]`; now and then anything at all. */
export function randomArgument(dice: Dice, type: string): unknown {
  if (dice.chance(0.03)) return absurdity(dice);
  if (type.endsWith('?')) return dice.chance(0.4) ? null : randomArgument(dice, type.slice(0, -1));
  const sized = /^(.*)\[(\d*)\]$/.exec(type);
  if (sized !== null) {
    const element = sized[1] as string;
    const size = sized[2] === '' ? undefined : Number(sized[2]);
    return list(dice, size, (inner) => randomArgument(inner, element));
  }
  switch (type.replace(/\(.*\)$/, '')) {
    case 'Tensor':
      return randomTensor(dice);
    case 'int':
    case 'SymInt':
      return randomInteger(dice);
    case 'Scalar':
    case 'complex':
      return randomNumber(dice);
    case 'float':
      return Number(randomNumber(dice));
    case 'bool':
      return dice.chance(0.5);
    case 'str':
      return dice.pick(['', 'mean', 'sum', 'ij,jk->ik', 'amax', 'linear', 'none', 'xy', 'x'.repeat(500)]);
    case 'ScalarType':
      return dice.pick([...dtypes, torch.qint8, torch.bits8, torch.float8_e4m3fn, torch.uint32]);
    case 'Layout':
      return dice.pick([torch.strided, torch.sparseCoo, torch.sparseCsr]);
    case 'MemoryFormat':
      return dice.pick([
        torch.contiguousFormat,
        torch.preserveFormat,
        torch.channelsLast,
        torch.channelsLast3d,
      ]);
    case 'Device':
      return dice.pick(['cpu', 'cpu', 'cpu', 'meta', 'cuda', 'xla:3', 'mkldnn', 'privateuseone']);
    case 'Generator':
      return new torch.Generator();
    default:
      return absurdity(dice);
  }
}
