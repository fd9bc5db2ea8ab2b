import { SWAPPED_VERSION } from '../errors.js';
import { keep } from '../memory.js';
import { native } from '../native.js';
import { refuseAsync } from '../scope.js';
import { Tensor } from '../tensor.js';

/** A tensor whose data is another's for a while. */
export interface DataSwap extends Disposable {
  /** The tensor. */
  readonly tensor: Tensor;
  /** Whether the tensor has its own data back. */
  readonly restored: boolean;
  /**
   * Gives the tensor its own data back: the same memory, so the same bits. Does nothing the second time.
   *
   * @throws Error while a later swap of the same tensor is still in place.
   */
  restore(): void;
}

/** The swaps in place for each tensor, the innermost last. */
const swaps = new WeakMap<Tensor, DataSwap[]>();

/** Each swap has a version of its own, from {@link SWAPPED_VERSION} on, which counting never reaches. */
let serial = 0;

function nextVersion(): number {
  serial = (serial + 1) % SWAPPED_VERSION;
  return SWAPPED_VERSION + serial;
}

/**
 * Puts another tensor's data in the place of a tensor's own until the end of the scope, however it ends:
 *
 *     using swap = swapData(embedding.weight, embedding.weight.add(perturbation));
 *     const loss = criterion(network(batch), labels);
 *
 * This is `original = weight.data; weight.data = perturbed; ...; weight.data = original` with the restore that cannot
 * be forgotten and that an exception does not pass by.
 *
 * **Run `backward` inside the scope.** Autograd keeps for the backward pass what an operation needs of its inputs. Where
 * that is a leaf, as in `matmul(h, weight)`, it keeps the leaf itself, and assigning `data` does not move the version
 * counter by which a change would be noticed: PyTorch computes **silently wrong** gradients where the data are not what
 * they were in the forward pass. Here such a backward is an error, since the tensor has a version of its own during the
 * swap. (`F.linear` keeps a view of the leaf, and is refused too; `nn.Embedding` keeps only indices, so that its backward
 * may run after the scope, as the forum's does.) Assigning `data` by hand is as in PyTorch, and gives the same bits.
 *
 * @param tensor The tensor, a parameter usually.
 * @param replacement The data it is to have: same shape, dtype and device. No gradient flows into it.
 * @throws TypeError for anything but tensors, or another dtype or device.
 * @throws RangeError for another shape.
 */
export function swapData(tensor: Tensor, replacement: Tensor): DataSwap {
  check(tensor, replacement);
  const stack = swaps.get(tensor) ?? [];
  swaps.set(tensor, stack);
  const original = keep(tensor.data);
  const version = tensor.isInference() ? null : tensor._version;
  setData(tensor, replacement, version === null ? null : nextVersion());
  let restored = false;
  const swap: DataSwap = {
    tensor,
    get restored() {
      return restored;
    },
    restore() {
      if (restored) return;
      if (stack.at(-1) !== swap) {
        throw new Error(
          'swapData: a later swap of the same tensor is still in place; restore that one first',
        );
      }
      setData(tensor, original, version);
      restored = true;
      stack.pop();
      original.dispose();
    },
    [Symbol.dispose]() {
      swap.restore();
    },
  };
  stack.push(swap);
  return swap;
}

/**
 * Calls a function while a tensor has another's data, and gives the tensor its own back, also when the function
 * throws. See {@link swapData}, and its warning: call `backward` inside the function where the tensor may be saved.
 *
 *     const lossAdv = withSwappedData(weight, weight.add(perturbation), () => {
 *       const loss = criterion(network(batch), labels);
 *       loss.backward();
 *       return loss.item();
 *     });
 *
 * @returns What the function returns.
 * @throws TypeError where the function is asynchronous: it would go on after the restore.
 */
export function withSwappedData<Result>(tensor: Tensor, replacement: Tensor, fn: () => Result): Result {
  const swap = swapData(tensor, replacement);
  try {
    const result = fn();
    refuseAsync('withSwappedData', result);
    return result;
  } finally {
    swap.restore();
  }
}

/** @param version Null for tensors of inference mode, which autograd cannot have saved. */
function setData(tensor: Tensor, data: Tensor, version: number | null): void {
  tensor.data = data;
  if (version !== null) native.setVersion(tensor.handle, version);
  // Autocast keeps the casts of leaves, which it knows by the tensor and not by its data.
  native.clearAutocastCache();
}

function check(tensor: Tensor, replacement: Tensor): void {
  for (const [name, value] of Object.entries({ tensor, replacement })) {
    if (!(value instanceof Tensor)) {
      throw new TypeError(
        `swapData: ${name} must be a Tensor, got ${value === null ? 'null' : typeof value}`,
      );
    }
  }
  if (tensor.dtype !== replacement.dtype) {
    throw new TypeError(`swapData: the data is ${tensor.dtype} and the replacement ${replacement.dtype}`);
  }
  if (String(tensor.device) !== String(replacement.device)) {
    throw new TypeError(
      `swapData: the data is on ${tensor.device} and the replacement on ${replacement.device}`,
    );
  }
  const { shape } = replacement;
  if (tensor.shape.length !== shape.length || tensor.shape.some((size, i) => size !== shape[i])) {
    throw new RangeError(`swapData: the data has shape [${tensor.shape}] and the replacement [${shape}]`);
  }
}
