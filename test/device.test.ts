/** Devices, and honesty about CUDA. */
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import torch, { Device } from '../lib/index.js';

describe('device()', () => {
  test.each<[string, string, number | null]>([
    ['cpu', 'cpu', null],
    ['cpu:0', 'cpu', 0],
    ['cuda', 'cuda', null],
    ['cuda:0', 'cuda', 0],
    ['cuda:127', 'cuda', 127],
    ['mps', 'mps', null],
    ['meta', 'meta', null],
    ['xpu:3', 'xpu', 3],
  ])('reads %s', (name, type, index) => {
    const device = torch.device(name);
    expect([device.type, device.index, String(device)]).toEqual([type, index, name]);
  });

  test('gives a device itself', () => {
    const device = torch.device('cuda:1');
    expect(torch.device(device)).toBe(device);
  });

  test('is one object for each device, as tensors have it', () => {
    expect(torch.device('cpu')).toBe(torch.ones([1]).device);
    expect(torch.device('meta')).toBe(torch.ones([1], { device: 'meta' }).device);
    expect(torch.device('cuda', 1)).toBe(torch.device('cuda:1'));
    expect(torch.device('cuda')).not.toBe(torch.device('cuda:0'));
  });

  test('takes a type and an index apart', () => {
    expect(String(torch.device('cuda', 2))).toBe('cuda:2');
    expect(String(new Device('cuda', 2))).toBe('cuda:2');
  });

  test('prints as in Python', () => {
    expect(inspect(torch.device('cuda:1'))).toBe("device(type='cuda', index=1)");
    expect(inspect(torch.device('cpu'))).toBe("device(type='cpu')");
  });
});

describe('a tensor', () => {
  test('is on the CPU unless told otherwise', () => {
    expect(String(torch.ones([1]).device)).toBe('cpu');
    expect(String(torch.ones([1], { device: 'cpu' }).device)).toBe('cpu');
    expect(String(torch.tensor([1], { device: torch.device('cpu') }).device)).toBe('cpu');
  });

  test('on meta has shapes only', () => {
    const x = torch.ones([3, 4], { device: 'meta' }).matmul(torch.ones([4, 5], { device: 'meta' }));
    expect([x.shape, x.isMeta]).toEqual([[3, 5], true]);
  });

  test('moves to meta by to()', () => {
    expect(String(torch.ones([2]).to('meta').device)).toBe('meta');
    expect(String(torch.ones([2]).to(torch.empty([1], { device: 'meta' })).device)).toBe('meta');
  });
});

describe('torch.cuda', () => {
  test('says how many devices there are', () => {
    expect(torch.cuda.isAvailable()).toBe(torch.cuda.deviceCount() > 0);
    expect(Number.isInteger(torch.cuda.deviceCount())).toBe(true);
  });

  test('emptyCache does nothing without devices, and never throws', () => {
    expect(torch.cuda.emptyCache()).toBeUndefined();
  });

  (torch.cuda.isAvailable() ? test.skip : test)(
    'where there is none, what needs a device is an error that says so',
    () => {
      for (const run of [
        () => torch.ones([1]).cuda(),
        () => torch.ones([1]).to('cuda'),
        () => torch.zeros([1], { device: 'cuda:0' }),
        () => torch.cuda.synchronize(),
        () => torch.cuda.currentDevice(),
        () => new torch.Generator('cuda'),
      ]) {
        expect(run).toThrow(/Torch not compiled with CUDA enabled|CUDA/);
      }
    },
  );

  (torch.cuda.isAvailable() ? test : test.skip)('where there is one, work is done there', () => {
    const x = torch.ones([3]).cuda();
    expect([x.isCuda, x.add(1).cpu().tolist()]).toEqual([true, [2, 2, 2]]);
    torch.cuda.synchronize();
    expect(torch.cuda.memoryAllocated()).toBeGreaterThan(0);
  });

  test("its generators are not the CPU's, and to seed them needs no device", () => {
    const before = torch.getRngState();
    torch.cuda.manualSeed(3);
    torch.cuda.manualSeedAll(-3);
    torch.cuda.seed();
    torch.cuda.seedAll();
    torch.cuda.setRngStateAll(torch.cuda.getRngStateAll());
    expect(torch.cuda.getRngStateAll()).toHaveLength(torch.cuda.deviceCount());
    expect(torch.equal(torch.getRngState(), before)).toBe(true);
  });

  (torch.cuda.isAvailable() ? test : test.skip)('a state that is set gives the same numbers again', () => {
    torch.cuda.manualSeed(3);
    expect(torch.cuda.initialSeed()).toBe(3);
    const state = torch.cuda.getRngState();
    const first = torch.rand([5], { device: 'cuda' });
    torch.cuda.setRngState(state);
    expect(torch.equal(torch.rand([5], { device: 'cuda' }), first)).toBe(true);
  });
});
