import { describe, expect, test } from '@jest/globals';
import {
  alignSpan,
  loadSquad,
  questionsOf,
  SeededRandom,
  spanText,
  type Token,
  tokenize,
} from '../../lib/squad/index.js';
import { realData, testWith } from './data.js';

const words = (text: string) => tokenize(text).map((token) => token.text);

describe('tokenize', () => {
  test.each<[string, string]>([
    ['The dog, asleep.', 'The dog , asleep .'],
    ["Beyoncé’s and Mary's", "Beyoncé ’s and Mary 's"],
    ["don't can’t won't isn't DON'T", "do n't ca n’t wo n't is n't DO N'T"],
    ["they're I've we’ll I'm she'd", "they 're I 've we ’ll I 'm she 'd"],
    ["O'Brien's rock 'n' roll", "O ' Brien 's rock ' n ' roll"],
    ['1,000.50 km in 1990s, the 20th', '1,000.50 km in 1990 s , the 20 th'],
    ['1963–1964 and 3-4', '1963 – 1964 and 3 - 4'],
    ['mid-sized well-being', 'mid - sized well - being'],
    ['$5.2 million (12%)', '$ 5.2 million ( 12 % )'],
    ["wait... -- ``quoted''", "wait ... -- `` quoted ''"],
    ['U.S. F.C.', 'U . S . F . C .'],
    ['cafe\u0301 naïve Ελλάδα 東京 हिन्दी', 'cafe\u0301 naïve Ελλάδα 東京 हिन्दी'],
    ['a\u00a0b\u200bc\td\u0085e\ufefff', 'a b c d e f'],
    ['x😀y 𝔘𝔫', 'x 😀 y 𝔘𝔫'],
    ['Ⅷ ½ ٣٤', 'Ⅷ ½ ٣٤'],
    ['<pad> a/b', '< pad > a / b'],
    ['', ''],
    [' \n\t', ''],
  ])('%j', (text, expected) => {
    expect(words(text).join(' ')).toBe(expected);
  });

  test('gives tokens in order that cover all but white space, each by its offsets', () => {
    const random = new SeededRandom(5);
    const alphabet = [
      'a',
      'n',
      't',
      's',
      "'",
      '’',
      '-',
      '.',
      ' ',
      '\n',
      '1',
      ',',
      'é',
      '\u0301',
      '😀',
      '字',
      '\u200b',
      '`',
    ];
    for (let round = 0; round < 2000; round++) {
      const text = Array.from({ length: random.below(30) }, () => random.pick(alphabet)).join('');
      let at = 0;
      let gaps = '';
      for (const token of tokenize(text)) {
        expect(token.start).toBeGreaterThanOrEqual(at);
        expect(token.end).toBeGreaterThan(token.start);
        expect(text.slice(token.start, token.end)).toBe(token.text);
        gaps += text.slice(at, token.start);
        at = token.end;
      }
      expect(gaps + text.slice(at)).toMatch(/^[ \n\u200b]*$/);
    }
  });

  test('takes time in proportion to the text', () => {
    expect(tokenize(`${'n'.repeat(200_000)}'s`)).toHaveLength(2);
    expect(tokenize('1,'.repeat(100_000))).toHaveLength(2);
    expect(tokenize("n't".repeat(20_000)).length).toBeGreaterThan(20_000);
  });
});

describe('alignSpan', () => {
  const text = 'The old mill (built 1821) burned.';
  const tokens = tokenize(text);
  const align = (part: string) => alignSpan(tokens, text.indexOf(part), text.indexOf(part) + part.length);

  test('finds exact and covering spans', () => {
    expect(align('old mill')).toEqual({ first: 1, last: 2, exact: true });
    expect(align('1821')).toEqual({ first: 5, last: 5, exact: true });
    expect(align('82')).toEqual({ first: 5, last: 5, exact: false });
    expect(align('ill (bu')).toEqual({ first: 2, last: 4, exact: false });
    expect(align(' old ')).toEqual({ first: 1, last: 1, exact: false });
    expect(align(text)).toEqual({ first: 0, last: tokens.length - 1, exact: true });
  });

  test('is null where no token is touched', () => {
    expect(align(' ')).toBeNull();
    expect(alignSpan(tokens, 5, 5)).toBeNull();
    expect(alignSpan(tokens, 900, 910)).toBeNull();
    expect(alignSpan([], 0, 4)).toBeNull();
  });

  test('is the smallest cover, whatever the characters', () => {
    for (let start = 0; start < text.length; start++) {
      for (let end = start + 1; end <= text.length; end++) {
        const touched = tokens.flatMap((token, i) => (token.start < end && token.end > start ? [i] : []));
        const span = alignSpan(tokens, start, end);
        if (touched.length === 0) expect(span).toBeNull();
        else expect([span?.first, span?.last]).toEqual([touched[0], touched.at(-1)]);
      }
    }
  });

  test('and back to the original text', () => {
    expect(spanText(text, tokens, 1, 5)).toBe('old mill (built 1821');
    for (const [first, last] of [
      [-1, 2],
      [2, 1],
      [0, 99],
      [0.5, 1],
    ] as const) {
      expect(() => spanText(text, tokens, first, last)).toThrow(RangeError);
    }
  });
});

describe('answers of the real data', () => {
  // Measured; the rest are answers that begin or end inside a word ("[six]th", "181[7]").
  const files: [string, number, number][] = [
    ['train-10k.json.gz', 10_083, 10_045],
    ['dev-v1.1.json.gz', 34_726, 34_480],
  ];
  for (const [name, total, exact] of files) {
    const path = realData(name);
    testWith(`../shared/data/squad/${name}`, path)(
      `${exact} of ${total} in ${name} lie on token borders`,
      () => {
        let text = '';
        let tokens: Token[] = [];
        let aligned = 0;
        let all = 0;
        for (const { context, answers } of questionsOf(loadSquad(path!, { requireSpans: true }))) {
          if (context !== text) tokens = tokenize(context);
          text = context;
          for (const answer of answers) {
            const span = alignSpan(tokens, answer.start, answer.start + answer.text.length);
            const covered = span && spanText(context, tokens, span.first, span.last);
            all++;
            if (span?.exact) {
              aligned++;
              if (covered !== answer.text) throw new Error(`${covered} for ${answer.text}`);
            }
          }
        }
        expect(all).toBe(total);
        expect(aligned).toBeGreaterThanOrEqual(exact);
      },
    );
  }
});
