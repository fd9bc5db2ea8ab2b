/** Running suites: their rows, and with a record of ratios what the guard says of them. */
import { type Judgement, judge, judgeAgain, type Measured, type Recorded } from './guard.js';
import type { Measurement, Suite, SuiteOptions } from './suite.js';

export interface Row extends Measurement {
  suite: string;
}

export interface Outcome {
  /** All that was measured, the repeats too. */
  rows: Row[];
  measured: Measured[];
  /** Empty without a record. */
  judgements: Judgement[];
}

export interface RunOptions {
  suites: readonly Suite[];
  options: SuiteOptions;
  /** Whether the options leave nothing of a suite out. */
  complete: boolean;
  /** What to compare with, if anything. */
  recorded?: Recorded;
  /** Is told of each row as it is measured. */
  print: (row: Row) => void;
}

const ratiosOf = (rows: readonly Row[]): Map<string, number> =>
  new Map(rows.map(({ name, ratio }) => [name, ratio]));

/**
 * Measures the suites; with a record, what is above its recorded ratio is measured once more, and the repeat counts. A
 * suite that gives nothing, as one that needs Python where there is none, is not judged.
 */
export async function runSuites({
  suites,
  options,
  complete,
  recorded,
  print,
}: RunOptions): Promise<Outcome> {
  const outcome: Outcome = { rows: [], measured: [], judgements: [] };
  const measure = async (suite: Suite, suiteOptions: SuiteOptions): Promise<Row[]> => {
    const rows: Row[] = [];
    for await (const one of suite.measure(suiteOptions)) {
      const row = { suite: suite.name, ...one };
      rows.push(row);
      print(row);
    }
    outcome.rows.push(...rows);
    return rows;
  };
  for (const suite of suites) {
    if (suite.needsPython && options.python === null) continue;
    const ratios = ratiosOf(await measure(suite, options));
    if (ratios.size === 0) continue;
    const measured = { suite: suite.name, ratios, complete };
    outcome.measured.push(measured);
    if (recorded === undefined) continue;
    const judged = judge(recorded, measured);
    const above = new Set(judged.filter(({ verdict }) => verdict === 'above').map(({ name }) => name));
    if (above.size === 0) {
      outcome.judgements.push(...judged);
      continue;
    }
    options.say(`once more, for what is above its recorded ratio: ${[...above].join('; ')}`);
    const again = await measure(suite, { ...options, wants: (name) => above.has(name) });
    outcome.judgements.push(...judgeAgain(judged, ratiosOf(again)));
  }
  return outcome;
}
