import { chmodSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { fakeLibtorch, fakePython, importScript, put, temporaryFolder } from '../support/scripts.js';

interface Libtorch {
  root: string;
  lib: string;
  version: string;
  flavour: string;
  source: string;
}
type Described = ({ ok: true } & Libtorch) | { ok: false; why: string };
interface LibtorchModule {
  describeLibtorch(folder: string): Described;
  isSupported(version: string): boolean;
}
interface SearchModule {
  searchLibtorch(options: { env: Record<string, string>; venv: string; prefixes: string[] }): {
    libtorch: Libtorch | null;
    findings: { step: string; found: boolean; text: string }[];
  };
}

let libtorchModule: LibtorchModule;
let searchModule: SearchModule;
beforeAll(async () => {
  libtorchModule = await importScript('setup/libtorch.mjs');
  searchModule = await importScript('setup/search.mjs');
});

describe('what a folder holds', () => {
  const cases: [string, Parameters<typeof fakeLibtorch>[1], string, string][] = [
    ['a torch package of the CPU', { version: '2.13.0+cpu' }, '2.13.0+cpu', 'cpu'],
    ['a torch package with a local CUDA version', { version: '2.11.0+cu130' }, '2.11.0+cu130', 'cu130'],
    [
      'a torch package with CUDA that only version.py tells',
      { version: '2.12.1', cuda: '12.8', libraries: ['torch_cuda'] },
      '2.12.1',
      'cu128',
    ],
    ['a libtorch download', { buildVersion: '2.14.0+rocm6.4' }, '2.14.0+rocm6.4', 'rocm6.4'],
    ['a libtorch download without a local version', { buildVersion: '2.12.0' }, '2.12.0', 'cpu'],
  ];
  test.each(cases)('%s', (_name, fake, version, flavour) => {
    const folder = fakeLibtorch(temporaryFolder(), fake);
    const described = libtorchModule.describeLibtorch(folder);
    expect(described).toMatchObject({ ok: true, version, flavour, root: realpathSync(folder) });
  });

  test('the version may be in the headers alone', () => {
    const folder = fakeLibtorch(temporaryFolder(), {});
    put(
      join(folder, 'include', 'torch', 'headeronly', 'version.h'),
      '#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 12\n#define TORCH_VERSION_PATCH 1\n',
    );
    expect(libtorchModule.describeLibtorch(folder)).toMatchObject({ ok: true, version: '2.12.1' });
  });

  test('the folder above is taken for it', () => {
    const folder = temporaryFolder();
    fakeLibtorch(join(folder, 'torch'));
    expect(libtorchModule.describeLibtorch(folder)).toMatchObject({ ok: true, version: '2.13.0+cpu' });
  });

  test.each([
    ['2.10.1', false],
    ['2.11.0', true],
    ['2.14.3+cu130', true],
    ['2.15.0', false],
    ['3.11.0', false],
    ['', false],
  ])('whether %s is supported: %s', (version, supported) => {
    expect(libtorchModule.isSupported(version)).toBe(supported);
  });

  test('what is missing is named', () => {
    const empty = temporaryFolder();
    expect(libtorchModule.describeLibtorch(empty)).toMatchObject({
      ok: false,
      why: expect.stringContaining('torch_cpu'),
    });
    const headless = fakeLibtorch(temporaryFolder(), { version: '2.13.0', noHeaders: true });
    expect(libtorchModule.describeLibtorch(headless)).toMatchObject({
      why: expect.stringContaining('ATen/ATen.h'),
    });
    const old = fakeLibtorch(temporaryFolder(), { version: '2.4.0' });
    expect(libtorchModule.describeLibtorch(old)).toMatchObject({
      why: expect.stringMatching(/2\.4\.0.*2\.11 to 2\.14/),
    });
    expect(libtorchModule.describeLibtorch(join(empty, 'no'))).toMatchObject({
      why: expect.stringContaining('not exist'),
    });
  });
});

describe('the order of the search', () => {
  /** Places that all hold a libtorch, each with a version of its own. */
  function places() {
    const home = temporaryFolder();
    const python = fakePython(
      join(home, 'bin'),
      fakeLibtorch(join(home, 'python', 'torch'), { version: '2.12.0+cpu' }),
    );
    const venv = join(home, 'venv');
    const reference = fakeLibtorch(join(home, 'reference', 'torch'), { version: '2.13.0+cpu' });
    const venvPython = fakePython(join(venv, 'bin'), reference);
    for (const program of [python, venvPython]) chmodSync(program, 0o755);
    const cache = join(home, 'cache');
    fakeLibtorch(join(cache, `libtorch-2.13.0-cpu-${process.platform}-${process.arch}`, 'torch'));
    return {
      home,
      python,
      venv,
      cache,
      libtorch: fakeLibtorch(join(home, 'libtorch'), { buildVersion: '2.14.0+cpu' }),
      system: fakeLibtorch(join(home, 'system'), { buildVersion: '2.11.0' }),
    };
  }
  const nowhere = '/nonexistent/python3';

  test('LIBTORCH, python3, the system, the reference environment, the cache', () => {
    const { home, python, venv, cache, libtorch, system } = places();
    const search = (env: Record<string, string>, venvFolder = venv, prefixes = [system]) =>
      searchModule.searchLibtorch({
        env: { HOME: home, LITORCH_CACHE: cache, ...env },
        venv: venvFolder,
        prefixes,
      });

    const first = search({ LIBTORCH: libtorch, LITORCH_PYTHON: python });
    expect(first.libtorch).toMatchObject({ source: 'LIBTORCH', version: '2.14.0+cpu' });
    const second = search({ LITORCH_PYTHON: python });
    expect(second.libtorch).toMatchObject({ source: 'python3', version: '2.12.0+cpu' });
    const third = search({ LITORCH_PYTHON: nowhere });
    expect(third.libtorch).toMatchObject({ source: 'system', version: '2.11.0' });
    const fourth = search({ LITORCH_PYTHON: nowhere }, venv, []);
    expect(fourth.libtorch).toMatchObject({ source: 'reference', version: '2.13.0+cpu' });
    const fifth = search({ LITORCH_PYTHON: nowhere }, '/nonexistent', []);
    expect(fifth.libtorch).toMatchObject({ source: 'cache', version: '2.13.0+cpu' });
    // Each step that was passed over says why.
    expect(fifth.findings.map(({ step, found }) => [step, found])).toEqual([
      ['LIBTORCH', false],
      ['python3', false],
      ['system', false],
      ['reference', false],
      ['cache', true],
    ]);
    for (const { text } of fifth.findings) expect(text).toMatch(/^(no )?libtorch .*: /);
  });

  test("CMake's own variables and its package registry are the system's first places", () => {
    const { home, system } = places();
    const common = { HOME: home, LITORCH_PYTHON: nowhere, LITORCH_CACHE: join(home, 'none') };
    const search = (env: Record<string, string>) =>
      searchModule.searchLibtorch({ env: { ...common, ...env }, venv: '/nonexistent', prefixes: [] })
        .libtorch;
    expect(search({})).toBeNull();
    expect(search({ CMAKE_PREFIX_PATH: `/nonexistent:${system}` })).toMatchObject({ source: 'system' });
    expect(search({ Torch_DIR: join(system, 'share', 'cmake', 'Torch') })).toMatchObject({
      source: 'system',
    });
    put(join(home, '.cmake', 'packages', 'Torch', 'abc'), join(system, 'share', 'cmake', 'Torch'));
    expect(search({})).toMatchObject({ source: 'system' });
  });

  test('a LIBTORCH that cannot be used is not passed over in silence', () => {
    const { home, python, venv } = places();
    const { libtorch, findings } = searchModule.searchLibtorch({
      env: { HOME: home, LIBTORCH: join(home, 'wrong'), LITORCH_PYTHON: python },
      venv,
      prefixes: [],
    });
    expect(libtorch).toBeNull();
    expect(findings).toHaveLength(1);
    expect(findings[0]?.text).toMatch(/LIBTORCH: .*wrong can't be used: .*does not exist/);
  });

  test("python3's torch of another version is explained and skipped", () => {
    const { home, cache } = places();
    const python = fakePython(
      join(home, 'old'),
      fakeLibtorch(join(home, 'old', 'torch'), { version: '2.5.1+cu121' }),
    );
    chmodSync(python, 0o755);
    const { libtorch, findings } = searchModule.searchLibtorch({
      env: { HOME: home, LITORCH_PYTHON: python, LITORCH_CACHE: cache },
      venv: '/nonexistent',
      prefixes: [],
    });
    expect(libtorch).toMatchObject({ source: 'cache' });
    expect(findings[1]?.text).toMatch(/it is version 2\.5\.1\+cu121, and litorch supports 2\.11 to 2\.14/);
  });
});
