import { enableGrad } from '../autograd/modes.js';
import { tidy } from '../memory.js';
import { Module } from '../nn/modules/module.js';
import { checkOptions } from '../options.js';
import type { Tensor } from '../tensor.js';
import { setAside } from './gradients.js';
import type { Attack, Memory, Method } from './methods/method.js';
import { type Loss, Pass, type PassOptions, Skipped } from './pass.js';
import type { Deltas } from './slot.js';

/** What a step gives; the tensors are scalars without a graph. */
export interface StepResult {
  /** The loss without a perturbation; null for the methods that do not compute it (FreeLB, FreeAT) and without labels. */
  loss: Tensor | null;
  /** The loss under the perturbation, or the divergence that the method adds, before its weight; null where skipped. */
  adversarialLoss: Tensor | null;
  /**
   * Why the step was left out, with `onNonFinite: 'skip'`: then no gradient has changed, and the optimizer should not step.
   */
  skipped: 'non-finite-loss' | 'non-finite-gradient' | null;
}

/** One batch's part of training: see {@link adversarialStep}. */
export interface AdversarialStep<Batch> {
  (batch: Batch): StepResult;
  readonly method: Method;
  /** How many batches have been left out. */
  readonly skipped: number;
}

/**
 * A step for one's own training loop: accumulates the gradients of a batch's loss and of what the method adds, in `grad` of
 * the parameters, as `backward` does.
 *
 *     const target = outputs(model.embedding);
 *     const step = adversarialStep(model, (output, batch) => F.crossEntropy(output, batch.labels), fgm({ target }));
 *     for (const batch of batches) {
 *       optimizer.zeroGrad();
 *       step(batch);
 *       clipGradNorm_(model.parameters(), 5);
 *       optimizer.step();
 *     }
 *
 * Nothing else of the loop is its concern: accumulate over several batches by calling it several times before a step of the
 * optimizer (and dividing the loss), clip, schedule, call it within `torch.autocast`. Modules are used as they are, in
 * training or eval mode; hooks are on them only during a call; parameters have their own memory back after it, also where
 * it throws.
 *
 * @param model Is called with the batch, or `forward` of the options is.
 * @param loss From the model's output and the batch to a scalar; null for VAT without labels.
 * @param method What is perturbed, and how: `fgm({ target })` and the others.
 * @throws AdversarialError for the conditions that it names, from the step.
 */
export function adversarialStep<Batch, Output = Tensor>(
  model: Module,
  loss: Loss<Batch, Output> | null,
  method: Method,
  options: PassOptions<Batch, Output> = {},
): AdversarialStep<Batch> {
  check('adversarialStep', model, loss, options);
  if (typeof method?.train !== 'function')
    throw new TypeError('adversarialStep(): expected a method, such as fgm({ target })');
  const targets = method.targets(model);
  const memory: Memory = { deltas: null };
  const state = { skipped: 0 };
  const step = (batch: Batch): StepResult =>
    tidy(() => {
      const run = (): StepResult => {
        const pass = new Pass(model, loss, targets, batch, options, method.sharesDropout);
        return { ...method.train(pass, memory, model), skipped: null };
      };
      if (options.onNonFinite !== 'skip') return run();
      const earlier = setAside([...model.parameters()]);
      try {
        const result = run();
        earlier.add();
        return result;
      } catch (error) {
        earlier.restore();
        if (!(error instanceof Skipped)) throw error;
        state.skipped++;
        return { loss: null, adversarialLoss: null, skipped: error.condition };
      }
    });
  return Object.defineProperties(step, {
    method: { value: method },
    skipped: { get: () => state.skipped },
  }) as AdversarialStep<Batch>;
}

/** Perturbations that an attack has found for a batch. */
export interface Found<Output> {
  /** One for each call of a module, or parameter, in their order. */
  readonly deltas: Deltas;
  /** Runs the model on the batch with the perturbations, scaled. @param scale Default: 1. */
  run(scale?: number): Output;
}

/**
 * An attack for evaluation: finds perturbations of a batch and runs the model under them. No parameter's `grad` changes.
 *
 *     const attack = adversary(model, loss, pgd({ target, epsilon: 1, randomStart: true }));
 *     const output = torch.noGrad(() => attack(batch).run());
 *
 * Restarts are the caller's: call it several times with `randomStart`, and take for each example the worst.
 */
export function adversary<Batch, Output = Tensor>(
  model: Module,
  loss: Loss<Batch, Output>,
  method: Attack,
  options: PassOptions<Batch, Output> = {},
): (batch: Batch) => Found<Output> {
  check('adversary', model, loss, options);
  if (typeof method?.find !== 'function')
    throw new TypeError(
      'adversary(): expected an attack, such as pgd({ target }); the other methods only train',
    );
  const targets = method.targets(model);
  return (batch) => {
    const pass = new Pass(model, loss, targets, batch, options, method.sharesDropout);
    const deltas = enableGrad(() => method.find(pass));
    return {
      deltas,
      run(scale = 1) {
        const scaled = scale === 1 ? deltas : deltas.map((delta) => delta.mul(scale));
        return pass.at(scaled, false, (output) => output);
      },
    };
  };
}

function check<Batch, Output>(
  name: string,
  model: Module,
  loss: Loss<Batch, Output> | null,
  options: PassOptions<Batch, Output>,
): void {
  if (!(model instanceof Module)) throw new TypeError(`${name}(): expected a module`);
  if (loss !== null && typeof loss !== 'function')
    throw new TypeError(`${name}(): loss must be a function of the model's output and the batch`);
  const functions = ['forward', 'logits', 'divergence', 'observe'] as const;
  checkOptions(name, options, [...functions, 'onNonFinite'], ['sharedDropout']);
  for (const key of functions) {
    const value = options[key];
    if (value !== undefined && typeof value !== 'function')
      throw new TypeError(`${name}(): ${key} must be a function`);
  }
  if (!['throw', 'skip', 'ignore', undefined].includes(options.onNonFinite))
    throw new RangeError(`${name}(): onNonFinite must be 'throw', 'skip' or 'ignore'`);
}
