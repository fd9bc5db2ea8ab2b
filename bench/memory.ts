/** The memory programs, each side in a process of its own. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { programs } from './memory/programs.js';
import type { MemoryReadings } from './memory/run.js';
import { root } from './places.js';

export const memoryPrograms = Object.keys(programs);

function readingsOf(command: string, args: readonly string[]): MemoryReadings {
  const { stdout, status, signal, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status ?? signal}\n${stderr}`);
  return JSON.parse(stdout) as MemoryReadings;
}

/** A program in plain code or in scopes, with litorch. */
export function measureMemory(program: string, mode: 'plain' | 'scopes'): MemoryReadings {
  const run = fileURLToPath(new URL('./memory/run.js', import.meta.url));
  return readingsOf(process.execPath, [run, program, mode]);
}

/** Its twin, with so many rounds, in Python. */
export function measurePythonMemory(python: string, program: string): MemoryReadings {
  return readingsOf(python, [`${root}bench/memory/run.py`, program, `${programs[program]?.rounds}`]);
}
