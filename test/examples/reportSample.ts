/** A report with something of everything, made of a fixed recipe. */
import type { Flip, Panel, Report, Series, ShadedToken, Table } from '../../examples/report/types.js';

export const ARMS = ['none', 'noise', 'forum', 'fgm', 'pgd', 'freelb', 'vat'];

/** What would be markup if it weren't escaped. */
export const HOSTILE = '<img src=x onerror=alert(1)> & "quotes" \'single\' </style></table>';

const EPSILONS = [0, 0.5, 1, 2, 3, 5];

function loss(): Panel {
  const series = ARMS.map((arm, i): Series => {
    const points = Array.from({ length: 90 }, (_, k) => {
      const mean = 1.1 + 3.2 * Math.exp(-k / (18 + 3 * i)) + 0.06 * Math.sin(k * (1.3 + i));
      return { x: (k + 1) * 20, mean: k === 40 && i === 3 ? Number.NaN : mean, deviation: 0.08 + 0.01 * i };
    });
    return { arm, points };
  });
  return {
    title: 'Loss in training',
    xName: 'step',
    yName: 'loss',
    series,
    caption: 'Mean of three seeds; each point is the mean of 20 steps.',
  };
}

function attack(): Panel {
  const series = ARMS.flatMap((arm, i): Series[] => {
    const points = EPSILONS.map((x) => ({
      x,
      mean: 68 * Math.exp(-(x * x) / (3 + 3.5 * i)) + 2,
      deviation: 1.2 + (x % 2),
    }));
    const random = EPSILONS.map((x) => ({ x, mean: 68 + 0.3 * i - x * 0.9, deviation: 0.7 }));
    return [
      { arm, points },
      { arm, control: true, points: random },
    ];
  });
  return { title: 'F1 against ε', xName: 'ε', yName: 'F1, %', series, fromZero: true };
}

function one(): Panel {
  const series = ['none', 'fgm'].map(
    (arm, i): Series => ({
      arm,
      points: [{ x: 1, mean: 62 + i, deviation: 1.5 }],
    }),
  );
  return { title: 'After one epoch', xName: 'epoch', yName: 'EM, %', series };
}

const table: Table = {
  title: 'Three seeds, mean ± deviation',
  columns: [
    { name: 'EM', unit: '%' },
    { name: 'F1', unit: '%' },
    { name: 'AddSent F1', unit: '%' },
    { name: 'F1 at ε = 5', unit: '%' },
    { name: 'step', unit: 'ms', digits: 1 },
    { name: 'peak memory', unit: 'MiB', digits: 0 },
    { name: 'device' },
  ],
  rows: ARMS.map((arm, i) => ({
    label: arm,
    arm,
    cells: [
      { mean: 58.13 + i / 3, deviation: 0.41 },
      { mean: 68.77 + i / 4, deviation: i === 2 ? 12.5 : 0.36 },
      i === 1 ? null : { mean: 36.2 + i, deviation: 0.92 },
      i === 3 ? { mean: 9.5 } : { mean: 3.25 * i, deviation: 0.5 },
      { mean: 41.2 + 20 * i },
      { mean: 1204 + 512 * i },
      'cpu',
    ],
  })),
};

/** Tokens of a text in which `_` and `^` before a word put it into the answer before and after. */
function tokens(text: string, strength: number): ShadedToken[] {
  return text.split(' ').map((word, i) => {
    const bare = word.replace(/^[_^]+/, '');
    const mark = word.slice(0, word.length - bare.length);
    const wave = Math.abs(Math.sin(i * 1.7 + strength));
    return {
      text: bare,
      size: strength * wave * (mark === '' ? 0.55 : 1),
      inBefore: mark.includes('_'),
      inAfter: mark.includes('^'),
    };
  });
}

const SHORT =
  'The lighthouse on the northern cape was finished in _the _spring _of _1861 , after two winters of storms had ' +
  'carried away the first tower . Its keeper , ^Ada ^Lindqvist , wrote a diary for thirty years .';
const FILLER = 'Boats came and went with the tide , and the harbour master counted all of them in a book . '
  .repeat(8)
  .trim();

const flips: Flip[] = [
  {
    arm: 'none',
    epsilon: 1,
    id: 'lighthouse-1',
    gold: ['the spring of 1861', 'spring of 1861', '1861'],
    before: 'the spring of 1861',
    after: 'Ada Lindqvist',
    question: tokens('When was the lighthouse on the cape finished ?', 0.8),
    context: tokens(SHORT, 1),
  },
  {
    arm: 'fgm',
    epsilon: 5,
    id: `lighthouse-2 ${HOSTILE}`,
    gold: [HOSTILE],
    before: 'two winters',
    after: '',
    question: tokens(`How long did storms last ? ${HOSTILE}`, 2),
    context: tokens(
      `${FILLER} It took _two ^_winters ^of ^storms to carry the first tower away . ${FILLER}`,
      5,
    ),
  },
  {
    arm: 'vat',
    epsilon: 2.5,
    id: 'review-17',
    gold: ['positive'],
    before: 'positive',
    after: 'negative',
    question: [],
    context: tokens('a quiet , stubborn little film that earns every one of its tears', 1.4),
  },
];

export const sample: Report = {
  title: 'Adversarial training on questions about lighthouses',
  subtitle: '10,000 questions to train on, 1,000 to evaluate on; 3 seeds',
  command:
    'npm start -- --train train.json --dev dev.json --arms none,noise,forum,fgm,pgd,freelb,vat --seeds 1,2,3 --epochs 4 --out runs/lighthouse',
  settings: {
    'batch size': 32,
    epochs: 4,
    'learning rate': 0.002,
    dropout: 0.3,
    'fixed embeddings': true,
    ε: 5,
    'hidden size': 64,
    'embedding file': '/a/rather/long/path/to/vectors/of/three/hundred/dimensions/glove.840B.300d.txt',
    hostile: HOSTILE,
    restarts: 3,
  },
  arms: ARMS,
  panels: [loss(), attack(), one()],
  tables: [table],
  flips,
  notes: ['The deviation is that of a sample of three seeds.', HOSTILE],
};
