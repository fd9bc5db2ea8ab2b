import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { SquadFormatError } from './errors.js';

/**
 * Reads a UTF-8 text file, decompressing it when it begins with gzip's magic bytes, whatever it is called.
 * A file that cannot be opened gives Node's own error; a damaged one a {@link SquadFormatError}.
 */
export function readText(path: string): string {
  let bytes: Uint8Array = readFileSync(path);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = gunzipSync(bytes);
    } catch (error) {
      throw new SquadFormatError({ file: path }, `damaged gzip data: ${(error as Error).message}`);
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SquadFormatError({ file: path }, 'not UTF-8 text');
  }
}

/** Parses JSON, naming the file where that fails. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SquadFormatError({ file }, `not JSON: ${(error as Error).message}`);
  }
}

/** Writes under a temporary name and renames, so that no reader ever meets half a file. */
export function writeWhole(path: string, parts: readonly Uint8Array[]): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, Buffer.concat(parts));
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
