/** A process that does rounds of work when asked, so that litorch and Python can alternate in one run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';

/** What a process answers to one request: at least how long the work took. */
export interface Answer {
  /** Seconds that the work took, measured inside the process. */
  seconds: number;
  /** Seconds of processor time, of all threads of the process. */
  cpu?: number;
  /** Bytes resident, at the end. */
  rss?: number;
  /** The result, as a pattern of bits, where both sides must agree. */
  bits?: string;
}

export class Contender {
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private readonly waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  private errors = '';
  /** Why the process is no more. */
  private ended: string | undefined;

  constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
  ) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stderr?.on('data', (data: Buffer) => {
      this.errors += data.toString();
    });
    const fail = (why: string): void => {
      this.ended = why;
      for (const { reject } of this.waiting.splice(0)) reject(new Error(`${name} ${why}\n${this.errors}`));
    };
    this.child.on('error', (error) => fail(`could not be started: ${error.message}`));
    this.child.on('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
    // What is written to a process that has ended; its end is reported above.
    this.child.stdin?.on('error', () => undefined);
    this.lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    this.lines.on('line', (line) => this.waiting.shift()?.resolve(JSON.parse(line) as Answer));
  }

  /** Asks for work: a count of rounds, or whatever the process takes as a request, on one line. */
  ask(request: number | string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.ended !== undefined) {
        reject(new Error(`${this.name} ${this.ended}\n${this.errors}`));
        return;
      }
      this.waiting.push({ resolve, reject });
      this.child.stdin?.write(`${request}\n`);
    });
  }

  /** The most that was ever resident of the process, in bytes; NaN where the system does not tell. */
  peakBytes(): number {
    const status = `/proc/${this.child.pid}/status`;
    if (!existsSync(status)) return Number.NaN;
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1]) * 1024;
  }

  end(): void {
    this.child.stdin?.end();
  }
}

/**
 * Answers requests from standard input by `work`, which does so many rounds and gives a result's bits, if any, or a
 * function that does, whose time does not count.
 */
export async function serve(work: (count: number) => string | (() => string) | undefined): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const before = process.cpuUsage();
    const start = performance.now();
    const result = work(Number(line));
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    const answer: Answer = { seconds, cpu: (user + system) / 1e6, rss: process.memoryUsage().rss };
    const bits = typeof result === 'function' ? result() : result;
    if (bits !== undefined) answer.bits = bits;
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
