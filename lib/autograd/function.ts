/**
 * Functions with a gradient of their own.
 * See https://docs.pytorch.org/docs/2.13/autograd.html#torch.autograd.Function
 */
import { NotImplementedError, TorchError } from '../errors.js';
import { type NativeCallback, native } from '../native.js';
import { refuseAsync } from '../scope.js';
import { Tensor, wrap } from '../tensor.js';
import { hold } from './holders.js';
import type { Nothing } from './hooks.js';
import { noGrad } from './modes.js';

/** What `backward` gives: the gradient of each argument of `forward`, null for none; alone where there is one argument. */
export type FunctionGradients = Tensor | Nothing | readonly (Tensor | null | undefined)[];

class Context {
  /** Which arguments of `apply` require a gradient. */
  readonly needsInputGrad: boolean[];
  /** @internal */
  toSave: readonly (Tensor | null)[] = [];
  /** @internal */
  dirty: readonly Tensor[] = [];
  /** @internal */
  nonDifferentiable: readonly Tensor[] = [];
  /** @internal */
  materializeGrads = true;
  /** @internal */
  id = 0;

  constructor(needsInputGrad: boolean[]) {
    this.needsInputGrad = needsInputGrad;
    // What users put on a context is what they see of it.
    for (const key of ['toSave', 'dirty', 'nonDifferentiable', 'materializeGrads', 'id'] as const) {
      Object.defineProperty(this, key, { enumerable: false, writable: true });
    }
  }

  /**
   * Keeps tensors for `backward`, which finds them in `savedTensors`. Only arguments and results of `forward` should
   * be saved where second derivatives are wanted. Tensors that are put on the context itself are not checked for
   * changes in place and live as long as the graph.
   */
  saveForBackward(...tensors: readonly (Tensor | null)[]): void {
    this.toSave = tensors;
  }

  /**
   * What {@link saveForBackward} has saved.
   * @throws TorchError where one has been changed in place since, or the graph has been freed.
   */
  get savedTensors(): (Tensor | null)[] {
    return this.id === 0 ? [] : Array.from(native.savedTensors(this.id), wrap);
  }

  /** Says which arguments `forward` changes in place; it must return them. */
  markDirty(...tensors: readonly Tensor[]): void {
    this.dirty = tensors;
  }

  /** Says which results have no gradient. */
  markNonDifferentiable(...tensors: readonly Tensor[]): void {
    this.nonDifferentiable = tensors;
  }

  /** Whether `backward` gets zeros, and not null, for results that the loss does not depend on. Default: `true`. */
  setMaterializeGrads(value: boolean): void {
    if (typeof value !== 'boolean') {
      throw new TypeError(`setMaterializeGrads(): expected a boolean, not ${typeof value}`);
    }
    this.materializeGrads = value;
  }
}

/**
 * The first argument of `forward` and `backward`: what one hands to the other.
 *
 * `State` is what the function keeps on the context besides tensors, `Saved` what it saves:
 * `FunctionCtx<{ exponent: number }, [Tensor, Tensor]>`.
 */
export type FunctionCtx<
  State extends object = object,
  Saved extends readonly (Tensor | null)[] = Tensor[],
> = Pick<
  Context,
  'needsInputGrad' | 'saveForBackward' | 'markDirty' | 'markNonDifferentiable' | 'setMaterializeGrads'
> & { readonly savedTensors: Saved } & State;

/** A function whose `forward` gets the context. */
export interface FunctionWithContext<Args extends readonly unknown[], Result> {
  readonly name: string;
  forward(ctx: never, ...args: Args): Result;
  backward?(ctx: never, ...gradOutputs: never[]): FunctionGradients;
  vjp?(ctx: never, ...gradOutputs: never[]): FunctionGradients;
}

/** A function whose `setupContext` gets the context, after `forward`. */
export interface FunctionWithSetup<Args extends readonly unknown[], Result>
  extends Omit<FunctionWithContext<Args, Result>, 'forward'> {
  forward(...args: Args): Result;
  setupContext(ctx: never, inputs: Args, output: Result): void;
}

/** The same as it is called here, whichever of the two it is. */
interface AnyFunction {
  readonly name: string;
  readonly forward?: (...args: readonly unknown[]) => unknown;
  readonly setupContext?: (ctx: Context, inputs: readonly unknown[], output: unknown) => void;
  readonly backward?: (ctx: Context, ...gradOutputs: (Tensor | null)[]) => FunctionGradients;
  readonly vjp?: (ctx: Context, ...gradOutputs: (Tensor | null)[]) => FunctionGradients;
}

function backwardOf(definition: AnyFunction): NonNullable<AnyFunction['backward']> {
  const { backward, vjp } = definition;
  if (backward !== undefined && vjp !== undefined) {
    throw new TorchError(
      "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You should only implement one " +
        'of them.',
    );
  }
  const given = vjp ?? backward;
  if (given === undefined) {
    throw new NotImplementedError(
      'You must implement either the backward or vjp method for your custom autograd.Function to use it with ' +
        'backward mode AD.',
    );
  }
  return given;
}

/** The gradients of the tensors among the arguments, as the graph wants them, with PyTorch's checks. */
function handlesOfGradients(name: string, returned: FunctionGradients, isTensor: boolean[]): number[] {
  const list: (Tensor | Nothing)[] = Array.isArray(returned)
    ? Array.from(returned as readonly (Tensor | null | undefined)[])
    : [returned as Tensor | Nothing];
  const isNone = (gradient: unknown): boolean => gradient === null || gradient === undefined;
  if (list.length > isTensor.length && list.slice(isTensor.length).every(isNone)) {
    list.length = isTensor.length;
  }
  if (list.length !== isTensor.length) {
    throw new TorchError(
      `function ${name} returned an incorrect number of gradients (expected ${isTensor.length}, got ${list.length})`,
    );
  }
  const handles: number[] = [];
  for (const [i, gradient] of list.entries()) {
    if (!isTensor[i]) {
      if (isNone(gradient)) continue;
      throw new TorchError(
        `function ${name} returned a gradient different than None at position ${i + 1}, but the corresponding ` +
          'forward input was not a Variable',
      );
    }
    if (isNone(gradient)) handles.push(0);
    else if (gradient instanceof Tensor) handles.push(gradient.handle);
    else throw new TorchError(`expected Variable or None (got ${typeof gradient})`);
  }
  return handles;
}

function tensorsOf(what: string, values: readonly unknown[]): number[] {
  return values.map((value, i) => {
    if (value instanceof Tensor) return value.handle;
    throw new TypeError(`${what} can only accept variables, but argument ${i} is of type ${typeof value}`);
  });
}

function savedHandles(values: readonly unknown[], checked: boolean): number[] {
  return values.map((value, i) => {
    if (value instanceof Tensor) return value.handle;
    if (checked && value !== null && value !== undefined) {
      throw new TypeError(
        `save_for_backward can only save variables, but argument ${i} is of type ${typeof value}`,
      );
    }
    return 0;
  });
}

function runForward(definition: AnyFunction, ctx: Context, args: readonly unknown[]): unknown {
  const { forward, setupContext } = definition;
  if (typeof forward !== 'function') {
    throw new NotImplementedError('You must implement the forward function for custom autograd.Function.');
  }
  const previous = native.gradEnabled();
  native.setGradEnabled(false);
  try {
    const output =
      setupContext === undefined ? forward.call(definition, ctx, ...args) : forward.call(definition, ...args);
    refuseAsync('forward', output);
    setupContext?.call(definition, ctx, args, output);
    return output;
  } finally {
    native.setGradEnabled(previous);
  }
}

/** What the graph calls. On its own, so that it keeps nothing of the arguments. */
function callbackOf(
  definition: AnyFunction,
  name: string,
  ctx: Context,
  isTensor: boolean[],
): NativeCallback {
  return (gradients) => {
    const returned = backwardOf(definition).call(definition, ctx, ...Array.from(gradients, wrap));
    refuseAsync('backward', returned);
    return handlesOfGradients(name, returned, isTensor);
  };
}

function applyFunction(definition: AnyFunction, args: readonly unknown[]): unknown {
  const isTensor = args.map((arg) => arg instanceof Tensor);
  const inputs = args.filter((arg): arg is Tensor => arg instanceof Tensor);
  const ctx = new Context(args.map((arg) => arg instanceof Tensor && arg.requiresGrad));
  const recorded = native.gradEnabled() && ctx.needsInputGrad.includes(true);
  const name = `${definition.name}Backward`;
  const run = callbackOf(definition, name, ctx, isTensor);
  const handles = inputs.map((input) => input.handle);
  if (recorded) ctx.id = native.beginFunction(name, handles, run);
  let finished = false;
  try {
    const output = runForward(definition, ctx, args);
    const outputs: readonly unknown[] = Array.isArray(output) ? output : [output];
    const nonDifferentiable = tensorsOf('mark_non_differentiable', ctx.nonDifferentiable);
    const dirty = tensorsOf('mark_dirty', ctx.dirty);
    const saved = savedHandles(ctx.toSave, recorded);
    const raw = outputs.map((value) => (value instanceof Tensor ? value.handle : 0));
    finished = true;
    const wrapped = native.finishFunction(
      ctx.id,
      handles,
      raw,
      nonDifferentiable,
      dirty,
      saved,
      definition.setupContext !== undefined,
      ctx.materializeGrads,
    );
    [ctx.toSave, ctx.dirty, ctx.nonDifferentiable] = [[], [], []];
    const results = outputs.map((value, i) => wrap(wrapped[i] as number) ?? value);
    if (recorded) {
      const tensors = results.filter((value): value is Tensor => value instanceof Tensor);
      hold([...new Set(tensors)], 'function', ctx.id, run);
    }
    return Array.isArray(output) ? results : results[0];
  } finally {
    if (recorded && !finished) native.abandonFunction(ctx.id);
  }
}

/**
 * The base of functions with a gradient of their own. A subclass has the static methods `forward` and `backward`, and
 * is used through `apply`, never made with `new`:
 *
 * ```ts
 * class Exp extends torch.autograd.Function {
 *   static forward(ctx: FunctionCtx, input: Tensor): Tensor {
 *     const result = input.exp();
 *     ctx.saveForBackward(result);
 *     return result;
 *   }
 *   static backward(ctx: FunctionCtx<object, [Tensor]>, gradOutput: Tensor): Tensor {
 *     const [result] = ctx.savedTensors;
 *     return gradOutput.mul(result);
 *   }
 * }
 * const y = Exp.apply(x);
 * ```
 *
 * `forward` runs without recording; several results are an array, and what is no tensor passes through. With a static
 * `setupContext(ctx, inputs, output)`, `forward` gets the arguments only. `backward` gets one gradient for each result
 * and gives one for each argument, null for those without; it is recorded itself with `createGraph: true`. It may be
 * called `vjp` as well.
 *
 * See https://docs.pytorch.org/docs/2.13/notes/extending.html#extending-torch-autograd
 */
// biome-ignore lint/complexity/noStaticOnlyClass: the shape is PyTorch's; users derive from it.
export abstract class AutogradFunction {
  /**
   * Computes the function and records it.
   * @throws what `forward` throws, the same object; TypeError where it is asynchronous.
   */
  static apply<Args extends readonly unknown[], Result>(
    this: FunctionWithSetup<Args, Result>,
    ...args: Args
  ): Result;
  static apply<Args extends readonly unknown[], Result>(
    this: FunctionWithContext<Args, Result>,
    ...args: Args
  ): Result;
  static apply(this: unknown, ...args: readonly unknown[]): unknown {
    // biome-ignore lint/complexity/noThisInStatic: it is the derived class.
    return applyFunction(this as AnyFunction, args);
  }
}

/**
 * Says that a `backward` cannot be differentiated itself: it runs without recording, and asking for second derivatives
 * is an error. As a decorator, or around the function:
 *
 * ```ts
 * static backward = onceDifferentiable((ctx: FunctionCtx, grad: Tensor) => grad.mul(2));
 * ```
 *
 * See https://docs.pytorch.org/docs/2.13/autograd.html#torch.autograd.function.once_differentiable
 */
export function onceDifferentiable<Self, Ctx, Grads extends readonly unknown[]>(
  backward: (this: Self, ctx: Ctx, ...gradOutputs: Grads) => FunctionGradients,
  _context?: ClassMethodDecoratorContext,
): (this: Self, ctx: Ctx, ...gradOutputs: Grads) => FunctionGradients {
  return function (this: Self, ctx: Ctx, ...gradOutputs: Grads): FunctionGradients {
    const outputs = noGrad(() => backward.call(this, ctx, ...gradOutputs));
    if (!native.gradEnabled()) return outputs;
    if (!gradOutputs.some((grad) => grad instanceof Tensor && grad.requiresGrad)) return outputs;
    const list = Array.isArray(outputs)
      ? (outputs as readonly (Tensor | null | undefined)[])
      : [outputs as Tensor | null | undefined];
    // What requires a gradient is given a function that throws, so that it is not silently left out.
    const recorded = list.map((output) => output?.detach().requiresGrad_() ?? null);
    const delayed = native.delayedError(
      'trying to differentiate twice a function that was marked with @once_differentiable',
      recorded.map((output) => output?.handle ?? 0),
    );
    const results = Array.from(delayed, wrap);
    return Array.isArray(outputs) ? results : (results[0] ?? null);
  };
}
