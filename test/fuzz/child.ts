/**
 * Runs sessions, or calls that are given, in a process that may end at any of them: `node child.js JOB`, the job as
 * JSON. The call that is about to be made is always in the log.
 */
import { openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import torch from '../../lib/index.js';
import type { CallRecipe } from './recipe.js';
import { runCall } from './run.js';
import { callsInSession, runSession, type Targets } from './session.js';
import { isReachable, operatorTargets, publicTargets } from './targets.js';

export interface Job {
  readonly seed: number;
  readonly first: number;
  readonly sessions: number;
  /** A regular expression of the targets' names. */
  readonly pattern: string;
  readonly log: string;
  /** Targets that are known to end the process, and are passed over. */
  readonly skip: readonly string[];
  /** A file of calls to be made instead, in their order. */
  readonly calls?: string;
}

export interface Report {
  calls: number;
  worked: number;
  strange: string[];
  /** Errors that say nothing of the argument that is wrong: one for each target. */
  unclear: Record<string, string>;
  operators: number;
  unreachable: number;
  functions: number;
  /** Names of what was called at least once without an error. */
  reached: string[];
  /** Resident bytes and live tensors as the run went on. */
  samples: { calls: number; rss: number; tensors: number }[];
  /** Live tensors at the end. */
  left: number;
  sum: number;
}

const job = JSON.parse(process.argv[2] as string) as Job;
const log = openSync(job.log, 'w');
/** Overwrites the log with one entry, which ends at the first line break. */
function note(text: string): void {
  writeSync(log, `${text}\n`, 0);
}

process.removeAllListeners('warning');
process.on('warning', () => {});

function runGiven(file: string): void {
  const calls = JSON.parse(readFileSync(file, 'utf8')) as CallRecipe[];
  calls.forEach((call, i) => {
    note(`${i}`);
    const { strange } = runCall(call);
    if (strange !== undefined) writeFileSync(`${job.log}.strange`, `${i} ${strange}`);
  });
}

function runSessions(): Report {
  const pattern = new RegExp(job.pattern);
  const operators = operatorTargets().filter(({ name }) => pattern.test(name));
  const reachable = operators.filter(isReachable);
  const functions = publicTargets().filter(({ name }) => pattern.test(name));
  // Operators of which only the check of types can be reached need few calls.
  const skip = new Set(job.skip);
  const targets: Targets = {
    operators: [...reachable, ...reachable, ...reachable, ...operators],
    functions,
    isSkipped: ({ name }) => skip.has(name),
  };
  const report: Report = {
    calls: 0,
    worked: 0,
    strange: [],
    unclear: {},
    operators: operators.length,
    unreachable: operators.length - reachable.length,
    functions: functions.length,
    reached: [],
    samples: [],
    left: 0,
    sum: 0,
  };
  const reached = new Set<string>();
  const every = Math.max(1, Math.floor(job.sessions / 20));
  for (let i = 0; i < job.sessions; i++) {
    const index = job.first + i;
    runSession(
      job.seed,
      index,
      targets,
      (target, call, step) =>
        note(JSON.stringify({ index, step, worked: report.worked, name: target.name, call })),
      (target, { worked, strange, unclear }) => {
        if (worked) {
          report.worked++;
          reached.add(target.name);
        }
        if (strange !== undefined && report.strange.length < 100)
          report.strange.push(`${job.seed}:${index} ${target.name} ${strange}`);
        if (unclear !== undefined) report.unclear[target.name] ??= `${job.seed}:${index} ${unclear}`;
      },
    );
    report.calls += callsInSession;
    if ((i + 1) % every === 0) {
      torch.memory.collect();
      report.samples.push({
        calls: report.calls,
        rss: process.memoryUsage.rss(),
        tensors: torch.memory.stats().tensors,
      });
    }
  }
  report.reached = [...reached];
  report.sum = torch.tidy(() => Number(torch.arange(10).sum().item()));
  return report;
}

if (job.calls !== undefined) runGiven(job.calls);
else {
  const report = runSessions();
  // A warning that has not been printed yet holds the objects of its stack.
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    torch.memory.collect();
  }
  report.left = torch.memory.stats().tensors;
  writeFileSync(`${job.log}.json`, JSON.stringify(report));
}
note('done');
