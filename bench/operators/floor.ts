/** The floor: the same operators from C++, by libtorch's typed functions. The program is compiled when it is first asked for. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Contender } from '../contender.js';
import { root } from '../places.js';

interface BuildRecord {
  libtorch: { root: string; lib: string; version: string };
}

/** The program's path; null where there is no compiler for it, or no record of the libtorch in use. */
export function buildFloor(say: (text: string) => void): string | null {
  const record = join(root, 'build/Release/litorch.json');
  if (!existsSync(record)) return null;
  const { libtorch } = JSON.parse(readFileSync(record, 'utf8')) as BuildRecord;
  const source = join(root, 'bench/operators/floor.cpp');
  const digest = createHash('sha256')
    .update(readFileSync(source))
    .update(JSON.stringify(libtorch))
    .digest('hex')
    .slice(0, 16);
  const folder = join(root, '.cache/bench');
  const program = join(folder, `floor-${digest}`);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  say('compiling the floor, which takes a minute');
  const made = `${program}-${process.pid}`;
  const compiler = process.env.CXX ?? 'c++';
  const { status, error, stderr } = spawnSync(
    compiler,
    [
      ...['-O2', '-std=c++20', '-isystem', join(libtorch.root, 'include'), source, '-o', made],
      ...[`-L${libtorch.lib}`, `-Wl,-rpath,${libtorch.lib}`, '-lc10', '-ltorch_cpu'],
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    say(`${compiler} does not compile the floor: ${error?.message ?? stderr.slice(0, 2000)}`);
    return null;
  }
  renameSync(made, program);
  return program;
}

/** Seconds of so many calls of an operator; undefined where the program has no such operator. */
export class Floor {
  private readonly program: Contender;

  constructor(path: string) {
    this.program = new Contender('C++', path, []);
  }

  async time(name: string, n: number, count: number): Promise<number | undefined> {
    const { seconds } = await this.program.ask(`${name} ${n} ${count}`);
    return seconds < 0 ? undefined : seconds;
  }

  end(): void {
    this.program.end();
  }
}
