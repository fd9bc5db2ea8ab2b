import { describe, expect, jest, test } from '@jest/globals';
import torch, { nn, type Tensor } from '../../lib/index.js';
import { sha256Of } from '../support/bits.js';
import { runPython } from '../support/python.js';
import { testWithPython } from '../support/withPython.js';

const { functional: F } = nn;

// As in the reference: with more, some sums have another order.
torch.setNumThreads(1);

class Network extends nn.Module {
  embedding = new nn.Embedding(30, 8);
  lstm = new nn.LSTM(8, 12, { batchFirst: true });
  hidden = new nn.Linear(12, 16);
  norm = new nn.LayerNorm(16);
  head = new nn.Linear(16, 4);

  forward(tokens: Tensor): Tensor[] {
    const vectors = this.embedding(tokens);
    // oneDNN trains no LSTM in float16.
    const enabled = torch.getAutocastDtype('cpu') === torch.bfloat16;
    const [out] = torch.autocast('cpu', { enabled }, () => this.lstm(vectors));
    const hidden = F.relu(this.hidden(out.select(1, -1)));
    const normed = this.norm(hidden);
    const product = torch.autocast('cpu', { enabled: false }, () =>
      hidden.float().matmul(hidden.float().t()),
    );
    return [vectors, out, hidden, normed, product, this.head(normed)];
  }
}

function run(dtype: torch.DType, cacheEnabled: boolean | null) {
  torch.manualSeed(5);
  const model = new Network();
  const tokens = torch.arange(24).view(4, 6);
  const results = torch.autocast('cpu', { dtype, cacheEnabled }, () => {
    const given = model(tokens);
    return [...given, F.crossEntropy(given.at(-1) as Tensor, torch.tensor([0n, 3n, 1n, 2n]))];
  });
  const loss = results.at(-1) as Tensor;
  loss.backward();
  return {
    dtypes: results.map((tensor) => String(tensor.dtype)),
    loss: sha256Of(loss.float()),
    gradients: Object.fromEntries(
      [...model.namedParameters()].map(([name, { grad }]) => [name, sha256Of((grad as Tensor).float())]),
    ),
  };
}

testWithPython('a network in mixed precision has the bits that it has in Python', () => {
  expect({
    bfloat16: run(torch.bfloat16, null),
    float16: run(torch.float16, null),
    'bfloat16 without cache': run(torch.bfloat16, false),
  }).toEqual(JSON.parse(runPython('autocast.py')));
});

describe('autocast', () => {
  const product = () => torch.ones([2, 2]).matmul(torch.ones([2, 2])).dtype;

  test('holds for a function, or until its guard is disposed', () => {
    expect(product()).toBe(torch.float32);
    expect(torch.autocast('cpu', product)).toBe(torch.bfloat16);
    expect(torch.autocast('cpu', { dtype: torch.float16 }, product)).toBe(torch.float16);
    {
      using _scope = torch.amp.autocast('cpu');
      expect(product()).toBe(torch.bfloat16);
      expect([torch.isAutocastEnabled('cpu'), torch.isAutocastEnabled('cuda')]).toEqual([true, false]);
    }
    expect(product()).toBe(torch.float32);
  });

  test('nests, and ends with an exception', () => {
    torch.autocast('cpu', { dtype: torch.float16, cacheEnabled: false }, () => {
      expect(() =>
        torch.autocast('cpu', () => {
          expect(torch.getAutocastDtype('cpu')).toBe(torch.float16);
          expect(torch.isAutocastCacheEnabled()).toBe(false);
          throw new Error('inside');
        }),
      ).toThrow('inside');
      expect(torch.isAutocastEnabled('cpu')).toBe(true);
    });
    expect(torch.isAutocastEnabled('cpu')).toBe(false);
    expect(torch.getAutocastDtype('cpu')).toBe(torch.bfloat16);
    expect(torch.isAutocastCacheEnabled()).toBe(true);
  });

  test('keeps the cast of a weight until the outermost scope ends', () => {
    const weight = torch.ones([2, 2], { requiresGrad: true });
    const x = torch.ones([2, 2]);
    const sum = () => x.matmul(weight).sum().item();
    torch.autocast('cpu', () => {
      expect(sum()).toBe(8);
      weight.data = torch.zeros([2, 2]);
      expect(sum()).toBe(8);
      torch.clearAutocastCache();
      expect(sum()).toBe(0);
    });
    weight.data = torch.ones([2, 2]);
    expect(torch.autocast('cpu', sum)).toBe(8);
  });

  test('refuses what cannot be meant', () => {
    expect(() => torch.autocast('cpu', { dtype: 'bfloat16' as unknown as torch.DType })).toThrow(TypeError);
    expect(() => torch.autocast('cpu', { precision: 1 } as object)).toThrow("unexpected option 'precision'");
    expect(() => torch.autocast('cpus' as 'cpu')).toThrow(TypeError);
    expect(() => torch.autocast('meta')).toThrow("unsupported autocast device_type 'meta'");
    expect(() => torch.autocast('cpu', 1 as unknown as () => void)).toThrow(TypeError);
    expect(() => torch.autocast('cpu', async () => {})).toThrow('asynchronous');
    expect(torch.isAutocastEnabled('cpu')).toBe(false);
    expect([torch.amp.isAutocastAvailable('cpu'), torch.amp.isAutocastAvailable('meta')]).toEqual([
      true,
      false,
    ]);
  });

  test('a dtype that is none for it switches it off, with a warning, as in PyTorch', () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    expect(torch.autocast('cpu', { dtype: torch.float64 }, product)).toBe(torch.float32);
    const text = String(warn.mock.calls[0]?.[0]);
    expect(text).toContain('In CPU autocast, but the target dtype is not supported');
    warn.mockRestore();
  });

  test('a step is neither recorded nor replayed within it', () => {
    const step = torch.graph.record((x: Tensor) => x.matmul(x));
    const call = () => step(torch.ones([2, 2]));
    const inside = () => torch.autocast('cpu', call);
    expect(() => [inside(), inside()]).toThrow('within autocast');
    for (let i = 0; i < 3; i++) call();
    expect(inside).toThrow('within autocast');
    expect(String(call().dtype)).toBe('torch.float32');
  });
});
