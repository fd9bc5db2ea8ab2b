/** Automatic differentiation. See https://docs.pytorch.org/docs/stable/autograd.html */
import { zerosLike } from '../functions.js';
import { native } from '../native.js';
import { Tensor, wrap } from '../tensor.js';

export { GradFunction } from './gradFunction.js';
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

function handles(name: string, what: string, tensors: Tensors): number[] {
  const list: readonly unknown[] = tensors instanceof Tensor ? [tensors] : tensors;
  if (!Array.isArray(list)) throw new TypeError(`${name}(): ${what} must be a Tensor or a list of Tensors`);
  return Array.from(list, (tensor: unknown) => {
    if (!(tensor instanceof Tensor)) throw new TypeError(`${name}(): ${what} must be a Tensor or a list of Tensors`);
    return tensor.handle;
  });
}

// null among gradients: an implicit 1 for a scalar.
function gradientHandles(name: string, what: string, count: number, tensors: Tensor | readonly (Tensor | null)[] | null | undefined): number[] | null {
  if (tensors === undefined || tensors === null) return null;
  const list = tensors instanceof Tensor ? [tensors] : tensors;
  if (!Array.isArray(list)) throw new TypeError(`${name}(): ${what} must be a Tensor or a list of Tensors`);
  if (list.length !== count) {
    throw new RangeError(`${name}(): got ${count} tensors and ${list.length} gradients`);
  }
  return Array.from(list as readonly (Tensor | null)[], (tensor) => (tensor === null ? 0 : (handles(name, what, tensor)[0] as number)));
}

/** An option that is not known, or no boolean where one is wanted, is a mistake worth hearing of. */
function checkOptions(name: string, options: object, known: readonly string[], booleans: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw new TypeError(`${name}(): the options must be an object`);
  for (const [key, value] of Object.entries(options)) {
    if (booleans.includes(key)) {
      if (typeof value === 'boolean' || value === undefined || value === null) continue;
      throw new TypeError(`${name}(): option '${key}' must be a boolean, not ${typeof value}`);
    }
    if (!known.includes(key)) throw new TypeError(`${name}(): got an unexpected option '${key}'`);
  }
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

/**
 * Accumulates the sum of the gradients of `tensors` into the leaves' `grad`.
 * See https://docs.pytorch.org/docs/stable/generated/torch.autograd.backward.html
 * @throws TorchError if the graph has been freed, a tensor needs no gradient, or an implicit gradient is not scalar.
 */
export function backward(tensors: Tensors, options: BackwardOptions = {}): void {
  checkOptions('backward', options, ['gradTensors', 'inputs'], ['retainGraph', 'createGraph']);
  const roots = handles('backward', 'tensors', tensors);
  const inputs = options.inputs === undefined || options.inputs === null ? [] : handles('backward', 'inputs', options.inputs);
  if (options.inputs !== undefined && options.inputs !== null && inputs.length === 0) {
    throw new RangeError('backward(): `inputs` argument to `backward()` cannot be empty.');
  }
  native.backward(
    roots,
    gradientHandles('backward', 'gradTensors', roots.length, options.gradTensors),
    options.retainGraph ?? null,
    options.createGraph ?? false,
    inputs,
  );
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
 * See https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html
 * @throws TorchError as {@link backward}, and for an unused input.
 */
export function grad(outputs: Tensors, inputs: Tensors, options?: GradOptions & { allowUnused?: false }): Tensor[];
export function grad(outputs: Tensors, inputs: Tensors, options: GradOptions): (Tensor | null)[];
export function grad(outputs: Tensors, inputs: Tensors, options: GradOptions = {}): (Tensor | null)[] {
  checkOptions('grad', options, ['gradOutputs'], ['retainGraph', 'createGraph', 'allowUnused', 'materializeGrads']);
  const roots = handles('grad', 'outputs', outputs);
  const leaves = handles('grad', 'inputs', inputs);
  const materialize = options.materializeGrads ?? false;
  if (materialize && options.allowUnused === false) {
    throw new RangeError('grad(): Expected allowUnused to be true or not passed when materializeGrads is true');
  }
  const results = native.gradients(
    roots,
    leaves,
    gradientHandles('grad', 'gradOutputs', roots.length, options.gradOutputs),
    options.retainGraph ?? null,
    options.createGraph ?? false,
    options.allowUnused ?? materialize,
  );
  const list = inputs instanceof Tensor ? [inputs] : inputs;
  return Array.from(results, (handle, i) => {
    const gradient = wrap(handle);
    return gradient === null && materialize ? zerosLike(list[i] as Tensor) : gradient;
  });
}
