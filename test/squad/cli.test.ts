import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { main } from '../../lib/squad/cli.js';
import { loadSquad, SeededRandom } from '../../lib/squad/index.js';
import { pythonFloat } from '../../lib/squad/python-float.js';
import { hasPython, runPython } from '../support/python.js';
import { hex, official, realData, temporaryFolder, testWith } from './data.js';
import { perturbedPredictions } from './perturb.js';

const folder = temporaryFolder();
const file = (name: string, content: unknown) => {
  const path = join(folder, name);
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
};
const dataset = file('dataset.json', official());
const right = { q1: 'Port Hallow', q2: 'the Lome', q3: '1821' };

async function run(...argv: string[]) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const status = await main(argv, {
    stdout: { write: (text: string) => stdout.push(text) },
    stderr: { write: (text: string) => stderr.push(text) },
  });
  return { status, stdout: stdout.join(''), stderr: stderr.join('') };
}

describe('squad-eval', () => {
  test('prints the official line', async () => {
    const found = await run(dataset, file('right.json', right));
    expect(found).toEqual({ status: 0, stdout: '{"exact_match": 100.0, "f1": 100.0}\n', stderr: '' });
    const none = await run(dataset, file('wrong.json.gz', { q1: 'x', q2: 'x', q3: 'x' }));
    expect(none).toEqual({ status: 0, stdout: '{"exact_match": 0.0, "f1": 0.0}\n', stderr: '' });
  });

  test('counts missing predictions as 0 and names them', async () => {
    const found = await run(dataset, file('some.json', { q1: 'Port Hallow', other: 'x' }));
    expect(found.stdout).toBe('{"exact_match": 33.333333333333336, "f1": 33.333333333333336}\n');
    expect(found.stderr).toContain('Unanswered question q2 will receive score 0.\n');
    expect(found.stderr).toContain('1 of 2 predictions are for questions not in the dataset.\n');
    expect(found.status).toBe(0);
  });

  test('names only the first ten', async () => {
    const value = official();
    const first = value.data[0]!.paragraphs[0]!;
    first.qas = Array.from({ length: 30 }, (_, i) => ({ ...first.qas[0]!, id: `n${i}` }));
    const found = await run(file('many.json', value), file('none.json', {}));
    expect(found.stderr.split('\n')).toHaveLength(12);
    expect(found.stderr).toContain('... and 21 more, 31 in all.\n');
  });

  test('scores AddSent', async () => {
    const value = official();
    value.data[0]!.paragraphs[0]!.qas.push({ ...value.data[0]!.paragraphs[0]!.qas[0]!, id: 'q1-high' });
    const found = await run(
      '--addsent',
      file('addsent.json', value),
      file('answers.json', { ...right, 'q1-high': 'x' }),
    );
    const two = '66.66666666666667';
    expect(found).toEqual({
      status: 0,
      stdout: `{"clean": {"exact_match": 100.0, "f1": 100.0}, "adversarial": {"exact_match": ${two}, "f1": ${two}}}\n`,
      stderr: '',
    });
  });

  test.each<[string, unknown, RegExp]>([
    ['list.json', [], /predictions must be one object/],
    ['null.json', null, /predictions must be one object/],
    ['number.json', { q1: 3 }, /the answer to question "q1" is a value of type number, no string/],
    ['nested.json', { q1: { text: 'x' } }, /the answer to question "q1" is a value of type object/],
    ['array.json', { q1: ['x'] }, /"q1" is an array/],
    ['nil.json', { q1: null }, /"q1" is null/],
    ['broken.json', '{"q1": ', /not JSON/],
  ])('refuses predictions: %s', async (name, content, message) => {
    const path = file(name, content);
    const found = await run(dataset, path);
    expect(found).toMatchObject({ status: 1, stdout: '' });
    expect(found.stderr).toMatch(message);
    expect(found.stderr).toContain(path);
  });

  test('refuses a malformed dataset, and files that are not there', async () => {
    const value = official();
    value.data[0]!.paragraphs[0]!.qas[1]!.id = 'q1';
    const path = file('twice.json', value);
    const found = await run(path, file('right.json', right));
    expect(found).toMatchObject({ status: 1, stdout: '' });
    expect(found.stderr).toBe(
      `litorch squad-eval: ${path}: article 0 ("Rivers"), paragraph 0, question 1 (id "q1"): ` +
        'its id is already that of article 0, paragraph 0, question 0\n',
    );
    for (const argv of [
      [join(folder, 'nowhere.json'), dataset],
      [dataset, folder],
    ]) {
      expect(await run(...argv)).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(/^litorch squad-eval: E/),
      });
    }
  });

  test('explains itself', async () => {
    for (const option of ['--help', '-h']) {
      expect(await run(option)).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringMatching(/^Usage: litorch/),
      });
    }
    for (const argv of [[], [dataset], [dataset, dataset, dataset], ['--what', dataset, dataset]]) {
      const found = await run(...argv);
      expect(found).toMatchObject({ status: 2, stdout: '' });
      expect(found.stderr).toMatch(/^litorch squad-eval: .+\n\nUsage: /);
    }
  });

  const dev = realData('dev-v1.1.json.gz');
  testWith('../shared/data/squad/dev-v1.1.json.gz or Python', dev && hasPython)(
    'prints what Python prints',
    async () => {
      const predictions = perturbedPredictions(loadSquad(dev!), new SeededRandom(77));
      const path = file('dev.json', Object.fromEntries(predictions));
      const found = await run(dev!, path);
      expect(found.stdout).toBe(runPython('squad_eval.py', ['squad', dev!, path]));
    },
  );
});

describe('pythonFloat', () => {
  const numbers = [
    0,
    -0,
    100,
    1e-4,
    9.999e-5,
    1e-5,
    1.5e-7,
    5e-324,
    1e15,
    1e16,
    123456789012345680,
    1e21,
    1.7976931348623157e308,
    2 / 3,
    -12.5,
  ];

  test('writes numbers as Python does', () => {
    expect(numbers.map(pythonFloat)).toEqual([
      '0.0',
      '-0.0',
      '100.0',
      '0.0001',
      '9.999e-05',
      '1e-05',
      '1.5e-07',
      '5e-324',
      '1000000000000000.0',
      '1e+16',
      '1.2345678901234568e+17',
      '1e+21',
      '1.7976931348623157e+308',
      '0.6666666666666666',
      '-12.5',
    ]);
    expect([Number.NaN, Infinity, -Infinity].map(pythonFloat)).toEqual(['NaN', 'Infinity', '-Infinity']);
  });

  testWith('the reference Python', hasPython)('for 20,000 numbers', () => {
    const random = new SeededRandom(1);
    const view = new DataView(new ArrayBuffer(8));
    const some = Array.from({ length: 20_000 }, (_, i) => {
      if (i % 2) return 10 ** (random.below(44) - 22) * random.uniform();
      view.setUint32(0, random.uint32());
      view.setUint32(4, random.uint32());
      return view.getFloat64(0);
    }).filter((value) => !Number.isNaN(value));
    const expected = JSON.parse(
      runPython('squad_eval.py', ['floats'], { input: JSON.stringify(some.map(hex)) }),
    );
    expect(some.map(pythonFloat)).toEqual(expected);
  });
});
