/** Automatic differentiation. See https://docs.pytorch.org/docs/2.13/autograd.html */
import { TorchError } from '../errors.js';
import { zerosLike } from '../functions.js';
import { native } from '../native.js';
import { checkOptions } from '../options.js';
import { Tensor, wrap } from '../tensor.js';

export {
  AutogradFunction as Function,
  type FunctionCtx,
  type FunctionGradients,
  type FunctionWithContext,
  type FunctionWithSetup,
  onceDifferentiable,
} from './function.js';
export { GradFunction } from './gradFunction.js';
export type {
  AccumulateGradHook,
  FunctionHook,
  FunctionPreHook,
  Gradients,
  Nothing,
  RemovableHandle,
  TensorHook,
} from './hooks.js';
export {
  enableGrad,
  inferenceMode,
  isGradEnabled,
  isInferenceModeEnabled,
  type ModeGuard,
  noGrad,
  setGradEnabled,
} from './modes.js';

type Tensors = Tensor | readonly Tensor[];

function listOf(name: string, what: string, tensors: Tensors): Tensor[] {
  const list: readonly unknown[] = tensors instanceof Tensor ? [tensors] : tensors;
  if (!Array.isArray(list)) throw new TypeError(`${name}(): ${what} must be a Tensor or a list of Tensors`);
  return Array.from(list, (tensor: unknown) => {
    if (!(tensor instanceof Tensor))
      throw new TypeError(`${name}(): ${what} must be a Tensor or a list of Tensors`);
    return tensor;
  });
}

const handlesOf = (tensors: readonly Tensor[]): number[] => tensors.map((tensor) => tensor.handle);

/** As PyTorch's Python front end: libtorch itself would let what only broadcasts pass. */
function checkGradient(gradient: Tensor, output: Tensor, index: number): void {
  if (gradient.isNested || output.isNested) return;
  const [given, wanted] = [gradient.shape, output.shape];
  if (given.length !== wanted.length || given.some((size, i) => size !== wanted[i])) {
    throw new TorchError(
      `Mismatch in shape: grad_output[${index}] has a shape of torch.Size([${given.join(', ')}]) and ` +
        `output[${index}] has a shape of torch.Size([${wanted.join(', ')}]).`,
    );
  }
  if (gradient.dtype.isComplex !== output.dtype.isComplex) {
    throw new TorchError(
      'For complex Tensors, both grad_output and output are required to have the same dtype. Mismatch in dtype: ' +
        `grad_output[${index}] has a dtype of ${gradient.dtype} and output[${index}] has a dtype of ${output.dtype}.`,
    );
  }
}

// null among gradients: an implicit 1 for a scalar.
function gradientHandles(
  name: string,
  what: string,
  outputs: readonly Tensor[],
  tensors: Tensor | readonly (Tensor | null)[] | null | undefined,
): number[] | null {
  if (tensors === undefined || tensors === null) return null;
  const list = tensors instanceof Tensor ? [tensors] : tensors;
  if (!Array.isArray(list)) throw new TypeError(`${name}(): ${what} must be a Tensor or a list of Tensors`);
  if (list.length !== outputs.length) {
    throw new RangeError(`${name}(): got ${outputs.length} tensors and ${list.length} gradients`);
  }
  return Array.from(list as readonly (Tensor | null)[], (given, i) => {
    if (given === null) return 0;
    const [gradient] = listOf(name, what, [given]) as [Tensor];
    checkGradient(gradient, outputs[i] as Tensor, i);
    return gradient.handle;
  });
}

export interface BackwardOptions {
  /** Gradients of the tensors that are no scalars. Default: 1 for each. */
  gradTensors?: Tensor | readonly (Tensor | null)[] | null;
  /** Keeps what backward needs, so that it can run again. Default: the value of `createGraph`. */
  retainGraph?: boolean | null;
  /** Records the backward pass itself, for higher derivatives. Default: `false`. */
  createGraph?: boolean;
  /** Accumulates into these only. Default: all leaves. */
  inputs?: Tensors | null;
}

/** What the addon takes, checked. @internal */
export function bindBackward(
  tensors: Tensors,
  options: BackwardOptions,
): Parameters<(typeof native)['backward']> {
  checkOptions('backward', options, ['gradTensors', 'inputs'], ['retainGraph', 'createGraph']);
  const roots = listOf('backward', 'tensors', tensors);
  const inputs =
    options.inputs === undefined || options.inputs === null
      ? []
      : listOf('backward', 'inputs', options.inputs);
  if (options.inputs !== undefined && options.inputs !== null && inputs.length === 0) {
    throw new RangeError('backward(): `inputs` argument to `backward()` cannot be empty.');
  }
  return [
    handlesOf(roots),
    gradientHandles('backward', 'gradTensors', roots, options.gradTensors),
    options.retainGraph ?? null,
    options.createGraph ?? false,
    handlesOf(inputs),
  ];
}

/**
 * Accumulates the sum of the gradients of `tensors` into the leaves' `grad`.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.autograd.backward.html
 * @throws TorchError if the graph has been freed, a tensor needs no gradient, or an implicit gradient is not scalar.
 */
export function backward(tensors: Tensors, options: BackwardOptions = {}): void {
  native.backward(...bindBackward(tensors, options));
}

export interface GradOptions {
  /** Gradients of the outputs that are no scalars. Default: 1 for each. */
  gradOutputs?: Tensor | readonly (Tensor | null)[] | null;
  /** Keeps what backward needs, so that it can run again. Default: the value of `createGraph`. */
  retainGraph?: boolean | null;
  /** Records the backward pass itself. Default: `false`. */
  createGraph?: boolean;
  /** Gives null for inputs that the outputs do not depend on, instead of throwing. Default: `materializeGrads`. */
  allowUnused?: boolean;
  /** Gives zeros for such inputs. Default: `false`. */
  materializeGrads?: boolean;
}

/**
 * The gradients of `outputs` with respect to `inputs`; `grad` of no tensor changes.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.autograd.grad.html
 * @throws TorchError as {@link backward}, and for an unused input.
 */
export function grad(
  outputs: Tensors,
  inputs: Tensors,
  options?: GradOptions & { allowUnused?: false },
): Tensor[];
export function grad(outputs: Tensors, inputs: Tensors, options: GradOptions): (Tensor | null)[];
export function grad(outputs: Tensors, inputs: Tensors, options: GradOptions = {}): (Tensor | null)[] {
  checkOptions(
    'grad',
    options,
    ['gradOutputs'],
    ['retainGraph', 'createGraph', 'allowUnused', 'materializeGrads'],
  );
  const roots = listOf('grad', 'outputs', outputs);
  const leaves = listOf('grad', 'inputs', inputs);
  if (leaves.length === 0) throw new RangeError('grad(): `inputs` argument to `grad()` cannot be empty.');
  const materialize = options.materializeGrads ?? false;
  if (materialize && options.allowUnused === false) {
    throw new RangeError(
      'grad(): Expected allowUnused to be true or not passed when materializeGrads is true',
    );
  }
  const allowUnused = options.allowUnused ?? materialize;
  const results = native.gradients(
    handlesOf(roots),
    handlesOf(leaves),
    gradientHandles('grad', 'gradOutputs', roots, options.gradOutputs),
    options.retainGraph ?? null,
    options.createGraph ?? false,
  );
  const found = Array.from(results, wrap);
  const unused = found.indexOf(null);
  if (unused >= 0 && !allowUnused) {
    throw new TorchError(
      `The differentiated Tensor at index ${unused} appears to not have been used in the graph. Set allow_unused=True ` +
        'if this is the desired behavior. (litorch: allowUnused: true)',
    );
  }
  return found.map((gradient, i) =>
    gradient === null && materialize ? zerosLike(leaves[i] as Tensor) : gradient,
  );
}
