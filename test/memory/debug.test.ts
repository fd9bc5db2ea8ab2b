/** `torch.memory.debug` and `torch.memory.live()`. */
import { afterEach, describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { runTestProgram } from '../support/child.js';

afterEach(() => {
  torch.memory.debug = false;
});

function errorOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

function makeHere(): Tensor {
  return torch.ones([3, 5]);
}

function disposeHere(tensor: Tensor): void {
  tensor.dispose();
}

describe('a tensor that has been freed', () => {
  test('names where it was disposed and where it was made', () => {
    torch.memory.debug = true;
    const x = makeHere();
    disposeHere(x);
    const { message } = errorOf(() => x.add(1));
    expect(message).toMatch(/the tensor has been disposed/);
    expect(message).toMatch(/It was disposed at:\n +at disposeHere .*debug\.test/);
    expect(message).toMatch(/It was made at:\n +at makeHere .*debug\.test/);
  });

  test('names where the scope ended that freed it', () => {
    torch.memory.debug = true;
    function scopeHere(): Tensor {
      let inner: Tensor | undefined;
      torch.tidy(() => {
        inner = makeHere();
      });
      return inner as Tensor;
    }
    const x = scopeHere();
    const { message } = errorOf(() => x.tolist());
    expect(message).toMatch(/A scope that ended freed it at:\n +at scopeHere/);
    expect(message).toMatch(/It was made at:\n +at makeHere/);
  });

  test('names the end of an asynchronous scope', async () => {
    torch.memory.debug = true;
    let inner: Tensor | undefined;
    await torch.tidyAsync(async () => {
      await Promise.resolve();
      inner = makeHere();
    });
    expect(errorOf(() => inner?.add(1)).message).toMatch(/A scope that ended freed it at:/);
  });

  test('shows none of the library itself', () => {
    torch.memory.debug = true;
    const x = torch.nn.functional.softmax(torch.ones([2, 2]), 1);
    disposeHere(x);
    expect(errorOf(() => x.add(1)).message).not.toMatch(/\/lib\/(ops|memory|nn|tensor)/);
  });

  test('says nothing where debug was off', () => {
    const x = makeHere();
    disposeHere(x);
    expect(errorOf(() => x.add(1)).message).not.toMatch(/disposed at/);
  });

  test('says where it was freed where debug was switched on in between', () => {
    const x = makeHere();
    torch.memory.debug = true;
    disposeHere(x);
    const { message } = errorOf(() => x.add(1));
    expect(message).toMatch(/It was disposed at:\n +at disposeHere/);
    expect(message).not.toMatch(/made at/);
  });

  test('is forgotten with its object, so that nothing grows', () => {
    const { status, stdout, stderr } = runTestProgram('memory/debugLoop', ['60000']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [first, second] = JSON.parse(stdout) as [number, number];
    expect(second / first).toBeLessThan(1.15);
  });
});

describe('live', () => {
  test('lists the tensors that are left, the largest first, with the stack that made them', () => {
    torch.memory.debug = true;
    const known = new Set(torch.memory.live().map(({ tensor }) => tensor));
    const held = [makeHere(), torch.ones([100], { dtype: torch.float64 })];
    (() => void torch.ones([1000]).add(1))();
    const fresh = torch.memory.live().filter(({ tensor }) => !known.has(tensor));
    expect(fresh.length).toBe(2);
    expect(fresh[0]?.tensor).toBe(held[1]);
    expect(fresh[1]?.tensor).toBe(held[0]);
    expect(fresh[1]).toMatchObject({ shape: [3, 5], bytes: 60 });
    expect(fresh[1]?.dtype).toBe(torch.float32);
    expect(String(fresh[1]?.device)).toBe('cpu');
    expect(fresh[1]?.stack).toMatch(/^ +at makeHere .*debug\.test/);
  });

  test('lists views, gradients and results of operators that give several', () => {
    torch.memory.debug = true;
    const x = torch.ones([2, 2], { requiresGrad: true });
    x.mul(2).sum().backward();
    const [values, indices] = x.detach().max(1);
    const grad = x.grad as Tensor;
    const listed = new Map(torch.memory.live().map(({ tensor, stack }) => [tensor, stack]));
    for (const tensor of [values as Tensor, indices as Tensor, grad]) {
      expect(listed.get(tensor)).toMatch(/debug\.test/);
    }
  });

  test('lists without stacks where debug is off', () => {
    const x = makeHere();
    expect(torch.memory.live().find(({ tensor }) => tensor === x)).toMatchObject({
      stack: '',
      shape: [3, 5],
    });
  });
});

test('debug is a boolean', () => {
  expect(torch.memory.debug).toBe(false);
  expect(() => {
    torch.memory.debug = 1 as never;
  }).toThrow(TypeError);
  torch.memory.debug = true;
  torch.memory.debug = true;
  expect(torch.memory.debug).toBe(true);
});
