/**
 * Puts runs together that were asked for the same but for their arms and seeds, such as two made side by side, one on
 * each core:
 *
 *     node dist/examples/adversarial-qa/merge.js OUT RUN RUN ...
 *
 * Each RUN is the `--out` of one. Leaves report.html, report.md, the curves and metrics.jsonl of all of them in OUT.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ARM_NAMES } from './arms.js';
import { loadData } from './data.js';
import { type RunFile, writeReports } from './files.js';
import { linesOf, Metrics } from './metrics.js';
import type { Options } from './options.js';
import { Results } from './results.js';
import type { PerArm } from './values.js';

/** What may be another in each run. */
const OWN: readonly (keyof Options)[] = [
  ...(['arms', 'seeds', 'epsilon', 'adversarialWeight'] as const),
  ...(['out', 'resume', 'saveEvery', 'given'] as const),
];

/** The options of all runs as one. `Error` where they do not go together. */
function joined(runs: readonly { folder: string; options: Options }[], out: string): Options {
  const [first, ...others] = runs;
  if (first === undefined) throw new Error('usage: merge.js OUT RUN RUN ...');
  for (const { folder, options } of others) {
    for (const key of Object.keys(first.options) as (keyof Options)[]) {
      if (OWN.includes(key) || JSON.stringify(options[key]) === JSON.stringify(first.options[key])) continue;
      throw new Error(
        `${first.folder} and ${folder} do not go together: ${key} is ${first.options[key]} and ${options[key]}`,
      );
    }
  }
  const all = runs.map(({ options }) => options);
  if (first.options.train === null && new Set(all.map(({ seeds }) => seeds[0])).size > 1)
    throw new Error('the embedded passages are made from the first seed, which is another in each run');
  return {
    ...first.options,
    arms: ARM_NAMES.filter((name) => all.some(({ arms }) => arms.includes(name))),
    seeds: [...new Set(all.flatMap(({ seeds }) => seeds))].sort((a, b) => a - b),
    epsilon: perArm(all, ({ epsilon }) => epsilon),
    adversarialWeight: perArm(all, ({ adversarialWeight }) => adversarialWeight),
    out,
  };
}

/** What each arm has in its run: a number for all arms there is one for each here. */
function perArm(all: readonly Options[], of: (options: Options) => PerArm): PerArm {
  const by: PerArm['by'] = {};
  for (const options of all) {
    for (const arm of options.arms) {
      const { by: own, all: common } = of(options);
      const value = own[arm] ?? common ?? undefined;
      if (value === undefined) continue;
      if ((by[arm] ?? value) !== value) throw new Error(`${arm} has another ε or weight in each run`);
      by[arm] = value;
    }
  }
  return { all: null, by };
}

const [out, ...folders] = process.argv.slice(2);
const runs = folders.map((folder) => ({
  folder,
  ...(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunFile),
}));
const options = joined(runs, out ?? '');
const records = runs.flatMap(({ folder }) => linesOf(join(folder, 'metrics.jsonl')));
const trials = runs.flatMap(({ options: { arms, seeds } }) =>
  arms.flatMap((arm) => seeds.map((seed) => `${arm} with seed ${seed}`)),
);
const twice = trials.find((trial, i) => trials.indexOf(trial) < i);
if (twice !== undefined) throw new Error(`${twice} is in two of the runs`);
mkdirSync(options.out, { recursive: true });
const metrics = new Metrics(join(options.out, 'metrics.jsonl'), { epoch: 0, batch: 0, step: 0 });
for (const record of records) metrics.add(record);
metrics.flush();
const commands = runs.map(({ command }) => command).join('\n');
console.log(
  writeReports(new Results(metrics, options), loadData(options, options.addsent), options, commands),
);
