/** The text classification example as a whole, on invented sentences. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ARM_NAMES, type ArmName, makeStep, replaysOf } from '../../examples/text-classification/arms.js';
import { makeBatch } from '../../examples/text-classification/batches.js';
import { Classifier } from '../../examples/text-classification/classifier.js';
import { type Corpus, loadCorpus } from '../../examples/text-classification/corpus.js';
import { accuracyOf, accuracyUnderAttack } from '../../examples/text-classification/evaluate.js';
import { type Options, parseOptions } from '../../examples/text-classification/options.js';
import { type Epoch, train } from '../../examples/text-classification/train.js';
import torch from '../../lib/index.js';
import { sha256Of } from '../support/bits.js';
import { root } from '../support/python.js';
import { writeDataSets } from './textSentences.js';

const program = join(root, 'dist', 'examples', 'text-classification', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'litorch-text-run-'));
beforeAll(() => writeDataSets(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SMALL = ['--embedding', '12', '--hidden', '8', '--batch-size', '16', '--lr', '0.02', '--dir', folder];
const optionsOf = (...more: string[]): Options => parseOptions([...SMALL, ...more])!;
const quiet = { interruption: { requested: false } };

/** The hash of all weights after training, and what was measured, without times. */
async function trained(arm: ArmName, corpus: Corpus, options: Options, seed = 1) {
  const found = (await train(arm, seed, corpus, options, quiet))!;
  const epochs = found.epochs.map(({ seconds: _, secondsPerStep: __, ...rest }: Epoch) => rest);
  const weights = Object.values(found.model.stateDict()).map((tensor) => sha256Of(tensor.detach()));
  return { epochs, weights, model: found.model, best: found.best };
}

describe.each(['lstm', 'cnn'] as const)('%s', (model) => {
  const corpus = (): Corpus => loadCorpus(optionsOf());

  test.each(ARM_NAMES)('%s trains, and the same seed gives the same bits', async (arm) => {
    const options = optionsOf('--model', model, '--epochs', '1');
    const data = corpus();
    const first = await trained(arm, data, options);
    torch.rand([7]);
    const second = await trained(arm, data, options);
    expect(second.weights).toEqual(first.weights);
    expect(second.epochs).toEqual(first.epochs);
    const { loss, adversarialLoss } = first.epochs[0]!;
    expect(loss === null).toBe(['freeat', 'freelb'].includes(arm));
    expect(adversarialLoss === null).toBe(arm === 'none');
    expect(accuracyOf(first.model, data.dev, options)).toBe(first.best.devAccuracy);
    const other = await trained(arm, data, options, 2);
    expect(other.weights).not.toEqual(first.weights);
  });

  test('learns what is there to learn, stops early and keeps the best weights', async () => {
    const options = optionsOf('--model', model, '--epochs', '30', '--patience', '2');
    const data = corpus();
    const { epochs, best, model: classifier } = await trained('fgm', data, options);
    expect(best.devAccuracy).toBeGreaterThan(90);
    expect(epochs.length).toBeLessThan(30);
    expect(epochs.length).toBe(best.epoch + 2);
    expect(accuracyOf(classifier, data.dev, options)).toBe(best.devAccuracy);
    const scores = (await accuracyUnderAttack(
      classifier,
      data.test,
      { ...options, attackEpsilons: [1, 200], attackSteps: 3, attackRestarts: 2 },
      1,
      quiet.interruption,
    ))!;
    expect(scores.map(({ epsilon }) => epsilon)).toEqual([0, 1, 200]);
    expect(scores[0]!.attack).toBe(accuracyOf(classifier, data.test, options));
    // Nothing withstands an attack that is larger than the texts themselves; noise is not as bad.
    expect(scores[2]!.attack).toBeLessThan(20);
    expect(scores[2]!.attack).toBeLessThan(scores[2]!.noise);
    expect(scores[1]!.attack).toBeGreaterThanOrEqual(scores[2]!.attack);
  });
});

describe('the arms', () => {
  test('with nothing to move, fgm counts the gradient twice and noise and pgd are as fgm', () => {
    const options = optionsOf('--dropout', '0');
    const data = loadCorpus(options);
    const gradientOf = (arm: ArmName): number[] => {
      torch.manualSeed(1);
      const classifier = new Classifier({ ...options, frequencies: data.frequencies });
      const step = makeStep(arm, classifier, { ...options, epsilon: 0 });
      step(makeBatch(data.train, [0, 1, 2, 3], 'cpu'));
      return classifier.output.weight.grad!.flatten().tolist() as number[];
    };
    const plain = gradientOf('none');
    for (const arm of ['fgm', 'noise', 'pgd'] as const) {
      gradientOf(arm).forEach((value, i) => {
        expect(value).toBeCloseTo(2 * plain[i]!, 5);
      });
    }
  });

  test('freeat trains on a batch several times, and none of the others does', () => {
    expect(ARM_NAMES.filter((arm) => replaysOf(arm, { steps: 3 }) !== 1)).toEqual(['freeat']);
  });
});

describe('the program', () => {
  /** The environment without Jest's own options, which are not for the program. */
  const env = { ...process.env, NODE_OPTIONS: '' };
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: folder, env });
  const read = (out: string, name: string): string => readFileSync(join(folder, out, name), 'utf8');

  test('compares arms over seeds and leaves its results', () => {
    const args = [
      ...SMALL,
      '--arms',
      'none,fgm',
      '--seeds',
      '2',
      '--epochs',
      '2',
      '--attack-epsilons',
      '1,5',
    ];
    const { status, stdout, stderr } = run(...args, '--out', 'both');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const report = read('both', 'report.md');
    expect(stdout).toContain(report.trim());
    expect(report).toMatch(/^\| none +\| +2 \| +\d+\.\d\d ± \d+\.\d\d \|/m);
    expect(report).toMatch(/^\| fgm +\| +2 \| +\d+\.\d\d ± \d+\.\d\d \| +[+-]\d+\.\d\d ± \d+\.\d\d \|/m);
    expect(report).toContain('PGD, ε 5');
    const results = JSON.parse(read('both', 'results.json'));
    expect(results.finished).toBe(true);
    expect(results.sizes).toMatchObject({ train: 96, dev: 24, test: 40, attacked: 40 });
    const names = results.runs.map(({ arm, seed }: { arm: string; seed: number }) => `${arm} ${seed}`);
    expect(names).toEqual(['none 1', 'fgm 1', 'none 2', 'fgm 2']);
    expect(read('both', 'metrics.jsonl').trim().split('\n')).toHaveLength(8);
    expect(readdirSync(join(folder, 'both')).sort()).toEqual(['metrics.jsonl', 'report.md', 'results.json']);

    // An arm becomes the same whether it is alone or not.
    expect(run(...args, '--arms', 'fgm', '--seeds', '2,', '--out', 'alone').status).toBe(0);
    const withoutTimes = (value: unknown) =>
      JSON.parse(JSON.stringify(value), (key, item) => (/^seconds/.test(key) ? undefined : item));
    const [alone] = JSON.parse(read('alone', 'results.json')).runs;
    expect(withoutTimes(alone)).toEqual(withoutTimes(results.runs[3]));
  });

  test.each(['rt', 'imdb'])('reads %s', (data) => {
    const { status, stdout } = run(
      ...[...SMALL, '--data', data, '--arms', 'none', '--epochs', '1', '--attack-epsilons', 'none'],
      ...['--min-frequency', '1', '--out', data],
    );
    expect(status).toBe(0);
    expect(stdout).not.toContain('PGD');
    expect(JSON.parse(read(data, 'results.json')).runs).toHaveLength(1);
  });

  test.each([
    [['--arms', 'magic'], 2, 'got "magic"'],
    [['--dir', 'missing'], 1, 'missing'],
  ])('%j ends with %i and says what is wrong', (args, expected, message) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(expected);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  test('--help explains the options', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    for (const name of ['data', 'arms', 'seeds', 'epsilon', 'attack-restarts'])
      expect(stdout).toContain(`--${name} `);
  });

  test('Ctrl-C reports the runs that are whole', async () => {
    const once = await interrupted('once');
    expect(once.status).toBe(0);
    expect(once.stdout).toContain('Interrupted');
    const results = JSON.parse(read('once', 'results.json'));
    expect(results.finished).toBe(false);
    expect(results.runs.length).toBeGreaterThan(0);
    expect(read('once', 'report.md')).toContain('Not finished');
  });

  test('--resume trains what is missing and keeps what is there', () => {
    const args = [...SMALL, '--epochs', '1', '--attack-epsilons', 'none', '--out', 'resumed'];
    expect(run(...args, '--arms', 'none', '--seeds', '1').status).toBe(0);
    const [first] = JSON.parse(read('resumed', 'results.json')).runs;
    expect(run(...args, '--arms', 'r3f', '--seeds', '2,', '--resume').status).toBe(0);
    const { runs, finished } = JSON.parse(read('resumed', 'results.json'));
    expect(runs).toHaveLength(4);
    expect(runs[0]).toEqual(first);
    expect(finished).toBe(true);
    expect(read('resumed', 'metrics.jsonl').trim().split('\n')).toHaveLength(4);

    const other = run(...args, '--lr', '0.5', '--resume');
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('lr is 0.02 in ')]);
    expect(run(...args, '--out', 'nowhere', '--resume').stderr).toContain('nowhere/results.json');
  });

  /** Runs until the first run is done and then presses Ctrl-C. */
  function interrupted(out: string): Promise<{ status: number | null; stdout: string }> {
    const args = [...SMALL, '--arms', 'none', '--seeds', '100000', '--epochs', '1', '--out', out];
    const child: ChildProcess = spawn(process.execPath, [program, ...args], { cwd: folder, env });
    let stdout = '';
    child.stdout!.on('data', (text) => {
      stdout += text;
    });
    const poll = setInterval(() => {
      if (!existsSync(join(folder, out, 'results.json'))) return;
      clearInterval(poll);
      child.kill('SIGINT');
    }, 20);
    return new Promise((resolve) => {
      child.on('close', (status) => {
        clearInterval(poll);
        resolve({ status, stdout });
      });
    });
  }
});
