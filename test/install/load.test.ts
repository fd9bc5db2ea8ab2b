import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { loadAddon } from '../../lib/load.js';
import { fakeLibtorch, put, temporaryFolder } from '../support/scripts.js';

let root: string;
let torch: string;
beforeEach(() => {
  root = temporaryFolder();
  torch = fakeLibtorch(join(root, 'torch'), { version: '2.13.0+cpu' });
});

function built(version = '2.13.0+cpu', folder = torch): void {
  put(join(root, 'build', 'Release', 'litorch.node'), 'this is no library');
  const libtorch = { root: folder, lib: join(folder, 'lib'), version, flavour: 'cpu' };
  put(join(root, 'build', 'Release', 'litorch.json'), JSON.stringify({ libtorch, node: process.version }));
}

const cure = /npm rebuild litorch[\s\S]*npx litorch doctor/;

test('an addon that has not been built', () => {
  expect(() => loadAddon(root)).toThrow(/has not been built[\s\S]*build\/Release\/litorch\.node/);
  expect(() => loadAddon(root)).toThrow(cure);
});

test('a libtorch that is gone', () => {
  built('2.13.0+cpu', join(root, 'gone'));
  expect(() => loadAddon(root)).toThrow(/is gone[\s\S]*2\.13\.0\+cpu \(cpu\) in .*gone/);
  expect(() => loadAddon(root)).toThrow(cure);
});

test('a libtorch of another version than the addon was built against', () => {
  built('2.12.0+cpu');
  expect(() => loadAddon(root)).toThrow(
    /has changed[\s\S]*2\.12\.0\+cpu[\s\S]*There now: libtorch 2\.13\.0\+cpu/,
  );
  expect(() => loadAddon(root)).toThrow(cure);
});

test("a file that can't be loaded: what the system says is told", () => {
  built();
  expect(() => loadAddon(root)).toThrow(/could not be loaded[\s\S]*The system says: /);
  expect(() => loadAddon(root)).toThrow(cure);
});

test('the addon of this package loads', () => {
  expect(typeof loadAddon()).toBe('object');
});
