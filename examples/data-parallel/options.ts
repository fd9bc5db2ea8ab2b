import { parseArgs } from 'node:util';
import type { Sizes } from './model.js';

export interface Options {
  readonly workers: number;
  readonly batch: number;
  readonly steps: number;
  readonly rounds: number;
  readonly sizes: Sizes;
}

export class UsageError extends Error {}

const NUMBERS = {
  workers: { default: 2, help: 'threads that compute gradients' },
  batch: { default: 1024, help: 'samples a step, for all threads together' },
  steps: { default: 4, help: 'steps a round' },
  rounds: { default: 7, help: 'rounds, in which the three take turns' },
  hidden: { default: 1024, help: 'width of the two hidden layers' },
  features: { default: 784, help: 'numbers in a sample' },
  classes: { default: 10, help: 'classes to choose from' },
} as const;

export const HELP = `Trains one model in three ways: in one thread, in one thread by shards, and in several threads, a shard each, which
share the parameters and gradients. Compares the results and the time.

Usage: node dist/examples/data-parallel/main.js [options]

${Object.entries(NUMBERS)
  .map(([name, option]) => `  ${`--${name} N`.padEnd(16)} ${option.help} (${option.default})`)
  .join('\n')}
  ${'-h, --help'.padEnd(16)} print this
`;

/** Reads the command line; null where it asks for help. `UsageError` for anything wrong with it. */
export function parseOptions(args: readonly string[]): Options | null {
  const values = read(args);
  if (values.help === true) return null;
  const number = (name: keyof typeof NUMBERS): number => {
    const text = values[name];
    const value = text === undefined ? NUMBERS[name].default : Number(text);
    if (!Number.isInteger(value) || value < 1)
      throw new UsageError(`--${name} must be a whole number of at least 1, not ${text}`);
    return value;
  };
  const options: Options = {
    workers: number('workers'),
    batch: number('batch'),
    steps: number('steps'),
    rounds: number('rounds'),
    sizes: { hidden: number('hidden'), features: number('features'), classes: number('classes') },
  };
  if (options.batch % options.workers !== 0)
    throw new UsageError(
      `--batch must be a multiple of --workers: ${options.batch} is none of ${options.workers}`,
    );
  return options;
}

function read(args: readonly string[]): Record<string, string | boolean | undefined> {
  const numbers = Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, { type: 'string' as const }]));
  try {
    const options = { ...numbers, help: { type: 'boolean' as const, short: 'h' } };
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
