/** Kernels in the place of libtorch's where those leave their memory (native/faults.cpp), and guards of operators. */
import { describe, expect, test } from '@jest/globals';
import torch, { type Tensor } from '../lib/index.js';

const { aten } = torch.ops;
const rounding = ['trunc', 'floor'] as const;
const numbers = (x: Tensor): number[] => (x.tolist() as (number | bigint)[]).map((n) => Number(n) + 0);

describe('a sparse tensor added to a slice', () => {
  const sparse = (...values: number[]): Tensor => torch.tensor(values).toSparse();

  test('lands in the slice', () => {
    const whole = torch.zeros([6]);
    whole.narrow(0, 2, 2).add_(sparse(1, 2));
    expect(whole.tolist()).toEqual([0, 0, 1, 2, 0, 0]);
    whole.narrow(0, 4, 2).sub_(sparse(3, 0), { alpha: 2 });
    expect(whole.tolist()).toEqual([0, 0, 1, 2, -6, 0]);
  });

  test('with out, by the rules of dtypes and shapes', () => {
    const whole = torch.zeros([6]);
    const out = whole.narrow(0, 1, 2);
    expect(torch.add(torch.tensor([10, 20]), sparse(1, 2), { out })).toBe(out);
    expect(whole.tolist()).toEqual([0, 11, 22, 0, 0, 0]);
    const integers = torch.zeros([4], { dtype: torch.int32 }).narrow(0, 2, 2);
    expect(() => torch.add(torch.tensor([1.5, 2]), sparse(1, 2), { out: integers })).toThrow(
      /Can't convert result type Float to output Int/,
    );
  });

  test('of a matrix that is not contiguous, hybrid or not coalesced', () => {
    const whole = torch.zeros([2, 4]);
    whole.narrow(1, 2, 2).add_(torch.ones([2, 2]).toSparse(1));
    const twice = torch.sparseCooTensor([[0, 0]], [1, 1], [2]);
    whole.select(1, 1).add_(twice);
    expect(whole.tolist()).toEqual([
      [0, 2, 1, 1],
      [0, 0, 1, 1],
    ]);
  });

  test('sums of sparse tensors, and without an offset, are as before', () => {
    expect(torch.ones([2]).add(sparse(1, 2)).tolist()).toEqual([2, 3]);
    expect(sparse(1, 2).add(sparse(3, 4)).toDense().tolist()).toEqual([4, 6]);
  });
});

test('the median along a dimension that was expanded', () => {
  const expanded = torch.tensor([3, 1, 2]).expand([5, 3]);
  for (const median of [torch.median, torch.nanmedian]) {
    const [values] = median(expanded.to(torch.float32).expand([5, 3]), 0);
    expect(values.tolist()).toEqual([3, 1, 2]);
    expect(median(expanded, -2).values.tolist()).toEqual([3, 1, 2]);
    expect(median(expanded, 1).values.tolist()).toEqual([2, 2, 2, 2, 2]);
  }
});

test('a quantized tensor larger than any memory', () => {
  const endless = torch.quantizePerTensor(torch.ones([]), 0.1, 3, torch.qint32).expand([2n ** 62n]);
  expect(() => endless.clone()).toThrow(/larger than any memory/);
  expect(() => torch.emptyLike(endless)).toThrow(/larger than any memory/);
  expect(() => endless.view(1, -1).repeatInterleave(2, 0)).toThrow(/larger than any memory|overflow/);
  const none = torch.quantizePerTensor(torch.ones([0, 3]), 0.1, 3, torch.qint8);
  expect(none.clone().shape).toEqual([0, 3]);
});

test('the median into its own input', () => {
  const x = torch.tensor([[3, 1, 2]]);
  torch.median(x, 1, { out: [x, torch.zeros([], { dtype: torch.int64 })] });
  expect(x.tolist()).toEqual([2]);
  const none = torch.ones([1, 0]);
  torch.median(none, 0, { out: [none, torch.zeros([], { dtype: torch.int64 })] });
  expect(none.shape).toEqual([0]);
});

test('a quantized tensor has views of its shape, not of its dtype', () => {
  const quantized = torch.quantizePerTensor(torch.ones([4]), 0.1, 3, torch.qint8);
  expect(() => quantized.view(torch.uint8)).toThrow(/a quantized tensor \(QInt8\) cannot be viewed as Byte/);
  expect(quantized.view([2, 2]).dequantize().shape).toEqual([2, 2]);
});

test("an empty tensor in oneDNN's layout can be transposed", () => {
  const transposed = torch.ones([2, 0, 3]).toMkldnn().transpose(0, -1);
  expect([transposed.layout.name, transposed.shape]).toEqual(['_mkldnn', [3, 0, 2]]);
  expect(() => torch.ones([3], { dtype: torch.float16 }).toMkldnn().zero_()).toThrow(
    /must be of Float, not Half/,
  );
  expect(torch.ones([3]).toMkldnn().zero_().toDense().tolist()).toEqual([0, 0, 0]);
  const matrix = torch.arange(6).view([2, 3]).to(torch.float32);
  expect(matrix.toMkldnn().transpose(0, 1).toDense().tolist()).toEqual(matrix.t().tolist());
});

test('a tensor of zeros without memory is not written to', () => {
  const zeros = aten._efficientzerotensor([0]);
  expect(() => torch.randn([], { out: zeros })).toThrow(/storage that is not resizable/);
  expect(() => torch.matmul(torch.ones([1, 1, 1]), torch.ones([1, 2]), { out: zeros })).toThrow(
    /not resizable/,
  );
  expect(() => aten._efficientzerotensor([2]).asTypedArray()).toThrow(
    /Cannot convert a ZeroTensor to an array/,
  );
});

test('a dimension of a nested tensor may be counted from the end', () => {
  const nested = aten._nested_tensor_from_tensor_list([torch.ones([2, 3]), torch.ones([4, 3])]);
  expect(
    nested
      .select(-1, 2)
      .unbind()
      .map(({ shape }: Tensor) => shape),
  ).toEqual([[2], [4]]);
  expect(nested.select(0, 1).shape).toEqual([4, 3]);
  expect(() => nested.select(-1, 3)).toThrow(/index 3 is out of bounds/);
});

test('a tensor of the device meta may be of any size', () => {
  const out = torch.zeros([], { device: 'meta' });
  expect(torch.linspace(0, 1, 2 ** 52, { out }).numel()).toBe(2 ** 52);
});

describe('guards let through what is right', () => {
  test("an LSTM's layer of oneDNN and its gradient", () => {
    const [steps, batch, width, hidden] = [3, 2, 4, 5];
    const given = [
      torch.randn([steps, batch, width]),
      torch.randn([4 * hidden, width]),
      torch.randn([4 * hidden, hidden]),
      torch.randn([4 * hidden]),
      torch.randn([4 * hidden]),
      torch.randn([1, batch, hidden]),
      torch.randn([1, batch, hidden]),
    ];
    const forward = aten.mkldnn_rnn_layer as (...args: unknown[]) => Tensor[];
    const backward = aten.mkldnn_rnn_layer_backward as (...args: unknown[]) => Tensor[];
    const rest = [2, hidden, 1, true];
    const [output, h, c, workspace] = forward(...given, false, [], ...rest, false, false, true) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    expect(output.shape).toEqual([steps, batch, hidden]);
    const gradients = (space: Tensor): Tensor[] =>
      backward(
        ...given,
        output,
        h,
        c,
        torch.ones(output.shape),
        null,
        null,
        false,
        ...rest,
        true,
        false,
        [],
        false,
        space,
      );
    expect(gradients(workspace).map(({ shape }) => shape)).toContainEqual([steps, batch, width]);
    expect(() => gradients(workspace.narrow(0, 0, 10))).toThrow(/argument 'workspace' must be \d+ bytes/);
    expect(() => forward(...given, false, [], 3, hidden, 1, true, false, false, true)).toThrow(/must be 2/);
  });

  test('4 bit weights', () => {
    const [rows, width] = [32, 64];
    const weights = torch.randint(0, 255, [rows, width / 2]).to(torch.uint8);
    const packed = aten._dyn_quant_pack_4bit_weight(weights, torch.ones([rows]), null, width, width, rows);
    const multiply = aten._dyn_quant_matmul_4bit;
    expect(multiply(torch.ones([2, width]), packed, width, width, rows).shape).toEqual([2, rows]);
    expect(() => multiply(torch.ones([2, 3]), packed, width, width, rows)).toThrow(/'inp' must have/);
  });

  test('attention for the processor and its gradient', () => {
    const [q, k, v] = [torch.randn([2, 3, 5, 4]), torch.randn([2, 3, 7, 4]), torch.randn([2, 3, 7, 4])];
    const name = '_scaled_dot_product_flash_attention_for_cpu';
    const forward = aten[name] as (...args: unknown[]) => Tensor[];
    const backward = aten[`${name}_backward`] as (...args: unknown[]) => Tensor[];
    const [out, sums] = forward(q, k, v) as [Tensor, Tensor];
    const gradients = backward(torch.ones(out.shape), q, k, v, out, sums, 0, false);
    expect(gradients.map(({ shape }) => shape)).toEqual([q.shape, k.shape, v.shape]);
    expect(() => forward(q, k.narrow(1, 0, 1), v)).toThrow(/the heads of the queries/);
  });
});

test('an empty compressed sparse matrix has row pointers that can be followed', () => {
  for (const layout of [torch.sparseCsr, torch.sparseCsc]) {
    for (let i = 0; i < 20; i++) {
      // What was in the memory before must not matter.
      torch.full([9], 2 ** 40, { dtype: torch.int64 }).dispose();
      const x = torch.empty([8, 8], { layout });
      expect(x.values().numel()).toBe(0);
      expect(x.toDense().sum().item()).toBe(0);
    }
  }
  const csr = torch.ones([8, 8], { dtype: torch.uint8 }).toSparseCsr();
  expect(() => torch.ops.aten.feature_dropout(csr, 0.5, true)).toThrow(torch.NotImplementedError);
  expect(() => torch.empty([-1, 2], { layout: torch.sparseCsr })).toThrow(/negative dimension/);
});

test('the gradient of a maximum over a window that lies in the padding', () => {
  const x = torch.ones([1, 1, 2, 6], { requiresGrad: true });
  const pooled = torch.maxPool3d(x, [2, 2, 2], { padding: 1, dilation: [2, 1, 1] });
  expect(() => pooled.sum().backward()).toThrow(/wholly outside the input/);
  const inside = torch.nn.functional.maxPool3d(x, [1, 2, 2]);
  inside.sum().backward();
  expect(x.grad?.sum().item()).toBe(3);
});

test('the gradient of the distances of no points', () => {
  const x = torch.zeros([0, 3], { requiresGrad: true });
  torch.nn.functional.pdist(x).sum().backward();
  expect(x.grad?.shape).toEqual([0, 3]);
});

describe('a call that libtorch would not check', () => {
  const quantized = torch.quantizePerTensor(torch.ones([2, 8, 8]), 0.1, 3, torch.quint4x2);
  const square = torch.full([1, 8, 8], 3).to(torch.float64);
  const number = torch.ones([]);
  const volume = torch.quantizePerTensor(torch.ones([1, 1, 1, 1]), 0.1, 3, torch.qint8);
  test.each<[string, () => unknown, RegExp]>([
    ['an offset beyond any memory', () => torch.ones([]).asStrided_([], [], 2n ** 62n), /below 2\^48/],
    [
      'strides beyond any memory',
      () => torch.asStrided_(torch.ones([], { dtype: torch.int8 }), [8, 8], [2n ** 63n - 1n, 1]),
      /'stride' must be below 2\^48/,
    ],
    [
      'a target that is no column',
      () =>
        aten.multi_margin_loss_backward.default(
          torch.ones([]),
          torch.ones([0]),
          torch.zeros([], { dtype: torch.int64 }),
          1,
          1,
        ),
      /'target': index 0 is out of range of 0/,
    ],
    [
      'the gradient of more channels than there are',
      () =>
        aten.adaptive_max_pool2d_backward.default(
          torch.ones([2, 5, 5]),
          torch.ones([1, 2, 7]),
          torch.full([2, 5, 5], 4, { dtype: torch.int64 }),
        ),
      /as many channels/,
    ],
    [
      'the gradient of a padded tensor of another shape',
      () => aten.replication_pad1d_backward(torch.ones([1, 1, 4]), torch.ones([1, 8, 4]), [0, 0]),
      /'grad_output' must be of \[1, 8, 4\]/,
    ],
    [
      'elements of half a byte joined',
      () => torch.cat([...quantized].map((row) => row.view(-1))),
      /not implemented/,
    ],
    [
      'eigenvalues into the matrix',
      () => aten._linalg_eigh.eigenvalues(square, 'L', false, { eigenvalues: square, eigenvectors: number }),
      /'eigenvalues' must not be the input itself/,
    ],
    ['too few sizes', () => aten.adaptive_avg_pool3d.default(volume, []), /must have 3 elements/],
    [
      'a channel that is not there',
      () =>
        torch.fusedMovingAvgObsFakeQuant(
          number,
          number,
          number,
          number,
          torch.ones([]),
          torch.ones([]),
          torch.zeros([], { dtype: torch.int64 }),
          1,
          0,
          1,
          -5,
          true,
        ),
      /'ch_axis'/,
    ],
    [
      'right sides without columns',
      () => torch.linalg.lstsq(torch.ones([8, 1]), torch.ones([8, 0]), { driver: 'gelss' }),
      /'b' has no elements/,
    ],
    [
      'zero points that are no integers, for int32',
      () => torch.quantizePerChannel(torch.ones([4]), torch.ones([4]), torch.ones([4]), 0, torch.qint32),
      /'zero_points' must be integers/,
    ],
    [
      'a step of zero over a weight',
      () => torch.ops.mkldnn._reorder_convolution_weight(torch.ones([1, 1, 1, 1]), [0], 0),
      /'stride' must be positive/,
    ],
    [
      'queries of no length',
      () =>
        aten._scaled_dot_product_flash_attention_for_cpu.default(
          torch.ones([2, 2, 0, 8]),
          torch.ones([2, 2, 8, 8]),
          torch.ones([2, 2, 8, 8]),
        ),
      /'query' must have elements/,
    ],
    [
      'the memory of zeros that have none',
      () => torch.ones([]).set_(aten._efficientzerotensor([]) as Tensor, 0, []),
      /'source' has no memory/,
    ],
    [
      'windows that are longer than the dimension',
      () => aten.unfold_backward.default(torch.ones([]), [100], 0, 101, 1),
      /no windows of 101/,
    ],
    [
      'a gradient that has other windows',
      () => aten.unfold_backward.default(torch.ones([]), [100], 0, 100, 1),
      /'grad_in' must be of \[1, 100\]/,
    ],
    [
      'tensors to be stacked that are not contiguous',
      () => aten._stack.default([torch.ones([2, 5, 2]).select(-1, 1)]),
      /'tensors' must be contiguous/,
    ],
    [
      'half of all integers, downward',
      () => torch.arange(0, -(2n ** 63n), -1),
      /more elements than any memory holds/,
    ],
    [
      'a weight of oneDNN that is no matrix',
      () => aten.linear.default(torch.ones([2, 1]).toMkldnn(), torch.ones([1, 5, 2])),
      /the weight must have 2 dimensions/,
    ],
    [
      'attention to fewer keys than values',
      () =>
        torch.nn.functional.scaledDotProductAttention(
          torch.ones([3, 4, 1, 3]),
          torch.ones([3, 4, 1, 3]),
          torch.ones([3, 4, 8, 3]),
        ),
      /a value for each key/,
    ],
    [
      'a sparse tensor to be added at places',
      () => torch.zeros([2]).scatterAdd(0, torch.tensor([0n, 1n]), torch.ones([2]).toSparse()),
      /takes dense tensors/,
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });
});

describe('an operator in place that would call itself without end', () => {
  const dense = (): Tensor => torch.ones([1, 1]);
  const index = torch.zeros([1, 1], { dtype: torch.int64 });
  const row = torch.zeros([1], { dtype: torch.int64 });
  test.each<[string, (other: Tensor) => Tensor]>([
    ['scatter_', (other) => dense().scatter_(1, index, other)],
    ['scatterReduce_', (other) => dense().scatterReduce_(1, index, other, 'sum')],
    ['indexAdd_', (other) => dense().indexAdd_(0, row, other)],
    ['indexCopy_', (other) => dense().indexCopy_(0, row, other)],
  ])('%s of a tensor in oneDNN’s layout', (_, call) => {
    expect(() => call(dense().toMkldnn())).toThrow(
      /Could not run .* 'MkldnnCPU' backend|must be a dense tensor/,
    );
  });
});

describe('the least integer divided by -1', () => {
  const least = { int32: -(2n ** 31n), int64: -(2n ** 63n) };

  test.each(['int32', 'int64'] as const)('wraps around in %s, and leaves nothing', (name) => {
    const dtype = torch[name];
    const x = torch.tensor([least[name], 7n, -7n, 0n], { dtype });
    const minus = torch.full([4], -1, { dtype });
    const wrapped = [least[name], -7n, 7n, 0n].map(Number);
    for (const divisor of [-1, minus, torch.tensor(-1, { dtype })]) {
      for (const roundingMode of rounding) {
        expect(torch.div(x, divisor, { roundingMode }).to(torch.float64).tolist()).toEqual(wrapped);
        expect(x.clone().div_(divisor, { roundingMode }).to(torch.float64).tolist()).toEqual(wrapped);
      }
      expect(torch.floorDivide(x, divisor).to(torch.float64).tolist()).toEqual(wrapped);
      expect(numbers(x.remainder(divisor))).toEqual([0, 0, 0, 0]);
      expect(numbers(x.fmod(divisor))).toEqual([0, 0, 0, 0]);
    }
    expect(numbers(torch.remainder(least[name], minus))).toEqual([0, 0, 0, 0]);
  });

  test('as the rest of division is as libtorch divides', () => {
    const pairs = [-7, -2, -1, 1, 2, 7].flatMap((a) => [-3, -2, -1, 1, 2, 3].map((b) => [a, b] as const));
    for (const dtype of [torch.int8, torch.int32, torch.int64]) {
      const dividends = torch.tensor(pairs.map(([a]) => a)).to(dtype);
      const divisors = torch.tensor(pairs.map(([, b]) => b)).to(dtype);
      const quotient = (roundingMode: (typeof rounding)[number]): number[] =>
        numbers(torch.div(dividends, divisors, { roundingMode }));
      expect(quotient('trunc')).toEqual(pairs.map(([a, b]) => Math.trunc(a / b) + 0));
      expect(quotient('floor')).toEqual(pairs.map(([a, b]) => Math.floor(a / b)));
      expect(numbers(torch.fmod(dividends, divisors))).toEqual(pairs.map(([a, b]) => (a % b) + 0));
      expect(numbers(torch.remainder(dividends, divisors))).toEqual(
        pairs.map(([a, b]) => a - b * Math.floor(a / b)),
      );
    }
    const zeros = torch.zeros([2], { dtype: torch.int64 });
    for (const divide of [torch.fmod, torch.remainder, torch.floorDivide]) {
      expect(() => divide(torch.ones([2], { dtype: torch.int64 }), zeros)).toThrow(/ZeroDivisionError/);
    }
  });
});

describe('numbers of repeats that lead beyond the result', () => {
  test('are refused where its size is given', () => {
    const repeats = torch.tensor([2n, -2n]);
    expect(() => torch.repeatInterleave(repeats, { outputSize: 0 })).toThrow(/repeats can not be negative/);
    expect(() => torch.ones([2]).repeatInterleave(repeats, 0, { outputSize: 0 })).toThrow(/negative/);
    expect(() => torch.repeatInterleave(torch.tensor([2n ** 62n, 2n ** 62n]))).toThrow(
      /add up to more than an integer holds/,
    );
  });

  test('and as before where they fit', () => {
    expect(torch.repeatInterleave(torch.tensor([1n, 0n, 2n]), { outputSize: 3 }).tolist()).toEqual([0, 2, 2]);
    expect(torch.repeatInterleave(torch.tensor([], { dtype: torch.int64 })).tolist()).toEqual([]);
  });
});
