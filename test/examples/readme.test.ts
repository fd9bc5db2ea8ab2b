/** The README goes through the forum's post line by line: its line numbers must be those of the code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from '../support/python.js';

const folder = join(root, 'examples', 'adversarial-qa');
const rows = [
  ...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(
    /^\| `(.*)` \| `(.*)` \| `(.*\.ts):(\d+)` \|$/gm,
  ),
];

test('the reading aid has every line of the post', () => {
  expect(rows).toHaveLength(19);
});

test.each(rows.map((row) => row.slice(1) as [string, string, string, string]))(
  '%s is %s at %s:%s',
  (_post, code, file, line) => {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n');
    expect(lines[Number(line) - 1]).toContain(code);
  },
);
