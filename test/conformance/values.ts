/** litorch's values for the arguments of a sample: tensors with their storage, strides and flags. */
import torch, { type DType, type Tensor } from '../../lib/index.js';
import { camelCase } from '../../lib/ops/names.js';
import type { InputTensor, Place, Sample, Tree } from './protocol.js';

/** A value that has no counterpart in JavaScript or in the stream. */
export class Unsupported extends Error {}

const exported = torch as unknown as Record<string, unknown>;

/** `torch.float32`, `torch.sparseCoo`, ... by PyTorch's name. */
function named(name: string): unknown {
  const value = exported[name] ?? exported[camelCase(name)];
  if (value === undefined) throw new Unsupported(`torch.${name}`);
  return value;
}

export const dtypeNamed = (name: string): DType => named(name) as DType;

/** What calling a module of `torch.nn` with its defaults does. */
function moduleNamed(name: string): unknown {
  if (name !== 'PairwiseDistance') throw new Unsupported(`torch.nn.${name}`);
  return (a: Tensor, b: Tensor): Tensor => torch.nn.functional.pairwiseDistance(a, b);
}

const tuples = new WeakSet<object>();

/** Whether an array was a tuple in Python, which an index distinguishes from a list. */
export function isTuple(value: unknown): value is unknown[] {
  return Array.isArray(value) && tuples.has(value);
}

/** A number that is not finite, or of which JSON loses the sign. */
export function floatOf(value: number | string): number {
  if (typeof value === 'number') return value;
  const special: Record<string, number> = {
    nan: Number.NaN,
    inf: Number.POSITIVE_INFINITY,
    '-inf': Number.NEGATIVE_INFINITY,
    '-0': -0,
  };
  return special[value] as number;
}

/** A copy whose memory begins where any element may begin. */
function aligned(bytes: Buffer, [offset, length]: Place): Uint8Array {
  const copy = new Uint8Array(length);
  copy.set(bytes.subarray(offset, offset + length));
  return copy;
}

export class Arguments {
  private readonly storages: (Tensor | undefined)[] = [];
  private readonly built: (Tensor | undefined)[] = [];
  /** Integral floats in Scalar places are passed as 0-dim tensors, which keep being floats. */
  private readonly marksFloats: boolean;

  constructor(
    private readonly sample: Sample,
    private readonly bytes: Buffer,
  ) {
    const dtypes = sample.tensors.map((tensor) => tensor.d);
    this.marksFloats = dtypes.length === 0 || dtypes.some((name) => /^u?int|^bool/.test(name));
  }

  /** The positional arguments. */
  args(): unknown[] {
    return this.sample.args.map((tree) => this.value(tree));
  }

  /** The keyword arguments, under Python's names. */
  kwargs(): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const [key, tree] of Object.entries(this.sample.kwargs)) result[key] = this.value(tree);
    return result;
  }

  value(tree: Tree): unknown {
    if (tree === null || typeof tree !== 'object') return tree;
    if ('T' in tree) return this.tensor(tree.T);
    if ('i' in tree) return typeof tree.i === 'string' ? BigInt(tree.i) : tree.i;
    if ('f' in tree) return this.float(floatOf(tree.f), tree.scalar === true);
    if ('c' in tree) {
      const [re, im] = tree.c.map((part) => Number(plainNumber(part)));
      return { re, im };
    }
    if ('l' in tree) return tree.l.map((item) => this.value(item));
    if ('t' in tree) return this.tuple(tree.t);
    if ('d' in tree) return Object.fromEntries(tree.d.map(([key, item]) => [key, this.value(item)]));
    if ('options' in tree) {
      return Object.fromEntries(tree.options.map(([key, item]) => [camelCase(key), this.value(item)]));
    }
    if ('module' in tree) return moduleNamed(tree.module);
    if ('dtype' in tree) return named(tree.dtype);
    if ('layout' in tree) return named(tree.layout);
    if ('memoryFormat' in tree) return named(tree.memoryFormat);
    if ('device' in tree) return torch.device(tree.device as 'cpu');
    if ('generator' in tree) return new torch.Generator().setState(this.value(tree.generator) as Tensor);
    if ('slice' in tree) return this.slice(tree.slice.map((part) => this.value(part)));
    if ('ellipsis' in tree) return '...';
    throw new Unsupported('u' in tree ? tree.u : JSON.stringify(tree));
  }

  private tuple(items: readonly Tree[]): unknown[] {
    const result = items.map((item) => this.value(item));
    tuples.add(result);
    return result;
  }

  private slice(parts: unknown[]): unknown {
    const make = exported.slice as ((...parts: unknown[]) => unknown) | undefined;
    if (make === undefined) throw new Unsupported('torch.slice');
    return make(...parts);
  }

  /**
   * A float. JavaScript cannot tell 2.0 from 2, so where it matters a tensor without dimensions carries it: of float32,
   * which takes part in type promotion as a Python float does, if that holds the value.
   */
  private float(value: number, isScalar: boolean): unknown {
    const lost = Object.is(value, -0) || (Number.isInteger(value) && this.marksFloats);
    if (!isScalar || !lost) return value;
    const dtype = Math.fround(value) === value ? torch.float32 : torch.float64;
    return torch.tensor(value, { dtype });
  }

  tensor(index: number): Tensor {
    const known = this.built[index];
    if (known !== undefined) return known;
    const made = this.flagged(this.sample.tensors[index] as InputTensor);
    this.built[index] = made;
    return made;
  }

  private flagged(entry: InputTensor): Tensor {
    if (entry.unsupported) throw new Unsupported(`a tensor of class ${entry.unsupported}`);
    let result = this.plain(entry);
    if (entry.conj) result = result.conj().detach();
    if (entry.neg) result = torch.ops.aten._neg_view(result).detach();
    if (!entry.g) return result;
    result.requiresGrad = true;
    return entry.leaf ? result : result.clone();
  }

  private plain(entry: InputTensor): Tensor {
    const dtype = dtypeNamed(entry.d);
    const shape = entry.s as number[];
    if (entry.device !== undefined) return torch.empty(shape, { dtype, device: entry.device as 'meta' });
    if (entry.parts !== undefined) return this.sparse(entry, entry.parts, shape);
    const storage = this.storage(entry.b as number, dtype);
    return torch.empty([0], { dtype }).set_(storage, entry.o as number, shape, entry.st as number[]);
  }

  /** A storage as a flat tensor of the dtype wanted; all such tensors share their memory. */
  private storage(index: number, dtype: DType): Tensor {
    let bytes = this.storages[index];
    if (bytes === undefined) {
      bytes = torch.tensor(aligned(this.bytes, this.sample.storages[index] as Place));
      this.storages[index] = bytes;
    }
    const odd = bytes.numel() % dtype.itemsize;
    const whole = odd === 0 ? bytes : bytes.narrow(0, 0, bytes.numel() - odd);
    return whole.view(dtype);
  }

  private sparse(entry: InputTensor, indices: readonly number[], shape: number[]): Tensor {
    const parts = indices.map((index) => this.tensor(index));
    const dtype = dtypeNamed(entry.d);
    const layout = named(entry.layout as string);
    if (entry.layout === 'sparse_coo') {
      const options = { dtype, layout, isCoalesced: entry.coalesced };
      return torch.ops.aten.sparse_coo_tensor.indices_size(...parts, shape, options) as Tensor;
    }
    const make = torch.ops.aten.sparse_compressed_tensor.comp_plain_value_size;
    return make(...parts, shape, { dtype, layout }) as Tensor;
  }
}

/** A number of a tree: number, bigint or boolean. */
export function plainNumber(tree: Tree): number | bigint | boolean {
  if (typeof tree === 'boolean') return tree;
  const value = tree as { i?: number | string; f?: number | string };
  if (value.i !== undefined) return typeof value.i === 'string' ? BigInt(value.i) : value.i;
  return floatOf(value.f as number | string);
}

const shown = (value: number | string): string =>
  typeof value === 'number' && Number.isInteger(value) ? `${value}.0` : String(value);

/** A sample's arguments in short, as Python would have them. */
export function describeTree(tree: Tree, tensors: readonly InputTensor[]): string {
  const inner = (item: Tree): string => describeTree(item, tensors);
  if (tree === null) return 'None';
  if (typeof tree === 'boolean') return tree ? 'True' : 'False';
  if (typeof tree === 'string') return JSON.stringify(tree);
  if ('T' in tree) {
    const tensor = tensors[tree.T] as InputTensor;
    const strides = contiguous(tensor) ? '' : ` strides (${tensor.st})`;
    const flags = ['conj', 'neg', 'layout'].filter((flag) => tensor[flag as 'conj']).join(' ');
    return `${tensor.d}[${tensor.s}]${strides}${flags && ` ${flags}`}`;
  }
  if ('i' in tree) return String(tree.i);
  if ('f' in tree) return shown(tree.f);
  if ('c' in tree) return `complex(${tree.c.map(inner).join(', ')})`;
  if ('l' in tree) return `[${tree.l.map(inner).join(', ')}]`;
  if ('t' in tree) return `(${tree.t.map(inner).join(', ')})`;
  if ('d' in tree) return `{${tree.d.map(([key, item]) => `${key}: ${inner(item)}`).join(', ')}}`;
  if ('slice' in tree) return `slice(${tree.slice.map(inner).join(', ')})`;
  if ('options' in tree) return describeTree({ d: tree.options }, tensors);
  if ('ellipsis' in tree) return '...';
  if ('generator' in tree) return 'generator';
  return String(Object.values(tree)[0]);
}

function contiguous(tensor: InputTensor): boolean {
  if (tensor.st === undefined || tensor.s === null) return true;
  let expected = 1;
  for (let i = tensor.s.length - 1; i >= 0; i--) {
    if (tensor.s[i] !== 1 && tensor.st[i] !== expected) return false;
    expected *= Math.max(tensor.s[i] as number, 1);
  }
  return true;
}

/** The call of a sample in short. */
export function describeCall(sample: Sample): string {
  const parts = [
    ...sample.args.map((tree) => describeTree(tree, sample.tensors)),
    ...Object.entries(sample.kwargs).map(([key, tree]) => `${key}=${describeTree(tree, sample.tensors)}`),
  ];
  return `(${parts.join(', ')})`;
}
