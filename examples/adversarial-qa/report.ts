import type { Score } from './evaluate.js';
import type { Metrics } from './metrics.js';
import type { ArmName } from './options.js';

/** What became of the arms, as a Markdown table: a column for each. */
export function reportTable(arms: readonly ArmName[], metrics: Metrics): string {
  const rows: string[][] = [['', ...arms]];
  const row = (name: string, cell: (arm: ArmName) => string | undefined) => {
    const cells = arms.map((arm) => cell(arm) ?? '-');
    if (cells.some((text) => text !== '-')) rows.push([name, ...cells]);
  };

  const latest = (arm: ArmName) => metrics.evaluations(arm).at(-1);
  const questions = latest(arms[0]!)?.questions;
  row(`clean, ${whole(questions ?? 0)} questions: EM / F1`, (arm) => scores(latest(arm)));

  const attack = metrics.attack(arms[0]!);
  attack?.scores.forEach(({ epsilon }, i) => {
    const name =
      epsilon === 0 ? `${whole(attack.questions)} of them, no attack` : `attack, ε = ${short(epsilon)}`;
    row(`${name}: EM / F1`, (arm) => scores(metrics.attack(arm)?.scores[i]?.attack));
  });
  attack?.scores.forEach(({ epsilon }, i) => {
    if (epsilon === 0) return;
    row(`noise, ε = ${short(epsilon)}: EM / F1`, (arm) => scores(metrics.attack(arm)?.scores[i]?.noise));
  });

  row('steps', (arm) => whole(metrics.steps(arm).length));
  row('loss, last 50 steps', (arm) =>
    mean(
      metrics
        .steps(arm)
        .slice(-50)
        .map(({ loss }) => loss),
    )?.toFixed(3),
  );
  row('adversarial loss, last 50 steps', (arm) =>
    mean(
      metrics
        .steps(arm)
        .slice(-50)
        .flatMap(({ lossAdv }) => lossAdv ?? []),
    )?.toFixed(3),
  );
  row('seconds a step, median', (arm) =>
    median(metrics.steps(arm).map(({ seconds }) => seconds))?.toFixed(3),
  );
  row('peak memory, MiB', (arm) => {
    const steps = metrics.steps(arm);
    return steps.length === 0
      ? undefined
      : whole(Math.max(...steps.map(({ peakBytes }) => peakBytes)) / 2 ** 20);
  });
  return align(rows);
}

export function scores(score: Score | undefined): string | undefined {
  return score === undefined ? undefined : `${score.exactMatch.toFixed(2)} / ${score.f1.toFixed(2)}`;
}

/** A number without needless digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function align(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((cells) => cells[column]!.length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)].join('\n');
}
