/** Making the bundle: when, and what becomes of names. */
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { runNode } from '../support/child.js';
import { root } from '../support/python.js';
import { importScript, put, temporaryFolder } from '../support/scripts.js';

let bundle: (root: string) => Promise<boolean>;
let prune: (root: string) => void;
beforeAll(async () => {
  ({ bundle } = await importScript<{ bundle: typeof bundle }>('setup/bundle.mjs'));
  ({ prune } = await importScript<{ prune: typeof prune }>('setup/typescript.mjs'));
});

/** A package with two entries that share a module, two functions of one name and a class that mentions itself. */
function smallPackage(): { folder: string; write: (name: string, text: string) => void } {
  const folder = temporaryFolder();
  const entry = (name: string) => ({
    'litorch-source': `./dist/lib/${name}`,
    default: `./dist/bundle/${name}`,
  });
  const exports = {
    '.': entry('index.js'),
    './other': entry('other/index.js'),
    './package.json': './package.json',
  };
  put(join(folder, 'package.json'), JSON.stringify({ name: 'small', type: 'module', exports }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const write = (name: string, text: string): void => put(join(folder, 'dist', 'lib', name), text);
  write('shape.js', 'export class Shape {\n    static make() { return new Shape(); }\n}\n');
  write('a.js', "export function area() {\n    return 'a';\n}\n");
  write('index.js', "export { area } from './a.js';\nexport * from './shape.js';\n");
  write(
    'other/index.js',
    "import { area as own } from '../a.js';\nimport { Shape } from '../shape.js';\n" +
      'export function area() {\n    return [own(), Shape];\n}\n',
  );
  return { folder, write };
}

test('it is made where what it is made of has changed, and only there', async () => {
  const { folder, write } = smallPackage();
  expect(await bundle(folder)).toBe(true);
  expect(await bundle(folder)).toBe(false);
  write('a.js', "export function area() {\n    return 'b';\n}\n");
  expect(await bundle(folder)).toBe(true);
  const text = readdirSync(join(folder, 'dist', 'bundle'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(folder, 'dist', 'bundle', name), 'utf8'))
    .join();
  expect(text).toMatch(/return "b"/);
  expect(text).not.toMatch(/return "a"/);
  // Nothing temporary stays, and removing what has no source leaves it alone.
  expect(readdirSync(join(folder, 'dist')).sort()).toEqual(['bundle', 'lib']);
  prune(folder);
  expect(existsSync(join(folder, 'dist', 'bundle', 'index.js'))).toBe(true);
  expect(existsSync(join(folder, 'dist', 'lib', 'a.js'))).toBe(false);
});

test('modules that do not fit together leave the old one in place', async () => {
  const { folder, write } = smallPackage();
  await bundle(folder);
  const before = readFileSync(join(folder, 'dist', 'bundle', 'index.js'), 'utf8');
  write('index.js', "export { volume } from './a.js';\n");
  await expect(bundle(folder)).rejects.toThrow(/volume/);
  expect(readFileSync(join(folder, 'dist', 'bundle', 'index.js'), 'utf8')).toBe(before);
  expect(readdirSync(join(folder, 'dist')).sort()).toEqual(['bundle', 'lib']);
});

test('its entries are one program, in which everything has its own name', async () => {
  const { folder } = smallPackage();
  await bundle(folder);
  put(
    join(folder, 'program.mjs'),
    `import { area, Shape } from 'small';
     import { area as other } from 'small/other';
     console.log(JSON.stringify([area.name, other.name, Shape.name, Shape.make() instanceof other()[1], other()[0]]));`,
  );
  const { stdout, stderr } = runNode([join(folder, 'program.mjs')]);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(['area', 'area', 'Shape', true, 'a']);
});
