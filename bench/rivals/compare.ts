/** litorch and one rival on the same work, in turn. */
import type { Contender } from '../contender.js';
import { median, medianError } from '../statistics.js';
import type { Rounds } from '../suite.js';
import type { Library, Request } from './problem.js';

export interface RivalResult {
  /** Median seconds for one unit of work. */
  litorch: number;
  rival: number;
  /** The median of the rounds' ratios, litorch to the rival. */
  ratio: number;
  rounds: number;
  error: number;
  /** The largest difference of the results, relative to the largest of them. */
  difference: number;
}

async function ask(contender: Contender, request: Request): Promise<{ seconds: number; values?: number[] }> {
  return contender.ask(JSON.stringify(request));
}

/** The largest difference between two lists of numbers, as a part of the largest number; infinite where they don't pair. */
export function difference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length || a.length === 0) return Number.POSITIVE_INFINITY;
  const scale = Math.max(...a.map(Math.abs));
  const differences = a.map((value, i) => Math.abs(value - (b[i] as number)) / scale);
  // `Math.max` of anything that is no number would be none either, and no limit would catch it.
  return differences.every(Number.isFinite) ? Math.max(...differences) : Number.POSITIVE_INFINITY;
}

/** How often one side does the work in about so many seconds; warms up on the way. */
async function calibrate(contender: Contender, work: keyof Library, seconds: number): Promise<number> {
  for (let count = 1; ; ) {
    const took = Math.max(1e-6, (await ask(contender, { work, count })).seconds);
    const wanted = Math.max(1, Math.round((count * seconds) / took));
    if (took >= seconds / 3 || wanted <= count) return wanted;
    count = Math.min(wanted, count * 8);
  }
}

export async function compareWithRival(
  own: Contender,
  rival: Contender,
  work: keyof Library,
  { least, most, within }: Rounds,
  seconds: number,
): Promise<RivalResult> {
  const request: Request = { work, values: true };
  const values = (await ask(own, request)).values ?? [];
  const others = (await ask(rival, request)).values ?? [];
  const counts = [await calibrate(own, work, seconds), await calibrate(rival, work, seconds)] as const;
  const once = async (contender: Contender, count: number): Promise<number> =>
    (await ask(contender, { work, count })).seconds / count;
  const a: number[] = [];
  const b: number[] = [];
  const ratios: number[] = [];
  while (ratios.length < least || (ratios.length < most && medianError(ratios) > within)) {
    const ownFirst = ratios.length % 2 === 0;
    const first = ownFirst ? await once(own, counts[0]) : await once(rival, counts[1]);
    const second = ownFirst ? await once(rival, counts[1]) : await once(own, counts[0]);
    const [mine, other] = ownFirst ? [first, second] : [second, first];
    a.push(mine);
    b.push(other);
    ratios.push(mine / other);
  }
  return {
    litorch: median(a),
    rival: median(b),
    ratio: median(ratios),
    rounds: ratios.length,
    error: medianError(ratios),
    difference: difference(values, others),
  };
}
