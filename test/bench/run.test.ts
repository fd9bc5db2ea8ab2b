/** Suites and the guard together, with suites that measure nothing. */
import { describe, expect, test } from '@jest/globals';
import { passed } from '../../bench/guard.js';
import { type Outcome, type Row, runSuites } from '../../bench/run.js';
import type { Measurement, Suite, SuiteOptions } from '../../bench/suite.js';
import { passes } from '../../bench/suite.js';

const options: SuiteOptions = {
  python: 'python3',
  rounds: undefined,
  threads: undefined,
  filter: '',
  shapes: [],
  seconds: 1,
  wants: () => true,
  say: () => undefined,
};

/** A suite whose runs give these ratios, one after the other, and that notes what it was asked for. */
function suiteOf(
  name: string,
  runs: Record<string, number>[],
  needsPython = false,
): Suite & { asked: string[][] } {
  const asked: string[][] = [];
  return {
    name,
    needsPython,
    asked,
    async *measure({ wants }: SuiteOptions): AsyncGenerator<Measurement> {
      const run = runs[asked.length] ?? {};
      const names = Object.keys(run).filter(wants);
      asked.push(names);
      for (const one of names) yield { name: one, litorch: '', other: '', ratio: run[one] as number };
    },
  };
}

const run = (suites: Suite[], more: Partial<Parameters<typeof runSuites>[0]> = {}): Promise<Outcome> =>
  runSuites({ suites, options, complete: true, print: () => undefined, ...more });

describe('runSuites', () => {
  test('gives every row with its suite, and prints it', async () => {
    const printed: Row[] = [];
    const suites = [suiteOf('training', [{ mlp: 0.9 }]), suiteOf('import', [{ import: 0.2 }])];
    const { rows, measured, judgements } = await run(suites, { print: (row) => printed.push(row) });
    expect(rows.map(({ suite, name, ratio }) => [suite, name, ratio])).toEqual([
      ['training', 'mlp', 0.9],
      ['import', 'import', 0.2],
    ]);
    expect(printed).toEqual(rows);
    expect(measured.map(({ suite, ratios }) => [suite, [...ratios]])).toEqual([
      ['training', [['mlp', 0.9]]],
      ['import', [['import', 0.2]]],
    ]);
    expect(judgements).toEqual([]);
  });

  test('measures once more what is above its recorded ratio, and that only', async () => {
    const recorded = { training: { mlp: 0.8, lstm: 0.8, cnn: 0.8 } };
    const first = { mlp: 1, lstm: 0.8, cnn: 1 };
    const said: string[] = [];
    const noisy = suiteOf('training', [first, { mlp: 0.81, lstm: 0.8, cnn: 0.79 }]);
    const fine = await run([noisy], { recorded, options: { ...options, say: (text) => said.push(text) } });
    expect(noisy.asked).toEqual([
      ['mlp', 'lstm', 'cnn'],
      ['mlp', 'cnn'],
    ]);
    expect(said).toEqual(['once more, for what is above its recorded ratio: mlp; cnn']);
    expect(passed(fine.judgements)).toBe(true);
    expect(fine.rows).toHaveLength(5);

    const slow = suiteOf('training', [first, { mlp: 0.81, cnn: 0.99 }]);
    const failed = await run([slow], { recorded });
    expect(slow.asked).toHaveLength(2);
    expect(passed(failed.judgements)).toBe(false);
    expect(failed.judgements.filter(({ verdict }) => verdict === 'above').map(({ name }) => name)).toEqual([
      'cnn',
    ]);
  });

  test('does not measure again without a record, or where all is well', async () => {
    const plain = suiteOf('training', [{ mlp: 9 }]);
    await run([plain]);
    expect(plain.asked).toHaveLength(1);
    const well = suiteOf('training', [{ mlp: 0.8 }]);
    const { judgements } = await run([well], { recorded: { training: { mlp: 0.8 } } });
    expect(well.asked).toHaveLength(1);
    expect(judgements).toHaveLength(1);
  });

  test('leaves out what needs Python where there is none, and does not miss it', async () => {
    const suites = [suiteOf('training', [{ mlp: 1 }], true), suiteOf('rivals', [{ matmul: 0.1 }])];
    const { rows, judgements } = await run(suites, {
      options: { ...options, python: null },
      recorded: { training: { mlp: 1 }, rivals: { matmul: 0.1 } },
    });
    expect(rows.map(({ suite }) => suite)).toEqual(['rivals']);
    expect(judgements.map(({ verdict }) => verdict)).toEqual(['ok']);
  });
});

test('a filter is parts of names, any of which will do', () => {
  expect(passes('', 'mlp small, 1 thread')).toBe(true);
  expect(passes('lstm,mlp', 'mlp small, 1 thread')).toBe(true);
  expect(passes('lstm,cnn', 'mlp small, 1 thread')).toBe(false);
});
