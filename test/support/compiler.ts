/** The TypeScript compiler, run on projects of their own. */
import { spawnSync } from 'node:child_process';
import { readdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './python.js';
import { put, temporaryFolder } from './scripts.js';

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

/** What a project is made of: its files by path, and what it asks of the compiler besides strictness. */
export interface Project {
  readonly files: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, unknown>>;
}

/** An error of the compiler. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

/** Writes a project that has litorch installed as a package; where it is. */
export function writeProject({ files, options }: Project): string {
  const folder = temporaryFolder();
  put(join(folder, 'package.json'), '{ "type": "module" }');
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: 'ES2022',
    lib: ['ES2023', 'ESNext.Disposable'],
    types: [],
    ...options,
  };
  put(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: Object.keys(files) }));
  for (const [name, text] of Object.entries(files)) put(join(folder, name), text);
  put(join(folder, 'node_modules', '.keep'));
  symlinkSync(root, join(folder, 'node_modules', 'litorch'), 'junction');
  return folder;
}

/** Compiles a project; its errors, in the order of files and lines. */
export function compile(project: Project): Diagnostic[] {
  const folder = writeProject(project);
  const { stdout, stderr, error } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (error !== undefined) throw error;
  if (stderr.includes('Error')) throw new Error(stderr);
  return stdout
    .split('\n')
    .filter((text) => text !== '' && !text.startsWith(' '))
    .map((text) => {
      const [, file, line, code, message] = /^(.+?)\((\d+),\d+\): error (TS\d+): (.*)$/.exec(text) ?? [];
      if (file === undefined) return { file: '', line: 0, code: '', message: text };
      return {
        file: relative(folder, join(folder, file)),
        line: Number(line),
        code: code as string,
        message: message as string,
      };
    });
}

/** The declaration files of the package, as its users get them: paths from `dist/lib`. */
export const declarations: string = join(root, 'dist', 'lib');
export const declarationFiles: readonly string[] = readdirSync(declarations, {
  recursive: true,
  encoding: 'utf8',
}).filter((file) => file.endsWith('.d.ts'));
