/** Values of PyTorch that have a name and libtorch's number, such as layouts. */
import { inspect } from 'node:util';

export class Named {
  constructor(
    /** The name without `torch.`. */
    readonly name: string,
    /** libtorch's number for it. @internal */
    readonly code: number,
  ) {}

  toString(): string {
    return `torch.${this.name}`;
  }

  /** @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}
