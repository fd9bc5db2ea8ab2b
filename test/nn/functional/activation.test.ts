/** Activations, softmax and dropout. */
import { describe, expect, test } from '@jest/globals';
import torch from '../../../lib/index.js';
import { comparePython, double, F, messageOf, sameForms, x } from './cases.js';

const r = (...shape: number[]) => torch.randn(shape);

comparePython('activation', {
  gelu: () => F.gelu(x(9), { approximate: 'tanh' }),
  threshold: () => F.threshold(x(9), 0.1, 20),
  'threshold in place': () => F.threshold(r(9), 0.1, 20, true),
  threshold_: () => F.threshold_(r(9), 0.1, 20),
  relu_: () => F.relu_(r(9)),
  'relu6 in place': () => F.relu6(r(9).mul(9), { inplace: true }),
  hardtanh: () => F.hardtanh(x(9), -0.5, 0.25),
  'hardtanh in place': () => F.hardtanh(r(9), -0.5, 0.25, true),
  hardtanh_: () => F.hardtanh_(r(9), -0.5, 0.25),
  'elu in place': () => F.elu(r(9), 0.5, true),
  elu_: () => F.elu_(r(9), 0.5),
  selu: () => F.selu(x(9)),
  'selu in place': () => F.selu(r(9), true),
  selu_: () => F.selu_(r(9)),
  celu: () => F.celu(x(9), 0.7),
  'celu in place': () => F.celu(r(9), 0.7, true),
  celu_: () => F.celu_(r(9), 0.7),
  'leaky relu in place': () => F.leakyRelu(r(9), 0.3, true),
  leaky_relu_: () => F.leakyRelu_(r(9), 0.3),
  rrelu: () => F.rrelu(x(9), 0.1, 0.4, { training: true }),
  'rrelu in place': () => F.rrelu(r(9), { training: true, inplace: true }),
  rrelu_: () => F.rrelu_(r(9), 0.1, 0.4, true),
  glu: () => F.glu(x(4, 3), 0),
  'silu in place': () => F.silu(r(9), true),
  'mish in place': () => F.mish(r(9), { inplace: true }),
  'hardsigmoid in place': () => F.hardsigmoid(r(9), true),
  'hardswish in place': () => F.hardswish(r(9), true),
  softmin: () => F.softmin(x(3, 4), 1),
  'softmax without dim': () => F.softmax(x(2, 3, 4)),
  'log softmax without dim': () => F.logSoftmax(x(3, 4)),
  gumbel: () => F.gumbelSoftmax(x(3, 4), 0.5),
  'gumbel hard': () => F.gumbelSoftmax(double(3, 4), { tau: 2, hard: true, dim: 0 }),
  'feature alpha dropout': () => F.featureAlphaDropout(x(3, 4, 2), 0.3, true),
  'feature alpha dropout in place': () => F.featureAlphaDropout(r(3, 4, 2), 0.3, true, true),
  dropout1d: () => F.dropout1d(x(3, 4), 0.3),
  dropout2d: () => F.dropout2d(x(2, 3, 4, 5), 0.3),
  dropout3d: () => F.dropout3d(x(2, 3, 4, 5), 0.3),
  'dropout3d in place': () => F.dropout3d(r(2, 3, 4, 5), 0.3, true, true),
});

describe('arguments', () => {
  sameForms({
    elu: [() => F.elu(x(9), 0.5), () => F.elu(x(9), { alpha: 0.5 })],
    celu: [() => F.celu(x(9), 0.5), () => F.celu(x(9), { alpha: 0.5 })],
    leakyRelu: [() => F.leakyRelu(x(9), 0.5), () => F.leakyRelu(x(9), { negativeSlope: 0.5 })],
    hardtanh: [() => F.hardtanh(x(9), -0.5, 0.25), () => F.hardtanh(x(9), -0.5, { maxVal: 0.25 })],
    threshold: [() => F.threshold(x(9), 0.1, 2), () => F.threshold(x(9), { threshold: 0.1, value: 2 })],
    rrelu: [
      () => F.rrelu(x(9), 0.1, 0.2, true),
      () => F.rrelu(x(9), { lower: 0.1, upper: 0.2, training: true }),
    ],
    glu: [() => F.glu(x(4, 2), 0), () => F.glu(x(4, 2), { dim: 0 })],
    softplus: [() => F.softplus(x(9), 2, 1), () => F.softplus(x(9), { beta: 2, threshold: 1 })],
    softmax: [
      () => F.softmax(x(3, 4), 1, torch.float64),
      () => F.softmax(x(3, 4), { dim: 1, dtype: torch.float64 }),
    ],
    gumbelSoftmax: [
      () => F.gumbelSoftmax(x(3, 4), 2, true, undefined as never, 0),
      () => F.gumbelSoftmax(x(3, 4), 2, { hard: true, dim: 0 }),
    ],
    dropout: [
      () => F.dropout(x(9), 0.4, true),
      () => F.dropout(x(9), { p: 0.4 }),
      () => F.dropout(x(9), torch.tensor(0.4, { dtype: torch.float64 }) as unknown as number),
    ],
  });

  test('that are wrong are named', () => {
    const input = r(3);
    expect(messageOf(() => F.elu(input, { slope: 1 } as never))).toBe(
      "elu(): unknown option 'slope'; the options are input, alpha, inplace",
    );
    expect(messageOf(() => F.elu(input, 1, { alpha: 2 } as never))).toBe(
      "elu(): 'alpha' was given both by position and by name",
    );
    expect(messageOf(() => F.relu(input, 1 as never))).toBe(
      "relu(): argument 'inplace' (position 2) must be bool, not int",
    );
    expect(messageOf(() => F.relu([1] as never))).toBe(
      "relu(): argument 'input' (position 1) must be Tensor, not array of int",
    );
    expect(messageOf(() => F.threshold(input, 1 as never, {} as never))).toBe(
      "threshold(): missing required argument 'value'",
    );
    expect(messageOf(() => F.tanh(input, ...([1] as unknown as [])))).toBe(
      'tanh(): takes at most 1 positional arguments (input), but 2 were given',
    );
    expect(messageOf(() => F.softmax(input, { dtype: 'float' as never, dim: 0 }))).toBe(
      "softmax(): argument 'dtype' must be dtype or null, not str",
    );
  });

  test('that are results of functions in place are the input', () => {
    const input = r(3);
    for (const run of [F.relu6, F.selu, F.celu, F.hardtanh, F.rrelu, F.mish, F.hardsigmoid, F.hardswish])
      expect(run(input, { inplace: true })).toBe(input);
    expect(F.threshold(input, 0, 1, true)).toBe(input);
  });
});
