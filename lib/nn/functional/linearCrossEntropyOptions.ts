/** How `linearCrossEntropy` cuts its work into pieces. */

import { bool, dataType, int, optional, parameters, text, withDefault } from '../../arguments.js';
import type { DType } from '../../dtype.js';
import { float32 } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';

/** What is kept in the dtype of accumulation: much, what gradients need, or that without a buffer for the weight's. */
export type AccPolicy = 'accurate' | 'balanced' | 'compact' | 'auto';

/**
 * The `options` of `linearCrossEntropy`.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.LinearCrossEntropyOptions.html
 */
export interface LinearCrossEntropyOptions {
  /** Whether `backward` may run a second time. Default: `false`. */
  allowRetainGraph?: boolean;
  /** Rows a piece. Default: what `chunkingMethod` says, else all. */
  batchChunkSize?: number | null;
  /** `'aspect_ratio'`, or `'aspect_ratio:N'` for N times as many pieces; `'auto'` chooses. Default: `'auto'`. */
  chunkingMethod?: 'auto' | 'aspect_ratio' | `aspect_ratio:${number}` | null;
  /** Default: `'auto'`, which chooses by device and dtype. */
  accPolicy?: AccPolicy;
  /** The dtype of accumulation. Default: float32 for half precision under `'auto'`, else the input's. */
  accDtype?: DType | null;
}

/** The same with nothing left open. */
export interface Chunking {
  size: number;
  policy: AccPolicy;
  dtype: DType;
  allowRetainGraph: boolean;
}

const read = parameters(
  'LinearCrossEntropyOptions',
  {
    allowRetainGraph: withDefault(bool, false),
    batchChunkSize: optional(int),
    chunkingMethod: withDefault(optional(text<string>()), 'auto'),
    accPolicy: withDefault(text<AccPolicy>(), 'auto'),
    accDtype: optional(dataType),
  },
  0,
);
type Given = ReturnType<typeof read>;

function check({ accPolicy, chunkingMethod, batchChunkSize, accDtype }: Given): void {
  if (!['auto', 'accurate', 'balanced', 'compact'].includes(accPolicy))
    throw new RangeError(`invalid acc_policy: '${accPolicy}'`);
  if (chunkingMethod !== null && chunkingMethod !== 'auto') {
    const [, digits = '1'] = /^aspect_ratio(?::(\d+))?$/.exec(chunkingMethod) ?? [undefined, '0'];
    if (Number(digits) === 0) throw new RangeError(`invalid chunking_method: '${chunkingMethod}'`);
  }
  if (batchChunkSize !== null && batchChunkSize <= 0)
    throw new RangeError(`batch_chunk_size must be positive int or None, got ${batchChunkSize}`);
  if (accDtype !== null && !['float16', 'bfloat16', 'float32', 'float64'].includes(accDtype.name)) {
    throw new RangeError(
      'acc_dtype must be one of {None, torch.float16, torch.bfloat16, torch.float32, torch.float64}, got ' +
        `${accDtype}. Pass acc_dtype=None to let the op pick automatically.`,
    );
  }
}

/** Rows a piece, so that its logits take the memory of the input, or a fraction of it. */
function aspectRatio(method: string, rows: number, features: number, classes: number): number {
  const parts = Number(method.split(':')[1] ?? 1);
  const target = Math.ceil(rows / Math.ceil(classes / features));
  let size = 1;
  while (size < target) size *= 2;
  return Math.min(Math.floor(size / parts), rows);
}

/** @throws RangeError for options that make no sense, or contradict each other. */
export function chunkingOf(options: LinearCrossEntropyOptions, input: Tensor, weight: Tensor): Chunking {
  const given = read([options]);
  check(given);
  const { batchChunkSize, accDtype } = given;
  const [rows, features] = input.shape as [number, number];
  const { dtype } = input;
  const isHalf = dtype.name === 'float16' || dtype.name === 'bfloat16';
  const { type } = input.device;
  const onCpu = type === 'cpu' && isHalf;
  const policy = given.accPolicy === 'auto' ? (onCpu ? 'accurate' : 'compact') : given.accPolicy;
  let method = given.chunkingMethod;
  if (method === 'auto' && batchChunkSize !== null) method = null;
  if (method === 'auto') method = onCpu ? 'aspect_ratio' : 'aspect_ratio:2';
  let size = batchChunkSize === null ? rows : Math.min(batchChunkSize, rows);
  if (method !== null) {
    size = aspectRatio(method, rows, features, weight.size(0));
    if (batchChunkSize !== null && batchChunkSize !== size) {
      throw new RangeError(
        `batch_chunk_size (=${batchChunkSize}) and chunking_method ('${method}') give different chunk sizes ` +
          `(${batchChunkSize} vs ${size}); pass only one.`,
      );
    }
  }
  const wide = given.accPolicy === 'auto' && isHalf && (type === 'cpu' || type === 'cuda');
  const { allowRetainGraph } = given;
  return { size: Math.max(1, size), policy, dtype: accDtype ?? (wide ? float32 : dtype), allowRetainGraph };
}
