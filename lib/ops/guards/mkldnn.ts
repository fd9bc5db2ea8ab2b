/** Weights in the layouts of oneDNN and MKL. */
import { enableGrad } from '../../autograd/modes.js';
import { ops } from '../../ops.js';
import type { Tensor } from '../../tensor.js';
import { contiguous, dense, first, type Guard, notEmpty, sameDtype, shaped, tensorOf } from './rule.js';

/** Makes a matrix of the weight with the first and last of its dimensions. */
export const linearWeight: Guard = first(shaped('X', 2, 'float32'), dense('X'), notEmpty('X'));

/** Joins the result with another tensor, element by element. */
export const linearPointwise: Guard = first(shaped('W', 2), (given) => {
  const [input, weight, other] = [tensorOf(given.X), tensorOf(given.W), tensorOf(given.other)];
  if (input === undefined || weight === undefined) return undefined;
  if (input.ndim === 0 || input.size(-1) !== weight.size(1))
    return "argument 'W' must be as wide as the last dimension of the input is long";
  const wanted = [...input.shape.slice(0, -1), weight.size(0)].join();
  return other === undefined || other.shape.join() === wanted
    ? undefined
    : `argument 'other' must be of [${wanted}], as the result`;
});

/** Takes the sizes of matrices from both, in float32. */
export const rnnLayerWeight: Guard = first(
  shaped('weight0', 2, 'float32'),
  shaped('weight1', 2, 'float32'),
  dense('weight0', 'weight1'),
  notEmpty('weight0', 'weight1'),
  (given) => {
    const rows = tensorOf(given.weight0)?.size(0) ?? 0;
    const hidden = Number(given.hidden_size);
    return hidden > 0 &&
      rows === gates * hidden &&
      tensorOf(given.weight1)?.size(0) === rows &&
      tensorOf(given.weight1)?.size(1) === hidden
      ? undefined
      : "the weights do not fit 'hidden_size'";
  },
);

/** Reads a weight that oneDNN has packed, and a scale and a zero point for each row or for all. */
export const packedLinear: Guard = (given) => {
  const [x, w] = [tensorOf(given.qx), tensorOf(given.qw)];
  if (x === undefined || w === undefined) return undefined;
  if (w.layout.name !== '_mkldnn') return "argument 'qw' must have been packed by qlinear_prepack";
  for (const name of ['x_scale', 'x_zero_point', 'w_scale', 'w_zero_point']) {
    if (tensorOf(given[name])?.numel() === 0) return `argument '${name}' must have elements`;
  }
  return x.ndim >= 1 && w.ndim === 2 && x.numel() > 0
    ? undefined
    : 'the input and the weight do not fit each other';
};

const layerTensors = ['input', 'weight0', 'weight1', 'weight2', 'weight3', 'hx_', 'cx_'];
const layerStates = ['hx_', 'cx_', 'cx_tmp', 'hy_', 'cy_', 'grad_hy', 'grad_cy'];
const layerOutputs = ['output', 'grad_output'];
const gates = 4;

const lstmLayer: Guard = (given) => {
  const input = tensorOf(given.input);
  if (input === undefined) return undefined;
  const hidden = Number(given.hidden_size);
  if (Number(given.mode) !== 2) return "argument 'mode' must be 2, of an LSTM";
  if (!(hidden > 0) || input.ndim !== 3 || input.numel() === 0)
    return "the input must have 3 dimensions and elements, and 'hidden_size' must be positive";
  const [steps, batch, width] = input.shape as [number, number, number];
  const wanted = new Map<string, string>();
  // The gradient's names of the weights begin at 1.
  const weights = 'weight4' in given ? [1, 2, 3, 4] : [0, 1, 2, 3];
  const biases = given.has_biases === true ? [`${gates * hidden}`, `${gates * hidden}`] : [];
  [`${gates * hidden},${width}`, `${gates * hidden},${hidden}`, ...biases].forEach((shape, i) => {
    wanted.set(`weight${weights[i]}`, shape);
  });
  for (const name of layerOutputs) wanted.set(name, `${steps},${batch},${hidden}`);
  for (const [name, shape] of wanted) {
    const tensor = tensorOf(given[name]);
    if (tensor !== undefined && tensor.shape.join() !== shape)
      return `argument '${name}' must be of [${shape}]`;
  }
  for (const name of layerStates) {
    const tensor = tensorOf(given[name]);
    if (tensor !== undefined && tensor.numel() !== batch * hidden)
      return `argument '${name}' must have ${batch * hidden} elements`;
  }
  return undefined;
};

/** Takes the sizes of an LSTM's layer from the input and from `hidden_size`, and reads the rest as these say. */
export const rnnLayer: Guard = first(
  dense(...layerTensors),
  sameDtype(...layerTensors),
  lstmLayer,
  contiguous('input', 'hx_', 'cx_'),
);

const backwardTensors = [
  ...['input', 'weight1', 'weight2', 'weight3', 'weight4', 'hx_', 'cx_tmp', 'output', 'hy_', 'cy_'],
  ...['grad_output', 'grad_hy', 'grad_cy'],
];

/** Reads as many bytes of the workspace as the layer itself made, which only that tells. */
export const rnnLayerBackward: Guard = first(
  dense(...backwardTensors, 'workspace'),
  sameDtype(...backwardTensors),
  lstmLayer,
  contiguous('input', 'hx_', 'cx_tmp', 'output', 'hy_', 'cy_'),
  (given) => {
    const workspace = tensorOf(given.workspace);
    if (workspace === undefined) return undefined;
    const made = enableGrad(() => {
      const layer = ops.aten.mkldnn_rnn_layer as (...args: unknown[]) => Tensor[];
      const names = ['input', 'weight1', 'weight2', 'weight3', 'weight4', 'hx_', 'cx_tmp', 'reverse'];
      const rest = ['batch_sizes', 'mode', 'hidden_size', 'num_layers', 'has_biases', 'bidirectional'];
      return layer(...[...names, ...rest, 'batch_first', 'train'].map((name) => given[name]))[3]?.numel();
    });
    return workspace.dtype.name === 'uint8' && workspace.isContiguous() && workspace.numel() === made
      ? undefined
      : `argument 'workspace' must be ${made} bytes of the layer's`;
  },
);

/** Divides by the sizes of a weight of at least 2 dimensions, or 3 for one of a convolution. */
export const weightToPack =
  (ndim: number): Guard =>
  (given) => {
    const weight = tensorOf(given.weight);
    if (weight === undefined) return undefined;
    return weight.ndim >= ndim && weight.numel() > 0
      ? undefined
      : `argument 'weight' must have at least ${ndim} dimensions and elements`;
  };
