/** Runs one scenario with `litorch` as a user's program has it: `node main.js SCENARIO`. Prints JSON. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import * as litorch from 'litorch';
import torch, { nn, optim } from 'litorch';
import * as adversarial from 'litorch/adversarial';
import * as serialization from 'litorch/serialization';
import * as squad from 'litorch/squad';

/** The names that functions and classes have, by the paths under which the package exports them. */
function namesOf(): Record<string, string> {
  const names: Record<string, string> = {};
  const seen = new Set<unknown>();
  const visit = (path: string, value: unknown): void => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value))
      return;
    seen.add(value);
    if (typeof value === 'function') {
      names[path] = value.name;
      if (value.prototype === undefined) return;
      for (const [key, { value: member }] of Object.entries(
        Object.getOwnPropertyDescriptors(value.prototype),
      )) {
        if (typeof member === 'function') names[`${path}#${key}`] = member.name;
      }
      return;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) return;
    for (const key of Object.keys(value)) visit(`${path}.${key}`, (value as Record<string, unknown>)[key]);
  };
  visit('litorch', { ...litorch, default: undefined });
  visit('adversarial', { ...adversarial });
  visit('serialization', { ...serialization });
  visit('squad', { ...squad });
  return names;
}

/** Three steps of training; the bits that they end in. */
function train(): string {
  torch.manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 1));
  const optimizer = new optim.AdamW(model.parameters(), { lr: 0.1 });
  let last = '';
  for (let i = 0; i < 3; i++) {
    optimizer.zeroGrad();
    const loss = nn.functional.mseLoss(model(torch.ones([2, 4])), torch.zeros([2, 1]));
    loss.backward();
    optimizer.step();
    last = loss.toTypedArray().toString();
  }
  return last;
}

/** Whether `litorch` is the modules of lib/. Where it isn't, they are not loaded. */
async function isSource(): Promise<boolean> {
  if (!import.meta.resolve('litorch').endsWith('/dist/lib/index.js')) return false;
  return torch.Tensor === (await import('../../lib/tensor.js')).Tensor;
}

function caught(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

const scenarios: Record<string, () => unknown> = {
  names: namesOf,

  train,

  async worker() {
    const worker = new Worker(fileURLToPath(import.meta.url));
    const [said] = (await once(worker, 'message')) as [unknown];
    return said;
  },

  async same() {
    const folder = mkdtempSync(join(tmpdir(), 'litorch-bundle-'));
    try {
      const file = join(folder, 'x.safetensors');
      serialization.saveFile({ x: torch.ones([2]) }, file);
      const { tensors } = serialization.loadFile(file);
      return { source: await isSource(), parts: tensors.x instanceof torch.Tensor };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },

  texts() {
    return [
      String(new nn.Sequential(new nn.Linear(2, 3), new nn.Softmax(1), new nn.ReLU())),
      String(new nn.Parameter(torch.ones([2]))),
      String(new optim.SGD([torch.ones([1], { requiresGrad: true })], { lr: 0.5 })),
    ];
  },

  errors() {
    const errors = [
      caught(() => torch.ones([2, 3]).matmul(torch.ones([2]))),
      caught(() => torch.linalg.inv(torch.zeros([2, 2]))),
      caught(() => nn.functional.relu(3 as unknown as torch.Tensor)),
    ];
    return errors.map((error) => ({
      name: error.name,
      class: error.constructor.name,
      text: String(error),
      stack: error.stack,
    }));
  },
};

if (isMainThread) {
  process.stdout.write(JSON.stringify(await scenarios[process.argv[2] as string]?.()));
} else {
  parentPort?.postMessage({ source: await isSource(), trained: train() });
}
