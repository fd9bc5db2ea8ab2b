import { Parameter } from '../../nn/parameter.js';
import type { Tensor } from '../../tensor.js';
import { AdversarialError } from '../errors.js';
import { setAside } from '../gradients.js';
import { perturb } from '../perturb.js';
import type { Deltas, Slot } from '../slot.js';
import type { DataSwap } from '../swap.js';
import { noGradient } from './outputs.js';
import type { Site, Target } from './target.js';

/**
 * Parameters as a whole, as they are for everything that uses them: during a perturbed pass and its backward they have
 * other data (see `perturb`). A parameter that needs no gradient is given one meanwhile.
 *
 * @param parameters One or more.
 */
export function weights(parameters: Parameter | Iterable<Parameter>): Target {
  const list = parameters instanceof Parameter ? [parameters] : [...parameters];
  if (list.length === 0) throw new RangeError('weights(): expected at least one parameter');
  for (const parameter of list) {
    if (!(parameter instanceof Parameter))
      throw new TypeError('weights(): expected parameters, not their names or other tensors');
  }
  const name = list.length === 1 ? 'the weight' : `the ${list.length} weights`;
  return { name, open: () => new WeightsSite(name, list) };
}

class WeightsSite implements Site {
  readonly slots: Slot[];
  watched: readonly Tensor[] = [];
  private swaps: DataSwap[] = [];
  private frozen: Parameter[] = [];

  constructor(
    readonly name: string,
    private readonly parameters: readonly Parameter[],
  ) {
    this.slots = parameters.map((parameter) => ({ kind: 'weight', value: parameter.detach(), mask: null }));
  }

  enter(deltas: Deltas | null, watch: boolean): void {
    try {
      deltas?.forEach((delta, i) => {
        this.swaps.push(perturb(this.parameters[i] as Parameter, delta));
      });
      if (!watch) return;
      this.watched = this.parameters;
      for (const parameter of this.parameters) {
        if (parameter.requiresGrad) continue;
        parameter.requiresGrad_();
        this.frozen.push(parameter);
      }
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  enterFirst(make: (slot: Slot) => Tensor, watch: boolean): void {
    this.enter(this.slots.map(make), watch);
  }

  leave(): void {
    while (this.swaps.length > 0) this.swaps.pop()?.restore();
    for (const parameter of this.frozen.splice(0)) {
      parameter.requiresGrad_(false);
      parameter.grad = null;
    }
  }

  gradients(watched: readonly (Tensor | null)[]): Tensor[] {
    return this.parameters.map((_, i) => {
      const gradient = watched[i] ?? null;
      if (gradient === null) throw noGradient(this.name);
      if (gradient.isSparse) {
        throw new AdversarialError(
          'sparse-gradient',
          `${this.name}: the gradient is sparse. Perturb an embedding's rows or outputs instead: rows(), outputs()`,
        );
      }
      return gradient;
    });
  }

  isolate(): () => void {
    return setAside(this.parameters).add;
  }
}
