/** A run on the console: totals, and the entries that need work most. */

import type { Status } from './outcome.js';
import type { Form } from './protocol.js';
import { type Counts, type Finding, labelOf, type Results } from './results.js';

const samples: (keyof Counts)[] = [
  'samples',
  'identical',
  'close',
  'varies',
  'wrong',
  'raised',
  'other message',
  'missing',
  'crashed',
  'unsupported',
  'raising',
  'strides',
];
const errors: (keyof Counts)[] = [
  'samples',
  'matched',
  'other message',
  'not raised',
  'missing',
  'crashed',
  'unsupported',
];

const share = (part: number, all: number): string =>
  all === 0 ? '' : ` (${((100 * part) / all).toFixed(2)} %)`;

function line(kind: string, counts: Counts, keys: readonly (keyof Counts)[], good: keyof Counts): string {
  const parts = keys.map(
    (key) => `${key} ${counts[key]}${key === good ? share(counts[key], counts.samples) : ''}`,
  );
  return `${kind.padEnd(10)} ${parts.join(', ')}`;
}

export function printTotals(results: Results, kinds: readonly string[], forms: readonly Form[]): void {
  for (const [kind, counts] of results.totals(kinds)) {
    if (kind === 'errors') console.log(line(kind, counts, errors, 'matched'));
    else console.log(line(kind, counts, samples, 'identical'));
  }
  for (const [form, counts] of results.formTotals(forms)) {
    if (form === 'leaf') console.log(line(form, counts, errors, 'matched'));
    else console.log(line(form, counts, samples, 'identical'));
  }
}

// The worst first.
const order: Status[] = [
  'crashed',
  'missing',
  'raised',
  'wrong',
  'not raised',
  'other message',
  'unsupported',
  'close',
  'varies',
];

/** What a finding is about: the entry, and the form of the call where it is no function. */
export const headOf = ({ op, variant, form }: Finding): string =>
  `${labelOf({ name: op, variant })}${form === 'function' ? '' : ` (${form})`}`;

/** One line for all findings of an entry that are alike. */
export function grouped(findings: readonly Finding[]): { head: string; count: number; first: Finding }[] {
  const groups = new Map<string, { head: string; count: number; first: Finding }>();
  for (const finding of findings) {
    if (!order.includes(finding.status)) continue;
    const head = `${finding.status.padEnd(13)} ${headOf(finding)}`;
    const kindless = finding.kind === 'errors' ? `${head} (errors)` : head;
    const group = groups.get(kindless);
    if (group === undefined) groups.set(kindless, { head: kindless, count: 1, first: finding });
    else group.count++;
  }
  const rank = (group: { first: Finding }): number => order.indexOf(group.first.status);
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || b.count - a.count);
}

const short = (text: string | undefined, length: number): string => {
  const flat = (text ?? '').replaceAll(/\s+/g, ' ');
  return flat.length > length ? `${flat.slice(0, length)}...` : flat;
};

/** What a finding is about, in one line. */
export function explain(finding: Finding): string {
  const where = `${finding.kind} #${finding.i}${finding.phase === 'backward' ? ' backward' : ''}`;
  const expected = finding.expected === undefined ? '' : ` | expected /${short(finding.expected, 160)}/`;
  return `${where}: ${short(finding.why, 220)}${expected} | ${short(finding.call, 160)}`;
}

export function printWorst(results: Results, most = 40): void {
  const groups = grouped(results.findings);
  for (const { head, count, first } of groups.slice(0, most)) {
    console.log(`${head} x${count}\n    ${explain(first)}`);
  }
  if (groups.length > most) console.log(`... and ${groups.length - most} more; --json has all`);
  for (const { op, kind, why } of results.failures.slice(0, most)) {
    console.log(`no samples    ${op} ${kind}: ${short(why, 200)}`);
  }
}
