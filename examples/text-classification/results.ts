import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../adversarial-qa/values.js';
import { writeWhole } from '../report/files.js';
import type { ArmName } from './arms.js';
import type { AttackScore } from './evaluate.js';
import type { Options } from './options.js';
import { reportOf } from './report.js';
import type { Epoch } from './train.js';

/** One arm from one seed. */
export interface RunResult {
  arm: ArmName;
  seed: number;
  epochs: Epoch[];
  bestEpoch: number;
  /** Percent, at the best epoch; of the test texts, all of them. */
  devAccuracy: number;
  testAccuracy: number;
  /** On the first test texts; empty where nothing was attacked. */
  attack: AttackScore[];
  /** Of training, evaluation and attack together. */
  seconds: number;
}

/** Everything that a run of the program has found. */
export interface Results {
  options: Options;
  sizes: {
    vocabulary: number;
    parameters: number;
    train: number;
    dev: number;
    test: number;
    attacked: number;
  };
  /** Whether all arms were trained from all seeds. */
  finished: boolean;
  seconds: number;
  runs: RunResult[];
}

const RESULTS = 'results.json';
const METRICS = 'metrics.jsonl';

/** What a run that is gone on with may have otherwise: the rest decides its numbers, or is added to. */
const FREE: readonly (keyof Options)[] = ['arms', 'seeds', 'dir', 'out', 'resume'];

/**
 * The runs that results.json has, and the options with its arms and seeds too.
 *
 * @throws UsageError where another option differs; Error where there is no such file.
 */
export function resumed(options: Options): Pick<Results, 'options' | 'runs' | 'seconds'> {
  const path = join(options.out, RESULTS);
  let saved: Partial<Results> | null;
  try {
    saved = JSON.parse(readFileSync(path, 'utf8')) as Partial<Results> | null;
  } catch (error) {
    throw new Error(`${path}: cannot be gone on from: ${(error as Error).message}`);
  }
  const before = saved?.options;
  if (before === undefined || !Array.isArray(saved?.runs))
    throw new Error(`${path}: not the results of this program`);
  for (const key of Object.keys(options) as (keyof Options)[]) {
    const [was, is] = [JSON.stringify(before[key]), JSON.stringify(options[key])];
    if (!FREE.includes(key) && was !== is)
      throw new UsageError(`${key} is ${was} in ${path}, and ${is} now: such runs cannot be compared`);
  }
  const arms = [...new Set([...before.arms, ...options.arms])];
  const seeds = [...new Set([...before.seeds, ...options.seeds])];
  return { options: { ...options, arms, seeds }, runs: saved.runs, seconds: saved.seconds ?? 0 };
}

/** The files of a run, in one folder. */
export class ResultFiles {
  private readonly metrics: string;

  /** Makes the folder; metrics begin anew, or with those of the runs that are there. */
  constructor(
    private readonly folder: string,
    runs: readonly RunResult[],
  ) {
    mkdirSync(folder, { recursive: true });
    this.metrics = join(folder, METRICS);
    const lines = runs.flatMap(({ arm, seed, epochs }) => epochs.map((epoch) => lineOf(arm, seed, epoch)));
    writeWhole(this.metrics, lines.join(''));
  }

  /** Adds a line to metrics.jsonl. */
  addEpoch(arm: ArmName, seed: number, epoch: Epoch): void {
    appendFileSync(this.metrics, lineOf(arm, seed, epoch));
  }

  /** Writes results.json and report.md; each appears whole or not at all. Gives the report. */
  save(results: Results): string {
    const report = reportOf(results);
    writeWhole(join(this.folder, RESULTS), `${JSON.stringify(results, null, 2)}\n`);
    writeWhole(join(this.folder, 'report.md'), `${report}\n`);
    return report;
  }
}

function lineOf(arm: ArmName, seed: number, epoch: Epoch): string {
  return `${JSON.stringify({ arm, seed, ...epoch })}\n`;
}
