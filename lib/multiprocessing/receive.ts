/** The receiver's side: messages into tensors. */
import { native } from '../native.js';
import { Parameter } from '../nn/parameter.js';
import { type Tensor, wrap } from '../tensor.js';
import { isSharedTensor, mapMessage, type SharedTensor } from './message.js';

function checkToken(callee: string, { id, parameter }: SharedTensor): void {
  if (!Number.isSafeInteger(id) || id < 1 || typeof parameter !== 'boolean')
    throw new TypeError(`${callee}(): what stands for a tensor in the message was not made by share()`);
}

/** The numbers of a message's tensors, each once. */
export function idsIn(callee: string, message: unknown): number[] {
  if (message === undefined || typeof message === 'function')
    throw new TypeError(`${callee}(): expected a message that share() has made, not ${typeof message}`);
  const ids = new Set<number>();
  mapMessage(message, (item) => {
    if (!isSharedTensor(item)) return undefined;
    checkToken(callee, item);
    ids.add(item.id);
    return item;
  });
  return [...ids];
}

function open(result: Tensor, { parameter }: SharedTensor): Tensor {
  if (!parameter) return result;
  const { requiresGrad } = result;
  const opened = new Parameter(result, requiresGrad);
  result.dispose();
  return opened;
}

/**
 * What another thread has {@link share}d, with tensors over the same memory: what one thread writes, the other sees. A
 * tensor that is in several places of the message is one tensor again. All tensors of the message are received, or none.
 *
 * ```ts
 * parentPort.on('message', (message) => {
 *   const { model, step } = torch.multiprocessing.receive<Work>(message);
 * });
 * ```
 *
 * Threads that use the same elements at the same time must agree on when: see docs/workers.md.
 *
 * @typeParam T what the sender has given to `share`. Messages have no types; this is not checked.
 * @throws TorchError where a tensor is no longer there: received as often as it was shared for, revoked, or shared by a
 * thread that has been terminated. TypeError for what is no message of `share`.
 */
export function receive<T = unknown>(message: unknown): T {
  const ids = idsIn('receive', message);
  const results = ids.length === 0 ? [] : native.receiveTensors(ids);
  const received = new Map(ids.map((id, i) => [id, wrap(results[i] as number) as Tensor]));
  const opened = new Map<number, Tensor>();
  return mapMessage(message, (item) => {
    if (!isSharedTensor(item)) return undefined;
    const tensor = opened.get(item.id) ?? open(received.get(item.id) as Tensor, item);
    opened.set(item.id, tensor);
    return tensor;
  }) as T;
}
