/** Python's argument rules: each call is taken or refused as Python does it, with the same bits or the same message. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { upsampleNearest2d } from '../../lib/generated/nnFunctions.js';
import torch, { type Tensor } from '../../lib/index.js';
import { hasPython, runPython } from '../support/python.js';
import { described, firstLine, fresh, type Operands } from './rules.js';

/** Calls that types refuse are part of the table. */
type Loose = Record<string, (...args: unknown[]) => unknown>;
const t = torch as unknown as Loose;
const linalg = torch.linalg as unknown as Loose;
const m = (tensor: Tensor): Loose => tensor as unknown as Loose;

const upsample = (x: Tensor, factors: unknown): unknown =>
  (upsampleNearest2d as unknown as Loose[string])(x.unsqueeze(0).unsqueeze(0), null, factors);

type Rule = readonly [python: string, here: (o: Operands) => unknown];

const rules: Record<string, readonly Rule[]> = {
  'numbers as tensors': [
    ['torch.add(x, 2)', ({ x }) => t.add(x, 2)],
    ['torch.add(2, x)', ({ x }) => t.add(2, x)],
    ['torch.sub(1, x)', ({ x }) => t.sub(1, x)],
    ['torch.mul(2.5, i)', ({ i }) => t.mul(2.5, i)],
    ['torch.div(1, x.abs() + 1)', ({ x }) => t.div(1, x.abs().add(1))],
    ['torch.true_divide(i, 2)', ({ i }) => t.trueDivide(i, 2)],
    ['torch.floor_divide(i, 2)', ({ i }) => t.floorDivide(i, 2)],
    ['torch.add(2, 3)', () => t.add(2, 3)],
    ['torch.add(True, b)', ({ b }) => t.add(true, b)],
    ['torch.add(x, 1+2j)', ({ x }) => t.add(x, { re: 1, im: 2 })],
    ['torch.sub(x, 1, alpha=2)', ({ x }) => t.sub(x, 1, { alpha: 2 })],
    ['x.copy_(3)', ({ x }) => m(x).copy_(3)],
    ['i.add_(2)', ({ i }) => m(i).add_(2)],
    ['i.add_(2.5)', ({ i }) => m(i).add_(2.5)],
    ['torch.maximum(x, 0)', ({ x }) => t.maximum(x, 0)],
    ['torch.matmul(x, 2)', ({ x }) => t.matmul(x, 2)],
    ['torch.eq(x, 0)', ({ x }) => t.eq(x, 0)],
    ['torch.eq(0, x)', ({ x }) => t.eq(0, x)],
    ['torch.pow(2, x)', ({ x }) => t.pow(2, x)],
    ['torch.pow(2, 3)', () => t.pow(2, 3)],
    ['torch.where(b, x, 1)', ({ b, x }) => t.where(b, x, 1)],
    ['torch.where(b, 1.5, 0)', ({ b }) => t.where(b, 1.5, 0)],
    ['torch.add("a", x)', ({ x }) => t.add('a', x)],
  ],
  'tensors as numbers': [
    ['torch.full((2,), s)', ({ s }) => t.full([2], s)],
    ['torch.full((2,), sd)', ({ sd }) => t.full([2], sd)],
    ['torch.full((2,), si)', ({ si }) => t.full([2], si)],
    ['torch.full((2,), sb)', ({ sb }) => t.full([2], sb)],
    ['torch.full((2,), sc)', ({ sc }) => t.full([2], sc)],
    ['torch.full((2,), g)', ({ g }) => t.full([2], g)],
    ['torch.full((2,), v)', ({ v }) => t.full([2], v)],
    ['torch.add(i, i, alpha=si)', ({ i, si }) => t.add(i, i, { alpha: si })],
    ['torch.add(i, i, alpha=s)', ({ i, s }) => t.add(i, i, { alpha: s })],
    ['torch.arange(sd)', ({ sd }) => t.arange(sd)],
    ['torch.arange(si)', ({ si }) => t.arange(si)],
    ['torch.clamp(x, min=s)', ({ x, s }) => t.clamp(x, { min: s })],
    ['torch.dropout(x, s - 2, False)', ({ x, s }) => t.dropout(x, s.sub(2), false)],
    ['torch.dropout(x, False, False)', ({ x }) => t.dropout(x, false, false)],
    ['torch.dropout(x, 0.5, 1)', ({ x }) => t.dropout(x, 0.5, 1)],
    ['x.unsqueeze(si)', ({ x, si }) => m(x).unsqueeze(si)],
    ['x.unsqueeze(s)', ({ x, s }) => m(x).unsqueeze(s)],
    ['x.unsqueeze(sb)', ({ x, sb }) => m(x).unsqueeze(sb)],
    ['x.unsqueeze(True)', ({ x }) => m(x).unsqueeze(true)],
    ['torch.topk(x, torch.tensor([1]))[0]', ({ x }) => (t.topk(x, torch.tensor([1n])) as Tensor[])[0]],
    ['torch.topk(x, sb)[0]', ({ x, sb }) => (t.topk(x, sb) as Tensor[])[0]],
    ['torch.topk(x, s)[0]', ({ x, s }) => (t.topk(x, s) as Tensor[])[0]],
    ['torch.zeros([si, 3])', ({ si }) => t.zeros([si, 3])],
    ['torch.zeros(si, 3)', ({ si }) => t.zeros(si, 3)],
    ['torch.zeros([2, s])', ({ s }) => t.zeros([2, s])],
    ['x.masked_fill(b, s)', ({ x, b, s }) => m(x).maskedFill(b, s)],
    ['x.masked_fill(b, v)', ({ x, b, v }) => m(x).maskedFill(b, v)],
    ['torch.pow(x, si)', ({ x, si }) => t.pow(x, si)],
  ],
  'lists and sizes': [
    ['x.view(3, 2)', ({ x }) => m(x).view(3, 2)],
    ['x.view((3, 2))', ({ x }) => m(x).view([3, 2])],
    ['x.view(-1)', ({ x }) => m(x).view(-1)],
    ['x.view(torch.int32)', ({ x }) => m(x).view(torch.int32)],
    ['x.view()', ({ x }) => m(x).view()],
    ['x.view(2.5)', ({ x }) => m(x).view(2.5)],
    ['x.view(3, 2.5)', ({ x }) => m(x).view(3, 2.5)],
    ['x.permute(1, 0)', ({ x }) => m(x).permute(1, 0)],
    ['x.permute([1, 0])', ({ x }) => m(x).permute([1, 0])],
    ['x.permute(dims=[1, 0])', ({ x }) => m(x).permute({ dims: [1, 0] })],
    ['x.expand(2, 2, 3)', ({ x }) => m(x).expand(2, 2, 3)],
    ['x.repeat(2, 1)', ({ x }) => m(x).repeat(2, 1)],
    ['torch.zeros(())', () => t.zeros([])],
    ['torch.zeros()', () => t.zeros()],
    ['torch.zeros(2, 3, dtype=torch.int32)', () => t.zeros(2, 3, { dtype: torch.int32 })],
    ['torch.zeros(2, "a")', () => t.zeros(2, 'a')],
    ['torch.zeros("a")', () => t.zeros('a')],
    ['torch.zeros([2, True])', () => t.zeros([2, true])],
    ['torch.zeros([True, 2])', () => t.zeros([true, 2])],
    ['torch.zeros([2, sb])', ({ sb }) => t.zeros([2, sb])],
    ['torch.zeros([2, torch.tensor([2])])', () => t.zeros([2, torch.tensor([2n])])],
    ['torch.zeros([2, v])', ({ v }) => t.zeros([2, v])],
    ['x.sum([0, True])', ({ x }) => m(x).sum([0, true])],
    ['torch._C._nn.upsample_nearest2d(x[None, None], None, [2, s])', ({ x, s }) => upsample(x, [2, s])],
    ['torch._C._nn.upsample_nearest2d(x[None, None], None, [s, 2])', ({ x, s }) => upsample(x, [s, 2])],
    ['torch._C._nn.upsample_nearest2d(x[None, None], None, [2, "a"])', ({ x }) => upsample(x, [2, 'a'])],
    ['torch._C._nn.upsample_nearest2d(x[None, None], None, [True, 2])', ({ x }) => upsample(x, [true, 2])],
    ['torch.zeros([2, 1.5])', () => t.zeros([2, 1.5])],
    ['torch.zeros([1.5, 2])', () => t.zeros([1.5, 2])],
    ['torch.zeros(True)', () => t.zeros(true)],
    ['x.sum(1)', ({ x }) => m(x).sum(1)],
    ['x.sum([0, 1])', ({ x }) => m(x).sum([0, 1])],
    ['x.sum(None)', ({ x }) => m(x).sum(null)],
    ['x.sum(True)', ({ x }) => m(x).sum(true)],
    ['x.flip(0)', ({ x }) => m(x).flip(0)],
    ['x.flip(0, 1)', ({ x }) => m(x).flip(0, 1)],
    ['torch.roll(x, 1, 0)', ({ x }) => t.roll(x, 1, 0)],
    ['torch.roll(x, (1, 1), (0, 1))', ({ x }) => t.roll(x, [1, 1], [0, 1])],
    ['torch.avg_pool1d(x, 2, stride=1)', ({ x }) => t.avgPool1d(x, 2, { stride: 1 })],
    ['torch.cat([x, x], 1)', ({ x }) => t.cat([x, x], 1)],
    ['torch.cat([x, 2])', ({ x }) => t.cat([x, 2])],
    ['torch.cat(x)', ({ x }) => t.cat(x)],
    ['torch.cat([x, None])', ({ x }) => t.cat([x, null])],
    ['torch.cat([])', () => t.cat([])],
    ['torch.split_with_sizes(x, [1, 1])', ({ x }) => t.splitWithSizes(x, [1, 1])],
    ['torch.histogramdd(x, [2, 2, 2])[0]', ({ x }) => (t.histogramdd(x, [2, 2, 2]) as Tensor[])[0]],
    [
      'torch.histogramdd(x, 2, density=True)[0]',
      ({ x }) => (t.histogramdd(x, 2, { density: true }) as Tensor[])[0],
    ],
  ],
  'optional arguments and names': [
    ['torch.sum(input=x, dim=1)', ({ x }) => t.sum({ input: x, dim: 1 })],
    ['torch.sum(a=x, axis=1, keepdims=True)', ({ x }) => t.sum({ a: x, axis: 1, keepdims: true })],
    ['torch.add(x1=x, x2=x)', ({ x }) => t.add({ x1: x, x2: x })],
    ['torch.add(x, x, axis=1)', ({ x }) => t.add(x, x, { axis: 1 })],
    ['torch.add(x, x, input=x)', ({ x }) => t.add(x, x, { input: x })],
    ['torch.add(x, x, 2)', ({ x }) => t.add(x, x, 2)],
    ['torch.clamp(x, None, 0.2)', ({ x }) => t.clamp(x, null, 0.2)],
    ['torch.clamp(x)', ({ x }) => t.clamp(x)],
    ['torch.sum(x, dtype=None)', ({ x }) => t.sum(x, { dtype: null })],
    ['torch.sum(x, dtype="float32")', ({ x }) => t.sum(x, { dtype: 'float32' })],
    ['torch.matmul(x, None)', ({ x }) => t.matmul(x, null)],
    ['torch.matmul(x)', ({ x }) => t.matmul(x)],
    ['torch.div(x, 2, rounding_mode="floor")', ({ x }) => t.div(x, 2, { roundingMode: 'floor' })],
    ['torch.div(x, 2, rounding_mode=1)', ({ x }) => t.div(x, 2, { roundingMode: 1 })],
    ['torch.linalg.norm(x, "fro")', ({ x }) => linalg.norm(x, 'fro')],
    ['torch.linalg.norm(x, 1)', ({ x }) => linalg.norm(x, 1)],
    ['torch.linalg.norm(x, [1])', ({ x }) => linalg.norm(x, [1])],
    ['torch.abs(x, 1)', ({ x }) => t.abs(x, 1)],
    ['x.abs(1)', ({ x }) => m(x).abs(1)],
    ['torch.abs()', () => t.abs()],
    ['torch.abs(1)', () => t.abs(1)],
    ['torch.quantile(x, 0.5)', ({ x }) => t.quantile(x, 0.5)],
    ['torch.quantile(x, torch.tensor([0.5]))', ({ x }) => t.quantile(x, torch.tensor([0.5]))],
    ['torch.bernoulli(x.abs(), generator=1)', ({ x }) => t.bernoulli(x.abs(), { generator: 1 })],
    ['torch.zeros(2, layout=1)', () => t.zeros(2, { layout: 1 })],
    ['torch.zeros(2, device=1.5)', () => t.zeros(2, { device: 1.5 })],
    ['torch.zeros(2, device="cpu")', () => t.zeros(2, { device: 'cpu' })],
    ['torch.zeros_like(x, memory_format=1)', ({ x }) => t.zerosLike(x, { memoryFormat: 1 })],
  ],
  'out and requires_grad': [
    ['torch.add(x, x, out=o)', ({ x, o }) => t.add(x, x, { out: o })],
    ['torch.add(x, x, out=None)', ({ x }) => t.add(x, x, { out: null })],
    ['torch.add(x, x, out=[o])', ({ x, o }) => t.add(x, x, { out: [o] })],
    [
      'list(torch.max(x, 1, out=(o, torch.empty(0, dtype=torch.int64))))',
      ({ x, o }) => t.max(x, 1, { out: [o, torch.empty(0, { dtype: torch.int64 })] }),
    ],
    ['torch.max(x, 1, out=(o,))', ({ x, o }) => t.max(x, 1, { out: [o] })],
    ['torch.max(x, 1, out=o)', ({ x, o }) => t.max(x, 1, { out: o })],
    ['torch.sort(x, out=(o, o))', ({ x, o }) => t.sort(x, { out: [o, o] })],
    ['torch.zeros(2, out=o)', ({ o }) => t.zeros(2, { out: o })],
    ['torch.zeros(2, out=o, dtype=torch.float64)', ({ o }) => t.zeros(2, { out: o, dtype: torch.float64 })],
    ['torch.zeros(2, requires_grad=True)', () => t.zeros(2, { requiresGrad: true })],
    ['torch.zeros(2, requires_grad=1)', () => t.zeros(2, { requiresGrad: 1 })],
    ['torch.ones_like(i, requires_grad=True)', ({ i }) => t.onesLike(i, { requiresGrad: true })],
    ['x.new_zeros(2, requires_grad=True)', ({ x }) => m(x).newZeros(2, { requiresGrad: true })],
    ['x.new_full([2], 3, dtype=torch.int64)', ({ x }) => m(x).newFull([2], 3, { dtype: torch.int64 })],
    [
      'torch.full((2,), 1, requires_grad=True, dtype=torch.float64)',
      () => t.full([2], 1, { requiresGrad: true, dtype: torch.float64 }),
    ],
    ['x.add(x, out=o)', ({ x, o }) => m(x).add(x, { out: o })],
  ],
  'deprecated forms': [
    ['torch.add(x, 2, x)', ({ x }) => t.add(x, 2, x)],
    ['x.add(2, x)', ({ x }) => m(x).add(2, x)],
    ['x.sub_(2, x + 1)', ({ x }) => m(x).sub_(2, x.add(1))],
    ['torch.addmm(2, x.mm(x.t()), 3, x, x.t())', ({ x }) => t.addmm(2, x.mm(x.t()), 3, x, x.t())],
    ['torch.addmm(2, x.mm(x.t()), x, x.t())', ({ x }) => t.addmm(2, x.mm(x.t()), x, x.t())],
    ['x.mm(x.t()).addmm(2, 3, x, x.t())', ({ x }) => m(x.mm(x.t())).addmm(2, 3, x, x.t())],
    ['torch.addcmul(x, 2, x, x)', ({ x }) => t.addcmul(x, 2, x, x)],
    ['torch.addcdiv(x, 2, x, x + 3)', ({ x }) => t.addcdiv(x, 2, x, x.add(3))],
    ['torch.addr(2, x.mm(x.t()), 3, v, v)', ({ x, v }) => t.addr(2, x.mm(x.t()), 3, v, v)],
    ['torch.add(x, 2, x, out=o)', ({ x, o }) => t.add(x, 2, x, { out: o })],
    ['torch.add(x, alpha=2, other=x)', ({ x }) => t.add(x, { alpha: 2, other: x })],
  ],
};

// Numbers of every kind with tensors of every dtype: the result's dtype and bits.
const numbers: Record<string, unknown> = {
  '2': 2,
  '-3': -3,
  '2.5': 2.5,
  True: true,
  '1+2j': { re: 1, im: 2 },
  'float("nan")': Number.NaN,
  'float("inf")': Number.POSITIVE_INFINITY,
  '-0.0': -0,
  '2**53': 2n ** 53n,
};
const dtypes = ['x', 'i', 'b', 'd', 'h', 'c'] as const;
const grid: Rule[] = [];
for (const operand of dtypes) {
  for (const [text, value] of Object.entries(numbers)) {
    for (const name of ['add', 'mul', 'sub', 'div', 'pow', 'eq', 'floor_divide', 'remainder']) {
      const key = name.replace(/_(\w)/, (_, letter: string) => letter.toUpperCase());
      grid.push([`torch.${name}(${operand}, ${text})`, (o) => t[key]?.(o[operand], value)]);
    }
    grid.push([`torch.rsub(${operand}, ${text})`, (o) => t.rsub(o[operand], value)]);
    grid.push([`torch.sub(${text}, ${operand})`, (o) => t.sub(value, o[operand])]);
    grid.push([`torch.full_like(${operand}, ${text})`, (o) => t.fullLike(o[operand], value)]);
  }
  for (const number of ['s', 'sd', 'si', 'sb', 'sc'] as const) {
    for (const name of ['add', 'mul', 'pow', 'full_like', 'rsub'] as const) {
      const key = name === 'full_like' ? 'fullLike' : name;
      grid.push([`torch.${name}(${operand}, ${number})`, (o) => t[key]?.(o[operand], o[number])]);
    }
  }
}
rules['a number of each kind with each dtype'] = grid;

interface Outcome {
  value?: unknown;
  error?: string;
  message?: string;
}

function outcome(here: Rule[1]): Outcome {
  try {
    return { value: described(here(fresh())) };
  } catch (error) {
    return { error: (error as Error).name, message: (error as Error).message };
  }
}

function differs([text, here]: Rule, expected: Outcome): string | undefined {
  const found = outcome(here);
  if (expected.error === undefined) {
    const [ours, theirs] = [JSON.stringify(found.value), JSON.stringify(expected.value)];
    return ours === theirs ? undefined : `${text}: ${found.message ?? ours} instead of ${theirs}`;
  }
  if (found.error === undefined) return `${text}: no error instead of ${expected.message}`;
  // What the parser refuses is a TypeError with its words; the rest is the operator's to say.
  if (expected.error !== 'TypeError') return undefined;
  const [ours, theirs] = [firstLine(found.message ?? ''), firstLine(expected.message ?? '')];
  if (found.error !== 'TypeError') return `${text}: ${found.error} instead of TypeError`;
  return ours === theirs ? undefined : `${text}: "${ours}" instead of "${theirs}"`;
}

(hasPython ? describe : describe.skip)('arguments are taken and refused as in Python', () => {
  const all = Object.values(rules).flat();
  let outcomes: Map<string, Outcome>;
  beforeAll(() => {
    const texts = all.map(([text]) => text);
    const results = JSON.parse(
      runPython('argument_rules.py', [], { input: JSON.stringify(texts) }),
    ) as Outcome[];
    outcomes = new Map(texts.map((text, i) => [text, results[i] as Outcome]));
  });

  test.each(Object.keys(rules))('%s', (name) => {
    const problems = (rules[name] as readonly Rule[]).map((rule) =>
      differs(rule, outcomes.get(rule[0]) as Outcome),
    );
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });
});
