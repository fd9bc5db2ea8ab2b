/** The example's program, run as a user runs it: its options, its results, and going on from a checkpoint. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { attackEpsilonsOf, parseOptions, UsageError } from '../../examples/adversarial-qa/options.js';
import { root } from '../support/python.js';

const program = join(root, 'dist', 'examples', 'adversarial-qa', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'litorch-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SMALL = [
  ...['--limit', '96', '--dev-limit', '40', '--batch-size', '8', '--attack-limit', '16'],
  ...[
    '--embedding-dim',
    '16',
    '--hidden-size',
    '8',
    '--threads',
    '1',
    '--device',
    process.env.LITORCH_TEST_DEVICE ?? 'cpu',
  ],
];

/** The environment without Jest's own options, which are not for the program. */
const env = { ...process.env, NODE_OPTIONS: '' };

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    cwd: folder,
    env,
  });
  return { status, stdout, stderr };
}

const read = (out: string, name: string) => readFileSync(join(folder, out, name));

/** A checkpoint's header, with the state that is JSON in it, and the bytes of its tensors. */
function checkpointOf(out: string) {
  const file = read(out, 'checkpoint.safetensors');
  const end = 8 + Number(file.readBigUInt64LE(0));
  const { __metadata__: metadata, ...header } = JSON.parse(file.subarray(8, end).toString());
  header.state = JSON.parse(metadata['litorch.checkpoint']);
  return { header, bytes: file.subarray(end) };
}

describe('the run', () => {
  test('trains, evaluates, attacks, and leaves its results', () => {
    const { status, stdout, stderr } = run(...SMALL, '--epochs', '1', '--out', 'whole');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /training 12\/12 .* steps\/s, took .*loss: baseline \d+\.\d+, adversarial \d+\.\d+/,
    );
    expect(stdout).toContain('% sure)');
    const table = read('whole', 'report.md').toString();
    expect(stdout).toContain(table.trim());
    for (const row of [
      'clean, 40 questions',
      'attack, ε = 1',
      'attack, ε = 2.5',
      'attack, ε = 5',
      'noise, ε = 5',
    ]) {
      expect(table).toMatch(
        new RegExp(
          `^\\| ${row.replace('.', '\\.')}: EM / F1 +(\\| +\\d+\\.\\d\\d / \\d+\\.\\d\\d ){2}\\|$`,
          'm',
        ),
      );
    }
    for (const row of ['seconds a step, median', 'peak memory, MiB']) {
      expect(table).toMatch(new RegExp(`^\\| ${row} +(\\| +[\\d.,]+ ){2}\\|$`, 'm'));
    }
    const records = read('whole', 'metrics.jsonl')
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const count = (type: string, arm: string) =>
      records.filter((one) => one.type === type && one.arm === arm).length;
    for (const arm of ['baseline', 'adversarial']) {
      expect([count('step', arm), count('evaluation', arm), count('attack', arm)]).toEqual([12, 1, 1]);
      expect(Object.keys(JSON.parse(read('whole', `predictions-${arm}.json`).toString()))).toHaveLength(40);
    }
    expect(read('whole', 'curves.svg').toString()).toMatch(/^<svg /);
    expect(read('whole', 'curves.png').subarray(1, 4).toString()).toBe('PNG');
  });

  test('its checkpoint can be asked whether the network reads the answer off the perturbation', () => {
    const leak = join(root, 'dist', 'examples', 'adversarial-qa', 'leak.js');
    const args = [leak, 'whole/checkpoint.safetensors', '16'];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder, env });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^baseline: [\d.]+ % .*; [\d.]+ % .* norm 5 .*\nadversarial: [\d.]+ % /);
  });

  test('2N steps at once, and N, a resumption and N more, end in the same bits', () => {
    const common = [...SMALL, '--epochs', '2'];
    expect(run(...common, '--max-steps', '20', '--out', 'at-once').status).toBe(0);
    const first = run(...common, '--max-steps', '10', '--out', 'halves');
    expect(first.stdout).toContain('--resume');
    const half = checkpointOf('halves');
    const more = ['--max-steps', '20', '--threads', '1', '--out', 'halves'];
    const second = run('--resume', 'halves/checkpoint.safetensors', ...more);
    expect(second.stdout).toContain('going on from step 10');
    const whole = checkpointOf('at-once');
    expect(half.bytes.equals(whole.bytes)).toBe(false);
    // Weights, the optimizers' states and random numbers; then progress, settings and vocabulary.
    expect(checkpointOf('halves').bytes.equals(whole.bytes)).toBe(true);
    expect(checkpointOf('halves').header).toEqual(whole.header);
    const losses = (out: string) =>
      read(out, 'metrics.jsonl')
        .toString()
        .split('\n')
        .map((line) => line.replace(/"(seconds|peakBytes)":[^,}]+,?/g, ''));
    expect(losses('halves')).toEqual(losses('at-once'));
  });

  test('an arm becomes the same whether it is alone or not', () => {
    const common = [...SMALL, '--max-steps', '3'];
    const loss = (out: string) => {
      const lines = read(out, 'metrics.jsonl').toString().trim().split('\n');
      return lines
        .map((line) => JSON.parse(line))
        .filter((one) => one.arm === 'adversarial')
        .map((one) => one.loss);
    };
    run(...common, '--out', 'both');
    run(...common, '--arms', 'adversarial', '--out', 'alone');
    expect(loss('alone')).toHaveLength(3);
    expect(loss('alone')).toEqual(loss('both'));
  });

  test('Ctrl-C once finishes the step, saves and reports', async () => {
    const { status, stdout } = await interrupted('once', 1);
    expect(status).toBe(0);
    expect(stdout).toContain('Interrupted');
    expect(stdout).toContain('seconds a step');
    expect(existsSync(join(folder, 'once', 'checkpoint.safetensors'))).toBe(true);
    expect(run('--resume', 'once/checkpoint.safetensors', '--max-steps', '1', '--out', 'once').status).toBe(
      0,
    );
  });

  test('Ctrl-C twice ends at once', async () => {
    const { signal } = await interrupted('twice', 2);
    expect(signal).toBe('SIGINT');
  });
});

describe('the options', () => {
  test('--help explains them', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    for (const name of [
      'train',
      'dev',
      'epochs',
      'batch-size',
      'epsilon',
      'seed',
      'limit',
      'device',
      'resume',
    ]) {
      expect(stdout).toContain(`--${name}`);
    }
  });

  test.each([
    [['--nonsense'], '--nonsense'],
    [['--epochs', '0'], '--epochs must be at least 1'],
    [['--epochs', '1.5'], '--epochs must be an integer'],
    [['--epsilon', 'five'], '--epsilon must be a number, got "five"'],
    [['--epsilon=-1'], '--epsilon must be above 0'],
    [['--dropout', '1'], '--dropout must be below 1'],
    [['--arms', 'both'], 'got "both"'],
    [['--train', 'x.json'], '--train and --dev go together'],
    [['extra'], 'extra'],
  ])('%j is refused', (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });

  test('the defaults are larger for files than for the embedded passages', () => {
    expect(parseOptions([])).toMatchObject({
      train: null,
      batchSize: 16,
      hiddenSize: 32,
      epochs: 5,
      given: [],
    });
    const files = parseOptions(['--train', 'a', '--dev', 'b', '--fix-embeddings']);
    expect(files).toMatchObject({
      train: 'a',
      batchSize: 32,
      hiddenSize: 64,
      epochs: 3,
      fixEmbeddings: true,
    });
    expect(attackEpsilonsOf(files!)).toEqual([1, 2.5, 5]);
  });

  test.each([
    [['--nonsense'], 2, "Unknown option '--nonsense'"],
    [['--train', 'missing.json', '--dev', 'missing.json'], 1, 'missing.json'],
    [['--resume', 'missing.safetensors'], 1, 'missing.safetensors'],
  ])('%j ends with %i and says what is wrong', (args, expected, message) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(expected);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  test('malformed data is an error that names the file, the article and the question', () => {
    const broken = {
      data: [
        { title: 'Rivers', paragraphs: [{ context: 'A river.', qas: [{ id: 'q1', question: 'What?' }] }] },
      ],
    };
    writeFileSync(join(folder, 'broken.json'), JSON.stringify(broken));
    const { status, stderr } = run('--train', 'broken.json', '--dev', 'broken.json');
    expect(status).toBe(1);
    for (const part of ['broken.json', 'Rivers', 'q1']) expect(stderr).toContain(part);
  });

  test('a setting of the checkpoint cannot be changed', () => {
    run(...SMALL, '--max-steps', '1', '--out', 'fixed');
    const { status, stderr } = run('--resume', 'fixed/checkpoint.safetensors', '--epsilon', '1');
    expect(status).toBe(2);
    expect(stderr).toContain('--epsilon is 5 in the checkpoint');
  });
});

/** Runs until training has begun and then presses Ctrl-C. */
function interrupted(
  out: string,
  times: number,
): Promise<{ status: number | null; signal: string | null; stdout: string }> {
  const args = [...SMALL, '--epochs', '100000', '--save-every', '1', '--out', out];
  const child: ChildProcess = spawn(process.execPath, [program, ...args], { cwd: folder, env });
  let stdout = '';
  let sent = 0;
  const press = () => {
    if (sent++ < times) child.kill('SIGINT');
  };
  child.stdout!.on('data', (text) => {
    stdout += text;
    if (sent === 1 && stdout.includes('Interrupted')) press();
  });
  const poll = setInterval(() => {
    if (sent === 0 && existsSync(join(folder, out, 'checkpoint.safetensors'))) press();
  }, 20);
  return new Promise((resolve) => {
    child.on('close', (status, signal) => {
      clearInterval(poll);
      resolve({ status, signal, stdout });
    });
  });
}
