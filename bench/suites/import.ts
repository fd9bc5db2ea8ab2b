/** How long it takes to load the library. */
import { compareImports } from '../imports.js';
import { type Measurement, milliseconds, passes, type Suite, type SuiteOptions } from '../suite.js';

async function* measure(options: SuiteOptions): AsyncGenerator<Measurement> {
  if (options.python === null || !passes(options.filter, 'import') || !options.wants('import')) return;
  const { litorch, python, ratio } = compareImports(options.python, options.rounds ?? 9);
  yield {
    name: 'import',
    litorch: milliseconds(litorch),
    other: milliseconds(python),
    ratio,
    limit: 0.2,
  };
}

export const imports: Suite = { name: 'import', needsPython: true, measure };
