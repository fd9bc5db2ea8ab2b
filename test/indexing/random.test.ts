/** Thousands of index expressions, each compared with PyTorch's own: bits, shapes, strides, sharing, graph, errors. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { hasPython, root, runPython } from '../support/python.js';
import { type Expression, expressions, make, toIndex, toValue } from './expressions.js';

type Result = Record<string, unknown>;

const count = 4000;
const fixture = join(root, 'test', 'fixtures', 'indexing.json.gz');
const cases = expressions(20260, count);

function reference(): Result[] {
  if (!hasPython) return JSON.parse(gunzipSync(readFileSync(fixture)).toString()) as Result[];
  const text = runPython('indexing.py', [], { input: JSON.stringify(cases) });
  if (process.env.LITORCH_RECORD) writeFileSync(fixture, gzipSync(text, { level: 9 }));
  return JSON.parse(text) as Result[];
}

function bits(x: Tensor): string {
  const plain = x.detach().contiguous().reshape(-1);
  const bytes =
    x.numel() === 0
      ? new Uint8Array(0)
      : (torch.ops.aten.view.dtype(plain, torch.uint8) as Tensor).toTypedArray();
  return createHash('sha1')
    .update(bytes as Uint8Array)
    .digest('hex')
    .slice(0, 16);
}

const storageStart = (x: Tensor): bigint => x.dataPtr() - BigInt(x.storageOffset() * x.itemsize);

function run(expression: Expression): Result {
  const { shape, dtype, index, op } = expression;
  let x = make(shape, dtype);
  if (expression.transpose) x = x.transpose(0, -1);
  const indices = index.map(toIndex);
  if (op === 'get') {
    if (expression.grad) x.requiresGrad = true;
    const r = x.at(...indices);
    const share = r.numel() > 0 && x.numel() > 0 ? storageStart(r) === storageStart(x) : null;
    return {
      shape: r.shape,
      stride: r.stride(),
      offset: share ? r.storageOffset() : null,
      share,
      fn: r.gradFn?.name ?? null,
      bits: bits(r),
    };
  }
  const value = toValue(expression.value as never);
  if (op === 'set') expect(x.setAt(indices, value)).toBe(x);
  else x.indexPut_(indices, value, { accumulate: expression.accumulate === true });
  return { bits: bits(x), version: x._version };
}

/** Python's exception classes as litorch has them. */
const classes: Record<string, string> = {
  IndexError: 'RangeError',
  TypeError: 'TypeError',
  RuntimeError: 'TorchError',
  ValueError: 'TorchError',
};

function outcome(expression: Expression): Result {
  try {
    return torch.tidy(() => run(expression));
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'JestAssertionError') throw error;
    return { error: error.name, message: error.message };
  }
}

/** What is expected, as litorch says it. */
function translated(result: Result): Result {
  if (result.error === undefined) return result;
  const message = String(result.message);
  // Values that JavaScript's own checks refuse before libtorch sees them.
  if (message.startsWith('expected sequence of length')) return { error: 'RangeError', message };
  return { error: classes[String(result.error)] ?? result.error, message };
}

describe('index expressions made by chance', () => {
  const expected = reference();

  test('are as many as the reference has', () => {
    expect(expected.length).toBe(count);
    // Enough of each kind that the test means something.
    const failed = expected.filter((result) => result.error !== undefined).length;
    expect(failed).toBeGreaterThan(count / 20);
    expect(failed).toBeLessThan(count / 2);
  });

  // PyTorch says with each mask of uint8 that they are deprecated.
  const emitWarning = process.emitWarning;
  beforeAll(() => {
    process.emitWarning = () => {};
  });
  afterAll(() => {
    process.emitWarning = emitWarning;
  });

  test('give what PyTorch gives', () => {
    const different: unknown[] = [];
    cases.forEach((expression, i) => {
      const got = outcome(expression);
      const wanted = translated(expected[i] as Result);
      if (JSON.stringify(got) !== JSON.stringify(wanted)) different.push({ i, expression, got, wanted });
    });
    expect(different.slice(0, 5).map((item) => JSON.stringify(item))).toEqual([]);
  });
});
