/** A tensor that autograd has saved and whose data are others when the backward pass comes. See also autograd/savedLeaf. */
import { describe, expect, test } from '@jest/globals';
import { perturb, swapData } from '../../lib/adversarial/index.js';
import torch, { nn, type Tensor } from '../../lib/index.js';
import { hexOf } from '../support/bits.js';

const { functional: F } = nn;

function inputs() {
  torch.manualSeed(4);
  const weight = new nn.Parameter(torch.randn([6, 3]));
  return { weight, x: torch.randn([5, 6], { requiresGrad: true }), delta: torch.randn([6, 3]) };
}

const operations: Record<string, (weight: Tensor, x: Tensor) => Tensor> = {
  matmul: (weight, x) => x.matmul(weight),
  'a product by elements': (weight, x) => weight.mul(x.narrow(0, 0, 1).t()),
  linear: (weight, x) => F.linear(x, weight.t()),
};

describe.each(Object.keys(operations))('%s', (name) => {
  const lossOf = (weight: Tensor, x: Tensor) => operations[name]!(weight, x).pow(2).sum();

  test('backward within the scope is exact', () => {
    const { weight, x, delta } = inputs();
    {
      using _p = perturb(weight, delta);
      lossOf(weight, x).backward();
    }
    const other = inputs();
    const moved = other.weight.add(other.delta).detach().requiresGrad_();
    lossOf(moved, other.x).backward();
    expect(hexOf(weight.grad!)).toBe(hexOf(moved.grad!));
    expect(hexOf(x.grad!)).toBe(hexOf(other.x.grad!));
    expect(hexOf(weight)).toBe(hexOf(other.weight));
  });

  test('backward after the scope is an error that says what to do', () => {
    const { weight, x, delta } = inputs();
    const make = () => {
      using _p = perturb(weight, delta);
      return lossOf(weight, x);
    };
    expect(() => make().backward()).toThrow('run backward() inside that scope');
    expect(() => torch.autograd.grad(make(), x)).toThrow(torch.TorchError);
    expect(x.grad).toBeNull();
  });

  test('backward of an earlier loss within the scope is one, and after it is right', () => {
    const { weight, x, delta } = inputs();
    const loss = lossOf(weight, x);
    {
      using _p = perturb(weight, delta);
      expect(() => loss.backward({ retainGraph: true })).toThrow('before that scope or after it');
    }
    loss.backward();
    const other = inputs();
    lossOf(other.weight, other.x).backward();
    expect(hexOf(x.grad!)).toBe(hexOf(other.x.grad!));
  });

  test('another scope of the same tensor is not the same', () => {
    const { weight, x, delta } = inputs();
    const first = perturb(weight, delta);
    const loss = lossOf(weight, x);
    first.restore();
    using _second = perturb(weight, delta);
    expect(() => loss.backward()).toThrow('inside that scope');
  });

  test('an inner scope has to end first', () => {
    const { weight, x, delta } = inputs();
    using _outer = perturb(weight, delta);
    const loss = lossOf(weight, x);
    {
      using _inner = perturb(weight, delta);
      expect(() => loss.backward({ retainGraph: true })).toThrow(torch.TorchError);
    }
    loss.backward();
    expect(x.grad).not.toBeNull();
  });
});

test('an embedding keeps only indices, so that the forum may restore first', () => {
  torch.manualSeed(1);
  const embedding = new nn.Embedding(10, 4);
  const swap = swapData(embedding.weight, torch.ones([10, 4]));
  const loss = embedding(torch.tensor([1n, 2n, 1n]))
    .pow(2)
    .sum();
  swap.restore();
  loss.backward();
  expect(embedding.weight.grad!.sum(1).tolist()).toEqual([0, 16, 8, 0, 0, 0, 0, 0, 0, 0]);
});

test('a change in place within a scope is still what it is in PyTorch', () => {
  const { weight, x } = inputs();
  const loss = x.matmul(weight).sum();
  torch.noGrad(() => weight.add_(1));
  expect(() => loss.backward()).toThrow('modified by an inplace operation');
});

test('a tensor of inference mode has no version, and is swapped all the same', () => {
  const tensor = torch.inferenceMode(() => torch.ones([2]));
  const swap = swapData(tensor, torch.zeros([2]));
  expect(tensor.tolist()).toEqual([0, 0]);
  swap.restore();
  expect(tensor.tolist()).toEqual([1, 1]);
});

test('autocast does not go on with the cast of the other data', () => {
  const weight = new nn.Parameter(torch.ones([2, 2]));
  const sum = () => torch.ones([1, 2]).matmul(weight).sum().item();
  torch.autocast('cpu', () => {
    expect(sum()).toBe(4);
    {
      using _p = perturb(weight, torch.ones([2, 2]));
      expect(sum()).toBe(8);
    }
    expect(sum()).toBe(4);
  });
});
