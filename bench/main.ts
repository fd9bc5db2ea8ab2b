/**
 * `npm run bench`: litorch beside Python with the same libtorch, and beside JavaScript's own libraries, alternating in
 * one run; medians of ratios.
 *
 *     npm run bench [-- --only import,training,adversarial,memory,operators,copies,rivals,floor] [--filter mlp,lstm] [--threads 1|2]
 *         [--rounds N] [--json FILE] [--shapes tiny,medium] [--seconds 0.02]
 *     npm run bench -- --record     writes the ratios into bench/recorded.json
 *     npm run bench -- --check      fails where one is more than 15 % above the recorded one, after a repeat
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeJudgements, parseRecorded, passed, record } from './guard.js';
import { referencePython, root } from './places.js';
import { type Row, runSuites } from './run.js';
import type { Suite, SuiteOptions } from './suite.js';
import { adversarial } from './suites/adversarial.js';
import { copies } from './suites/copies.js';
import { floor } from './suites/floor.js';
import { imports } from './suites/import.js';
import { memory } from './suites/memory.js';
import { operators } from './suites/operators.js';
import { replay } from './suites/replay.js';
import { rivals } from './suites/rivals.js';
import { training } from './suites/training.js';

const suites: readonly Suite[] = [
  imports,
  training,
  adversarial,
  memory,
  operators,
  copies,
  rivals,
  replay,
  floor,
];
const recordFile = join(root, 'bench/recorded.json');

const { values: given } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'string' },
    threads: { type: 'string' },
    filter: { type: 'string', default: '' },
    shapes: { type: 'string', default: 'tiny,medium' },
    seconds: { type: 'string', default: '0.02' },
    record: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});

function positive(name: 'rounds' | 'seconds' | 'threads', text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new RangeError(`--${name} ${text} is no positive number`);
  return value;
}

/** The suites that are asked for; `forum` is a part of training with a name of its own. */
function chosen(): { suites: Suite[]; filter: string } {
  const { only, filter } = given;
  if (only === undefined) return { suites: suites.filter(({ onlyByName }) => onlyByName !== true), filter };
  if (only === 'forum') return { suites: [training], filter: filter === '' ? 'forum' : filter };
  const names = only.split(',');
  const known = suites.map(({ name }) => name);
  for (const name of names) {
    if (!known.includes(name))
      throw new RangeError(`--only ${name}: the suites are ${known.join(', ')}, forum`);
  }
  return { suites: suites.filter(({ name }) => names.includes(name)), filter };
}

function print({ suite, name, litorch, other, ratio, limit, note, wrong }: Row): void {
  const verdict = wrong === true ? 'WRONG' : limit === undefined ? '' : ratio <= limit ? 'ok' : 'ABOVE';
  const cells = [
    `${suite}: ${name}`.padEnd(48),
    litorch.padStart(12),
    other.padStart(12),
    ratio.toFixed(3).padStart(8),
    (limit === undefined ? '' : `<= ${limit.toFixed(2)}`).padStart(8),
    verdict.padStart(6),
    note ?? '',
  ];
  console.log(cells.join(' ').trimEnd());
}

const selection = chosen();
const python = referencePython();
const options: SuiteOptions = {
  python,
  rounds: given.rounds === undefined ? undefined : positive('rounds', given.rounds),
  threads: given.threads?.split(',').map((text) => positive('threads', text)),
  filter: selection.filter,
  shapes: given.shapes.split(','),
  seconds: positive('seconds', given.seconds),
  wants: () => true,
  say: (text) => console.log(text),
};
const complete =
  options.filter === '' &&
  options.threads === undefined &&
  ['tiny', 'medium'].every((shape) => options.shapes.includes(shape));

if (python === null) console.log('no reference PyTorch: only what needs none is measured');
const heads = ['what'.padEnd(48), 'litorch'.padStart(12), 'other'.padStart(12), 'ratio'.padStart(8)];
console.log(heads.join(' '));

const recorded = existsSync(recordFile) ? parseRecorded(readFileSync(recordFile, 'utf8')) : {};
const { rows, measured, judgements } = await runSuites({
  suites: selection.suites,
  options,
  complete,
  ...(given.check ? { recorded } : {}),
  print,
});

if (given.json !== undefined) writeFileSync(given.json, `${JSON.stringify(rows, null, 2)}\n`);
if (given.record) {
  writeFileSync(recordFile, `${JSON.stringify(record(recorded, measured), null, 2)}\n`);
  console.log(`recorded in ${recordFile}`);
}
if (rows.some(({ wrong }) => wrong === true)) process.exitCode = 1;
if (given.check) {
  console.log(`\n${describeJudgements(judgements)}`);
  if (!passed(judgements)) process.exitCode = 1;
} else if (rows.some(({ ratio, limit }) => limit !== undefined && !(ratio <= limit))) {
  process.exitCode = 1;
}
