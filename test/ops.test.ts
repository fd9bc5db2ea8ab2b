/** Operators as functions, as methods and by their registered names. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../lib/index.js';
import { described, referenceOf } from './support/coreValues.js';
import { hasPython } from './support/python.js';

function operands(): { x: Tensor; y: Tensor; m: Tensor; i: Tensor } {
  torch.manualSeed(3);
  const [x, y, m] = [torch.randn(4, 5), torch.randn(4, 5), torch.randn(5, 3)];
  return { x, y, m, i: torch.tensor([[0n, 2n, 1n, 3n, 3n]]) };
}

const float64 = torch.float64;
const expressions: Record<string, (o: ReturnType<typeof operands>) => Tensor> = {
  add: ({ x, y }) => x.add(y),
  'add with alpha': ({ x, y }) => torch.add(x, y, { alpha: 0.3 }),
  'add an integer': ({ x }) => x.add(3),
  'add a fraction to integers': () => torch.arange(3).add(0.5),
  'add an integer to integers': () => torch.arange(3).add(2),
  'sub from a number': ({ x }) => torch.rsub(x, 1.5),
  div: ({ x, y }) => x.div(y),
  'div of integers': () => torch.arange(5).div(3),
  'div rounded': ({ x }) => x.div(0.3, { roundingMode: 'floor' }),
  pow: ({ x }) => x.abs().pow(1.7),
  matmul: ({ x, m }) => x.matmul(m),
  addmm: ({ x, m }) => torch.addmm(torch.ones(3), x, m, { beta: 0.5, alpha: 2 }),
  einsum: ({ x, m }) => torch.einsum('ij,jk->ki', [x, m]),
  sum: ({ x }) => x.sum(),
  'sum of a dimension': ({ x }) => x.sum(1, { keepdim: true } as never),
  'sum of two dimensions': ({ x }) => x.sum([0, 1]),
  'sum as float64': ({ x }) => x.sum({ dtype: float64 }),
  mean: ({ x }) => x.mean(0),
  std: ({ x }) => x.std(1),
  'var without correction': ({ x }) => x.var(1, { correction: 0 }),
  softmax: ({ x }) => x.softmax(-1),
  logSoftmax: ({ x }) => torch.logSoftmax(x, 0),
  logsumexp: ({ x }) => torch.logsumexp(x, 1),
  'max values': ({ x }) => x.max(1).values,
  'max indices': ({ x }) => x.max(1)[1],
  'max of two': ({ x, y }) => torch.max(x, y),
  'max of all': ({ x }) => x.max(),
  sort: ({ x }) => x.sort(1, { descending: true } as never)[0],
  argsort: ({ x }) => x.argsort(0),
  topk: ({ x }) => x.topk(2).indices,
  cumsum: ({ x }) => x.cumsum(1),
  norm: ({ x }) => torch.norm(x, 2, 1),
  clamp: ({ x }) => x.clamp(-0.5, 0.5),
  'clamp from below': ({ x }) => x.clamp({ min: 0.1 } as never),
  where: ({ x, y }) => torch.where(x.gt(0), x, y),
  'where with a number': ({ x }) => torch.where(x.gt(0), x, -1),
  gather: ({ x, i }) => x.gather(0, i),
  indexSelect: ({ x }) => x.indexSelect(1, torch.tensor([4n, 0n])),
  maskedFill: ({ x }) => x.maskedFill(x.gt(0), Number.NEGATIVE_INFINITY),
  scatterAdd: ({ y, i }) => torch.zeros(4, 5).scatterAdd(0, i, y),
  cat: ({ x, y }) => torch.cat([x, y], 1),
  stack: ({ x, y }) => torch.stack([x, y], -1),
  split: ({ x }) => x.split(2)[1] as Tensor,
  'split by sizes': ({ x }) => x.split([1, 3])[1] as Tensor,
  chunk: ({ x }) => x.chunk(3, 1)[2] as Tensor,
  unbind: ({ x }) => x.unbind(1)[3] as Tensor,
  transpose: ({ x }) => x.transpose(0, 1),
  permute: ({ x }) => x.view(2, 2, 5).permute(2, 0, 1),
  reshape: ({ x }) => x.reshape(-1, 10),
  flatten: ({ x }) => x.view(2, 2, 5).flatten(1),
  squeeze: ({ x }) => x.unsqueeze(0).squeeze(0),
  repeat: ({ x }) => x.repeat(2, 1),
  expand: ({ x }) => x.narrow(0, 0, 1).expand(3, -1),
  flip: ({ x }) => x.flip(0),
  roll: ({ x }) => x.roll(2, 1),
  narrow: ({ x }) => x.narrow(1, 1, 3),
  select: ({ x }) => x.select(0, -1),
  unique: () => torch.ops.aten._unique2<[Tensor, Tensor, Tensor]>(torch.tensor([3n, 1n, 3n, 2n]))[0],
  nonzero: ({ x }) => x.gt(0).nonzero(),
  bincount: () => torch.bincount(torch.tensor([1n, 1n, 4n])),
  comparison: ({ x, y }) => x.gt(y),
  logical: ({ x, y }) => x.gt(0).bitwiseAnd(y.gt(0)),
  argmax: ({ x }) => x.argmax(),
  'argmax of a dimension': ({ x }) => x.argmax(1),
  median: ({ x }) => x.median(),
  quantile: ({ x }) => torch.quantile(x, 0.3),
  conv1d: ({ x }) => torch.conv1d(x.view(1, 4, 5), torch.ones(2, 4, 3), null, 1, 1),
  layerNorm: ({ x }) => torch.layerNorm(x, [5]),
  embedding: ({ x }) => torch.embedding(x, torch.tensor([3n, 0n])),
  solve: ({ x }) => torch.linalg.solve(torch.eye(4).mul(2), x),
  'svd values': ({ x }) => torch.linalg.svdvals(x),
  fft: ({ x }) => torch.fft.fft(x),
  erfinv: ({ x }) => torch.special.erfinv(x.div(10)),
  float64: ({ x }) => x.double().exp(),
  'promotion of int64 and float32': ({ x }) => torch.arange(5).mul(x),
  'promotion of float16 and a number': ({ x }) => x.half().mul(2.5),
  'promotion of bool and an integer': ({ x }) => x.gt(0).add(1),
  complex: ({ x, y }) => torch.complex(x, y).abs(),
  lerp: ({ x, y }) => torch.lerp(x, y, 0.25),
  addcmul: ({ x, y }) => torch.addcmul(x, x, y, { value: 0.1 }),
  tensordot: ({ x, m }) => torch.tensordot(x, m, [[1], [0]]),
};

(hasPython ? describe : describe.skip)('gives what PyTorch gives, bit for bit', () => {
  test.each(Object.keys(expressions))('%s', (name) => {
    expect(described((expressions[name] as (o: ReturnType<typeof operands>) => Tensor)(operands()))).toEqual(
      referenceOf(name),
    );
  });
});

describe('torch.ops', () => {
  const x = (): Tensor => torch.tensor([1, 2, 3]);

  test('calls an overload by its name', () => {
    expect(torch.ops.aten.add.Tensor(x(), x()).tolist()).toEqual([2, 4, 6]);
    expect(torch.ops.aten.add.Scalar(x(), 1).tolist()).toEqual([2, 3, 4]);
    expect(torch.ops.aten.relu.default(x().neg()).tolist()).toEqual([0, 0, 0]);
  });

  test('finds the overload that takes the arguments', () => {
    expect(torch.ops.aten.add(x(), x()).tolist()).toEqual([2, 4, 6]);
    expect(torch.ops.aten.add(x(), 1).tolist()).toEqual([2, 3, 4]);
    expect(torch.ops.aten.sum(x()).item()).toBe(6);
    expect(torch.ops.aten.sum(torch.ones([2, 3]), [1]).tolist()).toEqual([3, 3]);
  });

  test('takes keyword-only arguments as options, spelt as registered or in camel case', () => {
    expect(torch.ops.aten.add(x(), x(), { alpha: 10 }).tolist()).toEqual([11, 22, 33]);
    expect(torch.ops.aten.div(x(), 2, { rounding_mode: 'floor' }).tolist()).toEqual([0, 1, 1]);
    expect(torch.ops.aten.div(x(), 2, { roundingMode: 'floor' }).tolist()).toEqual([0, 1, 1]);
  });

  test('takes positional arguments by name too, and self as input', () => {
    expect(torch.ops.aten.add({ self: x(), other: x() }).tolist()).toEqual([2, 4, 6]);
    expect((torch.add as (options: unknown) => Tensor)({ input: x(), other: x() }).tolist()).toEqual([
      2, 4, 6,
    ]);
    expect(torch.ops.aten.cat({ tensors: [x(), x()], dim: 0 }).shape).toEqual([6]);
  });

  test('fills in the defaults of the schema', () => {
    expect(torch.ops.aten.softmax.int(x(), 0).sum().item()).toBeCloseTo(1, 6);
    expect(torch.ops.aten.topk<[Tensor, Tensor]>(x(), 1)[0].tolist()).toEqual([3]);
  });

  test('changes lists of tensors in place', () => {
    const list = [x(), x()];
    expect(torch.ops.aten._foreach_add_(list, list, { alpha: 2 })).toBeUndefined();
    expect(list.map((tensor) => tensor.tolist())).toEqual([
      [3, 6, 9],
      [3, 6, 9],
    ]);
  });

  test('gives several results as an array with names, where the schema has them', () => {
    const result = torch.ops.aten.max.dim<[Tensor, Tensor] & { indices: Tensor }>(
      torch.tensor([[1, 5, 2]]),
      1,
    );
    const [values, indices] = result;
    expect(values.tolist()).toEqual([5]);
    expect(result.indices).toBe(indices);
    expect(Array.isArray(result)).toBe(true);
    expect(result.length).toBe(2);
    expect(Object.keys(result)).toEqual(['0', '1']);
  });

  test('gives booleans, numbers and lists as such', () => {
    expect(torch.ops.aten.equal(x(), x())).toBe(true);
    expect(torch.ops.aten.dim(x())).toBe(1);
    expect(torch.ops.aten.size.int(torch.ones([2, 3]), 1)).toBe(3);
    expect(torch.ops.aten._foreach_norm<Tensor[]>([x()]).map((tensor) => tensor.dim())).toEqual([0]);
  });

  test('has the schema of each overload as text', () => {
    expect(torch.ops.aten.mm.default.schema).toBe('aten::mm(Tensor self, Tensor mat2) -> Tensor');
    expect(torch.ops.aten.add.Tensor.name).toBe('aten::add.Tensor');
  });

  test('says what there is', () => {
    expect('add' in torch.ops.aten).toBe(true);
    expect('frobnicate' in torch.ops.aten).toBe(false);
    expect(Object.keys(torch.ops.aten)).toContain('add');
    expect(torch.registeredOperators().length).toBeGreaterThan(3000);
    expect(torch.registeredOperators()).toContain('aten::add.Tensor');
  });

  test('is no promise, and can be awaited by mistake', async () => {
    expect(await torch.ops).toBe(torch.ops);
    expect(await torch.ops.aten).toBe(torch.ops.aten);
  });

  test('cannot be spoilt by writing to it', () => {
    expect(() => {
      (torch.ops as Record<string, unknown>).aten = 1;
    }).toThrow(TypeError);
    expect(() => {
      (torch.ops.aten as Record<string, unknown>).add = 1;
    }).toThrow(TypeError);
    expect(Reflect.defineProperty(torch.ops, 'aten', { value: 1, configurable: false })).toBe(false);
    expect(torch.ops.aten.add(x(), 1).tolist()).toEqual([2, 3, 4]);
  });
});

describe('every registered operator', () => {
  test('has a packet with its overload and its schema', () => {
    const missing: string[] = [];
    for (const full of torch.registeredOperators()) {
      const [namespace, rest] = full.split('::') as [string, string];
      const [name, overload] = rest.split('.') as [string, string?];
      const operator = torch.ops[namespace]?.[name]?.[overload ?? 'default'];
      if (typeof operator !== 'function' || !operator.schema.startsWith(`${full}(`)) missing.push(full);
    }
    expect(missing).toEqual([]);
  });
});

describe('arguments', () => {
  const m = (): Tensor =>
    torch.tensor([
      [3, 1, 2],
      [4, 6, 5],
    ]);

  test('are positional or options, as in Python', () => {
    expect(m().sum(1).tolist()).toEqual([6, 15]);
    expect(
      m()
        .sum({ dim: 1 } as never)
        .tolist(),
    ).toEqual([6, 15]);
    expect(m().sum([1], true).shape).toEqual([2, 1]);
    expect(m().argmax({ dim: 0, keepdim: true }).shape).toEqual([1, 3]);
  });

  test('that are undefined at the end are not given', () => {
    expect(
      m()
        .sum(undefined as never)
        .item(),
    ).toBe(21);
    expect(
      m()
        .sum(1, undefined as never)
        .tolist(),
    ).toEqual([6, 15]);
    expect(
      m()
        .sum({ dim: undefined } as never)
        .item(),
    ).toBe(21);
  });

  test('that are sizes may be spread', () => {
    expect(m().view(3, 2).shape).toEqual([3, 2]);
    expect(m().view([3, 2]).shape).toEqual([3, 2]);
    expect(m().permute(1, 0).shape).toEqual([3, 2]);
    expect(m().expand(2, 2, 3).shape).toEqual([2, 2, 3]);
    expect(m().reshape(-1).shape).toEqual([6]);
  });

  test('that are numbers may be 0-dimensional tensors', () => {
    expect(m().mul(torch.tensor(2)).tolist()).toEqual([
      [6, 2, 4],
      [8, 12, 10],
    ]);
    expect(torch.full([2], torch.tensor(3) as never).tolist()).toEqual([3, 3]);
  });

  test('that are bigints are int64', () => {
    expect(
      torch
        .tensor([1n])
        .add(2n ** 62n)
        .tolist(),
    ).toEqual([2n ** 62n + 1n]);
    expect(
      m()
        .sum(1n as never)
        .tolist(),
    ).toEqual([6, 15]);
  });

  test('-0 is a float', () => {
    expect(Object.is(torch.tensor([5]).mul(-0).item(), -0)).toBe(true);
    expect(torch.tensor([5n]).mul(-0).dtype).toBe(torch.float32);
  });

  test('complex numbers are { re, im }', () => {
    expect(
      torch
        .tensor([1])
        .mul({ re: 0, im: 2 } as never)
        .tolist(),
    ).toEqual([{ re: 0, im: 2 }]);
  });
});

describe('out', () => {
  test('is written to and given back', () => {
    const out = torch.empty([0]);
    expect(torch.add(torch.ones([2]), torch.ones([2]), { out })).toBe(out);
    expect(out.tolist()).toEqual([2, 2]);
  });

  test('keeps its sizes where there is no memory for others', () => {
    const out = torch.ones([2, 3]);
    expect(() => torch.zeros([2, 2 ** 45], { out })).toThrow(/can't allocate memory/);
    expect([out.shape, out.sum().item()]).toEqual([[2, 3], 6]);
    expect(() => out.resize_([2, 2 ** 45])).toThrow(/can't allocate memory/);
    expect([out.shape, out.sum().item()]).toEqual([[2, 3], 6]);
  });
});

describe('errors', () => {
  test('of libtorch carry its message and the operator', () => {
    try {
      torch.ones([2, 3]).add(torch.ones([4, 5]));
      throw new Error('no error');
    } catch (error) {
      expect(error).toBeInstanceOf(torch.TorchError);
      expect((error as InstanceType<typeof torch.TorchError>).op).toBe('aten::add.Tensor');
      expect((error as Error).message).toBe(
        'The size of tensor a (3) must match the size of tensor b (5) at non-singleton dimension 1',
      );
    }
  });

  test('have no C++ backtrace', () => {
    expect(() => torch.zeros([2 ** 45])).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('Exception raised from') }),
    );
  });

  test.each([
    ['OutOfMemoryError', () => torch.zeros([2 ** 45])],
    ['LinAlgError', () => torch.linalg.inv(torch.zeros([2, 2]))],
    ['NotImplementedError', () => torch.tensor([1n]).softmax(0)],
    ['DisposedError', () => new (torch.Tensor as never as new () => Tensor)().sum()],
  ] as const)('of a kind of their own are %s', (name, run) => {
    const ErrorClass = torch[name] as unknown as new () => Error;
    expect(run).toThrow(ErrorClass);
    expect(run).toThrow(torch.TorchError);
    expect(run).toThrow(expect.objectContaining({ name }));
  });

  test('list the signatures where none takes the arguments', () => {
    expect(() => torch.add(torch.ones([1]), 'x' as never)).toThrow(
      /add\(\).*add\(Tensor input, Tensor other, \*, Number alpha = 1/s,
    );
  });
});
