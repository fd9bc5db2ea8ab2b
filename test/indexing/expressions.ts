/** Index expressions made by chance from one grammar, in a form that Python reads as well. */
import torch, { type DType, type Tensor, type TensorIndex, type TensorValue } from '../../lib/index.js';
import { Dice } from '../support/dice.js';

type Nested = number | boolean | Nested[];

/** One place: integer, slice, null, ellipsis, boolean, tensor (flat data, dtype, shape), list. */
export type Entry =
  | ['i', number]
  | ['s', number | null, number | null, number | null]
  | ['n']
  | ['e']
  | ['b', boolean]
  | ['t', (number | boolean)[], string, number[]]
  | ['l', Nested];

/** What is assigned: a number, a complex number, or a tensor of a shape and dtype. */
export type Value = ['v', number | boolean] | ['c', [number, number]] | ['t', number[], string];

export interface Expression {
  op: 'get' | 'set' | 'put';
  shape: number[];
  dtype: string;
  transpose?: boolean;
  grad?: boolean;
  index: Entry[];
  value?: Value;
  accumulate?: boolean;
}

const dtypes = ['float32', 'float32', 'int64', 'bool', 'complex64', 'float16', 'uint8', 'float64'];

class Writer {
  constructor(private readonly dice: Dice) {}

  /** An index into a dimension of `size`, now and then out of range. */
  private integer(size: number): number {
    const { dice } = this;
    if (dice.chance(0.03) || size === 0) return dice.pick([size, -size - 1, size + 3]);
    return dice.integer(-size, size - 1);
  }

  private slice(size: number): Entry {
    const { dice } = this;
    const bound = (): number | null => (dice.chance(0.4) ? null : dice.integer(-size - 2, size + 2));
    const step = dice.chance(0.6) ? null : dice.chance(0.05) ? -1 : dice.integer(1, 3);
    return ['s', bound(), bound(), step];
  }

  /** Shapes that broadcast with each other, mostly. */
  private indexShape(): number[] {
    return this.dice.pick<number[]>([[], [2], [1], [3], [2, 1], [1, 3], [2, 3], [0], [2], [2]]);
  }

  private tensor(size: number): Entry {
    const { dice } = this;
    const shape = this.indexShape();
    const count = shape.reduce((product, length) => product * length, 1);
    const dtype = dice.chance(0.7)
      ? 'int64'
      : dice.pick(['int32', 'int32', 'int8', 'int16', 'float32', 'uint8']);
    const data = Array.from({ length: count }, () =>
      dtype === 'uint8' ? dice.below(2) : this.integer(size),
    );
    return ['t', data, dtype, shape];
  }

  /** A mask over the next one or two dimensions. */
  private mask(sizes: readonly number[]): { entry: Entry; dims: number } {
    const { dice } = this;
    const dims = Math.min(sizes.length, dice.pick([0, 1, 1, 1, 2]));
    const shape = sizes.slice(0, dims);
    if (dims > 0 && dice.chance(0.05)) shape[0] = (shape[0] as number) + 1;
    const count = shape.reduce((product, length) => product * length, 1);
    const dtype = dice.chance(0.8) ? 'bool' : 'uint8';
    const data = Array.from({ length: count }, () => (dtype === 'bool' ? dice.chance(0.5) : dice.below(2)));
    return { entry: ['t', data, dtype, shape], dims };
  }

  private list(size: number): Entry {
    const { dice } = this;
    if (dice.chance(0.2)) return ['l', Array.from({ length: size }, () => dice.chance(0.5))];
    if (dice.chance(0.05)) return ['l', []];
    if (dice.chance(0.3))
      return [
        'l',
        [
          [this.integer(size), this.integer(size)],
          [this.integer(size), 0],
        ],
      ];
    return ['l', Array.from({ length: dice.pick([1, 2, 2, 3]) }, () => this.integer(size))];
  }

  index(shape: readonly number[]): Entry[] {
    const { dice } = this;
    const entries: Entry[] = [];
    let dim = 0;
    const places = dice.integer(1, shape.length + (dice.chance(0.04) ? 2 : 0)) || 1;
    while (entries.length < places) {
      const size = shape[dim] ?? 1;
      const roll = dice.next();
      if (roll < 0.25) {
        entries.push(['i', this.integer(size)]);
        dim++;
      } else if (roll < 0.5) {
        entries.push(this.slice(size));
        dim++;
      } else if (roll < 0.57) entries.push(['n']);
      else if (roll < 0.63 && (dice.chance(0.1) || !entries.some(([kind]) => kind === 'e'))) {
        entries.push(['e']);
        dim = Math.max(dim, shape.length - (places - entries.length));
      } else if (roll < 0.67) entries.push(['b', dice.chance(0.6)]);
      else if (roll < 0.8) {
        entries.push(this.tensor(size));
        dim++;
      } else if (roll < 0.9) {
        const mask = this.mask(shape.slice(dim));
        entries.push(mask.entry);
        dim += mask.dims;
      } else {
        entries.push(this.list(size));
        dim++;
      }
    }
    return entries;
  }

  private value(shape: readonly number[], dtype: string): Value {
    const { dice } = this;
    const roll = dice.next();
    if (roll < 0.4) return ['v', dice.pick<number | boolean>([7, -3, 2.5, true, 0, 300])];
    if (roll < 0.45) return ['c', [1.5, -2]];
    const kind = dice.chance(0.9) ? dtype : dice.pick(dtypes);
    if (roll < 0.7) return ['t', dice.pick<number[]>([[], [1], [1, 1]]), kind];
    const tail = shape.slice(dice.integer(0, shape.length));
    return ['t', dice.chance(0.2) ? [1, ...tail] : [...tail], kind];
  }

  expression(): Expression {
    const { dice } = this;
    const drawn = Array.from({ length: dice.pick([0, 1, 2, 2, 3, 3, 3, 4]) }, () =>
      dice.pick([1, 2, 3, 3, 4, 2, 0]),
    );
    // Mostly tensors that have elements.
    const shape = dice.chance(0.9) ? drawn.map((size) => size || 2) : drawn;
    const dtype = dice.pick(dtypes);
    const transpose = shape.length > 1 && dice.chance(0.2);
    const seen = transpose ? [shape.at(-1) as number, ...shape.slice(1, -1), shape[0] as number] : shape;
    const base = { shape, dtype, ...(transpose && { transpose }) };
    const roll = dice.next();
    // By itself: PyTorch looks at some other mistakes before it looks at a list.
    if (roll < 0.01 && shape.length > 0) return { op: 'get', ...base, index: [['l', [[0, 1], [0]]]] };
    if (roll < 0.55) {
      const grad = dtype.startsWith('float') && dice.chance(0.3);
      return { op: 'get', ...base, ...(grad && { grad }), index: this.index(seen) };
    }
    if (roll < 0.92 || shape.length === 0) {
      return { op: 'set', ...base, index: this.index(seen), value: this.value(seen, dtype) };
    }
    const index = seen
      .slice(0, dice.integer(1, seen.length))
      .map((size): Entry => (dice.chance(0.8) ? this.tensor(size) : this.mask([size]).entry));
    const value: Value = ['t', dice.pick<number[]>([[], [1], [2]]), dice.chance(0.95) ? dtype : 'float64'];
    return { op: 'put', ...base, index, value, accumulate: dice.chance(0.5) };
  }
}

/** The first `count` expressions of a seed. */
export function expressions(seed: number, count: number): Expression[] {
  const writer = new Writer(new Dice(seed));
  return Array.from({ length: count }, () => writer.expression());
}

const dtypeOf = (name: string): DType => (torch as unknown as Record<string, DType>)[name] as DType;

/** The tensor of a shape that holds 0, 1, 2, ... */
export function make(shape: readonly number[], dtype: string): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const x = torch.arange(count, { dtype: torch.int64 }).reshape(shape);
  return dtype === 'bool' ? x.remainder(3).eq(0) : x.to(dtypeOf(dtype));
}

/** What a place is in litorch. Slices with an odd start are made of values, the others written as text. */
export function toIndex(entry: Entry): TensorIndex {
  switch (entry[0]) {
    case 'i':
      return entry[1];
    case 's': {
      const [, start, stop, step] = entry;
      if (start !== null && start % 2 !== 0) return torch.slice(start, stop, step);
      const tail = step === null ? '' : `:${step}`;
      return `${start ?? ''}:${stop ?? ''}${tail}` as TensorIndex;
    }
    case 'n':
      return null;
    case 'e':
      return '...';
    case 'b':
      return entry[1];
    case 't':
      return torch.tensor(entry[1], { dtype: dtypeOf(entry[2]) }).reshape(entry[3]);
    default:
      return entry[1] as TensorIndex;
  }
}

export function toValue(value: Value): TensorValue {
  if (value[0] === 'v') return value[1];
  if (value[0] === 'c') return { re: value[1][0], im: value[1][1] };
  const tensor = make(value[1], value[2]);
  return value[2] === 'bool' ? tensor : tensor.add(100);
}
