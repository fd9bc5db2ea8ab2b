/** Compiled test programs in processes of their own, where a crash or the memory used can be seen from outside. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './python.js';

export interface ChildResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** With this option of Node's, `litorch` is the modules of lib/ and not the bundle of them, as it is in tests. */
export const asSource = '--conditions=litorch-source';

/** Runs a program with this Node, which is told nothing but `env` about the test runner. */
export function runNode(
  args: readonly string[],
  env: Record<string, string> = {},
  timeout = 100_000,
): ChildResult {
  const inherited = { ...process.env };
  delete inherited.NODE_OPTIONS;
  const run = spawnSync(process.execPath, [...args], {
    cwd: root,
    encoding: 'utf8',
    timeout,
    maxBuffer: 1 << 28,
    env: { ...inherited, ...env },
  });
  return { status: run.status, signal: run.signal, stdout: run.stdout, stderr: run.stderr };
}

/** Runs `test/<program>.ts`, compiled; where it has `litorch`, that is the modules of lib/. */
export function runTestProgram(
  program: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): ChildResult {
  return runNode([asSource, join(root, 'dist', 'test', `${program}.js`), ...args], env);
}
