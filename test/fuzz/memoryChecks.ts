/** The environment in which a process finds out by itself that its memory is being damaged. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/python.js';

const source = join(root, 'test', 'fuzz', 'guardedAllocation.c');
const library = join(root, 'build', 'fuzz', 'guardedAllocation.so');
const mallocDebug = ['/lib/x86_64-linux-gnu', '/lib/aarch64-linux-gnu', '/lib64', '/usr/lib64', '/usr/lib']
  .map((folder) => join(folder, 'libc_malloc_debug.so.0'))
  .find(existsSync);

function build(): boolean {
  if (existsSync(library) && statSync(library).mtimeMs > statSync(source).mtimeMs) return true;
  mkdirSync(join(library, '..'), { recursive: true });
  const args = ['-O2', '-Wall', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread'];
  const { status, stderr } = spawnSync(process.env.CC ?? 'cc', args, { encoding: 'utf8' });
  if (status !== 0) console.error(`Blocks are not guarded, without a C compiler: ${stderr ?? ''}`);
  return status === 0;
}

/**
 * `overflow` and `underflow` put tensors beside pages that cannot be touched; `malloc` has the C library check its
 * heap; `none` checks nothing. The first two, and `malloc`, are of Linux.
 */
export function memoryChecks(mode: string): Record<string, string> {
  if (!['overflow', 'underflow', 'malloc', 'none'].includes(mode))
    throw new Error(`--guard is overflow, underflow, malloc or none, not ${mode}`);
  if (process.platform !== 'linux' || mode === 'none') return {};
  const perturbed = { MALLOC_PERTURB_: '165' };
  if (mode !== 'malloc')
    return build() ? { ...perturbed, LD_PRELOAD: library, LITORCH_FUZZ_GUARD: mode } : perturbed;
  // The C library's own checks are in a library of their own.
  return mallocDebug === undefined
    ? perturbed
    : { ...perturbed, LD_PRELOAD: mallocDebug, GLIBC_TUNABLES: 'glibc.malloc.check=3' };
}
