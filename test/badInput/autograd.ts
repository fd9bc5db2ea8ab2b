/** Autograd asked for what it cannot give. */
import torch, { type Tensor } from '../../lib/index.js';
import { type BadCall, bad, loose } from './badCall.js';

const { grad, backward } = torch.autograd;
const leaf = () => torch.ones([2, 3], { requiresGrad: true });

function spent(): Tensor {
  const loss = leaf().pow(2).sum();
  loss.backward();
  return loss;
}

const running: BadCall[] = [
  bad('backward twice', 'TorchError', /Trying to backward through the graph a second time/, () =>
    spent().backward(),
  ),
  bad('grad after backward', 'TorchError', /Trying to backward through the graph a second time/, () => {
    const x = leaf();
    const loss = x.pow(2).sum();
    loss.backward();
    return grad(loss, x);
  }),
  bad(
    'backward from several elements',
    'TorchError',
    /grad can be implicitly created only for scalar outputs/,
    () => leaf().mul(2).backward(),
  ),
  bad(
    'backward without a graph',
    'TorchError',
    /element 0 of tensors does not require grad and does not have a grad_fn/,
    () => torch.ones([1]).backward(),
  ),
  bad('backward from integers', 'TorchError', /does not require grad/, () => torch.tensor([1n]).backward()),
  bad(
    'backward with a gradient of another shape',
    'TorchError',
    /^Mismatch in shape: grad_output\[0\] has a shape of torch\.Size\(\[5\]\) and output\[0\] has a shape of torch\.Size\(\[2, 3\]\)\.$/,
    () =>
      leaf()
        .mul(2)
        .backward(torch.ones([5])),
  ),
  bad(
    'backward with a gradient of another device',
    'TorchError',
    /invalid gradient at index 0 - expected device cpu but got meta/,
    () =>
      leaf()
        .mul(2)
        .backward(torch.ones([2, 3], { device: 'meta' })),
  ),
  bad(
    'backward with a complex gradient',
    'TorchError',
    /For complex Tensors, both grad_output and output are required to have the same dtype.*torch.complex64/,
    () =>
      leaf()
        .mul(2)
        .backward(torch.ones([2, 3], { dtype: torch.complex64 })),
  ),
  bad(
    'backward with a number for a gradient',
    'TypeError',
    /backward\(\): gradient must be a Tensor or null, not number/,
    () => loose(leaf().sum()).backward(1),
  ),
  bad(
    'backward with an array for a gradient',
    'TypeError',
    /gradient must be a Tensor or null, not array/,
    () => loose(leaf().sum()).backward([1]),
  ),
  bad('backward with a string for a gradient option', 'TypeError', /must be a Tensor/, () =>
    loose(leaf().sum()).backward({ gradient: 'x' }),
  ),
  bad(
    'backward with an unknown option',
    'TypeError',
    /backward\(\): got an unexpected option 'retain_graph'/,
    () => loose(leaf().sum()).backward({ retain_graph: true }),
  ),
  bad('backward with a string for retainGraph', 'TypeError', /backward\(\): .*boolean/, () =>
    loose(leaf().sum()).backward({ retainGraph: 'yes' }),
  ),
  bad('backward with a number for createGraph', 'TypeError', /backward\(\): .*boolean/, () =>
    loose(leaf().sum()).backward({ createGraph: 1 }),
  ),
  bad('backward with no inputs', 'RangeError', /`inputs` argument to `backward\(\)` cannot be empty/, () =>
    leaf().sum().backward({ inputs: [] }),
  ),
  bad('backward with an input that is no tensor', 'TypeError', /backward\(\): inputs must be/, () =>
    loose(leaf().sum()).backward({ inputs: [1] }),
  ),
  bad(
    'backward with an input of no graph',
    'TorchError',
    /can't retain_grad on Tensor that has requires_grad=False/,
    () =>
      leaf()
        .sum()
        .backward({ inputs: [torch.ones([1])] }),
  ),
  bad('backward with an input that is a hole', 'TypeError', /inputs must be/, () =>
    loose(leaf().sum()).backward({ inputs: new Array(1) }),
  ),
  bad(
    'backward of what is no tensor',
    'TypeError',
    /backward\(\): tensors must be a Tensor or a list of Tensors/,
    () => loose(backward)('x'),
  ),
  bad('backward of null', 'TypeError', /tensors must be/, () => loose(backward)(null)),
  bad('backward of a list with null', 'TypeError', /tensors must be/, () => loose(backward)([null])),
  bad(
    'backward of another number of gradients',
    'RangeError',
    /backward\(\): got 1 tensors and 2 gradients/,
    () => backward([leaf().sum()], { gradTensors: [torch.ones([]), torch.ones([])] }),
  ),
  bad('backward with gradients that are undefined', 'TypeError', /gradTensors must be/, () =>
    loose(backward)([leaf().sum()], { gradTensors: [undefined] }),
  ),
  bad(
    'backward of a tensor changed since',
    'TorchError',
    /one of the variables needed for gradient computation has been modified by an inplace operation/,
    () => {
      const x = leaf().mul(1);
      const loss = x.pow(2).sum();
      x.add_(1);
      loss.backward();
    },
  ),
  bad('backward from a tensor by new', 'DisposedError', /disposed/, () =>
    backward([loose(new (loose(torch.Tensor))())]),
  ),
  bad('grad with inputs by new', 'DisposedError', /disposed/, () =>
    grad(leaf().sum(), [loose(new (loose(torch.Tensor))())]),
  ),
  bad('backward with a gradient by new', 'DisposedError', /disposed/, () =>
    leaf()
      .mul(2)
      .backward(loose(new (loose(torch.Tensor))())),
  ),
];

const gradients: BadCall[] = [
  bad(
    'grad of an unused input',
    'TorchError',
    /^The differentiated Tensor at index 0 appears to not have been used in the graph. Set allow_unused=True/,
    () => grad(leaf().sum(), leaf()),
  ),
  bad(
    'grad by a tensor of no graph',
    'TorchError',
    /One of the differentiated Tensors does not require grad/,
    () => grad(leaf().sum(), torch.ones([1])),
  ),
  bad('grad of nothing', 'RangeError', /`inputs` argument to `grad\(\)` cannot be empty/, () => grad([], [])),
  bad('grad by nothing', 'RangeError', /`inputs` argument to `grad\(\)` cannot be empty/, () =>
    grad(leaf().sum(), []),
  ),
  bad('grad of what is no tensor', 'TypeError', /grad\(\): outputs must be/, () => loose(grad)(1, leaf())),
  bad('grad by what is no tensor', 'TypeError', /grad\(\): inputs must be/, () =>
    loose(grad)(leaf().sum(), 'x'),
  ),
  bad(
    'grad of several elements',
    'TorchError',
    /grad can be implicitly created only for scalar outputs/,
    () => {
      const x = leaf();
      return grad(x.mul(2), x);
    },
  ),
  bad(
    'grad with another number of gradients',
    'RangeError',
    /grad\(\): got 1 tensors and 2 gradients/,
    () => {
      const x = leaf();
      return grad(x.mul(2), x, { gradOutputs: [torch.ones([2, 3]), torch.ones([2, 3])] });
    },
  ),
  bad(
    'grad that may not be unused but is made of zeros',
    'RangeError',
    /Expected allowUnused to be true/,
    () => loose(grad)(leaf().sum(), leaf(), { allowUnused: false, materializeGrads: true }),
  ),
  bad('grad with an unknown option', 'TypeError', /grad\(\): got an unexpected option 'create_graph'/, () =>
    loose(grad)(leaf().sum(), leaf(), { create_graph: true }),
  ),
  bad(
    'autograd.backward with an unknown option',
    'TypeError',
    /backward\(\): got an unexpected option 'gradient'/,
    () => loose(backward)(leaf().sum(), { gradient: null }),
  ),
  bad('autograd.backward with null options', 'TypeError', /options/, () =>
    loose(backward)(leaf().sum(), null),
  ),
  bad('the second derivative of what has none', 'TorchError', /does not require grad/, () => {
    const x = leaf();
    const [first] = grad(x.pow(2).sum(), x);
    return grad((first as Tensor).sum(), x);
  }),
];

const leaves: BadCall[] = [
  bad(
    'a leaf changed in place',
    'TorchError',
    /a leaf Variable that requires grad is being used in an in-place operation/,
    () => leaf().add_(1),
  ),
  bad(
    'a view of a leaf changed in place',
    'TorchError',
    /a view of a leaf Variable that requires grad is being used in an in-place operation/,
    () => leaf().view(6).add_(1),
  ),
  bad('a leaf as out', 'TorchError', /requires grad|automatic differentiation/, () =>
    torch.add(leaf(), leaf(), { out: leaf() }),
  ),
  bad(
    'requiresGrad off on what is no leaf',
    'TorchError',
    /you can only change requires_grad flags of leaf variables/,
    () => leaf().mul(2).requiresGrad_(false),
  ),
  bad(
    'requiresGrad of integers',
    'TorchError',
    /only Tensors of floating point and complex dtype can require gradients/i,
    () => torch.tensor([1n]).requiresGrad_(),
  ),
  bad('requiresGrad set to a number', 'TypeError', /requiresGrad must be a boolean, not number/, () => {
    loose(torch.ones([1])).requiresGrad = 1;
  }),
  bad('requiresGrad set to null', 'TypeError', /requiresGrad must be a boolean/, () =>
    loose(torch.ones([1])).requiresGrad_(null),
  ),
  bad(
    'grad set to a number',
    'TypeError',
    /assigned grad expected to be a Tensor or null but got number/,
    () => {
      loose(leaf()).grad = 1;
    },
  ),
  bad('grad set to itself', 'TorchError', /can't assign Variable as its own grad/, () => {
    const x = leaf();
    x.grad = x;
  }),
  bad('grad of another size', 'TorchError', /assigned grad has data of a different size/, () => {
    leaf().grad = torch.ones([3]);
  }),
  bad('grad of another dtype', 'TorchError', /assigned grad has data of a different type/, () => {
    leaf().grad = torch.ones([2, 3], { dtype: torch.float64 });
  }),
  bad('grad on another device', 'TorchError', /assigned grad has data located on a different device/, () => {
    leaf().grad = torch.ones([2, 3], { device: 'meta' });
  }),
  bad('data set to a number', 'TypeError', /data must be set to a Tensor, not number/, () => {
    loose(leaf()).data = 1;
  }),
  bad('data set to null', 'TypeError', /data must be set to a Tensor/, () => {
    loose(leaf()).data = null;
  }),
  bad('data set to an array', 'TypeError', /data must be set to a Tensor/, () => {
    loose(leaf()).data = [1, 2];
  }),
  bad('data set to a sparse tensor', 'TorchError', /incompatible tensor type/, () => {
    leaf().data = torch.ones([2, 3]).toSparse();
  }),
  bad(
    'data of integers set on a leaf',
    'TorchError',
    /data set to a tensor that requires gradients must be floating point or complex dtype/,
    () => {
      leaf().data = torch.tensor([1n]);
    },
  ),
  bad(
    'retainGrad without a graph',
    'TorchError',
    /can't retain_grad on Tensor that has requires_grad=False/,
    () => torch.ones([1]).retainGrad(),
  ),
  bad('detach_ of a view', 'TorchError', /Can't detach views in-place/, () =>
    leaf().mul(2).view(6).detach_(),
  ),
  bad(
    'an inference tensor recorded',
    'TorchError',
    /Inference tensors cannot be saved for backward|inference tensor/i,
    () => {
      const x = torch.inferenceMode(() => torch.ones([2, 3]));
      return leaf().mul(x);
    },
  ),
  bad(
    'an inference tensor that requires grad',
    'TorchError',
    /Setting requires_grad=True on inference tensor outside InferenceMode is not allowed/,
    () => torch.inferenceMode(() => torch.ones([1])).requiresGrad_(),
  ),
  bad(
    'the version of an inference tensor',
    'TorchError',
    /Inference tensors do not track version counter/,
    () => torch.inferenceMode(() => torch.ones([1]))._version,
  ),
  bad(
    'an inference tensor changed in place outside',
    'TorchError',
    /Inplace update to inference tensor outside InferenceMode is not allowed/,
    () => torch.inferenceMode(() => torch.ones([1])).add_(1),
  ),
  bad('gradFn set', 'TypeError', /only a getter/, () => {
    loose(leaf()).gradFn = null;
  }),
  bad('shape set', 'TypeError', /only a getter/, () => {
    loose(leaf()).shape = [1];
  }),
];

const modes: BadCall[] = [
  bad('noGrad with a number', 'TypeError', /noGrad\(\): expected a function, not number/, () =>
    loose(torch.noGrad)(1),
  ),
  bad('noGrad with null', 'TypeError', /noGrad\(\): expected a function/, () => loose(torch.noGrad)(null)),
  bad('noGrad of an async function', 'TypeError', /noGrad\(\): the callback is asynchronous/, () =>
    torch.noGrad(async () => 1),
  ),
  bad('noGrad of a rejected promise', 'TypeError', /noGrad\(\): the callback is asynchronous/, () =>
    torch.noGrad(async () => {
      throw new Error('lost');
    }),
  ),
  bad('noGrad of a function that throws', 'Error', /^inside$/, () =>
    torch.noGrad(() => {
      throw new Error('inside');
    }),
  ),
  bad('enableGrad with a string', 'TypeError', /enableGrad\(\): expected a function, not string/, () =>
    loose(torch.enableGrad)('x'),
  ),
  bad('enableGrad of an async function', 'TypeError', /enableGrad\(\): the callback is asynchronous/, () =>
    torch.enableGrad(async () => 1),
  ),
  bad('inferenceMode with an object', 'TypeError', /inferenceMode\(\): expected a function, not object/, () =>
    loose(torch.inferenceMode)({}),
  ),
  bad(
    'inferenceMode of an async function',
    'TypeError',
    /inferenceMode\(\): the callback is asynchronous/,
    () => torch.inferenceMode(async () => 1),
  ),
  bad('setGradEnabled with a number', 'TypeError', /setGradEnabled\(\): expected a boolean/, () =>
    loose(torch.setGradEnabled)(1),
  ),
  bad('setGradEnabled without anything', 'TypeError', /setGradEnabled\(\): expected a boolean/, () =>
    loose(torch.setGradEnabled)(),
  ),
];

export const autogradCalls: BadCall[] = [...running, ...gradients, ...leaves, ...modes];
