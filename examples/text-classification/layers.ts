import torch, { nn, type Tensor } from 'litorch';

const { functional: F } = nn;

/** What reads a sequence of word vectors `[B, T, D]` and gives features of each place, `[B, T, size]`. */
export type Reader = LstmReader | CnnReader;

/** An LSTM from left to right: a place's features know what stands before it, never the padding after. */
export class LstmReader extends nn.Module {
  lstm: nn.LSTM;
  readonly size: number;

  constructor(inputSize: number, hiddenSize: number) {
    super();
    this.lstm = new nn.LSTM(inputSize, hiddenSize, { batchFirst: true });
    this.size = hiddenSize;
  }

  forward(x: Tensor): Tensor {
    const [states] = this.lstm(x);
    return states;
  }
}

const WIDTHS = [3, 4, 5] as const;

/**
 * Convolutions over three, four and five words, and relu: Kim (2014), "Convolutional Neural Networks for Sentence
 * Classification", https://arxiv.org/abs/1408.5882. The window of a place begins there and may reach beyond the end,
 * where there are zeros, so that a text of one word has a window too and what a text is batched with does not matter.
 */
export class CnnReader extends nn.Module {
  weights: nn.ParameterList;
  biases: nn.ParameterList;
  readonly size: number;

  /** @param filters Of each width. */
  constructor(inputSize: number, filters: number) {
    super();
    const parts = WIDTHS.map((width): [nn.Parameter, nn.Parameter] => {
      const bound = 1 / Math.sqrt(inputSize * width);
      const weight = new nn.Parameter(torch.empty([filters, inputSize, width]));
      const bias = new nn.Parameter(torch.empty([filters]));
      for (const parameter of [weight, bias]) nn.init.uniform_(parameter, -bound, bound);
      return [weight, bias];
    });
    this.weights = new nn.ParameterList(parts.map(([weight]) => weight));
    this.biases = new nn.ParameterList(parts.map(([, bias]) => bias));
    this.size = filters * WIDTHS.length;
  }

  forward(x: Tensor): Tensor {
    const length = x.size(1);
    const channels = F.pad(x.transpose(1, 2), [0, Math.max(...WIDTHS) - 1]);
    const found = WIDTHS.map((_, i) => {
      const convolved = F.conv1d(channels, this.weights.at(i), this.biases.at(i));
      return convolved.narrow(2, 0, length);
    });
    return F.relu(torch.cat(found, 1)).transpose(1, 2);
  }
}
