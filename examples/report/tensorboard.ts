/** Event files that TensorBoard reads: scalars and texts by step. */
import { closeSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { encodeEvent } from './event.js';
import { frameRecord } from './record.js';

/** What a writer may set. */
export interface EventWriterOptions {
  /**
   * The first step that this run writes anew (default: none). TensorBoard then forgets what earlier files of the
   * folder hold from this step on: a run that goes on from the checkpoint of step 100 has written more than that
   * before it was ended, and sets 101.
   */
  purgeStep?: number;
}

/**
 * Writes one event file into a folder, which is made if need be. TensorBoard reads all the files of a folder as one
 * run, in the order of their names, so going on means a new writer on the same folder; give each arm and seed a folder
 * of its own. Records are in the file when the call returns: a run may be looked at as it goes, and a crash loses none.
 */
export class EventWriter implements Disposable {
  /** The file's path. */
  readonly path: string;
  private file: number | null;

  constructor(folder: string, { purgeStep }: EventWriterOptions = {}) {
    if (purgeStep !== undefined) checkStep(purgeStep);
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, nextName(folder));
    this.file = openSync(this.path, 'ax');
    const wallTime = Date.now() / 1000;
    this.write(encodeEvent({ wallTime, step: 0, fileVersion: 'brain.Event:2' }));
    if (purgeStep !== undefined) this.write(encodeEvent({ wallTime, step: purgeStep, start: true }));
  }

  /**
   * Adds a number under a tag such as `'loss/fgm'`; TensorBoard groups tags by what is before the slash.
   *
   * @param value Kept as a 32-bit float. NaN and infinities are shown as such.
   * @param step A whole number, at least 0.
   * @param wallTime Seconds since 1970 (default: now).
   * @throws TypeError for an empty tag; RangeError for such a step or time; Error after {@link close}.
   */
  addScalar(tag: string, value: number, step: number, wallTime: number = Date.now() / 1000): void {
    this.add(tag, step, wallTime, { scalar: value });
  }

  /** Adds a text, which TensorBoard shows as Markdown. Arguments and errors as of {@link addScalar}. */
  addText(tag: string, text: string, step: number, wallTime: number = Date.now() / 1000): void {
    this.add(tag, step, wallTime, { text });
  }

  /** Ends the file. A second time does nothing. */
  close(): void {
    if (this.file === null) return;
    closeSync(this.file);
    this.file = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private add(
    tag: string,
    step: number,
    wallTime: number,
    value: { scalar: number } | { text: string },
  ): void {
    if (tag === '') throw new TypeError('the tag is empty');
    checkStep(step);
    if (!Number.isFinite(wallTime)) throw new RangeError(`wallTime must be finite, got ${wallTime}`);
    this.write(encodeEvent({ wallTime, step, value: { tag, ...value } }));
  }

  private write(event: Uint8Array): void {
    if (this.file === null) throw new Error(`${this.path} has been closed`);
    const record = frameRecord(event);
    let done = 0;
    while (done < record.length) done += writeSync(this.file, record, done);
  }
}

function checkStep(step: number): void {
  if (!Number.isSafeInteger(step) || step < 0)
    throw new RangeError(`the step must be a whole number from 0, got ${step}`);
}

/** A name after those of all the event files that are there, even those of this second or of a clock ahead of ours. */
function nextName(folder: string): string {
  const seconds = readdirSync(folder).map((name) =>
    Number(/^events\.out\.tfevents\.(\d+)\./.exec(name)?.[1] ?? 0),
  );
  const now = Math.max(Math.floor(Date.now() / 1000), ...seconds.map((other) => other + 1));
  return `events.out.tfevents.${String(now).padStart(10, '0')}.${hostname()}.${process.pid}`;
}
