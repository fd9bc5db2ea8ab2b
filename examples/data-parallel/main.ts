import { loadavg } from 'node:os';
import torch, { type Tensor } from 'litorch';
import { type Arm, inShards, inThreads, wholeBatch } from './arms.js';
import { makeSamples } from './data.js';
import { HELP, type Options, parseOptions, UsageError } from './options.js';

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};

/** The greatest difference of two models' parameters, as a part of the greatest parameter. */
function difference(a: Arm, b: Arm): number {
  return torch.tidy(() => {
    const others = [...b.model.parameters()];
    const differences = [...a.model.parameters()].map((parameter, i) => {
      const apart = parameter
        .sub(others[i] as Tensor)
        .abs()
        .max();
      return Number(apart.div(parameter.abs().max()).item());
    });
    return Math.max(...differences);
  });
}

const sameBits = (a: Arm, b: Arm): boolean => {
  const others = [...b.model.parameters()];
  return [...a.model.parameters()].every((parameter, i) => torch.equal(parameter, others[i] as Tensor));
};

const NAMES = ['whole', 'threads', 'shards'] as const;
type Name = (typeof NAMES)[number];

/** A step's milliseconds on the clock, and of processor time, which all threads together take. */
interface Cost {
  readonly wall: number;
  readonly processor: number;
}

async function timed(arm: Arm, { batch, steps }: Options): Promise<Cost & { loss: number }> {
  const start = performance.now();
  const before = process.cpuUsage();
  let loss = 0;
  for (let i = 0; i < steps; i++) loss = await arm.step({ from: i * batch, to: (i + 1) * batch });
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall: wall / steps, processor: (user + system) / 1000 / steps, loss };
}

async function run(options: Options): Promise<void> {
  const { batch, steps, rounds, workers } = options;
  torch.setNumThreads(1);
  const samples = makeSamples(batch * steps, options.sizes);
  const arms: Record<Name, Arm> = {
    whole: wholeBatch(options, samples),
    shards: inShards(options, samples),
    threads: await inThreads(options, samples),
  };
  const load = loadavg()[0] as number;
  // A step before the clock runs.
  for (const name of NAMES) await arms[name].step({ from: 0, to: batch });
  const firstDifference = difference(arms.whole, arms.threads);
  const costs: Record<Name, Cost[]> = { whole: [], shards: [], threads: [] };
  const losses: Record<Name, number> = { whole: 0, shards: 0, threads: 0 };
  // They take turns, so that a busy machine does harm to all of them.
  for (let round = 0; round < rounds; round++) {
    for (const name of NAMES) {
      const { loss, ...cost } = await timed(arms[name], options);
      losses[name] = loss;
      costs[name].push(cost);
    }
  }
  await arms.threads.close();

  const count = [...arms.whole.model.parameters()].reduce((sum, parameter) => sum + parameter.numel(), 0);
  console.log(`${count} parameters, ${batch} samples a step, ${rounds} rounds of ${steps} steps\n`);
  console.log(`${''.padEnd(30)}   ms a step   processor   last loss`);
  const row = (title: string, name: Name): void => {
    const column = (key: keyof Cost): string => median(costs[name].map((cost) => cost[key])).toFixed(1);
    const times = `${column('wall').padStart(9)}   ${column('processor').padStart(9)}`;
    console.log(`${title.padEnd(30)}   ${times}   ${losses[name].toPrecision(9)}`);
  };
  row('1 thread, the whole batch', 'whole');
  row(`1 thread, ${workers} shards in turn`, 'shards');
  row(`${workers} threads, a shard each`, 'threads');
  const speedUps = costs.whole.map(({ wall }, i) => wall / (costs.threads[i] as Cost).wall);
  console.log(
    `\nspeed-up: ${median(speedUps).toFixed(2)}, rounds from ${Math.min(...speedUps).toFixed(2)} to ` +
      `${Math.max(...speedUps).toFixed(2)}; load average ${load.toFixed(1)} before`,
  );
  console.log(
    `threads and shards in turn: ${sameBits(arms.threads, arms.shards) ? 'the same bits' : 'DIFFERENT BITS'}`,
  );
  console.log(
    'threads and the whole batch: parameters differ by ' +
      `${firstDifference.toExponential(1)} of the greatest after a step, ` +
      `${difference(arms.whole, arms.threads).toExponential(1)} in the end`,
  );
  console.log(`tensors left on their way between threads: ${torch.multiprocessing.stats().tensors}`);
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) console.log(HELP);
  else await run(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\nTry: --help`);
  process.exitCode = 2;
}
