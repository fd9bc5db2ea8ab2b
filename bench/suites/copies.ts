/** Typed arrays: elements in and out, beside a memcpy of as many bytes. */
import { Contender } from '../contender.js';
import { root } from '../places.js';
import { median } from '../statistics.js';
import { type Measurement, milliseconds, passes, type Suite, type SuiteOptions } from '../suite.js';

/** At memory speed is four fifths of the speed of memcpy at least. */
const limit = 1 / 0.8;
const forms = ['toTypedArray', 'torch.tensor', 'asTypedArray', 'fromTypedArray'] as const;
const sizes = { '4 KiB': 2 ** 12, '64 KiB': 2 ** 16, '1 MiB': 2 ** 20, '16 MiB': 2 ** 24, '64 MiB': 2 ** 26 };
/** Below, the call and the garbage take as long as the copy. */
const fromBytes = 2 ** 20;

async function* measure(options: SuiteOptions): AsyncGenerator<Measurement> {
  const rounds = options.rounds ?? 11;
  for (const form of forms) {
    for (const [size, bytes] of Object.entries(sizes)) {
      const name = `${form}, ${size}`;
      if (!passes(options.filter, name) || !options.wants(name)) continue;
      const contender = new Contender('copies', process.execPath, [`${root}dist/bench/copies/work.js`]);
      const own: number[] = [];
      const copy: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const answer = await contender.ask(JSON.stringify({ form, bytes, seconds: options.seconds }));
        own.push(answer.seconds);
        copy.push((answer as unknown as { reference: number }).reference);
      }
      contender.end();
      yield {
        name,
        litorch: milliseconds(median(own)),
        other: milliseconds(median(copy)),
        ratio: median(own.map((seconds, i) => seconds / (copy[i] as number))),
        ...(bytes >= fromBytes ? { limit } : {}),
        note: 'beside memcpy',
      };
    }
  }
}

export const copies: Suite = { name: 'copies', needsPython: false, measure };
