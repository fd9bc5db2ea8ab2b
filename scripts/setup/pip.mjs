// The pinned libtorch through pip: the user's own settings (index, proxy, certificates, find-links) hold.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PINNED } from './libtorch.mjs';

/** Runs pip of a Python and waits. */
export function pip(python, args, { env = process.env, inherit = false } = {}) {
  const run = spawnSync(python, ['-m', 'pip', '--disable-pip-version-check', '--no-input', ...args], {
    encoding: 'utf8',
    cwd: '/',
    env,
    stdio: inherit ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
  const output = run.error ? run.error.message : `${run.stderr ?? ''}`;
  return { ok: !run.error && run.status === 0, stdout: run.stdout ?? '', why: lastError(output) };
}

/** The line of pip's complaint that says most. */
function lastError(output) {
  const lines = output.trim().split('\n').filter(Boolean);
  return (
    lines.findLast((line) => line.startsWith('ERROR')) ??
    lines.at(-1) ??
    'it ended with an error'
  ).trim();
}

/** Whether a Python has pip. */
export const hasPip = (python, env) => pip(python, ['--version'], { env }).ok;

/**
 * The name of the wheel that pip would take, and whether it needs CUDA's own packages, without downloading it where
 * the index serves metadata. null where this pip can't tell.
 */
export function previewWheel(python, requirement, env = process.env) {
  const options = [
    '--dry-run',
    '--quiet',
    '--no-deps',
    '--ignore-installed',
    '--only-binary=:all:',
    '--report',
    '-',
  ];
  const run = pip(python, ['install', ...options, requirement], { env });
  if (!run.ok) return null;
  try {
    const { download_info: download, metadata } = JSON.parse(run.stdout).install[0];
    const needs = metadata.requires_dist ?? [];
    // The requirements of every platform are in each wheel, each with a marker; CUDA's are Linux's and Windows's.
    const cuda = process.platform !== 'darwin' && needs.some((name) => /^(nvidia-|cuda-)/.test(name));
    return { name: decodeURIComponent(download.url.split('/').at(-1)), cuda };
  } catch {
    return null;
  }
}

/**
 * Downloads the pinned torch wheel of the CPU flavour.
 *
 * @returns {{ wheel: string } | { why: string }}
 */
export function downloadWheel(folder, { env = process.env, say = console.log } = {}) {
  const python = env.LITORCH_PYTHON || 'python3';
  if (!hasPip(python, env)) return { why: `${python} has no pip, or is not on PATH` };
  const reasons = [];
  for (const requirement of [`torch==${PINNED}+cpu`, `torch==${PINNED}`]) {
    const plain = !requirement.endsWith('+cpu');
    if (plain && previewWheel(python, requirement, env)?.cuda) {
      reasons.push(
        `${requirement}: pip offers the CUDA build, which is of no use without its gigabytes of CUDA packages`,
      );
      continue;
    }
    say(`litorch: pip download ${requirement}`);
    const run = pip(
      python,
      ['download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', folder, requirement],
      { env },
    );
    const wheel = run.ok && readdirSync(folder).find((name) => /^torch-.*\.whl$/.test(name));
    if (wheel) return { wheel: join(folder, wheel) };
    reasons.push(`${requirement}: ${run.why}`);
  }
  return { why: reasons.join('; ') };
}
