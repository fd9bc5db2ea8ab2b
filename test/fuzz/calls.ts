/** Random calls of a target, and calls that differ in a little from one that worked. */
import type { Dice } from '../support/dice.js';
import { type CallRecipe, disguises, type Recipe, type TensorRecipe } from './recipe.js';
import type { Parameter, Target } from './targets.js';
import { randomTensor } from './tensors.js';
import { absurdity, randomArgument } from './values.js';
import { anyDtype, World } from './world.js';

const absent: Recipe = { kind: 'code', code: 'undefined' };
const optionNames = [
  'dim',
  'keepdim',
  'dtype',
  'out',
  'device',
  'requiresGrad',
  'reduction',
  'weight',
  'size',
  'eps',
  'x',
];

/** Arguments for a function of which nothing is known. */
function blindCall(dice: Dice, world: World, target: Target): CallRecipe {
  const args: Recipe[] = target.isMethod ? [randomTensor(dice, world, 'self')] : [];
  const count = dice.below(5);
  for (let i = 0; i < count; i++) {
    const type = dice.pick([
      'Tensor',
      'Tensor',
      'Tensor',
      'int',
      'float',
      'bool',
      'int[]',
      'Tensor[]',
      'str',
      '',
    ]);
    args.push(
      type === '' ? absurdity(dice, world) : randomArgument(dice, world, { name: 'input', type }, []),
    );
  }
  const options: Record<string, Recipe> = {};
  while (dice.chance(0.2)) options[dice.pick(optionNames)] = absurdity(dice, world);
  return finish(dice, target, args, options);
}

const finish = (
  dice: Dice,
  target: Target,
  args: readonly Recipe[],
  options: Readonly<Record<string, Recipe>>,
): CallRecipe => ({
  target: target.expression,
  isMethod: target.isMethod,
  seed: dice.below(1000),
  args,
  options,
  backward: dice.chance(0.5),
});

export function randomCall(dice: Dice, target: Target): CallRecipe {
  const world = new World(dice);
  const form = target.forms.length > 0 && dice.chance(0.93) ? dice.pick(target.forms) : undefined;
  if (form === undefined) return blindCall(dice, world, target);
  const args: Recipe[] = [];
  const options: Record<string, Recipe> = {};
  const tensors: string[] = [];
  const self = target.isMethod ? form.findIndex(({ name }) => name === 'self') : -1;
  if (target.isMethod) args.push(randomTensor(dice, world, 'self'));
  form.forEach((parameter, i) => {
    if (i === self) return;
    const given = !parameter.hasDefault || dice.chance(0.55);
    const recipe = given ? randomArgument(dice, world, parameter, tensors) : absent;
    if (parameter.kwargOnly) {
      if (given) options[parameter.name] = recipe;
      return;
    }
    if (recipe.kind === 'tensor') tensors.push(`a${args.length}`);
    args.push(recipe);
  });
  while (args.at(-1) === absent) args.pop();
  return finish(dice, target, args, options);
}

const edges = [
  '-1',
  '0',
  '1',
  '2',
  '3',
  '100',
  '2 ** 31',
  '2n ** 62n',
  '2n ** 63n - 1n',
  '-(2n ** 63n)',
  'NaN',
  'Infinity',
];

function changedTensor(dice: Dice, tensor: TensorRecipe): TensorRecipe {
  const { shape } = tensor;
  switch (dice.below(7)) {
    case 0:
      return { ...tensor, dtype: anyDtype(dice) };
    case 1:
      return { ...tensor, shape: shape.slice(1) };
    case 2:
      return { ...tensor, shape: [...shape, dice.pick([1, 2, 0])] };
    case 3: {
      const at = dice.below(shape.length);
      return {
        ...tensor,
        shape: shape.map((length, i) =>
          i === at ? dice.pick([0, 1, length + 1, Math.max(0, length - 1), 17]) : length,
        ),
      };
    }
    case 4:
      return {
        ...tensor,
        fill: {
          kind: 'full',
          value: dice.pick(['-1', '1000000', 'NaN', 'Infinity', '2n ** 40n', '0', '-(2n ** 63n)']),
        },
      };
    case 5:
      return { ...tensor, disguises: [] };
    default:
      return { ...tensor, disguises: [...tensor.disguises.slice(0, 1), dice.pick(Object.keys(disguises))] };
  }
}

function changed(dice: Dice, world: World, recipe: Recipe, parameter: Parameter | undefined): Recipe {
  if (dice.chance(0.05)) return absurdity(dice, world);
  if (parameter !== undefined && dice.chance(0.3)) return randomArgument(dice, world, parameter, []);
  if (recipe.kind === 'tensor') return changedTensor(dice, recipe);
  if (recipe.kind === 'list') {
    const at = dice.below(recipe.items.length + 1);
    const item = recipe.items[at];
    if (item === undefined) return { kind: 'list', items: recipe.items.slice(0, -1) };
    if (dice.chance(0.2)) return { kind: 'list', items: [...recipe.items, item] };
    return {
      kind: 'list',
      items: recipe.items.map((value, i) => (i === at ? changed(dice, world, item, undefined) : value)),
    };
  }
  if (recipe.kind === 'code') {
    if (/^(true|false)$/.test(recipe.code))
      return { kind: 'code', code: recipe.code === 'true' ? 'false' : 'true' };
    return { kind: 'code', code: dice.pick(edges) };
  }
  return absent;
}

/** A call that worked, with one or two of its arguments changed. */
export function changedCall(dice: Dice, target: Target, call: CallRecipe): CallRecipe {
  const world = new World(dice);
  const args = [...call.args];
  const options = { ...call.options };
  const positional = (target.forms[0] ?? []).filter(({ kwargOnly }) => !kwargOnly);
  for (let times = dice.chance(0.7) ? 1 : 2; times > 0; times--) {
    const keys = Object.keys(options);
    const at = dice.below(args.length + keys.length);
    if (target.isMethod && at === 0) {
      if (args[0]?.kind === 'tensor') args[0] = changedTensor(dice, args[0]);
    } else if (at < args.length)
      args[at] = changed(
        dice,
        world,
        args[at] as Recipe,
        target.forms.length === 1 ? positional[at] : undefined,
      );
    else {
      const key = keys[at - args.length];
      if (key === undefined) break;
      const parameter = target.forms.flat().find(({ name }) => name === key);
      options[key] = changed(dice, world, options[key] as Recipe, parameter);
    }
  }
  return { ...finish(dice, target, args, options), seed: call.seed };
}
