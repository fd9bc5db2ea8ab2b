import { nn, optim, type Tensor } from 'litorch';
import type { Batch } from './batch.js';
import type { Network } from './network.js';

const { functional: F } = nn;

export interface ModelOptions {
  /** Whether to train on the adversarial loss too; without it this is the baseline. Default true. */
  adversarial?: boolean;
  /** The norm of each row of the perturbation. Default 5, as in the post. */
  epsilon?: number;
  /** Adamax's. Default 0.002, as SAN's. */
  learningRate?: number;
  /** Where given, the norm that the whole gradient is clipped to before the step, as SAN does and the post doesn't. */
  gradClipping?: number;
  /** Leave the word vectors out of the optimizer: "I'm not updating x". Default false. */
  fixEmbeddings?: boolean;
  /** Is shown the perturbation of each step. */
  observe?: (name: 'perturb', tensor: Tensor) => void;
}

/**
 * The model of the forum's post: one step on the sum of the loss and of the adversarial loss, that of the same batch
 * with the word vectors moved along the loss's own gradient. The README goes through it line by line.
 */
export class Model {
  readonly network: Network;
  readonly parameters: Tensor[];
  readonly optimizer: optim.Adamax;
  readonly adversarial: boolean;
  readonly epsilon: number;
  private readonly gradClipping: number | undefined;
  private readonly observe: ModelOptions['observe'];

  constructor(network: Network, options: ModelOptions = {}) {
    const {
      adversarial = true,
      epsilon = 5.0,
      learningRate = 2e-3,
      gradClipping,
      fixEmbeddings = false,
    } = options;
    this.network = network;
    this.adversarial = adversarial;
    this.epsilon = epsilon;
    this.gradClipping = gradClipping;
    this.observe = options.observe;
    const fixed = fixEmbeddings ? network.lexiconEncoder.embedding.weight : null;
    this.parameters = [...network.parameters()].filter((parameter) => parameter !== fixed);
    this.optimizer = new optim.Adamax(this.parameters, { lr: learningRate });
  }

  /** One step. The losses that it returns are of the parameters before the step. */
  update(batch: Batch): { loss: Tensor; lossAdv: Tensor | null } {
    this.network.train();
    const y = [batch.starts, batch.ends] as const;
    // forward propagate: the two ends of the answer span (the third prediction is not trained on).
    const [start, end] = this.network(batch);
    // F(x, θ)
    const loss = F.crossEntropy(start, y[0]).add(F.crossEntropy(end, y[1]));
    let lossTotal = loss;
    let lossAdv: Tensor | null = null;
    if (this.adversarial) {
      // F(x+perturb, θ)
      lossAdv = this.adversarialLoss(batch, loss, y);
      lossTotal = loss.add(lossAdv);
    }
    this.optimizer.zeroGrad();
    // jointly optimize F(x, θ) + F(x+perturb, θ)
    lossTotal.backward({ retainGraph: false });
    if (this.gradClipping !== undefined) nn.utils.clipGradNorm_(this.parameters, this.gradClipping);
    this.optimizer.step();
    return { loss: loss.detach(), lossAdv: lossAdv?.detach() ?? null };
  }

  /**
   * @param batch batch that is shared with update method.
   * @param loss F(x, θ)
   * @param y y label (answer span)
   * @returns adversarial loss, F(x+perturb, θ). Scalar tensor.
   */
  adversarialLoss(batch: Batch, loss: Tensor, y: readonly [Tensor, Tensor]): Tensor {
    this.optimizer.zeroGrad(); // Remove accumulated grads from the previous batch.
    loss.backward({ retainGraph: true }); // backprop. The graph is retained for lossTotal.
    // grad = d(loss)/d(x). Shape: [# of vocab, word emb dimension]
    const grad = this.network.lexiconEncoder.embedding.weight.grad!.data;
    grad.detach_();
    const perturb = F.normalize(grad, { p: 2, dim: 1 }).mul(this.epsilon); // 5 is the norm of perturbation. Hyperparam.
    this.observe?.('perturb', perturb);
    const advEmbedding = this.network.lexiconEncoder.embedding.weight.add(perturb);
    // cache the original embedding's weight (to revert it back later)
    const originalEmb = this.network.lexiconEncoder.embedding.weight.data;
    this.network.lexiconEncoder.embedding.weight.data = advEmbedding;
    // forward propagate for F(x+perturb, θ)
    const [advStart, advEnd, _advPred] = this.network(batch);
    // revert x back to the original state before the perturbation.
    this.network.lexiconEncoder.embedding.weight.data = originalEmb;
    // switch off the embedding training.
    this.network.lexiconEncoder.embedding.training = false;
    return F.crossEntropy(advStart, y[0]).add(F.crossEntropy(advEnd, y[1]));
  }
}
