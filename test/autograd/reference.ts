/** The reference of these tests: test/reference/autograd_values.py. */
import torch, { type Tensor } from '../../lib/index.js';
import { runPython } from '../support/python.js';

export interface AutogradReference {
  gradients: Record<string, string[]>;
  messages: Record<string, string | null>;
  names: (string | null)[];
}

let found: AutogradReference | undefined;

export function autogradReference(): AutogradReference {
  found ??= JSON.parse(runPython('autograd_values.py')) as AutogradReference;
  return found;
}

export function inputs(): [x: Tensor, w: Tensor] {
  torch.manualSeed(11);
  return [torch.randn([3, 4], { requiresGrad: true }), torch.randn([4, 2], { requiresGrad: true })];
}

export const network = (x: Tensor, w: Tensor): Tensor =>
  x.matmul(w).tanh().pow(2).sum().add(x.sigmoid().mul(0.3).mean());
