/** The functions that PyTorch writes in torch/functional.py. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../../lib/index.js';
import { settled, unfreed } from '../support/counts.js';
import { type Case, compareWithPython, ints, leaf, messageOf, symmetric, x } from './compare.js';

const { complex64: c64, float64: f64, int64: i64 } = torch;

const products: readonly Case[] = [
  ["torch.einsum('ij,jk->ik', x(2, 3), x(3, 4))", () => torch.einsum('ij,jk->ik', x(2, 3), x(3, 4))],
  [
    "torch.einsum('bij,bjk', x(2, 3, 4), x(2, 4, 5))",
    () => torch.einsum('bij,bjk', [x(2, 3, 4), x(2, 4, 5)]),
  ],
  ["torch.einsum('...ii->...i', x(2, 3, 3))", () => torch.einsum('...ii->...i', x(2, 3, 3))],
  ["torch.einsum('a,b,c->abc', x(2), x(3), x(4))", () => torch.einsum('a,b,c->abc', x(2), x(3), x(4))],
  [
    "torch.einsum('ab,bc,cd,de', x(2, 3), x(3, 4), x(4, 5), x(5, 2))",
    () => torch.einsum('ab,bc,cd,de', x(2, 3), x(3, 4), x(4, 5), x(5, 2)),
  ],
  [
    'torch.einsum(x(2, 3), [0, 1], x(3, 4), [1, 27], [27, 0])',
    () => torch.einsum(x(2, 3), [0, 1], x(3, 4), [1, 27], [27, 0]),
  ],
  [
    'torch.einsum(x(2, 3, 4), [..., 0, 1], x(4), [1])',
    () => torch.einsum(x(2, 3, 4), ['...', 0, 1], x(4), [1]),
  ],
  ['torch.tensordot(x(3, 4, 5), x(4, 5, 6))', () => torch.tensordot(x(3, 4, 5), x(4, 5, 6))],
  ['torch.tensordot(x(3, 4), x(4, 6), 1)', () => torch.tensordot(x(3, 4), x(4, 6), 1)],
  ['torch.tensordot(x(3), x(4), dims=0)', () => torch.tensordot(x(3), x(4), { dims: 0 })],
  [
    'torch.tensordot(x(3, 4, 5), x(5, 2, 3), ([2, 0], [0, 2]))',
    () =>
      torch.tensordot(x(3, 4, 5), x(5, 2, 3), [
        [2, 0],
        [0, 2],
      ]),
  ],
  [
    'torch.tensordot(x(3, 4, 5), x(5, 2, 3), torch.tensor([[2, 0], [0, 2]]))',
    () => torch.tensordot(x(3, 4, 5), x(5, 2, 3), ints(2, 0, 0, 2).view([2, 2])),
  ],
  [
    'torch.tensordot(x(3, 4), x(4, 6), torch.tensor(1))',
    () => torch.tensordot(x(3, 4), x(4, 6), ints(1).select(0, 0)),
  ],
  [
    'torch.tensordot(torch.randn(2, 3), torch.randn(3, 2), 1, out=torch.empty(2, 2))',
    () => torch.tensordot(torch.randn([2, 3]), torch.randn([3, 2]), 1, { out: torch.empty([2, 2]) }),
  ],
  ['torch.cdist(x(3, 4), x(5, 4))', () => torch.cdist(x(3, 4), x(5, 4))],
  ['torch.cdist(x(3, 4), x(5, 4), p=1.)', () => torch.cdist(x(3, 4), x(5, 4), { p: 1 })],
  [
    'torch.cdist(x(2, 3, 4), x(2, 5, 4), inf)',
    () => torch.cdist(x(2, 3, 4), x(2, 5, 4), Number.POSITIVE_INFINITY),
  ],
  [
    "torch.cdist(x(30, 4), x(30, 4), compute_mode='donot_use_mm_for_euclid_dist')",
    () => torch.cdist(x(30, 4), x(30, 4), { computeMode: 'donot_use_mm_for_euclid_dist' }),
  ],
  [
    "torch.cdist(x(3, 4), x(5, 4), 2., 'use_mm_for_euclid_dist')",
    () => torch.cdist(x(3, 4), x(5, 4), 2, 'use_mm_for_euclid_dist'),
  ],
  ['torch.chain_matmul(x(2, 3), x(3, 4), x(4, 5))', () => torch.chainMatmul(x(2, 3), x(3, 4), x(4, 5))],
  [
    'torch.chain_matmul(torch.ones(2, 3), torch.ones(3, 4), out=torch.empty(2, 4))',
    () => torch.chainMatmul(torch.ones(2, 3), torch.ones(3, 4), { out: torch.empty(2, 4) }),
  ],
];

const shapes: readonly Case[] = [
  ['torch.split(x(5, 4), 2)', () => torch.split(x(5, 4), 2)],
  ['torch.split(x(5, 4), [1, 3], dim=1)', () => torch.split(x(5, 4), [1, 3], { dim: 1 })],
  ['x(5, 4).split(3, -1)', () => x(5, 4).split(3, -1)],
  ['x(5, 4).split([2, 3])', () => x(5, 4).split([2, 3])],
  ['x(5, 4).split(torch.tensor(2))', () => x(5, 4).split(ints(2).select(0, 0))],
  ['torch.meshgrid(x(2), x(3))', () => torch.meshgrid(x(2), x(3))],
  ["torch.meshgrid([x(2), x(3)], indexing='xy')", () => torch.meshgrid([x(2), x(3)], { indexing: 'xy' })],
  ["torch.meshgrid(x(2), x(3), indexing='ij')", () => torch.meshgrid(x(2), x(3), { indexing: 'ij' })],
  ['torch.broadcast_tensors(x(2, 1), x(3))', () => torch.broadcastTensors(x(2, 1), x(3))],
  ['torch.broadcast_shapes((2, 1), 3, (1, 1, 1))', () => torch.broadcastShapes([2, 1], 3, [1, 1, 1])],
  ['torch.broadcast_shapes((0, 1), (3,))', () => torch.broadcastShapes([0, 1], [3])],
  ['torch.broadcast_shapes()', () => torch.broadcastShapes()],
  ['torch.cartesian_prod(x(2), x(3))', () => torch.cartesianProd(x(2), x(3))],
  ['torch.cartesian_prod(x(2))', () => torch.cartesianProd([x(2)])],
  ['torch.block_diag(x(2, 3), x(2), x())', () => torch.blockDiag(x(2, 3), x(2), x())],
  ['torch.atleast_1d(x())', () => torch.atleast1d(x())],
  ['torch.atleast_2d(x(3))', () => torch.atleast2d(x(3))],
  ['torch.atleast_3d(x(2, 3))', () => torch.atleast3d(x(2, 3))],
  ['torch.atleast_2d(x(), x(3), x(2, 2))', () => torch.atleast2d(x(), x(3), x(2, 2))],
  ['torch.atleast_3d([x(), x(3)])', () => torch.atleast3d([x(), x(3)])],
  ['torch.unravel_index(ints(5, 7, 0), (3, 4))', () => torch.unravelIndex(ints(5, 7, 0), [3, 4])],
  ['torch.unravel_index(ints(5, 7, -1), 9)', () => torch.unravelIndex(ints(5, 7, -1), 9)],
  [
    'torch.unravel_index(torch.tensor([[1], [59]], dtype=torch.int32), (3, 4, 5))',
    () => torch.unravelIndex(torch.tensor([[1], [59]], { dtype: torch.int32 }), [3, 4, 5]),
  ],
  ['torch.nonzero(ints(0, 3, 0, 4))', () => torch.nonzero(ints(0, 3, 0, 4))],
  ['torch.nonzero(torch.eye(2), as_tuple=True)', () => torch.nonzero(torch.eye(2), { asTuple: true })],
  ['torch.eye(2).nonzero(as_tuple=True)', () => torch.eye(2).nonzero({ asTuple: true })],
  ['torch.where(ints(0, 3, 0, 4) > 1)', () => torch.where(ints(0, 3, 0, 4).gt(1))],
];

const norms: readonly Case[] = [
  ['torch.norm(x(3, 4))', () => torch.norm(x(3, 4))],
  ["torch.norm(x(3, 4), 'nuc')", () => torch.norm(x(3, 4), 'nuc')],
  ["torch.norm(x(2, 3, 4), 'nuc', (0, 2))", () => torch.norm(x(2, 3, 4), 'nuc', [0, 2])],
  [
    "torch.norm(x(2, 3, 4), 'fro', dim=(1, 2), keepdim=True)",
    () => torch.norm(x(2, 3, 4), 'fro', { dim: [1, 2], keepdim: true }),
  ],
  ['torch.norm(x(3, 4), inf)', () => torch.norm(x(3, 4), Number.POSITIVE_INFINITY)],
  ['torch.norm(x(3, 4), -inf, 1)', () => torch.norm(x(3, 4), Number.NEGATIVE_INFINITY, 1)],
  ['torch.norm(x(3, 4), 0, 1)', () => torch.norm(x(3, 4), 0, 1)],
  ['torch.norm(x(3, 4), 3, 0, True)', () => torch.norm(x(3, 4), 3, 0, true)],
  ['torch.norm(x(3, 4), 1.5, dtype=f64)', () => torch.norm(x(3, 4), 1.5, { dtype: f64 })],
  ['torch.norm(x(3, 4), None)', () => torch.norm(x(3, 4), null)],
  [
    'torch.norm(torch.ones(2, 3), 2, 1, out=torch.empty(2))',
    () => torch.norm(torch.ones(2, 3), 2, 1, { out: torch.empty(2) }),
  ],
  ['torch.norm(x(3, 4, dtype=c64))', () => torch.norm(leaf(c64, [3, 4]))],
  ['torch.norm(torch.eye(3).to_sparse())', () => torch.norm(torch.eye(3).toSparse())],
  ['torch.norm(torch.eye(3).to_sparse(), 1)', () => torch.norm(torch.eye(3).toSparse(), 1)],
  ['x(3, 4).norm()', () => x(3, 4).norm()],
  ['x(3, 4).norm(1, 1)', () => x(3, 4).norm(1, 1)],
  ["x(3, 4).norm('fro', [0, 1], True, torch.float64)", () => x(3, 4).norm('fro', [0, 1], true, f64)],
];

const sets: readonly Case[] = [
  ['torch.unique(ints(3, 1, 3, 2))', () => torch.unique(ints(3, 1, 3, 2))],
  [
    'torch.unique(ints(3, 1, 3, 2), return_inverse=True)',
    () => torch.unique(ints(3, 1, 3, 2), { returnInverse: true }),
  ],
  [
    'torch.unique(ints(3, 1, 3, 2), return_counts=True)',
    () => torch.unique(ints(3, 1, 3, 2), { returnCounts: true }),
  ],
  [
    'torch.unique(ints(3, 1, 3, 2), True, True, True)',
    () => torch.unique(ints(3, 1, 3, 2), true, true, true),
  ],
  [
    'torch.unique(ints(3, 1, 3, 1, 2, 2).view(3, 2), dim=0, return_inverse=True)',
    () => torch.unique(ints(3, 1, 3, 1, 2, 2).view([3, 2]), { dim: 0, returnInverse: true }),
  ],
  ['ints(3, 1, 3).unique(return_counts=True)', () => ints(3, 1, 3).unique({ returnCounts: true })],
  ['torch.unique_consecutive(ints(1, 1, 2, 1))', () => torch.uniqueConsecutive(ints(1, 1, 2, 1))],
  [
    'ints(1, 1, 2, 1).unique_consecutive(return_inverse=True, return_counts=True)',
    () => ints(1, 1, 2, 1).uniqueConsecutive({ returnInverse: true, returnCounts: true }),
  ],
  [
    'torch.unique_consecutive(ints(1, 1, 2, 1).view(2, 2), dim=1)',
    () => torch.uniqueConsecutive(ints(1, 1, 2, 1).view([2, 2]), { dim: 1 }),
  ],
];

const spectra: readonly Case[] = [
  ['torch.stft(x(50), 16, return_complex=True)', () => torch.stft(x(50), 16, { returnComplex: true })],
  [
    "torch.stft(x(2, 50), 16, 5, 12, torch.hann_window(12), True, 'constant', True, return_complex=True)",
    () =>
      torch.stft(x(2, 50), 16, 5, 12, torch.hannWindow(12), true, 'constant', true, { returnComplex: true }),
  ],
  [
    'torch.stft(x(50), 16, center=False, onesided=False, return_complex=True, align_to_window=True)',
    () => torch.stft(x(50), 16, { center: false, onesided: false, returnComplex: true, alignToWindow: true }),
  ],
  ['x(50).stft(8, return_complex=False)', () => x(50).stft(8, { returnComplex: false })],
  [
    'torch.istft(x(9, 12, dtype=c64), 16, window=torch.hann_window(16), length=40)',
    () => torch.istft(leaf(c64, [9, 12]), 16, { window: torch.hannWindow(16), length: 40 }),
  ],
];

const factors: readonly Case[] = [
  ['torch.lu(x(2, 3, 3))', () => torch.lu(x(2, 3, 3))],
  ['torch.lu(x(3, 3), get_infos=True)', () => torch.lu(x(3, 3), { getInfos: true })],
  ['x(4, 3).lu()', () => x(4, 3).lu()],
  ['torch.ones(2, 2).lu(get_infos=True)', () => torch.ones(2, 2).lu({ getInfos: true })],
  [
    'torch.lu(torch.randn(3, 3), out=(torch.empty(0), torch.empty(0, dtype=torch.int32)))',
    () =>
      torch.lu(torch.randn([3, 3]), { out: [torch.empty([0]), torch.empty([0], { dtype: torch.int32 })] }),
  ],
  ['torch.svd_lowrank(x(8, 5), 3)', () => torch.svdLowrank(x(8, 5), 3)],
  [
    'torch.svd_lowrank(x(4, 7, dtype=f64), q=2, niter=0)',
    () => torch.svdLowrank(leaf(f64, [4, 7]), { q: 2, niter: 0 }),
  ],
  [
    'torch.svd_lowrank(x(2, 8, 5), 3, M=torch.ones(5))',
    () => torch.svdLowrank(x(2, 8, 5), 3, { M: torch.ones(5) }),
  ],
  ['torch.svd_lowrank(torch.eye(9).to_sparse(), 2)', () => torch.svdLowrank(torch.eye(9).toSparse(), 2)],
  ['torch.pca_lowrank(x(8, 5))', () => torch.pcaLowrank(x(8, 5))],
  ['torch.pca_lowrank(x(8, 5), 2, False, 1)', () => torch.pcaLowrank(x(8, 5), 2, false, 1)],
  ['torch.pca_lowrank(torch.eye(9).to_sparse(), 2)', () => torch.pcaLowrank(torch.eye(9).toSparse(), 2)],
  ['torch.lobpcg(symmetric(20))', () => torch.lobpcg(symmetric(20))],
  ['torch.lobpcg(symmetric(30), 3, largest=False)', () => torch.lobpcg(symmetric(30), 3, { largest: false })],
  [
    'torch.lobpcg(x(9, 9, dtype=f64) @ x(9, 9, dtype=f64) + 9 * torch.eye(9, dtype=f64), 2)',
    () =>
      torch.lobpcg(
        leaf(f64, [9, 9])
          .matmul(leaf(f64, [9, 9]))
          .add(torch.eye(9, { dtype: f64 }).mul(9)),
        2,
      ),
  ],
  [
    'torch.lobpcg(x(3, 3) * 0.1 + torch.eye(3), 1)',
    () => torch.lobpcg(leaf(torch.float32, [3, 3]).mul(0.1).add(torch.eye(3)), 1),
  ],
  [
    "torch.lobpcg(symmetric(20), 2, method='basic', niter=5)",
    () => torch.lobpcg(symmetric(20), 2, { method: 'basic', niter: 5 }),
  ],
  [
    'torch.lobpcg(symmetric(20), 2, B=symmetric(20), niter=6)',
    () => torch.lobpcg(symmetric(20), 2, { B: symmetric(20), niter: 6 }),
  ],
  [
    "torch.lobpcg(symmetric(20), X=torch.randn(20, 2, dtype=f64), iK=torch.eye(20, dtype=f64), method='basic')",
    () =>
      torch.lobpcg(symmetric(20), {
        X: torch.randn([20, 2], { dtype: f64 }),
        iK: torch.eye(20, { dtype: f64 }),
        method: 'basic',
      }),
  ],
  [
    'torch.lobpcg(symmetric(16, torch.float32).expand(2, 16, 16), 2, tol=1e-3)',
    () => torch.lobpcg(symmetric(16, torch.float32).expand([2, 16, 16]), 2, { tol: 1e-3 }),
  ],
  [
    "torch.lobpcg(symmetric(20), 2, ortho_bparams={'ortho_use_drop': True}, ortho_iparams={'ortho_i_max': 2})",
    () =>
      torch.lobpcg(symmetric(20), 2, {
        orthoBparams: { ortho_use_drop: true },
        orthoIparams: { ortho_i_max: 2 },
      }),
  ],
  [
    'torch.lobpcg(torch.diag(torch.arange(1., 21.)).to_sparse(), 2)',
    () => torch.lobpcg(torch.diag(torch.arange(1, 21, { dtype: torch.float32 })).toSparse(), 2),
  ],
];

const windows: readonly Case[] = [
  'bartlett',
  'blackman',
  'cosine',
  'exponential',
  'gaussian',
  'hamming',
  'hann',
  'kaiser',
  'nuttall',
].flatMap((name): Case[] => {
  const window = torch.signal.windows[name as 'hann'];
  const py = `torch.signal.windows.${name}`;
  return [
    [`[${py}(m) for m in range(6)]`, () => [0, 1, 2, 3, 4, 5].map((m) => window(m))],
    [
      `[${py}(m, sym=False, dtype=f64) for m in (1, 2, 9)]`,
      () => [1, 2, 9].map((m) => window(m, { sym: false, dtype: f64 })),
    ],
    [`${py}(7, requires_grad=True)`, () => window(7, { requiresGrad: true })],
  ];
});

const { signal } = torch;
const moreWindows: readonly Case[] = [
  [
    'torch.signal.windows.general_cosine(8, a=[0.4, 0.3, 0.2, 0.1])',
    () => signal.windows.generalCosine(8, { a: [0.4, 0.3, 0.2, 0.1] }),
  ],
  [
    'torch.signal.windows.general_hamming(8, alpha=0.6)',
    () => signal.windows.generalHamming(8, { alpha: 0.6 }),
  ],
  [
    'torch.signal.windows.exponential(8, center=2., tau=3., sym=False)',
    () => signal.windows.exponential(8, { center: 2, tau: 3, sym: false }),
  ],
  ['torch.signal.windows.gaussian(8, std=0.7)', () => signal.windows.gaussian(8, { std: 0.7 })],
  ['torch.signal.windows.kaiser(8, beta=5.)', () => signal.windows.kaiser(8, { beta: 5 })],
];

compareWithPython('products', products);
compareWithPython('shapes and indices', shapes);
compareWithPython('norms', norms);
compareWithPython('distinct elements', sets);
compareWithPython('short-time Fourier transforms', spectra);
compareWithPython('factorizations', factors);
compareWithPython('windows', [...windows, ...moreWindows]);

describe('mistakes are told', () => {
  const t = (): Tensor => torch.ones(2, 3);
  test.each<[string, () => unknown, RegExp]>([
    [
      'einsum without operands',
      () => (torch.einsum as (...args: unknown[]) => unknown)('ij'),
      /RangeError.*at least one operand/,
    ],
    ['einsum with a subscript out of range', () => torch.einsum(t(), [0, 52]), /not within the valid range/],
    [
      'an option that is not known',
      () => torch.unique(t(), { inverse: true } as never),
      /TypeError.*inverse/,
    ],
    [
      'an option of another type',
      () => torch.stft(t(), 2, { center: 1 } as never),
      /TypeError.*center.*bool.*int/,
    ],
    ['an argument given twice', () => torch.cdist(t(), t(), 2, { p: 2 } as never), /TypeError.*'p'/],
    [
      'too many arguments',
      () => (torch.unravelIndex as (...args: unknown[]) => unknown)(t(), 2, 3),
      /TypeError.*at most 2/,
    ],
    ['no tensor', () => torch.norm(3 as never), /TypeError.*input.*Tensor.*int/],
    ['no tensor among several', () => torch.blockDiag(t(), 3 as never), /TypeError.*tensors.*int at pos 1/],
    [
      'an unknown mode of cdist',
      () => torch.cdist(t(), t(), { computeMode: 'x' as never }),
      /RangeError.*valid value for compute_mode/,
    ],
    ['too many dimensions for tensordot', () => torch.tensordot(t(), t(), 3), /dims < ndim_a or ndim_b/],
    ['negative dimensions for tensordot', () => torch.tensordot(t(), t(), -1), /dims >= 0/],
    ['shapes that do not broadcast', () => torch.broadcastShapes([2], [3]), /dimension of length 3 at -1/],
    ['a negative length', () => torch.broadcastShapes([-2]), /RangeError.*negative length/],
    [
      'indices that are no integers',
      () => torch.unravelIndex(t(), [2]),
      /TypeError.*integer dtype, but got torch.float32/,
    ],
    ['a negative shape', () => torch.unravelIndex(ints(1), [-2]), /RangeError.*negative values/],
    [
      'align_to_window with center',
      () => torch.stft(t(), 2, { alignToWindow: true }),
      /only be set when center = false/,
    ],
    [
      'out of the wrong length',
      () => torch.lu(t(), { out: [t()] }),
      /TypeError.*expected tuple of 2 elements but got 1/,
    ],
    ['a rank that is too large', () => torch.pcaLowrank(t(), 3), /RangeError.*not greater than min/],
    ['lobpcg on too few rows', () => torch.lobpcg(symmetric(5), 2), /RangeError.*smaller than 3 x/],
    [
      'the gradient of lobpcg with B',
      () => {
        const [values] = torch.lobpcg(symmetric(9).requiresGrad_(), 2, { B: symmetric(9) });
        values.sum().backward();
      },
      /RangeError.*B != I/,
    ],
    ['a window of negative length', () => signal.windows.hann(-1), /RangeError.*got M=-1/],
    [
      'a window of integers',
      () => signal.windows.hann(3, { dtype: i64 }),
      /float32 or float64 dtypes, got: torch.int64/,
    ],
    ['a window without coefficients', () => signal.windows.generalCosine(3, { a: [] }), /cannot be empty/],
    ['eig', () => torch.eig(t()), /now removed.*linalg.eig/],
    ['symeig', () => t().symeig(), /now removed.*linalg.eigh/],
    ['solve', () => t().solve(t()), /now removed.*linalg.solve/],
    ['lstsq', () => torch.lstsq(t(), t()), /now removed.*linalg.lstsq/],
    ['matrixRank', () => torch.matrixRank(t()), /now removed.*linalg.matrixRank/],
    ['reinforce', () => t().reinforce(1), /was removed/],
  ])('%s', (_, call, message) => {
    expect(messageOf(call)).toMatch(message);
  });
});

describe('methods with callbacks', () => {
  test('apply_, map_ and map2_ write to the tensor and return it', () => {
    const t = torch.tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(t.apply_((value) => Number(value) * 2)).toBe(t);
    expect(t.tolist()).toEqual([
      [2, 4],
      [6, 8],
    ]);
    t.map_(torch.tensor([10, 20]), (a, b) => Number(a) + Number(b));
    expect(t.tolist()).toEqual([
      [12, 24],
      [16, 28],
    ]);
    t.t().map2_(torch.tensor(1), torch.tensor(2), (a, b, c) => Number(a) + Number(b) * Number(c));
    expect(t.tolist()).toEqual([
      [14, 26],
      [18, 30],
    ]);
  });

  test('they refuse what requires gradients, and what is no function', () => {
    expect(() =>
      torch
        .ones(2)
        .requiresGrad_()
        .apply_((value) => value),
    ).toThrow(/requires grad/);
    expect(() => torch.ones(2).apply_(3 as never)).toThrow(TypeError);
  });

  test('moduleLoad copies or takes the other', () => {
    const [a, b] = [torch.zeros(2), torch.ones(2)];
    expect(a.moduleLoad(b).dataPtr()).toBe(a.dataPtr());
    expect(a.tolist()).toEqual([1, 1]);
    expect(a.moduleLoad(b, { assign: true }).dataPtr()).toBe(b.dataPtr());
  });
});

test('a tracker sees each iteration of lobpcg, and may end it', () => {
  const steps: number[] = [];
  torch.lobpcg(symmetric(20), 2, {
    tracker: (worker) => {
      steps.push(worker.step);
      worker.forceStop = worker.step === 3;
    },
  });
  expect(steps).toEqual([1, 2, 3]);
});

test('nothing but the results stays behind', () => {
  const A = symmetric(20);
  const heard = torch.randn([50]);
  const index = ints(3);
  const run = (): Tensor[] => [
    ...torch.svdLowrank(A, 2),
    ...torch.pcaLowrank(A, 2),
    ...torch.lobpcg(A, 2),
    torch.stft(heard, 16, { returnComplex: true }),
    torch.unique(A),
    ...torch.unravelIndex(index, [2, 2]),
    signal.windows.kaiser(5),
  ];
  // Some tensors are made at the first call and kept for later ones.
  run();
  const before = settled();
  const results = run();
  expect(unfreed() - before).toBe(results.length);
});
