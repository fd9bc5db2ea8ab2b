/** Simpler calls than a given one, the boldest first. */
import type { CallRecipe, Recipe, TensorRecipe } from './recipe.js';

const code = (text: string): Recipe => ({ kind: 'code', code: text });

function* simplerTensors(tensor: TensorRecipe): Generator<Recipe> {
  const { shape, disguises, fill, dtype } = tensor;
  if (disguises.length > 0) yield { ...tensor, disguises: [] };
  for (let i = 0; disguises.length > 1 && i < disguises.length; i++)
    yield { ...tensor, disguises: disguises.filter((_, k) => k !== i) };
  if (dtype !== 'float32' && dtype !== 'int64') yield { ...tensor, dtype: 'float32' };
  if (fill.kind === 'randn' || fill.kind === 'zeros') yield { ...tensor, fill: { kind: 'ones' } };
  if (fill.kind === 'integers') {
    yield { ...tensor, fill: { kind: 'full', value: `${fill.high - 1}` } };
    yield { ...tensor, fill: { kind: 'full', value: `${fill.low}` } };
  }
  if (shape.length > 0) yield { ...tensor, shape: [] };
  for (let i = 0; i < shape.length; i++) {
    if (shape.length > 1) yield { ...tensor, shape: shape.filter((_, k) => k !== i) };
    for (const length of [1, 2]) {
      if ((shape[i] as number) > length)
        yield { ...tensor, shape: shape.map((old, k) => (k === i ? length : old)) };
    }
  }
}

function* simpler(recipe: Recipe): Generator<Recipe> {
  if (recipe.kind === 'tensor') yield* simplerTensors(recipe);
  if (recipe.kind === 'alias') {
    if (recipe.view !== '') yield { ...recipe, view: '' };
    yield { kind: 'tensor', shape: [2, 3], dtype: 'float32', fill: { kind: 'ones' }, disguises: [] };
  }
  if (recipe.kind === 'list') {
    const { items } = recipe;
    if (items.length > 1) yield { kind: 'list', items: [] };
    for (let i = 0; i < items.length; i++) yield { kind: 'list', items: items.filter((_, k) => k !== i) };
    for (let i = 0; i < items.length; i++) {
      for (const item of simpler(items[i] as Recipe))
        yield { kind: 'list', items: items.map((old, k) => (k === i ? item : old)) };
    }
  }
  if (recipe.kind === 'code') {
    const { code: text } = recipe;
    if (text === 'undefined') return;
    if (text !== 'null') yield code('undefined');
    if (text === 'true') yield code('false');
    for (const number of ['1', '0', '-1']) {
      if (/^[-(0-9]|NaN|Infinity/.test(text) && text !== number && !/^(1|0|-1)$/.test(text))
        yield code(number);
    }
  }
}

export function* simplerCalls(call: CallRecipe): Generator<CallRecipe> {
  if (call.backward) yield { ...call, backward: false };
  if (call.seed !== 0) yield { ...call, seed: 0 };
  for (const key of Object.keys(call.options)) {
    yield {
      ...call,
      options: Object.fromEntries(Object.entries(call.options).filter(([name]) => name !== key)),
    };
  }
  if (call.args.length > 1) yield { ...call, args: call.args.slice(0, -1) };
  for (let i = 0; i < call.args.length; i++) {
    const argument = call.args[i] as Recipe;
    if (argument.kind === 'tensor' && !(call.isMethod && i === 0))
      yield { ...call, args: call.args.map((old, k) => (k === i ? code('null') : old)) };
    for (const item of simpler(argument))
      yield { ...call, args: call.args.map((old, k) => (k === i ? item : old)) };
  }
  for (const [key, recipe] of Object.entries(call.options)) {
    for (const item of simpler(recipe)) yield { ...call, options: { ...call.options, [key]: item } };
  }
}
