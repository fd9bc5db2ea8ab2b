/** What happens where there is no memory, in processes that may have only so much of it. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { runTestProgram } from '../support/child.js';

/** Sets a limit of a process that runs. */
const hasPrlimit = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;

(hasPrlimit ? describe : describe.skip)('without memory', () => {
  test.each([
    ['hold', 'allocates until there is none, several times, and works on in between'],
    ['garbage', 'collects garbage that nothing else would look for, and goes on'],
    ['elements', 'collects for what makes tensors of JavaScript arrays, too'],
    ['backward', 'collects in the midst of a backward, which cannot be run again'],
    ['exhausted', 'fails in a backward, and does the next one'],
    ['absurd', 'refuses sizes that no machine has'],
  ])('%s: %s', (kind) => {
    const { status, signal, stdout, stderr } = runTestProgram('memory/outOfMemory', [kind], {
      OMP_NUM_THREADS: '1',
    });
    expect({ status, signal, stderr, stdout }).toEqual({
      status: 0,
      signal: null,
      stderr: '',
      stdout: 'done\n',
    });
  });
});
