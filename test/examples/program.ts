/** Runs the example's program in a folder of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asSource } from '../support/child.js';
import { root } from '../support/python.js';

const COMPILED = join(root, 'dist', 'examples', 'adversarial-qa');

/** An attack small enough for a test. */
export const ATTACK = ['--attack-limit', '8', '--attack-epsilons', '0.5,2', '--attack-steps', '1'];

/** A run small enough for a test. */
export const SMALL = [
  ...ATTACK,
  ...[
    '--limit',
    '96',
    '--dev-limit',
    '40',
    '--batch-size',
    '8',
    '--embedding-dim',
    '16',
    '--hidden-size',
    '8',
  ],
  ...['--threads', '1', '--device', process.env.LITORCH_TEST_DEVICE ?? 'cpu'],
];

/** The environment without Jest's own options, which are not for the program. */
const env = { ...process.env, NODE_OPTIONS: '' };

/** A folder, and the programs run in it. */
export class Workplace implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'litorch-run-'));

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    return this.runProgram('main.js', ...args);
  }

  runProgram(name: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [asSource, join(COMPILED, name), ...args],
      {
        encoding: 'utf8',
        cwd: this.folder,
        env,
      },
    );
    return { status, stdout, stderr };
  }

  start(...args: string[]): ChildProcess {
    return spawn(process.execPath, [asSource, join(COMPILED, 'main.js'), ...args], { cwd: this.folder, env });
  }

  path(out: string, name = ''): string {
    return join(this.folder, out, name);
  }

  read(out: string, name: string): Buffer {
    return readFileSync(this.path(out, name));
  }

  /** What a run has measured. */
  records(out: string) {
    return this.read(out, 'metrics.jsonl')
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  /** A checkpoint's header, with the state that is JSON in it, and the bytes of its tensors. */
  checkpoint(out: string) {
    const file = this.read(out, 'checkpoint.safetensors');
    const end = 8 + Number(file.readBigUInt64LE(0));
    const { __metadata__: metadata, ...header } = JSON.parse(file.subarray(8, end).toString());
    header.state = JSON.parse(metadata['litorch.checkpoint']).state;
    return { header, bytes: file.subarray(end) };
  }
}
