// Builds the addon: CMake, driven by cmake-js, against a libtorch that was found.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, freemem } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from './failure.mjs';
import { pipCudaHeaders } from './libtorch.mjs';
import { ADDON, BUILD, OUTPUT, RECORD, ROOT } from './paths.mjs';
import { inputsDigest, isCurrent, writeRecord } from './stamp.mjs';
import { checkToolchain } from './toolchain.mjs';

// One compiler on libtorch's headers takes about this much memory.
const BYTES_PER_JOB = 1.5e9;

/** How many compilers to run at once: one a core, as far as the memory goes. LITORCH_JOBS overrides. */
export function jobs(env = process.env) {
  const asked = Number(env.LITORCH_JOBS);
  if (Number.isInteger(asked) && asked > 0) return asked;
  return Math.max(1, Math.min(availableParallelism(), Math.floor(freemem() / BYTES_PER_JOB)));
}

function cmakeJs(args, verbose) {
  const require = createRequire(join(ROOT, 'package.json'));
  const cli = join(dirname(require.resolve('cmake-js/package.json')), 'bin', 'cmake-js');
  const run = spawnSync(process.execPath, [cli, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: verbose ? 'inherit' : 'pipe',
    maxBuffer: 1 << 28,
  });
  if (run.error) throw run.error;
  return { ok: run.status === 0, output: `${run.stdout ?? ''}${run.stderr ?? ''}` };
}

/** The lines of a compiler's or CMake's output that matter: from the first error on, not too many. */
export function errorLines(output, limit = 40) {
  const lines = output.split(/\r?\n/);
  const first = lines.findIndex((line) => /error|undefined reference|cannot find/i.test(line));
  return lines
    .slice(first < 0 ? -limit : Math.max(0, first - 2))
    .slice(0, limit)
    .join('\n')
    .trim();
}

function fail(summary, libtorch, { ok, output }) {
  if (ok) return;
  throw new Failure(summary, {
    lookedFor: 'a C++20 compiler that builds native/ against libtorch',
    where: [
      `libtorch ${libtorch.version} (${libtorch.flavour}) in ${libtorch.root}`,
      `the build tree ${BUILD}`,
    ],
    details: errorLines(output),
    cure: [
      'npx litorch doctor            # what is there and what is missing',
      'npm run build:native -- --verbose --clean',
    ],
  });
}

/**
 * Builds the addon, unless it was built from just these inputs before.
 *
 * @param {import('./search.mjs').Libtorch} libtorch
 * @param {{ force?: boolean, clean?: boolean, verbose?: boolean, say?: (line: string) => void }} [options]
 * @returns {boolean} Whether anything was built.
 */
export function buildAddon(
  libtorch,
  { force = false, clean = false, verbose = false, say = console.log } = {},
) {
  const digest = inputsDigest(libtorch);
  if (!force && !clean && isCurrent(digest)) {
    say('litorch: the addon is up to date');
    return false;
  }
  checkToolchain();
  // Until the new record is written, what lies there is of unknown make.
  rmSync(RECORD, { force: true });
  if (clean) rmSync(BUILD, { recursive: true, force: true });
  const started = Date.now();
  const count = jobs();
  say(`litorch: building the addon with ${count} compiler${count === 1 ? '' : 's'} at once`);
  const define = (name, value) => `--CD${name}=${value}`;
  const list = (values) => values.map((path) => path.replaceAll('\\', '/')).join(';');
  const common = [
    '--directory',
    ROOT,
    '--out',
    BUILD,
    '--config',
    'Release',
    '--log-level',
    verbose ? 'info' : 'error',
  ];
  const configure = () =>
    cmakeJs(
      [
        'configure',
        ...common,
        define('CMAKE_LIBRARY_OUTPUT_DIRECTORY', list([OUTPUT])),
        define('LITORCH_TORCH_INCLUDE', list(libtorch.include)),
        define('LITORCH_TORCH_LIB', list([libtorch.lib])),
        define('LITORCH_TORCH_VERSION', libtorch.version),
        define('LITORCH_TORCH_FLAVOUR', libtorch.flavour),
        define('LITORCH_CUDA_HEADERS', list(pipCudaHeaders(libtorch.root))),
      ],
      verbose,
    );
  // The paths of the libraries are remembered in CMake's cache, so another libtorch starts a new one; and a build
  // tree that was moved or made by another CMake can't be used again.
  rmSync(join(BUILD, 'CMakeCache.txt'), { force: true });
  let configured = configure();
  if (!configured.ok) {
    rmSync(BUILD, { recursive: true, force: true });
    configured = configure();
  }
  fail('CMake could not configure the build.', libtorch, configured);
  fail(
    'The addon did not compile.',
    libtorch,
    cmakeJs(['build', ...common, '--parallel', String(count)], verbose),
  );
  if (!existsSync(ADDON)) {
    throw new Failure('The build ended without an error but made no addon.', {
      lookedFor: ADDON,
      where: [BUILD],
      cure: 'npm run build:native -- --verbose --clean',
    });
  }
  writeRecord({
    inputs: digest,
    libtorch: { ...libtorch },
    napi: 8,
    node: process.version,
    built: new Date().toISOString(),
  });
  say(`litorch: built ${ADDON} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return true;
}
