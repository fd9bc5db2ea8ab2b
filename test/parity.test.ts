/** docs/parity.md: every name of PyTorch has a state, and the page says it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { compare, type RecordedNames } from '../tools/parity/compare.js';
import { pageOf } from '../tools/parity/page.js';
import { hasPython, root, runPython } from './support/python.js';

const recorded = JSON.parse(
  readFileSync(join(root, 'test/fixtures/parityNames.json'), 'utf8'),
) as RecordedNames;
const { states, faults } = compare(recorded);

describe('names of PyTorch', () => {
  test('each has a state, and it is the right one', () => {
    expect(faults).toEqual([]);
    const total = Object.values(recorded.names).reduce((sum, names) => sum + Object.keys(names).length, 0);
    expect(states).toHaveLength(total);
    expect(total).toBeGreaterThan(1900);
  });

  test('docs/parity.md is what `npm run parity` writes', () => {
    expect(readFileSync(join(root, 'docs/parity.md'), 'utf8')).toBe(pageOf(recorded, states));
  });

  (hasPython ? test : test.skip)('the recorded names are those of the live reference', () => {
    const live = JSON.parse(runPython('tools/parity/names.py')) as RecordedNames;
    expect(live).toEqual(recorded);
  });

  test('a name that is neither here nor explained is a fault, as is a wrong claim', () => {
    const invented: RecordedNames = {
      version: recorded.version,
      names: {
        ...recorded.names,
        torch: { ...recorded.names.torch, no_such_function: 'function' },
        'torch.fft': { fft: 'function' },
      },
    };
    expect(compare(invented).faults).toEqual(['torch.no_such_function: is not here, and nothing says why']);
    const without = { ...recorded.names, 'torch.random': {} };
    expect(compare({ ...recorded, names: without }).faults).toEqual([
      'torch.random.thread_safe_generator: PyTorch has no such name',
    ]);
  });
});
