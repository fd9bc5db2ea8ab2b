/** What autograd refuses, in PyTorch's words. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { hasPython } from '../support/python.js';
import { autogradReference, inputs, network } from './reference.js';

const inference = (): Tensor => torch.inferenceMode(() => torch.ones([3, 4]));
const x = (): Tensor => inputs()[0];

const mistakes: Record<string, () => unknown> = {
  'backward twice': () => {
    const loss = network(...inputs());
    loss.backward();
    loss.backward();
  },
  'changed in place': () => {
    const [a, w] = inputs();
    const y = a.exp();
    const z = y.mul(w.sum());
    y.add_(1);
    z.sum().backward();
  },
  'leaf in place': () => x().add_(1),
  'view of leaf in place': () => x().view(-1).add_(1),
  'no scalar': () => x().mul(2).backward(),
  'no graph': () => torch.ones([1]).backward(),
  unused: () => torch.autograd.grad(x().sum(), torch.ones([1], { requiresGrad: true })),
  'input without grad': () => torch.autograd.grad(x().sum(), torch.ones([1])),
  shape: () =>
    x()
      .mul(2)
      .backward(torch.ones([5])),
  retain_grad: () => torch.ones([1]).retainGrad(),
  detach_: () => x().mul(2).view(-1).detach_(),
  'requires_grad of no leaf': () => x().mul(2).requiresGrad_(false),
  'inference in place': () => inference().add_(1),
  'inference saved': () => x().mul(inference()),
};

(hasPython ? describe : describe.skip)('the message is PyTorch’s', () => {
  test.each(Object.keys(mistakes))('%s', (name) => {
    let message: string | null = null;
    try {
      (mistakes[name] as () => unknown)();
    } catch (error) {
      message = (error as Error).message;
      expect((error as Error).name).toBe('TorchError');
    }
    const expected = autogradReference().messages[name] as string;
    // Where litorch spells an option otherwise it says so behind PyTorch's text.
    expect(message?.replace(/ \(litorch: .*\)$/, '')).toBe(expected);
  });
});

describe('after an error', () => {
  test('autograd records as before', () => {
    for (const mistake of Object.values(mistakes)) expect(mistake).toThrow();
    expect([torch.isGradEnabled(), torch.isInferenceModeEnabled()]).toEqual([true, false]);
    const [a, w] = inputs();
    network(a, w).backward();
    expect(a.grad).not.toBeNull();
  });
});
