/** Tensors that live as long as a step, or a part of one. */
import * as F from '../functions.js';
import { native } from '../native.js';
import { type Tensor, wrap } from '../tensor.js';

/** Tensors that a step makes for itself; they are freed when the scope of `using` ends. */
export class Scratch {
  readonly #tensors: Tensor[] = [];

  /** Notes a tensor to free. */
  add(tensor: Tensor): Tensor {
    this.#tensors.push(tensor);
    return tensor;
  }

  /** Notes a list of tensors to free. */
  addAll(tensors: Tensor[]): Tensor[] {
    this.#tensors.push(...tensors);
    return tensors;
  }

  /** The tensor, or where it is complex its view as reals. */
  asReal(tensor: Tensor): Tensor {
    return tensor.dtype.isComplex ? this.add(F.viewAsReal(tensor)) : tensor;
  }

  /**
   * The gradient of a parameter. Where nobody holds an object for it, the one made here is let go with the scope:
   * otherwise `zeroGrad` would free no memory before the next garbage collection.
   */
  gradOf(parameter: Tensor): Tensor | null {
    const found = native.grad(parameter.handle);
    const grad = wrap(found);
    return grad !== null && typeof found === 'number' ? this.add(grad) : grad;
  }

  [Symbol.dispose](): void {
    for (const tensor of this.#tensors) tensor.dispose();
    this.#tensors.length = 0;
  }
}
