/** Steps of training: the forum's network, and common kinds of models, each in a small and a large size. */
import { Contender } from '../contender.js';
import { compareAnew } from '../pair.js';
import { root } from '../places.js';
import {
  type Measurement,
  milliseconds,
  passes,
  type Rounds,
  type Suite,
  type SuiteOptions,
} from '../suite.js';

interface Program {
  /** The model and its size. */
  name: string;
  large: boolean;
  /** The two programs, relative to the compiled and to the source folder, and their arguments without the threads. */
  file: string;
  args: readonly string[];
}

const forum = (size: string, vocabulary: number, embedding: number): Program => ({
  name: `forum ${size}`,
  large: size === 'large',
  file: 'bench/forum',
  args: [String(vocabulary), String(embedding)],
});
const model = (name: string): Program => ({
  name,
  large: name.endsWith('large'),
  file: 'bench/training/work',
  args: [name],
});

const programs: readonly Program[] = [
  forum('small', 5_000, 100),
  forum('large', 90_000, 300),
  ...['mlp', 'lstm', 'transformer', 'cnn'].flatMap((kind) => [
    model(`${kind} small`),
    model(`${kind} large`),
  ]),
];

const limitSmall = 0.95;
const limitLarge = 1;
/** Seconds of one side's part of a round: long enough that a collection of garbage falls into most rounds. */
const secondsPerRound = 0.1;
/** Pairs of processes, and rounds of each: two runs agree within 5 % where each is within 2.5 % of the truth. */
const pairs = { small: 5, large: 3 };
const enough: Rounds = { least: 9, most: 15, within: 0.025 };

async function measureOne(
  python: string,
  program: Program,
  threads: number,
  rounds: number | Rounds,
): Promise<Measurement> {
  const args = [...program.args, String(threads)];
  const start = () =>
    [
      new Contender('litorch', process.execPath, [`${root}dist/${program.file}.js`, ...args]),
      new Contender('Python', python, [`${root}${program.file}.py`, ...args]),
    ] as const;
  const seconds = secondsPerRound;
  const result = await compareAnew(program.large ? pairs.large : pairs.small, start, rounds, { seconds });
  const [least, most] = result.between.map((ratio) => ratio.toFixed(2));
  const notes = [
    result.sameBits === true ? 'same bits' : 'OTHER BITS',
    `±${(result.error * 100).toFixed(1)} %`,
    `${result.rounds} rounds`,
    `${least} to ${most} between processes`,
    `processor ${result.cpuRatio.toFixed(3)} ±${(result.cpuError * 100).toFixed(1)} %`,
  ];
  return {
    name: nameOf(program, threads),
    litorch: milliseconds(result.litorch),
    other: milliseconds(result.python),
    ratio: result.ratio,
    limit: program.large ? limitLarge : limitSmall,
    note: notes.join(', '),
    wrong: result.sameBits !== true,
  };
}

const nameOf = ({ name }: Program, threads: number): string =>
  `${name}, ${threads} thread${threads > 1 ? 's' : ''}`;

async function* measure(options: SuiteOptions): AsyncGenerator<Measurement> {
  if (options.python === null) return;
  for (const threads of options.threads ?? [1, 2]) {
    for (const program of programs) {
      const name = nameOf(program, threads);
      if (!passes(options.filter, name) || !options.wants(name)) continue;
      yield await measureOne(options.python, program, threads, options.rounds ?? enough);
    }
  }
}

export const training: Suite = { name: 'training', needsPython: true, measure };
