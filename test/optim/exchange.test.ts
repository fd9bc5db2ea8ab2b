/** State dicts go from PyTorch to litorch and back, in the middle of a training, and nothing changes. */
import { describe, expect, test } from '@jest/globals';
import torch, { type optim, Tensor } from '../../lib/index.js';
import { hasPython, runPython } from '../support/python.js';
import {
  advance,
  build,
  type Case,
  DTYPES,
  parameters,
  rawBytes,
  STEPS,
  type Summary,
  summary,
} from './cases.js';

type Packed =
  | { dtype: string; shape: number[]; hex: string }
  | { dict: Record<string, Packed> }
  | Packed[]
  | number
  | string
  | boolean
  | null;

interface Half {
  state: Packed;
  params: Packed;
}

function pack(value: unknown): Packed {
  if (value instanceof Tensor) {
    return { dtype: value.dtype.name, shape: value.shape, hex: rawBytes(value).toString('hex') };
  }
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== 'object' || value === null) return value as Packed;
  return { dict: Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item)])) };
}

function unpack(value: Packed): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== 'object' || value === null) return value;
  if ('dict' in value) {
    return Object.fromEntries(Object.entries(value.dict).map(([key, item]) => [key, unpack(item)]));
  }
  const bytes = new Uint8Array(Buffer.from(value.hex, 'hex'));
  const dtype = DTYPES[value.dtype] as torch.DType;
  return torch.tidy(() => torch.tensor(bytes).view(dtype).reshape(value.shape).clone());
}

const lines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

(hasPython ? describe : describe.skip)('state dicts', () => {
  const saved = hasPython
    ? (lines(runPython('optim_exchange.py', ['save'])) as Array<
        Case & { half: Half; expected: Summary; printed: string }
      >)
    : [];
  const name = (item: Case): string =>
    `${item.optimizer}, ${item.dtype}, ${item.kind}, ${JSON.stringify(item.options)}`;

  test.each(saved.map((item) => [name(item), item] as const))('from PyTorch: %s', (_name, item) => {
    const params = (unpack(item.half.params) as Tensor[]).map((p) => p.requiresGrad_());
    const optimizer = build({ ...item, options: {} }, params);
    optimizer.loadStateDict(unpack(item.half.state) as optim.OptimizerStateDict);
    advance(optimizer, params, item, STEPS / 2, STEPS);
    expect(summary(optimizer, params)).toEqual(item.expected);
  });

  test('to PyTorch', () => {
    const halves = saved.map((item) => {
      const params = parameters(item.dtype);
      const optimizer = build(item, params);
      advance(optimizer, params, item, 0, STEPS / 2);
      return {
        item,
        state: pack(optimizer.stateDict()),
        params: pack(params),
        printed: optimizer.toString(),
      };
    });
    // The dict itself is PyTorch's: same keys, same values.
    for (const { item, state, params, printed } of halves) {
      expect(state).toEqual(item.half.state);
      expect(params).toEqual(item.half.params);
      expect(printed).toBe(item.printed);
    }
    const input = halves.map(({ state, params }) => JSON.stringify({ state, params })).join('\n');
    const loaded = lines(runPython('optim_exchange.py', ['load'], { input })) as Array<{ expected: Summary }>;
    loaded.forEach(({ expected }, i) => {
      expect(expected).toEqual(saved[i]?.expected);
    });
  });
});

test('a loaded state is a copy', () => {
  const item: Case = { optimizer: 'Adam', options: { lr: 0.1 }, dtype: 'float32', kind: 'plain' };
  const params = parameters('float32');
  const first = build(item, params);
  advance(first, params, item, 0, 2);
  const second = build(item, params);
  const dict = first.stateDict();
  second.loadStateDict(dict);
  const before = summary(second, params).state;
  for (const values of Object.values(dict.state)) {
    for (const value of Object.values(values)) (value as Tensor).dispose();
  }
  expect(summary(second, params).state).toEqual(before);
});
