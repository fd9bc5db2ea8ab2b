/** The arguments of `Tensor.to` and of the conversions beside it, in all of PyTorch's forms. */
import { type Device, type DeviceLike, deviceLike } from '../device.js';
import { DType } from '../dtype.js';
import { MemoryFormat } from '../layout.js';
import { callDirectly } from '../ops/direct.js';
import { checkOptions, isPlainObject } from '../options.js';
import { Tensor } from '../tensor.js';

/** Options of `Tensor.to`. */
export interface ToOptions {
  /** Default: the tensor's. */
  dtype?: DType | null;
  /** Default: the tensor's. */
  device?: DeviceLike | number | null;
  /** Whether a copy from pinned memory to an accelerator may still run when the call returns. Default: `false`. */
  nonBlocking?: boolean;
  /** Whether there is a new tensor also where nothing changes. Default: `false`. */
  copy?: boolean;
  /** Default: `preserveFormat`, the order that the tensor has. */
  memoryFormat?: MemoryFormat | null;
}

/** Options of `Tensor.float`, `Tensor.cpu` and the like. */
export interface ConversionOptions {
  /** Default: `preserveFormat`, the order that the tensor has. */
  memoryFormat?: MemoryFormat | null;
}

interface Target {
  dtype?: DType;
  device?: Device;
  nonBlocking?: boolean;
  copy?: boolean;
  memoryFormat?: MemoryFormat;
}

const known = ['dtype', 'device', 'nonBlocking', 'copy', 'memoryFormat'];

function readOptions(name: string, options: Record<string, unknown>, target: Target): void {
  const { dtype, device: where, nonBlocking, copy, memoryFormat } = options as ToOptions;
  if (dtype !== undefined && dtype !== null) {
    if (!((dtype as unknown) instanceof DType)) throw new TypeError(`${name}(): 'dtype' must be a dtype`);
    target.dtype = dtype;
  }
  if (where !== undefined && where !== null) target.device = deviceLike(where);
  if (nonBlocking !== undefined) target.nonBlocking = nonBlocking;
  if (copy !== undefined) target.copy = copy;
  if (memoryFormat !== undefined && memoryFormat !== null) {
    if (!((memoryFormat as unknown) instanceof MemoryFormat))
      throw new TypeError(`${name}(): 'memoryFormat' must be a memory format`);
    target.memoryFormat = memoryFormat;
  }
}

function takeFlags(name: string, flags: readonly unknown[], target: Target): void {
  if (flags.length > 2) throw new TypeError(`${name}(): too many arguments`);
  (['nonBlocking', 'copy'] as const).forEach((key, i) => {
    const flag = flags[i];
    if (flag === undefined) return;
    if (typeof flag !== 'boolean')
      throw new TypeError(`${name}(): argument '${key}' must be bool, not ${typeof flag}`);
    target[key] = flag;
  });
}

/** `to(dtype, ...)`, `to(device, dtype, ...)`, `to(other, ...)`, each with an options object last, or that alone. */
export function parseTo(args: readonly unknown[]): Target {
  const name = 'to';
  const target: Target = {};
  const last = args.at(-1);
  const options = isPlainObject(last) ? last : undefined;
  const positional = options === undefined ? args : args.slice(0, -1);
  if (args.length === 0) throw new TypeError('to(): expected a dtype, a device or a tensor');
  const [first, ...rest] = positional;
  if (first instanceof DType) {
    target.dtype = first;
    takeFlags(name, rest, target);
  } else if (first instanceof Tensor) {
    target.dtype = first.dtype;
    target.device = first.device;
    takeFlags(name, rest, target);
  } else if (positional.length > 0) {
    if (first !== undefined && first !== null) target.device = deviceLike(first as DeviceLike);
    const [second] = rest;
    if (second instanceof DType) target.dtype = second;
    if (second instanceof DType || second === null) rest.shift();
    takeFlags(name, rest, target);
  }
  if (options !== undefined) {
    checkOptions(name, options, known, ['nonBlocking', 'copy']);
    readOptions(name, options, target);
  }
  return target;
}

/** Converts; the tensor itself where nothing changes and no copy is asked for. */
export function convert(tensor: Tensor, target: Target): Tensor {
  const { dtype, device, nonBlocking, copy, memoryFormat } = target;
  const bound = [
    tensor.handle,
    dtype?.code,
    undefined,
    device?.code,
    undefined,
    nonBlocking,
    copy,
    memoryFormat?.code,
  ];
  let length = bound.length;
  while (bound[length - 1] === undefined) length--;
  bound.length = length;
  return callDirectly('to.dtype_layout', bound) as Tensor;
}

/** `x.float({ memoryFormat })` and the like. */
export function toDtype(
  name: string,
  tensor: Tensor,
  dtype: DType,
  options: ConversionOptions | undefined,
): Tensor {
  if (options === undefined) return convert(tensor, { dtype });
  checkOptions(name, options, ['memoryFormat']);
  const target: Target = {};
  readOptions(name, options as Record<string, unknown>, target);
  return convert(tensor, { ...target, dtype });
}

/** `x.cpu({ memoryFormat })`, `x.cuda(0, true, { memoryFormat })`. */
export function toDevice(name: string, tensor: Tensor, where: Device, args: readonly unknown[]): Tensor {
  const last = args.at(-1);
  const options = isPlainObject(last) ? last : undefined;
  const target: Target = {};
  const flags = options === undefined ? args : args.slice(0, -1);
  if (flags.length > 1) throw new TypeError(`${name}(): too many arguments`);
  takeFlags(name, flags, target);
  if (options !== undefined) {
    checkOptions(name, options, ['nonBlocking', 'memoryFormat'], ['nonBlocking']);
    readOptions(name, options, target);
  }
  return convert(tensor, { ...target, device: where });
}
