import type { Measured } from '../report/types.js';
import type { ArmName } from './arms.js';
import type { Score } from './evaluate.js';
import { LAST_STEPS, type MeasuredScore, type Results } from './results.js';

/** What became of the arms, as a Markdown table: a column for each; of several seeds the mean ± the sample deviation. */
export function reportTable(results: Results): string {
  const { arms, metrics } = results;
  const rows: string[][] = [['', ...arms]];
  const row = (name: string, cell: (arm: ArmName) => string | undefined) => {
    const cells = arms.map((arm) => cell(arm) ?? '-');
    if (cells.some((text) => text !== '-')) rows.push([name, ...cells]);
  };

  const questions = results.first((id) => results.evaluation(id))?.questions ?? 0;
  row(`clean, ${whole(questions)} questions: EM / F1`, (arm) =>
    pair(results.score(arm, (id) => results.evaluation(id))),
  );
  row('after epoch', (arm) =>
    measuredText(
      results.measured(arm, (id) => results.evaluation(id)?.epoch),
      0,
    ),
  );

  const addsent = results.first((id) => metrics.addsent(id));
  row(`AddSent, ${whole(addsent?.questions ?? 0)} questions: EM / F1`, (arm) =>
    pair(results.score(arm, (id) => metrics.addsent(id)?.adversarial)),
  );
  row('its original questions: EM / F1', (arm) =>
    pair(results.score(arm, (id) => metrics.addsent(id)?.clean)),
  );

  const attacked = results.first((id) => metrics.attack(id))?.questions ?? 0;
  for (const epsilon of results.epsilons()) {
    const name = epsilon === 0 ? `${whole(attacked)} of them, no attack` : `attack, ε = ${short(epsilon)}`;
    row(`${name}: EM / F1`, (arm) =>
      pair(results.score(arm, (id) => results.attackScore(id, epsilon)?.attack)),
    );
  }
  for (const epsilon of results.epsilons().filter((one) => one > 0)) {
    row(`noise, ε = ${short(epsilon)}: EM / F1`, (arm) =>
      pair(results.score(arm, (id) => results.attackScore(id, epsilon)?.noise)),
    );
  }

  row('steps', (arm) =>
    measuredText(
      results.measured(arm, (id) => results.steps(id)),
      0,
    ),
  );
  row(`loss, last ${LAST_STEPS} steps`, (arm) =>
    measuredText(
      results.measured(arm, (id) => results.atEnd(id, ({ loss }) => loss)),
      3,
    ),
  );
  row(`adversarial loss, last ${LAST_STEPS} steps`, (arm) =>
    measuredText(
      results.measured(arm, (id) => results.atEnd(id, ({ lossAdv }) => lossAdv)),
      3,
    ),
  );
  row('seconds a step, median', (arm) =>
    measuredText(mean(results.measured(arm, (id) => results.secondsAStep(id))), 3),
  );
  row('peak memory, MiB', (arm) =>
    measuredText(mean(results.measured(arm, (id) => results.peakMemory(id))), 0),
  );
  return align(rows);
}

export function scores(score: Score): string {
  return `${score.exactMatch.toFixed(2)} / ${score.f1.toFixed(2)}`;
}

/** A number without needless digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function pair(score: MeasuredScore | null): string | undefined {
  return score === null ? undefined : `${measuredText(score.exactMatch, 2)} / ${measuredText(score.f1, 2)}`;
}

function measuredText(value: Measured | null, digits: number): string | undefined {
  if (value === null) return undefined;
  const text = (one: number) =>
    one.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return value.deviation === undefined ? text(value.mean) : `${text(value.mean)} ± ${text(value.deviation)}`;
}

/** Without the deviation, which says nothing of a method where it is the machine's. */
const mean = (value: Measured | null): Measured | null => (value === null ? null : { mean: value.mean });

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
