/**
 * Memory: the most that is ever resident, of the whole process, against the same program's in Python, and whether it
 * stays flat over ten times as many rounds. The note says how much of it is above that of the process with the library
 * loaded.
 */

import type { MemoryReadings } from '../memory/run.js';
import { measureMemory, measurePythonMemory, memoryPrograms } from '../memory.js';
import { type Measurement, mebibytes, passes, type Suite, type SuiteOptions } from '../suite.js';

const limits = { plain: 1.25, scopes: 1.05, flat: 1.1 };

const grown = ({ loaded, last }: MemoryReadings): string => mebibytes(last - loaded);

async function* measure({ python, filter, wants }: SuiteOptions): AsyncGenerator<Measurement> {
  for (const program of memoryPrograms) {
    const names = {
      plain: program,
      scopes: `${program}, in scopes`,
      flat: `${program}, ten times the rounds`,
    };
    if (!passes(filter, program) || !Object.values(names).some(wants)) continue;
    const plain = measureMemory(program, 'plain');
    if (python !== null) {
      const other = measurePythonMemory(python, program);
      for (const mode of ['plain', 'scopes'] as const) {
        const own = mode === 'plain' ? plain : measureMemory(program, mode);
        yield {
          name: names[mode],
          litorch: mebibytes(own.last),
          other: mebibytes(other.last),
          ratio: own.last / other.last,
          limit: limits[mode],
          note: `${grown(own)} and ${grown(other)} above the process with the library`,
        };
      }
    }
    yield {
      name: names.flat,
      litorch: mebibytes(plain.last),
      other: mebibytes(plain.first),
      ratio: plain.last / plain.first,
      limit: limits.flat,
    };
  }
}

export const memory: Suite = { name: 'memory', needsPython: false, measure };
