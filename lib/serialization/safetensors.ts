/**
 * Tensors in the safetensors format: eight bytes of length, a JSON header, and the raw little-endian bytes. A file
 * holds no code, so that loading one from a stranger is safe; and every tool of the field reads it.
 *
 * Format: https://github.com/huggingface/safetensors#format
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { types } from 'node:util';
import type { Device } from '../device.js';
import * as F from '../functions.js';
import { strided } from '../layout.js';
import { tidy } from '../memory.js';
import { Tensor } from '../tensor.js';
import { writeFileAtomically } from './atomicFile.js';
import { formatOf } from './safetensorsDtypes.js';
import {
  formatHeader,
  type Header,
  MAX_HEADER_BYTES,
  METADATA_KEY,
  parseHeader,
  SafetensorsError,
  type TensorEntry,
} from './safetensorsHeader.js';
import { ByteChannel } from './tensorBytes.js';

export { SafetensorsError } from './safetensorsHeader.js';

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>;

/** What `loadFile` returns. */
export interface LoadedTensors {
  tensors: Record<string, Tensor>;
  metadata: Record<string, string>;
}

/** What `readHeader` tells of a tensor, without its data. */
export interface TensorInfo {
  dtype: TensorEntry['dtype'];
  shape: number[];
}

/**
 * Writes tensors to a file. The file appears whole or not at all: it is written under a temporary name, forced to the
 * disk and renamed. Tensors on a device are copied to the CPU; views and shared storage are written out in full.
 *
 * @param metadata strings to keep with the tensors.
 * @throws TypeError for a value that isn't a dense tensor of a dtype that the format has, naming it.
 */
export function saveFile(tensors: NamedTensors, path: string, metadata: Record<string, string> = {}): void {
  checkMetadata(metadata);
  const items = listTensors(tensors);
  const header: Header = { entries: layOut(items), metadata };
  const names = new Map(items.map(({ name, format }) => [name, format]));
  const text = formatHeader(header, (entry) => names.get(entry.name) as string);
  if (text.length > MAX_HEADER_BYTES) {
    throw new RangeError(`the header would take ${text.length} bytes; the format allows ${MAX_HEADER_BYTES}`);
  }
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  using channel = new ByteChannel(largestOf(header.entries));
  writeFileAtomically(path, (write) => {
    write(length);
    write(text);
    for (const { tensor } of items) channel.read(tensor, write);
  });
}

/**
 * Reads all tensors of a file, into memory of their own.
 *
 * @param options.device where the tensors go. Default: the CPU.
 * @throws SafetensorsError for a file that isn't well-formed, naming it and the tensor. Nothing is allocated before
 *   the whole header has been checked against the size of the file.
 */
export function loadFile(path: string, options: { device?: Device | string } = {}): LoadedTensors {
  return withFile(path, (file, size) => {
    const { header, dataStart } = readHeaderOf(path, file, size);
    using channel = new ByteChannel(largestOf(header.entries));
    const loaded: Array<[string, Tensor]> = [];
    try {
      for (const entry of header.entries) {
        loaded.push([entry.name, loadTensor(path, file, dataStart, entry, channel, options.device)]);
      }
    } catch (error) {
      for (const [, tensor] of loaded) tensor.dispose();
      throw error;
    }
    return { tensors: Object.fromEntries(loaded), metadata: header.metadata };
  });
}

/**
 * Reads the names, dtypes and shapes of a file, and its metadata, without the data.
 *
 * @throws SafetensorsError for a file that isn't well-formed.
 */
export function readHeader(path: string): {
  tensors: Record<string, TensorInfo>;
  metadata: Record<string, string>;
} {
  return withFile(path, (file, size) => {
    const { header } = readHeaderOf(path, file, size);
    const tensors = header.entries.map(({ name, dtype, shape }) => [name, { dtype, shape }] as const);
    return { tensors: Object.fromEntries(tensors), metadata: header.metadata };
  });
}

function withFile<T>(path: string, use: (file: number, size: number) => T): T {
  const file = openSync(path, 'r');
  try {
    return use(file, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}

function readHeaderOf(path: string, file: number, size: number): { header: Header; dataStart: number } {
  if (size < 8) throw new SafetensorsError(path, `${size} bytes are too few for a safetensors file`);
  const length = new Uint8Array(8);
  readFully(path, file, 0, length);
  const headerBytes = new DataView(length.buffer).getBigUint64(0, true);
  if (headerBytes > BigInt(MAX_HEADER_BYTES)) {
    throw new SafetensorsError(
      path,
      `its header claims ${headerBytes} bytes; the format allows ${MAX_HEADER_BYTES}`,
    );
  }
  if (headerBytes > BigInt(size - 8)) {
    throw new SafetensorsError(path, `its header claims ${headerBytes} bytes, but only ${size - 8} follow`);
  }
  const text = new Uint8Array(Number(headerBytes));
  readFully(path, file, 8, text);
  const dataStart = 8 + text.length;
  return { header: parseHeader(path, text, size - dataStart), dataStart };
}

function readFully(path: string, file: number, position: number, into: Uint8Array): void {
  let done = 0;
  while (done < into.length) {
    const count = readSync(file, into, done, into.length - done, position + done);
    if (count === 0) throw new SafetensorsError(path, 'the file ended while it was read');
    done += count;
  }
}

function loadTensor(
  path: string,
  file: number,
  dataStart: number,
  entry: TensorEntry,
  channel: ByteChannel,
  device: Device | string | undefined,
): Tensor {
  return tidy(() => {
    const tensor = allocate(path, entry);
    let position = dataStart + entry.begin;
    channel.fill(tensor, (bytes) => {
      readFully(path, file, position, bytes);
      position += bytes.length;
    });
    return device === undefined ? tensor : tensor.to({ device });
  });
}

/** Sizes near 2^63 with a zero among them take no bytes, and are still more than libtorch counts. */
function allocate(path: string, { name, dtype, shape }: TensorEntry): Tensor {
  try {
    return F.empty(shape, { dtype, device: 'cpu' });
  } catch (error) {
    throw new SafetensorsError(path, (error as Error).message, name, { cause: error });
  }
}

interface Item {
  name: string;
  tensor: Tensor;
  /** The dtype's name in the file. */
  format: string;
  rank: number;
}

/** The tensors in the order of the file: by alignment, so that each is aligned, then by name. */
function listTensors(tensors: NamedTensors): Item[] {
  const pairs: Array<[string, unknown]> = types.isMap(tensors)
    ? [...(tensors as ReadonlyMap<string, unknown>)]
    : Object.entries(tensors);
  const items = pairs.map(([name, tensor]): Item => {
    const what = JSON.stringify(name);
    if (typeof name !== 'string') throw new TypeError('the names of tensors must be strings');
    if (name === METADATA_KEY) throw new TypeError(`${METADATA_KEY} can't be the name of a tensor`);
    if (!(tensor instanceof Tensor)) throw new TypeError(`${what} is not a Tensor`);
    const format = formatOf(tensor.dtype);
    if (format === undefined) throw new TypeError(`${what}: safetensors has no dtype for ${tensor.dtype}`);
    if (tensor.layout !== strided) {
      throw new TypeError(`${what}: a tensor of layout ${tensor.layout} can't be saved; make it dense first`);
    }
    return { name, tensor, format: format.name, rank: format.rank };
  });
  const encoder = new TextEncoder();
  return items.sort(
    (a, b) => b.rank - a.rank || Buffer.compare(encoder.encode(a.name), encoder.encode(b.name)),
  );
}

function layOut(items: readonly Item[]): TensorEntry[] {
  let position = 0;
  return items.map(({ name, tensor }) => {
    const begin = position;
    position += tensor.numel() * tensor.dtype.itemsize;
    return { name, dtype: tensor.dtype, shape: [...tensor.shape], begin, end: position };
  });
}

function largestOf(entries: readonly TensorEntry[]): number {
  return entries.reduce((largest, { begin, end }) => Math.max(largest, end - begin), 0);
}

function checkMetadata(metadata: Record<string, string>): void {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw new TypeError(`metadata ${JSON.stringify(key)} is not a string`);
  }
}
