/** How long `import` takes, in litorch, bundled as users have it, and in Python, each in fresh processes that alternate. */
import { spawnSync } from 'node:child_process';
import { median } from './statistics.js';

const own = `
const start = performance.now();
await import(${JSON.stringify(new URL('../bundle/index.js', import.meta.url).href)});
console.log((performance.now() - start) / 1000);`;
const other = 'import time\nstart = time.perf_counter()\nimport torch\nprint(time.perf_counter() - start)';

function run(command: string, args: readonly string[]): number {
  const { stdout, status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed\n${stderr}`);
  return Number(stdout);
}

export function compareImports(
  python: string,
  rounds: number,
): { litorch: number; python: number; ratio: number } {
  const a: number[] = [];
  const b: number[] = [];
  // The first round fills the disk's cache.
  for (let i = 0; i <= rounds; i++) {
    const litorch = run(process.execPath, ['--input-type=module', '-e', own]);
    const reference = run(python, ['-c', other]);
    if (i === 0) continue;
    a.push(litorch);
    b.push(reference);
  }
  return {
    litorch: median(a),
    python: median(b),
    ratio: median(a.map((value, i) => value / (b[i] as number))),
  };
}
