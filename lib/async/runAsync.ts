/** `torch.runAsync`: one operator off the main thread. */
import { OutOfMemoryError } from '../errors.js';
import { collect } from '../gc.js';
import * as fft from '../generated/fft.js';
import * as functions from '../generated/functions.js';
import * as linalg from '../generated/linalg.js';
import * as nnFunctions from '../generated/nnFunctions.js';
import * as special from '../generated/special.js';
import { native } from '../native.js';
import type { Binding } from '../ops/signature.js';
import type { OpResult } from '../ops.js';
import { isPlainObject } from '../options.js';
import { Tensor } from '../tensor.js';
import { type DeferredCall, deferral, registryFunctions } from './deferral.js';
import { type AbortSignalLike, checkSignal, enqueue } from './queue.js';
import type { AsyncArguments, AsyncResult } from './types.js';

type AnyFunction = (...args: never) => unknown;
/** An operator of `torch.ops`. */
type RegisteredOperator = ((...args: never[]) => OpResult) & { readonly schema: string };

let publicFunctions: Set<unknown> | undefined;

/** Whether the function does nothing but call its operator. */
function isOperator(op: object): boolean {
  publicFunctions ??= new Set(
    [functions, linalg, fft, special, nnFunctions].flatMap((module): unknown[] => Object.values(module)),
  );
  return publicFunctions.has(op) || registryFunctions.has(op);
}

function deferred(op: unknown, args: readonly unknown[]): DeferredCall {
  if (typeof op !== 'function') throw new TypeError(`runAsync(): expected a function, not ${typeof op}`);
  if (!isOperator(op)) {
    throw new TypeError(
      `runAsync(): ${op.name === '' ? 'the function' : `'${op.name}'`} is not one operator. It takes functions of ` +
        'torch that are, such as torch.matmul, and operators of torch.ops; run the steps of others one by one.',
    );
  }
  deferral.wanted = true;
  try {
    return (op as (...args: readonly unknown[]) => DeferredCall)(...args);
  } finally {
    deferral.wanted = false;
  }
}

/** The signal, and the arguments without it. */
function separate(args: readonly unknown[]): [readonly unknown[], AbortSignalLike | undefined] {
  const last = args.at(-1);
  if (!isPlainObject(last) || !Object.hasOwn(last, 'signal')) return [args, undefined];
  const { signal, ...options } = last;
  const others = args.slice(0, -1);
  if (Object.keys(options).length > 0) others.push(options);
  return [others, checkSignal('runAsync', signal)];
}

/**
 * Operators that do not look at their arguments themselves are looked after before they start, and what they were
 * found to be must still be so once they run: they get copies of indices and of the like.
 */
function withCopies({ operator, bound, given }: Binding, copies: Tensor[]): Pick<Binding, 'bound' | 'given'> {
  if (!operator.isGuarded || given === undefined) return { bound, given };
  const copy = (value: unknown, handle: unknown): [unknown, unknown] => {
    if (Array.isArray(value)) {
      const handles = Array.from(handle as ArrayLike<unknown>);
      const pairs = value.map((element: unknown, i) => copy(element, handles[i]));
      return [pairs.map(([element]) => element), pairs.map(([, element]) => element)];
    }
    if (!(value instanceof Tensor) || value.dtype.isFloatingPoint || value.dtype.isComplex)
      return [value, handle];
    const cloned = value.clone();
    copies.push(cloned);
    return [cloned, cloned.handle];
  };
  const pairs = bound.map((handle, i) =>
    operator.schema.arguments[i]?.write === true ? [given[i], handle] : copy(given[i], handle),
  );
  return { bound: pairs.map(([, handle]) => handle), given: pairs.map(([value]) => value) };
}

function submit(binding: Binding, signal: AbortSignalLike | undefined): Promise<unknown> {
  const { operator, requiresGrad } = binding;
  const copies: Tensor[] = [];
  try {
    const { bound, given } = withCopies(binding, copies);
    operator.check(given);
    return enqueue(
      (settle) => native.submitOperator(operator.id, settle, ...bound),
      signal,
      (value) => {
        const result = operator.finish(value, binding.given);
        if (requiresGrad && result instanceof Tensor) result.requiresGrad = true;
        return result;
      },
    );
  } finally {
    // The job has them.
    for (const tensor of copies) tensor.dispose();
  }
}

/**
 * Runs one operator off the main thread, which stays free for events: `await torch.runAsync(torch.matmul, a, b)`. The
 * arguments are read at once, and nothing that they refer to is changed by what the caller does afterwards. Operations of
 * a thread run one at a time in the order in which they were started.
 *
 * @param op A function of torch that is one operator (`torch.matmul`, `torch.linalg.svd`, `F.conv2d`), or an operator of
 *   `torch.ops`.
 * @param args Its arguments, with `signal` among the options: an `AbortSignal` that drops an operation which has not
 *   begun.
 * @returns A promise of what `op` gives. It is rejected with what `op` throws, with TypeError where `op` is not one
 *   operator, and with the signal's reason.
 *
 * Until it is settled the tensors can be read, but changing what the operator reads, or using what it writes, is a
 * TorchError. See docs/async.md.
 */
export function runAsync<R extends OpResult = Tensor>(op: RegisteredOperator, ...args: unknown[]): Promise<R>;
export function runAsync<F extends AnyFunction, A extends AsyncArguments<F>>(
  op: F,
  ...args: A
): Promise<AsyncResult<F, A>>;
export async function runAsync(op: unknown, ...args: unknown[]): Promise<unknown> {
  const [others, signal] = separate(args);
  const binding = deferred(op, others).bind();
  try {
    return await submit(binding, signal);
  } catch (error) {
    if (!(error instanceof OutOfMemoryError)) throw error;
    // What the collector has not come to yet may be enough.
    collect();
    return await submit(binding, signal).catch((again: unknown) => {
      // The arguments may have been freed meanwhile.
      throw again instanceof OutOfMemoryError ? again : error;
    });
  }
}
