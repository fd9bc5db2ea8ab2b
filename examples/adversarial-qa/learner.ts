import { nn, optim, type Tensor } from 'litorch';
import { adversarialStep, type Method } from 'litorch/adversarial';
import type { ArmName } from './arms.js';
import type { Batch } from './batch.js';
import { type Predictions, spanLogits, spanLoss } from './loss.js';
import { makeMethod, replaysOf } from './methods.js';
import { Model } from './model.js';
import type { Network } from './network.js';
import { epsilonOf, type Settings, weightOf } from './options.js';

/** The losses of a step, before it; null where the method does not compute it. */
export interface Losses {
  loss: Tensor | null;
  lossAdv: Tensor | null;
}

/** A network with its optimizer and its way of training: the forum's `Model`, or one of the library's methods. */
export interface Learner {
  readonly network: Network;
  readonly parameters: readonly Tensor[];
  readonly optimizer: optim.Adamax;
  update(batch: Batch): Losses;
}

/** The learner of an arm. */
export function makeLearner(name: ArmName, network: Network, settings: Settings): Learner {
  const { learningRate, fixEmbeddings, gradClipping } = settings;
  const common = { learningRate, fixEmbeddings, ...(gradClipping > 0 && { gradClipping }) };
  const epsilon = epsilonOf(settings, name) ?? 0;
  if (name === 'none' || name === 'forum')
    return new Model(network, { ...common, adversarial: name === 'forum', epsilon });
  const method = makeMethod(name, network, epsilon, weightOf(settings, name) ?? 1);
  return new MethodLearner(network, method, { ...common, replays: replaysOf(name) });
}

interface MethodOptions {
  learningRate: number;
  fixEmbeddings: boolean;
  gradClipping?: number;
  /** Steps of the optimizer on each batch. */
  replays: number;
}

/** Trains as `Model` does, with one of the library's methods in place of the forum's step. */
class MethodLearner implements Learner {
  readonly parameters: readonly Tensor[];
  readonly optimizer: optim.Adamax;

  constructor(
    readonly network: Network,
    private readonly method: Method,
    private readonly options: MethodOptions,
  ) {
    const fixed = options.fixEmbeddings ? network.lexiconEncoder.embedding.weight : null;
    this.parameters = [...network.parameters()].filter((parameter) => parameter !== fixed);
    this.optimizer = new optim.Adamax([...this.parameters], { lr: options.learningRate });
  }

  update(batch: Batch): Losses {
    const { network, method, optimizer, parameters } = this;
    const { gradClipping, replays } = this.options;
    network.train();
    // A step of its own for each batch: what FreeAT carries from one replay to the next ends with the batch, as texts
    // of other shapes have no use for it, and so nothing but the weights is left to be saved between batches.
    const step = adversarialStep<Batch, Predictions>(network, spanLoss, method, { logits: spanLogits });
    let losses: Losses = { loss: null, lossAdv: null };
    for (let replay = 0; replay < replays; replay++) {
      optimizer.zeroGrad();
      const { loss, adversarialLoss } = step(batch);
      if (gradClipping !== undefined) nn.utils.clipGradNorm_([...parameters], gradClipping);
      optimizer.step();
      losses = { loss, lossAdv: adversarialLoss };
    }
    return losses;
  }
}
