/** The table of the operator benchmark. */
import { geometricMean } from '../statistics.js';
import type { OperatorResult } from './compare.js';

const micro = (seconds: number): string => (seconds * 1e6).toFixed(2);

function line(cells: readonly string[]): string {
  const widths = [24, 12, 7, 9, 9, 9, 8, 8];
  return cells
    .map((cell, i) => (i < 3 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number)))
    .join(' ');
}

export const header = line([
  'operator',
  'group',
  'shape',
  'plain µs',
  'tidied',
  'Python',
  'plain/P',
  'tidied/P',
]);

export function describe(result: OperatorResult): string {
  return line([
    result.name,
    result.group,
    result.shape,
    micro(result.plain),
    micro(result.tidied),
    micro(result.python),
    result.plainRatio.toFixed(2),
    result.tidiedRatio.toFixed(2),
  ]);
}

export interface Summary {
  shape: string;
  group: string;
  operators: number;
  plain: number;
  tidied: number;
  worst: number;
}

/** Geometric means of the ratios, by shape and group, and over all groups of a shape. */
export function summarize(results: readonly OperatorResult[]): Summary[] {
  const summaries: Summary[] = [];
  for (const shape of new Set(results.map((result) => result.shape))) {
    const of = results.filter((result) => result.shape === shape);
    const groups = [...new Set(of.map(({ group }) => group))];
    for (const group of [...groups, 'all']) {
      const members = group === 'all' ? of : of.filter((result) => result.group === group);
      summaries.push({
        shape,
        group,
        operators: members.length,
        plain: geometricMean(members.map(({ plainRatio }) => plainRatio)),
        tidied: geometricMean(members.map(({ tidiedRatio }) => tidiedRatio)),
        worst: Math.max(...members.map(({ plainRatio }) => plainRatio)),
      });
    }
  }
  return summaries;
}

export function describeSummary(summaries: readonly Summary[]): string {
  const rows = summaries.map(({ shape, group, operators, plain, tidied, worst }) =>
    [
      shape.padEnd(8),
      group.padEnd(12),
      String(operators).padStart(9),
      plain.toFixed(3).padStart(9),
      tidied.toFixed(3).padStart(9),
      worst.toFixed(2).padStart(9),
    ].join(' '),
  );
  const head = ['shape'.padEnd(8), 'group'.padEnd(12), 'operators', '    plain', '   tidied', '    worst'];
  return ['geometric means of the ratios to Python', head.join(' '), ...rows].join('\n');
}
