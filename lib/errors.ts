/**
 * The errors that litorch throws. Mistakes in an argument's type are `TypeError`, values out of range `RangeError`, as
 * JavaScript users expect; everything that libtorch itself reports is a {@link TorchError} with PyTorch's message.
 */

/** An error reported by libtorch or by litorch. */
export class TorchError extends Error {
  override name = 'TorchError';
  /** The operator that failed, as registered (`aten::add.Tensor`), where there is one. */
  readonly op: string | undefined;

  constructor(message: string, op?: string) {
    super(message);
    this.op = op === '' ? undefined : op;
  }
}

/** Memory could not be allocated, on the CPU or on a device, even after garbage had been collected. */
export class OutOfMemoryError extends TorchError {
  override name = 'OutOfMemoryError';
}

/** A linear algebra routine failed, for instance because a matrix is singular. */
export class LinAlgError extends TorchError {
  override name = 'LinAlgError';
}

/** libtorch has no implementation for this operator with these dtypes or on this device. */
export class NotImplementedError extends TorchError {
  override name = 'NotImplementedError';
}

/** An error of `torch.distributed`. */
export class DistributedError extends TorchError {
  override name = 'DistributedError';
}

/** A tensor was used after `dispose()`, after its `torch.tidy` scope had ended, or on a thread that it is not of. */
export class DisposedError extends TorchError {
  override name = 'DisposedError';
}

/** From here on a version says that a tensor has other data for a while: see `swapData` in `litorch/adversarial`. @internal */
export const SWAPPED_VERSION = 2 ** 31;

const VERSIONS = /is at version (\d+); expected version (\d+) instead/;

/** What autograd's complaint of a changed version means where the change was a swap of data. */
function explainSwap(message: string): string {
  const [, is, expected] = VERSIONS.exec(message) ?? [];
  const wasSwapped = Number(expected) >= SWAPPED_VERSION;
  if (!wasSwapped && !(Number(is) >= SWAPPED_VERSION)) return message;
  const what = wasSwapped
    ? 'was computed while a tensor had other data (swapData, perturb), which its backward pass needs and which are gone: run backward() inside that scope'
    : 'was computed before a tensor was given other data (swapData, perturb), and its backward pass needs its own: run backward() before that scope or after it';
  return `the loss ${what}. PyTorch would compute wrong gradients here without a word.`;
}

const classes: Record<string, new (message: string, op?: string) => Error> = {
  Torch: TorchError,
  OutOfMemory: OutOfMemoryError,
  LinAlg: LinAlgError,
  NotImplemented: NotImplementedError,
  Distributed: DistributedError,
  Disposed: DisposedError,
};

/**
 * Makes the error that the addon throws; its kinds are those of native/errors.cpp.
 * @internal
 */
export function makeError(kind: string, message: string, op: string): Error {
  if (message.includes('; expected version ')) return new TorchError(explainSwap(message), op);
  const prefixed = op === '' || kind === 'Torch' ? message : `${op}: ${message}`;
  if (kind === 'Type') return new TypeError(prefixed);
  if (kind === 'Range') return new RangeError(message);
  const ErrorClass = classes[kind] ?? TorchError;
  return new ErrorClass(kind === 'Disposed' ? prefixed : message, op);
}
