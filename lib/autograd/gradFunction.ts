/** A node of the autograd graph, to look at. */
import { inspect } from 'node:util';
import { native } from '../native.js';
import type { Tensor } from '../tensor.js';

/**
 * The function that made a tensor. It holds the tensor, and reads the graph when asked.
 * See https://docs.pytorch.org/docs/2.13/autograd.html#torch.autograd.graph.Node
 */
export class GradFunction {
  private constructor(
    private readonly tensor: Tensor,
    private readonly path: readonly number[],
    /** Such as `AddBackward0`. */
    readonly name: string,
    private readonly edges: readonly boolean[],
  ) {}

  /** The node that is reached from a tensor's own by a path of edges, or null. @internal */
  static at(tensor: Tensor, path: readonly number[]): GradFunction | null {
    const found = native.gradFunction(tensor.handle, path);
    return found === null ? null : new GradFunction(tensor, path, found.name, found.edges);
  }

  /** The nodes that its inputs came from; null where an input needs no gradient. */
  get nextFunctions(): (GradFunction | null)[] {
    return Array.from(this.edges, (valid, i) =>
      valid ? GradFunction.at(this.tensor, [...this.path, i]) : null,
    );
  }

  toString(): string {
    return `<${this.name}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
