import { bind, type Rest } from '../../arguments.js';
import { noGrad } from '../../autograd/index.js';
import type { DeviceLike } from '../../device.js';
import type { DType } from '../../dtype.js';
import { TorchError } from '../../errors.js';
import { zeros } from '../../functions.js';
import { tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { formatBool, formatFloat, formatTuple } from '../format.js';
import * as init from '../init.js';
import type { Parameter } from '../parameter.js';
import { PackedSequence } from '../utils/rnn.js';
import { warnOnce } from '../warnings.js';
import { emptyParameter } from './factory.js';
import { fieldsOf } from './members.js';
import { Module } from './module.js';

/** Options of {@link GRU}, and what {@link LSTM} and {@link RNN} share with it. */
export interface RecurrentOptions {
  /** How many layers, each on the output of the one before. Default: 1. */
  numLayers?: number;
  /** Whether biases are learned. Default: `true`. */
  bias?: boolean;
  /** Whether inputs and outputs are `(N, L, *)` instead of `(L, N, *)`. Default: `false`. */
  batchFirst?: boolean;
  /** The probability of an element to be dropped between layers, in training. Default: 0. */
  dropout?: number;
  /** Whether each layer runs in both directions. Default: `false`. */
  bidirectional?: boolean;
  /** Where the parameters lie. Default: the default device. */
  device?: DeviceLike | null;
  /** The parameters' dtype. Default: the default dtype. */
  dtype?: DType | null;
}

/** Options of {@link LSTM}. */
export interface LSTMOptions extends RecurrentOptions {
  /** The size that outputs are projected to; 0 for no projection. Default: 0. */
  projSize?: number;
}

/** Options of {@link RNN}. */
export interface RNNOptions extends RecurrentOptions {
  /** Default: `'tanh'`. */
  nonlinearity?: 'tanh' | 'relu';
}

/** The hidden and the cell state of an {@link LSTM}. */
export type LSTMState = [h: Tensor, c: Tensor];

type Mode = 'LSTM' | 'GRU' | 'RNN_TANH' | 'RNN_RELU';
type RecurrentRest<O> = Rest<
  [numLayers: number, bias: boolean, batchFirst: boolean, dropout: number, bidirectional: boolean],
  O
>;

const gates: Record<Mode, number> = { LSTM: 4, GRU: 3, RNN_TANH: 1, RNN_RELU: 1 };
const cudnnModes: Record<Mode, number> = { RNN_RELU: 0, RNN_TANH: 1, LSTM: 2, GRU: 3 };

const recurrentDefaults: Required<RecurrentOptions> = Object.freeze({
  numLayers: 1,
  bias: true,
  batchFirst: false,
  dropout: 0,
  bidirectional: false,
  device: null,
  dtype: null,
});
const lstmDefaults: Required<LSTMOptions> = Object.freeze({
  numLayers: 1,
  bias: true,
  batchFirst: false,
  dropout: 0,
  bidirectional: false,
  projSize: 0,
  device: null,
  dtype: null,
});
const rnnDefaults: Required<RNNOptions> = Object.freeze({ ...recurrentDefaults, nonlinearity: 'tanh' });

function checkOptions(inputSize: number, hiddenSize: number, options: Required<LSTMOptions>): void {
  const { dropout, numLayers, bias, batchFirst, projSize } = options;
  if (typeof dropout !== 'number' || !(dropout >= 0 && dropout <= 1)) {
    throw new RangeError(
      'dropout should be a number in range [0, 1] representing the probability of an element being zeroed',
    );
  }
  if (dropout > 0 && numLayers === 1) {
    warnOnce(
      'dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects num_layers greater ' +
        `than 1, but got dropout=${dropout} and num_layers=${numLayers}`,
    );
  }
  if (typeof bias !== 'boolean') throw new TypeError(`bias should be of type bool, got: ${typeof bias}`);
  if (typeof batchFirst !== 'boolean')
    throw new TypeError(`batch_first should be of type bool, got: ${typeof batchFirst}`);
  if (!Number.isInteger(inputSize))
    throw new TypeError(`input_size should be of type int, got: ${typeof inputSize}`);
  if (inputSize <= 0) throw new RangeError('input_size must be greater than zero');
  if (!Number.isInteger(hiddenSize))
    throw new TypeError(`hidden_size should be of type int, got: ${typeof hiddenSize}`);
  if (hiddenSize <= 0) throw new RangeError('hidden_size must be greater than zero');
  if (!Number.isInteger(numLayers))
    throw new TypeError(`num_layers should be of type int, got: ${typeof numLayers}`);
  if (numLayers <= 0) throw new RangeError('num_layers must be greater than zero');
  if (!Number.isInteger(projSize))
    throw new TypeError(`proj_size should be of type int, got: ${typeof projSize}`);
  if (projSize < 0)
    throw new RangeError('proj_size should be a positive integer or zero to disable projections');
  if (projSize >= hiddenSize) throw new RangeError('proj_size has to be smaller than hidden_size');
}

/** The parameters of one direction of one layer: names and shapes, in PyTorch's order. */
function layerShapes(module: RNNBase, layer: number, reverse: boolean): [string, number[]][] {
  const { inputSize, hiddenSize, projSize, bias } = module;
  const directions = module.bidirectional ? 2 : 1;
  const stateSize = projSize > 0 ? projSize : hiddenSize;
  const gateSize = gates[module.mode] * hiddenSize;
  const suffix = `l${layer}${reverse ? '_reverse' : ''}`;
  const shapes: [string, number[]][] = [
    [`weight_ih_${suffix}`, [gateSize, layer === 0 ? inputSize : stateSize * directions]],
    [`weight_hh_${suffix}`, [gateSize, stateSize]],
  ];
  if (bias) shapes.push([`bias_ih_${suffix}`, [gateSize]], [`bias_hh_${suffix}`, [gateSize]]);
  if (projSize > 0) shapes.push([`weight_hr_${suffix}`, [projSize, hiddenSize]]);
  return shapes;
}

/**
 * What a recurrent module is given to run on, in the order of a batch that is sorted by length where it is
 * packed.
 */
interface Batch {
  input: Tensor;
  batchSizes: Tensor | null;
  sortedIndices: Tensor | null;
  unsortedIndices: Tensor | null;
  size: number;
  /** The dimension that was put in for an input without a batch dimension. */
  addedDim: number | null;
}

/** What {@link RNN}, {@link LSTM} and {@link GRU} share. */
export abstract class RNNBase extends Module {
  declare mode: Mode;
  declare inputSize: number;
  declare hiddenSize: number;
  declare numLayers: number;
  declare bias: boolean;
  declare batchFirst: boolean;
  declare dropout: number;
  declare bidirectional: boolean;
  declare projSize: number;
  /**
   * The parameters of the first layer; those of layer k end in `_lk`, the backward direction's in
   * `_lk_reverse`.
   */
  declare weight_ih_l0: Parameter;
  declare weight_hh_l0: Parameter;
  /** The parameters under PyTorch's names. */
  [name: `${'weight' | 'bias'}_${string}`]: Parameter;

  readonly #names: string[] = [];

  protected constructor(mode: Mode, inputSize: number, hiddenSize: number, options: Required<LSTMOptions>) {
    super();
    checkOptions(inputSize, hiddenSize, options);
    this.mode = mode;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = options.numLayers;
    this.bias = options.bias;
    this.batchFirst = options.batchFirst;
    this.dropout = options.dropout;
    this.bidirectional = options.bidirectional;
    this.projSize = options.projSize;
    for (let layer = 0; layer < this.numLayers; layer++) {
      for (const reverse of this.bidirectional ? [false, true] : [false]) {
        for (const [name, shape] of layerShapes(this, layer, reverse)) {
          fieldsOf(this)[name] = emptyParameter(shape, options);
          this.#names.push(name);
        }
      }
    }
    this.flattenParameters();
    this.resetParameters();
  }

  /** Draws the initial values anew, all from U(-1/√hidden, 1/√hidden). */
  resetParameters(): void {
    const bound = this.hiddenSize > 0 ? 1 / Math.sqrt(this.hiddenSize) : 0;
    for (const parameter of this.parameters()) init.uniform_(parameter, -bound, bound);
  }

  /** The parameters in libtorch's order, as they are now. */
  protected get flatWeights(): Parameter[] {
    return this.#names.map((name) => fieldsOf(this)[name] as Parameter);
  }

  /** The parameters by layer and direction. */
  get allWeights(): Parameter[][] {
    const weights = this.flatWeights;
    const width = weights.length / (this.numLayers * (this.bidirectional ? 2 : 1));
    return Array.from({ length: weights.length / width }, (_, i) =>
      weights.slice(i * width, (i + 1) * width),
    );
  }

  /**
   * Puts the parameters one after the other in memory, as cuDNN wants them. Done by itself; nothing happens
   * unless they are on a CUDA device.
   */
  flattenParameters(): void {
    const weights = this.flatWeights;
    const [first] = weights;
    if (first === undefined) return;
    for (const weight of weights) {
      if (!weight.isCuda || weight.dtype !== first.dtype || !weight.dtype.isFloatingPoint) return;
    }
    if (new Set(weights.map((weight) => weight.dataPtr())).size !== weights.length) return;
    noGrad(() =>
      aten
        ._cudnn_rnn_flatten_weight(
          weights,
          (this.bias ? 4 : 2) + (this.projSize > 0 ? 1 : 0),
          this.inputSize,
          cudnnModes[this.mode],
          this.hiddenSize,
          this.projSize,
          this.numLayers,
          this.batchFirst,
          this.bidirectional,
        )
        .dispose(),
    );
  }

  protected override _apply(fn: (tensor: Tensor) => Tensor): this {
    super._apply(fn);
    this.flattenParameters();
    return this;
  }

  /** What is wrong with an input that has neither two nor three dimensions. */
  protected wrongInput(dims: number): string {
    return `${this.constructor.name}: Expected input to be 2D or 3D, got ${dims}D instead`;
  }

  /** The input as a batch. */
  protected batchOf(given: Tensor | PackedSequence): Batch {
    if (given instanceof PackedSequence) {
      const { data, batchSizes, sortedIndices, unsortedIndices } = given;
      const size = Number(batchSizes.select(0, 0).item());
      return { input: data, batchSizes, sortedIndices, unsortedIndices, size, addedDim: null };
    }
    const dims = given.dim();
    if (dims !== 2 && dims !== 3) throw new RangeError(this.wrongInput(dims));
    const addedDim = dims === 3 ? null : this.batchFirst ? 0 : 1;
    const input = addedDim === null ? given : given.unsqueeze(addedDim);
    const size = input.size(this.batchFirst ? 0 : 1);
    return { input, batchSizes: null, sortedIndices: null, unsortedIndices: null, size, addedDim };
  }

  /** The shape of a state whose vectors have `size` elements. */
  protected stateShape(batch: Batch, size: number): number[] {
    return [this.numLayers * (this.bidirectional ? 2 : 1), batch.size, size];
  }

  protected zeroState({ input }: Batch, shape: number[]): Tensor {
    return zeros(shape, { dtype: input.dtype, device: input.device });
  }

  /** @throws RangeError or TorchError if the input does not fit the parameters. */
  protected checkInput({ input, batchSizes }: Batch): void {
    const { dtype } = this.weight_ih_l0;
    if (input.dtype !== dtype) {
      throw new RangeError(
        `RNN input dtype (${String(input.dtype)}) does not match weight dtype (${String(dtype)}). Convert input: ` +
          `input.to(${String(dtype)}), or convert model: model.to(${String(input.dtype)})`,
      );
    }
    const expected = batchSizes === null ? 3 : 2;
    if (input.dim() !== expected)
      throw new TorchError(`input must have ${expected} dimensions, got ${input.dim()}`);
    if (input.size(-1) !== this.inputSize) {
      throw new TorchError(
        `input.size(-1) must be equal to input_size. Expected ${this.inputSize}, got ${input.size(-1)}`,
      );
    }
  }

  /** @throws TorchError if a state does not have the shape that it should. */
  protected checkState(name: string, state: Tensor, expected: readonly number[]): void {
    const { shape } = state;
    if (shape.length === expected.length && shape.every((size, i) => size === expected[i])) return;
    throw new TorchError(`Expected ${name} size ${formatTuple(expected)}, got [${shape.join(', ')}]`);
  }

  /** The output as the input was: packed, or without the batch dimension. */
  protected outputOf(batch: Batch, output: Tensor): Tensor | PackedSequence {
    const { batchSizes, sortedIndices, unsortedIndices, addedDim } = batch;
    if (batchSizes !== null) return new PackedSequence(output, batchSizes, sortedIndices, unsortedIndices);
    return addedDim === null ? output : output.squeeze(addedDim);
  }

  /** A state as the input was: in its order, or without the batch dimension. */
  protected stateOf({ unsortedIndices, addedDim }: Batch, state: Tensor): Tensor {
    const squeezed = addedDim === null ? state : state.squeeze(1);
    return permuted(squeezed, unsortedIndices);
  }

  override extraRepr(): string {
    let text = `${this.inputSize}, ${this.hiddenSize}`;
    if (this.projSize !== 0) text += `, proj_size=${this.projSize}`;
    if (this.numLayers !== 1) text += `, num_layers=${this.numLayers}`;
    if (!this.bias) text += `, bias=${formatBool(this.bias)}`;
    if (this.batchFirst) text += `, batch_first=${formatBool(this.batchFirst)}`;
    if (this.dropout !== 0) text += `, dropout=${formatFloat(this.dropout)}`;
    if (this.bidirectional) text += `, bidirectional=${formatBool(this.bidirectional)}`;
    return text;
  }
}

function permuted(state: Tensor, permutation: Tensor | null): Tensor {
  return permutation === null ? state : state.indexSelect(1, permutation);
}

// biome-ignore lint/correctness/noUnusedVariables: it merges with the class, whose instances are callable.
interface SingleStateRNN {
  (input: Tensor, hx?: Tensor | null): [output: Tensor, h: Tensor];
  (input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, h: Tensor];
}

/** What {@link RNN} and {@link GRU} share: one state. */
abstract class SingleStateRNN extends RNNBase {
  protected abstract get kernel(): typeof aten.gru;

  forward(input: Tensor, hx?: Tensor | null): [output: Tensor, h: Tensor];
  forward(input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, h: Tensor];
  forward(given: Tensor | PackedSequence, hx: Tensor | null = null): [Tensor | PackedSequence, Tensor] {
    return tidy(() => {
      const batch = this.batchOf(given);
      const shape = this.stateShape(batch, this.hiddenSize);
      const state = hx === null ? this.zeroState(batch, shape) : this.given(batch, hx);
      this.checkInput(batch);
      this.checkState('hidden', state, shape);
      const { input, batchSizes } = batch;
      const { kernel, flatWeights, bias, numLayers, dropout, training, bidirectional, batchFirst } = this;
      const [output, last] =
        batchSizes === null
          ? kernel.input(
              input,
              state,
              flatWeights,
              bias,
              numLayers,
              dropout,
              training,
              bidirectional,
              batchFirst,
            )
          : kernel.data(
              input,
              batchSizes,
              state,
              flatWeights,
              bias,
              numLayers,
              dropout,
              training,
              bidirectional,
            );
      return [this.outputOf(batch, output), this.stateOf(batch, last)];
    });
  }

  private given({ batchSizes, sortedIndices, addedDim }: Batch, hx: Tensor): Tensor {
    const dims = hx.dim();
    if (addedDim !== null) {
      if (dims !== 2) {
        throw new TorchError(`For unbatched 2-D input, hx should also be 2-D but got ${dims}-D tensor`);
      }
      return hx.unsqueeze(1);
    }
    if (batchSizes === null && dims !== 3) {
      throw new TorchError(`For batched 3-D input, hx should also be 3-D but got ${dims}-D tensor`);
    }
    return permuted(hx, sortedIndices);
  }
}

/**
 * An Elman network: `hₜ = tanh(W_ih xₜ + b_ih + W_hh hₜ₋₁ + b_hh)`, or with `relu`.
 *
 * Shapes: input `(L, N, in)`, `(N, L, in)` with `batchFirst`, or `(L, in)`, or a `PackedSequence`; state
 * `(layers · directions, N, hidden)`, zeros by default; output `(L, N, directions · hidden)`.
 *
 * `new RNN(inputSize, hiddenSize, numLayers = 1, bias = true, batchFirst = false, dropout = 0, bidirectional
 * = false, device = null, dtype = null, nonlinearity = 'tanh')`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.RNN.html
 */
export class RNN extends SingleStateRNN {
  declare nonlinearity: 'tanh' | 'relu';

  constructor(inputSize: number, hiddenSize: number, ...rest: RecurrentRest<RNNOptions>) {
    const { nonlinearity, ...options } = bind('RNN', rnnDefaults, rest);
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw new RangeError(`Unknown nonlinearity '${String(nonlinearity)}'. Select from 'tanh' or 'relu'.`);
    }
    super(nonlinearity === 'tanh' ? 'RNN_TANH' : 'RNN_RELU', inputSize, hiddenSize, {
      ...options,
      projSize: 0,
    });
    this.nonlinearity = nonlinearity;
  }

  protected override get kernel(): typeof aten.gru {
    return this.mode === 'RNN_TANH' ? aten.rnn_tanh : aten.rnn_relu;
  }

  protected override wrongInput(dims: number): string {
    return `RNN: Expected input to be 2D or 3D, got ${dims}D tensor instead`;
  }
}

/**
 * Gated recurrent units.
 *
 * Shapes: as in {@link RNN}; weights `(3 · hidden, …)`, the gates in the order reset, update, new.
 *
 * `new GRU(inputSize, hiddenSize, numLayers = 1, bias = true, batchFirst = false, dropout = 0, bidirectional
 * = false, device = null, dtype = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.GRU.html
 */
export class GRU extends SingleStateRNN {
  constructor(inputSize: number, hiddenSize: number, ...rest: RecurrentRest<RecurrentOptions>) {
    super('GRU', inputSize, hiddenSize, { ...bind('GRU', recurrentDefaults, rest), projSize: 0 });
  }

  protected override get kernel(): typeof aten.gru {
    return aten.gru;
  }
}

export interface LSTM {
  (input: Tensor, hx?: LSTMState | null): [output: Tensor, state: LSTMState];
  (input: PackedSequence, hx?: LSTMState | null): [output: PackedSequence, state: LSTMState];
}

/**
 * Long short-term memory.
 *
 * Shapes: input `(L, N, in)`, `(N, L, in)` with `batchFirst`, or `(L, in)`, or a `PackedSequence`; state `[h,
 * c]`, each `(layers · directions, N, hidden)`, zeros by default; output `(L, N, directions · hidden)`. With
 * `projSize`, h and the output have that size. Weights `(4 · hidden, …)`, the gates in the order input,
 * forget, cell, output.
 *
 * ```ts
 * const lstm = new nn.LSTM(10, 20, { numLayers: 2, bidirectional: true, batchFirst: true });
 * const [output, [h, c]] = lstm(torch.randn([4, 7, 10]));
 * ```
 *
 * `new LSTM(inputSize, hiddenSize, numLayers = 1, bias = true, batchFirst = false, dropout = 0, bidirectional
 * = false, projSize = 0, device = null, dtype = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.LSTM.html
 */
export class LSTM extends RNNBase {
  constructor(inputSize: number, hiddenSize: number, ...rest: RecurrentRest<LSTMOptions>) {
    super('LSTM', inputSize, hiddenSize, bind('LSTM', lstmDefaults, rest));
  }

  forward(input: Tensor, hx?: LSTMState | null): [output: Tensor, state: LSTMState];
  forward(input: PackedSequence, hx?: LSTMState | null): [output: PackedSequence, state: LSTMState];
  forward(given: Tensor | PackedSequence, hx: LSTMState | null = null): [Tensor | PackedSequence, LSTMState] {
    return tidy(() => {
      const batch = this.batchOf(given);
      const hShape = this.stateShape(batch, this.projSize > 0 ? this.projSize : this.hiddenSize);
      const cShape = this.stateShape(batch, this.hiddenSize);
      const state =
        hx === null ? [this.zeroState(batch, hShape), this.zeroState(batch, cShape)] : this.#given(batch, hx);
      const [h, c] = state as LSTMState;
      if (batch.batchSizes === null) {
        this.checkInput(batch);
        this.checkState('hidden[0]', h, hShape);
        this.checkState('hidden[1]', c, cShape);
      }
      const { input, batchSizes } = batch;
      const { flatWeights, bias, numLayers, dropout, training, bidirectional, batchFirst } = this;
      const [output, lastH, lastC] =
        batchSizes === null
          ? aten.lstm.input(
              input,
              state,
              flatWeights,
              bias,
              numLayers,
              dropout,
              training,
              bidirectional,
              batchFirst,
            )
          : aten.lstm.data(
              input,
              batchSizes,
              state,
              flatWeights,
              bias,
              numLayers,
              dropout,
              training,
              bidirectional,
            );
      return [this.outputOf(batch, output), [this.stateOf(batch, lastH), this.stateOf(batch, lastC)]];
    });
  }

  #given({ batchSizes, sortedIndices, addedDim }: Batch, hx: LSTMState): Tensor[] {
    if (!Array.isArray(hx) || hx.length !== 2)
      throw new TypeError('LSTM: hx should be an array of two tensors, [h, c]');
    const [h, c] = [hx[0].dim(), hx[1].dim()];
    if (addedDim !== null) {
      if (h !== 2 || c !== 2) {
        throw new TorchError(
          `For unbatched 2-D input, hx and cx should also be 2-D but got (${h}-D, ${c}-D) tensors`,
        );
      }
      return hx.map((state) => state.unsqueeze(1));
    }
    if (batchSizes === null && (h !== 3 || c !== 3)) {
      throw new TorchError(
        `For batched 3-D input, hx and cx should also be 3-D but got (${h}-D, ${c}-D) tensors`,
      );
    }
    return hx.map((state) => permuted(state, sortedIndices));
  }
}
