/** Types of `nn`, `nn.functional` and `optim`. */
import torch, { nn, optim, type Tensor } from 'litorch';
import { is } from './is.js';

declare const x: Tensor;
const F = nn.functional;

class Network extends nn.Module {
  readonly hidden = new nn.Linear(4, 8);
  readonly out = new nn.Linear(8, 2, { bias: false });

  forward(input: Tensor, scale = 1): [Tensor, Tensor] {
    const h = F.relu(this.hidden(input)).mul(scale);
    return [h, this.out(h)];
  }
}

export function modules(): void {
  const network = new Network();
  is<[Tensor, Tensor]>()(network(x));
  is<[Tensor, Tensor]>()(network(x, 2));
  is<Tensor>()(network.hidden(x));
  is<nn.Parameter>()(network.hidden.weight);
  is<nn.Parameter | null>()(network.hidden.bias);
  is<Network>()(network.train());
  is<Network>()(network.eval());
  is<Network>()(network.to('cpu'));
  is<boolean>()(network.training);
  for (const parameter of network.parameters()) is<nn.Parameter>()(parameter);
  for (const [name, parameter] of network.namedParameters()) {
    is<string>()(name);
    is<nn.Parameter>()(parameter);
  }
  is<Tensor>()(new nn.Sequential(new nn.Linear(4, 2), new nn.ReLU())(x));
  is<Tensor>()(new nn.Embedding(10, 4, { paddingIdx: 0 })(x));
  const [output, [h, c]] = new nn.LSTM(4, 8, { batchFirst: true, numLayers: 2 })(x);
  is<Tensor>()(h);
  is<Tensor>()(c);
  void output;
  // @ts-expect-error: called as forward says.
  network('x');
  // @ts-expect-error: two sizes.
  new nn.Linear(4);
  // @ts-expect-error: no such option.
  new nn.Linear(4, 2, { biases: false });
  // @ts-expect-error: no number.
  new nn.Dropout('0.5');
  // @ts-expect-error: no module.
  new nn.Sequential(x);
}

export function functional(): void {
  is<Tensor>()(F.crossEntropy(x, x, { ignoreIndex: -1, reduction: 'sum', labelSmoothing: 0.1 }));
  is<Tensor>()(F.crossEntropy(x, x, x, { reduction: 'none' }));
  is<Tensor>()(F.normalize(x, { p: 2, dim: 1 }));
  is<Tensor>()(F.normalize(x, 2, 1));
  is<Tensor>()(F.dropout(x, 0.5, { training: false }));
  is<Tensor>()(F.softmax(x, 1));
  is<Tensor>()(F.softmax(x, { dim: 1, dtype: torch.float64 }));
  is<Tensor>()(F.linear(x, x));
  is<Tensor>()(F.conv2d(x, x, null, { stride: 2 }));
  is<Tensor>()(F.maxPool2d(x, 2));
  is<Tensor>()(F.maxPool2d(x, 2, { stride: 1 }));
  is<[output: Tensor, indices: Tensor]>()(F.maxPool2d(x, 2, { returnIndices: true }));
  is<Tensor>()(F.interpolate(x, { scaleFactor: 2, mode: 'bilinear', alignCorners: false }));
  is<Tensor>()(F.pad(x, [1, 1], 'reflect'));
  // @ts-expect-error: only these strings.
  F.crossEntropy(x, x, { reduction: 'average' });
  // @ts-expect-error: only these strings.
  F.interpolate(x, { scaleFactor: 2, mode: 'quadratic' });
  // @ts-expect-error: only these strings.
  F.pad(x, [1, 1], 'mirror');
  // @ts-expect-error: no such option.
  F.normalize(x, { dims: 1 });
  // @ts-expect-error: no number.
  F.dropout(x, '0.5');
  // @ts-expect-error: one tensor, without the indices.
  F.maxPool2d(x, 2)[0].add(1);
}

export function optimizers(): void {
  const network = new Network();
  const sgd = new optim.SGD(network.parameters(), { lr: 0.1, momentum: 0.9, nesterov: true });
  const adam = new optim.AdamW([
    { params: network.hidden.parameters(), lr: 1e-3 },
    { params: [x], weightDecay: 0 },
  ]);
  is<void>()(sgd.zeroGrad());
  is<undefined>()(adam.step());
  is<Tensor>()(sgd.step(() => x));
  is<number>()(sgd.paramGroups[0]?.lr as number);
  for (const group of adam.paramGroups) is<[number, number]>()(group.betas);
  // @ts-expect-error: no such option.
  new optim.SGD(network.parameters(), { learningRate: 0.1 });
  // @ts-expect-error: Python's spelling.
  new optim.AdamW(network.parameters(), { weight_decay: 0.1 });
  // @ts-expect-error: parameters, not the module.
  new optim.SGD(network, { lr: 0.1 });
  // @ts-expect-error: no such option of a group.
  new optim.AdamW([{ params: [x], momentum: 0.9 }]);
}
