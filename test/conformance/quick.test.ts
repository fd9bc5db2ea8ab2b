/** A fixed part of the conformance run, which must be without a fault but those put in; `npm run conformance` runs all. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { hasPython } from '../support/python.js';
import { drive } from './drive.js';
import type { Fault } from './messages.js';
import type { Form } from './protocol.js';
import { type Finding, labelOf, type Results, type Row } from './results.js';

// A few of each kind: elementwise, reductions, views, indexing, linear algebra, random, losses, layers, creation.
const ops = `
  abs addmm all amax arange argmax as_strided atan2 bernoulli bmm cat clamp clone conj contiguous cumsum diagonal
  div einsum empty_like erf expand fft.rfft flip full gather index_select item lerp linalg.det linalg.qr
  eye logsumexp masked_fill matmul max/reduction_with_dim mean multinomial nn.functional.conv2d
  nn.functional.cross_entropy nn.functional.gelu nn.functional.layer_norm nn.functional.linear normal/in_place
  pow prod __rsub__ randn reshape scatter_add softmax sort special.i0e split sum T to topk tril unfold var where
`
  .trim()
  .split(/\s+/);

const faults: Fault[] = [
  { op: 'sin', sample: 0, kind: 'last bit' },
  { op: 'cos', sample: 0, kind: 'value' },
  { op: 'tan', sample: 0, kind: 'dtype' },
  { op: 'exp', sample: 0, kind: 'no result' },
  { op: 'mm', sample: 0, kind: 'strides' },
  { op: 'log1p', sample: 0, kind: 'throws' },
  { op: 'add', sample: 1, kind: 'crash' },
  { op: 'sub', sample: 0, kind: 'value', form: 'method' },
  { op: 'mul', sample: 0, kind: 'copy', form: 'inplace' },
  { op: 'mul', sample: 1, kind: 'copy', form: 'out' },
];
const forms: Form[] = ['function', 'method', 'inplace', 'leaf', 'out', 'resized'];
const faulty = new Set(faults.map(({ op }) => op));

const withReference = hasPython ? describe : describe.skip;

withReference('a part of op_db', () => {
  let results: Results;
  const sound = (row: Row): boolean => !faulty.has(row.entry.name);

  beforeAll(async () => {
    const dtypes = ['float32', 'int64'];
    const selection = { ops: [...ops, ...faulty], dtypes, forms, errors: true, limit: 3, faults };
    results = (await drive(selection, 1)).results;
  }, 300_000);

  test('is as in PyTorch', () => {
    expect(results.findings.filter(({ op }) => !faulty.has(op))).toEqual([]);
    expect(results.failures).toEqual([]);
    const count = (kind: string): number =>
      results.rows
        .filter(sound)
        .reduce(
          (sum, { kinds }) => sum + (kinds.get(kind)?.identical ?? 0) + (kinds.get(kind)?.matched ?? 0),
          0,
        );
    expect(count('float32')).toBeGreaterThan(150);
    expect(count('int64')).toBeGreaterThan(100);
    expect(count('errors')).toBeGreaterThan(20);
    for (const { samples, raising } of results.formTotals(forms.slice(1)).values()) {
      // Identical not because both raise.
      expect(samples - raising).toBeGreaterThan(10);
    }
  });

  test('has every name that is asked for, with samples', () => {
    const names = new Set(results.rows.flatMap(({ entry }) => [entry.name, labelOf(entry)]));
    expect(ops.filter((name) => !names.has(name))).toEqual([]);
    expect(results.rows.filter(({ kinds }) => kinds.size === 0).map(({ entry }) => entry.name)).toEqual([]);
  });

  test('shows faults that are put in', () => {
    const isFault = ({ op, form, i }: Finding): boolean =>
      faults.some((one) => one.op === op && one.sample === i && (one.form ?? 'function') === form);
    const found = results.findings.filter((finding) => finding.kind === 'float32' && isFault(finding));
    const told = found.map(({ op, status, why, strides }: Finding) => [op, status, strides ?? why]);
    const like = (pattern: RegExp): string => expect.stringMatching(pattern) as unknown as string;
    expect(told).toEqual([
      ['add', 'crashed', like(/^SIGSEGV/)],
      ['cos', 'wrong', like(/numbers differ, element/)],
      ['exp', 'wrong', 'object null instead of a tensor'],
      ['log1p', 'raised', 'a fault put in on purpose'],
      ['mm', 'identical', like(/^strides .* instead of/)],
      ['mul', 'wrong', 'result 0 is not the object that it was to be written to'],
      ['mul', 'wrong', 'result 0 is not the object that it was to be written to'],
      ['sin', 'close', like(/numbers differ, element/)],
      ['sub', 'wrong', like(/numbers differ, element/)],
      ['tan', 'wrong', 'dtype float16 instead of float32'],
    ]);
  });

  test('goes on behind a crash', () => {
    const add = results.rows.find(({ entry }) => entry.name === 'add');
    const { samples, identical, crashed } = add?.kinds.get('float32') ?? {};
    expect({ samples, identical, crashed }).toEqual({ samples: 3, identical: 2, crashed: 1 });
  });
});
