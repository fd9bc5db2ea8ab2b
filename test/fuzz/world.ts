/** What the arguments of one call have in common, so that they often fit each other. */
import type { Dice } from '../support/dice.js';

const dtypes = [
  ...new Array<string>(8).fill('float32'),
  'float64',
  'float64',
  'int64',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint8',
  'bool',
  'complex64',
  'complex128',
  'float16',
  'bfloat16',
];
const rare = [
  'complex32',
  'uint16',
  'uint32',
  'uint64',
  'float8_e4m3fn',
  'float8_e5m2',
  'float8_e4m3fnuz',
  'float8_e8m0fnu',
  'quint8',
  'qint8',
  'qint32',
  'quint4x2',
];

export const anyDtype = (dice: Dice): string => dice.pick(dice.chance(0.12) ? rare : dtypes);

export class World {
  /** Examples, channels, channels out, a width of features, and lengths of space. */
  readonly n: number;
  readonly c: number;
  readonly o: number;
  readonly k: number;
  readonly space: readonly number[];
  readonly dtype: string;
  readonly integerDtype: string;
  /** All tensors are alike, and nothing is absurd. */
  readonly strict: boolean;
  /** The shape that most tensors have. */
  readonly shape: readonly number[];

  constructor(dice: Dice) {
    this.strict = dice.chance(0.5);
    this.n = dice.pick([1, 1, 2, 2, 3]);
    this.c = dice.pick([1, 2, 3, 4, 4, 6, 8]);
    this.o = dice.pick([1, 2, 3, 4, 8]);
    this.k = dice.pick([1, 2, 3]);
    const space = dice.below(4);
    const even = dice.pick([3, 4, 5, 8]);
    this.space = Array.from({ length: space }, () => (dice.chance(0.7) ? even : dice.integer(1, 9)));
    this.dtype = this.strict && dice.chance(0.6) ? 'float32' : anyDtype(dice);
    this.integerDtype = dice.chance(0.85) ? 'int64' : 'int32';
    this.shape = dice.pick([
      [this.n, this.c, ...this.space],
      [this.n, this.c, ...this.space],
      [this.c, ...this.space],
      [this.n, even, even],
      [even, even],
      [this.n, this.c],
      [even],
      [],
    ]);
  }

  /** A shape that fits the others in one of the usual ways. */
  fitting(dice: Dice): readonly number[] {
    const { shape, n, c, o, k, space } = this;
    const last = shape.at(-1) ?? 1;
    switch (dice.below(12)) {
      case 0:
        return shape.map((length) => (dice.chance(0.4) ? 1 : length));
      case 1:
        return shape.slice(dice.below(shape.length + 1));
      case 2:
        return [...shape.slice(0, -2), last, dice.pick([k, o, last])];
      case 3:
        return [...shape.slice(0, -1), dice.pick([c, o, k])];
      case 4:
        return [o, c, ...space.map(() => k)];
      case 5:
        return [c, o, ...space.map(() => k)];
      case 6:
        return [n, o, ...space.map((length) => Math.max(1, length - k + 1))];
      case 7:
        return dice.pick([[], [1], [c], [o], [n], [last], [c * 3], [c * 4], [n, c], [o, c], [n, n, c]]);
      case 8:
        return shape.length === 0 ? [] : [...shape.slice(0, -1), 0];
      case 9:
        return [...shape.slice(0, -2), last, last];
      case 10:
        return Array.from({ length: dice.below(6) }, () => dice.below(5));
      default:
        return shape;
    }
  }
}
