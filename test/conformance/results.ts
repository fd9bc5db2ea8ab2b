/** The outcomes of a run, counted by entry and dtype. */
import type { Assignment } from './messages.js';
import type { Outcome, Status } from './outcome.js';
import type { Entry, Form } from './protocol.js';

export type Counts = Record<Status, number> & { samples: number; raising: number; strides: number };

const zero = (): Counts => ({
  samples: 0,
  identical: 0,
  close: 0,
  varies: 0,
  wrong: 0,
  raised: 0,
  missing: 0,
  crashed: 0,
  unsupported: 0,
  matched: 0,
  'other message': 0,
  'not raised': 0,
  raising: 0,
  strides: 0,
});

/** A sample that is not as in PyTorch, or whose strides are not. */
export interface Finding extends Outcome {
  op: string;
  variant: string;
  kind: string;
  form: Form;
}

export interface Row {
  entry: Entry;
  /** Called as functions: by dtype, and 'errors'. */
  kinds: Map<string, Counts>;
  /** Called in other forms: all dtypes together. */
  forms: Map<Form, Counts>;
}

export const labelOf = (entry: { name: string; variant: string }): string =>
  entry.variant === '' ? entry.name : `${entry.name}/${entry.variant}`;

export function sumOf(counts: Iterable<Counts>): Counts {
  const total = zero();
  for (const one of counts) {
    for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += one[key];
  }
  return total;
}

/** All but the error inputs. */
export function samplesOf(row: Row): Counts {
  return sumOf([...row.kinds].filter(([kind]) => kind !== 'errors').map(([, counts]) => counts));
}

export function errorsOf(row: Row): Counts {
  return row.kinds.get('errors') ?? zero();
}

export class Results {
  readonly rows: Row[];
  readonly findings: Finding[] = [];
  /** Where the database itself failed to make its samples. */
  readonly failures: { op: string; kind: string; why: string }[] = [];
  private readonly byOp = new Map<number, Row>();

  constructor(entries: readonly Entry[]) {
    this.rows = entries.map((entry) => ({ entry, kinds: new Map(), forms: new Map() }));
    for (const row of this.rows) this.byOp.set(row.entry.op, row);
  }

  add({ entry, task }: Assignment, outcome: Outcome): void {
    const { kinds, forms } = this.byOp.get(entry.op) as Row;
    const { kind, form } = task;
    const counts = (form === 'function' ? kinds.get(kind) : forms.get(form)) ?? zero();
    if (form === 'function') kinds.set(kind, counts);
    else forms.set(form, counts);
    counts.samples++;
    counts[outcome.status]++;
    if (outcome.raising) counts.raising++;
    if (outcome.strides !== undefined) counts.strides++;
    const good = outcome.status === 'identical' || outcome.status === 'matched';
    if (!good || outcome.strides !== undefined) {
      this.findings.push({ op: entry.name, variant: entry.variant, kind, form, ...outcome });
    }
  }

  fail({ entry, task }: Assignment, why: string): void {
    // Each form would say the same.
    if (task.form === 'function') this.failures.push({ op: labelOf(entry), kind: task.kind, why });
  }

  /** Totals by dtype, and of the error inputs. */
  totals(kinds: readonly string[]): Map<string, Counts> {
    const of = (kind: string): Counts => sumOf(this.rows.map((row) => row.kinds.get(kind) ?? zero()));
    return new Map(kinds.map((kind) => [kind, of(kind)]));
  }

  /** Totals of other forms than the function, all dtypes together. */
  formTotals(forms: readonly Form[]): Map<Form, Counts> {
    const of = (form: Form): Counts => sumOf(this.rows.map((row) => row.forms.get(form) ?? zero()));
    return new Map(forms.map((form) => [form, of(form)]));
  }

  /** In one order, whatever the jobs did when. */
  sort(): void {
    const key = (finding: Finding): string =>
      `${finding.op}/${finding.variant} ${finding.form} ${finding.kind}`;
    this.findings.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.i - b.i));
    this.failures.sort((a, b) => (a.op + a.kind < b.op + b.kind ? -1 : 1));
    this.rows.sort((a, b) => (labelOf(a.entry) < labelOf(b.entry) ? -1 : 1));
  }
}
