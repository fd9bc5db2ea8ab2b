/** Whole training states go to a file and come back exactly. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, test } from '@jest/globals';
import torch, { nn, optim, type Tensor } from '../../lib/index.js';
import * as serialization from '../../lib/serialization/index.js';
import { hexOf } from '../support/bits.js';
import { settled, unfreed } from '../support/counts.js';

const { loadCheckpoint, loadFile, saveCheckpoint, saveFile, SafetensorsError } = serialization;

const folder = mkdtempSync(join(tmpdir(), 'litorch-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'checkpoint.safetensors');

function roundTrip(value: unknown): unknown {
  saveCheckpoint(path, value);
  return loadCheckpoint(path);
}

describe('values', () => {
  test.each([
    ['numbers', [0, -0, 1, -1.5, 0.1, 1e-320, 1e308, Number.NaN, Infinity, -Infinity, 2 ** 53]],
    ['texts', ['', 'é💡', '\u0000\n"\\', '$', '__proto__']],
    ['plain values', [true, false, null, undefined, 10n ** 30n, -1n]],
    ['nesting', { a: { b: [[], {}, [{ c: [1] }]] }, 9: 1, '': 2 }],
    ['the tag of the format itself', { $: 'tensor', name: 'x', inner: { $: [{ $: null }] } }],
    [
      'maps',
      new Map<unknown, unknown>([
        ['a', 1],
        [2, new Map([[true, null]])],
        ['$', '$'],
      ]),
    ],
    ['nothing', null],
    ['a text alone', 'text'],
  ])('%s come back', (_what, value) => {
    expect(roundTrip(value)).toStrictEqual(value);
  });

  test('a key named __proto__ is a key', () => {
    const back = roundTrip(JSON.parse('{"__proto__":{"a":1}}')) as object;
    expect(Object.keys(back)).toEqual(['__proto__']);
    expect((back as { a?: number }).a).toBeUndefined();
  });

  test('objects, arrays and maps of another realm are as good', () => {
    expect(roundTrip(runInNewContext('({ a: [1, new Map([[1, 2]])] })'))).toEqual({
      a: [1, new Map([[1, 2]])],
    });
  });

  test.each([
    ['a function', { a: { f: () => 1 } }, 'a.f: a function can'],
    ['a symbol', [Symbol('s')], '0: a symbol can'],
    ['a date', { when: new Date() }, 'when: an object of the class Date can'],
    ['a set', { s: new Set() }, 's: an object of the class Set can'],
    ['a module', { m: new nn.Linear(1, 1) }, 'm: a function can'],
    ['an optimizer', { o: new optim.SGD([torch.ones([1])]) }, 'o: an object of the class SGD can'],
  ])('%s is refused, with its path', (_what, value, message) => {
    expect(() => saveCheckpoint(path, value)).toThrow(message);
  });

  test('a cycle is refused; the same object twice is not', () => {
    const a: Record<string, unknown> = { x: 1 };
    expect(roundTrip({ a, b: [a] })).toEqual({ a: { x: 1 }, b: [{ x: 1 }] });
    a.again = { a };
    expect(() => saveCheckpoint(path, { a })).toThrow('a.again.a: the value contains itself');
  });
});

describe('tensors', () => {
  test('are entries under the path that leads to them', () => {
    const [t, u] = [torch.randn([2, 3]), torch.arange(3)];
    saveCheckpoint(path, { model: { 'layer.weight': t }, list: [1, u], map: new Map([['k', u.add(1)]]) });
    const { tensors } = loadFile(path);
    expect(Object.keys(tensors).sort()).toEqual(['list.1', 'map.k', 'model.layer.weight']);
    expect(hexOf(tensors['model.layer.weight'] as Tensor)).toBe(hexOf(t));
  });

  test('of one name are told apart, and one in two places stays one', () => {
    const [a, b] = [torch.tensor(1), torch.tensor(2)];
    const back = roundTrip({ 'x.y': a, x: { y: b }, again: a, __metadata__: torch.tensor(3) }) as {
      'x.y': Tensor;
      x: { y: Tensor };
      again: Tensor;
      __metadata__: Tensor;
    };
    expect([back['x.y'], back.x.y, back.__metadata__].map((t) => t.item())).toEqual([1, 2, 3]);
    expect(back.again).toBe(back['x.y']);
  });

  test('alone', () => {
    expect((roundTrip(torch.tensor([1, 2])) as Tensor).tolist()).toEqual([1, 2]);
  });
});

describe('a training', () => {
  function start(seed: number) {
    torch.manualSeed(seed);
    const model = new nn.Sequential(new nn.Linear(4, 8), new nn.Dropout(0.5), new nn.Linear(8, 2));
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.05, amsgrad: true });
    return { model, optimizer };
  }

  function train({ model, optimizer }: ReturnType<typeof start>, steps: number): void {
    for (let i = 0; i < steps; i++) {
      torch.tidy(() => {
        optimizer.zeroGrad();
        model(torch.randn([5, 4]))
          .pow(2)
          .sum()
          .backward();
        optimizer.step();
      });
    }
  }

  const bits = ({ model }: ReturnType<typeof start>): string[] =>
    [...model.parameters()].map((p) => hexOf(p));

  test('that resumes from its checkpoint has the same bits', () => {
    const first = start(3);
    train(first, 4);
    saveCheckpoint(path, {
      model: first.model.stateDict(),
      optimizer: first.optimizer.stateDict(),
      rng: torch.getRngState(),
      step: 4,
    });
    train(first, 6);

    const second = start(99);
    const saved = loadCheckpoint(path) as unknown as {
      model: ReturnType<typeof second.model.stateDict>;
      optimizer: optim.OptimizerStateDict;
      rng: Tensor;
      step: number;
    };
    second.model.loadStateDict(saved.model);
    second.optimizer.loadStateDict(saved.optimizer);
    torch.setRngState(saved.rng);
    expect(saved.step).toBe(4);
    train(second, 6);
    expect(bits(second)).toEqual(bits(first));
  });
});

describe('a file that is no checkpoint', () => {
  const save = (metadata: Record<string, string>): void => saveFile({ a: torch.ones([1]) }, path, metadata);
  test.each([
    ['no state', {}, 'it is not a checkpoint'],
    ['broken JSON', { 'litorch.checkpoint': '{' }, "its state isn't valid JSON"],
    ['another version', { 'litorch.checkpoint': '{"version":99,"state":1}' }, 'the unknown version 99'],
    [
      'a missing tensor',
      { 'litorch.checkpoint': '{"version":1,"state":{"$":"tensor","name":"b"}}' },
      'tensor "b"',
    ],
    ['an unknown tag', { 'litorch.checkpoint': '{"version":1,"state":{"$":"x"}}' }, "can't be read"],
    [
      'a broken bigint',
      { 'litorch.checkpoint': '{"version":1,"state":{"$":"bigint","value":"x"}}' },
      "can't be read",
    ],
    [
      'broken entries',
      { 'litorch.checkpoint': '{"version":1,"state":{"$":"map","entries":[1]}}' },
      "can't be read",
    ],
    ['null', { 'litorch.checkpoint': 'null' }, 'the unknown version'],
  ])('%s', (_what, metadata, message) => {
    save(metadata);
    const before = settled();
    expect(() => loadCheckpoint(path)).toThrow(message);
    expect(() => loadCheckpoint(path)).toThrow(SafetensorsError);
    expect(unfreed()).toBeLessThanOrEqual(before);
  });
});
