import { keep } from '../memory.js';
import { adopt, Tensor } from '../tensor.js';

/** Options of {@link Parameter}. */
export interface ParameterOptions {
  /** Whether gradients are wanted for it. Default: `true`, also inside `noGrad`. */
  requiresGrad?: boolean;
}

/**
 * A tensor that is a parameter of a module: a leaf which, assigned as a property of a `Module`, is found by
 * `parameters()` and appears in `stateDict()`. It shares its memory with the tensor that it is made of, and
 * survives every `tidy` scope.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.parameter.Parameter.html
 *
 * @throws TypeError if `data` is not a tensor.
 */
export class Parameter extends Tensor {
  constructor(data: Tensor, options: ParameterOptions | boolean = {}) {
    super();
    if (!(data instanceof Tensor)) {
      throw new TypeError(
        `Parameter: data should be a Tensor, but got ${data === null ? 'null' : typeof data}`,
      );
    }
    adopt(this, data);
    const requiresGrad = typeof options === 'boolean' ? options : (options.requiresGrad ?? true);
    if (requiresGrad) this.requiresGrad_(true);
    keep(this);
  }

  /** As PyTorch prints it: `Parameter containing:` and the tensor. */
  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}
