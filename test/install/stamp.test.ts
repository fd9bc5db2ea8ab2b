import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { importScript, put, temporaryFolder } from '../support/scripts.js';

interface Options {
  root: string;
  env: Record<string, string>;
  versions: Record<string, string>;
}
interface StampModule {
  inputsDigest(libtorch: Record<string, string>, options: Options): string;
  isCurrent(digest: string, files: { addon: string; record: string }): boolean;
  writeRecord(record: unknown, file: string): void;
}

let stamp: StampModule;
beforeAll(async () => {
  stamp = await importScript('setup/stamp.mjs');
});

const libtorch = { root: '/opt/torch', lib: '/opt/torch/lib', version: '2.13.0+cpu', flavour: 'cpu' };

test('the digest follows what the addon is made of, and nothing else', () => {
  const root = temporaryFolder();
  put(join(root, 'CMakeLists.txt'), 'project(litorch)');
  put(join(root, 'native', 'a.cpp'), 'int a;');
  const digest = (change: Partial<Options> = {}, torch = libtorch) =>
    stamp.inputsDigest(torch, { root, env: {}, versions: { 'node-api-headers': '1.9.0' }, ...change });
  const first = digest();
  expect(digest()).toBe(first);

  // Not a matter of time stamps.
  put(join(root, 'native', 'a.cpp'), 'int a;');
  put(join(root, 'lib', 'tensor.ts'), 'export {};');
  expect(digest()).toBe(first);

  const seen = new Set([first]);
  const isNew = (value: string) => {
    expect(seen.has(value)).toBe(false);
    seen.add(value);
  };
  isNew(digest({}, { ...libtorch, version: '2.13.1+cpu' }));
  isNew(digest({}, { ...libtorch, root: '/opt/other' }));
  isNew(digest({ versions: { 'node-api-headers': '1.9.1' } }));
  isNew(digest({ env: { CXXFLAGS: '-O3' } }));
  put(join(root, 'CMakeLists.txt'), 'project(litorch CXX)');
  isNew(digest());
  put(join(root, 'native', 'a.cpp'), 'int b;');
  isNew(digest());
  put(join(root, 'native', 'cuda', 'graph.cpp'), 'int a;');
  isNew(digest());
  rmSync(join(root, 'native', 'a.cpp'));
  isNew(digest());
});

test('an addon is current when it is there and its record has the digest', () => {
  const folder = temporaryFolder();
  const files = { addon: join(folder, 'litorch.node'), record: join(folder, 'litorch.json') };
  expect(stamp.isCurrent('abc', files)).toBe(false);
  stamp.writeRecord({ inputs: 'abc' }, files.record);
  expect(stamp.isCurrent('abc', files)).toBe(false);
  put(files.addon);
  expect(stamp.isCurrent('abc', files)).toBe(true);
  expect(stamp.isCurrent('abd', files)).toBe(false);
  put(files.record, '{ half a rec');
  expect(stamp.isCurrent('abc', files)).toBe(false);
});
