// Runs the TypeScript compiler of this package.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundle } from './bundle.mjs';
import { Failure } from './failure.mjs';
import { ROOT } from './paths.mjs';

/** Whether this is a clone: the published package has no tsconfig.json and brings its dist/ along. */
export const isClone = (root = ROOT) => existsSync(join(root, 'tsconfig.json'));

/**
 * Whether npm installs this clone only to run one of its commands: `npx litorch doctor` in a clone does. The command
 * must run, and explain, where an installation would fail.
 */
export const isNpxOfClone = (env = process.env) => env.npm_command === 'exec' && isClone();

function findCompiler(root) {
  try {
    const require = createRequire(join(root, 'package.json'));
    return join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  } catch {
    return null;
  }
}

/** Whether the TypeScript compiler is installed. */
export const hasCompiler = (root = ROOT) => findCompiler(root) !== null;

/** Removes compiled files whose sources are gone, which Jest would run and examples would import. */
export function prune(root = ROOT) {
  const dist = join(root, 'dist');
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { recursive: true })) {
    if (/^\.?bundle/.test(entry)) continue;
    const match = /^(.*?)(\.d\.ts|\.js)(\.map)?$/.exec(entry);
    if (match && !['.ts', '.mts', '.tsx'].some((suffix) => existsSync(join(root, match[1] + suffix)))) {
      rmSync(join(dist, entry), { force: true });
    }
  }
}

/**
 * Compiles TypeScript into dist/, and bundles what the package exports. The compiler's own messages go to the terminal.
 */
export async function compile(root = ROOT) {
  const compiler = findCompiler(root);
  if (!compiler) {
    throw new Failure('TypeScript is not installed.', {
      lookedFor: 'node_modules/typescript',
      where: [root],
      cure: 'npm install --include=dev',
    });
  }
  prune(root);
  // The compiler remembers what it has written; without the output that memory is wrong.
  if (!existsSync(join(root, 'dist', 'lib'))) rmSync(join(root, 'dist', '.tsbuildinfo'), { force: true });
  const run = spawnSync(process.execPath, [compiler, '-p', root], { cwd: root, stdio: 'inherit' });
  if (run.error) throw run.error;
  if (run.status !== 0) {
    throw new Failure('The TypeScript sources did not compile.', {
      lookedFor: 'programs without type errors (the messages are above)',
      where: [join(root, 'tsconfig.json')],
      cure: 'npx tsc',
    });
  }
  await bundle(root);
}
