/** What a guard (see guards.ts) looks at: the rules that libtorch relies on without checking. */
import { DType } from '../../dtype.js';
import { ops } from '../../ops.js';
import { Tensor } from '../../tensor.js';

/** An operator's arguments by their registered names, as the caller gave them. */
export type Given = Readonly<Record<string, unknown>>;
/** Why an operator is not called, or undefined where it may be. */
export type Guard = (given: Given) => string | undefined;

export const tensorOf = (value: unknown): Tensor | undefined => (value instanceof Tensor ? value : undefined);
export const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
export const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
export const numbersOf = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value ?? 1]).map(Number);

export function first(...guards: Guard[]): Guard {
  return (given) => {
    for (const guard of guards) {
      const problem = guard(given);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

/** Divides by these. */
export const positive =
  (...names: string[]): Guard =>
  (given) => {
    const name = names.find(
      (candidate) => given[candidate] !== undefined && !numbersOf(given[candidate]).every((n) => n > 0),
    );
    return name === undefined ? undefined : `argument '${name}' must be positive`;
  };

export const notNegative =
  (...names: string[]): Guard =>
  (given) => {
    const name = names.find((candidate) => Number(given[candidate] ?? 0) < 0);
    return name === undefined ? undefined : `argument '${name}' must not be negative`;
  };

/** Takes the first of a list, or the second. */
export const atLeast =
  (count: number, ...names: string[]): Guard =>
  (given) => {
    // A number stands for a list of the length that is wanted.
    const name = names.find(
      (candidate) => Array.isArray(given[candidate]) && given[candidate].length < count,
    );
    return name === undefined ? undefined : `argument '${name}' must have at least ${count} elements`;
  };

/** Looks up sizes and strides by these dimensions, as they are, each once. */
export const dimensions =
  (...names: string[]): Guard =>
  (given) => {
    const tensor = tensorOf(given.self);
    if (tensor === undefined) return undefined;
    const { ndim } = tensor;
    for (const name of names) {
      const wrong = numbersOf(given[name]).find((dim) => !(dim >= 0 && dim < ndim));
      if (wrong !== undefined)
        return `argument '${name}': dimension ${wrong} is not among the ${ndim} of the tensor`;
      if (new Set(numbersOf(given[name])).size < lengthOf(given[name]))
        return `argument '${name}' names a dimension twice`;
    }
    return undefined;
  };

/** Reads an array of one type whatever the tensor's. */
export const shaped =
  (name: string, ndim: number, dtype?: string): Guard =>
  (given) => {
    const tensor = tensorOf(given[name]);
    if (tensor === undefined) return undefined;
    if (tensor.ndim !== ndim) return `argument '${name}' must have ${ndim} dimensions, not ${tensor.ndim}`;
    if (dtype === undefined || tensor.dtype.name === dtype) return undefined;
    return `argument '${name}' must be of ${dtype}, not ${tensor.dtype.name}`;
  };

export function outOfRange(name: string, indices: Tensor, limit: number): string | undefined {
  if (indices.isMeta || indices.dtype.isFloatingPoint || indices.dtype.isComplex) return undefined;
  for (const index of indices.toTypedArray()) {
    if (index < 0 || index >= limit) return `argument '${name}': index ${index} is out of range of ${limit}`;
  }
  return undefined;
}

/** Writes at places that the elements name. */
export const indicesBelow =
  (indices: string, size: string): Guard =>
  (given) => {
    const tensor = tensorOf(given[indices]);
    return tensor === undefined ? undefined : outOfRange(indices, tensor, Number(given[size]));
  };

/** Writes its own type into `out`, whatever that is. */
export const outOfType =
  (source: string, out = 'out'): Guard =>
  (given) => {
    const [from, to] = [tensorOf(given[source]), tensorOf(given[out])];
    if (from === undefined || to === undefined || from.dtype === to.dtype) return undefined;
    return `argument '${out}' must be of ${from.dtype}, not ${to.dtype}`;
  };

/** Elements from the first to the last, both included. */
const span = (lengths: readonly number[], steps: readonly number[]): number =>
  lengths.includes(0) ? 0 : lengths.reduce((sum, length, i) => sum + (length - 1) * (steps[i] as number), 1);

/** Looks at memory by sizes and strides that may lead beyond it. */
export const stridesWithin: Guard = (given) => {
  const tensor = tensorOf(given.self);
  if (tensor === undefined || tensor.layout.name !== 'strided')
    return tensor === undefined ? undefined : "argument 'self' must be dense";
  const [sizes, strides] = [numbersOf(given.size), numbersOf(given.stride)];
  if (sizes.length !== strides.length || [...sizes, ...strides].some((n) => !(n >= 0)))
    return 'sizes and strides must be as many, and not negative';
  // What is taken from a pool is of a dtype and an offset of its own, in bytes.
  const itemsize = given.dtype instanceof DType ? given.dtype.itemsize : tensor.dtype.itemsize;
  const offset = Number(given.offset_bytes ?? Number(given.offset_increment ?? 0) * itemsize);
  const wanted = span(sizes, strides) * itemsize + offset;
  const there = span(tensor.shape, tensor.stride()) * tensor.dtype.itemsize;
  return wanted <= there ? undefined : `sizes and strides reach over ${wanted} bytes of ${there}`;
};

/** Reads strides or data that such a tensor has not. */
export const dense =
  (...names: string[]): Guard =>
  (given) => {
    const name = names.find((candidate) => {
      const tensor = tensorOf(given[candidate]);
      return tensor !== undefined && (tensor.layout.name !== 'strided' || tensor.dtype.name.startsWith('q'));
    });
    return name === undefined ? undefined : `argument '${name}' must be a dense tensor that is not quantized`;
  };

const hasNoMemory = (tensor: Tensor): boolean => ops.aten._is_zerotensor<boolean>(tensor);

/** Takes the elements as if they lay one after the other, and were there. */
export const contiguous =
  (...names: string[]): Guard =>
  (given) => {
    const name = names.find((candidate) => {
      const tensor = tensorOf(given[candidate]);
      if (tensor === undefined) return false;
      return tensor.layout.name !== 'strided' || !tensor.isContiguous() || hasNoMemory(tensor);
    });
    return name === undefined ? undefined : `argument '${name}' must be contiguous`;
  };

/** Takes the memory of a tensor of zeros, which has none. */
export const withMemory =
  (name: string): Guard =>
  (given) => {
    const tensor = tensorOf(given[name]);
    return tensor !== undefined && hasNoMemory(tensor) ? `argument '${name}' has no memory` : undefined;
  };

/** Takes the memory of a tensor that has only a shape. */
export const notMeta =
  (...names: string[]): Guard =>
  (given) => {
    const name = names.find((candidate) => tensorOf(given[candidate])?.isMeta === true);
    return name === undefined ? undefined : `argument '${name}' must have elements, not only a shape`;
  };

/** Walks these side by side, as if they had one shape. */
export const sameShape =
  (...names: string[]): Guard =>
  (given) => {
    const [first, ...others] = names.filter((name) => tensorOf(given[name]) !== undefined);
    const shape = first === undefined ? '' : (given[first] as Tensor).shape.join();
    const other = others.find((name) => (given[name] as Tensor).shape.join() !== shape);
    return other === undefined ? undefined : `arguments '${first}' and '${other}' must have one shape`;
  };

/** Reads all of these as the type of the first. */
export const sameDtype =
  (...names: string[]): Guard =>
  (given) => {
    const [first, ...others] = names.filter((name) => tensorOf(given[name]) !== undefined);
    const other = others.find(
      (name) => (given[name] as Tensor).dtype !== (given[first as string] as Tensor).dtype,
    );
    return other === undefined ? undefined : `arguments '${first}' and '${other}' must be of one dtype`;
  };

/** Walks these side by side in all dimensions but the last `spatial`. */
export const sameBatches =
  (spatial: number, ...names: string[]): Guard =>
  (given) => {
    const tensors = names.map((name) => tensorOf(given[name])).filter((tensor) => tensor !== undefined);
    const [first, ...others] = tensors.map(({ shape }) => shape);
    if (first === undefined) return undefined;
    const batches = first.slice(0, -spatial).join();
    const fits = others.every(
      (shape) => shape.length === first.length && shape.slice(0, -spatial).join() === batches,
    );
    return fits && first.length > spatial
      ? undefined
      : `arguments '${names.join("', '")}' must agree in all but the last ${spatial} of their dimensions`;
  };

/** Takes the elements as they lie, whether there are any or not. */
export const notEmpty =
  (...names: string[]): Guard =>
  (given) => {
    const name = names.find((candidate) => tensorOf(given[candidate])?.numel() === 0);
    return name === undefined ? undefined : `argument '${name}' must have elements`;
  };

/** Asks a nested tensor for sizes that it has not. */
export const notNested =
  (...names: string[]): Guard =>
  (given) => {
    const name = names.find((candidate) => tensorOf(given[candidate])?.isNested === true);
    return name === undefined ? undefined : `argument '${name}' must not be a nested tensor`;
  };

/** Multiplies offset, sizes and strides by the size of an element in 64 bits, and so takes one that is far too large for a small one. */
export const offsetInMemory: Guard = (given) => {
  for (const name of ['storage_offset', 'size', 'stride']) {
    const value = given[name];
    const numbers = Array.isArray(value) ? value : [value];
    if (numbers.some((n) => (typeof n === 'number' || typeof n === 'bigint') && n >= 2 ** 48))
      return `argument '${name}' must be below 2^48`;
  }
  return undefined;
};
