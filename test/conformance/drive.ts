/** Distributes the entries of op_db over jobs and collects what came of them. */
import { Job, type Listener } from './job.js';
import { OTHER_FORMS_LIMIT, REPEATS } from './limits.js';
import type { Assignment, Fault } from './messages.js';
import type { Outcome } from './outcome.js';
import type { Entry, Form } from './protocol.js';
import { variesIn } from './reasons.js';
import { labelOf, Results } from './results.js';

export const dtypes: readonly string[] = ['float32', 'float64', 'int64', 'bool', 'complex64', 'bfloat16'];

export interface Selection {
  /** Patterns of names such as `linalg.*`; none for all. */
  ops: readonly string[];
  dtypes: readonly string[];
  forms: readonly Form[];
  /** Error inputs. */
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

/** Whether an entry can be called so, with samples of a dtype. */
function has(entry: Entry, form: Form, dtype: string): boolean {
  if (form === 'function') return true;
  if (form === 'method') return entry.method !== null;
  if (form === 'inplace') return entry.inplace !== null;
  // One check of an entry is enough for what autograd refuses.
  if (form === 'leaf') return entry.inplace !== null && dtype === 'float32';
  return entry.out;
}

function limitOf(form: Form, limit: number | undefined): number | undefined {
  if (form === 'function') return limit;
  return Math.min(limit ?? OTHER_FORMS_LIMIT, form === 'leaf' ? 1 : OTHER_FORMS_LIMIT);
}

/** The entries selected, and what to do of each. */
export function assignmentsOf(
  entries: readonly Entry[],
  selection: Selection,
): { entries: Entry[]; assignments: Assignment[] } {
  const chosen = entries.filter(matcher(selection.ops));
  const { faults } = selection;
  const assign = (entry: Entry, kind: string, form: Form): Assignment => {
    const limit = limitOf(form, selection.limit);
    const task = { op: entry.op, kind, form, ...(limit !== undefined && { limit }) };
    return {
      entry,
      task: variesIn(entry) && kind !== 'errors' ? { ...task, repeat: REPEATS } : task,
      ...(faults && { faults }),
    };
  };
  const assignments = chosen.flatMap((entry) => [
    ...selection.dtypes
      .filter((dtype) => entry.dtypes.includes(dtype))
      .flatMap((dtype) =>
        selection.forms.filter((form) => has(entry, form, dtype)).map((form) => assign(entry, dtype, form)),
      ),
    ...(selection.errors && entry.errors ? [assign(entry, 'errors', 'function')] : []),
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
  const outcomes = new Map<Assignment, Outcome[]>();
  const listener: Listener = {
    listed: (listing) => {
      if (run !== undefined) return;
      const { entries, assignments } = assignmentsOf(listing.ops, selection);
      run = { results: new Results(entries), reference: listing.version };
      queue = assignments;
      all = assignments.length;
    },
    next: () => queue.shift(),
    outcome: (assignment, outcome) => {
      const own = outcomes.get(assignment);
      if (own === undefined) outcomes.set(assignment, [outcome]);
      else own.push(outcome);
    },
    ended: (assignment, failed) => {
      const own = outcomes.get(assignment) ?? [];
      outcomes.delete(assignment);
      const { entry, task } = assignment;
      // Close, not identical: perhaps because PyTorch's own result varies.
      if (task.repeat === undefined && own.some(({ status }) => status === 'close')) {
        queue.push({ ...assignment, entry, task: { ...task, skip: 0, repeat: REPEATS } });
        return;
      }
      for (const outcome of own) known().add(assignment, outcome);
      if (failed !== undefined) known().fail(assignment, failed);
      progress(++done, all, known());
    },
  };
  await Promise.all(Array.from({ length: jobs }, () => new Job(listener).run()));
  known().sort();
  return run as unknown as Run;
}
