/** One child at a time, started again after whatever ends it, that works through assignments. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { asSource } from '../support/child.js';
import { root } from '../support/python.js';
import type { Assignment, Message } from './messages.js';
import type { Outcome } from './outcome.js';
import type { Listing } from './protocol.js';

/** Longest time for one sample. */
const STALL_MS = 180_000;
/** A task whose samples end the process again and again is given up after this many. */
const MOST_DEATHS = 25;
/** Children that end in a row without a word before the run is given up. */
const MOST_SILENT = 3;
/** Tasks that a child has at a time, so that the reference need not wait for the next. */
const AHEAD = 2;

export interface Listener {
  /** The entries are known; before, nothing is asked for. */
  listed(listing: Listing): void;
  next(): Assignment | undefined;
  outcome(assignment: Assignment, outcome: Outcome): void;
  /** `failed`: why the database could not make more samples. */
  ended(assignment: Assignment, failed: string | undefined): void;
}

interface Doing {
  assignment: Assignment;
  /** The next sample that is expected. */
  next: number;
  deaths: number;
}

export class Job {
  private readonly doing: Doing[] = [];
  private child: ChildProcess | undefined;
  private running: number | undefined;
  private died: string | undefined;
  private errors = '';
  private timer: NodeJS.Timeout | undefined;
  private stalled = false;
  private finished = false;
  /** Children in a row that ended before they said anything. */
  private silent = 0;
  private finish: () => void = () => {};
  private fail: (error: Error) => void = () => {};

  constructor(private readonly listener: Listener) {}

  /**
   * Runs until there is nothing next.
   * @throws where children end before they do anything.
   */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.finish = resolve;
      this.fail = reject;
      this.start();
    });
  }

  private start(): void {
    const program = join(root, 'dist', 'test', 'conformance', 'runner.js');
    const environment = { ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', NODE_NO_WARNINGS: '1' };
    delete (environment as { NODE_OPTIONS?: string }).NODE_OPTIONS;
    const child = spawn(process.execPath, [asSource, program], {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    this.running = undefined;
    this.died = undefined;
    this.errors = '';
    this.stalled = false;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors = (this.errors + text).slice(-2000);
    });
    createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
      this.hear(JSON.parse(line) as Message);
    });
    child.on('error', () => {});
    child.on('close', (code, signal) => this.closed(signal ?? `status ${code}`));
    this.watch();
  }

  private send(doing: Doing): void {
    doing.assignment.task.skip = doing.next;
    this.child?.send(doing.assignment);
  }

  private refill(): void {
    while (this.doing.length < AHEAD) {
      const assignment = this.listener.next();
      if (assignment === undefined) break;
      const doing = { assignment, next: 0, deaths: 0 };
      this.doing.push(doing);
      this.send(doing);
    }
    if (this.doing.length > 0) return;
    this.finished = true;
    if (this.child?.connected) this.child.send('end');
  }

  private watch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.stalled = true;
      this.child?.kill('SIGKILL');
    }, STALL_MS);
  }

  private hear(message: Message): void {
    this.watch();
    if (!('died' in message)) this.silent = 0;
    const doing = this.doing[0];
    if ('died' in message) {
      this.died = message.died;
    } else if ('listing' in message) {
      this.listener.listed(message.listing);
      for (const known of this.doing) this.send(known);
      this.refill();
    } else if (doing === undefined) {
      return;
    } else if ('start' in message) {
      this.running = message.start;
    } else if ('end' in message) {
      this.end(doing, message.failed);
      this.refill();
    } else {
      this.running = undefined;
      doing.next = message.i + 1;
      this.listener.outcome(doing.assignment, message);
    }
  }

  private end(doing: Doing, failed: string | undefined): void {
    this.doing.shift();
    this.listener.ended(doing.assignment, failed);
  }

  private closed(how: string): void {
    clearTimeout(this.timer);
    if (this.finished) {
      this.finish();
      return;
    }
    if (++this.silent >= MOST_SILENT) {
      this.fail(new Error(`the conformance runner does not start (${this.died ?? how}):\n${this.errors}`));
      return;
    }
    const doing = this.doing[0];
    // Before the first message no sample is to blame.
    if (doing !== undefined && this.silent === 1) {
      this.blame(doing, how);
      if (doing.deaths > MOST_DEATHS) this.end(doing, `given up after ${MOST_DEATHS} crashes`);
    }
    this.start();
  }

  /** Finds the sample that ended the child, and goes on behind it. */
  private blame(doing: Doing, how: string): void {
    doing.deaths++;
    const { task } = doing.assignment;
    const last = this.errors.trim().split('\n').at(-1) ?? '';
    if (this.running !== undefined) {
      const why = this.stalled ? `no result within ${STALL_MS / 1000} s` : `${how} ${last}`.trim();
      this.listener.outcome(doing.assignment, { i: this.running, status: 'crashed', why });
      doing.next = this.running + 1;
    } else if (task.flush !== true) {
      // What the reference had not sent yet is lost: it sends each sample at once now, so that the next death tells.
      task.flush = true;
    } else {
      const why = `the reference ended: ${this.died ?? how} ${last}`.trim();
      this.listener.outcome(doing.assignment, { i: doing.next, status: 'crashed', why });
      doing.next++;
    }
  }
}
