/** Gradients, first and higher, by backward and by grad. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { hexOf } from '../support/bits.js';
import { hasPython } from '../support/python.js';
import { autogradReference, inputs, network } from './reference.js';

const { grad, backward } = torch.autograd;
const gradsOf = (...tensors: Tensor[]): Tensor[] => tensors.map((tensor) => tensor.grad as Tensor);

const cases: Record<string, () => Tensor[]> = {
  backward: () => {
    const [x, w] = inputs();
    network(x, w).backward();
    return gradsOf(x, w);
  },
  'backward twice with retainGraph': () => {
    const [x, w] = inputs();
    const loss = network(x, w);
    loss.backward({ retainGraph: true });
    loss.backward();
    return gradsOf(x, w);
  },
  'backward with a gradient': () => {
    const [x, w] = inputs();
    x.matmul(w)
      .tanh()
      .backward({ gradient: torch.linspace(-1, 1, 6).view(3, 2) });
    return gradsOf(x, w);
  },
  'backward with inputs': () => {
    const [x, w] = inputs();
    network(x, w).backward({ inputs: [w] });
    expect(x.grad).toBeNull();
    return gradsOf(w);
  },
  grad: () => {
    const [x, w] = inputs();
    const result = grad(network(x, w), [x, w]);
    expect([x.grad, w.grad]).toEqual([null, null]);
    return result;
  },
  'second derivative': () => {
    const [x, w] = inputs();
    const [first] = grad(network(x, w), x, { createGraph: true }) as [Tensor];
    return [first, ...grad(first.pow(2).sum(), [x, w])];
  },
  'second derivative by backward': () => {
    const [x, w] = inputs();
    network(x, w).backward({ createGraph: true });
    const [gx, gw] = gradsOf(x, w) as [Tensor, Tensor];
    gx.pow(2).sum().add(gw.sum()).backward();
    return gradsOf(x, w);
  },
  'derivatives up to the fifth': () => {
    const x = torch.tensor(1.7, { dtype: torch.float64, requiresGrad: true });
    let y = x.sin().mul(x.exp());
    return Array.from({ length: 5 }, () => {
      [y] = grad(y, x, { createGraph: true }) as [Tensor];
      return y;
    });
  },
  retainGrad: () => {
    const [x, w] = inputs();
    const h = x.matmul(w);
    h.retainGrad();
    h.relu().sum().backward();
    return gradsOf(h, x);
  },
  'backward of several tensors': () => {
    const [x, w] = inputs();
    backward([x.matmul(w).sum(), x.pow(3)], { gradTensors: [null, torch.full([3, 4], 0.1)] });
    return gradsOf(x, w);
  },
  'in-place operators on views': () => {
    const [x] = inputs();
    const y = x.clone();
    y.select(0, 1).mul_(3);
    y.view(-1).slice(0, 2, 5).exp_();
    y.sum().backward();
    return gradsOf(x);
  },
  embedding: () => {
    torch.manualSeed(0);
    const table = torch.randn([7, 3], { requiresGrad: true });
    torch
      .embedding(
        table,
        torch.tensor([
          [1n, 5n],
          [1n, 0n],
        ]),
      )
      .pow(2)
      .sum()
      .backward();
    return gradsOf(table);
  },
  'data set before backward': () => {
    const [x, w] = inputs();
    const loss = network(x, w);
    x.data = x.data.mul(2);
    loss.backward();
    return gradsOf(x, w);
  },
};

(hasPython ? describe : describe.skip)('gradients have the bits of PyTorch', () => {
  test.each(Object.keys(cases))('%s', (name) => {
    expect((cases[name] as () => Tensor[])().map(hexOf)).toEqual(autogradReference().gradients[name]);
  });
});

const ones = (): Tensor => torch.ones([3], { requiresGrad: true });

describe('backward', () => {
  test('adds to the gradient that is there', () => {
    const x = ones();
    x.sum().backward();
    x.mul(2).sum().backward();
    expect(x.grad?.tolist()).toEqual([3, 3, 3]);
  });

  test('takes its arguments in PyTorch’s order too', () => {
    const x = ones();
    const y = x.mul(2);
    y.backward(torch.tensor([1, 2, 3]), true);
    y.backward(torch.ones([3]), null, false, [x]);
    expect(x.grad?.tolist()).toEqual([4, 6, 8]);
    x.sum().backward(null);
    x.sum().backward(undefined);
    expect(x.grad?.tolist()).toEqual([6, 8, 10]);
  });

  test('takes one input as well as a list', () => {
    const [x, y] = [ones(), ones()];
    x.mul(y).sum().backward({ inputs: y });
    expect([x.grad, y.grad?.tolist()]).toEqual([null, [1, 1, 1]]);
  });

  test('with createGraph keeps the graph, unless told otherwise', () => {
    const x = ones();
    const loss = x.pow(3).sum();
    loss.backward({ createGraph: true });
    expect(x.grad?.requiresGrad).toBe(true);
    loss.backward();
    expect(x.grad?.tolist()).toEqual([6, 6, 6]);
  });

  test('without createGraph gives gradients that carry no graph', () => {
    const x = ones();
    x.pow(3).sum().backward();
    expect([x.grad?.requiresGrad, x.grad?.gradFn]).toEqual([false, null]);
  });

  test('after an error can be run again with the graph kept', () => {
    const x = ones();
    const y = x.mul(2);
    expect(() => y.backward(torch.ones([7]))).toThrow(/^Mismatch in shape/);
    y.backward(torch.ones([3]));
    expect(x.grad?.tolist()).toEqual([2, 2, 2]);
  });

  test('works inside noGrad', () => {
    const x = ones();
    const loss = x.pow(2).sum();
    torch.noGrad(() => loss.backward());
    expect(x.grad?.tolist()).toEqual([2, 2, 2]);
  });

  test('through a graph of 20,000 operators', () => {
    const x = ones();
    const loss = torch.tidy(() => {
      let y: Tensor = x;
      for (let i = 0; i < 20_000; i++) y = y.add(0);
      return y.sum();
    });
    loss.backward();
    expect(x.grad?.tolist()).toEqual([1, 1, 1]);
  });
});

describe('autograd.grad', () => {
  test('gives an array, for a single input too', () => {
    const x = ones();
    const result = grad(x.mul(2).sum(), x);
    expect([result.length, result[0]?.tolist()]).toEqual([1, [2, 2, 2]]);
  });

  test('gives null for an input that is not used, where that is allowed', () => {
    const [x, unused] = [ones(), ones()];
    const result = grad(x.sum(), [x, unused], { allowUnused: true });
    expect([result[0]?.tolist(), result[1]]).toEqual([[1, 1, 1], null]);
  });

  test('gives zeros for it with materializeGrads', () => {
    const [x, unused] = [ones(), torch.ones([2], { requiresGrad: true })];
    const result = grad(x.sum(), [x, unused], { materializeGrads: true });
    expect(result.map((tensor) => tensor?.tolist())).toEqual([
      [1, 1, 1],
      [0, 0],
    ]);
  });

  test('takes gradients of its outputs', () => {
    const x = ones();
    expect(grad(x.mul(2), x, { gradOutputs: torch.tensor([1, 2, 3]) })[0]?.tolist()).toEqual([2, 4, 6]);
    expect(grad([x.mul(2), x.sum()], x, { gradOutputs: [torch.ones([3]), null] })[0]?.tolist()).toEqual([
      3, 3, 3,
    ]);
  });

  test('differentiates by what is no leaf', () => {
    const x = ones();
    const y = x.mul(2);
    expect(grad(y.pow(2).sum(), y)[0]?.tolist()).toEqual([4, 4, 4]);
  });

  test('leaves the graph where it is told to', () => {
    const x = ones();
    const loss = x.pow(2).sum();
    grad(loss, x, { retainGraph: true });
    expect(grad(loss, x)[0]?.tolist()).toEqual([2, 2, 2]);
    expect(() => grad(loss, x)).toThrow('Trying to backward through the graph a second time');
  });
});
