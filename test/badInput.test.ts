/** Nothing that is passed to litorch ends the process: a mistake is an Error that says what is wrong. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import torch from '../lib/index.js';
import { judge } from './badInput/badCall.js';
import { badCalls } from './badInput/table.js';
import { runTestProgram } from './support/child.js';
import { referenced } from './support/counts.js';

const all = Object.values(badCalls).flat();

describe('a bad call is an error of the expected class that says what is wrong', () => {
  let before = 0;
  beforeAll(() => {
    before = referenced();
  });

  describe.each(Object.entries(badCalls))('%s', (_, calls) => {
    test.each(calls.map((call) => [call.name, call] as const))('%s', (_, call) => {
      expect(judge(call)).toBeNull();
    });
  });

  test('there are at least 200 of them, each with a name of its own', () => {
    expect(all.length).toBeGreaterThanOrEqual(200);
    expect(new Set(all.map((call) => call.name)).size).toBe(all.length);
  });

  test('afterwards nothing has leaked', async () => {
    // A warning that has not been printed yet holds the objects of its stack. Fewer than before are left where an
    // earlier suite's tensors have gone meanwhile.
    for (let tries = 0; tries < 20; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (referenced() <= before) break;
    }
    expect(torch.memory.stats().tensors).toBeLessThanOrEqual(before);
  });

  test('afterwards everything still works', () => {
    torch.manualSeed(0);
    const x = torch.ones([2, 3], { requiresGrad: true });
    x.pow(2).sum().backward();
    expect(x.grad?.tolist()).toEqual([
      [2, 2, 2],
      [2, 2, 2],
    ]);
    expect(torch.isGradEnabled()).toBe(true);
    expect(torch.isInferenceModeEnabled()).toBe(false);
    expect(torch.getDefaultDtype()).toBe(torch.float32);
    expect(torch.areDeterministicAlgorithmsEnabled()).toBe(false);
  });
});

describe('in a process of their own', () => {
  test('all bad calls end as they should, leak nothing and leave the process working', () => {
    const { status, signal, stdout, stderr } = runTestProgram('badInput/child');
    expect({ status, signal, stderr: stderr.slice(0, 2000) }).toEqual({
      status: 0,
      signal: null,
      stderr: expect.anything(),
    });
    expect(JSON.parse(stdout)).toEqual({ count: all.length, failures: [], sum: 45, leaked: 0 });
  });
});
