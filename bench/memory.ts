/** Whether memory stays flat in synchronous loops without scopes. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface MemoryResult {
  /** Bytes resident in the first tenth of the loop and in the last: the most that was read in each. */
  first: number;
  last: number;
  ratio: number;
}

export function memoryLoop(name: string): MemoryResult {
  const program = fileURLToPath(new URL('./memoryLoop.js', import.meta.url));
  const { stdout, status, stderr } = spawnSync(process.execPath, [program, name], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`memory loop ${name} failed\n${stderr}`);
  const { resident } = JSON.parse(stdout) as { resident: number[] };
  const first = resident[0] as number;
  const last = resident.at(-1) as number;
  return { first, last, ratio: last / first };
}
