/** Indexing: `x.at(...)`, `x.setAt([...], value)`. See {@link TensorIndex} for the notation. */
export type { IndexingMethods, IndexPutOptions } from './methods.js';
export { Slice, type SliceBound, type SliceText, slice } from './slice.js';
export type { IndexList, TensorIndex, TensorValue } from './types.js';
