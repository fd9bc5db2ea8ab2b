import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  batches,
  batchOrder,
  buildExamples,
  datasetTokens,
  FEATURE_COUNT,
  loadSquad,
  makeBatch,
  parseSquad,
  SeededRandom,
  type SquadBatch,
  type SquadExample,
  spanText,
  Vocabulary,
  writeBatches,
} from '../../lib/squad/index.js';
import { writeNpz } from '../../lib/squad/npz.js';
import { hasPython, runPython } from '../support/python.js';
import { official, realData, temporaryFolder, testWith } from './data.js';

const folder = temporaryFolder();
const dataset = parseSquad(JSON.stringify(official()));
const vocabulary = Vocabulary.build(datasetTokens(dataset));

describe('buildExamples', () => {
  test('gives each question its indices, features and answer', () => {
    const examples = buildExamples(dataset, vocabulary);
    expect(examples.map(({ id }) => id)).toEqual(['q1', 'q2', 'q3']);
    const [first, second, third] = examples as [SquadExample, SquadExample, SquadExample];
    expect(spanText(first.text, first.tokens, first.start, first.end)).toBe('Port Hallow');
    expect(first.answers).toEqual(['Port Hallow', 'at Port Hallow']);
    expect(first.context).toEqual(vocabulary.encode(first.tokens.map((token) => token.text)));
    expect(second.context).toBe(first.context);
    expect(spanText(third.text, third.tokens, third.start, third.end)).toBe('1821');
    for (const { context, features } of examples)
      expect(features).toHaveLength(context.length * FEATURE_COUNT);
  });

  test('leaves out for training what cannot be pointed at', () => {
    const value = official();
    value.data[0]!.paragraphs[0]!.qas[1]!.answers[0]!.answer_start = 7;
    const lenient = parseSquad(JSON.stringify(value));
    expect(buildExamples(lenient, vocabulary, { train: true }).map(({ id }) => id)).toEqual(['q1', 'q3']);
    const all = buildExamples(lenient, vocabulary);
    expect(all.map(({ start, end }) => [start, end])[1]).toEqual([-1, -1]);
    expect(buildExamples(dataset, vocabulary, { train: true, maxAnswer: 1 }).map(({ id }) => id)).toEqual([
      'q3',
    ]);
  });

  test('cuts to a length', () => {
    const examples = buildExamples(dataset, vocabulary, { maxContext: 8, maxQuestion: 2 });
    expect(examples.map(({ context }) => context.length)).toEqual([8, 8, 8]);
    expect(examples.map(({ question }) => question.length)).toEqual([2, 2, 2]);
    expect(examples.map(({ start }) => start)).toEqual([-1, 0, 7]);
    expect(buildExamples(dataset, vocabulary, { maxContext: 8, train: true }).map(({ id }) => id)).toEqual([
      'q2',
      'q3',
    ]);
    for (const option of ['maxContext', 'maxQuestion', 'maxAnswer']) {
      for (const value of [0, -2, 1.5]) {
        expect(() => buildExamples(dataset, vocabulary, { [option]: value })).toThrow(RangeError);
      }
    }
  });

  test('never gives an empty sequence', () => {
    const blank = parseSquad(
      JSON.stringify({
        data: [
          {
            title: '',
            paragraphs: [
              { context: ' ', qas: [{ id: 'a', question: '\n', answers: [{ text: 'x', answer_start: 0 }] }] },
            ],
          },
        ],
      }),
    );
    const [only] = buildExamples(blank, vocabulary);
    expect([only?.context, only?.question]).toEqual([BigInt64Array.of(1n), BigInt64Array.of(1n)]);
    expect(buildExamples(blank, vocabulary, { train: true })).toEqual([]);
  });
});

describe('batchOrder', () => {
  const random = new SeededRandom(11);
  const lengths = Array.from({ length: 1003 }, () => 20 + random.below(300));
  const spread = (order: number[][]) =>
    order.reduce((sum, batch) => {
      const all = batch.map((i) => lengths[i]!);
      return sum + Math.max(...all) * all.length - all.reduce((a, b) => a + b, 0);
    }, 0);

  test('takes every example once, whatever the options', () => {
    for (let round = 0; round < 60; round++) {
      const count = random.below(80);
      const options = {
        batchSize: 1 + random.below(9),
        poolBatches: 1 + random.below(5),
        ...(round % 3 === 0
          ? {}
          : round % 3 === 1
            ? { seed: round }
            : { permutation: random.permutation(count) }),
      };
      const order = batchOrder(lengths.slice(0, count), options);
      expect(order.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      expect(order.filter((batch) => batch.length !== options.batchSize).length).toBeLessThanOrEqual(1);
      const full = batchOrder(lengths.slice(0, count), { ...options, dropLast: true });
      expect(full).toEqual(order.filter((batch) => batch.length === options.batchSize));
    }
  });

  test('is decided by the seed, or by the permutation', () => {
    const of = (seed: number) => batchOrder(lengths, { batchSize: 32, seed });
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
    const permutation = new SeededRandom(1).permutation(lengths.length);
    expect(batchOrder(lengths, { batchSize: 32, permutation })).toEqual(of(1));
    const wide = BigInt64Array.from(permutation, BigInt);
    expect(batchOrder(lengths, { batchSize: 32, permutation: wide })).toEqual(of(1));
  });

  test('puts similar lengths together, in batches of mixed order', () => {
    const chance = batchOrder(lengths, { batchSize: 32, seed: 4, poolBatches: 1 });
    const sorted = batchOrder(lengths, { batchSize: 32, seed: 4 });
    expect(spread(sorted) * 5).toBeLessThan(spread(chance));
    const firsts = sorted.map((batch) => lengths[batch[0]!]!);
    expect(firsts).not.toEqual([...firsts].sort((a, b) => a - b));
    const plain = batchOrder(lengths, { batchSize: 32 }).flat();
    expect(plain).toEqual(Array.from(lengths.keys()).sort((a, b) => lengths[a]! - lengths[b]! || a - b));
  });

  test('refuses what is no permutation, and bad options', () => {
    for (const permutation of [
      [0, 1],
      [0, 1, 1],
      [0, 1, 3],
      [0, 1, -1],
      [0, 1, 2, 3],
      [0, 1, 1.5],
    ]) {
      expect(() => batchOrder([5, 5, 5], { batchSize: 2, permutation })).toThrow(RangeError);
    }
    expect(() => batchOrder([5], { batchSize: 0 })).toThrow(/batchSize/);
    expect(() => batchOrder([5], { batchSize: 1, poolBatches: 0.5 })).toThrow(/poolBatches/);
    expect(() => batchOrder([5], { batchSize: 1, seed: 1, permutation: [0] })).toThrow(/not both/);
    expect(batchOrder([], { batchSize: 4, seed: 1 })).toEqual([]);
  });
});

describe('batches', () => {
  const examples = buildExamples(dataset, vocabulary);

  test('are padded to their longest, with masks and lengths', () => {
    const batch = makeBatch(examples, [2, 0]);
    const [t, q] = [batch.contextWidth, batch.questionWidth];
    expect([batch.size, t, q]).toEqual([2, examples[0]!.context.length, examples[0]!.question.length]);
    expect(batch.ids).toEqual(['q3', 'q1']);
    expect(batch.indices).toEqual([2, 0]);
    expect(batch.contextLengths).toEqual(BigInt64Array.of(9n, BigInt(t)));
    const row = examples[2]!;
    expect(batch.context.slice(0, 9)).toEqual(row.context);
    expect(batch.context.slice(9, t)).toEqual(new BigInt64Array(t - 9));
    expect(batch.context.slice(t)).toEqual(examples[0]!.context);
    expect([...batch.contextPadding]).toEqual(
      Array.from({ length: 2 * t }, (_, i) => Number(i >= 9 && i < t)),
    );
    expect(batch.questionPadding).toHaveLength(2 * q);
    expect(batch.features.slice(0, 9 * FEATURE_COUNT)).toEqual(row.features);
    expect(batch.features.slice(9 * FEATURE_COUNT, t * FEATURE_COUNT).every((value) => value === 0)).toBe(
      true,
    );
    expect(batch.starts).toEqual(BigInt64Array.of(BigInt(row.start), BigInt(examples[0]!.start)));
    for (const value of Object.values(batch)) {
      if (ArrayBuffer.isView(value)) expect(value.byteLength).toBe(value.buffer.byteLength);
    }
  });

  test('say -100 where there is no answer to point at', () => {
    const cut = buildExamples(dataset, vocabulary, { maxContext: 8 });
    const batch = makeBatch(cut, [0, 1]);
    expect([batch.starts, batch.ends]).toEqual([BigInt64Array.of(-100n, 0n), BigInt64Array.of(-100n, 1n)]);
  });

  test('are refused without examples', () => {
    expect(() => makeBatch(examples, [])).toThrow(RangeError);
    expect(() => makeBatch(examples, [3])).toThrow(/no example 3 among 3/);
    expect([...batches([], { batchSize: 2 })]).toEqual([]);
  });

  const train = realData('train-10k.json.gz');
  testWith('../shared/data/squad/train-10k.json.gz', train)('hold every real example unchanged', () => {
    const data = loadSquad(train!, { requireSpans: true, limit: 2000 });
    const words = Vocabulary.build(datasetTokens(data), { maxSize: 5000 });
    const real = buildExamples(data, words, { train: true, maxContext: 200 });
    expect(real.length).toBeGreaterThan(1500);
    const seen = new Set<string>();
    for (const batch of batches(real, { batchSize: 32, seed: 1 })) {
      batch.indices.forEach((index, row) => {
        const example = real[index]!;
        seen.add(batch.ids[row]!);
        const at = row * batch.contextWidth;
        const length = Number(batch.contextLengths[row]);
        expect(length).toBe(example.context.length);
        expect(batch.context.slice(at, at + length)).toEqual(example.context);
        const span = spanText(
          example.text,
          example.tokens,
          Number(batch.starts[row]),
          Number(batch.ends[row]),
        );
        expect(span).toContain(example.answers[0]);
      });
    }
    expect(seen.size).toBe(real.length);
  });
});

/** Reads a file of batches and describes every array: type, shape and the bytes in hexadecimal. */
const DESCRIBE = `
import json, sys
import numpy
z = numpy.load(sys.argv[1])
print(json.dumps({k: [z[k].dtype.str, list(z[k].shape), z[k].tolist() if z[k].dtype.kind == 'U' else z[k].tobytes().hex()] for k in z.files}))
`;

describe('writeBatches', () => {
  const examples = buildExamples(dataset, vocabulary).map((example, i) => ({
    ...example,
    id: `${example.id}é😀${i}`,
  }));
  const all: SquadBatch[] = [...batches(examples, { batchSize: 2, seed: 3 })];
  const bytes = (array: ArrayBufferView) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('hex');

  testWith('the reference Python', hasPython)('gives numpy the same arrays', () => {
    const path = join(folder, 'batches.npz');
    writeBatches(path, all);
    expect(readdirSync(folder)).toEqual(['batches.npz']);
    const found = JSON.parse(runPython(DESCRIBE, [path])) as Record<string, [string, number[], unknown]>;
    expect(found.count).toEqual(['<i8', [], bytes(BigInt64Array.of(BigInt(all.length)))]);
    all.forEach((batch, i) => {
      const [b, t, q] = [batch.size, batch.contextWidth, batch.questionWidth];
      const at = (name: string) => found[`${i}/${name}`];
      expect(at('ids')?.slice(1)).toEqual([[b], batch.ids]);
      expect(at('indices')).toEqual(['<i8', [b], bytes(BigInt64Array.from(batch.indices, BigInt))]);
      expect(at('context')).toEqual(['<i8', [b, t], bytes(batch.context)]);
      expect(at('context_padding')).toEqual(['|b1', [b, t], bytes(batch.contextPadding)]);
      expect(at('context_lengths')).toEqual(['<i8', [b], bytes(batch.contextLengths)]);
      expect(at('question')).toEqual(['<i8', [b, q], bytes(batch.question)]);
      expect(at('question_padding')).toEqual(['|b1', [b, q], bytes(batch.questionPadding)]);
      expect(at('question_lengths')).toEqual(['<i8', [b], bytes(batch.questionLengths)]);
      expect(at('features')).toEqual(['<f4', [b, t, FEATURE_COUNT], bytes(batch.features)]);
      expect(at('starts')).toEqual(['<i8', [b], bytes(batch.starts)]);
      expect(at('ends')).toEqual(['<i8', [b], bytes(batch.ends)]);
    });
    expect(Object.keys(found)).toHaveLength(all.length * 11 + 1);
  });

  testWith('the reference Python', hasPython)('every kind of array reads back', () => {
    const path = join(folder, 'kinds.npz');
    writeNpz(path, [
      ['i4', { data: Int32Array.of(-1, 2), shape: [2, 1] }],
      ['f8', { data: Float64Array.of(0.1, Number.NaN), shape: [1, 2] }],
      ['u1', { data: Uint8Array.of(1, 255, 3).subarray(1), shape: [2] }],
      ['none', { data: [], shape: [0] }],
      ['names/ä', { data: ['', 'x'], shape: [2] }],
    ]);
    const found = JSON.parse(runPython(DESCRIBE, [path]));
    expect(found).toEqual({
      i4: ['<i4', [2, 1], 'ffffffff02000000'],
      f8: ['<f8', [1, 2], '9a9999999999b93f000000000000f87f'],
      u1: ['|u1', [2], 'ff03'],
      none: ['<U1', [0], []],
      'names/ä': ['<U1', [2], ['', 'x']],
    });
  });

  test('leaves nothing behind where it fails', () => {
    const path = join(folder, 'bad.npz');
    expect(() => writeNpz(path, [['x', { data: Int32Array.of(1), shape: [2] }]])).toThrow(RangeError);
    expect(() => writeNpz(path, [['x', { data: new Int8Array(1) as never, shape: [1] }]])).toThrow(TypeError);
    expect(() => writeNpz(join(folder, 'no', 'x.npz'), [])).toThrow(/ENOENT/);
    expect(existsSync(path)).toBe(false);
  });
});
