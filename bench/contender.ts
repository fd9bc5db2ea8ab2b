/** A process that does rounds of work when asked, so that litorch and Python can alternate in one run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';

/** What a process answers to one request: at least how long the work took. */
export interface Answer {
  /** Seconds that the work took, measured inside the process. */
  seconds: number;
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

  constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
  ) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stderr?.on('data', (data: Buffer) => {
      this.errors += data.toString();
    });
    this.child.on('exit', (code) => {
      for (const { reject } of this.waiting.splice(0))
        reject(new Error(`${name} ended with ${code}\n${this.errors}`));
    });
    this.lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    this.lines.on('line', (line) => this.waiting.shift()?.resolve(JSON.parse(line) as Answer));
  }

  /** Asks for work: a count of rounds, or whatever the process takes as a request, on one line. */
  ask(request: number | string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.child.stdin?.write(`${request}\n`);
    });
  }

  end(): void {
    this.child.stdin?.end();
  }
}

/** Answers requests from standard input by `work`, which does so many rounds and gives a result's bits, if any. */
export async function serve(work: (count: number) => string | undefined): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const start = performance.now();
    const bits = work(Number(line));
    const seconds = (performance.now() - start) / 1000;
    process.stdout.write(`${JSON.stringify({ seconds, rss: process.memoryUsage().rss, bits })}\n`);
  }
}
