/** Types of what makes tensors, and of dtypes, devices and layouts. */
import torch, { type Device, type DType, type Layout, type MemoryFormat, Tensor } from 'litorch';
import { is } from './is.js';

declare const x: Tensor;

export function factories(): void {
  is<Tensor>()(torch.zeros([2, 3], { dtype: torch.float64, requiresGrad: true }));
  is<Tensor>()(torch.ones(2, 3));
  is<Tensor>()(torch.ones(2, 3, { dtype: torch.int64, device: 'cpu' }));
  is<Tensor>()(torch.empty({ size: [2], device: torch.device('cpu') }));
  is<Tensor>()(torch.randn([2, 3], { generator: new torch.Generator(), dtype: torch.bfloat16 }));
  is<Tensor>()(torch.randint(10, [2]));
  is<Tensor>()(torch.randint(0, 10, [2], { dtype: torch.int32 }));
  is<Tensor>()(torch.arange(5));
  is<Tensor>()(torch.arange(0, 5, { step: 2 }));
  is<Tensor>()(torch.linspace(0, 1, { steps: 5 }));
  is<Tensor>()(torch.linspace({ start: 0, end: 1, steps: 5, dtype: torch.float64 }));
  is<Tensor>()(torch.full([2], x));
  is<Tensor>()(torch.full([2], { fillValue: 7 }));
  is<Tensor>()(torch.zerosLike(x, { memoryFormat: torch.preserveFormat }));
  is<Tensor>()(torch.normal(0, 1, [2]));
  is<Tensor>()(torch.normal(x, 2));
  is<Tensor>()(torch.normal(x, { std: 2 }));
  is<Tensor>()(torch.eye(3));
}

export function refusedByFactories(): void {
  // @ts-expect-error: no such option.
  torch.zeros([2], { requires_grad: true });
  // @ts-expect-error: a dtype is no string.
  torch.zeros([2], { dtype: 'float32' });
  // @ts-expect-error: sizes are numbers.
  torch.zeros('2');
  // @ts-expect-error: no number.
  torch.zeros([2], { device: 0 });
  // @ts-expect-error: yes or no.
  torch.ones(2, 3, { requiresGrad: 1 });
  // @ts-expect-error: the size is missing.
  torch.randint(10);
  // @ts-expect-error: tensors are made by functions; a memory format is no layout.
  torch.empty([2], { layout: torch.channelsLast });
}

export function data(): void {
  is<Tensor>()(torch.tensor(1));
  is<Tensor>()(torch.tensor([1, [2, 3]], { dtype: torch.int64 }));
  is<Tensor>()(torch.tensor([1n, true, { re: 1, im: 2 }], { requiresGrad: true }));
  is<Tensor>()(torch.tensor(new Float32Array(2)));
  is<Tensor>()(torch.asTensor(x));
  is<Tensor>()(torch.fromTypedArray(new BigInt64Array(4), [2, 2]));
  is<Tensor>()(torch.frombuffer(new ArrayBuffer(8), { dtype: torch.float32 }));
  // @ts-expect-error: no element.
  torch.tensor('1');
  // @ts-expect-error: nor this.
  torch.tensor([1, null]);
  // @ts-expect-error: no such option.
  torch.tensor([1], { require: true });
  // @ts-expect-error: elements of some type.
  torch.fromTypedArray(new DataView(new ArrayBuffer(8)));
}

export function values(): void {
  is<DType>()(torch.float32);
  is<DType>()(x.dtype);
  is<string>()(torch.float32.name);
  is<boolean>()(torch.float32.isFloatingPoint);
  is<Layout>()(torch.sparseCsr);
  is<MemoryFormat>()(torch.channelsLast);
  is<Device>()(torch.device('cuda:0'));
  is<Device>()(x.device);
  is<number | null>()(x.device.index);
  is<number>()(torch.finfo(torch.float16).eps);
  is<number>()(torch.finfo().max);
  is<number | bigint>()(torch.iinfo(torch.int64).max);
  is<DType>()(torch.promoteTypes(torch.int8, torch.float16));
  is<boolean>()(torch.canCast(torch.int8, torch.float16));
  is<boolean>()(torch.isTensor(x));
  is<number>()(torch.pi);
  // @ts-expect-error: a dtype.
  torch.finfo('float32');
  // @ts-expect-error: iinfo has no default, as in Python.
  torch.iinfo();
  // @ts-expect-error: nobody changes what a dtype is.
  torch.float32.itemsize = 8;
}

export function narrowing(value: unknown): void {
  if (torch.isTensor(value)) is<Tensor>()(value);
  if (value instanceof Tensor) is<Tensor>()(value);
}

export function sparse(): void {
  is<Tensor>()(torch.sparseCooTensor([[0, 1]], [1, 2], [2], { isCoalesced: true }));
  is<Tensor>()(torch.sparseCsrTensor([0, 1], [0], [1], [1, 2]));
  is<Tensor>()(x.toSparse());
  is<Tensor>()(x.indices());
  is<Tensor>()(torch.sparse.mm(x, x));
  // @ts-expect-error: an option of COO tensors only.
  torch.sparseCsrTensor([0, 1], [0], [1], [1, 2], { isCoalesced: true });
}
