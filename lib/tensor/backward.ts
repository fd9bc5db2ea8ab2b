/** The arguments of `Tensor.backward`. */
import { checkOptions } from '../options.js';
import { Tensor } from '../tensor.js';

/** Options of `Tensor.backward`. */
export interface TensorBackwardOptions {
  /** The gradient of this tensor. Default: 1, for a tensor of one element. */
  gradient?: Tensor | null;
  /** Keeps what backward needs, so that it can run again. Default: the value of `createGraph`. */
  retainGraph?: boolean | null;
  /** Records the backward pass itself, for higher derivatives. Default: `false`. */
  createGraph?: boolean;
  /** Accumulates into these only. Default: all leaves. */
  inputs?: Tensor | readonly Tensor[] | null;
}

interface BackwardArguments {
  gradTensors: Tensor | null;
  retainGraph: boolean | null;
  createGraph: boolean;
  inputs: Tensor | readonly Tensor[] | null;
}

/** By position, in PyTorch's order, or one options object. */
export function parseBackward(args: readonly unknown[]): BackwardArguments {
  const [first, retainGraph, createGraph, inputs] = args as [
    Tensor | TensorBackwardOptions | null | undefined,
    boolean | null | undefined,
    boolean | undefined,
    Tensor | readonly Tensor[] | null | undefined,
  ];
  const positional = first instanceof Tensor || first === null || first === undefined;
  if (!positional && (typeof first !== 'object' || Array.isArray(first))) {
    throw new TypeError(
      `backward(): gradient must be a Tensor or null, not ${Array.isArray(first) ? 'array' : typeof first}`,
    );
  }
  const options: TensorBackwardOptions = positional
    ? {
        gradient: first ?? null,
        retainGraph: retainGraph ?? null,
        createGraph: createGraph ?? false,
        inputs: inputs ?? null,
      }
    : first;
  checkOptions('backward', options, ['gradient', 'retainGraph', 'createGraph', 'inputs']);
  return {
    gradTensors: options.gradient ?? null,
    retainGraph: options.retainGraph ?? null,
    createGraph: options.createGraph ?? false,
    inputs: options.inputs ?? null,
  };
}
