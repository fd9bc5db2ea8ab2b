/**
 * `npm run fuzz`: calls everything with anything, in child processes, until one ends that should not. See
 * docs/fuzzing.md for the options.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { memoryChecks } from './memoryChecks.js';
import { minimise } from './minimise.js';
import { printCall } from './recipe.js';
import { callsInSession } from './session.js';
import { addReport, newTotals, summary } from './totals.js';
import { type Entry, runChild, type Watch } from './watch.js';

const { values: given } = parseArgs({
  options: {
    calls: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    ops: { type: 'string', default: '' },
    jobs: { type: 'string', default: '1' },
    chunk: { type: 'string', default: '40000' },
    memory: { type: 'string', default: '3500' },
    limit: { type: 'string', default: '40' },
    guard: { type: 'string', default: 'overflow' },
    replay: { type: 'string' },
    json: { type: 'string' },
    minimise: { type: 'boolean', default: true },
    skip: { type: 'boolean', default: false },
  },
  allowNegative: true,
});

const folder = mkdtempSync(join(tmpdir(), 'litorch-fuzz-'));
const watch: Watch = {
  memory: Number(given.memory) + (/flow$/.test(given.guard) ? 2048 : 0),
  limit: Number(given.limit),
  env: memoryChecks(given.guard),
};
const totals = newTotals();
/** Crashes of one target that are shrunk and shown; more of them would say the same. */
const crashesShown = 2;
let last = '';

async function crashed(seed: number, entry: Entry, crash: string, stderr: string): Promise<void> {
  const { index, step, name, call } = entry;
  if (totals.crashes.filter((known) => known.name === name).length >= crashesShown) {
    totals.crashes.push({ name, crash, replay: `${seed}:${index}`, step, code: '', alone: true, said: '' });
    return;
  }
  let code = printCall(call);
  let alone = true;
  // A call that does not end takes the limit again for each attempt.
  if (given.minimise && !crash.startsWith('no end')) {
    const smallest = await minimise(call, mkdtempSync(join(folder, 'minimise-')), watch);
    alone = smallest !== undefined;
    code = printCall(smallest ?? call);
  }
  const said = stderr
    .trim()
    .split('\n')
    .filter((line) => !/^\s*at |^$/.test(line))
    .slice(-3)
    .join('\n')
    .slice(0, 500);
  totals.crashes.push({ name, crash, replay: `${seed}:${index}`, step, code, alone, said });
  console.log(
    `\n${name} ended the process: ${crash} (--replay ${seed}:${index}, call ${step})${said ? `\n${said}` : ''}`,
  );
  if (!alone) console.log('The call alone does not end it: something before it has damaged the process.');
  console.log(`${code}\n`);
}

/** Runs sessions from `first` on; after a crash, those that are left. */
async function runSessions(seed: number, first: number, count: number, name: string): Promise<void> {
  let start = first;
  const end = first + count;
  while (start < end) {
    const log = join(folder, `${name}-${start}.log`);
    writeFileSync(log, '');
    const skip = given.skip ? totals.crashes.map((known) => known.name) : [];
    const job = { seed, first: start, sessions: end - start, pattern: given.ops, skip, log };
    const outcome = await runChild(job, watch);
    rmSync(log);
    if (outcome.report !== undefined) {
      addReport(totals, outcome.report, `${seed}:${start}`);
      return;
    }
    if (outcome.last === '') throw new Error(`the child did not start: ${outcome.crash}\n${outcome.stderr}`);
    if (outcome.last === 'done') {
      totals.leaks.push(`${seed}:${start}: the process ended badly after its last call: ${outcome.crash}`);
      return;
    }
    const entry = JSON.parse(outcome.last) as Entry;
    totals.calls += (entry.index - start) * callsInSession + entry.step;
    totals.worked += entry.worked;
    await crashed(seed, entry, outcome.crash ?? '', outcome.stderr);
    start = entry.index + 1;
  }
}

function progress(): void {
  const line = `${totals.calls.toLocaleString('en')} calls, ${totals.crashes.length} crashes`;
  if (line !== last) console.log(line);
  last = line;
}

try {
  if (given.replay !== undefined) {
    const [seed, index] = given.replay.split(':').map(Number) as [number, number];
    await runSessions(seed, index, 1, 'replay');
  } else {
    const seed = Number(given.seed);
    const sessions = Math.ceil(Number(given.calls) / callsInSession);
    const chunk = Math.ceil(Number(given.chunk) / callsInSession);
    const first = Number(given.first);
    let next = first;
    const worker = async (): Promise<void> => {
      while (next < first + sessions) {
        const start = next;
        next += chunk;
        await runSessions(seed, start, Math.min(chunk, first + sessions - start), `${start}`);
        progress();
      }
    };
    await Promise.all(Array.from({ length: Number(given.jobs) }, worker));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(summary(totals));
if (given.json !== undefined) {
  mkdirSync(join(given.json, '..'), { recursive: true });
  writeFileSync(given.json, JSON.stringify({ ...totals, reached: [...totals.reached] }, null, 2));
}
process.exitCode = totals.crashes.length + totals.strange.length + totals.leaks.length > 0 ? 1 : 0;
