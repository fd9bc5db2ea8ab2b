/** Lists within an index, as `x[[0, 2]]`: the tensor that they stand for. */
import { bool, type DType, int64, uint8 } from '../dtype.js';
import { native } from '../native.js';
import { nestedShape, visitNested } from '../nested.js';
import { Tensor } from '../tensor.js';

type Leaf = number | bigint | boolean;
// What the elements are together: booleans make a mask, so do those of uint8 tensors; all others are integers.
type Kind = 'bool' | 'byte' | 'integer';

class Elements {
  readonly leaves: Leaf[] = [];
  kind: Kind | undefined;

  take(value: unknown): void {
    if (value instanceof Tensor) {
      const { dtype } = value;
      const item = value.item();
      if (typeof item === 'object')
        throw new TypeError("'complex' object cannot be interpreted as an integer");
      this.add(item, dtype === bool ? 'bool' : dtype === uint8 ? 'byte' : 'integer');
    } else if (typeof value === 'boolean') this.add(value, 'bool');
    else if (typeof value === 'number' || typeof value === 'bigint') this.add(value, 'integer');
    else {
      throw new TypeError(
        `a list within an index holds integers or booleans, not ${value === null ? 'null' : typeof value}`,
      );
    }
  }

  private add(leaf: Leaf, kind: Kind): void {
    this.leaves.push(leaf);
    if (this.kind === undefined || this.kind === kind) this.kind = kind;
    else this.kind = this.kind === 'integer' || kind === 'integer' ? 'integer' : 'byte';
  }
}

function toInteger(leaf: Leaf): bigint {
  // As Python's lists of floats: the fraction is cut off.
  if (typeof leaf === 'number' && !Number.isInteger(leaf)) {
    if (!Number.isFinite(leaf))
      throw new RangeError('value cannot be converted to type int64 without overflow');
    return BigInt(Math.trunc(leaf));
  }
  const integer = BigInt(leaf);
  if (BigInt.asIntN(64, integer) !== integer) throw new RangeError('Overflow when unpacking long long');
  return integer;
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const low = littleEndian ? 0 : 1;
const high = 1 - low;

/** The bytes of integers of 64 bits. Small ones are written as their halves, which spares making a bigint of each. */
function integersOf(leaves: readonly Leaf[]): Int32Array {
  const halves = new Int32Array(2 * leaves.length);
  let wide: BigInt64Array | undefined;
  for (let i = 0; i < leaves.length; i++) {
    const leaf = leaves[i] as Leaf;
    if (typeof leaf === 'number' && leaf === (leaf | 0)) {
      halves[2 * i + low] = leaf;
      halves[2 * i + high] = leaf < 0 ? -1 : 0;
    } else {
      wide ??= new BigInt64Array(halves.buffer);
      wide[i] = toInteger(leaf);
    }
  }
  return halves;
}

/** Whether a list is one of small integers and no more, as most are. */
function isPlain(list: ArrayLike<unknown>): list is number[] {
  if (!Array.isArray(list)) return false;
  for (let i = 0; i < list.length; i++) {
    const leaf: unknown = list[i];
    if (typeof leaf !== 'number' || leaf !== (leaf | 0)) return false;
  }
  return true;
}

/**
 * A list of integers or booleans as the tensor that indexes like it: int64, or a mask where all are booleans. Gives its
 * handle, which has no object: release it, or wrap it.
 */
export function listToHandle(list: ArrayLike<unknown>): number {
  const make = (array: Uint8Array | Int32Array, dtype: DType, shape: readonly number[]): number =>
    native.fromBytes(array, dtype.code, shape) as number;
  if (isPlain(list)) return make(integersOf(list), int64, [list.length]);
  const shape = nestedShape('at', list);
  const elements = new Elements();
  visitNested('at', list, shape, (value) => elements.take(value));
  const { leaves, kind } = elements;
  if (kind === 'bool') return make(Uint8Array.from(leaves, Number), bool, shape);
  if (kind === 'byte') return make(Uint8Array.from(leaves, Number), uint8, shape);
  return make(integersOf(leaves), int64, shape);
}
