/** Files that are either wholly there or not at all. */
import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes bytes one after another. */
export type Write = (bytes: Uint8Array) => void;

/**
 * Writes a file under a temporary name beside it, forces it to the disk and renames it. When anything fails, what was
 * there before is untouched and the temporary file is gone.
 */
export function writeFileAtomically(path: string, fill: (write: Write) => void): void {
  // The global loads node:crypto, which takes milliseconds, when it is first used.
  const temporary = `${path}.${process.pid}-${crypto.randomUUID().slice(0, 8)}.tmp`;
  const file = openSync(temporary, 'wx');
  let open = true;
  try {
    fill((bytes) => {
      let done = 0;
      while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done);
    });
    fsyncSync(file);
    closeSync(file);
    open = false;
    renameSync(temporary, path);
  } catch (error) {
    if (open) closeSync(file);
    unlinkQuietly(temporary);
    throw error;
  }
  syncFolder(dirname(path));
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // The first error is the one to report.
  }
}

/** Makes the rename itself last. Not every system lets a folder be opened; the file is whole either way. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // Nothing is lost but the certainty that the new name survives a power failure.
  }
}
