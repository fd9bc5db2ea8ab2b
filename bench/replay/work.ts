/**
 * Small steps of training, as a contender: eager, or recorded once and replayed. Arguments: the step, `eager` or
 * `replay`, threads. Its twin is work.py.
 */
import torch, { nn, optim, type Tensor } from 'litorch';
import { Model } from '../../examples/adversarial-qa/model.js';
import { Network } from '../../examples/adversarial-qa/network.js';
import { serve } from '../contender.js';
import { forumBatch } from '../forumBatch.js';

const { functional: F } = nn;

type Step = (i: number) => readonly Tensor[];
/** Makes a function into the one that is measured. */
type Wrap = <Args extends unknown[], Result>(fn: (...args: Args) => Result) => (...args: Args) => Result;

const BATCHES = 64;

/** 784-128-10, one example a step. */
function mlp(wrap: Wrap, optimizerOf: (parameters: Iterable<Tensor>) => optim.Optimizer): Step {
  const module = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10));
  const optimizer = optimizerOf(module.parameters());
  const x = torch.randn([BATCHES, 1, 784]).unbind();
  const y = torch.randint(0, 10, [BATCHES, 1]).unbind();
  const step = wrap((input: Tensor, target: Tensor) => {
    optimizer.zeroGrad();
    const loss = F.crossEntropy(module(input), target);
    loss.backward();
    optimizer.step();
    return loss.detach();
  });
  return (i) => [step(x[i % BATCHES] as Tensor, y[i % BATCHES] as Tensor)];
}

/** The forum's step with a few words, tokens and units. */
function forum(wrap: Wrap): Step {
  const vocabSize = 50;
  const model = new Model(new Network({ vocabSize, embeddingDim: 8, hiddenSize: 4 }));
  const batches = Array.from({ length: BATCHES }, () =>
    forumBatch(vocabSize, { size: 2, tokens: 10, questionTokens: 4 }),
  );
  const step = wrap((given: (typeof batches)[number]) => model.update(given));
  return (i) => {
    const { loss, lossAdv } = step(batches[i % BATCHES] as (typeof batches)[number]);
    return [loss, lossAdv as Tensor];
  };
}

const steps: Record<string, (wrap: Wrap) => Step> = {
  sgd: (wrap) => mlp(wrap, (parameters) => new optim.SGD(parameters, { lr: 0.01 })),
  adam: (wrap) => mlp(wrap, (parameters) => new optim.Adam(parameters)),
  fused: (wrap) => mlp(wrap, (parameters) => new optim.Adam(parameters, { fused: true })),
  forum,
};

const [name = '', mode = 'eager', threads = '1'] = process.argv.slice(2);
const make = steps[name];
if (make === undefined) throw new RangeError(`no step '${name}'`);
torch.setNumThreads(Number(threads));
torch.manualSeed(0);
const step = make(mode === 'replay' ? (fn) => torch.graph.record(fn) : (fn) => fn);

let done = 0;
await serve((count) => {
  const losses: Tensor[] = [];
  for (let i = 0; i < count; i++) losses.push(...step(done++));
  return () => losses.map((loss) => new Uint32Array(loss.toTypedArray().buffer)[0]).join(' ');
});
