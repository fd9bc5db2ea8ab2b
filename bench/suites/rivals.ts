/** litorch beside the libraries that a JavaScript user would otherwise pick, each in a process of its own. */
import { join } from 'node:path';
import { Contender } from '../contender.js';
import { root } from '../places.js';
import { compareWithRival } from '../rivals/compare.js';
import { ensureRivals, folder } from '../rivals/install.js';
import type { Library } from '../rivals/problem.js';
import {
  type Measurement,
  milliseconds,
  passes,
  type Rounds,
  type Suite,
  type SuiteOptions,
} from '../suite.js';

/** The programs, and what part of their time litorch may take at most. In Node each of them has one thread. */
const libraries = [
  { name: 'tfjs, wasm', file: 'tfjs.mjs', limit: 1 / 10 },
  { name: 'jax-js, wasm', file: 'jax-js.mjs', limit: 1 / 3 },
  { name: 'js-pytorch', file: 'js-pytorch.mjs', limit: 1 / 10 },
] as const;

const works: readonly { work: keyof Library; name: string }[] = [
  { work: 'matmul', name: 'matmul 512 x 512' },
  { work: 'training', name: 'mlp 784-128-10, batch 64' },
];

/** Single precision, in whatever order each library adds. */
const mostDifference = 1e-4;
const secondsPerRound = 0.2;
const enough: Rounds = { least: 9, most: 25, within: 0.05 };

async function* measure(options: SuiteOptions): AsyncGenerator<Measurement> {
  let installed = false;
  for (const threads of options.threads ?? [1, 2]) {
    for (const library of libraries) {
      const cases = works
        .map(({ work, name }) => ({
          work,
          name: `${name}, ${library.name}, ${threads} thread${threads > 1 ? 's' : ''}`,
        }))
        .filter(({ name }) => passes(options.filter, name) && options.wants(name));
      if (cases.length === 0) continue;
      if (!installed) ensureRivals(options.say);
      installed = true;
      const program = join(root, 'dist/bench/rivals/litorch.js');
      const own = new Contender('litorch', process.execPath, [program, String(threads)]);
      const rival = new Contender(library.name, process.execPath, [join(folder, library.file)]);
      for (const { work, name } of cases) {
        const rounds =
          options.rounds === undefined ? enough : { least: options.rounds, most: options.rounds, within: 0 };
        const result = await compareWithRival(own, rival, work, rounds, secondsPerRound);
        yield {
          name,
          litorch: milliseconds(result.litorch),
          other: milliseconds(result.rival),
          ratio: result.ratio,
          // One core's wider vectors alone don't make a product ten times as fast as tfjs's.
          ...(threads === 1 && work === 'matmul' && library.file === 'tfjs.mjs'
            ? {}
            : { limit: library.limit }),
          note: [
            `${(1 / result.ratio).toFixed(1)} times as fast`,
            `results differ by ${result.difference.toExponential(1)}`,
            `±${(result.error * 100).toFixed(1)} %`,
            `${result.rounds} rounds`,
          ].join(', '),
          wrong: !(result.difference <= mostDifference),
        };
      }
      own.end();
      rival.end();
    }
  }
}

export const rivals: Suite = { name: 'rivals', needsPython: false, onlyByName: true, measure };
