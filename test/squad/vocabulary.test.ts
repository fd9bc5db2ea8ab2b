import { describe, expect, test } from '@jest/globals';
import { SquadFormatError, Vocabulary } from '../../lib/squad/index.js';

const tokens = 'the cat The dog the <pad> a cat b <UNK> é z a'.split(' ');

describe('Vocabulary', () => {
  test('orders by count, then by code units', () => {
    const vocabulary = Vocabulary.build(tokens);
    expect(vocabulary.toJSON()).toEqual({
      lowercase: true,
      tokens: ['<pad>', '<unk>', 'the', 'a', 'cat', 'b', 'dog', 'z', 'é'],
    });
    expect(Vocabulary.build([...tokens].reverse()).toJSON()).toEqual(vocabulary.toJSON());
    expect(vocabulary.size).toBe(9);
    expect(vocabulary.lowercase).toBe(true);
  });

  test('keeps case where asked', () => {
    const vocabulary = Vocabulary.build(tokens, { lowercase: false });
    expect(vocabulary.index('The')).not.toBe(vocabulary.index('the'));
    expect(vocabulary.has('THE')).toBe(false);
    // With case kept, "<UNK>" is a word like any other.
    expect(vocabulary.has('<UNK>')).toBe(true);
  });

  test('bounds frequency and size', () => {
    expect(Vocabulary.build(tokens, { minFrequency: 2 }).toJSON().tokens.slice(2)).toEqual([
      'the',
      'a',
      'cat',
    ]);
    expect(Vocabulary.build(tokens, { maxSize: 4 }).toJSON().tokens.slice(2)).toEqual(['the', 'a']);
    expect(Vocabulary.build(tokens, { maxSize: 2 }).size).toBe(2);
    for (const minFrequency of [0, -1, Number.NaN]) {
      expect(() => Vocabulary.build(tokens, { minFrequency })).toThrow(RangeError);
    }
    for (const maxSize of [0, 1, Number.NaN])
      expect(() => Vocabulary.build(tokens, { maxSize })).toThrow(RangeError);
  });

  test('adds the counts of tokens that differ only in case', () => {
    const vocabulary = Vocabulary.fromCounts(
      [
        ['b', 3],
        ['A', 2],
        ['a', 2],
      ],
      { minFrequency: 3 },
    );
    expect(vocabulary.toJSON().tokens.slice(2)).toEqual(['a', 'b']);
  });

  test('encodes, with 1 for the unknown and for the reserved names', () => {
    const vocabulary = Vocabulary.build(tokens);
    expect(vocabulary.encode(['the', 'THE', 'nothing', '<pad>', '<unk>', ''])).toEqual(
      BigInt64Array.of(2n, 2n, 1n, 1n, 1n, 1n),
    );
    expect(vocabulary.token(2)).toBe('the');
    expect(vocabulary.token(0)).toBe('<pad>');
    for (const index of [-1, 9, 1.5]) expect(() => vocabulary.token(index)).toThrow(RangeError);
    expect([Vocabulary.padIndex, Vocabulary.unknownIndex]).toEqual([0, 1]);
  });

  test('knows no inherited words', () => {
    const vocabulary = Vocabulary.build(['__proto__', 'constructor']);
    expect(vocabulary.has('__proto__')).toBe(true);
    expect(vocabulary.has('toString')).toBe(false);
  });

  test('goes through JSON', () => {
    for (const lowercase of [true, false]) {
      const vocabulary = Vocabulary.build(tokens, { lowercase });
      const copy = Vocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary)));
      expect(copy.toJSON()).toEqual(vocabulary.toJSON());
      expect(copy.encode(tokens)).toEqual(vocabulary.encode(tokens));
    }
  });

  test.each<[unknown, RegExp]>([
    [null, /not an object/],
    ['x', /not an object/],
    [{ tokens: [] }, /"lowercase"/],
    [{ lowercase: true }, /"tokens" must be an array/],
    [{ lowercase: true, tokens: ['<pad>', '<unk>', 3] }, /tokens\[2\] is not a string/],
    [{ lowercase: true, tokens: ['a'] }, /must begin with/],
    [{ lowercase: true, tokens: ['<pad>', '<unk>', 'a', 'a'] }, /occurs twice/],
  ])('refuses %j', (data, message) => {
    expect(() => Vocabulary.fromJSON(data, 'v.json')).toThrow(message);
    expect(() => Vocabulary.fromJSON(data, 'v.json')).toThrow(SquadFormatError);
    expect(() => Vocabulary.fromJSON(data, 'v.json')).toThrow(/^v\.json: /);
  });
});
