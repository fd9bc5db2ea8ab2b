/** torch.ops.loadLibrary, with a library of operators that is compiled here. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import torch from '../lib/index.js';
import { root } from './support/python.js';

const source = join(root, 'test', 'libraries', 'custom.cpp');
const compiler = process.env.CXX ?? 'c++';
const built = JSON.parse(readFileSync(join(root, 'build', 'Release', 'litorch.json'), 'utf8')) as {
  libtorch: { root: string; lib: string; version: string };
};
const include = join(built.libtorch.root, 'include');

/** Why there is no library to load, or undefined. */
function obstacle(): string | undefined {
  if (process.platform === 'win32') return 'the command line here is that of GCC and Clang';
  if (!existsSync(join(include, 'torch', 'library.h'))) return `there is no torch/library.h in ${include}`;
  return spawnSync(compiler, ['--version']).status === 0 ? undefined : `there is no compiler ${compiler}`;
}

/** The library, compiled; kept for the next time, since libtorch's headers take long. */
function compileLibrary(): string {
  const key = createHash('sha256')
    .update(readFileSync(source))
    .update(JSON.stringify(built.libtorch))
    .digest('hex');
  const library = join(root, 'build', 'test', `custom-${key.slice(0, 16)}.so`);
  if (existsSync(library)) return library;
  mkdirSync(join(library, '..'), { recursive: true });
  const args = [
    '-std=c++20',
    '-O0',
    '-shared',
    '-fPIC',
    `-I${include}`,
    source,
    '-o',
    `${library}.${process.pid}`,
  ];
  args.push(`-L${built.libtorch.lib}`, '-lc10', '-ltorch_cpu', `-Wl,-rpath,${built.libtorch.lib}`);
  const { status, stderr } = spawnSync(compiler, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${compiler} failed: ${stderr}`);
  copyFileSync(`${library}.${process.pid}`, library);
  rmSync(`${library}.${process.pid}`);
  return library;
}

const folder = mkdtempSync(join(tmpdir(), 'litorch-libraries-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const because = obstacle();
describe(`a library of operators${because === undefined ? '' : ` (left out: ${because})`}`, () => {
  const testWithCompiler = because === undefined ? test : test.skip;
  let library = '';
  beforeAll(() => {
    if (because !== undefined) return;
    library = compileLibrary();
    expect(() => torch.ops.litorch_test?.doubled).toThrow(/this libtorch has no operator of that name/);
    torch.ops.loadLibrary(library);
  }, 300_000);

  testWithCompiler('its operators are there, with their overloads, defaults and options', () => {
    const { litorch_test } = torch.ops;
    expect(litorch_test?.scaled_sum?.schema).toBe(
      'litorch_test::scaled_sum(Tensor a, Tensor b, *, float scale=1.) -> Tensor',
    );
    const [a, b] = [torch.tensor([1, 2]), torch.tensor([10, 20])];
    expect(litorch_test?.scaled_sum?.(a, b).tolist()).toEqual([11, 22]);
    expect(litorch_test?.scaled_sum?.default?.(a, b, { scale: 0.5 }).tolist()).toEqual([5.5, 11]);
    expect(torch.registeredOperators()).toContain('litorch_test::doubled');
    expect(Object.keys(litorch_test ?? {})).toEqual(expect.arrayContaining(['scaled_sum', 'doubled']));
  });

  testWithCompiler('one that is made of operators with gradients has gradients', () => {
    const a = torch.tensor([1, 2], { requiresGrad: true });
    const b = torch.tensor([3, 4], { requiresGrad: true });
    torch.ops.litorch_test?.scaled_sum?.(a, b, { scale: 3 }).sum().backward();
    expect([a.grad?.tolist(), b.grad?.tolist()]).toEqual([
      [3, 3],
      [3, 3],
    ]);
  });

  testWithCompiler('one with a kernel for the CPU runs it, and has no other', () => {
    expect(torch.ops.litorch_test?.doubled?.(torch.tensor([1, 2])).tolist()).toEqual([2, 4]);
    expect(() => torch.ops.litorch_test?.doubled?.(torch.ones([2], { device: 'meta' }))).toThrow(/Meta/);
    expect(() => torch.ops.litorch_test?.declared_only?.(torch.ones([2]))).toThrow(
      /Could not run 'litorch_test::declared_only'/,
    );
    expect(() => torch.ops.litorch_test?.doubled?.(1)).toThrow(/argument 'a' .*must be Tensor, not int/);
  });

  testWithCompiler('it is among the loaded libraries once, however it is named', () => {
    torch.ops.loadLibrary(relative(process.cwd(), library));
    torch.ops.loadLibrary(pathToFileURL(library));
    expect([...torch.ops.loadedLibraries].filter((path) => path === library)).toEqual([library]);
  });

  testWithCompiler('a worker thread has its operators, and may load it too', async () => {
    const program = `
      import torch from ${JSON.stringify(pathToFileURL(join(root, 'dist', 'lib', 'index.js')).href)};
      import { parentPort, workerData } from 'node:worker_threads';
      const before = torch.ops.litorch_test.doubled(torch.tensor([4])).tolist();
      torch.ops.loadLibrary(workerData);
      parentPort.postMessage([before, torch.ops.litorch_test.doubled(torch.tensor([5])).tolist(), [...torch.ops.loadedLibraries]]);
    `;
    const file = join(folder, 'worker.mjs');
    writeFileSync(file, program);
    const worker = new Worker(file, { workerData: library });
    const said = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
    expect(said).toEqual([[8], [10], [library]]);
    await worker.terminate();
  });

  testWithCompiler('one that registers what is there is an error, and not the end of the process', () => {
    const copy = join(folder, 'copy.so');
    copyFileSync(library, copy);
    expect(() => torch.ops.loadLibrary(copy)).toThrow(
      /copy\.so: Only a single TORCH_LIBRARY can be used to register the namespace litorch_test/,
    );
    expect(torch.ops.loadedLibraries.has(copy)).toBe(false);
    expect(torch.ops.litorch_test?.doubled?.(torch.tensor([1])).tolist()).toEqual([2]);
  });

  testWithCompiler('one that needs a symbol of another libtorch is an error that names it', () => {
    const [file, other] = [join(folder, 'other.cpp'), join(folder, 'other.so')];
    writeFileSync(file, 'void of_another_libtorch(); struct Use { Use() { of_another_libtorch(); } } use;\n');
    expect(
      spawnSync(compiler, ['-shared', '-fPIC', file, '-o', other, '-Wl,-undefined,dynamic_lookup']).status ===
        0 || spawnSync(compiler, ['-shared', '-fPIC', file, '-o', other]).status === 0,
    ).toBe(true);
    expect(() => torch.ops.loadLibrary(other)).toThrow(/of_another_libtorch/);
  });

  testWithCompiler('one that crashes as it is loaded is an error', () => {
    const [file, crashing] = [join(folder, 'crashing.cpp'), join(folder, 'crashing.so')];
    writeFileSync(file, '#include <cstdlib>\nstruct Crash { Crash() { std::abort(); } } crash;\n');
    expect(spawnSync(compiler, ['-shared', '-fPIC', file, '-o', crashing]).status).toBe(0);
    expect(() => torch.ops.loadLibrary(crashing)).toThrow(/crashing\.so: it ended the process: Abort/);
  });
});

describe('what is no library', () => {
  test('a file that is not there', () => {
    expect(() => torch.ops.loadLibrary(join(folder, 'none.so'))).toThrow(
      expect.objectContaining({ name: 'TorchError', message: expect.stringMatching(/none\.so/) }),
    );
  });

  test('a file that is none', () => {
    const file = join(folder, 'text.so');
    writeFileSync(file, 'not a library');
    expect(() => torch.ops.loadLibrary(file)).toThrow(
      expect.objectContaining({ name: 'TorchError', message: expect.stringMatching(/text\.so/) }),
    );
  });

  test.each([undefined, null, 5, {}, Symbol('x')])('%p', (path) => {
    expect(() => torch.ops.loadLibrary(path as never)).toThrow(TypeError);
  });

  test('a path with a zero byte', () => {
    expect(() => torch.ops.loadLibrary('a\0b')).toThrow(/a path cannot contain a zero byte/);
  });

  test('none of them is among the loaded libraries', () => {
    expect([...torch.ops.loadedLibraries].filter((path) => path.startsWith(folder))).toEqual([]);
  });
});
