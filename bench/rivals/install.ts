/** The rivals' packages: installed into a folder that git ignores when they are first asked for. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../places.js';

export const folder = join(root, 'bench/rivals/packages');

/** The versions that are asked for, by package. */
function wanted(): [name: string, version: string][] {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return Object.entries(dependencies);
}

function isInstalled([name, version]: [string, string]): boolean {
  const file = join(folder, 'node_modules', name, 'package.json');
  return (
    existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version === version
  );
}

/**
 * Installs what is missing, without running any package's scripts (js-pytorch's would build a graphics library).
 *
 * @throws Error where npm fails.
 */
export function ensureRivals(say: (text: string) => void): void {
  if (wanted().every(isInstalled)) return;
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
  say(`npm ${args.join(' ')} in bench/rivals/packages`);
  // What npm tells the scripts that it runs about that run would be taken for the user's wishes by this npm.
  const ofTheRun =
    /^npm_(lifecycle_|package_|command$|config_(local_prefix|prefix|ignore_scripts|omit|workspace))|^INIT_CWD$/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofTheRun.test(name)));
  const windows = process.platform === 'win32';
  const run = spawnSync('npm', args, { cwd: folder, env, encoding: 'utf8', shell: windows });
  if (run.error !== undefined || run.status !== 0) {
    throw new Error(`the rivals could not be installed: ${run.error?.message ?? run.stderr}`);
  }
}
