/** The guard against regressions, on made-up figures. */
import { describe, expect, test } from '@jest/globals';
import {
  describeJudgements,
  type Judgement,
  judge,
  judgeAgain,
  parseRecorded,
  passed,
  record,
  type Verdict,
} from '../../bench/guard.js';

const measured = (ratios: Record<string, number>, complete = true, suite = 'training') => ({
  suite,
  ratios: new Map(Object.entries(ratios)),
  complete,
});
const verdicts = (judgements: readonly Judgement[]): Record<string, Verdict> =>
  Object.fromEntries(judgements.map(({ name, verdict }) => [name, verdict]));

describe('judge', () => {
  const recorded = { training: { mlp: 0.8, lstm: 1 }, import: { import: 0.2 } };

  test('a ratio up to 15 % above the recorded one passes, one beyond it does not', () => {
    const within = judge(recorded, measured({ mlp: 0.8 * 1.149, lstm: 1 }));
    expect(verdicts(within)).toEqual({ mlp: 'ok', lstm: 'ok' });
    expect(passed(within)).toBe(true);
    const beyond = judge(recorded, measured({ mlp: 0.8 * 1.151, lstm: 1 }));
    expect(verdicts(beyond)).toEqual({ mlp: 'above', lstm: 'ok' });
    expect(passed(beyond)).toBe(false);
  });

  test('what has become much better is said to be, and passes', () => {
    const judgements = judge(recorded, measured({ mlp: 0.5, lstm: 0.95 }));
    expect(verdicts(judgements)).toEqual({ mlp: 'better', lstm: 'ok' });
    expect(passed(judgements)).toBe(true);
  });

  test('what was never recorded passes', () => {
    const judgements = judge(recorded, measured({ mlp: 0.8, lstm: 1, cnn: 9 }));
    expect(verdicts(judgements)).toEqual({ mlp: 'ok', lstm: 'ok', cnn: 'new' });
    expect(judgements[2]?.recorded).toBeUndefined();
    expect(passed(judgements)).toBe(true);
    expect(verdicts(judge({}, measured({ mlp: 3 })))).toEqual({ mlp: 'new' });
    expect(verdicts(judge(recorded, measured({ toString: 3 }, false)))).toEqual({ toString: 'new' });
  });

  test('a recorded case that is gone fails, unless only a part was measured', () => {
    const gone = judge(recorded, measured({ mlp: 0.8 }));
    expect(verdicts(gone)).toEqual({ mlp: 'ok', lstm: 'missing' });
    expect(passed(gone)).toBe(false);
    expect(verdicts(judge(recorded, measured({ mlp: 0.8 }, false)))).toEqual({ mlp: 'ok' });
  });

  test('a ratio that is no number does not pass', () => {
    for (const ratio of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(verdicts(judge(recorded, measured({ mlp: ratio }, false)))).toEqual({ mlp: 'above' });
    }
  });
});

describe('judgeAgain', () => {
  const first = judge({ training: { mlp: 0.8, lstm: 1 } }, measured({ mlp: 1, lstm: 1 }));

  test('the repeat counts, and both figures are kept', () => {
    const fine = judgeAgain(first, new Map([['mlp', 0.82]]));
    expect(fine[0]).toEqual({
      suite: 'training',
      name: 'mlp',
      recorded: 0.8,
      ratio: 0.82,
      first: 1,
      verdict: 'ok',
    });
    expect(passed(fine)).toBe(true);
    const still = judgeAgain(first, new Map([['mlp', 0.99]]));
    expect(still[0]).toMatchObject({ ratio: 0.99, first: 1, verdict: 'above' });
    expect(passed(still)).toBe(false);
  });

  test('what was not measured again stays as it was, and so does what had passed', () => {
    expect(judgeAgain(first, new Map())).toEqual(first);
    expect(judgeAgain(first, new Map([['lstm', 7]]))[1]).toEqual(first[1]);
  });
});

describe('record', () => {
  test('rounds, puts in order, and leaves other suites as they are', () => {
    const recorded = record({ training: { mlp: 0.8 }, import: { import: 0.2 } }, [
      measured({ mlp: 0.71234, cnn: 0.9 }),
    ]);
    expect(JSON.stringify(recorded)).toBe('{"import":{"import":0.2},"training":{"cnn":0.9,"mlp":0.712}}');
  });

  test('a part of a suite replaces that part; a complete one replaces all', () => {
    const before = { training: { gone: 1, mlp: 0.8 } };
    expect(record(before, [measured({ mlp: 0.7 }, false)])).toEqual({ training: { gone: 1, mlp: 0.7 } });
    expect(record(before, [measured({ mlp: 0.7 })])).toEqual({ training: { mlp: 0.7 } });
    expect(before).toEqual({ training: { gone: 1, mlp: 0.8 } });
  });

  test('what is recorded passes when measured again', () => {
    const ratios = { a: 0.00036, b: 0.12345, c: 1.9996 };
    const recorded = parseRecorded(JSON.stringify(record({}, [measured(ratios)])));
    expect(passed(judge(recorded, measured(ratios)))).toBe(true);
  });
});

describe('parseRecorded', () => {
  test.each([
    ['[]', 'the record of ratios is no object'],
    ['{"training":[]}', "the record of suite 'training' is no object"],
    ['{"training":{"mlp":"0.8"}}', "the recorded ratio of 'mlp' in suite 'training' is no positive number"],
    ['{"training":{"mlp":0}}', "the recorded ratio of 'mlp' in suite 'training' is no positive number"],
  ])('refuses %s', (text, message) => {
    expect(() => parseRecorded(text)).toThrow(message);
  });
});

describe('describeJudgements', () => {
  test('lists what needs attention and counts the rest', () => {
    const judgements = judgeAgain(
      judge(
        { training: { a: 1, b: 1, c: 1, d: 1, e: 1 } },
        measured({ a: 1.01, b: 1.3, c: 1.4, e: 0.5, f: 2 }),
      ),
      new Map([
        ['b', 1.02],
        ['c', 1.35],
      ]),
    );
    const lines = describeJudgements(judgements).split('\n');
    const words = lines.map((line) => line.split(/\s+/).join(' '));
    expect(words).toEqual([
      'case recorded measured change',
      'training: b 1.000 1.020 2.0 % ok (1.300 at first)',
      'training: c 1.000 1.350 35.0 % REGRESSED (1.400 at first)',
      'training: e 1.000 0.500 -50.0 % better: record it',
      'training: f - 2.000 - not recorded',
      'training: d 1.000 - - NOT MEASURED',
      '2 of 6 within 15 % of their recorded ratios',
    ]);
  });

  test('says only how many, where all is well', () => {
    expect(describeJudgements(judge({ training: { a: 1 } }, measured({ a: 1.1 })))).toBe(
      '1 of 1 within 15 % of their recorded ratios',
    );
  });
});
