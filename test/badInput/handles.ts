/** Tensors that are none: disposed, forged, made by hand. */
import torch, { Tensor } from '../../lib/index.js';
import { type BadCall, bad, type Loose, loose } from './badCall.js';

function disposed(): Tensor {
  const tensor = torch.ones([2, 3]);
  tensor.dispose();
  return tensor;
}

function forged(handle: unknown): Tensor {
  const tensor = Object.create(Tensor.prototype) as Loose;
  tensor.handle = handle;
  return tensor as Tensor;
}

const gone = /the tensor has been disposed, or is not a tensor of this thread/;

const uses: Record<string, (tensor: Tensor) => unknown> = {
  'read its shape': (x) => x.shape,
  'read its dtype': (x) => x.dtype,
  'read its device': (x) => x.device,
  'read its layout': (x) => x.layout,
  'count its elements': (x) => x.numel(),
  'read its strides': (x) => x.stride(),
  'read its address': (x) => x.dataPtr(),
  'read its item': (x) => x.item(),
  'list it': (x) => x.tolist(),
  'copy its elements out': (x) => x.toTypedArray(),
  'print it': (x) => String(x),
  'read requiresGrad': (x) => x.requiresGrad,
  'set requiresGrad': (x) => x.requiresGrad_(),
  'read its gradient': (x) => x.grad,
  'set its gradient': (x) => {
    x.grad = torch.ones([2, 3]);
  },
  'read its data': (x) => x.data,
  'set its data': (x) => {
    x.data = torch.ones([2, 3]);
  },
  'read gradFn': (x) => x.gradFn,
  'read isLeaf': (x) => x.isLeaf,
  'read its version': (x) => x._version,
  'retain its gradient': (x) => x.retainGrad(),
  'run backward from it': (x) => x.backward(),
  'differentiate it': (x) => torch.autograd.grad(x, torch.ones([1])),
  'differentiate by it': (x) => torch.autograd.grad(torch.ones([1], { requiresGrad: true }).sum(), x),
  'give it as the gradient': (x) => torch.ones([2, 3], { requiresGrad: true }).mul(2).backward(x),
  'keep it': (x) => torch.keep(x),
  'move it': (x) => x.to(torch.float64),
  'copy it': (x) => torch.tensor(x),
  'detach it': (x) => x.detach(),
};

const asArguments: Record<string, [argument: string, use: (tensor: Tensor) => unknown]> = {
  'add to it': ['self', (x) => x.add(1)],
  'add it': ['other', (x) => torch.ones([2, 3]).add(x)],
  'write into it': ['self', (x) => x.zero_()],
  'copy from it': ['src', (x) => torch.ones([2, 3]).copy_(x)],
  'concatenate it': ['tensors', (x) => torch.cat([torch.ones([2, 3]), x])],
  'choose by it': ['condition', (x) => torch.where(x, torch.ones([1]), torch.zeros([1]))],
  'index with it': ['index', (x) => torch.ones([2, 3]).gather(0, x)],
  'let results be put into it': ['out', (x) => torch.add(torch.ones([1]), torch.ones([1]), { out: x })],
  'multiply it as an operator': ['mat2', (x) => torch.ops.aten.mm(torch.ones([2, 2]), x)],
  'set an optional argument to it': ['weight', (x) => torch.ops.aten.layer_norm(torch.ones([2, 3]), [3], x)],
  'put it into a list of optional tensors': [
    'indices',
    (x) => torch.ops.aten.index.Tensor(torch.ones([2, 3]), [null, x]),
  ],
};

const neverHandles: [name: string, handle: unknown][] = [
  ['0', 0],
  ['12345', 12345],
  ['-1', -1],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['1e300', 1e300],
  ['2^53', 2 ** 53],
  ['0.5', 0.5],
  ['-0', -0],
];
const noNumbers: [name: string, handle: unknown][] = [
  ['a string', 'x'],
  ['an object', {}],
  ['an array', []],
  ['undefined', undefined],
  ['null', null],
  ['a bigint', 1n],
  ['a boolean', true],
  ['a symbol', Symbol('handle')],
  ['a function', () => 1],
];

function* forgeries(): Generator<BadCall> {
  for (const [name, handle] of neverHandles) {
    yield bad(
      `read the shape of a tensor with the forged handle ${name}`,
      'DisposedError',
      gone,
      () => forged(handle).shape,
    );
    yield bad(
      `add to a tensor with the forged handle ${name}`,
      'DisposedError',
      /aten::add.*argument 'self'.*disposed/,
      () => forged(handle).add(1),
    );
    yield bad(`run backward from a tensor with the forged handle ${name}`, 'DisposedError', gone, () =>
      forged(handle).backward(),
    );
  }
  for (const [name, handle] of noNumbers) {
    yield bad(
      `read the shape of a tensor whose handle is ${name}`,
      'TypeError',
      /expected a Tensor/,
      () => forged(handle).shape,
    );
    yield bad(
      `add to a tensor whose handle is ${name}`,
      'TypeError',
      /aten::add.*argument 'self': expected a (Tensor|number)|argument 'self' was not made/,
      () => forged(handle).add(1),
    );
  }
}

export const handleCalls: BadCall[] = [
  ...Object.entries(uses).map(([name, use]) =>
    bad(`${name}, disposed`, 'DisposedError', gone, () => use(disposed())),
  ),
  ...Object.entries(asArguments).map(([name, [argument, use]]) =>
    bad(
      `${name}, disposed`,
      'DisposedError',
      new RegExp(`aten::.*argument '${argument}': the tensor has been disposed`),
      () => use(disposed()),
    ),
  ),
  ...forgeries(),
  bad('a tensor by new with a number', 'DisposedError', gone, () =>
    loose(new (Tensor as Loose)(12345)).sum(),
  ),
  bad('a tensor by new without anything', 'DisposedError', gone, () => loose(new (Tensor as Loose)()).sum()),
  bad(
    'an object with a handle that is no Tensor',
    'TypeError',
    /argument 'other' .*must be Tensor|add\(\)/,
    () => torch.ones([1]).add(loose({ handle: torch.ones([1]).handle })),
  ),
  bad('a method called on no tensor', 'TypeError', /add\(\): .*'self'|add\(\)/, () =>
    torch.Tensor.prototype.add.call(loose({}), 1),
  ),
  bad('a method called on undefined', 'TypeError', /add\(\)/, () =>
    torch.Tensor.prototype.add.call(loose(undefined), 1),
  ),
  bad(
    'an accessor read on the prototype',
    'TypeError',
    /expected a Tensor/,
    () => torch.Tensor.prototype.shape,
  ),
  bad('an accessor of a number', 'TypeError', /./, () => Reflect.get(torch.Tensor.prototype, 'shape', 5)),
  bad('a proxy of a tensor that throws', 'Error', /^no handle$/, () =>
    torch.ones([1]).add(
      new Proxy(torch.ones([1]), {
        get: (target, key) => {
          if (key === 'handle') throw new Error('no handle');
          return Reflect.get(target, key);
        },
      }),
    ),
  ),
  bad('a revoked proxy of a tensor', 'TypeError', /revoked/, () => {
    const { proxy, revoke } = Proxy.revocable(torch.ones([1]), {});
    revoke();
    return torch.ones([1]).add(proxy);
  }),
];
