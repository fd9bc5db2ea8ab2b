/** Distributes the entries of op_db over jobs and collects what came of them. */
import { Job, type Listener } from './job.js';
import type { Assignment, Fault } from './messages.js';
import type { Entry } from './protocol.js';
import { labelOf, Results } from './results.js';

export const dtypes: readonly string[] = ['float32', 'float64', 'int64', 'bool', 'complex64', 'bfloat16'];

export interface Selection {
  /** Patterns of names such as `linalg.*`; none for all. */
  ops: readonly string[];
  dtypes: readonly string[];
  errors: boolean;
  /** Samples of each entry and dtype. */
  limit?: number;
  faults?: Fault[];
}

function matcher(patterns: readonly string[]): (entry: Entry) => boolean {
  if (patterns.length === 0) return () => true;
  const sources = patterns.map((pattern) =>
    pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.'),
  );
  const expression = new RegExp(`^(?:${sources.join('|')})$`);
  return (entry) => expression.test(entry.name) || expression.test(labelOf(entry));
}

/** The entries selected, and what to do of each. */
export function assignmentsOf(
  entries: readonly Entry[],
  selection: Selection,
): { entries: Entry[]; assignments: Assignment[] } {
  const chosen = entries.filter(matcher(selection.ops));
  const { limit, faults } = selection;
  const assign = (entry: Entry, kind: string): Assignment => ({
    entry,
    task: { op: entry.op, kind, ...(limit !== undefined && { limit }) },
    ...(faults && { faults }),
  });
  const assignments = chosen.flatMap((entry) => [
    ...selection.dtypes.filter((dtype) => entry.dtypes.includes(dtype)).map((dtype) => assign(entry, dtype)),
    ...(selection.errors && entry.errors ? [assign(entry, 'errors')] : []),
  ]);
  return { entries: chosen, assignments };
}

export interface Run {
  results: Results;
  /** PyTorch's version. */
  reference: string;
}

/** Runs a selection in `jobs` children at a time. `progress` hears of each task that ends. */
export async function drive(
  selection: Selection,
  jobs: number,
  progress: (done: number, all: number, results: Results) => void = () => {},
): Promise<Run> {
  let run: Run | undefined;
  let queue: Assignment[] = [];
  let done = 0;
  let all = 0;
  const known = (): Results => (run as Run).results;
  const listener: Listener = {
    listed: (listing) => {
      if (run !== undefined) return;
      const { entries, assignments } = assignmentsOf(listing.ops, selection);
      run = { results: new Results(entries), reference: listing.version };
      queue = assignments;
      all = assignments.length;
    },
    next: () => queue.shift(),
    outcome: (assignment, outcome) => known().add(assignment, outcome),
    ended: (assignment, failed) => {
      if (failed !== undefined) known().fail(assignment, failed);
      progress(++done, all, known());
    },
  };
  await Promise.all(Array.from({ length: jobs }, () => new Job(listener).run()));
  known().sort();
  return run as unknown as Run;
}
