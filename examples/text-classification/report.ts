import type { ArmName } from './arms.js';
import type { Results, RunResult } from './results.js';
import { deviation, mean } from './statistics.js';

/** What became of the arms, as Markdown: one row each, means over the seeds ± the sample's standard deviation. */
export function reportOf(results: Results): string {
  const { options, sizes, runs, finished } = results;
  const { data, model, seeds, epsilon } = options;
  const lines = [
    `${data}, ${model}, ${count(sizes.parameters)} parameters, ${count(sizes.vocabulary)} words; ` +
      `${count(sizes.train)} texts to train on, ${count(sizes.dev)} to choose the epoch, ${count(sizes.test)} to test on; ` +
      `seeds ${seeds.join(', ')}; ε ${epsilon}.${finished ? '' : ' **Not finished.**'}`,
    '',
    tableOf(accuracyRows(options.arms, runs)),
  ];
  if (runs.some(({ attack }) => attack.length > 0)) {
    lines.push('', `Accuracy under attack, %, on ${count(sizes.attacked)} of the test texts:`, '');
    lines.push(tableOf(attackRows(options.arms, runs)));
  }
  return lines.join('\n');
}

function accuracyRows(arms: readonly ArmName[], runs: readonly RunResult[]): string[][] {
  const clean = new Map(runs.filter(({ arm }) => arm === 'none').map((run) => [run.seed, run.testAccuracy]));
  const header = [
    'arm',
    'seeds',
    'test accuracy, %',
    'minus none',
    'dev accuracy, %',
    'best epoch',
    'ms a step',
  ];
  return [
    header,
    ...arms.flatMap((arm): string[][] => {
      const own = runs.filter((run) => run.arm === arm);
      if (own.length === 0) return [];
      const steps = own.flatMap(({ epochs }) => epochs.map(({ secondsPerStep }) => 1000 * secondsPerStep));
      // By seed: both have the same initial weights, batches and splits.
      const differences = own.flatMap(({ seed, testAccuracy }) => {
        const other = clean.get(seed);
        return other === undefined ? [] : [testAccuracy - other];
      });
      return [
        [
          arm,
          String(own.length),
          spread(own.map(({ testAccuracy }) => testAccuracy)),
          arm === 'none' || differences.length === 0 ? '' : signed(differences),
          spread(own.map(({ devAccuracy }) => devAccuracy)),
          mean(own.map(({ bestEpoch }) => bestEpoch))!.toFixed(1),
          mean(steps)!.toFixed(1),
        ],
      ];
    }),
  ];
}

function attackRows(arms: readonly ArmName[], runs: readonly RunResult[]): string[][] {
  const epsilons = runs.find(({ attack }) => attack.length > 0)!.attack.map(({ epsilon }) => epsilon);
  const names = epsilons.flatMap((epsilon) =>
    epsilon === 0 ? ['no attack'] : [`PGD, ε ${epsilon}`, `noise, ε ${epsilon}`],
  );
  return [
    ['arm', ...names],
    ...arms.flatMap((arm): string[][] => {
      const own = runs.filter((run) => run.arm === arm && run.attack.length > 0);
      if (own.length === 0) return [];
      const cells = epsilons.flatMap((epsilon, i) => {
        const of = (kind: 'attack' | 'noise'): string => spread(own.map(({ attack }) => attack[i]![kind]));
        return epsilon === 0 ? [of('attack')] : [of('attack'), of('noise')];
      });
      return [[arm, ...cells]];
    }),
  ];
}

/** Mean ± standard deviation; the mean alone where there is one value. */
function spread(values: readonly number[]): string {
  const wide = deviation(values);
  return `${mean(values)!.toFixed(2)}${wide === undefined ? '' : ` ± ${wide.toFixed(2)}`}`;
}

function signed(values: readonly number[]): string {
  return mean(values)! >= 0 ? `+${spread(values)}` : spread(values);
}

const count = (value: number): string => value.toLocaleString('en-US');

function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(rows[0]!), line(rule), ...rows.slice(1).map(line)].join('\n');
}
