// `npx litorch doctor`: what there is on this machine, and whether litorch works. It needs neither the addon nor
// node_modules, for it must explain their absence.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedLibtorch } from './setup/cache.mjs';
import { cudaFacts } from './setup/cuda.mjs';
import { describeLibtorch, supportedRange } from './setup/libtorch.mjs';
import { whyAddonDoesNotLoad } from './setup/loadcheck.mjs';
import { ADDON, ROOT } from './setup/paths.mjs';
import { searchLibtorch } from './setup/search.mjs';
import { inputsDigest, readRecord } from './setup/stamp.mjs';
import { findCmake, findCompiler, findHelpers, MINIMUM_CMAKE, versionAtLeast } from './setup/toolchain.mjs';

const SELFTEST = fileURLToPath(new URL('./setup/selftest.mjs', import.meta.url));
const MINIMUM_NODE = [20, 17];

function selfTest() {
  if (!existsSync(join(ROOT, 'dist', 'bundle', 'index.js')))
    return { ok: false, why: 'dist/bundle/ is missing: run `npm install`' };
  const run = spawnSync(process.execPath, [SELFTEST], { encoding: 'utf8', cwd: ROOT, timeout: 120_000 });
  if (run.error) return { ok: false, why: run.error.message };
  if (run.status !== 0) return { ok: false, why: run.signal ? `ended by ${run.signal}` : run.stderr.trim() };
  const result = JSON.parse(run.stdout.trim().split('\n').at(-1));
  const bad = result.checks
    .filter(({ ok }) => !ok)
    .map(({ name, got, want }) => `${name}: got ${got}, not ${want}`);
  return result.ok ? result : { ...result, why: bad.join('; ') };
}

function examineLibtorch(record, findings) {
  const built = record?.libtorch;
  if (!built) return { builtAgainst: null, findings, problem: null };
  const { root, lib, version, flavour, source } = built;
  const builtAgainst = { root, lib, version, flavour, source };
  const now = describeLibtorch(root);
  if (!now.ok)
    return { builtAgainst, findings, problem: `the libtorch that the addon was built against: ${now.why}` };
  if (now.version !== version) {
    return {
      builtAgainst,
      findings,
      problem: `built against libtorch ${version}, but ${root} is now ${now.version}`,
    };
  }
  return { builtAgainst, findings, problem: null };
}

function isCurrentBuild(record, libtorch) {
  try {
    return Boolean(libtorch && record?.inputs === inputsDigest(libtorch));
  } catch {
    // node_modules is missing, so the headers' versions can't be told.
    return false;
  }
}

/** Everything the doctor finds, as plain data. */
export function examine() {
  const cmake = findCmake();
  const compiler = findCompiler();
  const { libtorch, findings } = searchLibtorch();
  const record = readRecord();
  const built = existsSync(ADDON);
  const loadError = built ? whyAddonDoesNotLoad() : 'it has not been built';
  const report = {
    litorch: JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version,
    root: ROOT,
    node: {
      version: process.version,
      platform: `${process.platform}-${process.arch}`,
      supported: versionAtLeast(process.versions.node, MINIMUM_NODE),
    },
    compiler: { program: compiler.program, version: compiler.version },
    cmake: { version: cmake.version, supported: versionAtLeast(cmake.version ?? '0', MINIMUM_CMAKE) },
    ...findHelpers(),
    libtorch: examineLibtorch(record, findings),
    wouldBuildAgainst: libtorch && {
      root: libtorch.root,
      version: libtorch.version,
      flavour: libtorch.flavour,
    },
    addon: { file: ADDON, built, current: isCurrentBuild(record, libtorch), loadError },
    cuda: null,
    selfTest: loadError ? { ok: false, why: 'the addon does not load' } : selfTest(),
  };
  const flavour = record?.libtorch?.flavour ?? libtorch?.flavour ?? null;
  report.cuda = cudaFacts(flavour, report.selfTest.cuda);
  report.advice = advise(report);
  report.usable = report.node.supported && !loadError && report.selfTest.ok && !report.libtorch.problem;
  return report;
}

function advise(report) {
  const advice = [];
  if (!report.node.supported) advice.push(`install Node ${MINIMUM_NODE.join('.')} or newer`);
  const canBuild = report.compiler.program && report.cmake.supported;
  if (!report.addon.built || report.addon.loadError || report.libtorch.problem) {
    if (!report.compiler.program) advice.push('install a C++20 compiler (Debian: apt-get install g++)');
    if (!report.cmake.supported)
      advice.push(`install CMake ${MINIMUM_CMAKE.join('.')} or newer (Debian: apt-get install cmake)`);
    if (!report.wouldBuildAgainst) {
      advice.push(
        `libtorch will be fetched into ${cachedLibtorch()} at npm install; or set LIBTORCH to one (${supportedRange()})`,
      );
    }
    advice.push(
      canBuild
        ? 'run: npm rebuild litorch   (in a clone of litorch: npm install)'
        : 'then run: npm rebuild litorch',
    );
  } else if (!report.selfTest.ok) {
    advice.push('run: npm run build   (in a clone), or reinstall the package');
  } else if (!report.addon.current && report.wouldBuildAgainst) {
    advice.push(
      'the sources or the libtorch found changed since the addon was built; `npm install` builds it anew',
    );
  }
  return advice;
}

function print(report) {
  const mark = (ok) => (ok ? 'ok ' : 'NO ');
  const line = (ok, name, text) => console.log(`${mark(ok)} ${name.padEnd(10)} ${text}`);
  const { node, compiler, cmake, libtorch, addon, cuda, selfTest } = report;
  console.log(`litorch ${report.litorch} in ${report.root}\n`);
  line(node.supported, 'Node', `${node.version} ${node.platform}`);
  line(
    Boolean(compiler.program),
    'Compiler',
    compiler.program ? `${compiler.program}: ${compiler.version}` : 'none',
  );
  line(cmake.supported, 'CMake', cmake.version ?? 'none');
  console.log(`    ${'Helpers'.padEnd(10)} ninja ${report.ninja ?? 'none'}; ${report.ccache ?? 'no ccache'}`);
  const built = libtorch.builtAgainst;
  line(
    Boolean(built ? !libtorch.problem : report.wouldBuildAgainst),
    'libtorch',
    built
      ? `${built.version} (${built.flavour}) in ${built.root}, from: ${built.source}`
      : 'the addon has not been built yet',
  );
  if (libtorch.problem) console.log(`               ${libtorch.problem}`);
  console.log('    The search now:');
  for (const { text } of libtorch.findings) console.log(`      ${text}`);
  line(!addon.loadError, 'Addon', addon.loadError ? `${addon.file}: ${addon.loadError}` : addon.file);
  if (addon.built)
    console.log(`               ${addon.current ? 'up to date' : 'not from what is there now'}`);
  console.log(
    `    ${'CUDA'.padEnd(10)} ${cuda.available ? `yes, ${cuda.devices} device(s)` : 'no'}: ${cuda.why}`,
  );
  line(
    selfTest.ok,
    'Self-test',
    selfTest.ok
      ? `${selfTest.checks.length} checks in ${selfTest.totalMs} ms (import ${selfTest.importMs} ms)`
      : selfTest.why,
  );
  console.log(report.usable ? '\nlitorch works here.' : '\nlitorch does not work here.');
  for (const advice of report.advice) console.log(`  - ${advice}`);
}

/**
 * The command.
 *
 * @param {string[]} args `--json` for one JSON document instead of text.
 * @returns {Promise<number>} 0 where litorch works, 1 where it does not, 2 for a wrong call.
 */
export async function doctor(args) {
  const unknown = args.filter((argument) => argument !== '--json');
  if (unknown.length > 0) {
    console.error(`litorch doctor: unknown argument '${unknown[0]}'; it takes only --json`);
    return 2;
  }
  const report = examine();
  if (args.includes('--json')) console.log(JSON.stringify(report, null, 2));
  else print(report);
  return report.usable ? 0 : 1;
}
