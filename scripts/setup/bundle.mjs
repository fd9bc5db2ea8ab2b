// Bundles what the package exports: one file loads in a fraction of the time of some hundred modules.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from './failure.mjs';
import { ROOT } from './paths.mjs';

const DECLARED = /^(?:export )?(?:async )?(?:function\*?|const|let|var|class) (\w+)/gm;
const CLASS = /^((?:export )?(?:default )?class (\w+)(?: extends [^{]*)? \{)/gm;
const FUNCTION = /^export (?:async )?function\*? (\w+)/gm;
const RECORD = 'inputs.json';

/** The compiled modules of the library by their paths, sorted. */
function modulesOf(root) {
  const lib = join(root, 'dist', 'lib');
  return new Map(
    readdirSync(lib, { recursive: true })
      .filter((name) => name.endsWith('.js'))
      .sort()
      .map((name) => [join(lib, name), readFileSync(join(lib, name), 'utf8')]),
  );
}

/** The files that package.json exports, as condition `litorch-source` names them. */
function entriesOf(root) {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.values(exports)
    .map((entry) => entry['litorch-source'])
    .filter((file) => file !== undefined)
    .map((file) => join(root, file));
}

function digestOf(modules, entries, bundlerVersion, root) {
  const hash = createHash('sha256');
  const update = (name, text) =>
    hash
      .update(`${name.slice(root.length)}\0`)
      .update(text)
      .update('\0');
  for (const entry of entries) update(entry, '');
  for (const [name, text] of modules) update(name, text);
  return hash
    .update(readFileSync(new URL(import.meta.url)))
    .update(bundlerVersion)
    .digest('hex');
}

/**
 * The bundler gives another name to what several modules call the same, and to a class that mentions itself; but users
 * see names, of modules that are printed and of errors. So classes and such functions are told theirs.
 */
function namingPlugin(modules) {
  const seen = new Map();
  for (const text of modules.values()) {
    for (const [, name] of text.matchAll(DECLARED)) seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  const told = (what, name) => `Object.defineProperty(${what}, 'name', { value: '${name}' });`;
  const contentsOf = (text) => {
    const functions = [...text.matchAll(FUNCTION)]
      .map(([, name]) => name)
      .filter((name) => seen.get(name) > 1);
    // On the same lines, so that the source map still holds.
    const named = text.replace(CLASS, (start, _, name) => `${start} static { ${told('this', name)} }`);
    return named.replace(/\n(\/\/# sourceMappingURL=.*\s*)?$/, (end) =>
      functions
        .map((name) => `\n${told(name, name)}`)
        .join('')
        .concat(end),
    );
  };
  return {
    name: 'names',
    setup(build) {
      build.onLoad({ filter: /\.js$/ }, ({ path }) =>
        modules.has(path) ? { contents: contentsOf(modules.get(path)), loader: 'js' } : undefined,
      );
    },
  };
}

/** Puts the folder `made` in the place of `target`, where another process may be doing the same. */
function replaceFolder(made, target) {
  for (let attempt = 1; ; attempt++) {
    const old = `${made}-old`;
    try {
      if (existsSync(target)) renameSync(target, old);
      renameSync(made, target);
      return;
    } catch (error) {
      if (attempt === 5) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

/**
 * Writes dist/bundle/ from dist/lib/, unless it was made from just these inputs before.
 *
 * @returns {Promise<boolean>} Whether anything was written.
 */
export async function bundle(root = ROOT) {
  const target = join(root, 'dist', 'bundle');
  const require = createRequire(join(root, 'package.json'));
  let version;
  try {
    ({ version } = require('esbuild/package.json'));
  } catch {
    throw new Failure('esbuild is not installed.', {
      lookedFor: 'node_modules/esbuild',
      where: [root],
      cure: 'npm install --include=dev',
    });
  }
  const modules = modulesOf(root);
  const entries = entriesOf(root);
  const inputs = digestOf(modules, entries, version, root);
  const record = join(target, RECORD);
  if (existsSync(record) && JSON.parse(readFileSync(record, 'utf8')).inputs === inputs) return false;

  const { build } = await import(pathToFileURL(require.resolve('esbuild')).href);
  const made = join(root, 'dist', `.bundle-${process.pid}`);
  mkdirSync(made);
  try {
    await build({
      absWorkingDir: root,
      entryPoints: entries,
      outbase: join(root, 'dist', 'lib'),
      outdir: made,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: true,
      sourcesContent: false,
      // The exception has the messages.
      logLevel: 'silent',
      plugins: [namingPlugin(modules)],
    });
    writeFileSync(join(made, RECORD), `${JSON.stringify({ inputs, esbuild: version }, null, 2)}\n`);
    replaceFolder(made, target);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return true;
}
