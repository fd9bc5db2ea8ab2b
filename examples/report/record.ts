/** The framing of TensorFlow's record files (tensorflow/core/lib/io/record_writer.h). */
import { crc32c } from '@node-rs/crc32';

/**
 * One record: its length (8 bytes), the checksum of those, its bytes, and the checksum of them, all little-endian.
 */
export function frameRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(8 + 4 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(masked(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(masked(record.subarray(12, 12 + data.length)), 12 + data.length);
  return record;
}

/** CRC-32C, masked as TensorFlow does: a checksum over data that itself holds checksums would be weak. */
function masked(data: Buffer): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
