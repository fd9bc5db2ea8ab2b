/** Longer runs of the example's program: every arm, several seeds, AddSent, and going on from a checkpoint. */
import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { f1Score } from '../../lib/squad/index.js';
import { ATTACK, SMALL, Workplace } from './program.js';

const place = new Workplace();
afterAll(() => place[Symbol.dispose]());

/** Two questions about one sentence: one with two variants, one with one. */
const ADDSENT = {
  data: [
    {
      title: 'Lindhaven',
      paragraphs: ['', ' Brynmoor stands on a hill.', ' Tarnby stands in a bog.'].map((added, i) => ({
        context: `The harbour town of Lindhaven stands on a rock by the sea.${added}`,
        qas: ['a', 'b']
          .map((id) => (i === 0 ? id : `${id}-${i}`))
          .filter((id) => id !== 'b-2')
          .map((id) => ({
            id,
            question: id.startsWith('a') ? 'Which town stands on a rock?' : 'What stands by the sea?',
            answers: [{ text: 'Lindhaven', answer_start: 20 }],
          })),
      })),
    },
  ],
};

test('every arm, two seeds: means with deviations, and AddSent', () => {
  const arms = 'noise,forum-fast,fgsm,pgd,freeat,yopo,freelb,vat,smart,alum,r3f,r4f,awp,rdrop';
  writeFileSync(place.path('addsent.json'), JSON.stringify(ADDSENT));
  const tiny = ['--limit', '16', '--dev-limit', '8', '--batch-size', '8', '--embedding-dim', '8'];
  const attack = [...ATTACK, '--attack-limit', '4', '--attack-epsilons', '1', '--attack-restarts', '1'];
  const { status, stderr } = place.run(
    ...[...tiny, ...attack, '--hidden-size', '4', '--epochs', '2', '--seeds', '2', '--arms', arms],
    ...['--addsent', 'addsent.json', '--schedule', 'plateau', '--out', 'every'],
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const table = place.read('every', 'report.md').toString();
  expect(
    table
      .split('\n')[0]!
      .split('|')
      .slice(2, -1)
      .map((name) => name.trim()),
  ).toEqual(arms.split(','));
  const score = '\\d+\\.\\d\\d ± \\d+\\.\\d\\d';
  for (const row of ['clean, 8 questions', 'AddSent, 2 questions', 'attack, ε = 1']) {
    expect(table).toMatch(
      new RegExp(`^\\| ${row}: EM / F1 +(\\| +${score} / ${score} ){${arms.split(',').length}}\\|$`, 'm'),
    );
  }
  for (const { arm, seed, adversarial, clean } of place
    .records('every')
    .filter(({ type }) => type === 'addsent')) {
    const answers = JSON.parse(place.read('every', `predictions-addsent-${arm}-seed${seed}.json`).toString());
    expect(Object.keys(answers)).toHaveLength(5);
    const f1 = (id: string) => f1Score(answers[id], 'Lindhaven');
    // The worse of the variants; the question that has none by itself.
    const worst = [Math.min(f1('a-1'), f1('a-2')), Math.min(f1('b-1'))];
    expect(adversarial.f1).toBeCloseTo((100 * (worst[0]! + worst[1]!)) / 2, 8);
    expect(clean.f1).toBeCloseTo((100 * (f1('a') + f1('b'))) / 2, 8);
  }
  expect(existsSync(place.path('every', 'checkpoint-best-awp-seed2.safetensors'))).toBe(true);
});

test.each([
  ['constant', '10', '5', []],
  // From an epoch's end on, with arms that stop early.
  ['linear', '18', '6', ['--patience', '1', '--learning-rate', '0.5', '--seeds', '2']],
])(
  'with a %s schedule, %s steps at once, and %s, a resumption and the rest, end in the same bits',
  (schedule, all, some, more) => {
    const common = [
      ...SMALL,
      '--limit',
      '48',
      '--dev-limit',
      '10',
      '--epochs',
      '3',
      '--arms',
      'none,fgm,freeat',
      '--schedule',
      schedule,
      ...more,
    ];
    const whole = `${schedule}-whole`;
    const halves = `${schedule}-halves`;
    expect(place.run(...common, '--max-steps', all, '--out', whole).status).toBe(0);
    const first = place.run(...common, '--max-steps', some, '--out', halves);
    expect(first.stdout).toContain('--resume');
    const half = place.checkpoint(halves);
    const rest = [...ATTACK, '--max-steps', all, '--threads', '1', '--out', halves];
    const second = place.run('--resume', `${halves}/checkpoint.safetensors`, ...rest);
    expect(second.stdout).toContain(`going on from step ${some}`);
    const expected = place.checkpoint(whole);
    expect(half.bytes.equals(expected.bytes)).toBe(false);
    // Weights, the optimizers' states and random numbers; then schedules, early stopping, progress, settings, vocabulary.
    expect(place.checkpoint(halves).bytes.equals(expected.bytes)).toBe(true);
    expect(place.checkpoint(halves).header).toEqual(expected.header);
    const measured = (out: string) => place.records(out).map((one) => ({ ...one, seconds: 0, peakBytes: 0 }));
    expect(measured(halves)).toEqual(measured(whole));
    if (schedule === 'linear') {
      // freeat makes a record of three steps.
      const unstopped = 2 * (18 + 18 + 18 / 3);
      expect(measured(whole).filter((one) => one.type === 'step').length).toBeLessThan(unstopped);
      expect(place.read(halves, 'report.md').toString()).toMatch(/^\| after epoch /m);
    }
  },
);
