/** Two contenders in turn: A B B A A B ..., so that a drift of the machine's speed falls on both. */
import type { Answer, Contender } from './contender.js';
import { median } from './statistics.js';

export interface Comparison {
  /** Median seconds of litorch and of Python for one unit of work. */
  litorch: number;
  python: number;
  /** The median of the rounds' ratios, litorch to Python. */
  ratio: number;
  /** Whether each round's results were the same bits; undefined where there are none. */
  sameBits: boolean | undefined;
}

export async function compare(
  litorch: Contender,
  python: Contender,
  rounds: number,
  perRound: number,
  warmup = 1,
): Promise<Comparison> {
  const ask = async (contender: Contender): Promise<Answer> => contender.ask(perRound);
  let sameBits: boolean | undefined;
  const judge = (a: Answer, b: Answer): void => {
    if (a.bits !== undefined && b.bits !== undefined) sameBits = (sameBits ?? true) && a.bits === b.bits;
  };
  for (let i = 0; i < warmup; i++) judge(await ask(litorch), await ask(python));
  const a: number[] = [];
  const b: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const litorchFirst = round % 2 === 0;
    const first = await ask(litorchFirst ? litorch : python);
    const second = await ask(litorchFirst ? python : litorch);
    const [own, other] = litorchFirst ? [first, second] : [second, first];
    judge(own, other);
    a.push(own.seconds / perRound);
    b.push(other.seconds / perRound);
  }
  litorch.end();
  python.end();
  return {
    litorch: median(a),
    python: median(b),
    ratio: median(a.map((value, i) => value / (b[i] as number))),
    sameBits,
  };
}
