/** Sparse tensors: their constructors and functions. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../lib/index.js';
import { settled, unfreed } from './support/counts.js';
import { hasPython, runPython } from './support/python.js';

/** The same tensors in JavaScript and in Python, compared as they are printed. */
const cases: Readonly<Record<string, { here: () => unknown; python: string }>> = {
  coo: {
    here: () =>
      torch.sparseCooTensor(
        [
          [0, 1, 1],
          [2, 0, 2],
        ],
        [3, 4, 5.5],
        [2, 4],
      ),
    python: 'torch.sparse_coo_tensor([[0, 1, 1], [2, 0, 2]], [3, 4, 5.5], [2, 4])',
  },
  'coo without a size': {
    here: () =>
      torch.sparseCooTensor(
        [
          [0, 1],
          [2, 0],
        ],
        [
          [1.5, 2],
          [3, 4],
        ],
      ),
    python: 'torch.sparse_coo_tensor([[0, 1], [2, 0]], [[1.5, 2], [3, 4]])',
  },
  'coo of a size alone': {
    here: () => torch.sparseCooTensor([2, 3], { dtype: torch.float64 }),
    python: 'torch.sparse_coo_tensor([2, 3], dtype=torch.float64)',
  },
  'coo, coalesced': {
    here: () =>
      torch.sparseCooTensor([[0, 1]], [1, 2], [3], { isCoalesced: true, dtype: torch.int32 }).isCoalesced(),
    python:
      'torch.sparse_coo_tensor([[0, 1]], [1, 2], [3], is_coalesced=True, dtype=torch.int32).is_coalesced()',
  },
  'coo with gradient': {
    here: () => torch.sparseCooTensor([[0, 1]], [1.5, 2], [3], { requiresGrad: true }),
    python: 'torch.sparse_coo_tensor([[0, 1]], [1.5, 2], [3], requires_grad=True)',
  },
  'coo of tensors': {
    here: () =>
      torch.sparseCooTensor(torch.tensor([[0n, 1n]]), torch.tensor([1n, 2n]), { dtype: torch.float32 }),
    python: 'torch.sparse_coo_tensor(torch.tensor([[0, 1]]), torch.tensor([1, 2]), dtype=torch.float32)',
  },
  'coo, integers and booleans': {
    here: () => [torch.sparseCooTensor([[0]], [2n]), torch.sparseCooTensor([[1]], [true])],
    python: '[torch.sparse_coo_tensor([[0]], [2]), torch.sparse_coo_tensor([[1]], [True])]',
  },
  csr: {
    here: () => torch.sparseCsrTensor([0, 1, 2], [1, 0], [1.5, 2], [2, 3]),
    python: 'torch.sparse_csr_tensor([0, 1, 2], [1, 0], [1.5, 2], [2, 3])',
  },
  'csr of int32 indices, without a size': {
    here: () =>
      torch.sparseCsrTensor(
        torch.tensor([0, 1, 2], { dtype: torch.int32 }),
        torch.tensor([1, 0], { dtype: torch.int32 }),
        torch.tensor([1.5, 2], { dtype: torch.float64 }),
      ),
    python: `torch.sparse_csr_tensor(torch.tensor([0, 1, 2], dtype=torch.int32),
      torch.tensor([1, 0], dtype=torch.int32), torch.tensor([1.5, 2], dtype=torch.float64))`,
  },
  csc: {
    here: () => torch.sparseCscTensor([0, 1, 2], [1, 0], [1, 2.5], { dtype: torch.float64 }),
    python: 'torch.sparse_csc_tensor([0, 1, 2], [1, 0], [1, 2.5], dtype=torch.float64)',
  },
  bsr: {
    here: () =>
      torch.sparseBsrTensor(
        [0, 1],
        [1],
        [
          [
            [1, 2.5],
            [3, 4],
          ],
        ],
        [2, 4],
      ),
    python: 'torch.sparse_bsr_tensor([0, 1], [1], [[[1, 2.5], [3, 4]]], [2, 4])',
  },
  bsc: {
    here: () =>
      torch.sparseBscTensor(
        [0, 1],
        [1],
        [
          [
            [1, 2.5],
            [3, 4],
          ],
        ],
        [4, 2],
      ),
    python: 'torch.sparse_bsc_tensor([0, 1], [1], [[[1, 2.5], [3, 4]]], [4, 2])',
  },
  compressed: {
    here: () =>
      torch.sparseCompressedTensor([0, 1, 2], [1, 0], [1, 2.5], [2, 2], {
        layout: torch.sparseCsc,
        requiresGrad: true,
      }),
    python: `torch.sparse_compressed_tensor([0, 1, 2], [1, 0], [1, 2.5], [2, 2],
      layout=torch.sparse_csc, requires_grad=True)`,
  },
  'mm, addmm and sampledAddmm': {
    here: () => {
      const sparse = torch.sparseCooTensor(
        [
          [0, 1],
          [1, 0],
        ],
        [1.5, 2],
      );
      const dense = torch.arange(4, { dtype: torch.float32 }).reshape(2, 2);
      const csr = torch.sparseCsrTensor([0, 1, 2], [1, 0], [1.5, 2]);
      return [
        torch.sparse.mm(sparse, dense),
        torch.sparse.mm(csr, dense, 'mean'),
        torch.sparse.addmm(dense, sparse, dense, { beta: 2, alpha: 0.5 }),
        torch.sparse.sampledAddmm(csr, dense, dense, { beta: 0.5 }),
      ];
    },
    python: `(lambda s, d, c: [torch.sparse.mm(s, d), torch.sparse.mm(c, d, 'mean'),
      torch.sparse.addmm(d, s, d, beta=2, alpha=0.5), torch.sparse.sampled_addmm(c, d, d, beta=0.5)])(
      torch.sparse_coo_tensor([[0, 1], [1, 0]], [1.5, 2]), torch.arange(4, dtype=torch.float32).reshape(2, 2),
      torch.sparse_csr_tensor([0, 1, 2], [1, 0], [1.5, 2]))`,
  },
  'sum, softmax and spdiags': {
    here: () => {
      const x = torch.sparseCooTensor(
        [
          [0, 1, 1],
          [2, 0, 2],
        ],
        [3, 4, 5.5],
        [2, 3],
      );
      return [
        torch.sparse.sum(x),
        torch.sparse.sum(x, 0),
        torch.sparse.sum(x, { dim: [1], dtype: torch.float64 }),
        torch.sparse.softmax(x, 1),
        torch.sparse.softmax(x, 0, { dtype: torch.float64 }),
        torch.sparse.logSoftmax(x, 1),
        torch.sparse.spdiags(torch.ones([2, 3]), torch.tensor([0n, -1n]), [3, 3]),
        torch.sparse.spdiags(torch.ones([1, 3]), torch.tensor([1n]), [3, 3], torch.sparseCsr),
      ];
    },
    python: `(lambda x: [torch.sparse.sum(x), torch.sparse.sum(x, 0), torch.sparse.sum(x, dim=[1], dtype=torch.float64),
      torch.sparse.softmax(x, 1), torch.sparse.softmax(x, 0, dtype=torch.float64), torch.sparse.log_softmax(x, 1),
      torch.sparse.spdiags(torch.ones(2, 3), torch.tensor([0, -1]), (3, 3)),
      torch.sparse.spdiags(torch.ones(1, 3), torch.tensor([1]), (3, 3), torch.sparse_csr)])(
      torch.sparse_coo_tensor([[0, 1, 1], [2, 0, 2]], [3, 4, 5.5], [2, 3]))`,
  },
};

const show = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(show).join(', ')}]`
    : typeof value === 'boolean'
      ? value
        ? 'True'
        : 'False'
      : String(value);

describe('sparse tensors', () => {
  (hasPython ? test : test.skip)("are Python's", () => {
    const program = `
import json, warnings
warnings.filterwarnings("ignore")
import torch
print(json.dumps({${Object.entries(cases)
      .map(([name, { python }]) => `${JSON.stringify(name)}: repr(${python.replace(/\n\s*/g, ' ')})`)
      .join(',\n')}}))
`;
    const live = JSON.parse(runPython(program)) as Record<string, string>;
    const here = Object.fromEntries(Object.entries(cases).map(([name, aCase]) => [name, show(aCase.here())]));
    expect(here).toEqual(live);
  });

  test('values keep their graph, and gradients arrive', () => {
    const values = torch.tensor([1.5, 2], { requiresGrad: true });
    const x = torch.sparseCooTensor(
      [
        [0, 1],
        [1, 0],
      ],
      values,
    );
    expect(x.requiresGrad).toBe(true);
    torch.sparse
      .mm(x, torch.ones([2, 2]))
      .sum()
      .backward();
    expect((values.grad as Tensor).tolist()).toEqual([2, 2]);
    const weight = torch.sparseCooTensor([[0, 1]], [1.5, 2], { requiresGrad: true });
    torch.sparse.sum(weight).backward();
    expect((weight.grad as Tensor).layout).toBe(torch.sparseCoo);
  });

  test('properties', () => {
    const coo = torch.eye(2).toSparseCoo();
    expect([coo.isSparse, coo.isSparseCsr, coo.type()]).toEqual([true, false, 'torch.sparse.FloatTensor']);
    const csr = torch.eye(2).toSparseCsr();
    expect([csr.isSparse, csr.isSparseCsr]).toEqual([false, true]);
    expect(torch.spmm(coo, torch.ones([2, 1])).tolist()).toEqual([[1], [1]]);
  });

  test('an index out of range is always refused', () => {
    expect(() => torch.sparseCooTensor([[0, 5]], [1, 2], [3], { checkInvariants: false })).toThrow();
    expect(() => torch.sparseCooTensor([[-1]], [1], [3])).toThrow();
    expect(() => torch.sparseCsrTensor([0, 2], [0, 9], [1, 2], [1, 3])).toThrow();
    expect(() => torch.sparseCsrTensor([0, 7], [0, 1], [1, 2], [1, 3])).toThrow();
  });

  test.each([
    [() => torch.sparseCooTensor('x' as never), TypeError],
    [() => torch.sparseCooTensor([[0]], null as never), TypeError],
    [() => torch.sparseCooTensor([[0]], [1], [1], [2] as never), TypeError],
    [() => torch.sparseCooTensor([[0]], [1], 'ab' as never), TypeError],
    [() => torch.sparseCooTensor([[0]], [1], { layout: torch.sparseCsr } as never), TypeError],
    [() => torch.sparseCooTensor([[0]], [1], { dtyp: torch.int8 } as never), "unexpected option 'dtyp'"],
    [() => torch.sparseCooTensor([[0]], [1], { dtype: 'int8' } as never), TypeError],
    [() => torch.sparseCsrTensor([0, 1], [0], [1], { isCoalesced: true } as never), TypeError],
    [() => torch.sparseCsrTensor([0, 1], [0], [1], { requiresGrad: 1 } as never), TypeError],
    [() => torch.sparseCsrTensor([0, 1], [0], [1], { layout: torch.sparseCsc } as never), TypeError],
    [() => torch.sparseCsrTensor([0, 1] as never, [0] as never, undefined as never), TypeError],
    [() => torch.sparseCompressedTensor([0, 1], [0], [1], {} as never), "argument 'layout' is missing"],
    [() => torch.sparseCompressedTensor([0, 1], [0], [1], { layout: torch.strided }), Error],
    [() => torch.sparse.mm(torch.eye(2), [1] as never), TypeError],
  ] as const)('bad arguments are refused: %#', (call, expected) => {
    expect(call).toThrow(expected as never);
  });

  test('constructors make no garbage', () => {
    const before = settled();
    const made = [torch.sparseCsrTensor([0, 1], [0], [1]), torch.sparseCooTensor([[0]], [1])];
    expect(unfreed()).toBeLessThanOrEqual(before + made.length);
  });
});
