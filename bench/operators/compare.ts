/** Single operators, in litorch (plain, and with results freed by a scope) and in Python, in short alternating rounds. */
import { Contender } from '../contender.js';
import { median } from '../statistics.js';
import { type Case, cases } from './cases.js';

export type Shape = 'tiny' | 'medium';

export interface OperatorResult {
  name: string;
  group: string;
  shape: Shape;
  /** Medians of seconds a call. */
  plain: number;
  tidied: number;
  python: number;
  /** Medians of the rounds' ratios to Python. */
  plainRatio: number;
  tidiedRatio: number;
}

export interface OperatorOptions {
  rounds: number;
  shapes: readonly Shape[];
  /** Parts of names or groups, separated by commas; all where empty. */
  filter: string;
  /** Seconds that one side's part of a round takes, about. */
  seconds: number;
}

const sizes: Readonly<Record<Shape, number>> = { tiny: 2, medium: 256 };
const mostCalls = 200_000;

type Side = (count: number) => Promise<number>;

/** How many calls take about so many seconds; warms up on the way. */
async function calibrate(side: Side, seconds: number): Promise<number> {
  for (let count = 10; ; ) {
    const took = await side(count);
    if (took >= seconds / 2 || count >= mostCalls) {
      return Math.max(1, Math.min(mostCalls, Math.round((count * seconds) / took)));
    }
    count = Math.min(mostCalls, Math.ceil(count * Math.min(10, (1.2 * seconds) / took)));
  }
}

async function compareOne(sides: readonly [Side, Side, Side], options: OperatorOptions): Promise<number[][]> {
  const [plain, tidied, python] = sides;
  const count = await calibrate(python, options.seconds);
  // The optimizing compiler comes to a new operator after some thousand calls.
  await plain(count);
  await tidied(count);
  const times: number[][] = [[], [], []];
  for (let round = 0; round < options.rounds; round++) {
    // Python is in the middle, so that both of litorch's loops have it as their neighbour.
    const order = round % 2 === 0 ? [0, 2, 1] : [1, 2, 0];
    for (const i of order) (times[i] as number[]).push((await (sides[i] as Side)(count)) / count);
  }
  return times;
}

export async function* compareOperators(
  programs: { litorch: [string, string[]]; python: [string, string[]] },
  options: OperatorOptions,
): AsyncGenerator<OperatorResult> {
  const litorch = new Contender('litorch', ...programs.litorch);
  const reference = new Contender('Python', ...programs.python);
  const parts = options.filter.split(',').filter((part) => part !== '');
  const wanted = (name: string, { group }: Case): boolean =>
    parts.length === 0 || parts.some((part) => name.includes(part) || group === part);
  for (const shape of options.shapes) {
    for (const [name, one] of Object.entries(cases)) {
      if (!wanted(name, one) || (shape === 'medium' && one.tinyOnly === true)) continue;
      const n = sizes[shape];
      const own =
        (tidied: boolean): Side =>
        async (count) =>
          (await litorch.ask(JSON.stringify({ name, n, count, tidied }))).seconds;
      const other: Side = async (count) =>
        (await reference.ask(JSON.stringify({ statement: one.python, n, count }))).seconds;
      const [plain, tidied, python] = (await compareOne([own(false), own(true), other], options)) as [
        number[],
        number[],
        number[],
      ];
      const ratio = (times: number[]): number => median(times.map((time, i) => time / (python[i] as number)));
      yield {
        name,
        group: one.group,
        shape,
        plain: median(plain),
        tidied: median(tidied),
        python: median(python),
        plainRatio: ratio(plain),
        tidiedRatio: ratio(tidied),
      };
    }
  }
  litorch.end();
  reference.end();
}
