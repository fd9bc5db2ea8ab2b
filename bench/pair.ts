/** Two contenders in turn: A B B A A B ..., so that a drift of the machine's speed falls on both. */
import type { Answer, Contender } from './contender.js';
import { median, medianError } from './statistics.js';
import type { Rounds } from './suite.js';

/** What is asked of a contender here. */
export type Side = Pick<Contender, 'ask' | 'end'>;

export interface Comparison {
  /** Median seconds of litorch and of Python for one unit of work. */
  litorch: number;
  python: number;
  /** The median of the rounds' ratios, litorch to Python. */
  ratio: number;
  /** The same of processor time, all threads together, which other work on the machine hardly touches. */
  cpuRatio: number;
  cpuError: number;
  /** Rounds that were measured. */
  rounds: number;
  /** How well the ratio is known: half its 95 % confidence interval, as a part of it. */
  error: number;
  /** Whether each round's results were the same bits; undefined where there are none. */
  sameBits: boolean | undefined;
  /** The ratio of each round, litorch to Python, and that of processor time. */
  ratios: readonly number[];
  cpuRatios: readonly number[];
}

/**
 * Lets two contenders do the same work in turn and ends them.
 *
 * @param rounds a number of rounds, or as many as the ratio's confidence interval asks for.
 * @param perRound units of work in a round; where it is no number, as many as take so many seconds.
 * @param warmup rounds before those that are measured; their results are compared too.
 */
export async function compare(
  litorch: Side,
  python: Side,
  rounds: number | Rounds,
  perRound: number | { seconds: number },
  warmup = 1,
): Promise<Comparison> {
  const { least, most, within } =
    typeof rounds === 'number' ? { least: rounds, most: rounds, within: 0 } : rounds;
  let sameBits: boolean | undefined;
  const both = async (count: number, litorchFirst = true): Promise<[own: Answer, other: Answer]> => {
    const first = await (litorchFirst ? litorch : python).ask(count);
    const second = await (litorchFirst ? python : litorch).ask(count);
    const [own, other] = litorchFirst ? [first, second] : [second, first];
    if (own.bits !== undefined && other.bits !== undefined) {
      sameBits = (sameBits ?? true) && own.bits === other.bits;
    }
    return [own, other];
  };
  let count = typeof perRound === 'number' ? perRound : 1;
  if (typeof perRound !== 'number') {
    // The first units pay for what is made once, so the pace is read from the last of a growing number.
    for (;;) {
      const [, other] = await both(count);
      const took = Math.max(other.seconds, 1e-6);
      const wanted = Math.max(1, Math.round((count * perRound.seconds) / took));
      if (took >= perRound.seconds / 4 || wanted <= count) {
        count = wanted;
        break;
      }
      count = Math.min(wanted, count * 8);
    }
  }
  for (let i = 0; i < warmup; i++) await both(count);
  const a: number[] = [];
  const b: number[] = [];
  const ratios: number[] = [];
  const cpuRatios: number[] = [];
  while (ratios.length < least || (ratios.length < most && medianError(ratios) > within)) {
    const [own, other] = await both(count, ratios.length % 2 === 0);
    a.push(own.seconds / count);
    b.push(other.seconds / count);
    ratios.push(own.seconds / other.seconds);
    cpuRatios.push((own.cpu ?? Number.NaN) / (other.cpu ?? Number.NaN));
  }
  litorch.end();
  python.end();
  return {
    litorch: median(a),
    python: median(b),
    ratio: median(ratios),
    cpuRatio: median(cpuRatios),
    cpuError: medianError(cpuRatios),
    rounds: ratios.length,
    error: medianError(ratios),
    sameBits,
    ratios,
    cpuRatios,
  };
}

/**
 * Compares several pairs of fresh processes, one pair after another: where a process's memory comes to lie decides over
 * up to a fifth of a small model's time for as long as it lives. Medians are of all rounds together.
 *
 * @param start starts a pair, litorch first.
 * @returns And `between`: the least and the greatest of the pairs' own ratios.
 */
export async function compareAnew(
  pairs: number,
  start: () => readonly [Side, Side],
  rounds: number | Rounds,
  perRound: number | { seconds: number },
): Promise<Comparison & { between: readonly [number, number] }> {
  const parts: Comparison[] = [];
  for (let i = 0; i < pairs; i++) parts.push(await compare(...start(), rounds, perRound));
  const ratios = parts.flatMap((part) => part.ratios);
  const cpuRatios = parts.flatMap((part) => part.cpuRatios);
  const own = parts.map(({ ratio }) => ratio);
  return {
    litorch: median(parts.map(({ litorch }) => litorch)),
    python: median(parts.map(({ python }) => python)),
    ratio: median(ratios),
    cpuRatio: median(cpuRatios),
    cpuError: medianError(cpuRatios),
    rounds: ratios.length,
    error: medianError(ratios),
    sameBits: parts.every(({ sameBits }) => sameBits === undefined)
      ? undefined
      : parts.every(({ sameBits }) => sameBits !== false),
    ratios,
    cpuRatios,
    between: [Math.min(...own), Math.max(...own)],
  };
}
