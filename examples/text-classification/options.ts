import { parseArgs } from 'node:util';
import { count, integer, natural, oneOf, positive, UsageError } from '../adversarial-qa/values.js';
import { ARM_NAMES, type ArmName } from './arms.js';
import { DATA_NAMES, type DataName } from './data.js';
import { positives, probability, seeds, someOf } from './values.js';

export const MODELS = ['lstm', 'cnn'] as const;
export const POOLINGS = ['last', 'mean', 'max'] as const;
export const SCHEDULES = ['constant', 'linear', 'exponential'] as const;
export type ModelName = (typeof MODELS)[number];
export type Pooling = (typeof POOLINGS)[number];
export type Schedule = (typeof SCHEDULES)[number];

/** The whole command line. */
export interface Options {
  data: DataName;
  /** The folder that holds `sst2`, `rt-polarity` and `imdb`; null for the usual one. */
  dir: string | null;
  limit: number | null;
  testLimit: number | null;
  fold: number;
  maxLength: number;
  minFrequency: number;

  model: ModelName;
  embedding: number;
  hidden: number;
  dropout: number;
  pooling: Pooling;

  arms: ArmName[];
  seeds: number[];
  epochs: number;
  patience: number;
  batchSize: number;
  lr: number;
  schedule: Schedule;
  decay: number;
  gradClipping: number;

  epsilon: number;
  epsilonMax: number;
  epsilonRow: number;
  steps: number;
  weight: number;

  attackEpsilons: number[];
  attackSteps: number;
  attackRestarts: number;
  attackLimit: number;

  threads: number;
  device: string;
  out: string;
  resume: boolean;
}

type Value = Options[keyof Options];
interface Option {
  key: keyof Options;
  /** Its values in the help; a flag has none. */
  values?: string;
  help: string;
  /** Without one the option is absent: null. */
  default?: string;
  /** Where long texts ask for another default. */
  imdb?: string;
  parse?: (text: string, name: string) => Value;
}

const OPTIONS = {
  data: {
    key: 'data',
    values: 'NAME',
    help: DATA_NAMES.join(', '),
    default: 'sst2',
    parse: oneOf(DATA_NAMES),
  },
  dir: {
    key: 'dir',
    values: 'DIR',
    help: 'where the data sets are; default: ../shared/data beside the package',
  },
  limit: { key: 'limit', values: 'N', help: 'train on the first N texts only', parse: count },
  'test-limit': {
    key: 'testLimit',
    values: 'N',
    help: 'choose the epoch, and test, on the first N texts only',
    parse: count,
  },
  fold: {
    key: 'fold',
    values: 'N',
    help: 'rt: which tenth is tested on, 0 to 9',
    default: '0',
    parse: integer,
  },
  'max-length': {
    key: 'maxLength',
    values: 'TOKENS',
    help: 'cut longer texts to their end',
    default: '60',
    imdb: '400',
    parse: count,
  },
  'min-frequency': {
    key: 'minFrequency',
    values: 'N',
    help: 'words seen less often are unknown',
    default: '2',
    imdb: '5',
    parse: count,
  },

  model: { key: 'model', values: 'NAME', help: MODELS.join(', '), default: 'lstm', parse: oneOf(MODELS) },
  embedding: { key: 'embedding', values: 'N', help: 'size of a word vector', default: '128', parse: count },
  hidden: {
    key: 'hidden',
    values: 'N',
    help: 'size of the LSTM; filters of each width of the CNN',
    default: '128',
    parse: count,
  },
  dropout: { key: 'dropout', values: 'P', help: 'from 0 to below 1', default: '0.5', parse: probability },
  pooling: {
    key: 'pooling',
    values: 'NAME',
    help: `of the LSTM's outputs: ${POOLINGS.join(', ')}`,
    default: 'mean',
    parse: oneOf(POOLINGS),
  },

  arms: {
    key: 'arms',
    values: 'LIST',
    help: `of ${ARM_NAMES.join(', ')}`,
    default: 'none,noise,fgm,vat',
    parse: someOf(ARM_NAMES),
  },
  seeds: {
    key: 'seeds',
    values: 'N|LIST',
    help: 'seeds 1 to N, or a list: 3,5 (a comma at the end for one: 7,)',
    default: '1',
    parse: seeds,
  },
  epochs: { key: 'epochs', values: 'N', help: 'at most so many', default: '12', imdb: '8', parse: count },
  patience: {
    key: 'patience',
    values: 'N',
    help: 'stop after N epochs without a better dev accuracy',
    default: '3',
    parse: count,
  },
  'batch-size': { key: 'batchSize', values: 'N', help: 'texts a step', default: '64', parse: count },
  lr: {
    key: 'lr',
    values: 'X',
    help: "Adam's learning rate",
    default: '0.003',
    parse: positive,
  },
  schedule: {
    key: 'schedule',
    values: 'NAME',
    help: `of the learning rate: ${SCHEDULES.join(', ')} (to 0 over all epochs; --decay a step)`,
    default: 'constant',
    parse: oneOf(SCHEDULES),
  },
  decay: {
    key: 'decay',
    values: 'X',
    help: 'of the exponential schedule',
    default: '0.9998',
    parse: positive,
  },
  'grad-clipping': {
    key: 'gradClipping',
    values: 'X',
    help: 'norm the gradient is clipped to; 0 for none',
    default: '1',
    parse: natural,
  },

  epsilon: {
    key: 'epsilon',
    values: 'X',
    help: "norm of a text's perturbation: noise, fgm, pgd, freeat, yopo, freelb, vat",
    default: '1',
    imdb: '5',
    parse: natural,
  },
  'epsilon-max': {
    key: 'epsilonMax',
    values: 'X',
    help: 'size of each number of a perturbation: fgsm, smart, alum, r3f, r4f',
    default: '0.02',
    parse: natural,
  },
  'epsilon-row': {
    key: 'epsilonRow',
    values: 'X',
    help: "norm of each row's perturbation: forum",
    default: '5',
    parse: natural,
  },
  steps: {
    key: 'steps',
    values: 'K',
    help: 'steps of pgd and freelb, passes of yopo, replays of freeat',
    default: '3',
    parse: count,
  },
  weight: {
    key: 'weight',
    values: 'X',
    help: 'of the divergence: vat, smart, alum, r3f, r4f, rdrop',
    default: '1',
    parse: natural,
  },

  'attack-epsilons': {
    key: 'attackEpsilons',
    values: 'LIST',
    help: 'radii of the attack on each trained model, or none',
    default: '0.5,1,2',
    imdb: '1,2.5,5',
    parse: positives,
  },
  'attack-steps': { key: 'attackSteps', values: 'K', help: "the attack's", default: '5', parse: count },
  'attack-restarts': {
    key: 'attackRestarts',
    values: 'N',
    help: 'how often it begins; a text counts where it withstands all',
    default: '1',
    parse: count,
  },
  'attack-limit': {
    key: 'attackLimit',
    values: 'N',
    help: 'attack the first N test texts only',
    default: '500',
    imdb: '200',
    parse: count,
  },

  threads: { key: 'threads', values: 'N', help: 'threads of one operation', default: '1', parse: count },
  device: { key: 'device', values: 'NAME', help: 'cpu, cuda, cuda:1, ...', default: 'cpu' },
  out: {
    key: 'out',
    values: 'DIR',
    help: 'where the results go',
    default: 'out/text-classification',
  },
  resume: { key: 'resume', help: 'keep the runs that --out has of the same options, and train the others' },
} satisfies Record<string, Option>;

const ENTRIES = Object.entries(OPTIONS as Record<string, Option>);

/** Reads the command line; null where it asks for help. `UsageError` for anything wrong with it. */
export function parseOptions(args: string[]): Options | null {
  const texts = textsOf(args);
  if (texts.help === true) return null;
  const isLong = texts.data === 'imdb';
  const options = Object.fromEntries(
    ENTRIES.map(([name, { key, values, parse, imdb, default: fallback }]): [keyof Options, Value] => {
      if (values === undefined) return [key, texts[name] === true];
      const given = texts[name] as string | undefined;
      const text = given ?? (isLong ? imdb : undefined) ?? fallback;
      if (text === undefined) return [key, null];
      return [key, parse === undefined ? text : parse(text, `--${name}`)];
    }),
  ) as unknown as Options;
  if (options.fold > 9) throw new UsageError(`--fold must be from 0 to 9, got ${options.fold}`);
  if (options.decay > 1) throw new UsageError(`--decay must be at most 1, got ${options.decay}`);
  return options;
}

function textsOf(args: string[]): Record<string, string | boolean | undefined> {
  const options = Object.fromEntries(
    ENTRIES.map(([name, { values }]) => [
      name,
      { type: values === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  try {
    return parseArgs({ args, options: { ...options, help: { type: 'boolean', short: 'h' } } })
      .values as never;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

export const HELP = `Trains a small text classifier with and without adversarial training, several times each, and compares.

Usage: node dist/examples/text-classification/main.js [options]

${ENTRIES.map(([name, { values = '', help, imdb, default: fallback }]) => {
  const note = imdb === undefined ? '' : `; ${imdb} with imdb`;
  return `  ${`--${name} ${values}`.padEnd(26)} ${help}${fallback === undefined ? '' : ` (${fallback}${note})`}`;
}).join('\n')}
  ${'-h, --help'.padEnd(26)} print this

The results: metrics.jsonl, results.json and report.md in --out.
Ctrl-C once finishes the step and reports what has been trained; twice ends at once.
`;
