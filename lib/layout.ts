/** Layouts and memory formats. See https://docs.pytorch.org/docs/2.13/tensor_attributes.html#torch-layout */
import { Named } from './named.js';

/** How a tensor's elements are stored, such as `torch.strided`. */
export class Layout extends Named {
  declare private readonly layout: true;
}

/** The order of a dense tensor's dimensions in memory, such as `torch.channelsLast`. */
export class MemoryFormat extends Named {
  declare private readonly memoryFormat: true;
}

export const strided = new Layout('strided', 0);
export const sparseCoo = new Layout('sparse_coo', 1);
export const sparseCsr = new Layout('sparse_csr', 2);
export const mkldnn = new Layout('_mkldnn', 3);
export const sparseCsc = new Layout('sparse_csc', 4);
export const sparseBsr = new Layout('sparse_bsr', 5);
export const sparseBsc = new Layout('sparse_bsc', 6);
export const jagged = new Layout('jagged', 7);

const layouts = [strided, sparseCoo, sparseCsr, mkldnn, sparseCsc, sparseBsr, sparseBsc, jagged];

export const contiguousFormat = new MemoryFormat('contiguous_format', 0);
/** The older name of {@link contiguousFormat}. */
export const legacyContiguousFormat = contiguousFormat;
export const preserveFormat = new MemoryFormat('preserve_format', 1);
export const channelsLast = new MemoryFormat('channels_last', 2);
export const channelsLast3d = new MemoryFormat('channels_last_3d', 3);

/** @internal */
export function layoutOf(code: number): Layout {
  const layout = layouts[code];
  if (layout === undefined) throw new TypeError(`libtorch's layout number ${code} is not known`);
  return layout;
}
