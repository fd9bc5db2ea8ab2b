/** The set-up scripts are plain JavaScript outside the compiled tree: this imports them, and copies them elsewhere. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll } from '@jest/globals';
import { root } from './python.js';

/** Imports a script, such as `setup/search.mjs`, as a module of the given type. */
export async function importScript<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(join(root, 'scripts', name)).href)) as T;
}

const temporary: string[] = [];
afterAll(() => {
  for (const folder of temporary.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A fresh temporary folder, removed when the test file has run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'litorch-test-'));
  temporary.push(folder);
  return folder;
}

/** Writes a file and the folders above it. */
export function put(file: string, text = ''): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** A package of litorch as it is just after cloning and `npm ci --ignore-scripts`: nothing built. */
export function freshPackage(): string {
  const folder = temporaryFolder();
  for (const name of ['package.json', 'CMakeLists.txt', 'scripts', 'bin']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  put(join(folder, 'native', 'addon.cpp'), 'int addon() { return 1; }\n');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** What a fake libtorch is to look like. */
export interface FakeLibtorch {
  /** Written to version.py, as in a torch package. */
  version?: string;
  /** Written to version.py as the CUDA version. */
  cuda?: string;
  /** Written to build-version, as in a libtorch download. */
  buildVersion?: string;
  /** Further libraries. */
  libraries?: readonly string[];
  /** Leaves the C++ headers out. */
  noHeaders?: boolean;
}

const suffix = process.platform === 'darwin' ? '.dylib' : '.so';

/** Makes the files by which a libtorch is known, all empty but for the version. */
export function fakeLibtorch(folder: string, fake: FakeLibtorch = { version: '2.13.0+cpu' }): string {
  for (const name of ['c10', 'torch_cpu', 'torch', ...(fake.libraries ?? [])]) {
    put(join(folder, 'lib', `lib${name}${suffix}`));
  }
  if (!fake.noHeaders) put(join(folder, 'include', 'ATen', 'ATen.h'));
  if (fake.version) {
    const cuda = fake.cuda ? `'${fake.cuda}'` : 'None';
    put(join(folder, 'version.py'), `__version__ = '${fake.version}'\ncuda: Optional[str] = ${cuda}\n`);
  }
  if (fake.buildVersion) put(join(folder, 'build-version'), `${fake.buildVersion}\n`);
  return folder;
}

/** A program that prints a line, to stand for a Python that names the folder of its torch package. */
export function fakePython(folder: string, line: string): string {
  const file = join(folder, 'python');
  put(file, `#!/bin/sh\necho '${line}'\n`);
  return file;
}
