/**
 * Writes docs/parity.md: what litorch has of PyTorch's names. With `--check` nothing is written, and it fails where the
 * page would differ. Names without a state, or with a wrong one, are listed, and nothing is written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, type RecordedNames } from './parity/compare.js';
import { pageOf } from './parity/page.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = join(root, 'docs/parity.md');

const recorded = JSON.parse(
  readFileSync(join(root, 'test/fixtures/parityNames.json'), 'utf8'),
) as RecordedNames;
const { states, faults } = compare(recorded);
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exitCode = 1;
} else {
  const text = pageOf(recorded, states);
  const before = readFileSync(page, { encoding: 'utf8', flag: 'a+' });
  console.log(`docs/parity.md ${before === text ? 'is up to date' : 'differs'}`);
  if (process.argv.includes('--check')) process.exitCode = before === text ? 0 : 1;
  else if (before !== text) writeFileSync(page, text);
}
