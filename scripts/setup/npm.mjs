// The packages of a clone: installed where they are missing or are not those of the lock file.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { ROOT } from './paths.mjs';

// What npm tells the scripts that it runs about that run. A second npm, started from a script, would take it for the
// user's wishes. What the user set in the environment or an npmrc (a registry, a proxy, a cache) stays.
const OF_THE_RUN =
  /^npm_(lifecycle_|package_|command$|node_execpath$|execpath$|config_(argv|dry_run|global|ignore_scripts|include|json|local_prefix|location|node_gyp|npm_version|omit|only|package_lock_only|prefix|production|silent|user_agent|workspace))/i;

/** The environment for an npm of our own. */
export function cleanNpmEnvironment(env = process.env) {
  const kept = Object.entries(env).filter(
    ([name]) => !OF_THE_RUN.test(name) && name !== 'INIT_CWD' && name !== 'NODE_ENV',
  );
  return Object.fromEntries(kept);
}

/** The versions in a lock file, by place. */
function lockedVersions(file) {
  try {
    const { packages } = JSON.parse(readFileSync(file, 'utf8'));
    return Object.entries(packages).filter(([place]) => place !== '');
  } catch {
    return null;
  }
}

/** Whether node_modules holds what the lock file says, for this platform. */
export function packagesAreCurrent(root = ROOT) {
  const wanted = lockedVersions(join(root, 'package-lock.json'));
  const there = lockedVersions(join(root, 'node_modules', '.package-lock.json'));
  if (!there || !wanted) return Boolean(there);
  const versions = new Map(there.map(([place, { version }]) => [place, version]));
  return wanted.every(([place, { version, optional }]) =>
    versions.has(place)
      ? versions.get(place) === version
      : Boolean(optional) || existsSync(join(root, place)),
  );
}

/** Runs npm of this Node, with the output to the terminal. */
export function runNpm(args, env, root = ROOT) {
  const cli = process.env.npm_execpath;
  const [program, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  return spawnSync(program, [...first, ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32' && program === 'npm',
  });
}

/**
 * Installs the packages, development ones included, unless they are there. The addon and the TypeScript are left to
 * the caller, which builds them anyway.
 */
export function ensurePackages(root = ROOT, say = console.log) {
  if (packagesAreCurrent(root)) return;
  const command = existsSync(join(root, 'package-lock.json')) ? 'ci' : 'install';
  say(`litorch: npm ${command}`);
  const run = runNpm(
    [command, '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'],
    cleanNpmEnvironment(),
    root,
  );
  if (run.error || run.status !== 0) {
    throw new Failure('The npm packages could not be installed.', {
      lookedFor: 'the packages of package-lock.json',
      where: ["npm's registry, as set by the user's npmrc"],
      details: run.error?.message,
      cure: `npm ${command} --include=dev`,
    });
  }
}
