/**
 * The programs of `npm run bench -- --only memory`, with litorch alone: after ten times as many rounds of plain code the
 * most that was ever resident is no more than a tenth above what it was. And what they leave behind in scopes.
 */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { programs } from '../../../bench/memory/programs.js';
import type { MemoryReadings } from '../../../bench/memory/run.js';
import { asSource, runNode } from '../../support/child.js';
import { root } from '../../support/python.js';

const limit = 1.1;

function measure(program: string, mode: 'plain' | 'scopes'): MemoryReadings {
  const run = join(root, 'dist', 'bench', 'memory', 'run.js');
  const { status, signal, stdout, stderr } = runNode([asSource, run, program, mode], {
    OMP_NUM_THREADS: '1',
  });
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
  return JSON.parse(stdout) as MemoryReadings;
}

const growth = ({ first, last }: MemoryReadings): number => last / first;

describe('ten times as many rounds take no more memory', () => {
  test.each(Object.keys(programs))('%s', (program) => {
    const once = growth(measure(program, 'plain'));
    // When collections fall is chance to some degree; what leaks does so each time.
    expect(once <= limit ? once : growth(measure(program, 'plain'))).toBeLessThanOrEqual(limit);
  });

  test.each(['LSTM language model', 'Maps', 'graphs held'])('in scopes: %s', (program) => {
    const once = growth(measure(program, 'scopes'));
    expect(once <= limit ? once : growth(measure(program, 'scopes'))).toBeLessThanOrEqual(limit);
  });
});
