/** Every public function of torch.nn.functional is there under its name in camel case. */
import { describe, expect, test } from '@jest/globals';
import { nn } from '../../../lib/index.js';
import { hasPython, runPython } from '../../support/python.js';
import { recorded } from '../compare.js';

const recordedNames = recorded<string[]>('nnFunctionalNames.json');
const names = hasPython ? (JSON.parse(runPython('nn_functional.py', ['names'])) as string[]) : recordedNames;
const camelCase = (name: string): string =>
  name.replace(/(?<=.)_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

describe('torch.nn.functional', () => {
  test('is what was recorded', () => {
    expect(names).toEqual(recordedNames);
    expect(names.length).toBeGreaterThan(130);
  });

  test.each(names.map((name) => [camelCase(name)]))('has %s', (name) => {
    expect(typeof Reflect.get(nn.functional, name)).toBe('function');
  });

  test('has nothing else but the enumerations of scaled products', () => {
    const known = new Set([...names.map(camelCase), 'ScalingType', 'SwizzleType']);
    expect(Object.keys(nn.functional).filter((name) => !known.has(name))).toEqual([]);
  });
});
