/**
 * `npm run conformance`: PyTorch's own test database, op_db, through litorch's public API, held against PyTorch.
 *
 *     npm run conformance [-- --ops add,linalg.* --dtypes float32,int64 --errors-only | --no-errors]
 *                         [--variants function,method,inplace,out] [--limit N] [--jobs 2] [--json FILE]
 *
 * A run without a selection writes docs/conformance.md.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import torch from '../../lib/index.js';
import { root } from '../support/python.js';
import { printTotals, printWorst } from './console.js';
import { drive, dtypes } from './drive.js';
import type { Form } from './protocol.js';
import { report } from './report.js';
import type { Results } from './results.js';

const { values: options } = parseArgs({
  options: {
    ops: { type: 'string' },
    dtypes: { type: 'string' },
    variants: { type: 'string' },
    limit: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    json: { type: 'string' },
    'errors-only': { type: 'boolean', default: false },
    'no-errors': { type: 'boolean', default: false },
  },
});

const list = (text: string | undefined): string[] => text?.split(',').filter(Boolean) ?? [];

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`--${name} must be a positive integer`);
  return value;
}

const chosen = list(options.dtypes);
for (const dtype of chosen) {
  if (!dtypes.includes(dtype)) throw new RangeError(`--dtypes: ${dtype} is none of ${dtypes.join(', ')}`);
}
/** The forms of a call that each choice of `--variants` stands for. */
const variants: Record<string, readonly Form[]> = {
  function: ['function'],
  method: ['method'],
  inplace: ['inplace', 'leaf'],
  out: ['out', 'resized'],
};
const forms = (options.variants === undefined ? Object.keys(variants) : list(options.variants)).flatMap(
  (name) => {
    const own = variants[name];
    if (own !== undefined) return own;
    throw new RangeError(`--variants: ${name} is none of ${Object.keys(variants).join(', ')}`);
  },
);
const errors = !options['no-errors'] && forms.includes('function');
const partial = ['ops', 'dtypes', 'variants', 'limit', 'errors-only', 'no-errors'] as const;
const whole = partial.every((name) => !options[name]);
const kinds = options['errors-only'] ? [] : chosen.length > 0 ? chosen : [...dtypes];
const started = Date.now();

function progress(done: number, all: number, results: Results): void {
  if (!process.stdout.isTTY && done % 100 !== 0 && done !== all) return;
  const seconds = Math.round((Date.now() - started) / 1000);
  const text = `${done} of ${all} tasks, ${results.findings.length} findings, ${seconds} s`;
  process.stdout.write(process.stdout.isTTY ? `\r${text}   ` : `${text}\n`);
}

const { results, reference } = await drive(
  {
    ops: list(options.ops),
    dtypes: kinds,
    forms,
    errors,
    ...(options.limit !== undefined && { limit: count('limit', options.limit) }),
  },
  count('jobs', options.jobs),
  progress,
);
console.log();
if (results.rows.length === 0) {
  console.error(`no entry of op_db is called ${options.ops}`);
  process.exitCode = 1;
}
const columns = [...(forms.includes('function') ? kinds : []), ...(errors ? ['errors'] : [])];
const otherForms = kinds.length === 0 ? [] : forms.filter((form) => form !== 'function');
printTotals(results, columns, otherForms);
printWorst(results);
if (options.json !== undefined) {
  const { findings, failures } = results;
  writeFileSync(options.json, `${JSON.stringify({ findings, failures }, null, 1)}\n`);
}
if (whole) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const facts = {
    dtypes: kinds,
    reference,
    libtorch: torch.version.torch,
    litorch: version,
  };
  const file = join(root, 'docs', 'conformance.md');
  writeFileSync(`${file}.new`, report(results, facts));
  renameSync(`${file}.new`, file);
  console.log('written: docs/conformance.md');
}
