import { join } from 'node:path';
import { writeWhole } from '../report/files.js';
import { writeHtmlReport } from '../report/html.js';
import type { Arm } from './arm.js';
import { writeChart } from './chart.js';
import { panelsOf } from './curves.js';
import type { Data } from './data.js';
import type { Evaluation } from './evaluate.js';
import type { Options } from './options.js';
import { pageOf } from './page.js';
import { reportTable } from './report.js';
import type { Results } from './results.js';

/** What a run was asked for: see {@link writeReports}. */
export interface RunFile {
  command: string;
  options: Options;
}

/** Writes what a person looks at: the table, which it gives, the curves, and the page; and what the run was asked for. */
export function writeReports(results: Results, data: Data, options: Options, command: string): string {
  const path = (name: string) => join(options.out, name);
  const table = reportTable(results);
  writeWhole(path('report.md'), `${table}\n`);
  const { loss, f1, attackF1 } = panelsOf(results);
  writeChart(path('curves.svg'), path('curves.png'), results.arms, [loss, f1, attackF1]);
  writeHtmlReport(path('report.html'), pageOf(results, data, options, command));
  writeWhole(path('run.json'), `${JSON.stringify({ command, options } satisfies RunFile, null, 2)}\n`);
  return table;
}

/** Writes the answers of each arm as `npx litorch squad-eval` takes them. */
export function writePredictions(
  folder: string,
  prefix: string,
  evaluations: ReadonlyMap<Arm, Evaluation>,
): void {
  for (const [{ label }, { answers }] of evaluations) {
    const texts = Object.fromEntries([...answers].map(([id, { text }]) => [id, text]));
    writeWhole(join(folder, `${prefix}-${label}.json`), JSON.stringify(texts));
  }
}
