/** The types that users see: no `any`, and each generated member with its schema and PyTorch's page. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root } from '../support/python.js';
import * as surface from './surface.js';

const declarations = join(root, 'dist', 'lib');
const files = readdirSync(declarations, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.d.ts'),
);

/** A declaration file without its comments and strings. */
function code(file: string): string {
  return readFileSync(join(declarations, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'[^'\n]*'/g, "''");
}

describe('types of the public surface', () => {
  test('compile as promised', () => {
    expect(Object.keys(surface).length).toBeGreaterThan(5);
  });

  test('have no any', () => {
    // What a module of unknown class is called with: nothing narrower lets every module be one.
    const known = 'nn/modules/module.d.ts: } ? A : any[];';
    const found = files.flatMap((file) =>
      code(file)
        .split('\n')
        .filter((line) => /[:<|&,([] *any\b(?! *[:(?])|\bany(\[\]|>)/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(found.filter((line) => line !== known)).toEqual([]);
  });

  test('show the schema of each operator, and PyTorch’s page where it has one', () => {
    const text = readFileSync(join(root, 'lib/generated/functionsTypes.ts'), 'utf8');
    const members = [...text.matchAll(/^ {2}(\w+): \{\n {4}\/\*\*([\s\S]*?)\*\/\n {4}\(/gm)];
    expect(members.length).toBe([...text.matchAll(/^ {2}\w+: \{$/gm)].length);
    for (const [, name, comment = ''] of members) expect(`${name}: ${comment}`).toMatch(/- `\w+.*->/);
    const add = members.find(([, name]) => name === 'add')?.[2];
    expect(add).toContain('https://docs.pytorch.org/docs/2.13/generated/torch.add.html');
    expect(add).toContain('Scalar alpha=1');
  });
});
