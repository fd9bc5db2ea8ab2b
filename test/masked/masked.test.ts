/** torch.masked, on dense and on sparse tensors. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { type Case, compareWithPython, ints, leaf, messageOf, x } from '../functional/compare.js';
import { settled, unfreed } from '../support/counts.js';

const { masked } = torch;
const { complex64: c64, float64: f64 } = torch;

/** A mask that leaves out a whole column, and elements here and there. */
const mask = (): Tensor => torch.tensor([true, false, true, true, true, false]).view([2, 3]);
const m = 'torch.tensor([True, False, True, True, True, False]).view(2, 3)';
const numbers = (): Tensor => ints(3, 1, 2, -4, 5, 9).view([2, 3]);
const n = 'ints(3, 1, 2, -4, 5, 9).view(2, 3)';

const reductions = ['sum', 'prod', 'amax', 'amin', 'mean', 'logsumexp', 'var', 'std', 'norm'] as const;
const normalizations = ['softmax', 'log_softmax', 'softmin', 'cumsum', 'cumprod'] as const;
const camel = (name: string): 'softmax' =>
  name.replace(/_(\w)/, (_, c: string) => c.toUpperCase()) as 'softmax';

const dense: readonly Case[] = [
  ...reductions.flatMap((name): Case[] => {
    const f = masked[name as 'sum'];
    const py = `torch.masked.${name}`;
    return [
      [`${py}(x(2, 3))`, () => f(x(2, 3))],
      [`${py}(x(2, 3), mask=${m})`, () => f(x(2, 3), { mask: mask() })],
      [
        `${py}(x(2, 3), dim=0, keepdim=True, mask=${m})`,
        () => f(x(2, 3), { dim: 0, keepdim: true, mask: mask() }),
      ],
      [
        `${py}(x(4, 2, 3), dim=(0, -1), dtype=f64, mask=${m})`,
        () => f(x(4, 2, 3), { dim: [0, -1], dtype: f64, mask: mask() }),
      ],
    ];
  }),
  ...(['sum', 'prod', 'amax', 'amin', 'var', 'logsumexp'] as const).map((name): Case => {
    const f = masked[name as 'sum'];
    return [
      `torch.masked.${name}(${n}.int(), dim=1, mask=${m})`,
      () => f(numbers().int(), { dim: 1, mask: mask() }),
    ];
  }),
  ...(['argmax', 'argmin'] as const).flatMap((name): Case[] => [
    [`torch.masked.${name}(x(2, 3), 1, mask=${m})`, () => masked[name](x(2, 3), 1, { mask: mask() })],
    [`torch.masked.${name}(${n}, mask=${m})`, () => masked[name](numbers(), { mask: mask() })],
  ]),
  ...normalizations.flatMap((name): Case[] => {
    const f = masked[camel(name)];
    return [
      [`torch.masked.${name}(x(2, 3), 1, mask=${m})`, () => f(x(2, 3), 1, { mask: mask() })],
      [`torch.masked.${name}(x(2, 3), -2, dtype=f64)`, () => f(x(2, 3), -2, { dtype: f64 })],
    ];
  }),
  [`torch.masked.median(x(2, 3), 1, mask=${m})`, () => masked.median(x(2, 3), 1, { mask: mask() })],
  [
    `torch.masked.median(${n}, mask=${m}, keepdim=True)`,
    () => masked.median(numbers(), { mask: mask(), keepdim: true }),
  ],
  [`torch.masked.norm(x(2, 3), 3., 0, mask=${m})`, () => masked.norm(x(2, 3), 3, 0, { mask: mask() })],
  [
    `torch.masked.norm(x(2, 3), -inf, 0, mask=${m})`,
    () => masked.norm(x(2, 3), Number.NEGATIVE_INFINITY, 0, { mask: mask() }),
  ],
  [`torch.masked.var(x(2, 3), 0, False, mask=${m})`, () => masked.var(x(2, 3), 0, false, { mask: mask() })],
  [
    `torch.masked.std(x(2, 3), correction=0.5, mask=${m})`,
    () => masked.std(x(2, 3), { correction: 0.5, mask: mask() }),
  ],
  [`torch.masked.var(x(2, 3, dtype=c64), mask=${m})`, () => masked.var(leaf(c64, [2, 3]), { mask: mask() })],
  [
    `torch.masked.logsumexp(x(2, 3, dtype=c64), 0, mask=${m})`,
    () => masked.logsumexp(leaf(c64, [2, 3]), 0, { mask: mask() }),
  ],
  [
    `torch.masked.normalize(x(2, 3), 2., 1, mask=${m})`,
    () => masked.normalize(x(2, 3), 2, 1, { mask: mask() }),
  ],
  [
    `torch.masked.logaddexp(x(2, 3), x(2, 3), input_mask=${m}, other_mask=~${m})`,
    () => masked.logaddexp(x(2, 3), x(2, 3), { inputMask: mask(), otherMask: mask().logicalNot() }),
  ],
];

const coo = (): Tensor =>
  torch
    .tensor([
      [0, 1, 2, 0],
      [3, 0, 0, 4],
    ])
    .toSparse();
const s = 'torch.tensor([[0., 1, 2, 0], [3, 0, 0, 4]])';
const cooMask = (): Tensor =>
  torch.tensor([
    [true, true, false, false],
    [true, true, false, true],
  ]);
const sm = 'torch.tensor([[True, True, False, False], [True, True, False, True]])';

const sparse: readonly Case[] = [
  ...(['sum', 'prod', 'amax', 'amin'] as const).flatMap((name): Case[] => {
    const py = `torch.masked.${name}`;
    const f = masked[name];
    return [
      [
        `${py}(${s}.to_sparse(), 0, mask=${sm}.to_sparse())`,
        () => f(coo(), 0, { mask: cooMask().toSparse() }),
      ],
      [
        `${py}(${s}.to_sparse(), 1, keepdim=True, mask=${sm})`,
        () => f(coo(), 1, { keepdim: true, mask: cooMask() }),
      ],
      [
        `${py}(${s}.to_sparse(), mask=${sm}[0].to_sparse())`,
        () => f(coo(), { mask: cooMask().select(0, 0).toSparse() }),
      ],
      [
        `${py}(${s}.to_sparse(), 0, mask=${sm}, dtype=torch.bfloat16)`,
        () => f(coo(), 0, { mask: cooMask(), dtype: torch.bfloat16 }),
      ],
      [
        `${py}(${s}.to_sparse_csr(), 1, keepdim=True, mask=${sm}.to_sparse_csr())`,
        () => f(coo().toDense().toSparseCsr(), 1, { keepdim: true, mask: cooMask().toSparseCsr() }),
      ],
    ];
  }),
  ...(['mean', 'amax', 'amin'] as const).flatMap((name): Case[] =>
    [0, 1, [0, 1]].map(
      (dim): Case => [
        `torch.masked.${name}(${s}.to_sparse_csr(), ${JSON.stringify(dim)}, keepdim=True, mask=${sm}.to_sparse_csr())`,
        () =>
          masked[name](coo().toDense().toSparseCsr(), dim, {
            keepdim: true,
            mask: cooMask().toSparseCsr(),
          }),
      ],
    ),
  ),
  [`torch.masked.sum(${s}.to_sparse(), 1)`, () => masked.sum(coo(), 1)],
  [
    'torch.masked.sum(torch.arange(24.).view(2, 2, 3, 2).to_sparse(2), (0, 2), mask=(torch.arange(24) % 5 > 1).view(2, 2, 3, 2).to_sparse(2))',
    () =>
      masked.sum(torch.arange(24, { dtype: torch.float32 }).view([2, 2, 3, 2]).toSparse(2), [0, 2], {
        mask: torch.arange(24).remainder(5).gt(1).view([2, 2, 3, 2]).toSparse(2),
      }),
  ],
];

compareWithPython('dense tensors', dense);
compareWithPython('sparse tensors', sparse);

describe('mistakes are told', () => {
  const t = (): Tensor => torch.ones(2, 3);
  test.each<[string, () => unknown, RegExp]>([
    ['a dimension twice', () => masked.sum(t(), [0, -1, 0]), /dim=0 appears multiple times/],
    ['a dimension out of range', () => masked.sum(t(), 2), /RangeError.*\[-2, 1\], but got 2/],
    [
      'a mask of too many dimensions',
      () => masked.sum(t(), { mask: torch.ones(1, 2, 3) }),
      /mask dimensionality higher/,
    ],
    ['an unknown option', () => masked.sum(t(), { masks: t() } as never), /TypeError.*masks/],
    ['a mask that is no tensor', () => masked.sum(t(), { mask: [true] } as never), /TypeError.*mask.*Tensor/],
    [
      'the mean of integers',
      () => masked.mean(ints(1, 2)),
      /floating point or complex dtype. Got: torch.int64/,
    ],
    [
      'no identity',
      () => masked.amax(torch.ones(2).bool(), { mask: torch.ones(2).bool() }),
      /NotImplementedError.*identity of amax on torch.bool/,
    ],
    [
      'unbiased and correction',
      () => masked.var(t(), { unbiased: true, correction: 1 }),
      /Only one of unbiased/,
    ],
    ['a sparse product without a mask', () => masked.prod(coo()), /expects explicit mask for sparse_coo/],
    [
      'a layout that is not known',
      () => masked.softmax(coo(), 0),
      /expects strided tensor \(got torch.sparse_coo tensor\)/,
    ],
    [
      'a median of nothing',
      () => masked.median(ints(1, 2), { mask: ints(0, 0) }),
      /no fully masked out rows/,
    ],
  ])('%s', (_, call, message) => {
    expect(messageOf(call)).toMatch(message);
  });
});

test('nothing but the results stays behind', () => {
  const [input, chosen, thin, thinMask] = [torch.randn([2, 3]), mask(), coo(), cooMask()];
  const before = settled();
  const results = [
    masked.std(input, { mask: chosen }),
    masked.normalize(input, 2, 1, { mask: chosen }),
    masked.amax(thin, 0, { mask: thinMask }),
  ];
  expect(unfreed() - before).toBe(results.length);
});
