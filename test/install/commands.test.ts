import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { root } from '../support/python.js';
import { fakeLibtorch, freshPackage, importScript, put, temporaryFolder } from '../support/scripts.js';

function run(program: string, args: readonly string[], env: Record<string, string> = {}, cwd = root) {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const result = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...inherited, ...env },
    timeout: 100_000,
  });
  return { status: result.status, out: result.stdout, err: result.stderr };
}
const node = (args: readonly string[], env?: Record<string, string>, cwd?: string) =>
  run(process.execPath, args, env, cwd);

/** Variables under which no libtorch is found or fetched. */
function nothing(): Record<string, string> {
  const home = temporaryFolder();
  return {
    HOME: home,
    LIBTORCH: '',
    LITORCH_CACHE: join(home, 'cache'),
    LITORCH_PYTHON: '/nonexistent/python3',
    LITORCH_ARCHIVE: 'http://127.0.0.1:9/torch/',
  };
}

/** A PATH with the named programs of this machine alone. */
function pathOf(...names: string[]): string {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const found = run('sh', ['-c', `command -v ${name}`]).out.trim();
    if (found) symlinkSync(found, join(folder, name));
  }
  return folder;
}

describe('a failed step ends with one message', () => {
  test('no libtorch anywhere', () => {
    const { status, err } = node(['scripts/build.mjs'], nothing(), freshPackage());
    expect(status).toBe(1);
    expect(err.match(/^litorch: /gm)).toHaveLength(1);
    expect(err).toMatch(/There is no libtorch, and none could be fetched\./);
    expect(err).toMatch(/Looked for: libtorch 2\.11 to 2\.14/);
    for (const place of [
      'LIBTORCH: it is not set',
      "python3's torch package",
      "CMake's own places",
      'cache',
      'pip:',
    ]) {
      expect(err).toContain(place);
    }
    expect(err).toMatch(/To cure it:\n\s+python3 -m pip install torch==2\.13\.0/);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test('LIBTORCH names a folder that is none', () => {
    const { status, err } = node(
      ['scripts/build.mjs'],
      { ...nothing(), LIBTORCH: '/nonexistent' },
      freshPackage(),
    );
    expect(status).toBe(1);
    expect(err).toMatch(
      /LIBTORCH names can not be used[\s\S]*\/nonexistent does not exist[\s\S]*export LIBTORCH=/,
    );
  });

  test.each([
    [
      'CMake',
      ['c++'],
      /CMake is missing\.[\s\S]*cmake 3\.18 or newer[\s\S]*(apt-get|brew|winget) install .*cmake/i,
    ],
    [
      'a compiler',
      ['cmake'],
      /There is no C\+\+ compiler\.[\s\S]*To cure it:\n\s+(sudo apt-get install g\+\+|xcode-select)/,
    ],
  ])('without %s', (_name, programs, message) => {
    const folder = freshPackage();
    const env = {
      ...nothing(),
      LIBTORCH: fakeLibtorch(join(folder, 'torch')),
      PATH: pathOf(...programs),
      CXX: '',
    };
    const { status, err } = node(['scripts/build.mjs'], env, folder);
    expect(err).toMatch(message);
    expect(err).toContain(`PATH: ${env.PATH}`);
    expect(status).toBe(1);
  });

  test('sources that do not compile: the compiler is quoted', () => {
    const folder = freshPackage();
    put(join(folder, 'native', 'addon.cpp'), '#include "no_such_header.h"\n');
    const env = { ...nothing(), LIBTORCH: fakeLibtorch(join(folder, 'torch')) };
    const { status, err } = node(['scripts/build.mjs'], env, folder);
    expect(status).toBe(1);
    expect(err).toMatch(/The addon did not compile\.[\s\S]*no_such_header\.h[\s\S]*npx litorch doctor/);
    expect(err.match(/^litorch: /gm)).toHaveLength(1);
  });
});

describe('npx litorch', () => {
  const cli = join(root, 'bin', 'litorch.js');

  test('doctor --json says that this package works', () => {
    const { status, out } = node([cli, 'doctor', '--json']);
    const report = JSON.parse(out);
    expect(report).toMatchObject({
      node: { version: process.version, supported: true },
      addon: { built: true, loadError: null },
      selfTest: { ok: true },
      usable: true,
    });
    expect(report.libtorch.builtAgainst.version).toMatch(/^2\.1[1-4]\./);
    expect(report.libtorch.findings.length).toBeGreaterThan(0);
    expect(report.cuda.why).toEqual(expect.any(String));
    expect(report.cuda.available).toBe(report.cuda.devices > 0);
    expect(status).toBe(0);
  });

  test('doctor explains, and fails, where nothing has been built', () => {
    const folder = freshPackage();
    const { status, out } = node(['bin/litorch.js', 'doctor'], nothing(), folder);
    expect(status).toBe(1);
    expect(out).toMatch(/NO\s+Addon\s+.*it has not been built/);
    expect(out).toMatch(/no libtorch from LIBTORCH: it is not set/);
    expect(out).toMatch(/litorch does not work here\.[\s\S]*npm rebuild litorch/);
  });

  test('doctor names what the addon itself needs and does not find', () => {
    const folder = freshPackage();
    put(join(folder, 'build', 'Release', 'litorch.node'), 'this is no library');
    const { status, out } = node(['bin/litorch.js', 'doctor', '--json'], nothing(), folder);
    expect(status).toBe(1);
    const report = JSON.parse(out);
    expect(report.usable).toBe(false);
    expect(report.addon.loadError).toMatch(/litorch\.node/);
    expect(report.advice.join('\n')).toContain('npm rebuild litorch');
  });

  test('help, version, and wrong calls', () => {
    expect(node([cli, '--help'])).toMatchObject({
      status: 0,
      out: expect.stringContaining('squad-eval DATASET'),
    });
    expect(node([cli, '--version']).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(node([cli])).toMatchObject({ status: 2, err: expect.stringContaining('Usage:') });
    expect(node([cli, 'dcotor'])).toMatchObject({
      status: 2,
      err: expect.stringContaining("unknown command 'dcotor'"),
    });
    expect(node([cli, 'doctor', '--jsn'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('--jsn'),
    });
  });
});

describe('a started program', () => {
  // Counts interrupts and ends at SIGTERM with status 7.
  const program = `
    let count = 0;
    process.on('SIGINT', () => console.log('interrupt', ++count));
    process.on('SIGTERM', () => process.exit(7));
    setInterval(() => {}, 1000);
    console.log('ready');
  `;

  test('gets an interrupt once, is waited for, and gives its status', async () => {
    const folder = temporaryFolder();
    put(join(folder, 'child.mjs'), program);
    const launch = join(root, 'scripts', 'setup', 'launch.mjs');
    const parent = `import { launch } from ${JSON.stringify(launch)};
      process.exitCode = await launch([${JSON.stringify(join(folder, 'child.mjs'))}]);`;
    put(join(folder, 'parent.mjs'), parent);
    const child = spawn(process.execPath, [join(folder, 'parent.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    const until = (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => out.includes(text) && resolve();
        child.stdout.on('data', look);
        look();
      });
    child.stdout.on('data', (data) => {
      out += data;
    });
    await until('ready');
    // As npm does it: the terminal signals, and npm passes the same signal on.
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGINT');
    await until('interrupt 1');
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(out).not.toContain('interrupt 2');
    // A second Ctrl-C of the user's is one.
    child.kill('SIGINT');
    await until('interrupt 2');
    child.kill('SIGTERM');
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(7);
  });
});

describe('the set-up of a clone', () => {
  interface NpmModule {
    cleanNpmEnvironment(env: Record<string, string>): Record<string, string>;
    packagesAreCurrent(root: string): boolean;
  }
  let npm: NpmModule;
  beforeAll(async () => {
    npm = await importScript('setup/npm.mjs');
  });

  test("npm's own variables are kept from a second npm, the user's are not", () => {
    const kept = {
      PATH: '/bin',
      npm_config_registry: 'mirror',
      npm_config_cache: '/c',
      npm_config_cafile: '/ca',
    };
    const dropped = {
      npm_lifecycle_event: 'start',
      npm_package_name: 'litorch',
      npm_command: 'run-script',
      npm_config_ignore_scripts: 'true',
      npm_config_global: 'true',
      npm_config_omit: 'dev',
      NODE_ENV: 'production',
      INIT_CWD: '/',
    };
    expect(npm.cleanNpmEnvironment({ ...kept, ...dropped })).toEqual(kept);
  });

  test('packages are current when each locked version is installed', () => {
    const folder = temporaryFolder();
    const lock = (version: string) =>
      JSON.stringify({
        packages: {
          '': { name: 'x' },
          'node_modules/a': { version },
          // Of another platform: never installed here.
          'node_modules/b': { version: '1.0.0', optional: true },
        },
      });
    expect(npm.packagesAreCurrent(folder)).toBe(false);
    put(join(folder, 'package-lock.json'), lock('1.0.0'));
    expect(npm.packagesAreCurrent(folder)).toBe(false);
    const there = join(folder, 'node_modules', '.package-lock.json');
    put(there, JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }));
    expect(npm.packagesAreCurrent(folder)).toBe(true);
    put(join(folder, 'package-lock.json'), lock('1.0.1'));
    expect(npm.packagesAreCurrent(folder)).toBe(false);
  });
});
