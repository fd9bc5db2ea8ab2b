/** Makes graphs with JavaScript in them in synchronous loops, and prints what each leaves behind. */
import torch, { type autograd, type Tensor } from '../../lib/index.js';

const x = torch.randn([64], { requiresGrad: true });

class Doubles extends torch.autograd.Function {
  static forward(ctx: autograd.FunctionCtx<{ result: Tensor }>, input: Tensor): Tensor {
    const result = input.mul(2);
    ctx.saveForBackward(input, result);
    // A circle: the graph keeps the context, which keeps the result, which keeps the graph.
    ctx.result = result;
    return result;
  }
  static backward(ctx: autograd.FunctionCtx<object, [Tensor, Tensor]>, grad: Tensor): Tensor {
    const [input, result] = ctx.savedTensors;
    if (input.numel() !== result.numel()) throw new Error('not what was saved');
    return grad.mul(2);
  }
}

class Fails extends Doubles {
  static override backward(): Tensor {
    throw new Error('as it should');
  }
}

const rounds: Record<string, () => void> = {
  function: () => Doubles.apply(x).sum().backward(),
  'function without backward': () => void Doubles.apply(x),
  'second derivatives': () => {
    const [grad] = torch.autograd.grad(Doubles.apply(x).sum(), x, { createGraph: true }) as [Tensor];
    if (!grad.requiresGrad) x.shape;
  },
  failing: () => {
    try {
      Fails.apply(x).sum().backward();
    } catch {}
  },
  hook: () => {
    const y = x.mul(2);
    y.registerHook(() => void y.shape);
    y.sum().backward();
  },
  'hook without backward': () => {
    const y = x.mul(2);
    y.registerHook(() => void y.shape);
  },
  'hooks of a leaf': () => {
    const y = torch.ones([64], { requiresGrad: true });
    y.registerHook(() => void y.shape);
    y.registerPostAccumulateGradHook(() => void y.shape);
    y.mul(2).sum().backward();
  },
  'hooks of a function': () => {
    const y = x.mul(2);
    y.gradFn?.registerHook(() => void y.shape);
    y.gradFn?.registerPrehook(() => void y.shape);
    y.sum().backward();
  },
  'removed hook': () => x.registerHook(() => void x.shape).remove(),
};

/** Bytes of the heap, without what is garbage; what was so in circles takes two looks. */
function settledHeap(): number {
  for (let i = 0; i < 3; i++) torch.memory.collect();
  return process.memoryUsage().heapUsed;
}

const measured: Record<string, { heap: number; tensors: number }> = {};
for (const [kind, round] of Object.entries(rounds)) {
  for (let i = 0; i < 500; i++) round();
  const before = settledHeap();
  const many = kind === 'function' || kind === 'hook' ? 20_000 : 4_000;
  for (let i = 0; i < many; i++) round();
  measured[kind] = { heap: (settledHeap() - before) / many, tensors: torch.memory.stats().tensors };
}
const resident = process.memoryUsage().rss;
console.log(JSON.stringify({ measured, resident }));
process.exit(0);
