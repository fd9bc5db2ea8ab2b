import { bool, float, parameters, type Rest, tensor, withDefault } from '../../arguments.js';
import { TorchError } from '../../errors.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { warnOnce } from '../warnings.js';

/** Options of the dropout functions. */
export interface DropoutOptions {
  /** The probability of an element (or channel) to be zeroed. Default: 0.5. */
  p?: number;
  /** Whether anything is dropped at all. Default: `true`, for the alpha variants `false`. */
  training?: boolean;
  /** Change `input` itself. Default: `false`. */
  inplace?: boolean;
}

type DropoutRest = Rest<[p: number, training: boolean, inplace: boolean], DropoutOptions>;
type Kernel = (input: Tensor, p: number, train: boolean) => Tensor;

/** @throws RangeError unless `p` is a probability. */
export function checkProbability(p: number): void {
  if (p < 0 || p > 1) throw new RangeError(`dropout probability has to be between 0 and 1, but got ${p}`);
}

interface DropoutArguments {
  input: Tensor;
  p: number;
  training: boolean;
  inplace: boolean;
}

function argumentsOf(name: string, training: boolean): (args: readonly unknown[]) => DropoutArguments {
  const read = parameters(name, {
    input: tensor,
    p: withDefault(float, 0.5),
    training: withDefault(bool, training),
    inplace: withDefault(bool, false),
  });
  return (args) => {
    const values = read(args);
    checkProbability(values.p);
    return values;
  };
}

const dropoutArguments = argumentsOf('dropout', true);

/**
 * Zeroes elements at random with probability `p` and scales the others by 1 / (1 - p).
 *
 * `dropout(input, p = 0.5, training = true, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.dropout.html
 *
 * @throws RangeError unless `p` is in [0, 1].
 */
export function dropout(input: Tensor, ...rest: DropoutRest): Tensor;
export function dropout(...args: unknown[]): Tensor {
  const { input, p, training, inplace } = dropoutArguments(args);
  return inplace ? aten.dropout_(input, p, training) : aten.dropout(input, p, training);
}

const alphaDropoutArguments = argumentsOf('alphaDropout', false);

/**
 * Dropout that keeps mean and variance, for self-normalising networks.
 *
 * `alphaDropout(input, p = 0.5, training = false, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.alpha_dropout.html
 */
export function alphaDropout(input: Tensor, ...rest: DropoutRest): Tensor;
export function alphaDropout(...args: unknown[]): Tensor {
  const { input, p, training, inplace } = alphaDropoutArguments(args);
  return inplace ? aten.alpha_dropout_(input, p, training) : aten.alpha_dropout(input, p, training);
}

const featureAlphaDropoutArguments = argumentsOf('featureAlphaDropout', false);

/**
 * {@link alphaDropout} of whole channels.
 *
 * `featureAlphaDropout(input, p = 0.5, training = false, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.feature_alpha_dropout.html
 */
export function featureAlphaDropout(input: Tensor, ...rest: DropoutRest): Tensor;
export function featureAlphaDropout(...args: unknown[]): Tensor {
  const { input, p, training, inplace } = featureAlphaDropoutArguments(args);
  return inplace
    ? aten.feature_alpha_dropout_(input, p, training)
    : aten.feature_alpha_dropout(input, p, training);
}

/** Drops channels of an input without a batch dimension by giving it one for the time. */
function dropUnbatched(input: Tensor, p: number, training: boolean, inplace: boolean): Tensor {
  if (inplace) return aten.feature_dropout_(input.unsqueeze_(0), p, training).squeeze_(0);
  const batch = input.unsqueeze(0);
  const dropped = aten.feature_dropout(batch, p, training);
  const result = dropped.squeeze(0);
  if (dropped !== batch) dropped.dispose();
  batch.dispose();
  return result;
}

const kernel = (inplace: boolean): Kernel => (inplace ? aten.feature_dropout_ : aten.feature_dropout);

const dropout1dArguments = argumentsOf('dropout1d', true);

/**
 * Dropout of whole channels. Shapes: `(N, C, L)` or `(C, L)`.
 *
 * `dropout1d(input, p = 0.5, training = true, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.dropout1d.html
 *
 * @throws TorchError for another number of dimensions.
 */
export function dropout1d(input: Tensor, ...rest: DropoutRest): Tensor;
export function dropout1d(...args: unknown[]): Tensor {
  const { input, p, training, inplace } = dropout1dArguments(args);
  const dims = input.dim();
  if (dims !== 2 && dims !== 3) {
    throw new TorchError(
      `dropout1d: Expected 2D or 3D input, but received a ${dims}D input. Note that dropout1d exists to provide ` +
        'channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension ' +
        '(i.e. 2D or 3D inputs).',
    );
  }
  return dims === 2 ? dropUnbatched(input, p, training, inplace) : kernel(inplace)(input, p, training);
}

function warnDimensions(name: string, dims: number, spatial: number): void {
  warnOnce(
    `${name}: Received a ${dims}-D input to ${name}, which is deprecated and will result in an error in a future ` +
      'release. To retain the behavior and silence this warning, please use dropout instead. Note that ' +
      `${name} exists to provide channel-wise dropout on inputs with ${spatial} spatial dimensions, a channel ` +
      `dimension, and an optional batch dimension (i.e. ${spatial + 1}D or ${spatial + 2}D inputs).`,
  );
}

const dropout2dArguments = argumentsOf('dropout2d', true);

/**
 * Dropout of whole channels. Shape: `(N, C, H, W)`; three dimensions are taken as `(N, C, L)`, as in PyTorch.
 *
 * `dropout2d(input, p = 0.5, training = true, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.dropout2d.html
 */
export function dropout2d(input: Tensor, ...rest: DropoutRest): Tensor;
export function dropout2d(...args: unknown[]): Tensor {
  const { input, p, training, inplace } = dropout2dArguments(args);
  const dims = input.dim();
  if (dims !== 3 && dims !== 4) warnDimensions('dropout2d', dims, 2);
  if (dims === 3) {
    warnOnce(
      'dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is desired - ' +
        'input is interpreted as shape (N, C, L), where C is the channel dim. This behavior will change in a future ' +
        'release to interpret the input as one without a batch dimension, i.e. shape (C, H, W). To maintain the 1D ' +
        'channel-wise dropout behavior, please switch to using dropout1d instead.',
    );
  }
  return kernel(inplace)(input, p, training);
}

const dropout3dArguments = argumentsOf('dropout3d', true);

/**
 * Dropout of whole channels. Shapes: `(N, C, D, H, W)` or `(C, D, H, W)`.
 *
 * `dropout3d(input, p = 0.5, training = true, inplace = false)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.dropout3d.html
 */
export function dropout3d(input: Tensor, ...rest: DropoutRest): Tensor;
export function dropout3d(...args: unknown[]): Tensor {
  const { input, p, training, inplace } = dropout3dArguments(args);
  const dims = input.dim();
  if (dims !== 4 && dims !== 5) warnDimensions('dropout3d', dims, 3);
  return dims === 5 ? kernel(inplace)(input, p, training) : dropUnbatched(input, p, training, inplace);
}
