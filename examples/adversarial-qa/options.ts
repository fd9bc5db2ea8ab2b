import { parseArgs } from 'node:util';

export const ARM_NAMES = ['baseline', 'adversarial'] as const;
export type ArmName = (typeof ARM_NAMES)[number];

/** What decides the numbers of a run: kept in its checkpoint, and the same when it is resumed. */
export interface Settings {
  /** The data files; null for the embedded passages. */
  train: string | null;
  dev: string | null;
  limit: number | null;
  devLimit: number | null;
  maxContext: number;
  minFrequency: number;
  arms: ArmName[];
  batchSize: number;
  epsilon: number;
  learningRate: number;
  gradClipping: number;
  fixEmbeddings: boolean;
  seed: number;
  embeddingDim: number;
  hiddenSize: number;
  dropout: number;
}

/** The whole command line. */
export interface Options extends Settings {
  epochs: number;
  maxSteps: number | null;
  attackEpsilons: number[] | null;
  attackLimit: number;
  device: string;
  threads: number;
  out: string;
  resume: string | null;
  saveEvery: number;
  /** The options that were given, rather than left at their defaults, by their names on the command line. */
  given: string[];
}

export class UsageError extends Error {}

type Value = string | number | boolean | number[] | ArmName[] | null;
interface Option {
  /** Its values in the help; a flag has none. */
  values?: string;
  help: string;
  /** Without one the option is absent: null. */
  default?: string;
  parse?: (text: string, name: string) => Value;
}

const OPTIONS = {
  train: { values: 'FILE', help: 'training questions, SQuAD 1.1 JSON, plain or .gz' },
  dev: { values: 'FILE', help: 'questions to evaluate on; goes with --train' },
  limit: { values: 'N', help: 'train on the first N questions only', parse: count },
  'dev-limit': { values: 'N', help: 'evaluate on the first N questions only', parse: count },
  'max-context': { values: 'TOKENS', help: 'cut longer contexts in training', default: '300', parse: count },
  'min-frequency': { values: 'N', help: 'words seen less often are unknown', default: '2', parse: count },

  epochs: { values: 'N', help: 'passes over the training questions', default: '3', parse: count },
  'max-steps': { values: 'N', help: 'stop after N steps in all, save and report', parse: count },
  'batch-size': { values: 'N', help: 'questions a step', default: '32', parse: count },
  arms: { values: 'LIST', help: 'what to train', default: 'baseline,adversarial', parse: arms },
  epsilon: { values: 'X', help: 'norm of the perturbation in training', default: '5', parse: positive },
  'learning-rate': { values: 'X', help: "Adamax's", default: '0.004', parse: positive },
  'grad-clipping': {
    values: 'X',
    help: 'norm the gradient is clipped to; 0 for none',
    default: '5',
    parse: natural,
  },
  'fix-embeddings': { help: 'leave the word vectors out of the optimizer' },
  seed: { values: 'N', help: 'of the weights, the dropout and the shuffling', default: '1', parse: integer },

  'embedding-dim': { values: 'N', help: 'size of a word vector', default: '100', parse: count },
  'hidden-size': { values: 'N', help: 'size of each direction of the LSTMs', default: '64', parse: count },
  dropout: { values: 'P', help: 'from 0 to below 1', default: '0.3', parse: natural },

  'attack-epsilons': {
    values: 'LIST',
    help: 'norms to attack with; default: ε/5, ε/2 and ε',
    parse: numbers,
  },
  'attack-limit': { values: 'N', help: 'attack the first N questions only', default: '1000', parse: count },

  device: { values: 'NAME', help: 'cpu, cuda, cuda:1, ...', default: 'cpu' },
  threads: { values: 'N', help: 'threads of one operation', default: '1', parse: count },
  out: { values: 'DIR', help: 'where the results go', default: 'out/adversarial-qa' },
  resume: { values: 'FILE', help: 'go on from a checkpoint, with its settings' },
  'save-every': { values: 'N', help: 'steps between checkpoints', default: '200', parse: count },
} satisfies Record<string, Option>;

type OptionName = keyof typeof OPTIONS;

/**
 * For the embedded passages: both arms in under two minutes on two cores. Their invented names are rare words, and
 * rare words are unknown, so that the network must find them by what they match.
 */
const EMBEDDED_DEFAULTS: Partial<Record<OptionName, string>> = {
  epochs: '5',
  'min-frequency': '10',
  'batch-size': '16',
  'learning-rate': '0.008',
  'embedding-dim': '64',
  'hidden-size': '32',
};

/** The settings among the options, by their names on the command line. */
const SETTINGS: Partial<Record<OptionName, keyof Settings>> = {
  train: 'train',
  dev: 'dev',
  limit: 'limit',
  'dev-limit': 'devLimit',
  'max-context': 'maxContext',
  'min-frequency': 'minFrequency',
  arms: 'arms',
  'batch-size': 'batchSize',
  epsilon: 'epsilon',
  'learning-rate': 'learningRate',
  'grad-clipping': 'gradClipping',
  'fix-embeddings': 'fixEmbeddings',
  seed: 'seed',
  'embedding-dim': 'embeddingDim',
  'hidden-size': 'hiddenSize',
  dropout: 'dropout',
};

/** Reads the command line; null where it asks for help. `UsageError` for anything wrong with it. */
export function parseOptions(args: string[]): Options | null {
  const texts = rawOptions(args);
  if (texts.help) return null;
  const embedded = texts.train === undefined;
  if (embedded !== (texts.dev === undefined)) throw new UsageError('--train and --dev go together');
  const value = <T extends Value>(name: OptionName): T => {
    const option: Option = OPTIONS[name];
    if (option.values === undefined) return (texts[name] === true) as T;
    const fallback = (embedded ? EMBEDDED_DEFAULTS[name] : undefined) ?? option.default;
    const text = (texts[name] as string | undefined) ?? fallback;
    if (text === undefined) return null as T;
    return (option.parse === undefined ? text : option.parse(text, `--${name}`)) as T;
  };
  const settings = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, key]) => [key, value(name as OptionName)]),
  ) as unknown as Settings;
  if (settings.dropout >= 1) throw new UsageError('--dropout must be below 1');
  return {
    ...settings,
    epochs: value('epochs'),
    maxSteps: value('max-steps'),
    attackEpsilons: value('attack-epsilons'),
    attackLimit: value('attack-limit'),
    device: value('device'),
    threads: value('threads'),
    out: value('out'),
    resume: value('resume'),
    saveEvery: value('save-every'),
    given: Object.keys(texts),
  };
}

function rawOptions(args: string[]): Record<string, string | boolean | undefined> {
  const options = Object.fromEntries(
    Object.entries(OPTIONS as Record<string, Option>).map(([name, { values }]) => [
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

/** The settings alone, for the checkpoint. */
export function settingsOf(options: Options): Settings {
  return Object.fromEntries(Object.values(SETTINGS).map((key) => [key, options[key]])) as unknown as Settings;
}

/**
 * The options of a resumed run: the checkpoint's settings, and its epochs unless others are given. `UsageError` where
 * the command line gives another value for one of the settings.
 */
export function resumeOptions(options: Options, saved: Settings, savedEpochs: number): Options {
  for (const [name, key] of Object.entries(SETTINGS)) {
    if (options.given.includes(name) && JSON.stringify(options[key]) !== JSON.stringify(saved[key])) {
      throw new UsageError(
        `--${name} is ${saved[key]} in the checkpoint and cannot change when the run is resumed`,
      );
    }
  }
  const epochs = options.given.includes('epochs') ? options.epochs : savedEpochs;
  return { ...options, ...saved, epochs };
}

/** The norms to attack with. */
export function attackEpsilonsOf({ attackEpsilons, epsilon }: Options): number[] {
  return attackEpsilons ?? [epsilon / 5, epsilon / 2, epsilon];
}

export const HELP = `Trains a question answering network with and without adversarial training, and compares the two.

Usage: npm start -- [options]

Without --train and --dev it uses passages of its own and takes less than two minutes.

${Object.entries(OPTIONS as Record<string, Option>)
  .map(([name, { values = '', help, default: fallback }]) => {
    const embedded = EMBEDDED_DEFAULTS[name as OptionName];
    const note = embedded === undefined ? '' : `; ${embedded} without --train`;
    return `  ${`--${name} ${values}`.padEnd(24)} ${help}${fallback === undefined ? '' : ` (${fallback}${note})`}`;
  })
  .join('\n')}
  ${'-h, --help'.padEnd(24)} print this

The results: metrics.jsonl, curves.svg, curves.png, report.md, predictions and checkpoint.safetensors in --out.
Ctrl-C once finishes the step, saves and reports; twice ends at once.
`;

function number(text: string, name: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new UsageError(`${name} must be a number, got "${text}"`);
  return value;
}

function natural(text: string, name: string): number {
  const value = number(text, name);
  if (value < 0) throw new UsageError(`${name} must not be negative, got ${text}`);
  return value;
}

function positive(text: string, name: string): number {
  const value = number(text, name);
  if (value <= 0) throw new UsageError(`${name} must be above 0, got ${text}`);
  return value;
}

function integer(text: string, name: string): number {
  const value = natural(text, name);
  if (!Number.isInteger(value) || value > 0xffff_ffff) {
    throw new UsageError(`${name} must be an integer from 0 to 4294967295, got ${text}`);
  }
  return value;
}

function count(text: string, name: string): number {
  const value = integer(text, name);
  if (value === 0) throw new UsageError(`${name} must be at least 1`);
  return value;
}

function numbers(text: string, name: string): number[] {
  return text.split(',').map((part) => positive(part, name));
}

function arms(text: string, name: string): ArmName[] {
  const names = text.split(',');
  for (const arm of names) {
    if (!(ARM_NAMES as readonly string[]).includes(arm)) {
      throw new UsageError(`${name} must be of ${ARM_NAMES.join(', ')}, got "${arm}"`);
    }
  }
  return ARM_NAMES.filter((arm) => names.includes(arm));
}
