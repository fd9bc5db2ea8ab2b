/** litorch's side of the comparison with its rivals. Argument: threads. */
import torch, { nn, optim } from 'litorch';
import {
  batch,
  comparedSteps,
  learningRate,
  matrices,
  perceptron,
  samples,
  serveLibrary,
  side,
  sizes,
  type Work,
} from './problem.js';

function matmul(): Work {
  const { a, b } = matrices();
  const left = torch.tensor(a).view(side, side);
  const right = torch.tensor(b).view(side, side);
  return {
    run(count) {
      for (let i = 0; i < count; i++) torch.matmul(left, right);
    },
    values() {
      const product = torch.matmul(left, right).toTypedArray();
      return samples.map((i) => Number(product[i]));
    },
  };
}

function training(): Work {
  const start = perceptron();
  const { input, hidden, output } = sizes;
  const first = new nn.Linear(input, hidden);
  const second = new nn.Linear(hidden, output);
  torch.noGrad(() => {
    first.weight.copy_(torch.tensor(start.w1).view(input, hidden).t());
    second.weight.copy_(torch.tensor(start.w2).view(hidden, output).t());
    first.bias?.zero_();
    second.bias?.zero_();
  });
  const model = new nn.Sequential(first, new nn.ReLU(), second);
  const optimizer = new optim.SGD(model.parameters(), { lr: learningRate });
  const criterion = new nn.CrossEntropyLoss();
  const x = torch.tensor(start.x).view(batch, input);
  const y = torch.tensor([...start.labels], { dtype: torch.int64 });
  const step = (): torch.Tensor => {
    optimizer.zeroGrad();
    const loss = criterion(model(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  };
  return {
    run(count) {
      for (let i = 0; i < count; i++) step();
    },
    values: () => Array.from({ length: comparedSteps }, () => Number(step().item())),
  };
}

torch.setNumThreads(Number(process.argv[2] ?? 1));
await serveLibrary({ matmul, training });
