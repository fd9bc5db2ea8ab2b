/** Operators, functions and methods with arguments that they don't take. */
import torch, { nn } from '../../lib/index.js';
import { type BadCall, bad, loose } from './badCall.js';

const F = nn.functional;
const { aten } = torch.ops as Record<string, ReturnType<typeof loose>>;
const x23 = () => torch.ones([2, 3]);
const x45 = () => torch.ones([4, 5]);
const ints = () => torch.tensor([0n, 1n]);

function cyclic(): unknown[] {
  const array: unknown[] = [];
  array.push(array);
  return array;
}

function nested(depth: number): unknown {
  let array: unknown = [];
  for (let i = 0; i < depth; i++) array = [array];
  return array;
}

const names: BadCall[] = [
  bad(
    'an operator that is not',
    'TypeError',
    /torch\.ops\.aten\.frobnicate: this libtorch has no operator of that name/,
    () => aten.frobnicate(x23()),
  ),
  bad(
    'an operator of a namespace that is not',
    'TypeError',
    /torch\.ops\.nothing\.at_all: this libtorch has no operator/,
    () => loose(torch.ops).nothing.at_all(),
  ),
  bad('an operator in camel case', 'TypeError', /torch\.ops\.aten\.logSoftmax/, () =>
    aten.logSoftmax(x23(), 0),
  ),
  bad('an operator named as a property of objects', 'TypeError', /torch\.ops\.aten\.constructor/, () =>
    aten.constructor(),
  ),
  bad(
    'an operator with a name of 100,000 letters',
    'TypeError',
    /this libtorch has no operator of that name/,
    () => aten['x'.repeat(100_000)](),
  ),
  bad('an operator with NUL in its name', 'TypeError', /this libtorch has no operator of that name/, () =>
    aten['add\0'](),
  ),
  bad('an overload that is not', 'TypeError', /not a function/, () => aten.add.Nothing(x23(), 1)),
  bad('a method that is not', 'TypeError', /not a function/, () => loose(x23()).frobnicate()),
  bad('a name written to torch.ops', 'TypeError', /./, () => {
    Object.defineProperty(torch.ops, 'aten', { value: 1, configurable: false });
  }),
];

const arity: BadCall[] = [
  bad(
    'an operator without its arguments',
    'TypeError',
    /aten::mm\(\) received an invalid combination of arguments - got \(\)/,
    () => aten.mm(),
  ),
  bad(
    'an operator without its second argument',
    'TypeError',
    /got \(Tensor\), but expected one of:.*aten::mm\(Tensor self, Tensor mat2\)/s,
    () => aten.mm(x23()),
  ),
  bad(
    'an operator with too many arguments',
    'TypeError',
    /got \(Tensor, Tensor, Tensor\), but expected one of:/,
    () => aten.mm(x23(), x23(), x23()),
  ),
  bad(
    'an overload without its arguments',
    'TypeError',
    /aten::add\(\) missing 2 required positional argument: "self", "other"\n \* aten::add\.Tensor/,
    () => aten.add.Tensor(),
  ),
  bad(
    'an overload with too many arguments',
    'TypeError',
    /takes 2 positional arguments but 4 were given/,
    () => aten.add.Tensor(x23(), x23(), 1, 2),
  ),
  bad('an operator with 1,000 arguments', 'TypeError', /received an invalid combination|takes/, () =>
    aten.add(...new Array(1000).fill(1)),
  ),
  bad(
    'a function without arguments',
    'TypeError',
    /matmul\(\) missing 2 required positional argument: "input", "other"/,
    () => loose(torch.matmul)(),
  ),
  bad('a method with too many arguments', 'TypeError', /relu\(\) takes no arguments \(1 given\)/, () =>
    loose(x23()).relu(1),
  ),
  bad(
    'a method with an unknown option',
    'TypeError',
    /sum\(\) got an unexpected keyword argument 'keepDim'/,
    () => loose(x23()).sum(1, { keepDim: true }),
  ),
  bad(
    'a function with an unknown option',
    'TypeError',
    /softmax\(\) got an unexpected keyword argument 'axes'/,
    () => loose(torch.softmax)(x23(), { dim: 1, axes: 1 }),
  ),
  bad('an argument given twice', 'TypeError', /multiple values for argument 'dim'|unsqueeze\(\)/, () =>
    loose(x23()).unsqueeze(0, { dim: 1 }),
  ),
  bad(
    'an option that is inherited is not one',
    'TypeError',
    /argument 'dim' \(position 1\) must be int, not dict/,
    () => loose(x23()).unsqueeze(Object.create({ dim: 0 })),
  ),
  bad('options whose getter throws', 'Error', /^no alpha$/, () =>
    loose(x23()).add(x23(), {
      get alpha() {
        throw new Error('no alpha');
      },
    }),
  ),
  bad('options whose keys throw', 'Error', /^no keys$/, () =>
    loose(x23()).add(
      x23(),
      new Proxy(
        {},
        {
          ownKeys() {
            throw new Error('no keys');
          },
        },
      ),
    ),
  ),
];

const types: BadCall[] = [
  bad('null for a tensor', 'TypeError', /argument 'mat2' \(position 1\) must be Tensor, not NoneType/, () =>
    loose(x23()).mm(null),
  ),
  bad('undefined for a tensor', 'TypeError', /missing 1 required positional arguments: "mat2"/, () =>
    loose(x23()).mm(undefined),
  ),
  bad('a string for a tensor', 'TypeError', /add\(\).*must be Tensor, not str/, () => loose(x23()).add('1')),
  bad('an array for a tensor', 'TypeError', /argument 'mat2'.*must be Tensor, not list/, () =>
    loose(x23()).mm([1, 2]),
  ),
  bad('a symbol for a tensor', 'TypeError', /must be Tensor, not symbol/, () => loose(x23()).mm(Symbol('x'))),
  bad('a function for a tensor', 'TypeError', /must be Tensor, not function/, () => loose(x23()).mm(() => 1)),
  bad('a class for a tensor', 'TypeError', /must be Tensor, not function/, () =>
    loose(x23()).mm(torch.Tensor),
  ),
  bad('a promise for a tensor', 'TypeError', /must be Tensor, not Promise/, () =>
    loose(x23()).mm(Promise.resolve(x23())),
  ),
  bad('an object without a prototype for a tensor', 'TypeError', /mm\(\)/, () =>
    loose(x23()).mm(Object.create(null)),
  ),
  bad('a string for a number', 'TypeError', /must be Number, not str/, () => loose(x23()).clampMin_('0')),
  bad('a string for a boolean', 'TypeError', /'keepdim'.*must be bool, not str/, () =>
    loose(aten.logsumexp)(x23(), [0], 'yes'),
  ),
  bad('a number for a boolean', 'TypeError', /must be bool, not int/, () =>
    loose(aten.logsumexp)(x23(), [0], 1),
  ),
  bad('a fraction for a dimension', 'TypeError', /argument 'dim'.*must be int, not float/, () =>
    x23().unsqueeze(0.5),
  ),
  bad('NaN for a dimension', 'TypeError', /argument 'dim'.*must be int, not float/, () =>
    x23().unsqueeze(Number.NaN),
  ),
  bad('a boolean for a dimension', 'TypeError', /argument 'dim'.*must be int, not bool/, () =>
    loose(x23()).unsqueeze(true),
  ),
  bad('a string for a dimension', 'TypeError', /argument 'dim'.*must be int, not str/, () =>
    loose(x23()).unsqueeze('0'),
  ),
  bad(
    '2^53 for a dimension',
    'TypeError',
    /argument 'dim': expected an integer that a number holds exactly/,
    () => x23().unsqueeze(2 ** 53),
  ),
  bad('2^63 for a dimension', 'TypeError', /argument 'dim': the integer does not fit in 64 bits/, () =>
    x23().unsqueeze(loose(2n ** 63n)),
  ),
  bad('1e300 for a number of repeats', 'TypeError', /expected an integer that a number holds exactly/, () =>
    x23().repeat(1e300, 1),
  ),
  bad('a bigint beyond 64 bits for a scalar', 'TypeError', /does not fit in 64 bits/, () =>
    loose(x23()).add(2n ** 64n),
  ),
  bad('a complex number with more for a scalar', 'TypeError', /add\(\)/, () =>
    loose(x23()).add({ re: 1, im: 2, z: 3 }),
  ),
  bad(
    'a tensor of several elements for a number',
    'TypeError',
    /'fillValue'.*must be Number, not Tensor|full\(\)/,
    () => loose(torch.full)([2], x23()),
  ),
  bad(
    'null for a list of tensors',
    'TypeError',
    /argument 'tensors'.*must be tuple of Tensors, not NoneType/,
    () => loose(torch.cat)(null),
  ),
  bad(
    'a tensor for a list of tensors',
    'TypeError',
    /argument 'tensors'.*must be tuple of Tensors, not Tensor/,
    () => loose(torch.cat)(x23()),
  ),
  bad(
    'a list of tensors with null',
    'TypeError',
    /expected Tensor as element 1 in argument 0, but got NoneType/,
    () => loose(torch.cat)([x23(), null]),
  ),
  bad(
    'a list of tensors with a hole',
    'TypeError',
    /expected Tensor as element 1 in argument 0, but got undefined/,
    () => {
      const list = [x23(), x23(), x23()];
      delete loose(list)[1];
      return torch.stack(list);
    },
  ),
  bad(
    'a list of tensors with a number',
    'TypeError',
    /expected Tensor as element 1 in argument 0, but got int/,
    () => loose(torch.stack)([x23(), 1]),
  ),
  bad('a list of tensors that is a Set', 'TypeError', /must be tuple of Tensors, not Set/, () =>
    loose(torch.stack)(new Set([x23()])),
  ),
  bad('a list of tensors that is like an array', 'TypeError', /stack\(\)/, () =>
    loose(torch.stack)({ length: 1, 0: x23() }),
  ),
  bad(
    'a list of tensors that holds itself',
    'TypeError',
    /expected Tensor as element \d in argument 0, but got (list|undefined)/,
    () => loose(torch.stack)(cyclic()),
  ),
  bad(
    'a list of tensors that is 100,000 lists deep',
    'TypeError',
    /expected Tensor as element \d in argument 0, but got (list|undefined)/,
    () => loose(torch.stack)(nested(100_000)),
  ),
  bad('a list of sizes that holds itself', 'TypeError', /must be tuple of ints/, () =>
    loose(x23()).permute(cyclic()),
  ),
  bad(
    'a list whose length changes under its reader',
    'TypeError',
    /expected Tensor as element \d in argument 0, but got (list|undefined)/,
    () => {
      let reads = 0;
      const list = new Proxy([x23(), x23()], {
        get(target, key) {
          if (key === 'length') return reads++ === 0 ? 2 : 1000;
          return Reflect.get(target, key);
        },
      });
      return torch.cat(list);
    },
  ),
  bad('a dtype where a device is wanted', 'TypeError', /device/, () =>
    loose(torch.zeros)([1], { device: torch.float32 }),
  ),
  bad(
    'a generator forged',
    'TypeError',
    /bernoulli\(\).*got \(Tensor, generator=dict\).*'generator' must be torch\.Generator, not dict/s,
    () => loose(torch.bernoulli)(x23(), { generator: { native: {} } }),
  ),
  bad(
    'a generator made without its constructor',
    'TypeError',
    /argument 'generator' was not made by its class's constructor/,
    () => loose(torch.bernoulli)(x23(), { generator: Object.create(torch.Generator.prototype) }),
  ),
  bad('a generator whose core is another object', 'TypeError', /expected a Generator/, () => {
    const generator = Object.create(torch.Generator.prototype);
    Object.defineProperty(generator, 'native', { value: { some: 'object' } });
    return torch.bernoulli(x23(), { generator });
  }),
  bad('an in-place operator on a number', 'TypeError', /add_/, () => aten.add_(1, 2)),
];

const values: BadCall[] = [
  bad(
    'shapes that do not broadcast',
    'TorchError',
    /The size of tensor a \(3\) must match the size of tensor b \(5\) at non-singleton dimension 1/,
    () => x23().add(x45()),
  ),
  bad(
    'matrices that do not fit',
    'TorchError',
    /mat1 and mat2 shapes cannot be multiplied \(2x3 and 4x5\)/,
    () => x23().matmul(x45()),
  ),
  bad('matrices of other dtypes', 'TorchError', /expected .* same dtype/, () =>
    x23().matmul(torch.ones([3, 2], { dtype: torch.float64 })),
  ),
  bad(
    'a dimension out of range',
    'RangeError',
    /Dimension out of range \(expected to be in range of \[-2, 1\], but got 2\)/,
    () => x23().sum(2),
  ),
  bad('a dimension far below the range', 'RangeError', /Dimension out of range/, () => x23().sum(-100)),
  bad('an index out of range', 'RangeError', /select\(\): index 5 out of range/, () => x23().select(0, 5)),
  bad('a gather out of range', 'TorchError', /index 7 is out of bounds for dimension 0 with size 2/, () =>
    x23().gather(0, torch.tensor([[7n]])),
  ),
  bad('a gather by a negative index', 'TorchError', /index -1 is out of bounds|out of bounds/, () =>
    x23().gather(0, torch.tensor([[-1n]])),
  ),
  bad('a gather by floats', 'TorchError', /gather\(\): Expected dtype int32\/int64 for index|int64/, () =>
    x23().gather(0, x23()),
  ),
  bad('a take out of range', 'RangeError', /out of range|out of bounds/, () =>
    x23().take(torch.tensor([100n])),
  ),
  bad('an indexSelect out of range', 'RangeError', /index out of range/, () =>
    x23().indexSelect(0, torch.tensor([9n])),
  ),
  bad('a scatter out of range', 'TorchError', /out of bounds/, () =>
    x23().scatter_(0, torch.tensor([[5n]]), 1),
  ),
  bad('an embedding out of range', 'RangeError', /index out of range in self/, () =>
    torch.embedding(x23(), torch.tensor([2n])),
  ),
  bad('an embedding of a negative index', 'RangeError', /index out of range in self/, () =>
    F.embedding(torch.tensor([-1n]), x23()),
  ),
  bad('a view of another size', 'TorchError', /shape '\[4, 2\]' is invalid for input of size 6/, () =>
    x23().view(4, 2),
  ),
  bad('a view with two sizes left open', 'TorchError', /only one dimension can be inferred/, () =>
    x23().view(-1, -1),
  ),
  bad('a view of a transpose', 'TorchError', /view size is not compatible/, () => x23().t().view(6)),
  bad('a view of size -2', 'TorchError', /invalid shape dimension -2/, () => x23().view(-2, 3)),
  bad('an expansion to other sizes', 'TorchError', /must match the existing size/, () => x23().expand(2, 4)),
  bad('a permutation that repeats', 'TorchError', /repeated dim|duplicate/i, () => x23().permute(0, 0)),
  bad('a narrow beyond the end', 'TorchError', /exceeds dimension size|out of range/, () =>
    x23().narrow(1, 2, 5),
  ),
  bad('asStrided beyond the storage', 'TorchError', /out of bounds for storage/, () =>
    x23().asStrided([100], [100]),
  ),
  bad('asStrided with a negative offset', 'TorchError', /invalid storage offset -5/, () =>
    x23().asStrided([1], [1], -5),
  ),
  bad('a concatenation of nothing', 'TorchError', /expected a non-empty list of Tensors/, () =>
    torch.cat([]),
  ),
  bad('a stack of unequal sizes', 'TorchError', /stack expects each tensor to be equal size/, () =>
    torch.stack([x23(), x45()]),
  ),
  bad(
    'a concatenation of unequal sizes',
    'TorchError',
    /Sizes of tensors must match except in dimension 0/,
    () => torch.cat([x23(), x45()]),
  ),
  bad('a split into no sections', 'TorchError', /split_size|greater than 0/i, () => x23().split(-1)),
  bad('chunks of zero', 'TorchError', /chunk expects `chunks` to be greater than 0, got: 0/, () =>
    x23().chunk(0),
  ),
  bad('topk beyond the size', 'TorchError', /selected index k out of range/, () => x23().topk(9)),
  bad('the maximum of nothing', 'TorchError', /Expected reduction dim to be specified|numel\(\) == 0/, () =>
    torch.zeros([0]).max(),
  ),
  bad('the argmax of nothing', 'RangeError', /argmax\(\): Expected reduction dim to be specified/, () =>
    torch.zeros([0]).argmax(),
  ),
  bad(
    'the mean of integers',
    'TorchError',
    /mean\(\): could not infer output dtype. Input dtype must be either/,
    () => ints().mean(),
  ),
  bad('softmax of integers', 'NotImplementedError', /not implemented for 'Long'/, () => ints().softmax(0)),
  bad(
    'the square root of a bool into itself',
    'TorchError',
    /can't be cast to the desired output type Bool/,
    () => torch.tensor([true]).sqrt_(),
  ),
  bad(
    'a fraction added to integers in place',
    'TorchError',
    /result type Float can't be cast to the desired output type Long/,
    () => ints().add_(0.5),
  ),
  bad(
    'bools subtracted',
    'TorchError',
    /Subtraction, the `-` operator, with two bool tensors is not supported/,
    () => torch.tensor([true]).sub(torch.tensor([true])),
  ),
  bad('integers divided by zero', 'TorchError', /ZeroDivisionError/, () =>
    ints().floorDivide(torch.tensor([0n])),
  ),
  bad(
    'a power of integers to a negative number',
    'TorchError',
    /Integers to negative integer powers are not allowed/,
    () => ints().pow(-1),
  ),
  bad('the inverse of a singular matrix', 'LinAlgError', /singular/, () => torch.zeros([2, 2]).inverse()),
  bad('the inverse of a matrix that is not square', 'TorchError', /must be batches of square matrices/, () =>
    x23().inverse(),
  ),
  bad('the Cholesky factor of a matrix that has none', 'LinAlgError', /not positive-definite/, () =>
    torch.linalg.cholesky(torch.zeros([2, 2])),
  ),
  bad('a convolution of other channels', 'TorchError', /expected input\[1, 2, 5\] to have 3 channels/, () =>
    torch.conv1d(torch.ones([1, 2, 5]), torch.ones([1, 3, 2])),
  ),
  bad('a convolution with a stride of 0', 'TorchError', /non-positive stride is not supported/, () =>
    torch.conv1d(torch.ones([1, 2, 5]), torch.ones([1, 2, 2]), null, 0),
  ),
  bad('a multinomial of more than there are', 'TorchError', /cannot sample n_sample > prob_dist/, () =>
    torch.ones([2]).multinomial(5),
  ),
  bad(
    'a multinomial of negative weights',
    'TorchError',
    /probability tensor contains either `inf`, `nan` or element < 0/,
    () => torch.tensor([-1, 1]).multinomial(1),
  ),
  bad(
    'a dropout probability of 2',
    'TorchError',
    /dropout probability has to be between 0 and 1, but got 2/,
    () => torch.dropout(x23(), 2, true),
  ),
  bad(
    'a bernoulli probability of 2',
    'TorchError',
    /bernoulli_ expects p to be in \[0, 1\], but got p=2/,
    () => loose(x23()).bernoulli(2),
  ),
  bad('a normal of a negative deviation', 'TorchError', /normal expects std >= 0.0, but found std -1/, () =>
    loose(torch.normal)(0, -1, [2]),
  ),
  bad('an unknown equation for einsum', 'TorchError', /einsum\(\)/, () => torch.einsum('i,,,->%', [x23()])),
  bad('an unknown reduction', 'TorchError', /reduce argument must be/, () =>
    loose(x23()).scatterReduce(0, torch.zeros([2, 3]).long(), x23(), 'nothing'),
  ),
  bad('an unknown rounding mode', 'TorchError', /div expected rounding_mode to be one of/, () =>
    loose(x23()).div(2, { roundingMode: 'up' }),
  ),
  bad(
    'an item of several elements',
    'TorchError',
    /a Tensor with 6 elements cannot be converted to Scalar/,
    () => x23().item(),
  ),
  bad('an out tensor of another dtype', 'TorchError', /can't be cast to the desired output type Long/, () =>
    torch.add(x23(), 0.5, loose({ out: torch.zeros([2, 3], { dtype: torch.int64 }) })),
  ),
  bad(
    'an in-place operator on overlapping memory',
    'TorchError',
    /more than one element of the written-to tensor refers to a single memory location/,
    () => torch.ones([1]).expand(5).add_(1),
  ),
  bad('copying another shape', 'TorchError', /must match the size/, () => x23().copy_(x45())),
  bad(
    'a size of a dimension that is not',
    'RangeError',
    /Dimension out of range \(expected to be in range of \[-2, 1\], but got 2\)/,
    () => x23().size(2),
  ),
  bad('a size of dimension 0.5', 'TypeError', /size\(\): argument 'dim' must be int/, () => x23().size(0.5)),
  bad('a stride of a dimension that is not', 'RangeError', /Dimension out of range/, () => x23().stride(-3)),
  bad(
    'an address of a sparse tensor',
    'TorchError',
    /Cannot access data pointer of Tensor that doesn't have storage/,
    () => x23().toSparse().dataPtr(),
  ),
  bad('the elements of a meta tensor', 'NotImplementedError', /meta/i, () =>
    torch.zeros([2], { device: 'meta' }).toTypedArray(),
  ),
  bad('the item of a meta tensor', 'NotImplementedError', /meta/i, () =>
    torch.zeros([], { device: 'meta' }).item(),
  ),
  bad(
    'the transpose of a vector of matrices',
    'TorchError',
    /tensor.mT is only supported on matrices or batches of matrices. Got 1-D tensor/,
    () => torch.ones([3]).mT,
  ),
  bad(
    'the imaginary part of real numbers',
    'TorchError',
    /imag is not implemented for tensors with non-complex dtypes/,
    () => x23().imag,
  ),
  bad(
    'an LSTM of weights that do not fit',
    'TorchError',
    /got an incorrect number of RNN parameters: 1, not 4 or 5|weight 0 has/,
    () =>
      torch.ops.aten.lstm.input(
        torch.ones([1, 2, 3]),
        [x23(), x23()],
        [x23()],
        true,
        1,
        0,
        false,
        false,
        false,
      ),
  ),
  bad('an LSTM without weights', 'TorchError', /got an incorrect number of RNN parameters: 0/, () =>
    torch.ops.aten.lstm.input(
      torch.ones([1, 2, 3]),
      [torch.ones([1, 2, 3]), torch.ones([1, 2, 3])],
      [],
      true,
      1,
      0,
      false,
      false,
      false,
    ),
  ),
  bad(
    'a foreach over lists of unequal lengths',
    'TorchError',
    /must have the same (number of tensors|length)/,
    () => torch.ops.aten._foreach_add([x23()], [x23(), x23()]),
  ),
];

export const operatorCalls: BadCall[] = [...names, ...arity, ...types, ...values];
