/**
 * One memory program in a process of its own, the twin of run.py: `node run.js PROGRAM plain|scopes [ROUNDS]`. Prints
 * the most memory that was ever resident, in bytes: when all is loaded, after the rounds, and after ten times as many.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import torch from 'litorch';
import { type Program, programs } from './programs.js';

export interface MemoryReadings {
  loaded: number;
  first: number;
  last: number;
}

/** What each thread does: a program's rounds. */
interface Work {
  name: string;
  scopes: boolean;
}

/** The most that was ever resident, in bytes. What `resourceUsage` says includes the parent's at the time of the fork. */
function peak(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

function programOf(name: string): Program {
  const program = programs[name];
  if (program === undefined) throw new Error(`expected one of ${Object.keys(programs).join(', ')}`);
  return program;
}

/** Makes the state of a program and gives a function that does so many rounds. */
function start({ name, scopes }: Work): (rounds: number) => void {
  torch.setNumThreads(1);
  const body = programOf(name).prepare(
    scopes
      ? { keep: (tensor) => torch.keep(tensor), drop: (tensor) => tensor?.dispose() }
      : { keep: (tensor) => tensor, drop: () => undefined },
  );
  return (rounds) => {
    for (let round = 0; round < rounds; round++) scopes ? torch.tidy(body) : body();
  };
}

/** As {@link start}, in ten threads at once. */
function startWorkers(work: Work): (rounds: number) => Promise<void> {
  const workers = Array.from(
    { length: 10 },
    () => new Worker(new URL(import.meta.url), { workerData: work }),
  );
  return async (rounds) => {
    const done = Promise.all(workers.map((worker) => once(worker, 'message')));
    for (const worker of workers) worker.postMessage(rounds);
    await done;
  };
}

async function main(): Promise<void> {
  const [name = '', mode = 'plain', given] = process.argv.slice(2);
  const rounds = Number(given ?? programOf(name).rounds);
  const work: Work = { name, scopes: mode === 'scopes' };
  torch.ones(1);
  const loaded = peak();
  const run = name === '10 workers' ? startWorkers(work) : start(work);
  await run(rounds);
  const first = peak();
  await run(9 * rounds);
  const last = peak();
  process.stdout.write(`${JSON.stringify({ loaded, first, last } satisfies MemoryReadings)}\n`, () =>
    process.exit(),
  );
}

if (isMainThread) {
  await main();
} else {
  const run = start(workerData as Work);
  parentPort?.on('message', (rounds: number) => {
    run(rounds);
    parentPort?.postMessage('done');
  });
}
