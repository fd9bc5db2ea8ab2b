/** The example's command line. */
import { describe, expect, test } from '@jest/globals';
import { ARM_NAMES } from '../../examples/adversarial-qa/arms.js';
import {
  epsilonOf,
  HELP,
  type Options,
  parseOptions,
  resumeOptions,
  settingsOf,
  UsageError,
  weightOf,
} from '../../examples/adversarial-qa/options.js';

const parse = (...args: string[]): Options => parseOptions(args)!;

describe('the options', () => {
  test('--help explains them and every arm', () => {
    expect(parseOptions(['--help'])).toBeNull();
    for (const name of [
      'train',
      'addsent',
      'arms',
      'method',
      'epsilon',
      'seeds',
      'schedule',
      'patience',
      'resume',
    ])
      expect(HELP).toContain(`--${name} `);
    for (const name of ARM_NAMES) expect(HELP).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  test.each([
    [['--nonsense'], '--nonsense'],
    [['--epochs', '0'], '--epochs must be at least 1'],
    [['--epochs', '1.5'], '--epochs must be an integer'],
    [['--epsilon', 'five'], '--epsilon must be a number, got "five"'],
    [['--epsilon=-1'], '--epsilon must be above 0'],
    [['--epsilon', '1,2'], '--epsilon has two numbers for all arms'],
    [['--epsilon', 'fgm=1=2'], '--epsilon must be like fgm=1,pgd=0.5'],
    [['--epsilon', 'fgm='], '--epsilon must be a number, got ""'],
    [['--epsilon', 'both=1'], 'got "both"'],
    [['--epsilon', 'pgd=1', '--arms', 'none,fgm'], '--epsilon is for pgd, which is not among the arms'],
    [['--epsilon', 'none=1'], '--epsilon has no meaning for none'],
    [['--adversarial-weight', 'forum=2'], '--adversarial-weight has no meaning for forum'],
    [['--dropout', '1'], '--dropout must be below 1'],
    [['--arms', 'both'], 'got "both"'],
    [['--arms', 'fgm', '--method', 'fgm'], '--method is short for --arms'],
    [['--schedule', 'steps'], '--schedule must be of constant, linear, cosine, plateau'],
    [['--seeds', '1,two'], '--seeds must be a number, got "two"'],
    [['--seeds', '0'], '--seeds must be at least 1'],
    [['--seeds', '1,2', '--seed', '3'], 'leave --seed out'],
    [['--seeds', '2', '--seed', '4294967295'], 'no seed may be above'],
    [['--attack-restarts', '0'], '--attack-restarts must be at least 1'],
    [['--train', 'x.json'], '--train and --dev go together'],
    [['extra'], 'extra'],
  ])('%j is refused', (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });

  test('the defaults are larger for files than for the embedded passages', () => {
    expect(parse()).toMatchObject({
      train: null,
      batchSize: 16,
      hiddenSize: 32,
      epochs: 5,
      seeds: [1],
      given: [],
    });
    const files = parse('--train', 'a', '--dev', 'b', '--fix-embeddings');
    expect(files).toMatchObject({
      train: 'a',
      batchSize: 32,
      hiddenSize: 64,
      epochs: 3,
      fixEmbeddings: true,
    });
    expect(files).toMatchObject({ schedule: 'constant', patience: null });
  });

  test('arms: by their names and other names, each once, in one order', () => {
    expect(parse('--arms', 'fgm,adversarial,baseline,forum').arms).toEqual(['none', 'forum', 'fgm']);
    expect(parse('--method', 'freelb').arms).toEqual(['none', 'freelb']);
    expect(parse('--method', 'none').arms).toEqual(['none']);
    expect(parse('--arms', ARM_NAMES.join(',')).arms).toEqual(ARM_NAMES);
  });

  test('ε and weight: for all arms, for some, or the default of each', () => {
    const arms = ['--arms', 'none,forum,fgm,pgd,rdrop'];
    const sizes = (...args: string[]) => {
      const options = parse(...arms, ...args);
      return options.arms.map((arm) => epsilonOf(options, arm));
    };
    const [, forum, fgm, pgd] = sizes();
    expect([forum, fgm! > 0, pgd! > 0]).toEqual([5, true, true]);
    expect(sizes('--epsilon', '3')).toEqual([null, 3, 3, 3, null]);
    expect(sizes('--epsilon', 'fgm=1,pgd=0.5')).toEqual([null, 5, 1, 0.5, null]);
    expect(sizes('--epsilon', '3,adversarial=2')).toEqual([null, 2, 3, 3, null]);
    const weighted = parse(...arms, '--adversarial-weight', '0.5,rdrop=4');
    expect(weighted.arms.map((arm) => weightOf(weighted, arm))).toEqual([null, null, 0.5, 0.5, 4]);
  });

  test('seeds: one, a list, or a count', () => {
    expect(parse('--seed', '7').seeds).toEqual([7]);
    expect(parse('--seeds', '4,2,4').seeds).toEqual([4, 2]);
    expect(parse('--seeds', '3').seeds).toEqual([1, 2, 3]);
    expect(parse('--seeds', '2', '--seed', '7').seeds).toEqual([7, 8]);
  });

  test('the norms of the attack come in ascending order, each once', () => {
    expect(parse('--attack-epsilons', '4,1,4,0.5').attackEpsilons).toEqual([0.5, 1, 4]);
  });
});

describe('a resumed run', () => {
  const saved = settingsOf(
    parse('--arms', 'none,pgd', '--epsilon', 'pgd=0.5', '--seeds', '2', '--schedule', 'linear'),
  );
  const resume = (...args: string[]) => resumeOptions(parse('--resume', 'x', ...args), saved, 3);

  test("has the checkpoint's settings, and may name them", () => {
    expect(resume()).toMatchObject({ ...saved, epochs: 3 });
    expect(resume('--epsilon', 'pgd=0.5', '--method', 'pgd', '--seeds', '1,2')).toMatchObject(saved);
    expect(resume('--attack-steps', '2', '--addsent', 'file')).toMatchObject({
      attackSteps: 2,
      addsent: 'file',
    });
  });

  test.each([
    [['--epsilon', '1'], '--epsilon is pgd=0.5 in the checkpoint'],
    [['--adversarial-weight', '1'], '--adversarial-weight is the default in the checkpoint'],
    [['--arms', 'fgm'], '--arms is none,pgd in the checkpoint'],
    [['--method', 'fgm'], '--method is none,pgd in the checkpoint'],
    [['--seed', '1'], '--seed is 1,2 in the checkpoint'],
    [['--epochs', '4'], 'its linear schedule ends there'],
  ])('%j is refused', (args, message) => {
    expect(() => resume(...args)).toThrow(UsageError);
    expect(() => resume(...args)).toThrow(message);
  });

  test('may go on for more epochs where no schedule ends', () => {
    const constant = settingsOf(parse());
    expect(resumeOptions(parse('--resume', 'x', '--epochs', '9'), constant, 3).epochs).toBe(9);
  });
});
