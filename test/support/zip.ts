/** A zip archive of small files, stored without compression: enough to stand for a wheel. */
import * as zlib from 'node:zlib';

function header(signature: number, name: Buffer, data: Buffer, extra: number): Buffer {
  const central = signature === 0x02014b50;
  const fields = Buffer.alloc((central ? 46 : 30) + name.length);
  let at = fields.writeUInt32LE(signature, 0);
  if (central) at = fields.writeUInt16LE(0x031e, at); // Made on Unix, so that the mode below counts.
  at = fields.writeUInt16LE(20, at);
  at += 2 + 2 + 2 + 2; // Flags, method (stored), time, date.
  at = fields.writeUInt32LE(checksum(data), at);
  at = fields.writeUInt32LE(data.length, at);
  at = fields.writeUInt32LE(data.length, at);
  at = fields.writeUInt16LE(name.length, at);
  at += 2;
  if (central) {
    at += 2 + 2 + 2; // Comment, disk, internal attributes.
    at = fields.writeUInt32LE((0o100644 << 16) >>> 0, at);
    at = fields.writeUInt32LE(extra, at);
  }
  name.copy(fields, at);
  return fields;
}

function checksum(data: Buffer): number {
  // zlib's own is in Node 22.2 and newer.
  const native = (zlib as { crc32?: (data: Buffer) => number }).crc32;
  if (native) return native(data);
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** Makes the archive. */
export function zip(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const name = Buffer.from(path);
    const data = Buffer.from(text);
    directory.push(header(0x02014b50, name, data, offset));
    parts.push(header(0x04034b50, name, data, 0), data);
    offset += (parts.at(-2)?.length ?? 0) + data.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
