import { describe, expect, test } from '@jest/globals';
import { STEMS } from '../../examples/adversarial-qa/passages/draw.js';
import { makePassages } from '../../examples/adversarial-qa/passages.js';
import {
  alignSpan,
  countQuestions,
  parseSquad,
  questionsOf,
  type SquadDataset,
  stringifySquad,
  tokenize,
} from '../../lib/squad/index.js';

const { train, dev } = makePassages();
const all = (data: SquadDataset) => [...questionsOf(data)];

describe('makePassages', () => {
  test('gives as many questions as asked for', () => {
    expect([countQuestions(train), countQuestions(dev)]).toEqual([1500, 300]);
    const few = makePassages({ seed: 3, train: 11, dev: 4, perPassage: 3 });
    expect([countQuestions(few.train), countQuestions(few.dev)]).toEqual([11, 4]);
    expect(few.train.articles).toHaveLength(4);
    for (const option of ['train', 'dev', 'perPassage', 'seed']) {
      for (const value of [-1, 1.5, Number.NaN])
        expect(() => makePassages({ [option]: value })).toThrow(RangeError);
    }
  });

  test('gives the same for the same seed, and other passages for another', () => {
    expect(makePassages({ seed: 0 })).toEqual({ train, dev });
    expect(makePassages({ seed: 1 }).train).not.toEqual(train);
  });

  test('is a valid SQuAD dataset with every answer on token borders', () => {
    for (const data of [train, dev]) {
      expect(parseSquad(stringifySquad(data), { requireSpans: true })).toEqual(data);
      for (const { context, answers } of all(data)) {
        const { start, text } = answers[0]!;
        expect(alignSpan(tokenize(context), start, start + text.length)?.exact).toBe(true);
      }
    }
  });

  test('leaves no slot open, and writes proper sentences', () => {
    for (const seed of [0, 1, 2, 3, 4]) {
      const made = makePassages({ seed });
      for (const data of [made.train, made.dev]) {
        for (const { context, question, answers } of all(data)) {
          expect(`${context} ${question} ${answers[0]!.text}`).not.toMatch(
            /[{}]|undefined| {2}|\b(the|no|a) the\b| a (?!one-)[aeiou]/i,
          );
          expect(question).toMatch(/^[A-Z].*\?$/);
          expect(context).toMatch(/^[A-Z].*\.$/);
          // No sentence begins with a small letter, and none of a passage is said twice.
          expect(context).not.toMatch(/\. [a-z]/);
          const sentences = context.split('. ');
          expect(new Set(sentences).size).toBe(sentences.length);
        }
      }
    }
  });

  test('asks no question twice about a passage', () => {
    for (const { paragraphs } of [...train.articles, ...dev.articles]) {
      for (const { questions } of paragraphs) {
        expect(new Set(questions.map(({ question }) => question)).size).toBe(questions.length);
      }
    }
  });

  test('shares no name between training and development', () => {
    // Made-up words, and titles and names of the form "The One Two".
    const made = new RegExp(`\\b(?:(?:${STEMS.join('|')})[a-z]{3,}|The [A-Z]\\w+ [A-Z]\\w+)\\b`, 'g');
    const names = (data: SquadDataset) =>
      new Set(all(data).flatMap(({ context, question }) => `${context} ${question}`.match(made) ?? []));
    const known = names(train);
    expect(known.size).toBeGreaterThan(1500);
    const shared = [...names(dev)].filter((name) => known.has(name));
    expect(shared.filter((name) => !['Hollow', 'Northern'].includes(name))).toEqual([]);
  });

  test('cannot be answered by the kind of answer alone', () => {
    // The kinds that can be told by their form: a year, a number, a first and a family name.
    const kinds = [/^\d{4}$/, /^\d{1,3}(,\d{3})?$/, /^[A-Z][a-z]+ [A-Z][a-z]+$/];
    let chance = 0;
    let asked = 0;
    for (const { context, answers } of all(dev)) {
      const kind = kinds.find((form) => form.test(answers[0]!.text));
      if (kind === undefined) continue;
      const pattern = new RegExp(kind.source.replace('^', '\\b').replace('$', '\\b'), 'g');
      asked++;
      chance += 1 / new Set(context.match(pattern)).size;
    }
    expect(asked).toBeGreaterThan(100);
    expect(chance / asked).toBeLessThan(0.45);
  });

  test('uses many words and ways of asking', () => {
    const words = new Set(
      all(train).flatMap(({ context }) => tokenize(context).map(({ text }) => text.toLowerCase())),
    );
    expect(words.size).toBeGreaterThan(2000);
    const forms = new Set(all(train).map(({ question }) => question.replace(/\b[A-Z]\w+|[\d,]+/g, '_')));
    expect(forms.size).toBeGreaterThan(200);
  });
});
