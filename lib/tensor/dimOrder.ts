/** The order of a tensor's dimensions in memory. */
import { TorchError } from '../errors.js';
import { channelsLast, MemoryFormat } from '../layout.js';
import { checkOptions } from '../options.js';
import type { Tensor } from '../tensor.js';

/** Options of `Tensor.dimOrder`. */
export interface DimOrderOptions {
  /**
   * Whether a tensor whose dimensions could be ordered in several ways is an error; with a list of memory formats, only
   * where not exactly one of these fits. Default: `false`.
   */
  ambiguityCheck?: boolean | readonly MemoryFormat[];
}

/** Whether a dimension's place cannot be told from the strides. */
function isAmbiguous(shape: readonly number[], strides: readonly number[]): boolean {
  return strides.some((stride, i) => i > 0 && stride === strides[i - 1]) || shape.includes(1);
}

/** Positive where dimension `a` must lie within `b`, negative where around it, 0 where nothing tells. */
function compare(a: number, b: number, shape: readonly number[], strides: readonly number[]): number {
  const [strideA, strideB] = [strides[a] as number, strides[b] as number];
  if (strideA === 0 || strideB === 0) return 0;
  if (strideA !== strideB) return strideA - strideB;
  const [sizeA, sizeB] = [shape[a] as number, shape[b] as number];
  return sizeB !== 0 && sizeA > sizeB ? 1 : 0;
}

export function dimOrder(tensor: Tensor, options: DimOrderOptions): number[] {
  checkOptions('dimOrder', options, ['ambiguityCheck']);
  const { ambiguityCheck = false } = options;
  const formats = Array.isArray(ambiguityCheck) ? (ambiguityCheck as readonly MemoryFormat[]) : [];
  if (
    (typeof ambiguityCheck !== 'boolean' && !Array.isArray(ambiguityCheck)) ||
    !formats.every((format) => format instanceof MemoryFormat)
  ) {
    throw new TypeError('dimOrder(): ambiguityCheck must be a boolean or a list of memory formats');
  }
  if (tensor.layout.name === 'sparse_coo')
    throw new TypeError('dimOrder(): a sparse tensor has no order of dimensions; use toDense() first');
  const shape = tensor.size();
  const strides = tensor.stride();
  if (ambiguityCheck !== false && isAmbiguous(shape, strides)) {
    const fitting = formats.filter((memoryFormat) => tensor.isContiguous({ memoryFormat }));
    if (fitting.length !== 1) {
      throw new TorchError(
        'The tensor does not have unique dim order, or cannot map to exact one of the given memory formats.',
      );
    }
  }
  const order = shape.map((_, dim) => dim);
  if (order.length < 2) return order;
  const isChannelsLast = order.length === 4 && tensor.isContiguous({ memoryFormat: channelsLast });
  const isContiguous = tensor.isContiguous();
  if (isContiguous !== isChannelsLast) return isContiguous ? order : [0, 2, 3, 1];
  order.reverse();
  for (let i = 1; i < order.length; i++) {
    let inner = i;
    for (let outer = i - 1; outer >= 0; outer--) {
      const difference = compare(order[outer] as number, order[inner] as number, shape, strides);
      if (difference < 0) break;
      if (difference === 0) continue;
      [order[outer], order[inner]] = [order[inner] as number, order[outer] as number];
      inner = outer;
    }
  }
  const isOrdered = order.every(
    (dim, i) => i === 0 || compare(order[i - 1] as number, dim, shape, strides) < 0,
  );
  if (ambiguityCheck !== false && !isOrdered)
    throw new TorchError('The tensor does not have unique dim order.');
  return order.reverse();
}
