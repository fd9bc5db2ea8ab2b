import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { importScript, put, temporaryFolder } from '../support/scripts.js';
import { zip } from '../support/zip.js';

type Choice = { name: string; url: string; sha256: string } | { why: string };
interface ArchiveModule {
  ARCHIVE: string;
  chooseWheel(page: string, base: string, machine: { platform: string; arch: string }): Choice;
}
interface CacheModule {
  cacheFolder(env: Record<string, string>): string;
  cachedLibtorch(env: Record<string, string>): string;
  isWanted(name: string): boolean;
  fillCache(options: {
    env: Record<string, string>;
    say: (line: string) => void;
  }): Promise<{ folder?: string; reasons?: string[] }>;
}

let archive: ArchiveModule;
let cache: CacheModule;
beforeAll(async () => {
  archive = await importScript('setup/archive.mjs');
  cache = await importScript('setup/cache.mjs');
});

const suffix = process.platform === 'darwin' ? '.dylib' : '.so';

/** A wheel of torch with the files by which litorch knows one. */
function wheel(version: string, more: Record<string, string> = {}): Buffer {
  return zip({
    'torch/version.py': `__version__ = '${version}'\n`,
    'torch/__init__.py': 'raise ImportError',
    [`torch/lib/libc10${suffix}`]: 'c10',
    [`torch/lib/libtorch${suffix}`]: 'torch',
    [`torch/lib/libtorch_cpu${suffix}`]: 'cpu',
    [`torch/lib/libtorch_python${suffix}`]: 'python',
    'torch/include/ATen/ATen.h': '',
    ...more,
  });
}

const tag = process.platform === 'darwin' ? 'macosx_11_0' : 'manylinux_2_28';
const machine = process.arch === 'x64' ? 'x86_64' : process.platform === 'darwin' ? 'arm64' : 'aarch64';
const wheelName = (version: string) => `torch-${version}-cp312-cp312-${tag}_${machine}.whl`;
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

describe('where the cache is', () => {
  test('LITORCH_CACHE, XDG_CACHE_HOME, ~/.cache', () => {
    const home = { HOME: '/home/u' };
    expect(cache.cacheFolder(home)).toBe('/home/u/.cache/litorch');
    expect(cache.cacheFolder({ ...home, XDG_CACHE_HOME: '/x' })).toBe('/x/litorch');
    expect(cache.cacheFolder({ ...home, XDG_CACHE_HOME: '/x', LITORCH_CACHE: '/l' })).toBe('/l');
  });
});

test('of a wheel, what C++ needs is unpacked', () => {
  const wanted = [
    'torch/lib/libtorch_cpu.so',
    'torch/lib/libgomp.so.1',
    'torch/include/a/b.h',
    'torch/version.py',
  ];
  const unwanted = [
    'torch/nn/modules/rnn.py',
    'torch/lib/libtorch_python.so',
    'torch/bin/protoc',
    'torchgen/a.py',
  ];
  for (const name of [...wanted, 'torch-2.13.0+cpu.dist-info/licenses/LICENSE', 'torch.libs/libx.so']) {
    expect([name, cache.isWanted(name)]).toEqual([name, true]);
  }
  for (const name of unwanted) expect([name, cache.isWanted(name)]).toEqual([name, false]);
});

describe("choosing from the archive's page", () => {
  const sum = 'a'.repeat(64);
  const link = (name: string, hash = `#sha256=${sum}`) =>
    `<a href="/whl/cpu/${encodeURIComponent(name)}${hash}" data-x="y">${name}</a><br>`;
  const page = [
    link('torch-2.12.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl'),
    link('torch-2.13.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl'),
    link('torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl', ''),
    link('torch-2.13.0+cpu-cp312-cp312-manylinux_2_28_aarch64.whl'),
    link('torch-2.13.0-cp312-none-macosx_11_0_arm64.whl'),
    link('torch-2.13.0-cp313-cp313-macosx_11_0_arm64.whl'),
    link('torch-2.13.0+cpu-cp312-cp312-win_amd64.whl', ''),
  ].join('\n');
  const choose = (platform: string, arch: string) =>
    archive.chooseWheel(page, archive.ARCHIVE, { platform, arch });

  test('a file whose checksum litorch knows is best, and the known checksum holds', () => {
    const choice = choose('linux', 'x64');
    expect(choice).toMatchObject({ name: 'torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl' });
    expect(choice).not.toMatchObject({ sha256: sum });
    expect(choice).toMatchObject({
      url: expect.stringMatching(/^https:.*cp311-manylinux_2_28_x86_64\.whl$/),
    });
  });

  test("elsewhere the page's own checksum is taken", () => {
    expect(choose('linux', 'arm64')).toMatchObject({ name: expect.stringContaining('aarch64'), sha256: sum });
    expect(choose('darwin', 'arm64')).toMatchObject({ name: expect.stringContaining('macosx'), sha256: sum });
  });

  test('a file without a checksum is never taken', () => {
    expect(choose('win32', 'x64')).toMatchObject({
      why: expect.stringContaining('no checksummed torch 2.13.0'),
    });
    expect(choose('sunos', 'x64')).toMatchObject({ why: expect.stringContaining('sunos-x64') });
  });
});

describe('filling the cache', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
    server = undefined;
  });

  /** Serves an index page with one wheel, on this machine. */
  async function serve(name: string, data: Buffer, checksum: string): Promise<string> {
    server = createServer((request, response) => {
      if (request.url === '/torch/') {
        response.end(`<a href="../files/${encodeURIComponent(name)}#sha256=${checksum}">${name}</a>`);
      } else if (request.url === `/files/${encodeURIComponent(name)}`) {
        response.end(data);
      } else {
        response.statusCode = 404;
        response.end();
      }
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/torch/`;
  }

  const nowhere = '/nonexistent/python3';
  async function fill(env: Record<string, string>) {
    const said: string[] = [];
    const folder = join(temporaryFolder(), 'cache');
    const all = { PATH: process.env.PATH ?? '', LITORCH_CACHE: folder, LITORCH_PYTHON: nowhere, ...env };
    const result = await cache.fillCache({ env: all, say: (line) => said.push(line) });
    return { result, said, folder, place: cache.cachedLibtorch(all) };
  }

  test('from the archive, its checksum verified', async () => {
    const data = wheel('2.13.0+cpu');
    const name = wheelName('2.13.0+cpu');
    const { result, folder, place, said } = await fill({
      LITORCH_ARCHIVE: await serve(name, data, sha256(data)),
    });
    expect(result).toEqual({ folder: place });
    expect(readdirSync(join(place, 'torch', 'lib')).sort()).toEqual([
      `libc10${suffix}`,
      `libtorch${suffix}`,
      `libtorch_cpu${suffix}`,
    ]);
    expect(existsSync(join(place, 'torch', '__init__.py'))).toBe(false);
    // Nothing temporary stays.
    expect(readdirSync(folder)).toEqual([place.split('/').at(-1)]);
    expect(said.join('\n')).toMatch(/no libtorch from pip: .*no pip/);
  });

  test('a file with another checksum is refused', async () => {
    const data = wheel('2.13.0+cpu');
    const name = wheelName('2.13.0+cpu');
    const { result, folder } = await fill({ LITORCH_ARCHIVE: await serve(name, data, 'b'.repeat(64)) });
    expect(result.reasons?.at(-1)).toMatch(/its SHA-256 is [0-9a-f]{64} and must be b{64}/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a build with CUDA, or another version, is refused', async () => {
    const cuda = wheel('2.13.0', { [`torch/lib/libtorch_cuda${suffix}`]: 'cuda' });
    const name = wheelName('2.13.0');
    const first = await fill({ LITORCH_ARCHIVE: await serve(name, cuda, sha256(cuda)) });
    expect(first.result.reasons?.at(-1)).toMatch(/is the cuda build, not the CPU's/);
    server?.close();
    const old = wheel('2.3.0+cpu');
    const second = await fill({ LITORCH_ARCHIVE: await serve(name, old, sha256(old)) });
    expect(second.result.reasons?.at(-1)).toMatch(/it is version 2\.3\.0\+cpu/);
    expect(readdirSync(second.folder)).toEqual([]);
  });

  test('an archive that is out of reach is a reason, not a crash', async () => {
    const { result } = await fill({ LITORCH_ARCHIVE: 'http://127.0.0.1:9/torch/' });
    expect(result.reasons).toHaveLength(2);
  });

  /** A Python whose pip offers a wheel and, for the plain requirement, tells that it needs CUDA's packages. */
  function fakePip(file: string, { plainOnly = false } = {}): string {
    const program = join(temporaryFolder(), 'python');
    const report = JSON.stringify({
      install: [
        {
          download_info: { url: `https://index.example/${wheelName('2.13.0')}` },
          metadata: { requires_dist: ['nvidia-cublas==13; platform_system == "Linux"'] },
        },
      ],
    });
    put(
      program,
      `#!/bin/sh
case "$*" in
  *--version*) echo 'pip 25' ;;
  *--dry-run*) echo '${report}' ;;
  *download*) ${plainOnly ? `case "$*" in *+cpu*) echo 'ERROR: No matching distribution' >&2; exit 1 ;; esac` : ''}
    while [ "$1" != --dest ]; do shift; done
    cp '${file}' "$2" ;;
esac
`,
    );
    chmodSync(program, 0o755);
    return program;
  }

  test('through pip, asked for the CPU build first', async () => {
    const folder = temporaryFolder();
    const file = join(folder, wheelName('2.13.0+cpu'));
    writeFileSync(file, wheel('2.13.0+cpu'));
    const { result, place, said } = await fill({ LITORCH_PYTHON: fakePip(file) });
    expect(result).toEqual({ folder: place });
    expect(readFileSync(join(place, 'torch', 'version.py'), 'utf8')).toContain('2.13.0+cpu');
    expect(said[0]).toMatch(/pip download torch==2\.13\.0\+cpu/);
  });

  test("pip's build with CUDA is not even downloaded", async () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    const file = join(folder, wheelName('2.13.0'));
    writeFileSync(file, wheel('2.13.0'));
    const python = fakePip(file, { plainOnly: true });
    const { result } = await fill({ LITORCH_PYTHON: python, LITORCH_ARCHIVE: 'http://127.0.0.1:9/' });
    if (process.platform !== 'darwin')
      expect(result.reasons?.[0]).toMatch(/pip: .*No matching.*offers the CUDA build/);
  });

  test('a name that leads out of the folder is refused', async () => {
    const data = wheel('2.13.0+cpu', { 'torch/include/../../../../evil.h': 'x' });
    const { result } = await fill({
      LITORCH_ARCHIVE: await serve(wheelName('2.13.0+cpu'), data, sha256(data)),
    });
    expect(result.reasons?.at(-1)).toMatch(/invalid relative path/);
  });
});
