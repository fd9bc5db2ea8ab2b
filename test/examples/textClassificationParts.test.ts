/** The parts of the text classification example: its options, its data, and its network. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../examples/adversarial-qa/values.js';
import { makeBatch } from '../../examples/text-classification/batches.js';
import { Classifier, pool } from '../../examples/text-classification/classifier.js';
import { buildCorpus, loadCorpus } from '../../examples/text-classification/corpus.js';
import { DataError, loadSplits, readSamples, type Splits } from '../../examples/text-classification/data.js';
import { NormalizedEmbedding } from '../../examples/text-classification/normalizedEmbedding.js';
import { parseOptions } from '../../examples/text-classification/options.js';
import { deviation, mean } from '../../examples/text-classification/statistics.js';
import { rateOf } from '../../examples/text-classification/train.js';
import torch, { type Tensor } from '../../lib/index.js';
import { root } from '../support/python.js';
import { writeDataSets } from './textSentences.js';

const folder = mkdtempSync(join(tmpdir(), 'litorch-text-'));
beforeAll(() => writeDataSets(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (data: 'sst2' | 'rt' | 'imdb', fold = 0): Splits => loadSplits(data, { dir: folder, fold });

describe('the options', () => {
  test('have defaults, others for long texts', () => {
    expect(parseOptions([])).toMatchObject({
      data: 'sst2',
      dir: null,
      model: 'lstm',
      arms: ['none', 'noise', 'fgm', 'vat'],
      seeds: [1],
      maxLength: 60,
      epsilon: 1,
      limit: null,
    });
    expect(parseOptions(['--data', 'imdb', '--max-length', '100'])).toMatchObject({
      maxLength: 100,
      minFrequency: 5,
      epsilon: 5,
    });
    expect(parseOptions(['--epochs', '1', '--help'])).toBeNull();
  });

  test.each([
    ['3', [1, 2, 3]],
    ['4,9,4', [4, 9]],
    ['7,', [7]],
  ])('--seeds %s', (text, expected) => {
    expect(parseOptions(['--seeds', text])?.seeds).toEqual(expected);
  });

  test.each([
    [['--nonsense'], '--nonsense'],
    [['--data', 'mnist'], '--data must be of sst2, rt, imdb, got "mnist"'],
    [['--arms', 'none,magic'], 'got "magic"'],
    [['--seeds', '0'], '--seeds must be at least 1'],
    [['--seeds', '1,x'], '--seeds must be a number, got "x"'],
    [['--epochs', '1.5'], '--epochs must be an integer'],
    [['--epsilon=-1'], '--epsilon must not be negative'],
    [['--lr', '0'], '--lr must be above 0'],
    [['--dropout', '1'], '--dropout must be below 1'],
    [['--fold', '10'], '--fold must be from 0 to 9'],
    [['--decay', '1.1'], '--decay must be at most 1'],
    [['--attack-epsilons', '1,,2'], '--attack-epsilons must be a number'],
    [['extra'], 'extra'],
  ])('%j is refused', (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });
});

describe('the data', () => {
  test('sst2 comes in the parts that the files are', () => {
    const { train, dev, test: tested } = read('sst2');
    expect([train.length, dev.length, tested.length]).toEqual([96, 24, 40]);
    expect(train[0]!.tokens.slice(0, 1)).toEqual(['the']);
  });

  test('rt is cut into tenths, each of which is tested on once', () => {
    const key = ({ tokens }: { tokens: string[] }): string => tokens.join(' ');
    const tested: string[] = [];
    for (let fold = 0; fold < 10; fold++) {
      const splits = read('rt', fold);
      const parts = [splits.train, splits.dev, splits.test].map((part) => part.map(key));
      expect(new Set(parts.flat()).size).toBe(103);
      expect(parts.flat()).toHaveLength(103);
      expect(parts[2]!.length).toBeGreaterThanOrEqual(10);
      expect(parts[2]!.length).toBeLessThanOrEqual(11);
      tested.push(...parts[2]!);
      if (fold > 0) expect(read('rt', fold - 1).dev.map(key)).toEqual(parts[2]);
      expect(read('rt', fold)).toEqual(splits);
    }
    expect(new Set(tested).size).toBe(103);
  });

  test('imdb holds a tenth back, and its texts are cut into tokens', () => {
    const { train, dev, test: tested } = read('imdb');
    expect([train.length, dev.length, tested.length]).toEqual([45, 5, 20]);
    const { tokens } = tested[0]!;
    expect(tokens.slice(0, 4)).toEqual(['number', '0', ':', 'the']);
    expect(tokens.slice(-5)).toEqual([',', 'is', "n't", 'it', '?']);
  });

  test.each([
    ['{"label": 1', 'not JSON'],
    ['null', '"label" must be 0 or 1'],
    ['{"label": 2, "text": "x"}', '"label" must be 0 or 1'],
    ['{"label": 1, "text": 5}', '"text" must be a string'],
    ['{"label": 1, "text": "  "}', 'a text without words'],
  ])('the line %s is refused with its place', (line, message) => {
    const path = join(folder, 'broken.jsonl');
    writeFileSync(path, `{"label": 0, "text": "fine"}\n${line}\n`);
    expect(() => readSamples(path, false)).toThrow(DataError);
    expect(() => readSamples(path, false)).toThrow(`${path}:2: ${message}`);
  });

  test('a missing or damaged file is named', () => {
    expect(() => loadSplits('sst2', { dir: join(folder, 'nowhere'), fold: 0 })).toThrow(DataError);
    const path = join(folder, 'damaged.gz');
    writeFileSync(path, Uint8Array.of(0x1f, 0x8b, 1, 2, 3));
    expect(() => readSamples(path, false)).toThrow(`${path}: damaged`);
  });

  test('long texts keep their end; rare words share one frequency', () => {
    const sample = (label: 0 | 1, text: string) => ({ label, tokens: text.split(' ') });
    const train = [sample(1, 'a a b c'), sample(0, 'z b a d')];
    const corpus = buildCorpus(
      { train, dev: [sample(1, 'q a')], test: [] },
      { maxLength: 3, minFrequency: 2 },
    );
    // Cut: "a b c" and "b a d"; a and b are known, c and d are not, z has been cut off.
    expect(corpus.vocabulary.toJSON().tokens.slice(2)).toEqual(['a', 'b']);
    expect([...corpus.train[0]!.tokens]).toEqual([2n, 3n, 1n]);
    expect([...corpus.frequencies]).toEqual([0, 2 / 6, 2 / 6, 2 / 6]);
    expect([...corpus.dev[0]!.tokens]).toEqual([1n, 2n]);
  });

  const shared = join(root, '..', 'shared', 'data');
  (existsSync(shared) ? test : test.skip)('the real files have the sizes that they should', () => {
    const options = { dir: null, fold: 0, limit: null, testLimit: 100, maxLength: 60, minFrequency: 2 };
    const sst2 = loadCorpus({ ...options, data: 'sst2' });
    expect([sst2.train.length, sst2.dev.length, sst2.test.length]).toEqual([6920, 100, 100]);
    const { train, dev, test: tested } = loadSplits('rt', options);
    expect([train.length, dev.length, tested.length]).toEqual([8529, 1066, 1067]);
  });
});

describe('the normalised embedding', () => {
  const frequencies = Float64Array.of(0, 0.1, 0.4, 0.2, 0.05, 0.25);
  const size = 3;

  function make(): { module: NormalizedEmbedding; weight: number[][] } {
    torch.manualSeed(3);
    const module = new NormalizedEmbedding(frequencies, size);
    torch.noGrad(() => module.words.weight.mul_(2.5).add_(1.5));
    return { module, weight: module.words.weight.tolist() as number[][] };
  }

  const everyWord = (): Tensor => torch.tensor([[1, 2, 3, 4, 5]], { dtype: torch.int64 });

  test('is the plain formula', () => {
    const { module, weight } = make();
    const expected = [1, 2, 3, 4, 5].map((word) =>
      Array.from({ length: size }, (_, d) => {
        const average = weight.reduce((sum, row, i) => sum + frequencies[i]! * row[d]!, 0);
        const variance = weight.reduce((sum, row, i) => sum + frequencies[i]! * (row[d]! - average) ** 2, 0);
        return (weight[word]![d]! - average) / Math.sqrt(variance);
      }),
    );
    const given = (module(everyWord()).tolist() as number[][][])[0]!;
    given.flat().forEach((value, i) => {
      expect(value).toBeCloseTo(expected.flat()[i]!, 5);
    });
  });

  test('has mean 0 and variance 1 under the frequencies, after any change of the weights', () => {
    const { module } = make();
    const check = (): void => {
      const [rows] = module(everyWord()).tolist() as [number[][]];
      for (let d = 0; d < size; d++) {
        const moment = (power: number) =>
          rows.reduce((sum, row, i) => sum + frequencies[i + 1]! * row[d]! ** power, 0);
        expect(moment(1)).toBeCloseTo(0, 5);
        expect(moment(2)).toBeCloseTo(1, 5);
      }
    };
    check();
    torch.noGrad(() => module.words.weight.mul_(7).sub_(20));
    check();
  });

  test('gradients flow through mean and variance: moving or scaling all words changes nothing', () => {
    const { module, weight } = make();
    const tokens = torch.tensor(
      [
        [2, 5, 0],
        [4, 2, 1],
      ],
      { dtype: torch.int64 },
    );
    module(tokens)
      .mul(torch.randn([2, 3, size]))
      .sum()
      .backward();
    const gradient = module.words.weight.grad!.tolist() as number[][];
    const largest = Math.max(...gradient.flat().map(Math.abs));
    expect(largest).toBeGreaterThan(0.1);
    for (let d = 0; d < size; d++) {
      const alongAll = gradient.reduce((sum, row) => sum + row[d]!, 0);
      const alongScale = gradient.reduce((sum, row, i) => sum + row[d]! * weight[i]![d]!, 0);
      expect(Math.abs(alongAll)).toBeLessThan(1e-4 * largest);
      expect(Math.abs(alongScale)).toBeLessThan(1e-3 * largest);
    }
    // Word 3 is in no text, and yet it is part of the statistics.
    expect(Math.max(...gradient[3]!.map(Math.abs))).toBeGreaterThan(1e-3);
  });

  test('padding gives zeros', () => {
    const { module } = make();
    const [, second] = (module(torch.tensor([[2, 0]], { dtype: torch.int64 })).tolist() as number[][][])[0]!;
    expect(second!.map(Math.abs)).toEqual([0, 0, 0]);
  });
});

describe('the network', () => {
  const example = (...tokens: number[]) => ({
    label: 1 as const,
    tokens: BigInt64Array.from(tokens, BigInt),
  });
  const examples = [example(2, 5, 3), example(4), example(1, 2, 3, 4, 5, 6, 7, 2, 3)];
  const frequencies = Float64Array.of(0, 0.2, 0.2, 0.1, 0.1, 0.2, 0.1, 0.1);

  test.each([
    ['lstm', 'last'],
    ['lstm', 'mean'],
    ['lstm', 'max'],
    ['cnn', 'max'],
  ] as const)('%s, %s: what a text is batched with does not matter', (model, pooling) => {
    torch.manualSeed(5);
    const options = { model, pooling, frequencies, embedding: 6, hidden: 5, dropout: 0.5 };
    const classifier = new Classifier(options).eval();
    const logits = (...indices: number[]) =>
      torch.noGrad(() => classifier(makeBatch(examples, indices, 'cpu')).tolist()) as number[][];
    const together = logits(0, 1, 2);
    [0, 1, 2].forEach((index, i) => {
      logits(index)[0]!.forEach((value, column) => {
        expect(value).toBeCloseTo(together[i]![column]!, 5);
      });
    });
    expect(together[0]).not.toEqual(together[1]);
  });

  test('pooling takes real tokens only', () => {
    const features = torch.tensor([
      [
        [1, -5],
        [3, -7],
        [100, 100],
      ],
      [
        [-1, 2],
        [100, 100],
        [100, 100],
      ],
    ]);
    const words = torch.tensor([
      [true, true, false],
      [true, false, false],
    ]);
    expect(pool(features, words, 'last').tolist()).toEqual([
      [3, -7],
      [-1, 2],
    ]);
    expect(pool(features, words, 'mean').tolist()).toEqual([
      [2, -6],
      [-1, 2],
    ]);
    expect(pool(features, words, 'max').tolist()).toEqual([
      [3, -5],
      [-1, 2],
    ]);
  });
});

describe('statistics and schedules', () => {
  test('mean and deviation of a sample', () => {
    expect(mean([2, 4, 4, 6])).toBe(4);
    expect(deviation([2, 4, 4, 6])).toBeCloseTo(Math.sqrt(8 / 3), 12);
    expect([mean([]), deviation([1])]).toEqual([undefined, undefined]);
  });

  test('the learning rate', () => {
    const at = (schedule: 'constant' | 'linear' | 'exponential', step: number) =>
      rateOf({ schedule, decay: 0.5 }, 10)(step);
    expect([0, 5, 10].map((step) => at('constant', step))).toEqual([1, 1, 1]);
    expect([0, 5, 10].map((step) => at('linear', step))).toEqual([1, 0.5, 0]);
    expect([0, 1, 3].map((step) => at('exponential', step))).toEqual([1, 0.5, 0.125]);
  });
});
