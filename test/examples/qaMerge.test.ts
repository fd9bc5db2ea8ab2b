/** Putting runs of the example's program together. */
import { afterAll, expect, test } from '@jest/globals';
import { SMALL, Workplace } from './program.js';

const place = new Workplace();
afterAll(() => place[Symbol.dispose]());

test('runs of other arms and seeds, put together, are as one run of all of them', () => {
  const common = [...SMALL, '--limit', '16', '--dev-limit', '8', '--epochs', '1', '--attack-limit', '2'];
  place.run(...common, '--arms', 'none,fgm', '--seeds', '2', '--epsilon', 'fgm=1', '--out', 'all');
  place.run(...common, '--arms', 'none', '--seeds', '2', '--out', 'some');
  place.run(...common, '--arms', 'fgm', '--seeds', '2', '--epsilon', '1', '--out', 'more');
  const { status, stdout, stderr } = place.runProgram('merge.js', 'together', 'some', 'more');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  // Times and memory apart, the tables are the same.
  const scores = (out: string) =>
    place
      .read(out, 'report.md')
      .toString()
      .split('\n')
      .filter((line) => !/seconds|memory/.test(line));
  expect(scores('together')).toEqual(scores('all'));
  expect(stdout).toContain(scores('together')[2]);
  expect(place.read('together', 'report.html').toString()).toContain('±');
  const twice = place.runProgram('merge.js', 'together', 'some', 'all');
  expect(twice.status).toBe(1);
  expect(twice.stderr).toContain('none with seed 1 is in two of the runs');
  place.run(
    ...common,
    '--arms',
    'pgd',
    '--seeds',
    '2',
    '--epochs',
    '2',
    '--max-steps',
    '1',
    '--out',
    'other',
  );
  expect(place.runProgram('merge.js', 'together', 'some', 'other').stderr).toContain('epochs is 1 and 2');
});
