import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  evaluateAddSent,
  evaluateSquad,
  exactMatchScore,
  f1Score,
  loadSquad,
  normalizeAnswer,
  parseSquad,
  questionsOf,
  SeededRandom,
  type SquadDataset,
  scoreAnswer,
} from '../../lib/squad/index.js';
import { hasPython, runPython } from '../support/python.js';
import { hex, official, realData, temporaryFolder, testWith } from './data.js';
import { oddText, perturbedPredictions } from './perturb.js';

const folder = temporaryFolder();
const EVAL = 'squad_eval.py';

/** What Python gives for each text; recorded, so that it is checked without Python too. */
const NORMAL_FORMS: [string, string][] = [
  ['The  Cat, a DOG; an   owl!', 'cat dog owl'],
  ['a-b the-c', 'ab thec'],
  ['a_b', 'ab'],
  ['A.', ''],
  ['', ''],
  ['“the” ‘a’', '“ ” ‘ ’'],
  ['a—an–the', '— –'],
  ['a\u0301 the\u0301', '\u0301 \u0301'],
  ['éa aé', 'éa aé'],
  ['the½ a² Ⅷa', 'the½ a² ⅷa'],
  ['x\u001ca\u001fb\u0085c', 'x b c'],
  ['\ufeffa\ufeff', '\ufeff \ufeff'],
  ['İstanbul ΟΔΟΣ ΣΑΣ', 'i̇stanbul οδος σας'],
  ['字the字 the字', '字the字 the字'],
  ['$5 (U.S.)', '5 us'],
  ['a\u200bthe', '\u200b'],
  ['the\u00a0an\u3000x', 'x'],
  ['athe the a', 'athe'],
];

describe('normalizeAnswer', () => {
  test.each(NORMAL_FORMS)('%j', (text, form) => {
    expect(normalizeAnswer(text)).toBe(form);
  });

  testWith('the reference Python', hasPython)('the recorded forms are Python’s', () => {
    const texts = NORMAL_FORMS.map(([text]) => text);
    expect(python('normalize', texts)).toEqual(NORMAL_FORMS.map(([, form]) => form));
  });

  testWith('the reference Python', hasPython)('is Python’s on 20,000 odd strings', () => {
    const random = new SeededRandom(2016);
    const texts = Array.from({ length: 20_000 }, () => oddText(random));
    const expected = python('normalize', texts) as string[];
    expect(expected).toHaveLength(texts.length);
    texts.forEach((text, i) => {
      if (normalizeAnswer(text) !== expected[i])
        expect([text, normalizeAnswer(text)]).toEqual([text, expected[i]]);
    });
  });

  testWith('the reference Python', hasPython)(
    'knows Python’s words, spaces and lower case for every character',
    () => {
      const known = JSON.parse(runPython(EVAL, ['boundary'])) as {
        word: number[];
        space: number[];
        lower: Record<number, string>;
      };
      const [word, space] = [new Set(known.word), new Set(known.space)];
      const wrong: string[] = [];
      for (let code = 0; code < 0x30000; code++) {
        const character = String.fromCodePoint(code);
        // What only one side's edition of Unicode has assigned can't be compared.
        if ((code >= 0xd800 && code < 0xe000) || /\p{Cn}/u.test(character)) continue;
        const lower = known.lower[code] ?? character;
        const nothing = space.has(code) || isPunctuation(code);
        // After a letter "a" is no article; U+0130 becomes a letter with a mark, and a mark ends a word.
        const letter = word.has(Array.from(lower).at(-1)!.codePointAt(0)!);
        const form = nothing ? '' : letter ? `${lower}a` : lower;
        if (normalizeAnswer(`${character}a`) !== form) wrong.push(code.toString(16));
      }
      expect(wrong.filter((code) => !isNewToPython(Number.parseInt(code, 16), word, known.lower))).toEqual(
        [],
      );
    },
  );
});

describe('the scores of one answer', () => {
  test.each<[string, string, number, number]>([
    ['the cat', 'Cat.', 1, 1],
    ['black cat', 'cat', 0, 2 / 3],
    ['a', 'the', 1, 0],
    ['cat', 'dog', 0, 0],
    ['', 'dog', 0, 0],
    ['x x y', 'x y y', 0, (2 * (2 / 3) * (2 / 3)) / (2 / 3 + 2 / 3)],
  ])('%j against %j', (prediction, gold, exact, f1) => {
    expect(exactMatchScore(prediction, gold)).toBe(exact);
    expect(f1Score(prediction, gold)).toBe(f1);
    expect(scoreAnswer(prediction, [gold])).toEqual({ exactMatch: exact, f1 });
  });

  test('are the best over the gold answers', () => {
    expect(scoreAnswer('black cat', ['dog', 'cat', 'a black cat'])).toEqual({ exactMatch: 1, f1: 1 });
    expect(scoreAnswer('constructor __proto__', ['__proto__ constructor'])).toEqual({ exactMatch: 0, f1: 1 });
  });

  testWith('the reference Python', hasPython)('are Python’s, bit for bit, on 5,000 odd pairs', () => {
    const random = new SeededRandom(7);
    const pairs = Array.from({ length: 5000 }, () => {
      const golds = Array.from({ length: 1 + random.below(3) }, () => oddText(random));
      const gold = random.pick(golds);
      const words = gold.split(' ');
      return [
        random.below(3) === 0 ? oddText(random) : random.shuffled(words).slice(random.below(2)).join(' '),
        golds,
      ];
    }) as [string, string[]][];
    const expected = python('compare', pairs);
    const found = pairs.map(([prediction, golds]) => {
      const { exactMatch, f1 } = scoreAnswer(prediction, golds);
      return [exactMatch, hex(f1)];
    });
    expect(found).toEqual(expected);
  });
});

describe('evaluateSquad', () => {
  const dataset = parseSquad(JSON.stringify(official()));

  test('is the mean over all questions, a missing prediction being 0', () => {
    const score = evaluateSquad(dataset, { q1: 'Port Hallow!', q3: 'in 1821', q9: 'x' });
    expect(score).toEqual({ exactMatch: 100 / 3, f1: (100 * (1 + 2 / 3)) / 3, total: 3, missing: ['q2'] });
    expect(evaluateSquad(dataset, new Map([['q2', 'lome']])).exactMatch).toBe(100 / 3);
    expect(evaluateSquad(dataset, {}).missing).toEqual(['q1', 'q2', 'q3']);
  });

  test('takes no inherited property for a prediction', () => {
    const value = official();
    value.data[0]!.paragraphs[0]!.qas[0]!.id = 'constructor';
    expect(evaluateSquad(parseSquad(JSON.stringify(value)), {}).missing).toContain('constructor');
  });

  for (const name of ['dev-v1.1.json.gz', 'addsent.json.gz']) {
    const path = realData(name);
    testWith(`../shared/data/squad/${name} or Python`, path && hasPython)(
      `is Python’s on ${name}, bit for bit`,
      () => {
        const data = loadSquad(path!);
        for (const seed of [1, 2]) {
          const predictions = perturbedPredictions(data, new SeededRandom(seed));
          const expected = pythonScore('squad', path!, predictions) as { exact_match: number; f1: number };
          const score = evaluateSquad(data, predictions);
          expect([hex(score.exactMatch), hex(score.f1)]).toEqual([
            hex(expected.exact_match),
            hex(expected.f1),
          ]);
          expect(score.f1).toBeGreaterThan(20);
          expect(score.f1).toBeLessThan(90);
        }
      },
    );
  }
});

describe('evaluateAddSent', () => {
  const dataset: SquadDataset = {
    articles: [
      {
        title: 't',
        paragraphs: [
          {
            context: 'c',
            questions: [question('a'), question('b'), question('a-x'), question('a-y'), question('a-z')],
          },
          { context: 'c', questions: [question('c-1'), question('d'), question('d-1')] },
        ],
      },
    ],
  };

  test('takes the worst variant, and the original only where there is none', () => {
    const score = evaluateAddSent(dataset, {
      a: 'one two',
      b: 'one',
      'a-x': 'one two',
      'a-y': 'one',
      'a-z': 'one two three four',
      'c-1': 'one two',
      d: 'one two',
    });
    const f1 = 2 / 3;
    expect(score).toEqual({
      clean: { exactMatch: 200 / 3, f1: (100 * (1 + f1 + 1)) / 3 },
      adversarial: { exactMatch: 25, f1: (100 * (f1 + f1 + 1 + 0)) / 4 },
      questions: 4,
      unchanged: 1,
      missing: ['d-1'],
    });
  });

  const path = realData('addsent.json.gz');
  testWith('../shared/data/squad/addsent.json.gz or Python', path && hasPython)(
    'is Python’s on the real set',
    () => {
      const data = loadSquad(path!);
      const predictions = perturbedPredictions(data, new SeededRandom(5));
      const score = evaluateAddSent(data, predictions);
      expect([score.questions, score.unchanged]).toEqual([1000, 213]);
      const expected = pythonScore('addsent', path!, predictions) as Record<
        string,
        { exact_match: number; f1: number }
      >;
      for (const kind of ['clean', 'adversarial'] as const) {
        expect(hex(score[kind].exactMatch)).toBe(hex(expected[kind]!.exact_match));
        expect(hex(score[kind].f1)).toBe(hex(expected[kind]!.f1));
      }
      expect(score.adversarial.f1).toBeLessThan(score.clean.f1);
    },
  );

  testWith('../shared/data/squad/addsent.json.gz', path)('gives gold answers 100', () => {
    const data = loadSquad(path!);
    const gold = new Map([...questionsOf(data)].map(({ id, answers }) => [id, answers[0]!.text]));
    const { clean, adversarial } = evaluateAddSent(data, gold);
    expect([clean, adversarial]).toEqual([
      { exactMatch: 100, f1: 100 },
      { exactMatch: 100, f1: 100 },
    ]);
  });
});

function question(id: string) {
  return { id, question: '?', answers: [{ text: 'one two', start: -1 }] };
}

function python(command: string, input: unknown): unknown {
  return JSON.parse(runPython(EVAL, [command], { input: JSON.stringify(input) }));
}

function pythonScore(command: string, dataset: string, predictions: Map<string, string>): unknown {
  const path = join(folder, `${command}.json`);
  writeFileSync(path, JSON.stringify(Object.fromEntries(predictions)));
  return JSON.parse(runPython(EVAL, [command, dataset, path]));
}

function isPunctuation(code: number): boolean {
  return code > 32 && code < 127 && !/[0-9A-Za-z]/.test(String.fromCharCode(code));
}

/** Letters and numbers that this Node's Unicode has and that Python's lacks. */
function isNewToPython(code: number, word: Set<number>, lower: Record<number, string>): boolean {
  const character = String.fromCodePoint(code);
  return /[\p{L}\p{N}]/u.test(character) && !word.has(code) && !(code in lower);
}
