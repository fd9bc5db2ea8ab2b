/** What passes between the driver and its children. */
import type { Outcome } from './outcome.js';
import type { Entry, Form, Listing, Task } from './protocol.js';

/** Samples of one entry and dtype. */
export interface Assignment {
  entry: Entry;
  task: Task;
  /** For the tests of the harness: what shall go wrong. */
  faults?: Fault[];
}

export type FaultKind =
  | 'crash'
  | 'exit'
  | 'last bit'
  | 'value'
  | 'copy'
  | 'dtype'
  | 'no result'
  | 'strides'
  | 'throws';

export interface Fault {
  /** The entry's name, and the number of its sample of float32. */
  op: string;
  sample: number;
  kind: FaultKind;
  /** Default: `'function'`. */
  form?: Form;
}

/** What a child says: the entries, that it begins a sample, what came of it, the end of a task, or that the reference died. */
export type Message =
  | { listing: Listing }
  | { start: number }
  | Outcome
  | { end: true; failed?: string }
  | { died: string };
