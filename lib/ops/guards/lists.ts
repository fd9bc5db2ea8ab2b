/** Lists of tensors. */
import { Tensor } from '../../tensor.js';
import { dense, type Guard, lengthOf, notEmpty, product, tensorOf } from './rule.js';

/** Walks lists side by side; the messages are libtorch's, which checks most of the time. */
export const listsOfOneLength: Guard = (given) => {
  const lists = Object.entries(given).filter(([, value]) => Array.isArray(value)) as [string, unknown[]][];
  const length = lengthOf(lists[0]?.[1]);
  for (const [name, list] of lists) {
    if (list.length === length) continue;
    return list[0] instanceof Tensor || name === 'out'
      ? `Tensor lists must have the same number of tensors, got ${length} and ${list.length}`
      : 'Tensor list must have same number of elements as scalar list.';
  }
  return undefined;
};

/** Copies between lists of tensors of any layout. */
export const denseLists: Guard = (given) => {
  for (const [name, list] of Object.entries(given)) {
    if (!Array.isArray(list)) continue;
    for (const item of list) {
      const problem = dense(name)({ [name]: item as unknown });
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
};

const hasPlainStrides = (tensor: Tensor | undefined): boolean =>
  tensor === undefined ||
  tensor.layout.name !== 'strided' ||
  tensor.stride().every((stride, dim) => stride === product(tensor.shape.slice(dim + 1)));

/** Puts a dimension in where `dim` says, and the tensors one after the other, as large as the first. */
export const tensorsToStack: Guard = (given) => {
  if (!Array.isArray(given.tensors)) return undefined;
  const [tensor] = given.tensors.map(tensorOf);
  if (tensor === undefined) return 'stack expects a non-empty TensorList';
  const dim = Number(given.dim ?? 0);
  if (!(dim >= -tensor.ndim - 1 && dim <= tensor.ndim)) {
    return `Dimension out of range (expected to be in range of [${-tensor.ndim - 1}, ${tensor.ndim}], but got ${dim})`;
  }
  // Strides are looked at for some of the tensors only, and where a dimension is of one element they still count.
  return given.tensors.some((item) => !hasPlainStrides(tensorOf(item)))
    ? "argument 'tensors' must be contiguous"
    : denseLists(given);
};

/** Asks the first of the tensors for its dtype. */
export const tensorsToConcatenate: Guard = (given) =>
  Array.isArray(given.tensors) && given.tensors.length === 0
    ? 'torch.cat(): expected a non-empty list of Tensors'
    : undefined;

/** Looks up the size of each tensor by `dim`, also of one that has no dimensions. */
export const chunksToConcatenate: Guard = (given) => {
  for (const tensor of Array.isArray(given.tensors) ? given.tensors.map(tensorOf) : []) {
    if (tensor?.ndim === 0) return "argument 'tensors': a tensor of no dimensions has none to cut";
    if (tensor?.layout.name === '_mkldnn')
      return "argument 'tensors': a tensor of oneDNN's layout has no memory to cut";
  }
  return undefined;
};

const ofEachParameter = [
  'grads',
  'exp_avgs',
  'exp_avg_sqs',
  'max_exp_avg_sqs',
  'state_sums',
  'momentum_buffer_list',
  'out',
];
const isOverlapping = (tensor: Tensor): boolean =>
  !tensor.isContiguous() && tensor.stride().some((stride, dim) => stride === 0 && tensor.size(dim) > 1);

/** Walks the memory of gradients and states by the number of the parameter's elements. */
export const fusedStep: Guard = (given) => {
  if (!Array.isArray(given.self)) return undefined;
  const parameters = given.self as Tensor[];
  for (const name of ['self', ...ofEachParameter]) {
    const list = given[name];
    // Lengths are looked at by libtorch.
    if (!Array.isArray(list) || list.length !== parameters.length) continue;
    for (let i = 0; i < list.length; i++) {
      const tensor = list[i] as Tensor;
      if (tensor.numel() !== (parameters[i] as Tensor).numel() || isOverlapping(tensor))
        return `argument '${name}': tensor ${i} must have as many elements as its parameter`;
    }
  }
  for (const step of Array.isArray(given.state_steps) ? (given.state_steps as Tensor[]) : [])
    if (step.numel() === 0) return "argument 'state_steps': a step must have an element";
  return notEmpty('grad_scale', 'found_inf')(given);
};
