/** The run's report as `examples/report` takes it. */
import { type SquadExample, type Token, tokenize } from 'litorch/squad';
import type { Column, Flip, Measured, Report, Row, ShadedToken, Table } from '../report/types.js';
import { type ArmName, armInfo, MEASURES } from './arms.js';
import type { AttackScore } from './attack.js';
import { panelsOf } from './curves.js';
import type { Data } from './data.js';
import type { Score } from './evaluate.js';
import type { FlipRecord } from './flips.js';
import { epsilonOf, type Options, weightOf } from './options.js';
import { short } from './report.js';
import type { MeasuredScore, Results } from './results.js';

/** @param command As it was typed. */
export function pageOf(results: Results, data: Data, options: Options, command: string): Report {
  const { loss, f1, attackF1, attackEm } = panelsOf(results);
  return {
    title: 'Adversarial training of a question answering network',
    subtitle: subtitleOf(data, options),
    command,
    settings: settingsOf(options),
    arms: results.arms,
    panels: [loss, f1, attackF1, attackEm].filter(({ series }) => series.length > 0),
    tables: [
      scoreTable(results),
      attackTable(results, 'F1 under attack', ({ attack }) => attack),
      attackTable(results, 'F1 under random perturbations of the same norm', ({ noise }) => noise),
      costTable(results, options),
    ].filter(({ columns, rows }) => columns.length > 0 && rows.length > 0),
    flips: flipsOf(results, data),
    notes: notesOf(options),
  };
}

function subtitleOf({ source, train, dev }: Data, { seeds }: Options): string {
  const count = (list: readonly unknown[]) => list.length.toLocaleString('en-US');
  const times = seeds.length > 1 ? `${seeds.length} seeds: mean ± sample deviation` : `seed ${seeds[0]}`;
  return `${source}: ${count(train)} questions to train on, ${count(dev)} to evaluate on; ${times}.`;
}

function settingsOf(options: Options): Report['settings'] {
  const { arms, epochs, batchSize, learningRate, schedule, patience, gradClipping, fixEmbeddings } = options;
  const { embeddingDim, hiddenSize, dropout, attackRestarts, attackSteps, threads, device } = options;
  const sizes = arms.flatMap((arm) => {
    const epsilon = epsilonOf(options, arm);
    return epsilon === null ? [] : [`${arm} ${short(epsilon)}`];
  });
  return {
    ε: sizes.join(', ') || 'none',
    epochs,
    'batch size': batchSize,
    'learning rate': learningRate,
    schedule,
    patience: patience ?? 'none',
    'gradient clipping': gradClipping,
    'word vectors': `${embeddingDim}, ${fixEmbeddings ? 'fixed' : 'trained'}`,
    'hidden size': hiddenSize,
    dropout,
    'attack restarts': attackRestarts,
    'attack steps': attackSteps,
    threads,
    device,
  };
}

interface ScoreColumn {
  name: string;
  of: (arm: ArmName) => MeasuredScore | null;
}

function scoreTable(results: Results): Table {
  const { metrics } = results;
  const kinds: ScoreColumn[] = [
    { name: 'clean', of: (arm) => results.score(arm, (id) => results.evaluation(id)) },
    { name: 'AddSent', of: (arm) => results.score(arm, (id) => metrics.addsent(id)?.adversarial) },
    { name: "AddSent's originals", of: (arm) => results.score(arm, (id) => metrics.addsent(id)?.clean) },
  ];
  const { arms } = results;
  const there = kinds.filter(({ of }) => arms.some((arm) => of(arm) !== null));
  return {
    title: there.map(({ name }) => name).join(', '),
    columns: there.flatMap(({ name }): Column[] => [
      { name: `${name}: EM`, unit: '%' },
      { name: 'F1', unit: '%' },
    ]),
    rows: arms.map(
      (arm): Row => ({
        label: arm,
        arm,
        cells: there.flatMap(({ of }) => {
          const score = of(arm);
          return [score?.exactMatch ?? null, score?.f1 ?? null];
        }),
      }),
    ),
  };
}

/** F1 by ε; EM is in a panel. */
function attackTable(results: Results, title: string, of: (score: AttackScore) => Score): Table {
  const epsilons = results.epsilons();
  const questions = results.first((id) => results.metrics.attack(id))?.questions ?? 0;
  return {
    title,
    columns: epsilons.map((epsilon) => ({
      name: epsilon === 0 ? 'clean' : `ε = ${short(epsilon)}`,
      unit: '%',
    })),
    rows: results.arms.map(
      (arm): Row => ({
        label: arm,
        arm,
        cells: epsilons.map((epsilon) =>
          results.measured(arm, (id) => {
            const score = results.attackScore(id, epsilon);
            return score === undefined ? undefined : of(score).f1;
          }),
        ),
      }),
    ),
    caption: `The first ${questions} questions whose answer has a place in the passage.`,
  };
}

function costTable(results: Results, options: Options): Table {
  const plain = (value: Measured | null): Measured | null => (value === null ? null : { mean: value.mean });
  return {
    title: 'Training',
    columns: [
      { name: 'ε', digits: 3 },
      { name: 'weight' },
      { name: 'steps', digits: 0 },
      { name: 'epoch evaluated', digits: 1 },
      { name: 'seconds a step, median', unit: 's', digits: 3 },
      { name: 'peak memory', unit: 'MiB', digits: 0 },
    ],
    rows: results.arms.map((arm): Row => {
      const number = (value: number | null): Measured | null => (value === null ? null : { mean: value });
      return {
        label: arm,
        arm,
        cells: [
          number(epsilonOf(options, arm)),
          number(weightOf(options, arm)),
          plain(results.measured(arm, (id) => results.steps(id))),
          results.measured(arm, (id) => results.evaluation(id)?.epoch),
          plain(results.measured(arm, (id) => results.secondsAStep(id))),
          plain(results.measured(arm, (id) => results.peakMemory(id))),
        ],
      };
    }),
  };
}

function notesOf(options: Options): string[] {
  const measures = new Set(options.arms.flatMap((arm) => armInfo(arm).measure ?? []));
  const meanings = [...measures].map((measure) => {
    const arms = options.arms.filter((arm) => armInfo(arm).measure === measure);
    return `${arms.join(', ')}: ${MEASURES[measure]}`;
  });
  const methods = options.arms.map((arm) => `${arm}: ${armInfo(arm).what}`);
  return [
    `${methods.join('; ')}.`,
    ...(meanings.length > 0 ? [`What ε is in training: ${meanings.join('; ')}.`] : []),
    `Under attack it is ${MEASURES.example}. Each question is attacked ${options.attackRestarts} times by ` +
      `${options.attackSteps} steps of projected gradient ascent, and the worst answer counts; the control is as many ` +
      'random perturbations of the same norm.',
  ];
}

/** The flipped answers of each arm's first seed. */
function flipsOf(results: Results, data: Data): Flip[] {
  const byId = new Map(data.dev.map((example) => [example.id, example]));
  return results.arms.flatMap((arm) => {
    const [id] = results.trials(arm);
    return (results.metrics.attack(id!)?.flips ?? []).flatMap((record) => {
      const example = byId.get(record.id);
      return example === undefined ? [] : [flipOf(arm, record, example, data.questions.get(record.id)!)];
    });
  });
}

function flipOf(arm: ArmName, record: FlipRecord, example: SquadExample, question: string): Flip {
  const { id, epsilon, before, after } = record;
  const isIn = (span: FlipRecord['before'], i: number) => i >= span.start && i <= span.end;
  return {
    arm,
    epsilon,
    id,
    gold: [...new Set(example.answers)],
    before: before.text,
    after: after.text,
    question: shaded(tokenize(question), record.question, () => ({})),
    context: shaded(example.tokens, record.context, (i) => ({
      inBefore: isIn(before, i),
      inAfter: isIn(after, i),
    })),
  };
}

function shaded(
  tokens: readonly Token[],
  sizes: readonly number[],
  more: (i: number) => Partial<ShadedToken>,
): ShadedToken[] {
  return tokens.map(({ text, start }, i) => ({
    text,
    size: sizes[i] ?? 0,
    spaceBefore: i > 0 && start > tokens[i - 1]!.end,
    ...more(i),
  }));
}
