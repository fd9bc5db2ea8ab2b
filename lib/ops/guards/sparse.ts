/** Indices and pointers of sparse tensors. */
import { type Guard, numbersOf, outOfRange, tensorOf } from './rule.js';

/** Takes the indices as they are; whoever reads the tensor reads and writes there. */
export const sparseIndices: Guard = (given) => {
  const indices = tensorOf(given.indices);
  if (indices === undefined || indices.ndim !== 2)
    return indices === undefined ? undefined : "argument 'indices' must have 2 dimensions";
  const sizes = numbersOf(given.size);
  for (let dim = 0; dim < indices.size(0); dim++) {
    const problem = outOfRange('indices', indices.select(0, dim), sizes[dim] ?? 0);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

/** Writes as many rows as the last of the pointers says. */
export const rowPointers: Guard = (given) => {
  const [rows, columns] = [tensorOf(given.crow_indices), tensorOf(given.col_indices)];
  if (rows === undefined || columns === undefined) return undefined;
  if (rows.dtype !== columns.dtype || rows.dtype.isFloatingPoint || rows.dtype.isComplex)
    return 'the indices must be integers of one dtype';
  if (
    rows.ndim < 1 ||
    rows.ndim !== columns.ndim ||
    rows.shape.slice(0, -1).join() !== columns.shape.slice(0, -1).join()
  )
    return 'the batches do not fit each other';
  if (rows.isMeta || rows.layout.name !== 'strided' || rows.numel() === 0) return undefined;
  const [pointers, length, count] = [
    Array.from(rows.toTypedArray(), Number),
    rows.size(-1),
    columns.size(-1),
  ];
  for (let i = 0; i < pointers.length; i++) {
    const pointer = pointers[i] as number;
    const previous = i % length === 0 ? 0 : (pointers[i - 1] as number);
    if (pointer < previous || pointer > count)
      return `argument 'crow_indices': pointer ${pointer} is out of range`;
  }
  return undefined;
};
