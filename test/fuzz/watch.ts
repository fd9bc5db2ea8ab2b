/** Runs a child, looks at where it is, and says how it ended. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asSource } from '../support/child.js';
import { root } from '../support/python.js';
import type { Job, Report } from './child.js';
import type { CallRecipe } from './recipe.js';

/** The entry of the log: a call, with where it is in the run. */
export interface Entry {
  readonly index: number;
  readonly step: number;
  /** Calls that worked before it. */
  readonly worked: number;
  readonly name: string;
  readonly call: CallRecipe;
}

export interface End {
  /** Undefined where the child came to its end. */
  readonly crash?: string;
  readonly report?: Report;
  /** The last line of the log. */
  readonly last: string;
  readonly stderr: string;
}

export interface Watch {
  /** The address space that the child may take, in MiB. */
  readonly memory: number;
  /** Seconds that a call may take. */
  readonly limit: number;
  readonly env: Readonly<Record<string, string>>;
}

const readLog = (log: string): string =>
  existsSync(log) ? (readFileSync(log, 'utf8').split('\n', 1)[0] as string) : '';

/** Seconds that a process has had of the processor, where the system says. */
function processorSeconds(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

export function runChild(job: Job, { memory, limit, env }: Watch): Promise<End> {
  const inherited = { ...process.env };
  delete inherited.NODE_OPTIONS;
  const program = [
    process.execPath,
    asSource,
    join(root, 'dist', 'test', 'fuzz', 'child.js'),
    JSON.stringify(job),
  ];
  // What a sane machine has, so that an absurd size is an error there and not the end of every program on it.
  const [command, ...args] =
    process.platform === 'win32'
      ? program
      : ['sh', '-c', `ulimit -v ${memory * 1024}; ulimit -c 0; exec "$@"`, 'sh', ...program];
  return new Promise((resolve, reject) => {
    const child = spawn(command as string, args, {
      cwd: root,
      env: { ...inherited, OMP_NUM_THREADS: '1', OMP_WAIT_POLICY: 'PASSIVE', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-10_000);
    });
    let last = '';
    let since = Date.now();
    let worked = 0;
    let hung = false;
    const timer = setInterval(() => {
      const now = readLog(job.log);
      const spent = processorSeconds(child.pid as number);
      if (now !== last) {
        last = now;
        since = Date.now();
        worked = spent ?? 0;
        return;
      }
      // On a busy machine little of the time is the child's own; one that waits for itself takes none at all.
      const seconds = (Date.now() - since) / 1000;
      if (spent === undefined ? seconds > limit : spent - worked > limit || seconds > limit * 10) {
        hung = true;
        child.kill('SIGKILL');
      }
    }, 500);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearInterval(timer);
      const end = readLog(job.log);
      const result = `${job.log}.json`;
      if (status === 0 && end === 'done') {
        resolve({
          last: end,
          stderr,
          ...(existsSync(result) && { report: JSON.parse(readFileSync(result, 'utf8')) as Report }),
        });
        return;
      }
      const crash = hung ? `no end within ${limit} s` : (signal ?? `exit status ${status}`);
      resolve({ crash, last: end, stderr });
    });
  });
}
