/** The generated files are what the generator writes now. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as functions from '../lib/generated/functions.js';
import torch from '../lib/index.js';
import { Signature } from '../lib/ops/signature.js';
import { declarationsFile, declarationsOf, generate } from '../tools/generate.js';
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

  (file !== undefined && pinned ? it : it.skip)(
    'has the parameters that the binder makes of each schema',
    () => {
      const problems: string[] = [];
      for (const { op, functions, methods } of declarationsOf(file as string)) {
        for (const overload of [...functions, ...methods]) {
          const { deprecated, parameters, base } = overload.signature;
          const isMethod = methods.includes(overload);
          const bound = new Signature(op, overload.base, {
            isMethod,
            isPublic: true,
            out: overload.out,
            order: deprecated,
          });
          const wanted = parameters.map(({ name, type }) =>
            name === 'self' && type === 'Tensor' && !isMethod ? 'input' : name,
          );
          const found = bound.parameters.map(({ name }) => name);
          if (found.join() !== wanted.join()) problems.push(`${base.name}: ${found} instead of ${wanted}`);
        }
      }
      expect(problems).toEqual([]);
    },
  );

  it('names operators that this libtorch has', () => {
    expect(typeof torch.add).toBe('function');
    expect(torch.logSoftmax(torch.zeros(2), 0).tolist()).toEqual([-Math.LN2, -Math.LN2].map(Math.fround));
    expect(torch.linalg.norm(torch.tensor([3, 4])).item()).toBe(5);
    expect(torch.ones(2).logicalAnd(torch.ones(2)).tolist()).toEqual([true, true]);
  });

  it('has every public function callable: each finds at least one operator', () => {
    const failures: string[] = [];
    let tried = 0;
    for (const [name, value] of Object.entries(functions)) {
      tried++;
      try {
        (value as unknown as (x: symbol) => void)(Symbol('not an argument'));
        failures.push(`${name} took a symbol`);
      } catch (error) {
        if ((error as Error).message.includes('has no such operator')) failures.push(name);
      }
    }
    expect(failures).toEqual([]);
    expect(tried).toBeGreaterThan(400);
  });
});
