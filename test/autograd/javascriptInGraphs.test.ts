/** Graphs with JavaScript in them: their memory, and threads that end. */
import { expect, test } from '@jest/globals';
import { runTestProgram } from '../support/child.js';

interface Used {
  /** Bytes of the JavaScript heap that a round leaves behind, and the tensors of all of them. */
  measured: Record<string, { heap: number; tensors: number }>;
  resident: number;
}

test('synchronous loops leave nothing behind', () => {
  const { status, stdout, stderr } = runTestProgram('autograd/loop', [], { OMP_NUM_THREADS: '1' });
  expect([status, stderr]).toEqual([0, '']);
  const { measured, resident } = JSON.parse(stdout) as Used;
  expect(Object.keys(measured).length).toBe(9);
  for (const [kind, { heap, tensors }] of Object.entries(measured)) {
    // The leaf and its gradient. Whatever a round leaked would have taken more than a hundred bytes.
    expect([kind, tensors <= 2, heap < 100]).toEqual([kind, true, true]);
  }
  expect(resident).toBeLessThan(700e6);
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
