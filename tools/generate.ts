/**
 * Writes lib/generated/: the types and the run-time tables of the public functions and methods.
 *
 * The signatures are read from libtorch's own registry through the addon. What the registry doesn't know (which
 * functions are methods, and which Python module a function is in) is in native_functions.yaml, which PyTorch's wheel
 * carries; `npm run generate` reads it from the reference environment.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { native } from '../lib/native.js';
import { camelCase } from '../lib/ops/names.js';
import { type Declaration, functionModules, readDeclarations } from './generate/declarations.js';
import { documentedNames } from './generate/documented.js';
import { type Emitted, emitFunctions, emitMethods, header } from './generate/emit.js';
import { emitRegistry } from './generate/registry.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

const yamlPath = 'torchgen/packaged/ATen/native/native_functions.yaml';
const deprecatedPath = '../../autograd/deprecated.yaml';

/** native_functions.yaml of the reference environment, or undefined where there is none. */
export function declarationsFile(): string | undefined {
  const libraries = join(root, '.venv/lib');
  if (!existsSync(libraries)) return undefined;
  return readdirSync(libraries)
    .map((folder) => join(libraries, folder, 'site-packages', yamlPath))
    .find((path) => existsSync(path));
}

/** What the declarations in `file`, and those beside it, say is public. */
export function declarationsOf(file: string): Declaration[] {
  const read = (path: string): unknown => parse(readFileSync(path, 'utf8')) as unknown;
  return readDeclarations(read(file), read(join(dirname(file), deprecatedPath)), native, camelCase);
}

/** The generated files by name. */
export function generate(file: string): Emitted[] {
  const declarations = declarationsOf(file);
  const documented = documentedNames(join(file.slice(0, -yamlPath.length), 'torch'));
  const files: Emitted[] = [];
  for (const module of functionModules) files.push(...emitFunctions(module, declarations, documented));
  files.push(...emitMethods(declarations, documented));
  files.push(emitRegistry(header, Array.from(native.operatorNames())));
  return files;
}

const isMain = process.argv[1] === fileURLToPath(import.meta.url);
if (isMain) {
  const folder = join(root, 'lib/generated');
  mkdirSync(folder, { recursive: true });
  let changed = 0;
  const file = declarationsFile();
  if (file === undefined)
    throw new Error(`no ${yamlPath} in .venv: \`npm test\` makes the reference environment`);
  for (const { name, text } of generate(file)) {
    const path = join(folder, name);
    let before = '';
    try {
      before = readFileSync(path, 'utf8');
    } catch {}
    if (before === text) continue;
    changed++;
    if (process.argv.includes('--check')) continue;
    writeFileSync(`${path}.tmp`, text);
    renameSync(`${path}.tmp`, path);
  }
  console.log(`${changed} files ${process.argv.includes('--check') ? 'differ' : 'written'}`);
  if (process.argv.includes('--check') && changed > 0) process.exitCode = 1;
}
