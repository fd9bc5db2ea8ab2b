/** What a run has come to. */
import type { Report } from './child.js';

export interface Crash {
  readonly name: string;
  readonly crash: string;
  readonly replay: string;
  readonly step: number;
  readonly code: string;
  /** The call alone ends a process. */
  readonly alone: boolean;
  readonly said: string;
}

export interface Totals {
  calls: number;
  worked: number;
  operators: number;
  unreachable: number;
  functions: number;
  reached: Set<string>;
  crashes: Crash[];
  strange: string[];
  leaks: string[];
  /** Errors that say nothing of the argument that is wrong, by target. */
  unclear: Record<string, string>;
  /** The most that resident memory grew after half of a child's calls, in bytes. */
  growth: number;
}

export const newTotals = (): Totals => ({
  calls: 0,
  worked: 0,
  operators: 0,
  unreachable: 0,
  functions: 0,
  reached: new Set(),
  crashes: [],
  strange: [],
  leaks: [],
  unclear: {},
  growth: 0,
});

// Caches of kernels and the heap's fragments come and go; a leak of a few bytes a call would be more.
const growthAllowed = 96 << 20;

export function addReport(totals: Totals, report: Report, where: string): void {
  totals.calls += report.calls;
  totals.worked += report.worked;
  totals.operators = report.operators;
  totals.unreachable = report.unreachable;
  totals.functions = report.functions;
  for (const name of report.reached) totals.reached.add(name);
  totals.strange.push(...report.strange);
  Object.assign(totals.unclear, report.unclear);
  const { samples } = report;
  // The least of some samples, since each has garbage in it that is not yet collected.
  const least = (part: typeof samples): number => Math.min(...part.map(({ rss }) => rss));
  if (samples.length >= 12) {
    const growth =
      least(samples.slice(-4)) - least(samples.slice(samples.length / 2 - 2, samples.length / 2 + 2));
    totals.growth = Math.max(totals.growth, growth);
    if (growth > growthAllowed)
      totals.leaks.push(`${where}: memory grew by ${(growth / 2 ** 20).toFixed(0)} MiB`);
  }
  if (report.left > 0) totals.leaks.push(`${where}: ${report.left} tensors were left`);
  if (report.sum !== 45) totals.strange.push(`${where}: the sum of 0 to 9 has become ${report.sum}`);
}

export function summary(totals: Totals): string {
  const count = (n: number): string => n.toLocaleString('en');
  return [
    ...totals.strange,
    ...totals.leaks,
    ...Object.entries(totals.unclear).map(
      ([name, error]) => `an error that does not help: ${name}, ${error}`,
    ),
    `${count(totals.calls)} calls of ${count(totals.operators)} operator overloads (${totals.unreachable} of which take ` +
      `what no JavaScript value stands for) and ${totals.functions} functions and methods`,
    `${count(totals.worked)} calls worked; ${count(totals.reached.size)} targets worked at least once`,
    `${totals.crashes.length} crashes, ${totals.strange.length} things thrown that are no errors, ` +
      `${Object.keys(totals.unclear).length} targets with errors that do not help`,
    `memory grew by at most ${(totals.growth / 2 ** 20).toFixed(0)} MiB after half of a child's calls; ` +
      `${totals.leaks.length} leaks`,
  ].join('\n');
}
