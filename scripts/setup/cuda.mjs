// Why CUDA is there or not, from the driver's files and from what libtorch itself says.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

function driverVersion() {
  try {
    return /Module\s+([\d.]+)/.exec(readFileSync('/proc/driver/nvidia/version', 'utf8'))?.[1] ?? 'unknown';
  } catch {
    return null;
  }
}

function gpus() {
  const run = spawnSync('nvidia-smi', ['--query-gpu=name,memory.total', '--format=csv,noheader'], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return run.error || run.status !== 0 ? [] : run.stdout.trim().split('\n').filter(Boolean);
}

/**
 * @param {string | null} flavour The libtorch's flavour, null where there is none.
 * @param {{ available: boolean, devices: number } | undefined} runtime What libtorch said when it ran.
 */
export function cudaFacts(flavour, runtime) {
  const driver = driverVersion();
  const found = gpus();
  const facts = {
    available: runtime?.available ?? false,
    devices: runtime?.devices ?? 0,
    driver,
    gpus: found,
  };
  const machine = found.length > 0 ? found.join('; ') : 'this machine shows no NVIDIA GPU';
  if (facts.available) return { ...facts, why: `libtorch ${flavour}, driver ${driver}, ${machine}` };
  if (!flavour) return { ...facts, why: `there is no libtorch; ${machine}` };
  if (!/^cu/.test(flavour))
    return { ...facts, why: `libtorch is built without CUDA (${flavour}); ${machine}` };
  if (!existsSync('/dev/nvidiactl') && !driver)
    return { ...facts, why: `no NVIDIA driver is loaded; ${machine}` };
  if (!runtime)
    return { ...facts, why: `libtorch has CUDA (${flavour}), but it could not be asked; ${machine}` };
  return {
    ...facts,
    why: `libtorch has CUDA (${flavour}) but finds no device: driver ${driver} may be too old for it, or CUDA_VISIBLE_DEVICES hides it (${process.env.CUDA_VISIBLE_DEVICES ?? 'unset'}); ${machine}`,
  };
}
