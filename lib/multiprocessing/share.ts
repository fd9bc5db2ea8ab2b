/** The sender's side: tensors into messages, and out of them again. */
import { isMainThread } from 'node:worker_threads';
import { native } from '../native.js';
import { isModule } from '../nn/modules/members.js';
import { Parameter } from '../nn/parameter.js';
import { checkOptions } from '../options.js';
import { Tensor } from '../tensor.js';
import { isSharedTensor, mapMessage, type Shared } from './message.js';
import { idsIn } from './receive.js';

/** Options of {@link share}. */
export interface ShareOptions {
  /**
   * How often the message is received: by one worker once, by default. `Infinity`: as often as anyone likes, until it is
   * revoked or this thread ends.
   */
  receivers?: number;
}

// More than there can be threads; Infinity is for what has no number.
const MOST_RECEIVERS = 1e9;

function checkReceivers(receivers: unknown): number {
  if (typeof receivers !== 'number')
    throw new TypeError(`share(): option 'receivers' must be a number, not ${typeof receivers}`);
  if (receivers === Number.POSITIVE_INFINITY) return 0;
  if (!Number.isInteger(receivers) || receivers < 1 || receivers > MOST_RECEIVERS) {
    throw new RangeError(
      `share(): option 'receivers' must be an integer from 1 to ${MOST_RECEIVERS}, or Infinity, not ${receivers}`,
    );
  }
  return receivers;
}

let leavesAtExit = false;

/** A worker that ends by itself leaves what it has sent to its receivers; one that is terminated does not get here. */
function leaveAtExit(): void {
  if (leavesAtExit || isMainThread) return;
  leavesAtExit = true;
  process.on('exit', () => native.leaveTensors());
}

/**
 * A message for another thread: a copy of `value` in which each tensor's place is taken by a number under which
 * {@link receive} finds it. Send it with `postMessage` or as `workerData`; the tensors' memory is not copied, and both
 * threads then have tensors over the same memory.
 *
 * ```ts
 * worker.postMessage(torch.multiprocessing.share({ model: model.stateDict(), step: 3 }));
 * ```
 *
 * `value` is a tensor, or arrays, plain objects, Maps and Sets with tensors in them, however deep; anything else in it
 * goes along as it is. Views and strides are kept, and so is `requiresGrad`; an `nn.Parameter` is received as one. A
 * gradient or a hook is not: each thread has a graph of its own. Share `p.grad` by itself where it is wanted.
 *
 * A tensor that has been shared keeps its memory until the last thread that has it lets go, and can no longer be resized.
 * What is not received stays until it is {@link revoke}d, or this thread is ended by `terminate()`; what a thread leaves
 * that ends by itself waits for its receivers.
 *
 * See https://docs.pytorch.org/docs/2.13/multiprocessing.html
 * @throws TorchError for a tensor that requires gradients and is no leaf; TypeError for one that is sparse, quantized or
 * nested, for one over the memory of a typed array (see `Tensor.shareMemory_`), and for a module (share its
 * `stateDict()`).
 */
export function share<T>(value: T, options: ShareOptions = {}): Shared<T> {
  checkOptions('share', options, ['receivers']);
  const receivers = checkReceivers(options.receivers ?? 1);
  if (value === undefined) throw new TypeError("share(): missing required argument 'value'");
  // The same tensor in several places is the same one where it is received.
  const tokens = new Map<Tensor, { litorch: 'tensor'; id: number; parameter: boolean }>();
  const message = mapMessage(value, (item) => {
    // A message may be sent on as it is.
    if (isSharedTensor(item)) return item;
    // Modules are functions, which no message takes.
    if (isModule(item)) {
      const name = item.constructor.name;
      throw new TypeError(`share(): a ${name} cannot be sent to another thread; share its stateDict()`);
    }
    if (!(item instanceof Tensor)) return undefined;
    const token = tokens.get(item) ?? { litorch: 'tensor', id: 0, parameter: item instanceof Parameter };
    tokens.set(item, token);
    return token;
  });
  if (tokens.size > 0) {
    const handles = [...tokens.keys()].map((tensor) => tensor.handle);
    const ids = native.shareTensors(handles, receivers);
    for (const [i, token] of [...tokens.values()].entries()) token.id = ids[i] as number;
    leaveAtExit();
  }
  return message as Shared<T>;
}

/**
 * Takes back a message that nobody is to receive any more: the memory is freed once no thread uses it. Any thread that
 * has the message can do so. Returns how many tensors it was that somebody could still have received.
 *
 * @throws TypeError for what is no message of {@link share}.
 */
export function revoke(message: unknown): number {
  const ids = idsIn('revoke', message);
  return ids.length === 0 ? 0 : native.revokeTensors(ids);
}

/** What {@link stats} gives; of all threads together. */
export interface SharedStats {
  /** Tensors that have been shared, and not been received as often as they were shared for. */
  tensors: number;
  /** Bytes of their memory, each storage counted once. */
  bytes: number;
  /** Those of them whose thread has ended. */
  orphans: number;
}

/** What is on its way between threads: zero when every message has been received or revoked. */
export function stats(): SharedStats {
  return native.sharedStats();
}
