/** The event files of the examples, read back by TensorBoard's own reader. */
import { spawnSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { frameRecord } from '../../examples/report/record.js';
import { EventWriter } from '../../examples/report/tensorboard.js';
import { hasPython, python, runPython } from '../support/python.js';

const root = mkdtempSync(join(tmpdir(), 'litorch-events-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const hasReader =
  hasPython &&
  spawnSync(python, ['-c', 'import tensorboard, google.protobuf'], { cwd: '/', stdio: 'ignore' }).status ===
    0;

function testWithReader(name: string, run: () => void): void {
  if (hasReader) test(name, run);
  else test.skip(`${name} (skipped: the reference Python has no tensorboard)`, run);
}

interface Read {
  /** By tag: step, value as Python prints it, wall time. */
  scalars: Record<string, [number, string, number][]>;
  texts: Record<string, [number, string[]][]>;
  plugins: Record<string, string>;
  files: { version?: string | null; events?: number }[];
}

const read = (...folders: string[]): Read[] => JSON.parse(runPython('tensorboard_events.py', folders));

function write(name: string, fill: (writer: EventWriter) => void, purgeStep?: number): string {
  const folder = join(root, name);
  const writer = new EventWriter(folder, { purgeStep });
  fill(writer);
  writer.close();
  return folder;
}

const values = (read: Read, tag: string) => read.scalars[tag]!.map(([step, value]) => [step, Number(value)]);

testWithReader('scalars and texts come back as they were written', () => {
  const long = 'Ein längerer Text: ε ≤ 5, 日本語, 🙂. '.repeat(500);
  const folder = write('values', (writer) => {
    writer.addScalar('loss/forum', 2.5, 0, 1_700_000_000.25);
    writer.addScalar('loss/forum', 0.1, 1);
    writer.addScalar('loss/forum', -1e-40, 2 ** 31 + 5);
    writer.addScalar('loss/forum', Number.NaN, 2 ** 40);
    writer.addScalar('loss/fgm', Number.NEGATIVE_INFINITY, 7);
    writer.addText('settings', '| name | value |\n|---|---|\n| ε | 5 |', 0);
    writer.addText('settings', long, 3);
    writer.addText('empty', '', 0);
  });
  const [back] = read(folder);
  expect(back!.files).toEqual([{ version: 'brain.Event:2', events: 9 }]);
  // The values are 32-bit floats, with their denormal numbers.
  expect(values(back!, 'loss/forum')).toEqual([
    [0, 2.5],
    [1, Math.fround(0.1)],
    [2 ** 31 + 5, Math.fround(-1e-40)],
    [2 ** 40, Number.NaN],
  ]);
  expect(back!.scalars['loss/fgm']!.map(([step, value]) => [step, value])).toEqual([[7, '-inf']]);
  const [first, second] = back!.scalars['loss/forum']!.map(([, , wallTime]) => wallTime);
  expect(first).toBe(1_700_000_000.25);
  expect(Math.abs(second! - Date.now() / 1000)).toBeLessThan(600);
  expect(back!.texts.settings).toEqual([
    [0, ['| name | value |\n|---|---|\n| ε | 5 |']],
    [3, [long]],
  ]);
  expect(back!.texts.empty).toEqual([[0, ['']]]);
  expect(back!.plugins).toEqual({ settings: 'text', empty: 'text' });
});

testWithReader('a run that goes on adds a file, and TensorBoard forgets what it writes anew', () => {
  const both = (name: string, purgeStep?: number) => {
    write(name, (writer) => {
      for (let step = 0; step < 10; step++) writer.addScalar('loss', step, step);
    });
    return write(
      name,
      (writer) => {
        for (let step = 6; step < 12; step++) writer.addScalar('loss', 100 + step, step);
      },
      purgeStep,
    );
  };
  const [purged, kept] = read(both('purged', 6), both('kept'));
  const steps = (read: Read) => values(read, 'loss').map(([, value]) => value);
  expect(steps(purged!)).toEqual([0, 1, 2, 3, 4, 5, 106, 107, 108, 109, 110, 111]);
  expect(steps(kept!)).toHaveLength(16);
  expect(purged!.files.map(({ events }) => events)).toEqual([11, 8]);
});

testWithReader('what was written can be read before the file is closed, and after a torn last record', () => {
  const folder = join(root, 'open');
  const writer = new EventWriter(folder);
  for (let step = 0; step < 3; step++) writer.addScalar('loss', step, step);
  const [open] = read(folder);
  expect(values(open!, 'loss')).toHaveLength(3);
  writer.close();
  truncateSync(writer.path, statSync(writer.path).size - 5);
  expect(values(read(folder)[0]!, 'loss')).toEqual([
    [0, 0],
    [1, 1],
  ]);
});

testWithReader('a changed byte is seen by the reader: the checksums are the ones that it computes', () => {
  const folder = write('broken', (writer) => {
    writer.addScalar('loss', 1, 1);
    writer.addScalar('loss', 2, 2);
  });
  const path = join(folder, readdirSync(folder)[0]!);
  const bytes = readFileSync(path);
  // The last record's value is in its last bytes but the 4 of the checksum.
  bytes[bytes.length - 6]! ^= 1;
  writeFileSync(path, bytes);
  // It goes no further than the broken record.
  const [back] = read(folder);
  expect(back!.files).toEqual([{ version: 'brain.Event:2', events: 2 }]);
  expect(values(back!, 'loss')).toEqual([[1, 1]]);
});

describe('without a reader', () => {
  test('a record is its length, its bytes, and the masked CRC-32C of both', () => {
    const record = Buffer.from(frameRecord(new TextEncoder().encode('123456789')));
    expect(record.readBigUInt64LE(0)).toBe(9n);
    expect(record.subarray(12, 21).toString()).toBe('123456789');
    // The check value of CRC-32C, as catalogues of checksums give it for these nine digits.
    const crc = 0xe3069283;
    expect(record.readUInt32LE(21)).toBe((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
    expect(record).toHaveLength(25);
  });

  test('the name has the time, the host and the process, and stands after those that are there', () => {
    const folder = join(root, 'names');
    const paths = [1, 2, 3].map(() => {
      const writer = new EventWriter(folder);
      writer.close();
      return writer.path;
    });
    const names = readdirSync(folder).sort();
    expect(paths.map((path) => path.slice(folder.length + 1))).toEqual(names);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\..+\.\d+$/);
    expect(names[0]).toContain(`.${hostname()}.${process.pid}`);
  });

  test('bad arguments are named, and write nothing', () => {
    const folder = join(root, 'bad');
    const writer = new EventWriter(folder);
    const size = statSync(writer.path).size;
    expect(() => writer.addScalar('', 1, 1)).toThrow(TypeError);
    for (const step of [-1, 1.5, Number.NaN, 2 ** 53])
      expect(() => writer.addScalar('loss', 1, step)).toThrow(/whole number from 0/);
    expect(() => writer.addText('text', 'a', 1, Number.POSITIVE_INFINITY)).toThrow(/wallTime/);
    expect(statSync(writer.path).size).toBe(size);
    writer.close();
    writer.close();
    expect(() => writer.addScalar('loss', 1, 1)).toThrow('has been closed');
    const before = readdirSync(folder);
    expect(() => new EventWriter(folder, { purgeStep: -1 })).toThrow(RangeError);
    expect(readdirSync(folder)).toEqual(before);
  });
});
