/** Random tensors: by what an argument is called, of shapes that fit the others, and now and then of none. */
import type { Dice } from '../support/dice.js';
import { disguises, type Fill, type TensorRecipe } from './recipe.js';
import { anyDtype, type World } from './world.js';

const indexNames =
  /ind(ex|ices)|^idx|targets?$|offsets?|lengths|sizes$|bag|pivots|perm|repeats|state_steps|crow|ccol|rows|cum_seq|seqlen|nested_size|nested_strides|storage_offset|boundaries_index|batch_sizes|seed|zero_point|count/;
const maskNames = /mask|condition|found_inf/;
const perChannel = /^(bias|running_|save_|mean|invstd|rstd|var|weight|gamma|beta|scale|b_|grad_weight)/;

const views = Object.keys(disguises).filter((name) => !/^(leaf|computed)$/.test(name));
const mild = ['transposed', 'strided', 'offset', 'expanded', 'channelsLast', 'conjugated', 'negated'];

function indexFill(dice: Dice, limit: number): Fill {
  if (dice.chance(0.8)) return { kind: 'integers', low: 0, high: Math.max(1, limit) };
  if (dice.chance(0.5)) return { kind: 'integers', low: -3, high: limit + 2 };
  return {
    kind: 'full',
    value: dice.pick(['-1', `${limit}`, '1000000', '2n ** 40n', '-(2n ** 63n)', '2n ** 63n - 1n']),
  };
}

function valueFill(dice: Dice): Fill {
  switch (dice.below(8)) {
    case 0:
      return { kind: 'zeros' };
    case 1:
      return { kind: 'ones' };
    case 2:
      return {
        kind: 'full',
        value: dice.pick(['-1', '7', '100', '0.5', 'NaN', 'Infinity', '-Infinity', '1e30']),
      };
    case 3:
      return { kind: 'integers', low: 0, high: 4 };
    default:
      return { kind: 'randn' };
  }
}

function dress(dice: Dice): string[] {
  const chosen: string[] = [];
  if (dice.chance(0.12)) chosen.push(dice.pick(mild));
  if (dice.chance(0.07)) chosen.push(dice.pick(views));
  if (dice.chance(0.12)) chosen.push(dice.chance(0.6) ? 'leaf' : 'computed');
  return chosen;
}

/** A tensor for an argument of this name. */
export function randomTensor(dice: Dice, world: World, name: string): TensorRecipe {
  const worldShape = dice.chance(world.strict ? 0.9 : 0.55) ? world.shape : world.fitting(dice);
  if (indexNames.test(name) && dice.chance(0.85)) {
    const few = [[], [1], [world.n], [world.c], [world.n, world.c], [2, 3], [2, 5]];
    return {
      kind: 'tensor',
      shape: dice.chance(0.5) ? worldShape : dice.pick(few),
      dtype: dice.chance(0.95) ? world.integerDtype : anyDtype(dice),
      fill: indexFill(dice, dice.pick([1, 2, world.n, world.c, world.o, world.shape.at(-1) ?? 1])),
      disguises: !world.strict && dice.chance(0.1) ? dress(dice) : [],
    };
  }
  if (maskNames.test(name) && dice.chance(0.7)) {
    return {
      kind: 'tensor',
      shape: worldShape,
      dtype: 'bool',
      fill: { kind: 'integers', low: 0, high: 2 },
      disguises: !world.strict && dice.chance(0.1) ? dress(dice) : [],
    };
  }
  const shape =
    perChannel.test(name) && dice.chance(0.6) ? [dice.pick([world.c, world.c, world.o])] : worldShape;
  return {
    kind: 'tensor',
    shape,
    dtype: world.strict || dice.chance(0.9) ? world.dtype : anyDtype(dice),
    fill: valueFill(dice),
    disguises: world.strict ? [] : dress(dice),
  };
}
