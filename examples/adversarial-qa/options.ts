import { parseArgs } from 'node:util';
import { ARM_NAMES, ARMS, type ArmInfo, type ArmName, armInfo, MEASURES } from './arms.js';
import { SCHEDULES, type ScheduleName } from './schedule.js';
import {
  arm,
  arms,
  count,
  integer,
  natural,
  numbers,
  oneOf,
  type PerArm,
  perArm,
  perArmText,
  positive,
  seeds,
  UsageError,
} from './values.js';

export { UsageError } from './values.js';

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
  /** Each arm is trained with each. The embedded passages are made from the first. */
  seeds: number[];
  batchSize: number;
  epsilon: PerArm;
  adversarialWeight: PerArm;
  learningRate: number;
  schedule: ScheduleName;
  /** Epochs without a better F1 after which an arm stops; null: never. */
  patience: number | null;
  gradClipping: number;
  fixEmbeddings: boolean;
  embeddingDim: number;
  hiddenSize: number;
  dropout: number;
}

/** The whole command line. */
export interface Options extends Settings {
  epochs: number;
  maxSteps: number | null;
  addsent: string | null;
  attackEpsilons: number[];
  attackLimit: number;
  attackRestarts: number;
  attackSteps: number;
  device: string;
  threads: number;
  out: string;
  resume: string | null;
  saveEvery: number;
  /** The options that were given, rather than left at their defaults, by their names on the command line. */
  given: string[];
}

type Value = string | number | boolean | number[] | ArmName[] | PerArm | null;
interface Option {
  /** Its values in the help; a flag has none. */
  values?: string;
  help: string;
  /** Without one the option is absent: null. */
  default?: string;
  parse?: (text: string, name: string) => Value;
}

const DEFAULT_ARMS = 'none,forum,fgm';
const NO_NUMBERS: PerArm = { all: null, by: {} };

const OPTIONS = {
  train: { values: 'FILE', help: 'training questions, SQuAD 1.1 JSON, plain or .gz' },
  dev: { values: 'FILE', help: 'questions to evaluate on; goes with --train' },
  addsent: { values: 'FILE', help: 'the AddSent questions, scored at the end by their worst variants' },
  limit: { values: 'N', help: 'train on the first N questions only', parse: count },
  'dev-limit': { values: 'N', help: 'evaluate on the first N questions only', parse: count },
  'max-context': { values: 'TOKENS', help: 'cut longer contexts in training', default: '300', parse: count },
  'min-frequency': { values: 'N', help: 'words seen less often are unknown', default: '2', parse: count },

  arms: { values: 'LIST', help: 'what to train, of those below', default: DEFAULT_ARMS, parse: arms },
  method: { values: 'ARM', help: 'short for --arms none,ARM', parse: arm },
  epsilon: { values: 'X', help: 'ε for all arms, fgm=1,pgd=2 for some, or both: 2,fgm=1', parse: perArm },
  'adversarial-weight': {
    values: 'X',
    help: 'what the adversarial loss or divergence counts, likewise; 1',
    parse: perArm,
  },
  seed: { values: 'N', help: 'of weights, dropout and shuffling', default: '1', parse: integer },
  seeds: { values: 'LIST', help: 'several: 1,2,5; or a count, 3 for three from --seed on' },

  epochs: { values: 'N', help: 'passes over the training questions', default: '3', parse: count },
  'max-steps': { values: 'N', help: 'stop after N steps in all, save and report', parse: count },
  patience: {
    values: 'N',
    help: 'stop an arm after N epochs without a better F1, keep its best',
    parse: count,
  },
  'batch-size': { values: 'N', help: 'questions a step', default: '32', parse: count },
  'learning-rate': { values: 'X', help: "Adamax's", default: '0.004', parse: positive },
  schedule: {
    values: 'NAME',
    help: `of the learning rate: ${SCHEDULES.join(', ')}`,
    default: 'constant',
    parse: oneOf(SCHEDULES),
  },
  'grad-clipping': {
    values: 'X',
    help: 'norm the gradient is clipped to; 0 for none',
    default: '5',
    parse: natural,
  },
  'fix-embeddings': { help: 'leave the word vectors out of the optimizer' },

  'embedding-dim': { values: 'N', help: 'size of a word vector', default: '100', parse: count },
  'hidden-size': { values: 'N', help: 'size of each direction of the LSTMs', default: '64', parse: count },
  dropout: { values: 'P', help: 'from 0 to below 1', default: '0.3', parse: natural },

  'attack-epsilons': {
    values: 'LIST',
    help: 'norms, over a whole question with its passage, to attack with',
    default: '0.5,1,2,4',
    parse: numbers,
  },
  'attack-limit': { values: 'N', help: 'attack the first N questions only', default: '200', parse: count },
  'attack-restarts': {
    values: 'N',
    help: 'attacks on each, of which the worst counts',
    default: '2',
    parse: count,
  },
  'attack-steps': { values: 'N', help: 'steps of each attack', default: '5', parse: count },

  device: { values: 'NAME', help: 'cpu, cuda, cuda:1, ...', default: 'cpu' },
  threads: { values: 'N', help: 'threads of one operation', default: '1', parse: count },
  out: { values: 'DIR', help: 'where the results go', default: 'out/adversarial-qa' },
  resume: { values: 'FILE', help: 'go on from a checkpoint, with its settings' },
  'save-every': { values: 'N', help: 'steps between checkpoints', default: '200', parse: count },
} satisfies Record<string, Option>;

type OptionName = keyof typeof OPTIONS;

/**
 * For the embedded passages: the default arms in about two minutes. Their invented names are rare words,
 * and rare words are unknown, so that the network must find them by what they match.
 */
const EMBEDDED_DEFAULTS: Partial<Record<OptionName, string>> = {
  epochs: '5',
  'attack-limit': '100',
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
  method: 'arms',
  epsilon: 'epsilon',
  'adversarial-weight': 'adversarialWeight',
  seed: 'seeds',
  seeds: 'seeds',
  'batch-size': 'batchSize',
  'learning-rate': 'learningRate',
  schedule: 'schedule',
  patience: 'patience',
  'grad-clipping': 'gradClipping',
  'fix-embeddings': 'fixEmbeddings',
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
  const options: Options = {
    train: value('train'),
    dev: value('dev'),
    limit: value('limit'),
    devLimit: value('dev-limit'),
    maxContext: value('max-context'),
    minFrequency: value('min-frequency'),
    arms: armsOf(value('arms'), value('method'), texts),
    seeds: seedsOf(value('seeds'), value('seed'), texts),
    batchSize: value('batch-size'),
    epsilon: value<PerArm | null>('epsilon') ?? NO_NUMBERS,
    adversarialWeight: value<PerArm | null>('adversarial-weight') ?? NO_NUMBERS,
    learningRate: value('learning-rate'),
    schedule: value('schedule'),
    patience: value('patience'),
    gradClipping: value('grad-clipping'),
    fixEmbeddings: value('fix-embeddings'),
    embeddingDim: value('embedding-dim'),
    hiddenSize: value('hidden-size'),
    dropout: value('dropout'),
    epochs: value('epochs'),
    maxSteps: value('max-steps'),
    addsent: value('addsent'),
    attackEpsilons: value('attack-epsilons'),
    attackLimit: value('attack-limit'),
    attackRestarts: value('attack-restarts'),
    attackSteps: value('attack-steps'),
    device: value('device'),
    threads: value('threads'),
    out: value('out'),
    resume: value('resume'),
    saveEvery: value('save-every'),
    given: Object.keys(texts),
  };
  if (options.dropout >= 1) throw new UsageError('--dropout must be below 1');
  // A resumed run has the checkpoint's arms.
  if (options.resume === null) checkPerArm(options);
  return options;
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

function armsOf(list: ArmName[], method: ArmName | null, texts: Record<string, unknown>): ArmName[] {
  if (method === null) return list;
  if (texts.arms !== undefined)
    throw new UsageError('--method is short for --arms none,METHOD: give one of them');
  return ARM_NAMES.filter((name) => name === 'none' || name === method);
}

function seedsOf(text: string | null, first: number, texts: Record<string, unknown>): number[] {
  if (text === null) return [first];
  if (text.includes(',') && texts.seed !== undefined)
    throw new UsageError('--seeds already says which: leave --seed out, or give a count');
  return seeds(text, first, '--seeds');
}

/** Refuses numbers for arms that are not there or have no use for them. */
function checkPerArm({ arms: chosen, epsilon, adversarialWeight }: Settings): void {
  const check = (name: string, { by }: PerArm, takes: (info: ArmInfo) => boolean) => {
    for (const one of Object.keys(by) as ArmName[]) {
      if (!chosen.includes(one)) throw new UsageError(`${name} is for ${one}, which is not among the arms`);
      if (!takes(armInfo(one))) throw new UsageError(`${name} has no meaning for ${one}`);
    }
  };
  check('--epsilon', epsilon, ({ measure }) => measure !== null);
  check('--adversarial-weight', adversarialWeight, ({ weighted }) => weighted);
}

/** An arm's ε; null where it has none. */
export function epsilonOf({ epsilon }: Pick<Settings, 'epsilon'>, name: ArmName): number | null {
  const own = armInfo(name).epsilon;
  return own === null ? null : (epsilon.by[name] ?? epsilon.all ?? own);
}

/** What an arm's adversarial loss counts; null where nothing weighs it. */
export function weightOf(
  { adversarialWeight: { all, by } }: Pick<Settings, 'adversarialWeight'>,
  name: ArmName,
): number | null {
  return armInfo(name).weighted ? (by[name] ?? all ?? 1) : null;
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
        `--${name} is ${settingText(saved[key])} in the checkpoint and cannot change when the run is resumed`,
      );
    }
  }
  const epochs = options.given.includes('epochs') ? options.epochs : savedEpochs;
  if (epochs !== savedEpochs && (saved.schedule === 'linear' || saved.schedule === 'cosine')) {
    throw new UsageError(
      `--epochs is ${savedEpochs} in the checkpoint and cannot change: its ${saved.schedule} schedule ends there`,
    );
  }
  return { ...options, ...saved, epochs };
}

function settingText(value: Settings[keyof Settings]): string {
  const isPerArm = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isPerArm ? perArmText(value) : String(value);
}

export const HELP = `Trains a question answering network plainly and in adversarial ways, and compares what becomes of it.

Usage: npm start -- [options]

Without --train and --dev it uses passages of its own and takes about two minutes.

${Object.entries(OPTIONS as Record<string, Option>)
  .map(([name, { values = '', help, default: fallback }]) => {
    const embedded = EMBEDDED_DEFAULTS[name as OptionName];
    const note = embedded === undefined ? '' : `; ${embedded} without --train`;
    return `  ${`--${name} ${values}`.padEnd(24)} ${help}${fallback === undefined ? '' : ` (${fallback}${note})`}`;
  })
  .join('\n')}
  ${'-h, --help'.padEnd(24)} print this

The arms, with their default ε, chosen for this network, whose fresh word vectors have norm 5 (4 without --train):
${Object.entries(ARMS)
  .map(([name, { what, epsilon, measure }]) => {
    const size = measure === null ? '' : `; ε ${epsilon}: ${MEASURES[measure]}`;
    return `  ${name.padEnd(24)} ${what}${size}`;
  })
  .join('\n')}
baseline is another name for none, adversarial for forum. Every arm makes as many steps of the optimizer as the others;
so freeat, which makes three on each of its batches, sees a third of the batches.

The results, in --out: report.html, report.md, curves.svg, curves.png, metrics.jsonl, tensorboard/, the predictions,
checkpoint.safetensors (the last state, to go on from) and checkpoint-best-ARM.safetensors (the best epoch's weights).
Ctrl-C once finishes the step, saves and reports; twice ends at once.
`;
