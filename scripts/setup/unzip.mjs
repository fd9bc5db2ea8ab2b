// Unpacks a zip archive, such as a wheel or a libtorch download.
import { createWriteStream } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * Unpacks those entries of a zip archive that `wanted` accepts. Names that lead out of the folder are refused.
 *
 * @param {string} archive
 * @param {string} folder
 * @param {(name: string) => boolean} [wanted]
 * @returns {Promise<number>} The number of files written.
 */
export async function unzip(archive, folder, wanted = () => true) {
  // Imported here: the rest of the set-up runs before node_modules exists.
  const { default: yauzl } = await import('yauzl');
  const zip = await new Promise((resolve, reject) => {
    yauzl.open(archive, { lazyEntries: true, autoClose: true }, (error, file) =>
      error ? reject(error) : resolve(file),
    );
  });
  let files = 0;
  const writeEntry = async (entry) => {
    if (entry.fileName.endsWith('/') || !wanted(entry.fileName)) return;
    const target = join(folder, ...entry.fileName.split('/'));
    await mkdir(dirname(target), { recursive: true });
    const source = await new Promise((resolve, reject) => {
      zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
    });
    await pipeline(source, createWriteStream(target));
    const mode = (entry.externalFileAttributes >>> 16) & 0o777;
    if (mode) await chmod(target, mode | 0o600);
    files++;
  };
  await new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry) => {
      writeEntry(entry).then(() => zip.readEntry(), reject);
    });
    zip.readEntry();
  });
  return files;
}
