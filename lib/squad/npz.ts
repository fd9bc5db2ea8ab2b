import { crc32 } from 'node:zlib';
import { writeWhole } from './files.js';

/** One array of an `.npz` file. */
export interface NpzArray {
  /** Strings become numpy's fixed-width `<U`. */
  data: BigInt64Array | Int32Array | Float32Array | Float64Array | Uint8Array | readonly string[];
  shape: readonly number[];
  /** Whether a `Uint8Array` stands for booleans. */
  bool?: boolean;
}

/**
 * Writes named arrays as numpy's `.npz` (an uncompressed zip of `.npy` files, format 1.0), which `numpy.load` reads;
 * under a temporary name first. `RangeError` for a shape that doesn't fit, or more than 4 GiB or 65,535 arrays.
 */
export function writeNpz(path: string, arrays: Iterable<readonly [string, NpzArray]>): void {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, array] of arrays) {
    const body = npy(name, array);
    const file = Buffer.from(`${name}.npy`, 'utf8');
    const local = localHeader(file, body);
    directory.push(centralHeader(local, file, offset));
    parts.push(local, file, body);
    offset += local.length + file.length + body.length;
    if (offset > 0xffffffff || directory.length > 0xffff) {
      throw new RangeError(`${path}: more than 4 GiB or 65,535 arrays do not fit in one file`);
    }
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  writeWhole(path, [...parts, central, end]);
}

function npy(name: string, { data, shape, bool = false }: NpzArray): Buffer {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length)
    throw new RangeError(`${name}: [${shape.join(', ')}] is not ${data.length} elements`);
  const { descr, bytes } = ArrayBuffer.isView(data) ? numbers(data, bool) : strings(data);
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Magic, version and length take 10 bytes; spaces up to a multiple of 64 and a line feed end the header.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const head = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${text.padEnd(length - 1)}\n`, 'latin1');
  head.writeUInt16LE(length, 8);
  return Buffer.concat([head, bytes]);
}

/** By the type's name, not by `instanceof`: the array may come from another realm. */
const DESCR: Record<string, string> = {
  BigInt64Array: '<i8',
  Int32Array: '<i4',
  Float32Array: '<f4',
  Float64Array: '<f8',
  Uint8Array: '|u1',
};

function numbers(data: Exclude<NpzArray['data'], readonly string[]>, bool: boolean) {
  const kind = data[Symbol.toStringTag];
  const descr = bool && kind === 'Uint8Array' ? '|b1' : DESCR[kind];
  if (descr === undefined) throw new TypeError(`an .npz file cannot hold a ${kind} here`);
  return { descr, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** Strings as UTF-32, each padded by zeros to the longest. */
function strings(data: readonly string[]) {
  const points = data.map((text) => Array.from(text, (character) => character.codePointAt(0)!));
  const width = Math.max(1, ...points.map((row) => row.length));
  const units = new Uint32Array(data.length * width);
  points.forEach((row, i) => {
    units.set(row, i * width);
  });
  return { descr: `<U${width}`, bytes: new Uint8Array(units.buffer) };
}

/** Zip's local header. 1 January 1980, the format's first day, stands for "no date": equal data, equal bytes. */
function localHeader(name: Uint8Array, body: Uint8Array): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(0x0800, 6); // the name is UTF-8
  header.writeUInt16LE(0x21, 12);
  header.writeUInt32LE(crc32(body), 14);
  header.writeUInt32LE(body.length, 18);
  header.writeUInt32LE(body.length, 22);
  header.writeUInt16LE(name.length, 26);
  return header;
}

/** The directory's entry repeats the local header, from "version needed" to the lengths, and adds its place. */
function centralHeader(local: Buffer, name: Uint8Array, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20, 4);
  local.copy(header, 6, 4, 30);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name]);
}
