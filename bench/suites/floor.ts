/** Single operators on tiny shapes in litorch, in Python and from C++, which is the floor for both. Ratios to C++. */
import { Contender } from '../contender.js';
import { cases } from '../operators/cases.js';
import { buildFloor, Floor } from '../operators/floor.js';
import { root } from '../places.js';
import { geometricMean, median } from '../statistics.js';
import { type Measurement, passes, type Suite, type SuiteOptions } from '../suite.js';

const n = 2;
const micro = (seconds: number): string => `${(seconds * 1e6).toFixed(2)} µs`;

interface Times {
  group: string;
  litorch: number;
  python: number;
  floor: number;
}

async function* measure(options: SuiteOptions): AsyncGenerator<Measurement> {
  const path = options.python === null ? null : buildFloor(options.say);
  if (path === null) return;
  const own = new Contender('litorch', process.execPath, [`${root}dist/bench/operators/work.js`, '1']);
  const python = new Contender('Python', options.python as string, [`${root}bench/operators/work.py`, '1']);
  const floor = new Floor(path);
  const all: Times[] = [];
  options.say(`\n${'operator'.padEnd(24)}   litorch    Python       C++`);
  for (const [name, { group, python: statement }] of Object.entries(cases)) {
    if (!passes(options.filter, name) && !passes(options.filter, group)) continue;
    const first = await floor.time(name, n, 1000);
    if (first === undefined) continue;
    const count = Math.max(1, Math.round((options.seconds * 1000) / first));
    const times: [number[], number[], number[]] = [[], [], []];
    // The first rounds warm up.
    for (let round = -3; round < (options.rounds ?? 9); round++) {
      const litorch = await own.ask(JSON.stringify({ name, n, count, tidied: false }));
      const cpp = (await floor.time(name, n, count)) as number;
      const other = await python.ask(JSON.stringify({ statement, n, count }));
      if (round < 0) continue;
      times[0].push(litorch.seconds / count);
      times[1].push(other.seconds / count);
      times[2].push(cpp / count);
    }
    const [litorch, other, cpp] = times.map(median) as [number, number, number];
    all.push({ group, litorch, python: other, floor: cpp });
    options.say(
      [name.padEnd(24), ...[litorch, other, cpp].map((seconds) => micro(seconds).padStart(9))].join(' '),
    );
  }
  own.end();
  python.end();
  floor.end();
  for (const group of [...new Set(all.map((one) => one.group)), 'all']) {
    const members = all.filter((one) => group === 'all' || one.group === group);
    if (members.length === 0) continue;
    const mean = (pick: (one: Times) => number): number => geometricMean(members.map(pick));
    yield {
      name: `${group}: to C++`,
      litorch: micro(mean(({ litorch }) => litorch)),
      other: micro(mean((one) => one.floor)),
      ratio: mean((one) => one.litorch / one.floor),
      note: `${members.length} operators; Python ${micro(mean((one) => one.python))}, ratio ${mean((one) => one.python / one.floor).toFixed(2)}`,
    };
  }
}

export const floor: Suite = { name: 'floor', needsPython: true, onlyByName: true, measure };
