// Whether the addon that lies there was built from what lies there now.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ADDON, RECORD, ROOT } from './paths.mjs';

/** Every file below a folder, sorted, as paths relative to it. */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** The version of one of this package's dependencies. */
export function dependencyVersion(name) {
  const require = createRequire(join(ROOT, 'package.json'));
  return require(`${name}/package.json`).version;
}

/**
 * A digest of everything that the addon is made of: its sources, the build description, the headers' versions,
 * the libtorch and what the user asks of the compiler.
 */
export function inputsDigest(libtorch, { root = ROOT, env = process.env, versions } = {}) {
  const hash = createHash('sha256');
  const build = [join(root, 'CMakeLists.txt'), join(root, 'scripts', 'setup', 'litorch_build.h.in')];
  for (const file of [...build, ...filesBelow(join(root, 'native'))]) {
    if (!existsSync(file)) continue;
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  const headers = versions ?? {
    'node-api-headers': dependencyVersion('node-api-headers'),
    'node-addon-api': dependencyVersion('node-addon-api'),
  };
  const { root: place, lib, version, flavour } = libtorch;
  const flags = ['CXX', 'CXXFLAGS', 'LDFLAGS'].map((name) => env[name] ?? '');
  hash.update(
    JSON.stringify({
      place,
      lib,
      version,
      flavour,
      headers,
      flags,
      platform: process.platform,
      arch: process.arch,
    }),
  );
  return hash.digest('hex');
}

/** What the addon was built from, as written by the last build, or null. */
export function readRecord(file = RECORD) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Writes the record of a build that has just succeeded. */
export function writeRecord(record, file = RECORD) {
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
}

/** Whether the addon is there and was built from inputs of this digest. */
export function isCurrent(digest, { addon = ADDON, record = RECORD } = {}) {
  return existsSync(addon) && readRecord(record)?.inputs === digest;
}
