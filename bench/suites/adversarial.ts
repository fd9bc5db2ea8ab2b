/**
 * The library's form of the forum's step against the forum's own code under Python, the embedding frozen: the same
 * gradients (test/adversarial/forum.test.ts), so what counts is the time and the most memory that was resident.
 */
import { Contender } from '../contender.js';
import { compareAnew } from '../pair.js';
import { root } from '../places.js';
import { median } from '../statistics.js';
import {
  type Measurement,
  mebibytes,
  milliseconds,
  passes,
  type Suite,
  type SuiteOptions,
} from '../suite.js';

const sizes = [
  { name: 'small', args: ['5000', '100'], time: 1 / 1.25 },
  { name: 'large', args: ['90000', '300'], time: 1 / 3, memory: 0.6 },
] as const;
const pairs = 3;
const enough = { least: 7, most: 11, within: 0.025 };

async function* measure({
  python,
  threads,
  filter,
  wants,
  rounds,
}: SuiteOptions): AsyncGenerator<Measurement> {
  if (python === null) return;
  for (const count of threads ?? [1, 2]) {
    for (const size of sizes) {
      const name = `forum by the library, ${size.name}, ${count} thread${count > 1 ? 's' : ''}`;
      if (!passes(filter, name) || !wants(name)) continue;
      const args = [...size.args, String(count)];
      const peaks = { litorch: [] as number[], python: [] as number[] };
      const start = () => {
        const own = new Measured(peaks.litorch, 'litorch', process.execPath, [
          `${root}dist/bench/adversarial/library.js`,
          ...args,
        ]);
        const other = new Measured(peaks.python, 'Python', python, [
          `${root}bench/forum.py`,
          ...args,
          'frozen',
        ]);
        return [own, other] as const;
      };
      const result = await compareAnew(pairs, start, rounds ?? enough, { seconds: 0.1 });
      const [least, most] = result.between.map((ratio) => ratio.toFixed(2));
      yield {
        name,
        litorch: milliseconds(result.litorch),
        other: milliseconds(result.python),
        ratio: result.ratio,
        limit: size.time,
        note: `±${(result.error * 100).toFixed(1)} %, ${result.rounds} rounds, ${least} to ${most} between processes`,
      };
      const [own, other] = [median(peaks.litorch), median(peaks.python)];
      yield {
        name: `${name}, memory`,
        litorch: mebibytes(own),
        other: mebibytes(other),
        ratio: own / other,
        ...('memory' in size ? { limit: size.memory } : {}),
      };
    }
  }
}

/** Notes what was resident at the most, before it ends. */
class Measured extends Contender {
  constructor(
    private readonly peaks: number[],
    ...rest: ConstructorParameters<typeof Contender>
  ) {
    super(...rest);
  }

  override end(): void {
    this.peaks.push(this.peakBytes());
    super.end();
  }
}

export const adversarial: Suite = { name: 'adversarial', needsPython: true, measure };
