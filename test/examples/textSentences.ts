/** Invented sentences with praise or blame in them, as files of the text classification example. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { SeededRandom } from '../../lib/squad/index.js';

const GOOD = ['bright', 'warm', 'clever', 'lively'];
const BAD = ['dull', 'cold', 'clumsy', 'flat'];
const THINGS = ['lantern', 'kettle', 'garden', 'bicycle', 'harbour', 'window'];
const VERBS = ['is', 'seems', 'was', 'felt'];

/** A label and a text. */
export interface Line {
  label: 0 | 1;
  text: string;
}

/** As many lines as asked for: two adjectives of one kind among neutral words. */
export function makeLines(count: number, seed: number): Line[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => {
    const label = random.below(2) as 0 | 1;
    const kind = label === 1 ? GOOD : BAD;
    const first = `the ${random.pick(THINGS)} ${random.pick(VERBS)} ${random.pick(kind)}`;
    const more = ` and the ${random.pick(THINGS)} ${random.pick(VERBS)} ${random.pick(kind)}`;
    return { label, text: random.below(3) === 0 ? first : first + more };
  });
}

export function writeLines(path: string, lines: readonly unknown[]): void {
  writeFileSync(path, gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
}

/** The three data sets in a folder, made up. */
export function writeDataSets(folder: string): void {
  for (const name of ['sst2', 'rt-polarity', 'imdb']) mkdirSync(join(folder, name), { recursive: true });
  writeLines(join(folder, 'sst2', 'train.jsonl.gz'), makeLines(96, 1));
  writeLines(join(folder, 'sst2', 'dev.jsonl.gz'), makeLines(24, 2));
  writeLines(join(folder, 'sst2', 'test.jsonl.gz'), makeLines(40, 3));
  // A number in each text tells it from all others.
  const numbered = makeLines(103, 4).map(({ label, text }, i) => ({ label, text: `${text} ${i}` }));
  writeLines(join(folder, 'rt-polarity', 'all.jsonl.gz'), numbered);
  const raw = makeLines(50, 5).map(({ label, text }, i) => ({
    label,
    text: `Number ${i}:<br /><br />${text}, isn't it?`,
  }));
  writeLines(join(folder, 'imdb', 'train.jsonl.gz'), raw);
  writeLines(join(folder, 'imdb', 'test.jsonl.gz'), raw.slice(0, 20));
}
