import { describe, expect, test } from '@jest/globals';
import { stem } from '../../lib/squad/features.js';
import { contextFeatures, FEATURE_COUNT, FEATURE_NAMES, tokenize } from '../../lib/squad/index.js';

describe('contextFeatures', () => {
  test('marks matches, frequency, capitals and numbers', () => {
    const context = tokenize('The miller moved , the Mill 12 the');
    const rows = contextFeatures(context, tokenize('the MILL moves , 12 ?'));
    expect(FEATURE_NAMES).toEqual(['exact', 'lower', 'stem', 'frequency', 'capital', 'number']);
    expect(rows).toHaveLength(context.length * FEATURE_COUNT);
    const row = (i: number) => [...rows.subarray(i * FEATURE_COUNT, (i + 1) * FEATURE_COUNT)];
    const eighth = 1 / 8;
    expect(row(0)).toEqual([0, 1, 1, 3 * eighth, 1, 0].map(Math.fround));
    expect(row(1)).toEqual([0, 0, 0, eighth, 0, 0]);
    expect(row(2)).toEqual([0, 0, 1, eighth, 0, 0]);
    // Punctuation never counts as a match.
    expect(row(3)).toEqual([0, 0, 0, eighth, 0, 0]);
    expect(row(4)).toEqual([1, 1, 1, 3 * eighth, 0, 0]);
    expect(row(5)).toEqual([0, 1, 1, eighth, 1, 0]);
    expect(row(6)).toEqual([1, 1, 1, eighth, 0, 1]);
  });

  test('of nothing is nothing', () => {
    expect(contextFeatures([], tokenize('a'))).toHaveLength(0);
  });
});

test.each([
  'moved moves moving move',
  'planned plans planning plan',
  'painted paints painting paint',
  'carries carry',
  'churches church',
  'boxes box',
  'rulers ruler',
])('one stem for: %s', (words) => {
  expect(new Set(words.split(' ').map(stem)).size).toBe(1);
});

test.each(['this is', 'bus', 'bring', 'seed', 'the', 'press', 'glass', 'Zürich'])(
  '%s is left alone',
  (text) => {
    for (const word of text.split(' ')) expect(stem(word)).toBe(word.toLowerCase());
  },
);
