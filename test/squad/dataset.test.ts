import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import {
  countQuestions,
  loadSquad,
  parseSquad,
  questionsOf,
  SquadFormatError,
  saveSquad,
  stringifySquad,
  takeQuestions,
} from '../../lib/squad/index.js';
import { official, realData, temporaryFolder, testWith } from './data.js';

const folder = temporaryFolder();
const parse = (value: unknown, requireSpans = true) =>
  parseSquad(JSON.stringify(value), { requireSpans, file: 'some.json' });

describe('a valid dataset', () => {
  test('is read with offsets in string indices', () => {
    const data = parse(official());
    expect(data.version).toBe('1.1');
    expect(countQuestions(data)).toBe(3);
    const all = [...questionsOf(data)];
    expect(all.map(({ id }) => id)).toEqual(['q1', 'q2', 'q3']);
    expect(all[2]?.title).toBe('Köln 𝔘 notes');
    for (const { context, answers } of all) {
      for (const { text, start } of answers) expect(context.slice(start, start + text.length)).toBe(text);
    }
    expect(all[2]?.answers[0]?.start).toBe(34);
  });

  test('may count UTF-16 units where that alone leads to the text', () => {
    const value = official();
    value.data[1]!.paragraphs[0]!.qas[0]!.answers[0]!.answer_start = 34;
    expect([...questionsOf(parse(value))][2]?.answers[0]?.start).toBe(34);
  });

  test('needs no version, and may hold more fields than the format has', () => {
    const { data } = official();
    expect(parse({ data, licence: 'free' }).version).toBeUndefined();
  });

  test('survives writing and reading, plain and gzip, whatever the name', () => {
    const data = parse(official());
    expect(JSON.parse(stringifySquad(data))).toEqual(official());
    for (const name of ['a.json', 'a.json.gz']) {
      const path = join(folder, name);
      saveSquad(path, data);
      expect(loadSquad(path, { requireSpans: true })).toEqual(data);
      expect(readFileSync(path)[0] === 0x1f).toBe(name.endsWith('.gz'));
    }
    writeFileSync(join(folder, 'misnamed.json'), gzipSync(stringifySquad(data)));
    expect(loadSquad(join(folder, 'misnamed.json'))).toEqual(data);
    writeFileSync(join(folder, 'bom.json'), `\ufeff${stringifySquad(data)}`);
    expect(loadSquad(join(folder, 'bom.json'))).toEqual(data);
  });

  test('is cut to its first questions', () => {
    const data = parse(official());
    for (const limit of [1, 2, 3, 4]) {
      const some = parseSquad(JSON.stringify(official()), { limit });
      expect([...questionsOf(some)]).toEqual([...questionsOf(data)].slice(0, limit));
      expect(takeQuestions(data, limit)).toEqual(some);
    }
    expect(takeQuestions(data, 1).articles).toHaveLength(1);
    for (const limit of [0, -1, 1.5, Number.NaN])
      expect(() => parseSquad('{}', { limit })).toThrow(RangeError);
  });

  test('keeps an answer that is elsewhere only where spans are not required', () => {
    for (const offset of [48, -1, 4000]) {
      const value = official();
      value.data[0]!.paragraphs[0]!.qas[0]!.answers[0]!.answer_start = offset;
      expect([...questionsOf(parse(value, false))][0]?.answers[0]).toEqual({
        text: 'Port Hallow',
        start: -1,
      });
      expect(() => parse(value)).toThrow(SquadFormatError);
    }
  });
});

type Spoiled = ReturnType<typeof official> & Record<string, unknown>;
type Loose = Record<string, unknown>;
const article = (value: Spoiled) => value.data[0] as unknown as Loose;
const paragraph = (value: Spoiled) => value.data[0]!.paragraphs[0] as unknown as Loose;
const question = (value: Spoiled, index = 1) => value.data[0]!.paragraphs[0]!.qas[index] as unknown as Loose;
const answer = (value: Spoiled) => value.data[0]!.paragraphs[0]!.qas[0]!.answers[1] as unknown as Loose;

const inArticle = 'some.json: article 0 ("Rivers")';
const inParagraph = `${inArticle}, paragraph 0`;
const inFirst = `${inParagraph}, question 0 (id "q1")`;
const inSecond = `${inParagraph}, question 1 (id "q2")`;

/** What is spoiled, how, and the message that must come of it. */
const malformed: [string, (value: Spoiled) => unknown, string][] = [
  ['the file is an array', () => [], 'some.json: the file must be an object, got an array'],
  ['the file is null', () => null, 'some.json: the file must be an object, got null'],
  ['the file is a number', () => 7, 'some.json: the file must be an object, got number 7'],
  [
    'no data',
    (v) => {
      delete (v as Loose).data;
    },
    'some.json: "data" must be an array, but it is missing',
  ],
  [
    'data is an object',
    (v) => {
      (v as Loose).data = {};
    },
    'some.json: "data" must be an array, got an object',
  ],
  [
    'data is empty',
    (v) => {
      v.data = [];
    },
    'some.json: there is no question in it',
  ],
  [
    'a number for a version',
    (v) => {
      (v as Loose).version = 1.1;
    },
    'some.json: "version" must be a string, got number 1.1',
  ],
  [
    'an article is a string',
    (v) => {
      (v.data as unknown[])[1] = 'x';
    },
    'some.json: article 1: the article must be an object, got string "x"',
  ],
  [
    'no title',
    (v) => {
      delete article(v).title;
    },
    'some.json: article 0: "title" must be a string, but it is missing',
  ],
  [
    'a number for a title',
    (v) => {
      article(v).title = 4;
    },
    'some.json: article 0: "title" must be a string, got number 4',
  ],
  [
    'no paragraphs',
    (v) => {
      delete article(v).paragraphs;
    },
    `${inArticle}: "paragraphs" must be an array, but it is missing`,
  ],
  [
    'a string for paragraphs',
    (v) => {
      article(v).paragraphs = 'p';
    },
    `${inArticle}: "paragraphs" must be an array, got string "p"`,
  ],
  [
    'a paragraph is null',
    (v) => {
      article(v).paragraphs = [null];
    },
    `${inParagraph}: the paragraph must be an object, got null`,
  ],
  [
    'no context',
    (v) => {
      delete paragraph(v).context;
    },
    `${inParagraph}: "context" must be a string, but it is missing`,
  ],
  [
    'an empty context',
    (v) => {
      paragraph(v).context = '';
    },
    `${inParagraph}: "context" is empty`,
  ],
  [
    'a list for a context',
    (v) => {
      paragraph(v).context = ['a'];
    },
    `${inParagraph}: "context" must be a string, got an array`,
  ],
  [
    'no questions',
    (v) => {
      delete paragraph(v).qas;
    },
    `${inParagraph}: "qas" must be an array, but it is missing`,
  ],
  [
    'a question is a list',
    (v) => {
      paragraph(v).qas = [[]];
    },
    `${inParagraph}, question 0: the question must be an object, got an array`,
  ],
  [
    'no id',
    (v) => {
      delete question(v).id;
    },
    `${inParagraph}, question 1: "id" must be a string, but it is missing`,
  ],
  [
    'an empty id',
    (v) => {
      question(v).id = '';
    },
    `${inParagraph}, question 1: "id" is empty`,
  ],
  [
    'a number for an id',
    (v) => {
      question(v).id = 12;
    },
    `${inParagraph}, question 1: "id" must be a string, got number 12`,
  ],
  [
    'an id used twice',
    (v) => {
      question(v).id = 'q1';
    },
    `${inParagraph}, question 1 (id "q1"): its id is already that of article 0, paragraph 0, question 0`,
  ],
  [
    'no question text',
    (v) => {
      delete question(v).question;
    },
    `${inSecond}: "question" must be a string, but it is missing`,
  ],
  [
    'an empty question',
    (v) => {
      question(v).question = '';
    },
    `${inSecond}: "question" is empty`,
  ],
  [
    'true for a question',
    (v) => {
      question(v).question = true;
    },
    `${inSecond}: "question" must be a string, got boolean true`,
  ],
  [
    'no answers',
    (v) => {
      delete question(v).answers;
    },
    `${inSecond}: "answers" must be an array, but it is missing`,
  ],
  [
    'an empty list of answers',
    (v) => {
      question(v).answers = [];
    },
    `${inSecond}: "answers" is empty`,
  ],
  [
    'a question of SQuAD 2.0',
    (v) => void Object.assign(question(v), { answers: [], is_impossible: true }),
    `${inSecond}: "answers" is empty; questions without an answer are SQuAD 2.0, this reads 1.1`,
  ],
  [
    'an answer is a string',
    (v) => {
      question(v, 0).answers = ['x'];
    },
    `${inFirst}: answers[0] must be an object, got string "x"`,
  ],
  [
    'no answer text',
    (v) => {
      delete answer(v).text;
    },
    `${inFirst}: answers[1].text must be a string, but it is missing`,
  ],
  [
    'an empty answer',
    (v) => {
      answer(v).text = '';
    },
    `${inFirst}: answers[1].text is empty`,
  ],
  [
    'no offset',
    (v) => {
      delete answer(v).answer_start;
    },
    `${inFirst}: answers[1].answer_start must be an integer, but it is missing`,
  ],
  [
    'a string for an offset',
    (v) => {
      answer(v).answer_start = '46';
    },
    `${inFirst}: answers[1].answer_start must be an integer, got string "46"`,
  ],
  [
    'half an offset',
    (v) => {
      answer(v).answer_start = 4.5;
    },
    `${inFirst}: answers[1].answer_start must be an integer, got number 4.5`,
  ],
  [
    'null for an offset',
    (v) => {
      answer(v).answer_start = null;
    },
    `${inFirst}: answers[1].answer_start must be an integer, got null`,
  ],
  [
    'an offset below 0',
    (v) => {
      answer(v).answer_start = -1;
    },
    `${inFirst}: answers[1].answer_start -1 is outside the context of 61 characters`,
  ],
  [
    'an offset beyond the end',
    (v) => {
      answer(v).answer_start = 61;
    },
    `${inFirst}: answers[1].answer_start 61 is outside the context of 61 characters`,
  ],
  [
    'an offset that is one off',
    (v) => {
      answer(v).answer_start = 45;
    },
    `${inFirst}: answers[1].text "at Port Hallow" is not at its answer_start 45: there is " at Port Hallo"`,
  ],
  [
    'a text that is not there',
    (v) => {
      v.data[1]!.paragraphs[0]!.qas[0]!.answers[0]!.text = '1822';
    },
    'some.json: article 1 ("Köln 𝔘 notes"), paragraph 0, question 0 (id "q3"): answers[0].text "1822" is not at its answer_start 31: there is "1821"',
  ],
];

describe('malformed data is an error that names the place', () => {
  test.each(malformed)('%s', (_, spoil, message) => {
    const value = official() as Spoiled;
    const result = spoil(value);
    let error: unknown;
    try {
      parse(result === undefined ? value : result);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(SquadFormatError);
    expect(error).toBeInstanceOf(Error);
    expect((error as SquadFormatError).message).toBe(message);
    expect((error as SquadFormatError).name).toBe('SquadFormatError');
    expect((error as SquadFormatError).location.file).toBe('some.json');
  });

  const whole = gzipSync(JSON.stringify(official()));
  test.each<[string, string | Uint8Array, RegExp]>([
    ['empty', '', /: not JSON: /],
    ['cut', JSON.stringify(official()).slice(0, 100), /: not JSON: /],
    ['text', 'hello', /: not JSON: /],
    ['latin1', Buffer.from('{"data": "caf\xe9"}', 'latin1'), /: not UTF-8 text$/],
    ['cut-gzip', whole.subarray(0, whole.length - 12), /: damaged gzip data: /],
    ['bad-gzip', Buffer.from([0x1f, 0x8b, 1, 2, 3]), /: damaged gzip data: /],
    ['gzip-of-text', gzipSync('hello'), /: not JSON: /],
  ])('a file that is %s', (name, bytes, message) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    expect(() => loadSquad(path)).toThrow(message);
    expect(() => loadSquad(path)).toThrow(path);
    expect(() => loadSquad(path)).toThrow(SquadFormatError);
  });

  test('a file that is not there gives the system’s error', () => {
    expect(() => loadSquad(join(folder, 'nowhere.json'))).toThrow(/ENOENT.*nowhere/);
  });

  test('data behind the limit is checked as well', () => {
    const value = official();
    value.data[1]!.paragraphs[0]!.qas[0]!.id = 'q1';
    expect(() => parseSquad(JSON.stringify(value), { limit: 1 })).toThrow(
      /article 1 .*already that of article 0/,
    );
  });
});

describe('real data', () => {
  const files: [string, number, number][] = [
    ['dev-v1.1.json.gz', 10_570, 34_726],
    ['train-10k.json.gz', 10_083, 10_083],
    ['addsent.json.gz', 3_560, 11_603],
  ];
  for (const [name, questions, answers] of files) {
    const path = realData(name);
    testWith(`../shared/data/squad/${name}`, path)(`${name} is read with every span`, () => {
      const data = loadSquad(path!, { requireSpans: true });
      expect(countQuestions(data)).toBe(questions);
      expect([...questionsOf(data)].reduce((sum, entry) => sum + entry.answers.length, 0)).toBe(answers);
      expect(JSON.parse(stringifySquad(data)).data).toEqual(
        JSON.parse(gunzipSync(readFileSync(path!)).toString()).data,
      );
    });
  }
});
