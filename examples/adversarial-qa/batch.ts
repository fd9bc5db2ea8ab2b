import { bool, fromTypedArray, type Tensor } from 'litorch';
import { FEATURE_COUNT, type SquadBatch } from 'litorch/squad';

/** One batch of B questions as the network takes it: contexts of up to T tokens, questions of up to Q. */
export interface Batch {
  /** `[B, T]` and `[B, Q]`, int64: vocabulary indices, 0 at padding. */
  context: Tensor;
  question: Tensor;
  /** `[B, T]` and `[B, Q]`, bool: true at padding. */
  contextPadding: Tensor;
  questionPadding: Tensor;
  /** `[B, T, FEATURE_COUNT]`, float32. */
  features: Tensor;
  /** `[B]`, int64: the answer's first and last token. */
  starts: Tensor;
  ends: Tensor;
}

/** The batch's arrays as tensors on a device; on the CPU they share the arrays' memory. */
export function toTensors(batch: SquadBatch, device = 'cpu'): Batch {
  const { size, contextWidth, questionWidth } = batch;
  const place = (tensor: Tensor) => (device === 'cpu' ? tensor : tensor.to(device));
  const padding = (array: Uint8Array, width: number) => place(fromTypedArray(array, [size, width]).to(bool));
  return {
    context: place(fromTypedArray(batch.context, [size, contextWidth])),
    question: place(fromTypedArray(batch.question, [size, questionWidth])),
    contextPadding: padding(batch.contextPadding, contextWidth),
    questionPadding: padding(batch.questionPadding, questionWidth),
    features: place(fromTypedArray(batch.features, [size, contextWidth, FEATURE_COUNT])),
    starts: place(fromTypedArray(batch.starts, [size])),
    ends: place(fromTypedArray(batch.ends, [size])),
  };
}
