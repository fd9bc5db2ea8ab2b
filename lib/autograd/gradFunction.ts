/** A node of the autograd graph, to look at. */
import { inspect } from 'node:util';
import { native } from '../native.js';
import type { Tensor } from '../tensor.js';
import {
  type FunctionHook,
  type FunctionPreHook,
  type RemovableHandle,
  registerFunctionHook,
  registerFunctionPreHook,
} from './hooks.js';

/**
 * The function that made a tensor. It holds the tensor, and reads the graph when asked.
 * See https://docs.pytorch.org/docs/2.13/autograd.html#torch.autograd.graph.Node
 */
export class GradFunction {
  private constructor(
    /** @internal */
    readonly tensor: Tensor,
    /** @internal */
    readonly path: readonly number[],
    /** Such as `AddBackward0`. */
    readonly name: string,
    private readonly edges: readonly boolean[],
    /** How many gradients it gets. @internal */
    readonly outputs: number,
  ) {}

  /** The node that is reached from a tensor's own by a path of edges, or null. @internal */
  static at(tensor: Tensor, path: readonly number[]): GradFunction | null {
    const found = native.gradFunction(tensor.handle, path);
    return found === null ? null : new GradFunction(tensor, path, found.name, found.edges, found.inputs);
  }

  /** The nodes that its inputs came from; null where an input needs no gradient. */
  get nextFunctions(): (GradFunction | null)[] {
    return Array.from(this.edges, (valid, i) =>
      valid ? GradFunction.at(this.tensor, [...this.path, i]) : null,
    );
  }

  /**
   * Calls `hook` after this function has run in backward, with the gradients of its inputs and of its outputs; what it
   * returns takes the place of the former.
   * See https://docs.pytorch.org/docs/2.13/generated/torch.autograd.graph.Node.register_hook.html
   */
  registerHook(hook: FunctionHook): RemovableHandle {
    return registerFunctionHook(this, hook);
  }

  /**
   * Calls `hook` before this function runs in backward, with the gradients of its outputs; what it returns takes their
   * place.
   * See https://docs.pytorch.org/docs/2.13/generated/torch.autograd.graph.Node.register_prehook.html
   */
  registerPrehook(hook: FunctionPreHook): RemovableHandle {
    return registerFunctionPreHook(this, hook);
  }

  toString(): string {
    return `<${this.name}>`;
  }

  /** @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}
