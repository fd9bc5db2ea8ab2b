import type { RemovableHandle } from '../../nn/modules/hooks.js';
import type { Module } from '../../nn/modules/module.js';
import { Embedding } from '../../nn/modules/sparse.js';
import { Tensor } from '../../tensor.js';
import { AdversarialError } from '../errors.js';
import { type Deltas, masked, type Slot } from '../slot.js';
import type { Site, Target } from './target.js';

/** Options of {@link outputs}. */
export interface OutputsOptions {
  /**
   * From a call's first argument and its result `[B, T, D]` to what may be perturbed: bool, `[B, T]` or of as many
   * dimensions as the result, true at real tokens. Default: for an `nn.Embedding` with a `paddingIdx` the tokens that
   * are not it, otherwise everything.
   */
  mask?: (input: Tensor, output: Tensor) => Tensor;
}

/**
 * A module's result, each call's by itself: of an `nn.Embedding` the vectors of the tokens, `[B, T, D]`. The
 * perturbation is added to it on its way to the rest of the model; no weight changes, and other uses of a tied weight
 * see nothing of it. The module may be frozen or trained.
 */
export function outputs(module: Module, options: OutputsOptions = {}): Target {
  const name = `the outputs of ${module.constructor.name}`;
  return { name, open: () => new OutputsSite(name, module, options) };
}

class OutputsSite implements Site {
  readonly slots: Slot[] = [];
  readonly watched: Tensor[] = [];
  private calls = 0;
  private deltas: Deltas | null = null;
  private make: ((slot: Slot) => Tensor) | null = null;
  private watches = false;
  private hook: RemovableHandle | null = null;
  private isKnown = false;

  constructor(
    readonly name: string,
    private readonly module: Module,
    private readonly options: OutputsOptions,
  ) {}

  enter(deltas: Deltas | null, watch: boolean): void {
    this.deltas = deltas;
    this.watches = watch;
    this.calls = 0;
    this.watched.length = 0;
    this.hook = this.module.registerForwardHook((_, [input], output) => this.called(input, output));
  }

  enterFirst(make: (slot: Slot) => Tensor, watch: boolean): void {
    this.make = make;
    this.enter(null, watch);
  }

  leave(): void {
    this.hook?.remove();
    this.hook = null;
    this.make = null;
    this.isKnown ||= this.slots.length > 0;
  }

  private called(input: unknown, output: unknown): Tensor {
    if (!(output instanceof Tensor))
      throw new TypeError(`${this.name}: the module must give a Tensor, so that it can be perturbed`);
    const call = this.calls++;
    if (!this.isKnown) this.slots.push(this.slotOf(input, output));
    const slot = this.slots[call];
    if (slot === undefined || !sameShape(slot.value, output)) {
      throw new AdversarialError(
        'other-input',
        `${this.name}: a later pass over the batch gives other shapes or more calls than the first`,
      );
    }
    const delta = this.make === null ? this.deltas?.[call] : this.make(slot);
    let value = delta === undefined ? output : output.add(delta);
    if (!this.watches) return value;
    if (value.requiresGrad) value.retainGrad();
    else value = value.detach().requiresGrad_();
    this.watched.push(value);
    return value;
  }

  private slotOf(input: unknown, output: Tensor): Slot {
    const mask = this.maskOf(input, output);
    return { kind: 'outputs', value: output.detach(), mask: mask?.to(output.dtype) ?? null };
  }

  private maskOf(input: unknown, output: Tensor): Tensor | null {
    const { module, options } = this;
    let mask: Tensor | null = null;
    if (options.mask !== undefined) mask = options.mask(input as Tensor, output);
    else if (module instanceof Embedding && module.paddingIdx !== null)
      mask = (input as Tensor).ne(module.paddingIdx);
    if (mask === null) return null;
    if (!(mask instanceof Tensor)) throw new TypeError(`${this.name}: mask() must give a Tensor`);
    while (mask.dim() < output.dim()) mask = mask.unsqueeze(-1);
    const { shape } = mask;
    if (shape.some((size, i) => size !== 1 && size !== output.size(i))) {
      throw new RangeError(
        `${this.name}: the mask has shape [${shape}], which does not broadcast to [${output.shape}]`,
      );
    }
    return mask;
  }

  gradients(watched: readonly (Tensor | null)[]): Tensor[] {
    return this.slots.map((slot, i) => {
      const gradient = watched[i] ?? null;
      if (gradient === null) throw noGradient(this.name);
      return masked(slot, gradient);
    });
  }
}

const sameShape = (a: Tensor, b: Tensor): boolean =>
  a.dim() === b.dim() && a.shape.every((size, i) => size === b.size(i));

/** @internal */
export function noGradient(name: string): AdversarialError {
  return new AdversarialError(
    'no-gradient',
    `${name}: the loss has no gradient here. Does the model detach it, or compute the loss from something else?`,
  );
}
