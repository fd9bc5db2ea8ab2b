/** The example's program, run as a user runs it: its results, and what ends it. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { SMALL, Workplace } from './program.js';

const place = new Workplace();
afterAll(() => place[Symbol.dispose]());

describe('the run', () => {
  test('trains, evaluates, attacks, and leaves its results', () => {
    const { status, stdout, stderr } = place.run(...SMALL, '--epochs', '1', '--out', 'whole');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /training 12\/12 .* steps\/s, took .*loss: none \d+\.\d+, forum \d+\.\d+, fgm \d+\.\d+/,
    );
    expect(stdout).toContain('% sure)');
    const table = place.read('whole', 'report.md').toString();
    expect(stdout).toContain(table.trim());
    for (const row of ['clean, 40 questions', '8 of them, no attack', 'attack, ε = 2', 'noise, ε = 0.5']) {
      expect(table).toMatch(
        new RegExp(
          `^\\| ${row.replace('.', '\\.')}: EM / F1 +(\\| +\\d+\\.\\d\\d / \\d+\\.\\d\\d ){3}\\|$`,
          'm',
        ),
      );
    }
    for (const row of ['seconds a step, median', 'peak memory, MiB']) {
      expect(table).toMatch(new RegExp(`^\\| ${row} +(\\| +[\\d.,]+ ){3}\\|$`, 'm'));
    }
    const all = place.records('whole');
    for (const arm of ['none', 'forum', 'fgm']) {
      const count = (type: string) => all.filter((one) => one.type === type && one.arm === arm).length;
      expect([count('step'), count('evaluation'), count('attack')]).toEqual([12, 1, 1]);
      expect(Object.keys(JSON.parse(place.read('whole', `predictions-${arm}.json`).toString()))).toHaveLength(
        40,
      );
      expect(existsSync(place.path('whole', `checkpoint-best-${arm}.safetensors`))).toBe(true);
      expect(readdirSync(place.path('whole', `tensorboard/${arm}`))).toHaveLength(1);
    }
    expect(place.read('whole', 'curves.svg').toString()).toMatch(/^<svg /);
    expect(place.read('whole', 'curves.png').subarray(1, 4).toString()).toBe('PNG');
    const page = place.read('whole', 'report.html').toString();
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('npm start -- --attack-limit 8');
    expect(readdirSync(place.path('whole')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('a checkpoint can be asked whether its networks read the answer off the perturbation', () => {
    const ask = (name: string) => place.runProgram('leak.js', `whole/${name}.safetensors`, '16');
    const { status, stdout } = ask('checkpoint');
    expect(status).toBe(0);
    const line =
      /^(\w+): [\d.]+ % of .*; .* [\d.]+ % \(norm 5 for each word\), [\d.]+ % \(norm [\d.]+ for all words\)$/gm;
    expect([...stdout.matchAll(line)].map(([, arm]) => arm)).toEqual(['none', 'forum', 'fgm']);
    expect(ask('checkpoint-best-fgm').stdout).toMatch(/^fgm: .*\n$/);
  });

  test('an arm becomes the same whether it is alone or not', () => {
    const common = [...SMALL, '--max-steps', '3'];
    const losses = (out: string) =>
      place
        .records(out)
        .filter((one) => one.arm === 'fgm' && one.seed === 2)
        .map((one) => one.loss);
    place.run(...common, '--seeds', '2', '--out', 'both');
    // The embedded passages are made from the first seed, so it stays.
    place.run(...common, '--seeds', '1,2', '--arms', 'fgm', '--out', 'alone');
    expect(losses('alone')).toHaveLength(3);
    expect(losses('alone')).toEqual(losses('both'));
  });

  test('Ctrl-C once finishes the step, saves and reports', async () => {
    const { status, stdout } = await interrupted('once', 1);
    expect(status).toBe(0);
    expect(stdout).toContain('Interrupted');
    expect(stdout).toContain('seconds a step');
    expect(existsSync(place.path('once', 'checkpoint.safetensors'))).toBe(true);
    expect(
      place.run('--resume', 'once/checkpoint.safetensors', '--max-steps', '1', '--out', 'once').status,
    ).toBe(0);
  });

  test('Ctrl-C twice ends at once', async () => {
    const { signal } = await interrupted('twice', 2);
    expect(signal).toBe('SIGINT');
  });
});

describe('what is wrong', () => {
  test.each([
    [['--nonsense'], 2, "Unknown option '--nonsense'"],
    [['--train', 'missing.json', '--dev', 'missing.json'], 1, 'missing.json'],
    [['--resume', 'missing.safetensors'], 1, 'missing.safetensors'],
  ])('%j ends with %i and says what is wrong', (args, expected, message) => {
    const { status, stderr } = place.run(...args);
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
    writeFileSync(place.path('broken.json'), JSON.stringify(broken));
    const { status, stderr } = place.run('--train', 'broken.json', '--dev', 'broken.json');
    expect(status).toBe(1);
    for (const part of ['broken.json', 'Rivers', 'q1']) expect(stderr).toContain(part);
  });

  test('a setting of the checkpoint cannot be changed', () => {
    place.run(...SMALL, '--max-steps', '1', '--out', 'fixed');
    const { status, stderr } = place.run('--resume', 'fixed/checkpoint.safetensors', '--epsilon', '1');
    expect(status).toBe(2);
    expect(stderr).toContain('--epsilon is the default in the checkpoint');
  });
});

/** Runs until training has begun and then presses Ctrl-C. */
function interrupted(
  out: string,
  times: number,
): Promise<{ status: number | null; signal: string | null; stdout: string }> {
  const args = [...SMALL, '--epochs', '100000', '--save-every', '1', '--out', out];
  const child = place.start(...args);
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
    if (sent === 0 && existsSync(place.path(out, 'checkpoint.safetensors'))) press();
  }, 20);
  return new Promise((resolve) => {
    child.on('close', (status, signal) => {
      clearInterval(poll);
      resolve({ status, signal, stdout });
    });
  });
}
