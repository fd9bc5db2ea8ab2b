/** The real data that the tests use where it lies beside the repository, and helpers that several of them share. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, test } from '@jest/globals';
import { root } from '../support/python.js';

/** A file of the SQuAD data, or `undefined` where it isn't there. */
export function realData(name: string): string | undefined {
  const path = join(root, '..', 'shared', 'data', 'squad', name);
  return existsSync(path) ? path : undefined;
}

/** `test`, or `test.skip` with a note in the test's name and on the error stream where something is missing. */
export function testWith(what: string, present: unknown) {
  return (name: string, run: () => void | Promise<void>) => {
    if (present) return test(name, run);
    process.stderr.write(`skipped, ${what} is missing: ${name}\n`);
    return test.skip(`${name} (skipped: ${what} is missing)`, run);
  };
}

/** A folder that is removed after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'litorch-squad-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** The big-endian bytes of a float64, in hexadecimal. */
export function hex(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
}

/** A small valid dataset in the official form, to be spoiled by tests. */
export function official() {
  return {
    version: '1.1',
    data: [
      {
        title: 'Rivers',
        paragraphs: [
          {
            context: 'The Lome rises in the north and meets the sea at Port Hallow.',
            qas: [
              {
                id: 'q1',
                question: 'Where does the Lome meet the sea?',
                answers: [
                  { text: 'Port Hallow', answer_start: 49 },
                  { text: 'at Port Hallow', answer_start: 46 },
                ],
              },
              {
                id: 'q2',
                question: 'What rises in the north?',
                answers: [{ text: 'The Lome', answer_start: 0 }],
              },
            ],
          },
        ],
      },
      {
        title: 'Köln 𝔘 notes',
        paragraphs: [
          {
            context: '𝔘𝔫 café near the 𝔇om opened in 1821.',
            qas: [{ id: 'q3', question: 'When did it open?', answers: [{ text: '1821', answer_start: 31 }] }],
          },
        ],
      },
    ],
  };
}
