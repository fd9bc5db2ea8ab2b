import { grad } from '../autograd/index.js';
import { noGrad } from '../autograd/modes.js';
import { type Device, device } from '../device.js';
import { keep } from '../memory.js';
import type { Module } from '../nn/modules/module.js';
import { RNNBase } from '../nn/modules/rnn.js';
import { Tensor } from '../tensor.js';
import { klDivergence } from './divergence.js';
import { AdversarialError } from './errors.js';
import { rememberRandom } from './random.js';
import { type Deltas, masked, type Slot } from './slot.js';
import type { Site, Target } from './targets/target.js';

/** The loss of one batch: what the model gives, and the batch. A scalar. */
export type Loss<Batch, Output> = (output: Output, batch: Batch) => Tensor;

/** What to do where a loss or a gradient is infinite or not a number. */
export type NonFinite = 'throw' | 'skip' | 'ignore';

/** Options of {@link adversarialStep} and {@link adversary}. */
export interface PassOptions<Batch, Output> {
  /** Runs the model. Default: `model(batch)`. */
  forward?: (batch: Batch) => Output;
  /**
   * The logits among what the model gives, `[..., C]` each, for the methods that compare predictions. Default: the
   * output where it is a tensor, all tensors of an array.
   */
  logits?: (output: Output) => Tensor | readonly Tensor[];
  /**
   * How far the prediction `q` is from `p`. Default: `klDivergence`, summed over the logits where there are several.
   */
  divergence?: (p: Tensor, q: Tensor) => Tensor;
  /** Whether all passes over a batch draw the same random numbers, so the same dropout masks. Default: by method. */
  sharedDropout?: boolean;
  /** Default: `'throw'`. The check reads each loss, which waits for a device. */
  onNonFinite?: NonFinite;
  /** Is shown the perturbations with which the last pass was made, one for each call or parameter, in their order. */
  observe?: (deltas: Deltas) => void;
}

/** A step is left out; see {@link NonFinite}. @internal */
export class Skipped extends Error {
  constructor(readonly condition: 'non-finite-loss' | 'non-finite-gradient') {
    super(condition);
  }
}

/** All passes of a model over one batch. @internal */
export class Pass<Batch = unknown, Output = unknown> {
  private readonly sites: readonly Site[];
  private known: readonly Slot[] | null = null;
  private readonly resetRandom: (() => void) | null;
  private readonly device: Device;
  private isFirst = true;
  private isOpen = false;

  constructor(
    private readonly model: Module,
    private readonly lossOf: Loss<Batch, Output> | null,
    readonly targets: readonly Target[],
    private readonly batch: Batch,
    private readonly options: PassOptions<Batch, Output>,
    sharesDropout: boolean,
  ) {
    this.sites = targets.map((target) => target.open());
    this.device = deviceOf(model);
    if (this.device.type === 'cuda') checkRnns(model);
    this.resetRandom = (options.sharedDropout ?? sharesDropout) ? rememberRandom(this.device) : null;
  }

  /** What is perturbed; known after the first pass. */
  get slots(): readonly Slot[] {
    if (this.known !== null) return this.known;
    for (const { name, slots } of this.sites) {
      if (slots.length === 0)
        throw new AdversarialError('unused-target', `${name}: the model has not called the module`);
    }
    this.known = this.sites.flatMap(({ slots }) => slots);
    return this.known;
  }

  get hasLoss(): boolean {
    return this.lossOf !== null;
  }

  /** Passes over the same batch in which something else is perturbed. */
  over(targets: readonly Target[], forward?: () => Output): Pass<Batch, Output> {
    const options = forward === undefined ? this.options : { ...this.options, forward };
    return new Pass(this.model, this.lossOf, targets, this.batch, options, false);
  }

  /**
   * Runs the model with perturbations (null: as it is), and `use` on what it gives, while they are in place.
   *
   * @param watch Whether gradients with respect to the perturbations will be asked for.
   */
  at<T>(deltas: Deltas | null, watch: boolean, use: (output: Output) => T): T {
    const own = deltas === null ? null : this.bySite(deltas);
    return this.run((site, number) => site.enter(own?.[number] ?? null, watch), use);
  }

  /** Runs a part of the model, in which all targets are, with perturbations; `use` may ask for their gradients. */
  part<Part, T>(deltas: Deltas, run: () => Part, use: (part: Part) => T): T {
    const own = this.bySite(deltas);
    return this.run((site, number) => site.enter(own[number] as Deltas, true), use, run);
  }

  /**
   * The first pass over the batch, with perturbations that are made where each slot becomes known: of the site with this
   * number, its slot with this number. `use` is given them too.
   */
  atFirst<T>(
    make: (slot: Slot, site: number, index: number) => Tensor,
    watch: boolean,
    use: (output: Output, deltas: Deltas) => T,
  ): T {
    const makeOne = (slot: Slot, site: number, index: number): Tensor =>
      noGrad(() => masked(slot, make(slot, site, index).to(slot.value.dtype)));
    if (!this.sites.every((site) => site.enterFirst !== undefined)) {
      // What is perturbed is known once everything has been read.
      const reset = rememberRandom(this.device);
      noGrad(() => this.at(null, false, () => this.slots));
      reset();
      this.isFirst = true;
      const deltas = this.sites.flatMap(({ slots }, site) => slots.map((slot, i) => makeOne(slot, site, i)));
      return this.at(deltas, watch, (output) => use(output, deltas));
    }
    // Sites may be called in any order, and slots are numbered site by site.
    const made: Tensor[][] = this.sites.map(() => []);
    return this.run(
      (site, number) =>
        site.enterFirst?.((slot) => {
          const own = made[number] as Tensor[];
          own.push(makeOne(slot, number, own.length));
          return own.at(-1) as Tensor;
        }, watch),
      (output) => use(output, made.flat()),
    );
  }

  /** Of each site its own. */
  bySite(deltas: Deltas): Tensor[][] {
    const rest = [...deltas];
    return this.sites.map(({ slots }) => rest.splice(0, slots.length));
  }

  private run<T>(enter: (site: Site, number: number) => void, use: (output: Output) => T): T;
  private run<T, Part>(
    enter: (site: Site, number: number) => void,
    use: (part: Part) => T,
    run: () => Part,
  ): T;
  private run<T>(
    enter: (site: Site, number: number) => void,
    use: (output: never) => T,
    run: () => unknown = () => this.forward(),
  ): T {
    if (this.isOpen) throw new Error('a pass within a pass');
    if (!this.isFirst) this.resetRandom?.();
    this.isFirst = false;
    this.isOpen = true;
    let entered = 0;
    try {
      for (const site of this.sites) {
        enter(site, entered);
        entered++;
      }
      return use(run() as never);
    } finally {
      while (entered > 0) this.sites[--entered]?.leave();
      this.isOpen = false;
    }
  }

  private forward(): Output {
    const { forward } = this.options;
    if (forward !== undefined) return forward(this.batch);
    return (this.model as unknown as (batch: Batch) => Output)(this.batch);
  }

  /** The batch's loss, checked. */
  loss(output: Output): Tensor {
    if (this.lossOf === null) throw new TypeError('this method needs a loss: only VAT does without labels');
    const loss = this.lossOf(output, this.batch);
    if (!(loss instanceof Tensor)) throw new TypeError('adversarialStep(): the loss must be a Tensor');
    if (loss.numel() !== 1)
      throw new RangeError(`adversarialStep(): the loss must be a scalar, but has shape [${loss.shape}]`);
    return this.checked(loss);
  }

  /** A loss that has been found finite, or what the options say. */
  checked(loss: Tensor): Tensor {
    if (this.options.onNonFinite === 'ignore' || Number.isFinite(Number(loss.item()))) return loss;
    return this.refuse('non-finite-loss', `the loss is ${loss.item()}`);
  }

  /** The divergence of predictions, of `q` from `p`, summed over all pairs of logits. */
  divergence(p: readonly Tensor[], q: readonly Tensor[]): Tensor {
    const of = this.options.divergence ?? klDivergence;
    return q.map((logits, i) => of(p[i] as Tensor, logits)).reduce((sum, part) => sum.add(part));
  }

  /** And of `p` from `q`: Jiang et al. (2020), equation 3. */
  symmetric(p: readonly Tensor[], q: readonly Tensor[]): Tensor {
    return this.divergence(p, q).add(this.divergence(q, p));
  }

  logits(output: Output): readonly Tensor[] {
    const found: unknown = this.options.logits?.(output) ?? output;
    const list = Array.isArray(found) ? found : [found];
    if (list.length === 0 || !list.every((item) => item instanceof Tensor)) {
      throw new TypeError(
        'adversarialStep(): the logits must be a tensor or several; give `logits` to say which of the output they are',
      );
    }
    return list as Tensor[];
  }

  /** Accumulates the gradients of the loss in the parameters, and gives those of the perturbations. */
  backward(loss: Tensor): Deltas {
    const restore = this.sites.map((site) => site.isolate?.());
    try {
      loss.backward();
      return this.gradients((tensor) => tensor.grad);
    } finally {
      for (const put of restore) put?.();
    }
  }

  /** The gradients of the perturbations alone. */
  gradientOf(loss: Tensor): Deltas {
    const all = this.sites.flatMap(({ watched }) => watched);
    const found = loss.requiresGrad && all.length > 0 ? grad(loss, all, { allowUnused: true }) : [];
    const byTensor = new Map(all.map((tensor, i) => [tensor, found[i] ?? null]));
    return this.gradients((tensor) => byTensor.get(tensor) ?? null);
  }

  private gradients(of: (watched: Tensor) => Tensor | null): Deltas {
    const gradients = noGrad(() =>
      this.sites.flatMap((site) => {
        if (site.slots.length === 0) return [];
        return site.gradients(site.watched.map(of)).map((gradient) => gradient.detach());
      }),
    );
    if (this.options.onNonFinite !== 'ignore' && !gradients.every(isFinite)) {
      this.refuse('non-finite-gradient', "the loss's gradient at the target is not finite");
    }
    return gradients;
  }

  /** The perturbations of the last pass, for those who want to see them. */
  observe(deltas: Deltas): void {
    this.options.observe?.(deltas.map((delta) => keep(delta.detach())));
  }

  private refuse(condition: 'non-finite-loss' | 'non-finite-gradient', message: string): never {
    if (this.options.onNonFinite === 'skip') throw new Skipped(condition);
    throw new AdversarialError(condition, `adversarialStep(): ${message}`);
  }
}

/** One number that is finite only where all are: cheaper than a tensor of booleans. */
const isFinite = (gradient: Tensor): boolean =>
  Number.isFinite(Number(noGrad(() => gradient.detach().norm(Infinity).item())));

function deviceOf(model: Module): Device {
  for (const parameter of model.parameters()) return parameter.device;
  return device('cpu');
}

/** cuDNN keeps what an RNN's backward needs in training mode only. @internal */
export function checkRnns(model: Module): void {
  for (const [name, module] of model.namedModules()) {
    if (module instanceof RNNBase && !module.training) {
      throw new AdversarialError(
        'rnn-in-eval-mode',
        `${name}: on cuDNN an RNN has gradients in training mode only. Call train() on it; with dropout 0 it computes the same`,
      );
    }
  }
}
