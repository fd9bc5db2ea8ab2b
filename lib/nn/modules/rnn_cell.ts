import { bind, type Rest } from '../../arguments.js';
import type { DeviceLike } from '../../device.js';
import type { DType } from '../../dtype.js';
import { zeros } from '../../functions.js';
import { tidy } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { aten } from '../aten.js';
import { formatBool } from '../format.js';
import * as init from '../init.js';
import type { Parameter } from '../parameter.js';
import { emptyParameter, type Factory } from './factory.js';
import { Module } from './module.js';
import type { LSTMState } from './rnn.js';

/** Options of the recurrent cells. */
export interface RNNCellOptions {
  /** Whether biases are learned. Default: `true`. */
  bias?: boolean;
  /** Where the parameters lie. Default: the default device. */
  device?: DeviceLike | null;
  /** The parameters' dtype. Default: the default dtype. */
  dtype?: DType | null;
}

type CellRest = Rest<[bias: boolean], RNNCellOptions>;
const defaults: Required<RNNCellOptions> = Object.freeze({ bias: true, device: null, dtype: null });

function checkDims(cell: string, what: string, tensor: Tensor): void {
  const dims = tensor.dim();
  if (dims !== 1 && dims !== 2) {
    throw new RangeError(`${cell}: Expected ${what} to be 1D or 2D, got ${dims}D instead`);
  }
}

/** What the recurrent cells share. */
export abstract class RNNCellBase extends Module {
  declare inputSize: number;
  declare hiddenSize: number;
  declare bias: boolean;
  declare weight_ih: Parameter;
  declare weight_hh: Parameter;
  declare bias_ih: Parameter | null;
  declare bias_hh: Parameter | null;

  protected constructor(
    inputSize: number,
    hiddenSize: number,
    { bias, ...factory }: Factory & { bias: boolean },
    chunks: number,
  ) {
    super();
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.bias = bias;
    this.weight_ih = emptyParameter([chunks * hiddenSize, inputSize], factory);
    this.weight_hh = emptyParameter([chunks * hiddenSize, hiddenSize], factory);
    this.bias_ih = bias ? emptyParameter([chunks * hiddenSize], factory) : null;
    this.bias_hh = bias ? emptyParameter([chunks * hiddenSize], factory) : null;
    this.resetParameters();
  }

  /** Draws the initial values anew, all from U(-1/√hidden, 1/√hidden). */
  resetParameters(): void {
    const bound = this.hiddenSize > 0 ? 1 / Math.sqrt(this.hiddenSize) : 0;
    for (const parameter of this.parameters()) init.uniform_(parameter, -bound, bound);
  }

  protected zeroState(input: Tensor): Tensor {
    return zeros([input.size(0), this.hiddenSize], { dtype: input.dtype, device: input.device });
  }

  override extraRepr(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.bias ? '' : `, bias=${formatBool(false)}`}`;
  }
}

/** What {@link RNNCell} and {@link GRUCell} share: one state. */
abstract class SingleStateCell extends RNNCellBase {
  protected abstract step(input: Tensor, hx: Tensor): Tensor;

  forward(input: Tensor, hx: Tensor | null = null): Tensor {
    const name = this.constructor.name;
    checkDims(name, 'input', input);
    if (hx !== null) checkDims(name, 'hidden', hx);
    return tidy(() => {
      if (input.dim() === 2) return this.step(input, hx ?? this.zeroState(input));
      const batch = input.unsqueeze(0);
      return this.step(batch, hx?.unsqueeze(0) ?? this.zeroState(batch)).squeeze(0);
    });
  }
}

const rnnDefaults: Required<RNNCellOptions> & { nonlinearity: 'tanh' | 'relu' } = Object.freeze({
  bias: true,
  nonlinearity: 'tanh',
  device: null,
  dtype: null,
});

/**
 * One step of an Elman network: `tanh(W_ih x + b_ih + W_hh h + b_hh)`, or with `relu`.
 *
 * Shapes: input `(N, in)` or `(in)`, state and result `(N, hidden)` or `(hidden)`; the state is zeros by
 * default.
 *
 * `new RNNCell(inputSize, hiddenSize, bias = true, nonlinearity = 'tanh', device = null, dtype = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.RNNCell.html
 */
export class RNNCell extends SingleStateCell {
  declare nonlinearity: 'tanh' | 'relu';

  constructor(
    inputSize: number,
    hiddenSize: number,
    ...rest: Rest<
      [bias: boolean, nonlinearity: 'tanh' | 'relu'],
      RNNCellOptions & { nonlinearity?: 'tanh' | 'relu' }
    >
  ) {
    const { nonlinearity, ...options } = bind('RNNCell', rnnDefaults, rest);
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw new RangeError(`Unknown nonlinearity: ${String(nonlinearity)}`);
    }
    super(inputSize, hiddenSize, options, 1);
    this.nonlinearity = nonlinearity;
  }

  protected override step(input: Tensor, hx: Tensor): Tensor {
    const { weight_ih, weight_hh, bias_ih, bias_hh } = this;
    const cell = this.nonlinearity === 'tanh' ? aten.rnn_tanh_cell : aten.rnn_relu_cell;
    return cell(input, hx, weight_ih, weight_hh, bias_ih, bias_hh);
  }

  override extraRepr(): string {
    return super.extraRepr() + (this.nonlinearity === 'tanh' ? '' : `, nonlinearity=${this.nonlinearity}`);
  }
}

/**
 * One step of a GRU. Shapes as in {@link RNNCell}; weights `(3 · hidden, …)`.
 *
 * `new GRUCell(inputSize, hiddenSize, bias = true, device = null, dtype = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.GRUCell.html
 */
export class GRUCell extends SingleStateCell {
  constructor(inputSize: number, hiddenSize: number, ...rest: CellRest) {
    super(inputSize, hiddenSize, bind('GRUCell', defaults, rest), 3);
  }

  protected override step(input: Tensor, hx: Tensor): Tensor {
    const { weight_ih, weight_hh, bias_ih, bias_hh } = this;
    return aten.gru_cell(input, hx, weight_ih, weight_hh, bias_ih, bias_hh);
  }
}

/**
 * One step of an LSTM. Shapes as in {@link RNNCell}; the state and the result are `[h, c]`; weights `(4 ·
 * hidden, …)`.
 *
 * `new LSTMCell(inputSize, hiddenSize, bias = true, device = null, dtype = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.LSTMCell.html
 */
export class LSTMCell extends RNNCellBase {
  constructor(inputSize: number, hiddenSize: number, ...rest: CellRest) {
    super(inputSize, hiddenSize, bind('LSTMCell', defaults, rest), 4);
  }

  forward(input: Tensor, hx: LSTMState | null = null): LSTMState {
    checkDims('LSTMCell', 'input', input);
    if (hx !== null) for (const [i, state] of hx.entries()) checkDims('LSTMCell', `hx[${i}]`, state);
    const { weight_ih, weight_hh, bias_ih, bias_hh } = this;
    return tidy(() => {
      const batched = input.dim() === 2;
      const batch = batched ? input : input.unsqueeze(0);
      let state: Tensor[];
      if (hx === null) {
        const zero = this.zeroState(batch);
        state = [zero, zero];
      } else {
        state = batched ? hx : hx.map((tensor) => tensor.unsqueeze(0));
      }
      const [h, c] = aten.lstm_cell(batch, state, weight_ih, weight_hh, bias_ih, bias_hh);
      return batched ? [h, c] : [h.squeeze(0), c.squeeze(0)];
    });
  }
}
