/**
 * A small seeded generator for shuffles and made-up data where no tensor is at hand: xoshiro128** 1.1 (Blackman and
 * Vigna), its four words of state drawn from the seed by SplitMix32 (steps of 0x9e3779b9 through the 32-bit
 * MurmurHash3 finaliser). The same seed gives the same numbers on every machine. Not for secrets.
 */
export class SeededRandom {
  private readonly state: Uint32Array;

  /** `RangeError` unless `seed` is an integer from 0 to 2^32 - 1. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new RangeError(`seed must be an integer from 0 to 4294967295, got ${seed}`);
    }
    this.state = Uint32Array.from({ length: 4 }, (_, i) => finalize(seed + Math.imul(i + 1, 0x9e3779b9)));
  }

  /** The next 32 bits, as an integer from 0 to 2^32 - 1. */
  uint32(): number {
    const state = this.state;
    const [a, b, c, d] = state as unknown as [number, number, number, number];
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const mixed = c ^ a;
    const last = d ^ b;
    state[0] = a ^ last;
    state[1] = b ^ mixed;
    state[2] = mixed ^ (b << 9);
    state[3] = rotate(last, 11);
    return result;
  }

  /** An integer from 0 to `bound - 1`, each equally likely. `RangeError` unless 1 ≤ `bound` ≤ 2^32. */
  below(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 0x100000000) {
      throw new RangeError(`bound must be an integer from 1 to 4294967296, got ${bound}`);
    }
    // Values in the last, incomplete stretch of `bound` would favour the small results: draw again.
    const limit = 0x100000000 - (0x100000000 % bound);
    let value = this.uint32();
    while (value >= limit) value = this.uint32();
    return value % bound;
  }

  /** A number from 0 to 1, 1 excluded, with 32 random bits. */
  uniform(): number {
    return this.uint32() / 0x100000000;
  }

  /** One entry of a list. `RangeError` where it is empty. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** The list in a random order (Fisher and Yates), as a new array. */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [result[i], result[j]] = [result[j]!, result[i]!];
    }
    return result;
  }

  /** The integers from 0 to `length - 1` in a random order. */
  permutation(length: number): number[] {
    return this.shuffled(Array.from({ length }, (_, i) => i));
  }
}

function finalize(value: number): number {
  let z = value >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
