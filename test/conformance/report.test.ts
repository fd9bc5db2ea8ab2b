/** The page that a whole run writes. */
import { describe, expect, test } from '@jest/globals';
import type { Assignment } from './messages.js';
import type { Outcome } from './outcome.js';
import type { Entry, Form } from './protocol.js';
import { report } from './report.js';
import { Results } from './results.js';

const entry = (op: number, name: string, variant = ''): Entry => ({
  op,
  name,
  variant,
  path: `torch.${name}`,
  dtypes: ['float32', 'int64'],
  errors: true,
  method: null,
  inplace: null,
  out: true,
});
const entries = [entry(0, 'mul'), entry(1, 'linalg.lstsq'), entry(2, 'add', 'other')];
const facts = { dtypes: ['float32', 'int64'], reference: '2.13.0', libtorch: '2.13.0', litorch: '0.1.0' };

type Case = readonly [op: number, kind: string, outcome: Outcome, form?: Form];

function pageOf(outcomes: readonly Case[]): string {
  const results = new Results(entries);
  for (const [op, kind, outcome, form = 'function'] of outcomes) {
    results.add({ entry: entries[op] as Entry, task: { op, kind, form } } as Assignment, outcome);
  }
  results.sort();
  return report(results, facts);
}

const outcomes: Case[] = [
  [0, 'float32', { i: 0, status: 'identical' }],
  [0, 'float32', { i: 1, status: 'wrong', phase: 'backward', why: 'gradient 0: `x` | y' }],
  [0, 'int64', { i: 0, status: 'identical', strides: 'strides [1] instead of [2]' }],
  [0, 'errors', { i: 0, status: 'matched' }],
  [0, 'errors', { i: 1, status: 'not raised', expected: 'too (big|small)' }],
  [1, 'float32', { i: 3, status: 'varies', phase: 'backward', why: 'result 0: 1 of 2 numbers differ' }],
  [2, 'int64', { i: 0, status: 'crashed', why: 'SIGSEGV' }],
  [0, 'float32', { i: 0, status: 'identical', raising: true }, 'inplace'],
  [0, 'float32', { i: 0, status: 'matched' }, 'leaf'],
  [0, 'float32', { i: 0, status: 'identical' }, 'out'],
  [0, 'int64', { i: 0, status: 'missing', why: 'there is no torch.mul' }, 'out'],
];

describe('the page', () => {
  const page = pageOf(outcomes);
  const lines = page.split('\n');

  test('has totals by dtype and of the error inputs', () => {
    expect(lines).toContain('| `float32` | 3 | 1 | 0 | 1 | 1 | 0 | 0 | 0 | 0 | 0 | 33.33 % | 0 | 0 |');
    expect(lines).toContain('| `int64` | 2 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 0 | 50.00 % | 0 | 1 |');
    expect(lines).toContain('| error inputs | 2 | 1 | 0 | 1 | 0 | 0 | 0 | 50.00 % |');
  });

  test('has totals of each form of a call', () => {
    expect(lines).toContain('| method | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |  | 0 | 0 |');
    expect(lines).toContain('| in place | 1 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 100.00 % | 1 | 0 |');
    expect(lines).toContain('| `out` | 2 | 1 | 0 | 0 | 0 | 0 | 0 | 1 | 0 | 0 | 50.00 % | 0 | 0 |');
    expect(lines).toContain(
      '| in place on a leaf that requires a gradient | 1 | 1 | 0 | 0 | 0 | 0 | 0 | 100.00 % |',
    );
  });

  test('has a row for each entry, by name', () => {
    const rows = lines.slice(lines.indexOf('## Operators')).filter((line) => line.startsWith('| `'));
    expect(rows).toEqual([
      '| `add` | `other` | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 0 | 0 | 0 |  |  |  |  |',
      '| `linalg.lstsq` |  | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |  |  |  |  |',
      '| `mul` |  | 3 | 2 | 0 | 0 | 1 | 0 | 0 | 0 | 0 | 0 | 2 | 1 |  | ✓ | 1/2 |  |',
    ]);
  });

  test('says why samples are not identical, and which have no explanation', () => {
    const at = (start: string): string | undefined => lines.find((line) => line.startsWith(start));
    expect(at('- `linalg.lstsq` (PyTorch varies, 1 sample)')).toMatch(/gelsy/);
    expect(at('- `mul` (wrong')).toBe("- `mul` (wrong, 1 sample; float32, backward): gradient 0: 'x' \\| y");
    expect(at('- `mul` (not raised')).toContain('Expected: too (big\\|small)');
    expect(at('- `add/other` (crashed')).toContain('SIGSEGV');
  });

  test('is the same whatever the order in which the jobs end', () => {
    expect(pageOf([...outcomes].reverse())).toBe(page);
  });

  test('rounds no share up to 100 %', () => {
    const many = Array.from({ length: 100_000 }, (_, i): [number, string, Outcome] => [
      0,
      'float32',
      i === 0 ? { i, status: 'wrong', phase: 'forward', why: '' } : { i, status: 'identical' },
    ]);
    expect(pageOf(many)).toContain('| 99.99 % |');
  });
});
