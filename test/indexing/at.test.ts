/** Indexing as Python's brackets: the notation, views and copies, assignment, errors. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor, type TensorIndex } from '../../lib/index.js';
import { settled, unfreed } from '../support/counts.js';

const grid = (): Tensor => torch.tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]).reshape([3, 4]);

describe('at()', () => {
  test.each<[string, TensorIndex[], unknown]>([
    ['an integer', [1], [4, 5, 6, 7]],
    ['a negative integer', [-1], [8, 9, 10, 11]],
    ['a bigint', [1n, 2n], 6],
    ['a tensor of one integer', [torch.tensor(1n), 0], 4],
    [
      'a slice',
      ['1:'],
      [
        [4, 5, 6, 7],
        [8, 9, 10, 11],
      ],
    ],
    ['a slice with spaces and signs', [' +1 : -1 '], [[4, 5, 6, 7]]],
    ['a slice with a step', [0, '::2'], [0, 2]],
    ['a slice beyond the end', ['2:99999999999999999999'], [[8, 9, 10, 11]]],
    ['a slice of values', [torch.slice(1, null, 2), 0], [4]],
    ['a slice of one value, which is the end as in Python', [torch.slice(1)], [[0, 1, 2, 3]]],
    ['a slice whose bounds are tensors', [0, torch.slice(torch.tensor(1n), torch.tensor(3n))], [1, 2]],
    ['an ellipsis', ['...', 1], [1, 5, 9]],
    ['a new dimension', [0, null, '1:3'], [[1, 2]]],
    [
      'a list',
      [[2, 0]],
      [
        [8, 9, 10, 11],
        [0, 1, 2, 3],
      ],
    ],
    [
      'lists',
      [
        [2, 0],
        [1, -1],
      ],
      [9, 3],
    ],
    ['nested lists', [[[0, 1]], 3], [[3, 7]]],
    ['a list of booleans', [[true, false, true], 0], [0, 8]],
    ['a list of tensors', [[torch.tensor(1n), torch.tensor(2n)], 0], [4, 8]],
    ['a typed array', [Int32Array.of(2, 1), 0], [8, 4]],
    ['true', [true, 0], [[0, 1, 2, 3]]],
    ['false', [false, 0], []],
    [
      'integers',
      [torch.tensor([2n, 0n]), '1:3'],
      [
        [9, 10],
        [1, 2],
      ],
    ],
  ])('takes %s', (_, indices, expected) => {
    expect(
      grid()
        .at(...indices)
        .tolist(),
    ).toEqual(expected);
  });

  test('takes a mask', () => {
    const x = grid();
    expect(x.at(x.gt(8)).tolist()).toEqual([9, 10, 11]);
    expect(x.at(x.select(1, 0).gt(0), 0).tolist()).toEqual([4, 8]);
  });

  test('gives views of the same memory, and copies for lists', () => {
    const x = grid();
    x.at('1:', 0).fill_(-1);
    x.at([0]).fill_(100);
    expect(x.tolist()).toEqual([
      [0, 1, 2, 3],
      [-1, 5, 6, 7],
      [-1, 9, 10, 11],
    ]);
    expect(x.at().dataPtr()).toBe(x.dataPtr());
    expect(x.at()).not.toBe(x);
  });

  test('records what PyTorch records', () => {
    const x = torch.ones([2, 2], { requiresGrad: true });
    const names = [x.at(0), x.at(':'), x.at(null), x.at([0]), x.at()].map((r) => r.gradFn?.name);
    expect(names).toEqual([
      'SelectBackward0',
      'SliceBackward0',
      'UnsqueezeBackward0',
      'IndexBackward0',
      'AliasBackward0',
    ]);
    x.at([0, 0], '1:').sum().backward();
    expect(x.grad?.tolist()).toEqual([
      [0, 2],
      [0, 0],
    ]);
  });

  test('takes more places than a call has arguments', () => {
    const nulls = new Array<null>(60).fill(null);
    expect(
      torch
        .ones([1])
        .at(...nulls)
        .dim(),
    ).toBe(61);
  });

  test('works on sparse tensors and on the device meta', () => {
    expect(grid().toSparse().at(1).toDense().tolist()).toEqual([4, 5, 6, 7]);
    expect(torch.empty([3, 4], { device: 'meta' }).at('1:', null).shape).toEqual([2, 1, 4]);
    expect(torch.empty([3, 4], { device: 'meta' }).at([0, 1]).shape).toEqual([2, 4]);
  });

  test('leaves nothing behind', () => {
    const x = grid();
    const before = settled();
    x.at([0, 1], [true, false, true, false]).dispose();
    x.setAt([[0, 1]], [[1, 2, 3, 4]]);
    expect(() => x.at([0], {} as never)).toThrow(TypeError);
    expect(unfreed()).toBe(before);
  });

  test.each<[string, unknown[], string, RegExp]>([
    ['out of range', [3], 'RangeError', /^index 3 is out of bounds for dimension 0 with size 3$/],
    ['out of range in a list', [[3]], 'RangeError', /^index 3 is out of bounds for dimension 0 with size 3$/],
    ['too many', [0, 0, 0], 'RangeError', /^too many indices for tensor of dimension 2$/],
    ['a negative step', ['::-1'], 'TorchError', /^step must be greater than zero$/],
    ['a step of zero', ['::0'], 'TorchError', /^slice step cannot be zero$/],
    ['ragged lists', [[[0, 1], [0]]], 'RangeError', /^expected sequence of length 2 at dim 1 \(got 1\)$/],
    [
      'a mask of another shape',
      [[true]],
      'RangeError',
      /^The shape of the mask \[1\] at index 0 does not match/,
    ],
    [
      'a tensor of floats',
      [torch.ones([1])],
      'RangeError',
      /^tensors used as indices must be long, int, byte or bool/,
    ],
    ['an integer beyond 64 bits', [2n ** 64n], 'RangeError', /^Overflow when unpacking long long$/],
    ['a fraction', [1.5], 'TypeError', /^only integers, slices .* \(got 1.5\)$/],
    ['NaN', [Number.NaN], 'TypeError', /got NaN/],
    ['a string that is no slice', ['a'], 'TypeError', /\(got 'a'\)$/],
    ['a string of an integer', ['1'], 'TypeError', /\(got '1'\)$/],
    ['an object', [{}], 'TypeError', /\(got object\)$/],
    ['a Map', [new Map()], 'TypeError', /\(got Map\)$/],
    ['undefined', [undefined], 'TypeError', /\(got undefined\)$/],
    ['a function', [() => 0], 'TypeError', /\(got function\)$/],
    ['a list of strings', [['0']], 'TypeError', /holds integers or booleans, not string/],
    ['a list of null', [[null]], 'TypeError', /holds integers or booleans, not null/],
  ])('refuses %s', (_, indices, name, message) => {
    let error: unknown;
    try {
      grid().at(...(indices as TensorIndex[]));
    } catch (caught) {
      error = caught;
    }
    expect([(error as Error | undefined)?.name, (error as Error | undefined)?.message]).toEqual([
      name,
      expect.stringMatching(message),
    ]);
  });

  test('refuses slices of what are no integers', () => {
    expect(() => torch.slice(1.5 as number, null)).toThrow(TypeError);
    expect(() => torch.slice('1' as never)).toThrow(/slice indices must be integers or null/);
    expect(() => torch.slice(torch.ones([1]))).toThrow(/only integer tensors of a single element/);
    expect(() => torch.slice(...([] as unknown as [number]))).toThrow(/expected 1 to 3 arguments, got 0/);
  });

  test('warns of uint8 masks, as PyTorch does', () => {
    const messages: unknown[] = [];
    const { emitWarning } = process;
    process.emitWarning = (message: string | Error) => void messages.push(String(message));
    torch.setWarnAlways(true);
    try {
      grid().at(torch.tensor([1, 0, 1], { dtype: torch.uint8 }));
    } finally {
      torch.setWarnAlways(false);
      process.emitWarning = emitWarning;
    }
    expect(messages).toEqual([
      'indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool instead.',
    ]);
  });

  test('has types that refuse what is no index', () => {
    const i = 1;
    const typed = (x: Tensor): void => {
      x.at(`${i}:${i + 1}`, `:${i}`, '::2', '...', null, [0, 1], true);
      // @ts-expect-error no slice
      x.at('abc');
      // @ts-expect-error an object
      x.at({});
      // @ts-expect-error a list of strings
      x.at(['0']);
      // @ts-expect-error nothing that can be assigned
      x.setAt([0], 'a');
    };
    expect(typeof typed).toBe('function');
  });
});

describe('setAt()', () => {
  test.each<[string, TensorIndex[] | TensorIndex, Parameters<Tensor['setAt']>[1], unknown]>([
    [
      'a number',
      [0],
      7,
      [
        [7, 7],
        [2, 3],
      ],
    ],
    [
      'a boolean',
      [0, 0],
      true,
      [
        [1, 1],
        [2, 3],
      ],
    ],
    [
      'a bigint',
      [0, 0],
      5n,
      [
        [5, 1],
        [2, 3],
      ],
    ],
    [
      'a tensor',
      [':', 0],
      torch.tensor([8, 9]),
      [
        [8, 1],
        [9, 3],
      ],
    ],
    [
      'nested arrays',
      ['...'],
      [
        [5, 6],
        [7, 8],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ],
    [
      'a typed array',
      [1],
      Float32Array.of(5, 6),
      [
        [0, 1],
        [5, 6],
      ],
    ],
    [
      'a number where a list points',
      [
        [1, 0],
        [0, 1],
      ],
      -1,
      [
        [0, -1],
        [-1, 3],
      ],
    ],
    [
      'a number at an index that is no array',
      '1:',
      4,
      [
        [0, 1],
        [4, 4],
      ],
    ],
    [
      'a tensor with leading dimensions of 1',
      [0],
      torch.ones([1, 1, 2]),
      [
        [1, 1],
        [2, 3],
      ],
    ],
    [
      'a number at false, which is nowhere',
      [false],
      9,
      [
        [0, 1],
        [2, 3],
      ],
    ],
  ])('takes %s', (_, indices, value, expected) => {
    const x = torch.tensor([
      [0, 1],
      [2, 3],
    ]);
    expect(x.setAt(indices, value)).toBe(x);
    expect(x.tolist()).toEqual(expected);
  });

  test('takes complex numbers, and a mask', () => {
    const x = torch.zeros([2], { dtype: torch.complex64 });
    x.setAt([[true, false]], { re: 1, im: 2 });
    expect(x.tolist()).toEqual([
      { re: 1, im: 2 },
      { re: 0, im: 0 },
    ]);
  });

  test('is recorded', () => {
    const w = torch.ones([2], { requiresGrad: true });
    const x = torch.zeros([2, 2]);
    x.setAt([1], w.mul(3));
    x.sum().backward();
    expect(w.grad?.tolist()).toEqual([3, 3]);
    expect(() => w.setAt([0], 1)).toThrow(/leaf Variable that requires grad/);
  });

  test.each<[string, unknown, unknown, string, RegExp]>([
    ['null', [0], null, 'TypeError', /can't assign a null to a tensor of torch.float32/],
    ['a string', [0], 'a', 'TypeError', /can't assign a string/],
    ['an object', [0], {}, 'TypeError', /can't assign a Object/],
    ['another shape', [0], [1, 2, 3], 'TorchError', /must match the existing size/],
    ['a complex number for a real one', [0], { re: 1, im: 1 }, 'TorchError', /without overflow/],
    ['a value out of range', [5], 1, 'RangeError', /index 5 is out of bounds/],
  ])('refuses %s', (_, indices, value, name, message) => {
    let error: unknown;
    try {
      torch.zeros([2, 2]).setAt(indices as TensorIndex[], value as number);
    } catch (caught) {
      error = caught;
    }
    expect([(error as Error | undefined)?.name, (error as Error | undefined)?.message]).toEqual([
      name,
      expect.stringMatching(message),
    ]);
  });

  test('refuses a sparse tensor', () => {
    expect(() => torch.eye(2).toSparse().setAt([0], 1)).toThrow(/Cannot assign to a sparse tensor/);
    expect(() => torch.eye(2).toSparseCsr().setAt([0], 1)).toThrow(/Cannot assign to a sparse tensor/);
  });
});

describe('index(), indexPut() and indexPut_()', () => {
  test('take the same notation', () => {
    const x = grid();
    expect(x.index(['1:', 0]).tolist()).toEqual([4, 8]);
    expect(x.indexPut_([[0, 2], '1:3'], -1)).toBe(x);
    expect(x.tolist()).toEqual([
      [0, -1, -1, 3],
      [4, 5, 6, 7],
      [8, -1, -1, 11],
    ]);
  });

  test('accumulate, positionally or by name', () => {
    const one = torch.ones([]);
    const indices = [torch.tensor([0n, 0n, 1n])];
    expect(torch.zeros([2]).indexPut_(indices, one, true).tolist()).toEqual([2, 1]);
    expect(torch.zeros([2]).indexPut_(indices, one, { accumulate: true }).tolist()).toEqual([2, 1]);
    expect(
      torch
        .zeros([2, 2])
        .indexPut_(['1:', [0, 0, 1]], 1, true)
        .tolist(),
    ).toEqual([
      [0, 0],
      [2, 1],
    ]);
    expect(torch.ones([2, 2]).indexPut_([0], 1, true).tolist()).toEqual([
      [2, 2],
      [1, 1],
    ]);
  });

  test('indexPut() leaves the tensor as it is', () => {
    const x = torch.zeros([2], { requiresGrad: true });
    const y = x.indexPut([torch.tensor([0n])], torch.tensor(5));
    expect([x.tolist(), y.tolist(), y.gradFn?.name]).toEqual([[0, 0], [5, 0], 'IndexPutBackward0']);
    expect(x.indexPut(['1:'], 5).tolist()).toEqual([0, 5]);
  });

  test('refuse wrong arguments', () => {
    const x = torch.zeros([2]);
    expect(() => x.indexPut_(0 as never, 1)).toThrow(/'indices' must be an array/);
    expect(() => x.indexPut_([0], 1, 'yes' as never)).toThrow(/'accumulate' must be bool/);
    expect(() => x.indexPut_([0], 1, { add: true } as never)).toThrow(/unexpected option 'add'/);
    expect(() => x.index({} as never)).toThrow(TypeError);
  });
});

describe('iteration', () => {
  test('goes along the first dimension, as Python does', () => {
    const rows = [
      ...torch.tensor([
        [1, 2],
        [3, 4],
      ]),
    ];
    expect(rows.map((row) => row.tolist())).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect([...torch.zeros([0, 3])]).toEqual([]);
    const [first] = torch.ones([2], { requiresGrad: true });
    expect(first?.gradFn?.name).toBe('UnbindBackward0');
  });

  test('is an error without dimensions', () => {
    expect(() => [...torch.tensor(1)]).toThrow(/iteration over a 0-d tensor/);
  });
});
