/**
 * Sequences of different lengths in one tensor: padded, or packed without the padding.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.utils.rnn.PackedSequence.html
 */
import { inspect } from 'node:util';
import { bind, checkTensor, type Rest, tensorsOf } from '../../arguments.js';
import { tensor as makeTensor } from '../../creation.js';
import type { DeviceLike } from '../../device.js';
import { type DType, float32, float64, int64 } from '../../dtype.js';
import { arange, emptyLike } from '../../functions.js';
import { tidy } from '../../memory.js';
import { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';

/**
 * The steps of a batch of sequences, one after the other: all first steps, all second steps, and so on,
 * longest sequence first. Made by {@link packPaddedSequence} and {@link packSequence}; every recurrent module
 * takes it.
 */
export class PackedSequence {
  /**
   * @param data the steps, `(sum of lengths, *)`
   * @param batchSizes how many sequences have each step, int64, on the CPU
   * @param sortedIndices where the sequences were before they were sorted by length, or `null` if they were
   *   sorted
   * @param unsortedIndices the inverse of `sortedIndices`
   */
  constructor(
    readonly data: Tensor,
    readonly batchSizes: Tensor,
    readonly sortedIndices: Tensor | null = null,
    readonly unsortedIndices: Tensor | null = invertPermutation(sortedIndices),
  ) {
    checkTensor('PackedSequence', data, 'data');
    checkTensor('PackedSequence', batchSizes, 'batchSizes');
    if (batchSizes.device.type !== 'cpu') {
      throw new RangeError(
        'batch_sizes should always be on CPU. Instances of PackedSequence should never be created manually. They ' +
          'should be instantiated by functions like pack_sequence and pack_padded_sequences in nn.utils.rnn. ' +
          'https://pytorch.org/docs/stable/nn.html#torch.nn.utils.rnn.pack_sequence',
      );
    }
  }

  /** The four tensors in order, as Python unpacks them. */
  *[Symbol.iterator](): Generator<Tensor | null, void, undefined> {
    yield this.data;
    yield this.batchSizes;
    yield this.sortedIndices;
    yield this.unsortedIndices;
  }

  /** The same sequence with its data on another device or of another dtype; itself if nothing changes. */
  to(options: { device?: DeviceLike; dtype?: DType }): PackedSequence {
    const data = this.data.to(options);
    if (data === this.data) return this;
    const { device } = data;
    const move = (indices: Tensor | null): Tensor | null =>
      indices === null ? null : indices.to({ device });
    return new PackedSequence(data, this.batchSizes, move(this.sortedIndices), move(this.unsortedIndices));
  }

  /** The same sequence on the CPU. */
  cpu(): PackedSequence {
    return this.to({ device: 'cpu' });
  }

  /** The same sequence on a CUDA device. */
  cuda(device: DeviceLike = 'cuda'): PackedSequence {
    return this.to({ device });
  }

  /** The same sequence in float32. */
  float(): PackedSequence {
    return this.to({ dtype: float32 });
  }

  /** The same sequence in float64. */
  double(): PackedSequence {
    return this.to({ dtype: float64 });
  }

  /** Whether the data is on a CUDA device. */
  get isCuda(): boolean {
    return this.data.isCuda;
  }

  toString(): string {
    const { data, batchSizes, sortedIndices, unsortedIndices } = this;
    const optional = (tensor: Tensor | null): string => (tensor === null ? 'None' : String(tensor));
    return (
      `PackedSequence(data=${String(data)}, batch_sizes=${String(batchSizes)}, ` +
      `sorted_indices=${optional(sortedIndices)}, unsorted_indices=${optional(unsortedIndices)})`
    );
  }

  /** @internal */
  [inspect.custom](): string {
    return this.toString();
  }

  /** Frees the four tensors now. */
  dispose(): void {
    for (const tensor of this) tensor?.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** The permutation that undoes `permutation`, a one-dimensional tensor of indices; `null` for `null`. */
export function invertPermutation(permutation: Tensor): Tensor;
export function invertPermutation(permutation: Tensor | null): Tensor | null;
export function invertPermutation(permutation: Tensor | null): Tensor | null {
  if (permutation === null) return null;
  checkTensor('invertPermutation', permutation, 'permutation');
  return tidy(() =>
    emptyLike(permutation).scatter_(
      0,
      permutation,
      arange(0, permutation.numel(), { device: permutation.device, dtype: int64 }),
    ),
  );
}

const packDefaults = Object.freeze({ batchFirst: false, enforceSorted: true });

function lengthsTensor(lengths: Tensor | readonly number[]): Tensor {
  if (lengths instanceof Tensor) return lengths.to({ dtype: int64 });
  if (!Array.isArray(lengths) || !lengths.every((length) => Number.isInteger(length))) {
    throw new TypeError('packPaddedSequence: lengths should be a Tensor or an array of integers');
  }
  return makeTensor(lengths as number[], { dtype: int64 });
}

/**
 * Packs a padded batch.
 *
 * @param input `(T, B, *)`, or `(B, T, *)` with `batchFirst`
 * @param lengths the length of each sequence; a tensor has to be on the CPU
 * @param rest `batchFirst` (default: `false`); `enforceSorted` (default: `true`), whether the sequences are
 *   sorted by length already, longest first; with `false` they are sorted here
 * @throws TorchError if a length is not positive, or if the lengths are not sorted and should be
 */
export function packPaddedSequence(
  input: Tensor,
  lengths: Tensor | readonly number[],
  ...rest: Rest<
    [batchFirst: boolean, enforceSorted: boolean],
    { batchFirst?: boolean; enforceSorted?: boolean }
  >
): PackedSequence {
  const { batchFirst, enforceSorted } = bind('packPaddedSequence', packDefaults, rest);
  checkTensor('packPaddedSequence', input, 'input');
  return tidy(() => {
    const unsorted = lengthsTensor(lengths);
    if (enforceSorted) return new PackedSequence(...aten._pack_padded_sequence(input, unsorted, batchFirst));
    const [sorted, order] = unsorted.sort({ descending: true }) as unknown as [Tensor, Tensor];
    const sortedIndices = order.to({ device: input.device });
    const inOrder = input.indexSelect(batchFirst ? 0 : 1, sortedIndices);
    const [data, batchSizes] = aten._pack_padded_sequence(inOrder, sorted, batchFirst);
    return new PackedSequence(data, batchSizes, sortedIndices);
  });
}

const padDefaults = Object.freeze({ batchFirst: false, paddingValue: 0, totalLength: null as number | null });

/**
 * Pads a packed batch; the inverse of {@link packPaddedSequence}. Gives the padded batch and the lengths, in
 * the order in which the sequences were before they were packed.
 *
 * @param sequence what to pad
 * @param rest `batchFirst` (default: `false`), `paddingValue` (default: 0), `totalLength`, the length to pad
 *   to (default: the longest sequence's)
 * @throws RangeError if `totalLength` is less than the longest sequence's length
 */
export function padPackedSequence(
  sequence: PackedSequence,
  ...rest: Rest<
    [batchFirst: boolean, paddingValue: number, totalLength: number | null],
    { batchFirst?: boolean; paddingValue?: number; totalLength?: number | null }
  >
): [padded: Tensor, lengths: Tensor] {
  const { batchFirst, paddingValue, totalLength } = bind('padPackedSequence', padDefaults, rest);
  if (!(sequence instanceof PackedSequence))
    throw new TypeError("padPackedSequence(): argument 'sequence' must be PackedSequence");
  const longest = sequence.batchSizes.size(0);
  if (totalLength !== null && totalLength < longest) {
    throw new RangeError(
      'Expected total_length to be at least the length of the longest sequence in input, but got ' +
        `total_length=${totalLength} and max sequence length being ${longest}`,
    );
  }
  return tidy(() => {
    const { data, batchSizes, unsortedIndices } = sequence;
    const [padded, lengths] = aten._pad_packed_sequence(
      data,
      batchSizes,
      batchFirst,
      paddingValue,
      totalLength ?? longest,
    );
    if (unsortedIndices === null) return [padded, lengths];
    return [
      padded.indexSelect(batchFirst ? 0 : 1, unsortedIndices),
      lengths.indexSelect(0, unsortedIndices.to({ device: 'cpu' })),
    ];
  });
}

const padSequenceDefaults = Object.freeze({
  batchFirst: false,
  paddingValue: 0,
  paddingSide: 'right' as 'left' | 'right',
});

/**
 * Stacks sequences `(Lᵢ, *)` into one padded tensor `(T, B, *)`, or `(B, T, *)` with `batchFirst`.
 *
 * @param sequences the sequences, which have all dimensions but the first in common
 * @param rest `batchFirst` (default: `false`), `paddingValue` (default: 0), `paddingSide` (default:
 *   `'right'`)
 */
export function padSequence(
  sequences: Iterable<Tensor>,
  ...rest: Rest<
    [batchFirst: boolean, paddingValue: number, paddingSide: 'left' | 'right'],
    { batchFirst?: boolean; paddingValue?: number; paddingSide?: 'left' | 'right' }
  >
): Tensor {
  const { batchFirst, paddingValue, paddingSide } = bind('padSequence', padSequenceDefaults, rest);
  return aten.pad_sequence(
    tensorsOf('padSequence', sequences, 'sequences'),
    batchFirst,
    paddingValue,
    paddingSide,
  );
}

/**
 * The sequences of a padded batch without their padding. `lengths` are those of {@link padPackedSequence}.
 */
export function unpadSequence(
  padded: Tensor,
  lengths: Tensor,
  ...rest: Rest<[batchFirst: boolean], { batchFirst?: boolean }>
): Tensor[] {
  const { batchFirst } = bind('unpadSequence', { batchFirst: false }, rest);
  checkTensor('unpadSequence', padded, 'padded');
  checkTensor('unpadSequence', lengths, 'lengths');
  if (lengths.ndim !== 1)
    throw new RangeError(`unpadSequence(): lengths must have 1 dimension, not ${lengths.ndim}`);
  return tidy(() =>
    (lengths.tolist() as number[]).map((length, i) =>
      padded.select(batchFirst ? 0 : 1, i).narrow(0, 0, Number(length)),
    ),
  );
}

/**
 * Packs a list of sequences `(Lᵢ, *)`. With `enforceSorted` (the default) they have to be sorted by length,
 * longest first.
 */
export function packSequence(
  sequences: readonly Tensor[],
  ...rest: Rest<[enforceSorted: boolean], { enforceSorted?: boolean }>
): PackedSequence {
  const { enforceSorted } = bind('packSequence', { enforceSorted: true }, rest);
  return tidy(() => {
    const list = tensorsOf('packSequence', sequences, 'sequences');
    const lengths = list.map((sequence) => sequence.size(0));
    return packPaddedSequence(padSequence(list), lengths, { enforceSorted });
  });
}

/** The sequences of a packed batch. The inverse of {@link packSequence}. */
export function unpackSequence(packed: PackedSequence): Tensor[] {
  return tidy(() => {
    if (!(packed instanceof PackedSequence))
      throw new TypeError("unpackSequence(): argument 'packed' must be PackedSequence");
    const [padded, lengths] = padPackedSequence(packed, { batchFirst: true });
    return unpadSequence(padded, lengths, { batchFirst: true });
  });
}
