import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Runs a function and tells the most memory that the process had resident meanwhile, in bytes. Linux can begin the
 * count anew; elsewhere it is the most since the process began.
 */
export function measurePeak<Result>(fn: () => Result): { result: Result; peakBytes: number } {
  const fresh = resetPeak();
  const result = fn();
  const peakBytes = (fresh ? linuxPeak() : null) ?? process.resourceUsage().maxRSS * 1024;
  return { result, peakBytes };
}

function resetPeak(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    // 5 resets the high-water mark (proc(5), clear_refs).
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
}

function linuxPeak(): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}
