/** The generated files are what the generator writes now. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import torch from '../lib/index.js';
import { declarationsFile, generate } from '../tools/generate.js';
import { root } from './support/python.js';

const file = declarationsFile();
// Another libtorch has registered other operators; the files are those of the pinned one.
const pinned = torch.version.torch.startsWith('2.13.0');

describe('lib/generated', () => {
  (file !== undefined && pinned ? it : it.skip)('is up to date with `npm run generate`', () => {
    for (const { name, text } of generate(file as string)) {
      expect({ name, same: readFileSync(join(root, 'lib/generated', name), 'utf8') === text }).toEqual({
        name,
        same: true,
      });
    }
  });

  it('names operators that this libtorch has', () => {
    expect(typeof torch.add).toBe('function');
    expect(torch.logSoftmax(torch.zeros(2), 0).tolist()).toEqual([-Math.LN2, -Math.LN2].map(Math.fround));
    expect(torch.linalg.norm(torch.tensor([3, 4])).item()).toBe(5);
    expect(torch.ones(2).logicalAnd(torch.ones(2)).tolist()).toEqual([true, true]);
  });

  it('has every public function callable: each finds at least one operator', () => {
    const failures: string[] = [];
    for (const [name, value] of Object.entries(torch)) {
      if (
        typeof value !== 'function' ||
        value.length !== 0 ||
        !/bindFunction|callOverloads/.test(String(value))
      )
        continue;
      try {
        (value as unknown as (x: symbol) => void)(Symbol('not an argument'));
        failures.push(`${name} took a symbol`);
      } catch (error) {
        if ((error as Error).message.includes('has no such operator')) failures.push(name);
      }
    }
    expect(failures).toEqual([]);
  });
});
