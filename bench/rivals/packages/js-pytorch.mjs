// js-pytorch on the CPU. Its only optimizer is Adam, so the descent is written out over its arrays.
import { torch } from 'js-pytorch';
import {
  comparedSteps,
  learningRate,
  matrices,
  perceptron,
  rows,
  samples,
  serveLibrary,
  side,
  sizes,
} from '../../../dist/bench/rivals/problem.js';

const { nn } = torch;

function matmul() {
  const { a, b } = matrices();
  const left = torch.tensor(rows(a, side));
  const right = torch.tensor(rows(b, side));
  return {
    run(count) {
      for (let i = 0; i < count; i++) torch.matmul(left, right);
    },
    values() {
      const product = torch.matmul(left, right).data;
      return samples.map((i) => product[Math.floor(i / side)][i % side]);
    },
  };
}

function descend(values, gradients) {
  for (let i = 0; i < values.length; i++) {
    if (Array.isArray(values[i])) descend(values[i], gradients[i]);
    else values[i] -= learningRate * gradients[i];
  }
}

function training() {
  const start = perceptron();
  const { input, hidden, output } = sizes;
  const first = new nn.Linear(input, hidden, 'cpu', true, true);
  const second = new nn.Linear(hidden, output, 'cpu', true, true);
  const zeros = (values) => values.map((value) => (Array.isArray(value) ? zeros(value) : 0));
  first.W._data = rows(start.w1, hidden);
  second.W._data = rows(start.w2, output);
  first.b._data = zeros(first.b._data);
  second.b._data = zeros(second.b._data);
  const relu = new nn.ReLU();
  const criterion = new nn.CrossEntropyLoss();
  const x = torch.tensor(rows(start.x, input));
  const y = torch.tensor([...start.labels]);
  const parameters = [first.W, first.b, second.W, second.b];
  const step = () => {
    const loss = criterion.forward(second.forward(relu.forward(first.forward(x))), y);
    loss.backward();
    for (const parameter of parameters) descend(parameter._data, parameter.grad);
    const value = loss.data;
    loss.zero_grad_graph();
    for (const parameter of parameters) parameter.zero_grad();
    return Number(Array.isArray(value) ? value.flat(3)[0] : value);
  };
  return {
    run(count) {
      for (let i = 0; i < count; i++) step();
    },
    values: () => Array.from({ length: comparedSteps }, step),
  };
}

await serveLibrary({ matmul, training });
