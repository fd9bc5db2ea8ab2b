/** Small steps of training, recorded and replayed (`torch.graph.record`), beside Python's eager steps and our own. */
import { Contender } from '../contender.js';
import { compare } from '../pair.js';
import { root } from '../places.js';
import {
  type Measurement,
  milliseconds,
  passes,
  type Rounds,
  type Suite,
  type SuiteOptions,
} from '../suite.js';

const steps = {
  sgd: 'mlp 784-128-10, batch 1, SGD',
  adam: 'mlp 784-128-10, batch 1, Adam',
  fused: 'mlp 784-128-10, batch 1, fused Adam',
  forum: 'forum, tiny',
} as const;

/** What a replay is to take of the time of Python's eager step. */
const limit = 0.6;
const enough: Rounds = { least: 9, most: 31, within: 0.025 };

async function* measure(options: SuiteOptions): AsyncGenerator<Measurement> {
  if (options.python === null) return;
  for (const [step, what] of Object.entries(steps)) {
    for (const mode of ['replay', 'eager'] as const) {
      const name = `${what}, ${mode === 'replay' ? 'replayed' : 'eager'}`;
      if (!passes(options.filter, name) || !options.wants(name)) continue;
      const own = new Contender('litorch', process.execPath, [
        `${root}dist/bench/replay/work.js`,
        step,
        mode,
        '1',
      ]);
      const other = new Contender('Python', options.python, [`${root}bench/replay/work.py`, step, '1']);
      const result = await compare(own, other, options.rounds ?? enough, { seconds: 0.1 });
      const same = result.sameBits === true;
      yield {
        name,
        litorch: milliseconds(result.litorch),
        other: milliseconds(result.python),
        ratio: result.ratio,
        ...(mode === 'replay' && { limit }),
        note: `${same ? 'same bits' : 'OTHER BITS'}, ±${(result.error * 100).toFixed(1)} %, ${result.rounds} rounds, processor ${result.cpuRatio.toFixed(3)}`,
        wrong: !same,
      };
    }
  }
}

export const replay: Suite = { name: 'replay', needsPython: true, measure };
