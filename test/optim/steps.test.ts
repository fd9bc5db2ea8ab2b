/**
 * Ten steps of every optimizer, in each of its forms, under PyTorch's own test options and some more: parameters,
 * gradients and state have PyTorch's bits.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import torch from '../../lib/index.js';
import { hasPython, root, runPython } from '../support/python.js';
import { type Case, run, type Summary } from './cases.js';

/** Recorded by test/reference/optim_steps.py, for machines without PyTorch. */
function recorded(): string {
  return gunzipSync(readFileSync(join(root, 'test', 'fixtures', 'optimSteps.jsonl.gz'))).toString();
}

const cases = (hasPython ? runPython('optim_steps.py') : recorded())
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case & { expected: Summary });

let threads: number;
beforeAll(() => {
  threads = torch.getNumThreads();
  torch.setNumThreads(1);
});
afterAll(() => torch.setNumThreads(threads));

/** Another processor's fused multiply-adds may round otherwise than those that were recorded. */
const comparable = hasPython || process.arch === 'x64';

(comparable ? describe : describe.skip).each(['SGD', 'Adam', 'AdamW', 'Adamax'] as const)('%s', (name) => {
  const own = cases.filter((item) => item.optimizer === name);
  test.each(own.map((item) => [item.dtype, item.kind, JSON.stringify(item.options), item] as const))(
    '%s, %s, %s',
    (_dtype, _kind, _options, item) => {
      expect(torch.tidy(() => run(item))).toEqual(item.expected);
    },
  );
});

test('there are cases of every optimizer, form and dtype', () => {
  const forms = new Set(
    cases.map(({ optimizer, dtype, options }) => `${optimizer} ${dtype} ${options.foreach} ${options.fused}`),
  );
  expect(cases.length).toBeGreaterThan(250);
  expect(forms.size).toBeGreaterThan(50);
});
