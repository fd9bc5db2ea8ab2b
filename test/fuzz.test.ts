/** A part of `npm run fuzz` that is the same every time, and the fuzzer itself. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import torch from '../lib/index.js';
import { changedCall, randomCall } from './fuzz/calls.js';
import { upstreamFaults } from './fuzz/faults.js';
import { memoryChecks } from './fuzz/memoryChecks.js';
import { minimise } from './fuzz/minimise.js';
import { type CallRecipe, compileCall, printCall } from './fuzz/recipe.js';
import { callsInSession } from './fuzz/session.js';
import { operatorTargets, publicTargets, type Target } from './fuzz/targets.js';
import { addReport, newTotals } from './fuzz/totals.js';
import { runChild, type Watch } from './fuzz/watch.js';
import { runNode } from './support/child.js';
import { Dice } from './support/dice.js';
import { root } from './support/python.js';

const folder = mkdtempSync(join(tmpdir(), 'litorch-fuzz-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const watch: Watch = { memory: 6000, limit: 30, env: memoryChecks('overflow') };

const call = (target: string, ...args: CallRecipe['args']): CallRecipe => ({
  target,
  isMethod: false,
  seed: 0,
  args,
  options: {},
  backward: false,
});
const code = (text: string): CallRecipe['args'][number] => ({ kind: 'code', code: text });

describe('calls of anything with anything do not end the process', () => {
  // Seeds that never change, so that a failure can be found again: npm run fuzz -- --replay SEED:INDEX
  test.each([
    ['operators', '::', 3, 500],
    ['operators', '::', 2, 500],
    ['functions and methods', '^(torch|Tensor)[.]', 1, 400],
  ])('%s (%s, seed %i)', async (_, pattern, seed, sessions) => {
    const log = join(folder, `${seed}.log`);
    const end = await runChild({ seed, first: 0, sessions, pattern, skip: [], log }, watch);
    const last = end.crash === undefined ? '' : end.last.slice(0, 2000);
    expect({ crash: end.crash, last, stderr: end.crash === undefined ? '' : end.stderr }).toEqual({
      crash: undefined,
      last: '',
      stderr: '',
    });
    const totals = newTotals();
    addReport(totals, end.report as NonNullable<typeof end.report>, `${seed}:0`);
    expect({ strange: totals.strange, leaks: totals.leaks, calls: totals.calls }).toEqual({
      strange: [],
      leaks: [],
      calls: sessions * callsInSession,
    });
    // Else nothing but the check of types would have been tried.
    expect(totals.worked).toBeGreaterThan(sessions);
  });
});

describe('the fuzzer', () => {
  const add = operatorTargets().find(({ name }) => name === 'aten::add.Tensor') as Target;

  test('knows every overload that is registered but those left out', () => {
    const known = new Set(operatorTargets().map(({ name }) => name));
    const out = torch.registeredOperators().filter((name) => !known.has(name));
    expect(known.size).toBeGreaterThan(3000);
    for (const name of out)
      expect(name).toMatch(/c10d|symm_mem|_dtensor|profiler|from_file|^aten::_print|2bit_unpack/);
    const functions = publicTargets().map(({ name }) => name);
    expect(functions).toEqual(
      expect.arrayContaining([
        'torch.add',
        'torch.linalg.norm',
        'torch.nn.functional.linear',
        'torch.nn.Linear',
        'Tensor.add',
      ]),
    );
  });

  test('makes the same calls of the same seed', () => {
    const series = (seed: number): string => {
      const dice = new Dice(seed);
      let last = randomCall(dice, add);
      const calls = [printCall(last)];
      for (let i = 0; i < 20; i++) {
        last = changedCall(dice, add, last);
        calls.push(printCall(last));
      }
      return calls.join('\n\n');
    };
    expect(series(5)).toBe(series(5));
    expect(series(5)).not.toBe(series(6));
  });

  test('prints what it runs', () => {
    const tensor: CallRecipe['args'][number] = {
      kind: 'tensor',
      shape: [2, 3],
      dtype: 'int32',
      fill: { kind: 'full', value: '7' },
      disguises: ['transposed'],
    };
    const sum = {
      ...call('torch.add', tensor, { kind: 'alias', of: 'a0', view: '' }),
      options: { alpha: code('2') },
    };
    expect(printCall(sum)).toBe(
      [
        'torch.manualSeed(0);',
        'const a0 = torch.full([2, 3], 7).to(torch.int32).transpose(0, -1);',
        'const a1 = a0;',
        'torch.add(a0, a1, { alpha: 2 });',
      ].join('\n'),
    );
    const result = compileCall(sum)(torch)() as typeof torch.Tensor.prototype;
    expect(result.tolist()).toEqual(new Array(3).fill([21, 21]));
    expect(result.dtype).toBe(torch.int32);
  });

  test('names a crash and shrinks the call', async () => {
    const crashing = call(
      '((x, y) => y > 2 && process.abort())',
      code('[1, 2, 3]'),
      code('100'),
      code("'x'"),
    );
    const smallest = await minimise(crashing, mkdtempSync(join(folder, 'crash-')), watch);
    expect(smallest?.args).toEqual([code('undefined'), code('100')]);
    expect(
      await minimise(call('torch.ones', code('[2]')), mkdtempSync(join(folder, 'none-')), watch),
    ).toBeUndefined();
  });

  test('ends a call that does not', async () => {
    const [log, calls] = [join(folder, 'hang.log'), join(folder, 'hang.json')];
    writeFileSync(calls, JSON.stringify([call('torch.ones', code('[1]')), call('(() => { for (;;); })')]));
    const job = { seed: 0, first: 0, sessions: 0, pattern: '', skip: [], log, calls };
    const end = await runChild(job, { ...watch, limit: 1 });
    expect({ crash: end.crash, last: end.last }).toEqual({ crash: 'no end within 1 s', last: '1' });
  });

  test('sees a kernel leave its tensor, where blocks can be guarded', () => {
    // The operator without its guard: it reads as many elements of the second tensor as the first has.
    const program = `
      import torch from ${JSON.stringify(join(root, 'dist', 'lib', 'index.js'))};
      import { native } from ${JSON.stringify(join(root, 'dist', 'lib', 'native.js'))};
      const { id } = native.operatorSchema('aten::_log_softmax_backward_data', '');
      native.callOperator(id, null, torch.ones([1, 2000]).handle, torch.ones([1, 4]).handle, 1, torch.float32.code);
    `;
    const file = join(folder, 'beyond.mjs');
    writeFileSync(file, program);
    if ('LITORCH_FUZZ_GUARD' in watch.env) expect(runNode([file], watch.env).signal).toBe('SIGSEGV');
    expect(() =>
      torch.ops.aten?._log_softmax_backward_data?.(
        torch.ones([1, 2000]),
        torch.ones([1, 4]),
        1,
        torch.float32,
      ),
    ).toThrow(/arguments 'grad_output' and 'output' must have one shape/);
  });

  test('the list of upstream faults in docs/fuzzing.md is that of the guards', () => {
    const text = readFileSync(join(root, 'docs', 'fuzzing.md'), 'utf8');
    expect(text.slice(text.indexOf('<!-- faults -->'))).toBe(`<!-- faults -->\n\n${upstreamFaults()}\n`);
  });
});
