import { noGrad } from '../../autograd/modes.js';
import { zerosLike } from '../../functions.js';
import { Module } from '../../nn/modules/module.js';
import { Tensor } from '../../tensor.js';
import { checkNorm, Norm, type NormOptions } from '../norm.js';
import type { Deltas } from '../slot.js';
import { scaled } from './attack.js';
import { checkCounts, checkNumbers, type Method, type TargetOptions, targetsOf } from './method.js';
import { ascend } from './pgd.js';

/** Options of {@link yopo}. */
export interface YopoOptions extends TargetOptions, NormOptions {
  /** The first layer: what computes the rest of the network's input from what is perturbed, all uses of it included. */
  layer: Module;
  /** The radius of the ball, in units of what is perturbed. Default: 1. */
  epsilon?: number;
  /** How far a step goes. Default: 0.3. */
  stepSize?: number;
  /** Passes through the whole network, m. Default: 5. */
  passes?: number;
  /** Steps of ascent through the first layer after each, n. Default: 3. */
  steps?: number;
}

/** What the first layer was given and has given in a pass of the whole network. */
interface Call {
  again: () => unknown;
  outputs: readonly Tensor[];
}

/**
 * YOPO-m-n: the gradient at the first layer's output, the costate p, is held fixed while n steps of ascent on ⟨p, f₀(x + δ)⟩
 * go through the first layer alone; m times, each with one pass through the whole network, whose gradient of the parameters
 * counts 1/m.
 *
 * Zhang et al. (2019), "You Only Propagate Once", https://arxiv.org/abs/1905.00877, algorithm 1; YOPO-5-3.
 *
 * @throws TypeError, RangeError for options that cannot be meant.
 */
export function yopo(options: YopoOptions): Method {
  const { layer, epsilon = 1, stepSize = 0.3, passes = 5, steps = 3 } = options;
  const targets = targetsOf('yopo', options);
  if (!(layer instanceof Module)) throw new TypeError('yopo(): layer must be a module of the network');
  checkNorm('yopo', options);
  checkNumbers('yopo', { epsilon, stepSize });
  checkCounts('yopo', { passes, steps });
  return {
    name: 'yopo',
    targets: () => targets,
    sharesDropout: true,
    train(pass) {
      let deltas: Deltas | null = null;
      let first: Tensor | null = null;
      let last: Tensor | null = null;
      for (let i = 0; i < passes; i++) {
        const calls: Call[] = [];
        const costates = watching(layer, calls, () =>
          pass.at(deltas, false, (output) => {
            const loss = pass.loss(output);
            first ??= loss.detach();
            last = loss.detach();
            scaled(loss, 1 / passes).backward();
            return calls.map((call) => call.outputs.map((tensor) => tensor.grad));
          }),
        );
        if (i + 1 === passes) break;
        const norm = new Norm(pass.slots, options);
        let moved: Deltas = deltas ?? pass.slots.map(({ value }) => zerosLike(value));
        for (let step = 0; step < steps; step++) {
          const before = moved;
          const gradients = pass.part(
            before,
            () => calls.map(({ again }) => tensorsOf(again())),
            (outputs) => pass.gradientOf(hamiltonian(outputs, costates)),
          );
          moved = noGrad(() => ascend(before, gradients, norm, { epsilon, stepSize }));
        }
        deltas = moved;
      }
      pass.observe(deltas ?? []);
      return { loss: first, adversarialLoss: last };
    },
  };
}

/** ⟨p, f₀⟩ over all outputs of all calls. */
function hamiltonian(
  outputs: readonly (readonly Tensor[])[],
  costates: readonly (readonly (Tensor | null)[])[],
): Tensor {
  const terms = outputs.flatMap((call, i) =>
    call.flatMap((output, j) => {
      const costate = costates[i]?.[j] ?? null;
      return costate === null ? [] : [output.mul(costate).sum()];
    }),
  );
  if (terms.length === 0) throw new TypeError('yopo(): the loss does not depend on what the layer gives');
  return terms.reduce((sum, term) => sum.add(term));
}

/** Runs `fn` and notes the layer's calls meanwhile. */
function watching<T>(layer: Module, calls: Call[], fn: () => T): T {
  using _hook = layer.registerForwardHook((_, args, output) => {
    const outputs = tensorsOf(output);
    for (const tensor of outputs) if (tensor.requiresGrad && !tensor.isLeaf) tensor.retainGrad();
    const call = layer as unknown as (...args: readonly unknown[]) => unknown;
    calls.push({ again: () => call(...(args as readonly unknown[])), outputs });
  });
  return fn();
}

const tensorsOf = (output: unknown): Tensor[] =>
  (Array.isArray(output) ? output : [output]).filter((item) => item instanceof Tensor);
