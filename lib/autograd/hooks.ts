/**
 * Hooks of tensors and of the graph's functions.
 * See https://docs.pytorch.org/docs/2.13/notes/autograd.html#backward-hooks-execution
 */
import { TorchError } from '../errors.js';
import { type NativeCallback, type NativeTensor, native } from '../native.js';
import { Tensor, wrap } from '../tensor.js';
import { type HeldKind, hold } from './holders.js';

/** What a hook returns that returns no gradient. */
// biome-ignore lint/suspicious/noConfusingVoidType: functions that are declared to return void are hooks too.
export type Nothing = void | undefined | null;

/**
 * Gets the gradient of its tensor, and may give another one instead. The gradient is null where the tensor is one of
 * several results of a function and the loss does not depend on it.
 */
export type TensorHook = (grad: Tensor) => Tensor | Nothing;
/** Gets the tensor once its `grad` has been accumulated. It returns nothing. */
export type AccumulateGradHook = (tensor: Tensor) => Nothing;
/** Gradients, null where there is none. */
export type Gradients = readonly (Tensor | null)[];
/** Gets the gradients of a function's inputs and of its outputs, and may give other ones for the inputs. */
export type FunctionHook = (gradInputs: Gradients, gradOutputs: Gradients) => Gradients | Nothing;
/** Gets the gradients of a function's outputs before it runs, and may give other ones. */
export type FunctionPreHook = (gradOutputs: Gradients) => Gradients | Nothing;

/** Takes a hook away again. */
export interface RemovableHandle extends Disposable {
  readonly id: number;
  /** Removing it twice does nothing. */
  remove(): void;
  [Symbol.dispose](): void;
}

type Hooks<Hook> = Map<number, Hook>;

/** A function that the graph calls, with the hooks that it runs. */
type Runner<Hook> = NativeCallback & { hooks?: Hooks<Hook> };
let lastId = 0;

function checkHook(name: string, hook: unknown): void {
  if (typeof hook !== 'function') throw new TypeError(`${name}(): expected a function, not ${typeof hook}`);
}

/** Adds a hook to the place of the graph that `install` knows. */
function addHook<Hook>(
  hook: Hook,
  holder: Tensor | null,
  kind: HeldKind,
  makeRunner: (hooks: Hooks<Hook>) => Runner<Hook>,
  install: (runner: NativeCallback) => number | NativeCallback,
): RemovableHandle {
  const fresh: Hooks<Hook> = new Map();
  const runner = makeRunner(fresh);
  const installed = install(runner);
  let hooks = fresh;
  if (typeof installed === 'number') {
    runner.hooks = fresh;
    if (holder !== null) hold([holder], kind, installed, runner);
  } else {
    hooks = (installed as Runner<Hook>).hooks as Hooks<Hook>;
  }
  const id = ++lastId;
  hooks.set(id, hook);
  const remove = (): void => {
    hooks.delete(id);
  };
  return { id, remove, [Symbol.dispose]: remove };
}

/** PyTorch's checks of what a hook gives instead of a gradient. */
function checkGradient(original: Tensor | null, result: unknown, hook: { readonly name: string }): void {
  if (result === null || result === undefined) return;
  if (original === null) throw new TorchError("can't replace a None gradient with a non-None value");
  if (!(result instanceof Tensor)) {
    throw new TypeError(`expected Variable, but hook returned '${typeof result}'`);
  }
  native.checkHookResult(original.handle, result.handle, hook.name || '<unknown>');
}

function checkGradients(original: Gradients, result: unknown, hook: { readonly name: string }): Gradients {
  if (!Array.isArray(result)) throw new TypeError(`expected tuple, but hook returned '${typeof result}'`);
  if (result.length !== original.length) {
    throw new TorchError(
      `hook '${hook.name || '<unknown>'}' has returned an incorrect number of values (got ${result.length}, but ` +
        `expected ${original.length})`,
    );
  }
  for (const [i, gradient] of original.entries()) checkGradient(gradient, result[i], hook);
  return result.map((gradient: Tensor | null | undefined) => gradient ?? null);
}

const wrapAll = (gradients: readonly NativeTensor[]): (Tensor | null)[] => gradients.map(wrap);
const handlesOf = (gradients: Gradients): number[] => gradients.map((gradient) => gradient?.handle ?? 0);

// A hook may add or remove hooks: those run that were there when the first one started.

const tensorRunner =
  (hooks: Hooks<TensorHook>): NativeCallback =>
  ([given]) => {
    const original = wrap(given as NativeTensor);
    let gradient = original;
    for (const hook of [...hooks.values()]) {
      // The type says what a hook sees unless its tensor is an unused result of several.
      const result = hook(gradient as Tensor);
      checkGradient(gradient, result, hook);
      if (result instanceof Tensor) gradient = result;
    }
    return gradient === original ? undefined : handlesOf([gradient]);
  };

const accumulationRunner =
  (hooks: Hooks<AccumulateGradHook>): NativeCallback =>
  ([tensor]) => {
    for (const hook of [...hooks.values()]) {
      const result: unknown = hook(wrap(tensor as NativeTensor) as Tensor);
      if (result !== null && result !== undefined) {
        throw new TorchError('Tensor post accumulate grad hooks should return None.');
      }
    }
    return undefined;
  };

const beforeRunner =
  (hooks: Hooks<FunctionPreHook>): NativeCallback =>
  (given) => {
    let gradients: Gradients = wrapAll(given);
    for (const hook of [...hooks.values()]) {
      const result = hook(gradients);
      if (result !== null && result !== undefined) gradients = checkGradients(gradients, result, hook);
    }
    return handlesOf(gradients);
  };

const afterRunner =
  (outputs: number) =>
  (hooks: Hooks<FunctionHook>): NativeCallback =>
  (given) => {
    const all = wrapAll(given);
    const gradOutputs = all.slice(all.length - outputs);
    let gradInputs: Gradients = all.slice(0, all.length - outputs);
    for (const hook of [...hooks.values()]) {
      const result = hook(gradInputs, gradOutputs);
      if (result !== null && result !== undefined) gradInputs = checkGradients(gradInputs, result, hook);
    }
    return handlesOf(gradInputs);
  };

function checkRequiresGrad(tensor: Tensor): void {
  if (!tensor.requiresGrad) {
    throw new TorchError("cannot register a hook on a tensor that doesn't require gradient");
  }
}

/** @internal See Tensor.registerHook. */
export function registerTensorHook(tensor: Tensor, hook: TensorHook): RemovableHandle {
  checkHook('registerHook', hook);
  checkRequiresGrad(tensor);
  return addHook(hook, tensor, 'hooks', tensorRunner, (runner) => native.tensorHook(tensor.handle, runner));
}

/** @internal See Tensor.registerPostAccumulateGradHook. */
export function registerAccumulationHook(tensor: Tensor, hook: AccumulateGradHook): RemovableHandle {
  checkHook('registerPostAccumulateGradHook', hook);
  checkRequiresGrad(tensor);
  if (!tensor.isLeaf) {
    throw new TorchError('post accumulate grad hooks cannot be registered on non-leaf tensors');
  }
  return addHook(hook, tensor, 'accumulation', accumulationRunner, (runner) =>
    native.accumulationHook(tensor.handle, runner),
  );
}

/** Where a function of the graph is found: from a tensor along edges. @internal */
export interface GraphPlace {
  tensor: Tensor;
  path: readonly number[];
  /** How many gradients it gets. */
  outputs: number;
}

/** @internal See GradFunction.registerHook. */
export function registerFunctionHook(place: GraphPlace, hook: FunctionHook): RemovableHandle {
  checkHook('registerHook', hook);
  const { tensor, path, outputs } = place;
  const holder = path.length === 0 ? tensor : null;
  return addHook(hook, holder, 'after', afterRunner(outputs), (runner) =>
    native.nodeHook(tensor.handle, path, false, runner),
  );
}

/** @internal See GradFunction.registerPrehook. */
export function registerFunctionPreHook(place: GraphPlace, hook: FunctionPreHook): RemovableHandle {
  checkHook('registerPrehook', hook);
  const { tensor, path } = place;
  const holder = path.length === 0 ? tensor : null;
  return addHook(hook, holder, 'before', beforeRunner, (runner) =>
    native.nodeHook(tensor.handle, path, true, runner),
  );
}
