import torch, { nn, type Tensor } from 'litorch';
import { Vocabulary } from 'litorch/squad';

/** So that words whose vectors agree in a number do not divide by zero. */
const LEAST_VARIANCE = 1e-6;

/**
 * Word vectors of mean 0 and variance 1 in every number, over the vocabulary weighted by how often each word occurs:
 * v̄ = (v − E v) / √Var v, E v = Σ f v, Var v = Σ f (v − E v)². Without it a network could make any perturbation small
 * by making its word vectors large. Mean and variance are those of the present weights in every call, so that gradients
 * flow through them.
 *
 * Miyato, Dai and Goodfellow (2017), "Adversarial Training Methods for Semi-Supervised Text Classification",
 * https://arxiv.org/abs/1605.07725, equation 1.
 */
export class NormalizedEmbedding extends nn.Module {
  /** The vectors v, one a row. Row 0 is padding. */
  words: nn.Embedding;
  /** `[V]`: how often each word occurs; their sum is 1, and padding has 0. */
  declare frequencies: Tensor;

  /** @param frequencies One for each word of the vocabulary. */
  constructor(frequencies: Float64Array, size: number) {
    super();
    this.words = new nn.Embedding(frequencies.length, size, { paddingIdx: Vocabulary.padIndex });
    this.registerBuffer('frequencies', torch.tensor([...frequencies]));
  }

  /** From `[B, T]` vocabulary indices to `[B, T, D]`; zeros at padding. */
  forward(tokens: Tensor): Tensor {
    const [mean, deviation] = this.statistics();
    return this.words(tokens).sub(mean).div(deviation).mul(isWord(tokens).unsqueeze(2));
  }

  /** E v and √Var v, `[D]` each. */
  private statistics(): [mean: Tensor, deviation: Tensor] {
    const { frequencies } = this;
    const { weight } = this.words;
    const mean = frequencies.matmul(weight);
    // The variance has no gradient by way of the mean: Σ f (v − E v) = 0.
    const variance = frequencies.matmul(weight.sub(mean.detach()).square());
    return [mean, variance.add(LEAST_VARIANCE).sqrt()];
  }
}

/** `[B, T]`, bool: false at padding. */
export function isWord(tokens: Tensor): Tensor {
  return tokens.ne(Vocabulary.padIndex);
}
