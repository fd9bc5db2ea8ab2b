/** The graph: leaves, gradFn, data, detach, and the version counter. */
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { hasPython } from '../support/python.js';
import { autogradReference, inputs } from './reference.js';

const leaf = (): Tensor => torch.ones([3], { requiresGrad: true });

function recorded(): Tensor[] {
  const [x, w] = inputs();
  const i = torch.tensor([[0n, 1n, 2n, 0n]]);
  const at = (tensors: Tensor[], n: number): Tensor => tensors[n] as Tensor;
  return [
    x.add(1),
    x.sub(1),
    x.mul(2),
    x.div(2),
    x.matmul(w),
    x.sum(),
    x.mean(0),
    x.pow(2),
    x.exp(),
    x.log(),
    x.tanh(),
    x.sigmoid(),
    x.relu(),
    x.view(-1),
    x.reshape(2, 6),
    x.t(),
    x.transpose(0, 1),
    x.permute(1, 0),
    x.select(0, 0),
    x.slice(1, 1, 3),
    x.clone(),
    x.double(),
    x.abs(),
    torch.cat([x, x]),
    torch.stack([x, x]),
    x.softmax(1),
    x.logSoftmax(1),
    x.max(),
    x.max(1).values,
    x.gather(0, i),
    x.maskedFill(x.gt(0), 0),
    torch.where(x.gt(0), x, 0),
    x.expand(2, 3, 4),
    x.squeeze(),
    x.unsqueeze(0),
    torch.linalg.vectorNorm(x),
    torch.addmm(torch.ones([2]), x, w),
    torch.embedding(x, torch.tensor([1n])),
    torch.layerNorm(x, [4]),
    x.clamp(0, 1),
    torch.bmm(x.unsqueeze(0), w.unsqueeze(0)),
    x.sqrt(),
    x.neg(),
    x.std(),
    x.cumsum(0),
    at(x.split(2), 0),
    at(x.unbind(0), 1),
    x.contiguous().view(3, 2, 2),
    x.t().contiguous(),
    x.clone().add_(1),
    x.clone().zero_(),
    x.detach(),
  ];
}

describe('gradFn', () => {
  (hasPython ? test : test.skip)('has the names that PyTorch gives', () => {
    expect(recorded().map((tensor) => tensor.gradFn?.name ?? null)).toEqual(autogradReference().names);
  });

  test('is null for leaves, and without grad mode', () => {
    expect([leaf().gradFn, torch.ones([1]).add(1).gradFn]).toEqual([null, null]);
    expect(torch.noGrad(() => leaf().mul(2)).gradFn).toBeNull();
  });

  test('leads on to the functions of its inputs', () => {
    const x = leaf();
    const names = x
      .mul(2)
      .add(torch.ones([3]))
      .gradFn?.nextFunctions.map((next) => next?.name ?? null);
    expect(names).toEqual(['MulBackward0', null]);
    const accumulate = x.mul(2).gradFn?.nextFunctions[0];
    expect([accumulate?.name, accumulate?.nextFunctions]).toEqual(['AccumulateGrad', []]);
  });

  test('prints as in Python', () => {
    expect(String(leaf().sum().gradFn)).toBe('<SumBackward0>');
    expect(inspect(leaf().sum().gradFn)).toBe('<SumBackward0>');
  });
});

describe('leaves', () => {
  test('are what the user made, and what needs no gradient', () => {
    expect([leaf().isLeaf, torch.ones([1]).isLeaf, torch.ones([1]).add(1).isLeaf]).toEqual([
      true,
      true,
      true,
    ]);
    expect([leaf().mul(2).isLeaf, leaf().mul(2).detach().isLeaf]).toEqual([false, true]);
  });

  test('requiresGrad spreads to what is made from them, of floating point', () => {
    const x = leaf();
    expect([x.mul(2).requiresGrad, x.gt(0).requiresGrad, x.detach().requiresGrad]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('requiresGrad can be set and unset', () => {
    const x = torch.ones([1]);
    x.requiresGrad = true;
    expect(x.requiresGrad).toBe(true);
    expect(x.requiresGrad_(false)).toBe(x);
    expect(x.requiresGrad).toBe(false);
    expect(x.requiresGrad_().requiresGrad).toBe(true);
  });
});

describe('grad', () => {
  test('is null until backward, and can be set to null again', () => {
    const x = leaf();
    expect(x.grad).toBeNull();
    x.sum().backward();
    expect(x.grad).not.toBeNull();
    x.grad = null;
    expect(x.grad).toBeNull();
  });

  test('that is held outlives being set to null', () => {
    const x = leaf();
    x.mul(3).sum().backward();
    const held = x.grad as Tensor;
    x.grad = null;
    x.mul(5).sum().backward();
    expect([held.tolist(), x.grad === held, (x.grad as unknown as Tensor).tolist()]).toEqual([
      [3, 3, 3],
      false,
      [5, 5, 5],
    ]);
  });

  test('has data and detach_ as in the forum’s code', () => {
    const x = leaf();
    x.mul(3).sum().backward();
    const perturbation = x.grad?.data.detach_() as Tensor;
    expect([perturbation.tolist(), perturbation.requiresGrad]).toEqual([[3, 3, 3], false]);
    expect(perturbation.dataPtr()).toBe(x.grad?.dataPtr());
  });
});

describe('data', () => {
  test('shares memory, carries no graph, and is a tensor of its own each time', () => {
    const x = leaf();
    const { data } = x;
    expect([data.requiresGrad, data.dataPtr() === x.dataPtr(), data === x.data]).toEqual([
      false,
      true,
      false,
    ]);
    data.fill_(7);
    expect(x.tolist()).toEqual([7, 7, 7]);
  });

  test('does not move the version counter', () => {
    const x = leaf();
    const before = x._version;
    x.data.add_(1);
    expect(x._version).toBe(before);
    torch.noGrad(() => x.add_(1));
    expect(x._version).toBe(before + 1);
  });

  test('when set, gives the tensor other elements, and keeps what it is', () => {
    const x = leaf();
    const replacement = torch.tensor([4, 5, 6]);
    x.data = replacement;
    expect([x.tolist(), x.requiresGrad, x.isLeaf, x.dataPtr() === replacement.dataPtr()]).toEqual([
      [4, 5, 6],
      true,
      true,
      true,
    ]);
  });

  test('may have another shape', () => {
    const x = leaf();
    x.data = torch.ones([2, 2]);
    expect(x.shape).toEqual([2, 2]);
  });

  test('swapped and restored leaves the bits and the address as they were', () => {
    const x = leaf();
    const address = x.dataPtr();
    const original = x.data;
    x.data = x.data.add(5);
    expect(x.tolist()).toEqual([6, 6, 6]);
    x.data = original;
    expect([x.tolist(), x.dataPtr()]).toEqual([[1, 1, 1], address]);
  });
});

describe('detach', () => {
  test('shares memory and version counter, without the graph', () => {
    const x = leaf();
    const y = x.mul(2);
    const detached = y.detach();
    expect([detached.requiresGrad, detached.gradFn, detached.dataPtr() === y.dataPtr()]).toEqual([
      false,
      null,
      true,
    ]);
    detached.add_(1);
    expect([y.tolist(), y._version]).toEqual([[3, 3, 3], 1]);
  });

  test('detach_ makes a leaf of the tensor itself', () => {
    const y = leaf().mul(2);
    expect(y.detach_()).toBe(y);
    expect([y.isLeaf, y.requiresGrad, y.gradFn]).toEqual([true, false, null]);
  });
});

describe('retainGrad', () => {
  test('keeps the gradient of what is no leaf, and is nothing for a leaf', () => {
    const x = leaf();
    const y = x.mul(2);
    expect([y.retainsGrad, x.retainsGrad]).toEqual([false, false]);
    y.retainGrad();
    x.retainGrad();
    expect([y.retainsGrad, x.retainsGrad]).toEqual([true, false]);
    y.pow(2).sum().backward();
    expect([y.grad?.tolist(), x.grad?.tolist()]).toEqual([
      [4, 4, 4],
      [8, 8, 8],
    ]);
  });
});

describe('the version counter', () => {
  test('counts changes in place, through views too', () => {
    const x = torch.zeros([2, 2]);
    expect(x._version).toBe(0);
    x.add_(1);
    x.select(0, 0).fill_(3);
    expect([x._version, x.view(4)._version]).toEqual([2, 2]);
  });
});
