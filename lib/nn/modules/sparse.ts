import { bind, type Rest } from '../../arguments.js';
import { noGrad } from '../../autograd/index.js';
import type { DeviceLike } from '../../device.js';
import type { DType } from '../../dtype.js';
import { Tensor } from '../../tensor.js';
import { formatBool, formatFloat } from '../format.js';
import * as F from '../functional/sparse.js';
import * as init from '../init.js';
import { Parameter } from '../parameter.js';
import { emptyParameter } from './factory.js';
import { Module } from './module.js';

/** Options of {@link Embedding}. */
export interface EmbeddingLayerOptions extends F.EmbeddingOptions {
  /** Where the table lies. Default: the default device. */
  device?: DeviceLike | null;
  /** The table's dtype. Default: the default dtype. */
  dtype?: DType | null;
  /** The table, instead of one drawn at random; for {@link Embedding.fromPretrained}. @internal */
  _weight?: Tensor | null;
  /** Whether that table is frozen. @internal */
  _freeze?: boolean;
}

/** Options of {@link Embedding.fromPretrained}. */
export interface FromPretrainedOptions extends F.EmbeddingOptions {
  /** Whether the table stays as it is in training. Default: `true`. */
  freeze?: boolean;
}

const defaults: Required<EmbeddingLayerOptions> = Object.freeze({
  paddingIdx: null,
  maxNorm: null,
  normType: 2,
  scaleGradByFreq: false,
  sparse: false,
  device: null,
  dtype: null,
  _weight: null,
  _freeze: false,
});

const pretrainedDefaults: Required<FromPretrainedOptions> = Object.freeze({
  freeze: true,
  paddingIdx: null,
  maxNorm: null,
  normType: 2,
  scaleGradByFreq: false,
  sparse: false,
});

/**
 * A table of vectors, looked up by index; drawn from N(0, 1), the row `paddingIdx` zero.
 *
 * Shapes: input `(*)` of int32 or int64, result `(*, d)`; weight `(V, d)`.
 *
 * `new Embedding(numEmbeddings, embeddingDim, paddingIdx = null, maxNorm = null, normType = 2,
 * scaleGradByFreq = false, sparse = false, device = null, dtype = null)`
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.Embedding.html
 *
 * @throws RangeError if `paddingIdx` is not a row of the table.
 */
export class Embedding extends Module {
  declare numEmbeddings: number;
  declare embeddingDim: number;
  declare paddingIdx: number | null;
  declare maxNorm: number | null;
  declare normType: number;
  declare scaleGradByFreq: boolean;
  declare weight: Parameter;
  declare sparse: boolean;

  constructor(
    numEmbeddings: number,
    embeddingDim: number,
    ...rest: Rest<
      [
        paddingIdx: number | null,
        maxNorm: number | null,
        normType: number,
        scaleGradByFreq: boolean,
        sparse: boolean,
      ],
      EmbeddingLayerOptions
    >
  ) {
    super();
    const options = bind('Embedding', defaults, rest);
    const { paddingIdx, maxNorm, normType, scaleGradByFreq, sparse, _weight, _freeze } = options;
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingIdx === null ? null : F.checkPaddingIdx(paddingIdx, numEmbeddings);
    this.maxNorm = maxNorm;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    if (_weight !== null) {
      this.weight = new Parameter(_weight, { requiresGrad: !_freeze });
    } else {
      this.weight = emptyParameter([numEmbeddings, embeddingDim], options, { requiresGrad: !_freeze });
      this.resetParameters();
    }
    this.sparse = sparse;
  }

  /**
   * An embedding whose table is `embeddings`, with which it shares its memory; frozen unless `freeze` is
   * `false`.
   *
   * @throws RangeError unless `embeddings` has two dimensions.
   */
  static fromPretrained<E extends Embedding>(
    this: new (
      numEmbeddings: number,
      embeddingDim: number,
      options?: EmbeddingLayerOptions,
    ) => E,
    embeddings: Tensor,
    ...rest: Rest<[freeze: boolean, paddingIdx: number | null], FromPretrainedOptions>
  ): E {
    const { freeze, ...options } = bind('Embedding.fromPretrained', pretrainedDefaults, rest);
    if (!(embeddings instanceof Tensor))
      throw new TypeError('Embedding.fromPretrained: embeddings should be a Tensor');
    const [rows, columns, ...more] = embeddings.shape;
    if (rows === undefined || columns === undefined || more.length > 0) {
      throw new RangeError('Embeddings parameter is expected to be 2-dimensional');
    }
    return new this(rows, columns, { ...options, _weight: embeddings, _freeze: freeze });
  }

  /** Draws the initial values anew. */
  resetParameters(): void {
    init.normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx === null) return;
    noGrad(() => {
      const row = this.weight.select(0, paddingIdx);
      row.fill_(0);
      row.dispose();
    });
  }

  forward(input: Tensor): Tensor {
    const { weight, paddingIdx, maxNorm, normType, scaleGradByFreq, sparse } = this;
    return F.embedding(input, weight, paddingIdx, maxNorm, normType, scaleGradByFreq, sparse);
  }

  override extraRepr(): string {
    let text = `${this.numEmbeddings}, ${this.embeddingDim}`;
    if (this.paddingIdx !== null) text += `, padding_idx=${this.paddingIdx}`;
    if (this.maxNorm !== null) text += `, max_norm=${formatFloat(this.maxNorm)}`;
    if (this.normType !== 2) text += `, norm_type=${formatFloat(this.normType)}`;
    if (this.scaleGradByFreq) text += `, scale_grad_by_freq=${formatBool(true)}`;
    if (this.sparse) text += ', sparse=True';
    return text;
  }
}
