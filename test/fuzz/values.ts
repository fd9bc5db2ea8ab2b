/** Random arguments by a schema's types and names: mostly nearly right, sometimes anything. */
import type { Dice } from '../support/dice.js';
import { absurdities } from './absurd.js';
import type { Expression, Recipe } from './recipe.js';
import { randomTensor } from './tensors.js';
import { anyDtype, type World } from './world.js';

export interface ParameterType {
  readonly name: string;
  readonly type: string;
  /** The length of a fixed-size list. */
  readonly size?: number;
}

const code = (text: string | number): Expression => ({ kind: 'code', code: String(text) });
const quoted = (text: string): Expression => code(JSON.stringify(text));

// Sizes between 65 and 2^33 could be had, and would take all memory or all day.
const integers = [
  '-1',
  '-2',
  '-3',
  '0',
  '1',
  '2',
  '3',
  '4',
  '5',
  '7',
  '16',
  '63',
  '64',
  '65',
  '-100',
  '2 ** 31 - 1',
  '2 ** 31',
  '-(2 ** 31)',
  '2 ** 45',
  '2 ** 52',
  '-(2 ** 52)',
  '2n ** 62n',
  '2n ** 63n - 1n',
  '-(2n ** 63n)',
];
const reals = [
  '0',
  '1',
  '-1',
  '0.5',
  '2.5',
  '-0.1',
  '2',
  '3',
  '0.1',
  '1e-30',
  '1e300',
  'NaN',
  'Infinity',
  '-Infinity',
  '-0',
];
const numbers = [...reals, '3n', '2n ** 63n - 1n', 'true', '({ re: 1, im: -2 })'];

const strings: readonly [names: RegExp, values: readonly string[]][] = [
  [/^reduce(_op)?$/, ['sum', 'prod', 'mean', 'amax', 'amin', 'max', 'min']],
  [/^mode$/, ['reduced', 'complete', 'r', 'constant', 'reflect', 'replicate', 'circular', 'bilinear']],
  [/^(UPLO|side|indexing)$/i, ['L', 'U', 'left', 'right', 'ij', 'xy']],
  [/^interpolation$/, ['linear', 'lower', 'higher', 'midpoint', 'nearest']],
  [/^rounding_mode$/, ['floor', 'trunc']],
  [/^approximate$/, ['none', 'tanh']],
  [/^padding$/, ['same', 'valid']],
  [/^driver$/, ['gels', 'gelsy', 'gelsd', 'gelss', 'gesvd']],
  [/^norm|^ord$/, ['fro', 'nuc', 'forward', 'backward', 'ortho']],
  [/attr$/, ['none', 'relu', 'sum', 'add', 'mul', 'hardtanh', 'gelu', 'swish', 'leaky_relu']],
  [/algorithm$/, ['none', 'tanh']],
  [/equation/, ['ij,jk->ik', 'ii', 'ij->ji', '...,...', 'i,j', 'bij,bjk', 'ij,', '->', 'a->aa']],
];

function randomString(dice: Dice, name: string): Recipe {
  const fitting = strings.find(([names]) => names.test(name))?.[1];
  if (fitting !== undefined && dice.chance(0.85)) return quoted(dice.pick(fitting));
  return dice.chance(0.05)
    ? code("'x'.repeat(500)")
    : quoted(dice.pick(['', 'mean', 'sum', 'amax', 'linear', 'none', 'xy', 'fro', 'relu']));
}

function randomInteger(dice: Dice, world: World, name: string): Recipe {
  if (!world.strict && dice.chance(0.15)) return code(dice.pick(integers));
  const { shape, n, c, o, k } = world;
  if (/dim|axis/.test(name))
    return code(dice.integer(-shape.length, Math.max(0, shape.length - (dice.chance(0.9) ? 1 : 0))));
  if (/groups?$/.test(name)) return code(dice.pick([1, 1, 1, 2, c]));
  if (/^(N|n)$/.test(name)) return code(dice.pick([n, 1, 2, 3]));
  if (/^C$/.test(name)) return code(c);
  if (/^HxW$/.test(name)) return code(shape.slice(2).reduce((a, b) => a * b, 1));
  if (/num_(layers|heads?)/.test(name)) return code(dice.pick([1, 1, 2]));
  if (/reduction|mode$/.test(name)) return code(dice.pick([0, 1, 2]));
  if (/quant_min/.test(name)) return code(dice.pick([0, -128]));
  if (/quant_max/.test(name)) return code(dice.pick([127, 255, 3]));
  if (/zero_point/.test(name)) return code(dice.pick([0, 3, 128]));
  if (/size|num_|bins|k$|length|count|high|steps|end/.test(name))
    return code(dice.pick([0, 1, 2, 3, 4, n, c, o, k, shape.at(-1) ?? 1]));
  return code(dice.pick([-1, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5, n, c, o]));
}

function randomIntegers(dice: Dice, world: World, { name, size }: ParameterType): Recipe {
  const { shape, space, k } = world;
  if (!world.strict && dice.chance(0.08)) return { kind: 'list', items: [] };
  if (!world.strict && dice.chance(0.12))
    return { kind: 'list', items: Array.from({ length: dice.below(6) }, () => code(dice.pick(integers))) };
  const list = (values: readonly number[]): Recipe => ({ kind: 'list', items: values.map(code) });
  if (/dim|axes|axis/.test(name)) {
    const dims = shape.map((_, i) => i).filter(() => dice.chance(0.6));
    return list(dice.chance(0.2) ? dims.map((dim) => dim - shape.length) : dims);
  }
  const length = size ?? dice.pick([space.length, space.length, 2, 1, 3]);
  const repeat = (value: number): Recipe => list(new Array<number>(length).fill(value));
  if (/kernel|stride|dilation|blocksize/.test(name) && !(name === 'stride' && dice.chance(0.3)))
    return repeat(dice.pick([1, 1, k, 2]));
  if (/pad$/.test(name) || (/padding/.test(name) && dice.chance(0.5)))
    return list(
      Array.from({ length: dice.chance(0.7) ? 2 * space.length : length }, () => dice.pick([0, 1, 1, 2])),
    );
  if (/padding|shifts/.test(name)) return repeat(dice.pick([0, 0, 1, k]));
  if (/output_size|^s$/.test(name)) return repeat(dice.pick([1, 2, 4, 7]));
  if (/lengths/.test(name)) return repeat(dice.pick([1, 2, 3]));
  if (/stride/.test(name)) return list(shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1)));
  if (/size|shape/.test(name) && dice.chance(0.75))
    return list(dice.chance(0.7) ? shape : world.fitting(dice));
  return list(Array.from({ length }, () => dice.pick([0, 1, 1, 2, 3, 4])));
}

/** Anything at all. */
export function absurdity(dice: Dice, world: World): Recipe {
  switch (dice.below(6)) {
    case 0:
      return randomTensor(dice, world, dice.pick(['self', 'indices', 'mask']));
    case 1:
      return code(dice.pick(integers));
    case 2:
      return code(dice.pick(numbers));
    case 3:
      return { kind: 'list', items: Array.from({ length: dice.below(4) }, () => absurdity(dice, world)) };
    default:
      return code(dice.pick(absurdities));
  }
}

/** A value for a parameter. `earlier`: names of tensors among the arguments, which may come again. */
export function randomArgument(
  dice: Dice,
  world: World,
  parameter: ParameterType,
  earlier: readonly string[],
): Recipe {
  const { name, type } = parameter;
  if (!world.strict && dice.chance(0.03)) return absurdity(dice, world);
  if (type.endsWith('?')) {
    const rarelyGiven = /^(ScalarType|Layout|Device|Generator|MemoryFormat|bool)\?$/.test(type);
    if (dice.chance(rarelyGiven ? 0.85 : 0.4)) return code('null');
    return randomArgument(dice, world, { ...parameter, type: type.slice(0, -1) }, earlier);
  }
  if (/^(int|SymInt)\[\]$/.test(type)) return randomIntegers(dice, world, parameter);
  if (type.endsWith('[]')) {
    const length =
      parameter.size !== undefined && dice.chance(0.95)
        ? parameter.size
        : dice.pick([0, 1, 1, 2, 2, 2, 3, 4]);
    const element = { name, type: type.slice(0, -2) };
    return {
      kind: 'list',
      items: Array.from({ length }, () => randomArgument(dice, world, element, earlier)),
    };
  }
  switch (type) {
    case 'Tensor':
      if (earlier.length > 0 && dice.chance(0.04)) {
        const view = dice.pick([
          '',
          '',
          '',
          '.transpose(0, -1)',
          '.narrow(0, 0, 1)',
          '.flatten()',
          '.detach()',
        ]);
        return { kind: 'alias', of: dice.pick(earlier), view };
      }
      return randomTensor(dice, world, name);
    case 'int':
    case 'SymInt':
      return randomInteger(dice, world, name);
    case 'Scalar':
    case 'complex':
      return code(dice.pick(numbers));
    case 'float':
      return code(dice.pick(reals));
    case 'bool':
      return code(dice.chance(0.5) ? 'true' : 'false');
    case 'str':
      return randomString(dice, name);
    case 'ScalarType':
      return code(
        `torch.${dice.chance(0.95) ? anyDtype(dice) : dice.pick(['bits8', 'bits16', 'float4_e2m1fn_x2'])}`,
      );
    case 'Layout':
      return code(
        dice.pick([
          'torch.strided',
          'torch.strided',
          'torch.sparseCoo',
          'torch.sparseCsr',
          'torch.sparseBsr',
        ]),
      );
    case 'MemoryFormat':
      return code(
        dice.pick([
          'torch.contiguousFormat',
          'torch.preserveFormat',
          'torch.channelsLast',
          'torch.channelsLast3d',
        ]),
      );
    case 'Device':
      return code(
        dice.pick(["'cpu'", "'cpu'", "'meta'", "'cuda'", "'xla:3'", "'mkldnn'", "'privateuseone'"]),
      );
    case 'Generator':
      return code('new torch.Generator()');
    default:
      return absurdity(dice, world);
  }
}
