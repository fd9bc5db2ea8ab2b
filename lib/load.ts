/** Finds and loads the native addon, and says what to run where that fails. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the build wrote down beside the addon. */
interface BuildRecord {
  readonly libtorch: {
    readonly root: string;
    readonly lib: string;
    readonly version: string;
    readonly flavour: string;
  };
  readonly node: string;
}

/** The nearest folder above this file that is the package's root. */
function packageRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'CMakeLists.txt'))) return folder;
    if (folder === dirname(folder)) throw new Error(`litorch: no package.json of litorch above ${start}`);
  }
}

function readRecord(file: string): BuildRecord | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as BuildRecord;
  } catch {
    return null;
  }
}

/** The version that the libtorch in a folder has now, or null where its files don't tell. */
function versionNow(root: string): string | null {
  for (const [name, pattern] of [
    ['version.py', /^__version__ = ['"]([^'"]+)/m],
    ['build-version', /^(\S+)/],
  ] as const) {
    try {
      const found = pattern.exec(readFileSync(join(root, name), 'utf8'))?.[1];
      if (found) return found;
    } catch {
      // This kind of libtorch has no such file.
    }
  }
  return null;
}

function failure(root: string, problem: string, facts: readonly string[], cause?: unknown): Error {
  const lines = [`litorch: ${problem}`, ...facts.map((fact) => `  ${fact}`)];
  lines.push(
    '  To cure it, in the folder of your package:',
    '    npm rebuild litorch           # in a clone of litorch: npm install',
    '    npx litorch doctor            # what is there and what is missing',
    `  (litorch is in ${root})`,
  );
  return new Error(lines.join('\n'), cause === undefined ? undefined : { cause });
}

/**
 * Loads `build/Release/litorch.node` of this package.
 *
 * @param root The package's folder; found from this file's place when left out.
 * @returns What the addon exports.
 * @throws Error Where the addon was not built, or its libtorch is gone or has another version than it was built
 *   against. The message names the files and the command that cures it.
 */
export function loadAddon(root: string = packageRoot(dirname(fileURLToPath(import.meta.url)))): unknown {
  const addon = join(root, 'build', 'Release', 'litorch.node');
  if (!existsSync(addon)) {
    throw failure(root, 'the native addon has not been built.', [`Looked for: ${addon}`]);
  }
  const built = readRecord(join(root, 'build', 'Release', 'litorch.json'))?.libtorch;
  const facts = [`Addon: ${addon}`];
  if (built) {
    facts.push(`Built against: libtorch ${built.version} (${built.flavour}) in ${built.root}`);
    if (!existsSync(built.lib)) {
      throw failure(root, 'the libtorch that the addon was built against is gone.', facts);
    }
    const now = versionNow(built.root);
    if (now !== null && now !== built.version) {
      facts.push(`There now: libtorch ${now}`);
      throw failure(root, 'libtorch has changed since the addon was built against it.', facts);
    }
  }
  try {
    return createRequire(import.meta.url)(addon);
  } catch (error) {
    const message = error instanceof Object && 'message' in error ? String(error.message) : String(error);
    facts.push(`This Node: ${process.version} ${process.platform}-${process.arch}`);
    facts.push(`The system says: ${message}`);
    throw failure(root, 'the native addon could not be loaded.', facts, error);
  }
}
