/** Graphs with JavaScript in them: their memory, and threads that end. */
import { describe, expect, test } from '@jest/globals';
import { runTestProgram } from '../support/child.js';

interface Used {
  kinds: string[];
  late: number;
  tensors: number;
}

function loop(kind: string): Used {
  const { status, stdout, stderr } = runTestProgram('autograd/loop', [kind], { OMP_NUM_THREADS: '1' });
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Used;
}

const kinds = [
  'function',
  'function without backward',
  'second derivatives',
  'failing',
  'hook',
  'hook without backward',
  'hooks of a leaf',
  'hooks of a function',
  'removed hook',
];

describe('memory is flat in a loop of', () => {
  test.each(kinds)('%s', (kind) => {
    const used = loop(kind);
    expect(used.kinds).toEqual(kinds);
    expect(used.late).toBeLessThan(1.35);
    // x, its gradient, and what the last round has left.
    expect(used.tensors).toBeLessThan(10);
  });
});

test('a worker may end within a callback, and with callbacks alive', () => {
  const { status, signal, stdout, stderr } = runTestProgram('autograd/threads', [], { OMP_NUM_THREADS: '1' });
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
  const three = (said: unknown): unknown[] => [said, said, said];
  expect(JSON.parse(stdout)).toEqual({
    said: {
      ends: three([6, 6, 6]),
      function: three('inside'),
      hook: three('inside'),
      exit: three('left'),
    },
    here: [2, 2, 2],
  });
});
