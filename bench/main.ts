/**
 * `npm run bench`: litorch beside Python with the same libtorch, alternating in one run; ratios of medians.
 *
 *     npm run bench [-- --only forum|memory|import|operators] [--rounds N] [--json FILE]
 *     npm run bench -- --only operators [--rounds N] [--threads 1|2] [--filter add,view]
 *         [--shapes tiny,medium] [--seconds 0.02]
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Contender } from './contender.js';
import { compareImports } from './imports.js';
import { memoryLoop } from './memory.js';
import { compareOperators, type OperatorResult } from './operators/compare.js';
import { describe, describeSummary, header, summarize } from './operators/report.js';
import { compare } from './pair.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const python = process.env.LITORCH_TEST_PYTHON ?? join(root, '.venv/bin/python');

interface Row {
  name: string;
  litorch: string;
  python: string;
  ratio: number;
  limit: number;
  note: string;
}

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'string' },
    threads: { type: 'string', default: '1' },
    filter: { type: 'string', default: '' },
    shapes: { type: 'string', default: 'tiny,medium' },
    seconds: { type: 'string', default: '0.02' },
  },
});
const rounds = Number(options.rounds ?? 7);
const wants = (suite: string): boolean => options.only === undefined || options.only === suite;
const milliseconds = (seconds: number): string => `${(seconds * 1000).toFixed(1)} ms`;
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const rows: Row[] = [];

function add(row: Row): void {
  rows.push(row);
  const verdict = row.ratio <= row.limit ? 'ok' : 'ABOVE';
  console.log(
    [
      row.name.padEnd(38),
      row.litorch.padStart(12),
      row.python.padStart(12),
      row.ratio.toFixed(3).padStart(8),
      `<= ${row.limit.toFixed(2)}`.padStart(9),
      verdict.padStart(6),
      row.note,
    ].join(' '),
  );
}

console.log(
  ['what'.padEnd(38), 'litorch'.padStart(12), 'Python'.padStart(12), 'ratio'.padStart(8)].join(' '),
);

const hasPython = existsSync(python);
if (!hasPython) console.log(`no reference PyTorch at ${python}: only what needs none is measured`);

if (hasPython && wants('import')) {
  const { litorch, python: reference, ratio } = compareImports(python, rounds);
  add({
    name: 'import',
    litorch: milliseconds(litorch),
    python: milliseconds(reference),
    ratio,
    limit: 0.25,
    note: '',
  });
}

if (hasPython && wants('forum')) {
  for (const threads of [1, 2]) {
    for (const [vocabulary, size, perRound] of [
      [5_000, 100, 4],
      [90_000, 300, 1],
    ] as const) {
      const args = [vocabulary, size, threads].map(String);
      const own = new Contender('litorch', process.execPath, [join(root, 'dist/bench/forum.js'), ...args]);
      const other = new Contender('Python', python, [join(root, 'bench/forum.py'), ...args]);
      const result = await compare(own, other, rounds, perRound);
      add({
        name: `forum step ${vocabulary} x ${size}, ${threads} thread${threads > 1 ? 's' : ''}`,
        litorch: milliseconds(result.litorch),
        python: milliseconds(result.python),
        ratio: result.ratio,
        limit: 1.1,
        note: result.sameBits === true ? 'same bits' : 'OTHER BITS',
      });
      if (result.sameBits !== true) process.exitCode = 1;
    }
  }
}

if (wants('memory')) {
  for (const [name, text] of [
    ['small', '1,000,000 small operators'],
    ['large', '5,000 x 4 MiB'],
    ['training', '2,000 training steps'],
  ] as const) {
    const { first, last, ratio } = memoryLoop(name);
    add({
      name: `memory: ${text}`,
      litorch: mebibytes(last),
      python: '',
      ratio,
      limit: 1.1,
      note: `last tenth against the first (${mebibytes(first)})`,
    });
  }
}

const operators: OperatorResult[] = [];
if (hasPython && wants('operators')) {
  const { threads } = options;
  const programs = {
    litorch: [process.execPath, [join(root, 'dist/bench/operators/work.js'), threads]],
    python: [python, [join(root, 'bench/operators/work.py'), threads]],
  } satisfies Parameters<typeof compareOperators>[0];
  console.log(`\n${header}`);
  for await (const result of compareOperators(programs, {
    rounds: Number(options.rounds ?? 15),
    shapes: (['tiny', 'medium'] as const).filter((shape) => options.shapes.split(',').includes(shape)),
    filter: options.filter,
    seconds: Number(options.seconds),
  })) {
    operators.push(result);
    console.log(describe(result));
  }
  const summaries = summarize(operators);
  console.log(`\n${describeSummary(summaries)}\n`);
  for (const { plain, worst } of summaries.filter(
    ({ shape, group }) => shape === 'tiny' && group === 'all',
  )) {
    const figures = { litorch: '', python: '', note: '' };
    add({ ...figures, name: 'operators, tiny, geometric mean', ratio: plain, limit: 1 });
    add({ ...figures, name: 'operators, tiny, slowest', ratio: worst, limit: 1.5 });
  }
}

if (options.json !== undefined) {
  const report = operators.length === 0 ? rows : { rows, operators };
  writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
}
if (rows.some((row) => row.ratio > row.limit)) process.exitCode = 1;
