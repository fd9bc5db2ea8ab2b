/** Process-wide settings, constants and small functions. */
import { afterEach, describe, expect, test } from '@jest/globals';
import torch from '../lib/index.js';
import { settled, unfreed } from './support/counts.js';
import { hasPython, runPython } from './support/python.js';

afterEach(() => {
  torch.setFloat32MatmulPrecision('highest');
  torch.setDeterministicDebugMode(0);
  torch.setWarnAlways(false);
});

describe('settings', () => {
  test('the precision of float32 products', () => {
    expect(torch.getFloat32MatmulPrecision()).toBe('highest');
    for (const precision of ['high', 'medium', 'highest'] as const) {
      torch.setFloat32MatmulPrecision(precision);
      expect(torch.getFloat32MatmulPrecision()).toBe(precision);
    }
    expect(() => torch.setFloat32MatmulPrecision('low' as never)).toThrow(TypeError);
    expect(() => torch.setFloat32MatmulPrecision(1 as never)).toThrow(TypeError);
  });

  test('denormal numbers are flushed to zero', () => {
    const denormal = torch.tensor([1e-310], { dtype: torch.float64 });
    expect(denormal.mul(1).item()).toBe(1e-310);
    if (torch.setFlushDenormal(true)) {
      try {
        expect(denormal.mul(1).item()).toBe(0);
      } finally {
        torch.setFlushDenormal(false);
      }
    }
    expect(denormal.mul(1).item()).toBe(1e-310);
    expect(() => torch.setFlushDenormal(1 as never)).toThrow(TypeError);
  });

  test('warnings', () => {
    expect(torch.isWarnAlwaysEnabled()).toBe(false);
    torch.setWarnAlways(true);
    expect(torch.isWarnAlwaysEnabled()).toBe(true);
    expect(() => torch.setWarnAlways('yes' as never)).toThrow(TypeError);
  });

  test('the deterministic debug mode, by name and by number', () => {
    expect(torch.getDeterministicDebugMode()).toBe(0);
    torch.setDeterministicDebugMode('warn');
    expect(torch.getDeterministicDebugMode()).toBe(1);
    expect(torch.isDeterministicAlgorithmsWarnOnlyEnabled()).toBe(true);
    torch.setDeterministicDebugMode(2);
    expect(torch.areDeterministicAlgorithmsEnabled()).toBe(true);
    expect(torch.isDeterministicAlgorithmsWarnOnlyEnabled()).toBe(false);
    torch.useDeterministicAlgorithms(true, { warnOnly: true });
    expect(torch.getDeterministicDebugMode()).toBe(1);
    torch.setDeterministicDebugMode('default');
    expect(torch.areDeterministicAlgorithmsEnabled()).toBe(false);
    expect(() => torch.setDeterministicDebugMode('loud' as never)).toThrow(TypeError);
    expect(() => torch.setDeterministicDebugMode(3 as never)).toThrow(TypeError);
  });

  (hasPython ? test : test.skip)('what libtorch was built with is what Python says', () => {
    const live = JSON.parse(
      runPython(`
import json, torch
print(json.dumps({"lapack": torch._C.has_lapack, "mkl": torch.backends.mkl.is_available(),
    "mkldnn": torch.backends.mkldnn.is_available(), "openmp": torch.backends.openmp.is_available(),
    "capability": torch.backends.cpu.get_cpu_capability(), "e": torch.e, "pi": torch.pi}))
`),
    ) as Record<string, unknown>;
    expect({
      lapack: torch.hasLapack,
      mkl: torch.backends.mkl.isAvailable(),
      mkldnn: torch.backends.mkldnn.isAvailable(),
      openmp: torch.backends.openmp.isAvailable(),
      capability: torch.backends.cpu.getCpuCapability(),
      e: torch.e,
      pi: torch.pi,
    }).toEqual(live);
    expect([torch.hasMkl, torch.hasOpenmp]).toEqual([live.mkl, live.openmp]);
  });
});

describe('small functions and constants', () => {
  test('constants', () => {
    expect([torch.inf, torch.nan, torch.newaxis]).toEqual([Infinity, NaN, null]);
    expect(torch.legacyContiguousFormat).toBe(torch.contiguousFormat);
    expect(torch.chalf).toBe(torch.complex32);
    expect(torch.bit).toBe(torch.uint1);
  });

  test('numel, getDevice and typename', () => {
    const x = torch.zeros([2, 3]);
    expect(torch.numel(x)).toBe(6);
    expect(torch.getDevice(x)).toBe(-1);
    expect(torch.typename(x)).toBe('torch.FloatTensor');
    expect(torch.typename(torch.nn.Linear)).toBe('Linear');
    expect(torch.typename(new Map())).toBe('Map');
    expect(torch.typename(3)).toBe('number');
    expect(torch.typename(null)).toBe('null');
    expect(() => torch.numel([1] as never)).toThrow(TypeError);
    expect(() => torch.getDevice(null as never)).toThrow(TypeError);
  });
});

describe('forkRng', () => {
  test('what a scope draws, nobody sees', () => {
    torch.manualSeed(1);
    const expected = torch.rand([3]).tolist();
    torch.manualSeed(1);
    const inside = torch.random.forkRng(() => torch.rand([5]).tolist());
    expect(torch.rand([3]).tolist()).toEqual(expected);
    expect((inside as number[]).slice(0, 3)).toEqual(expected);
  });

  test('as a guard, after an exception, and switched off', () => {
    torch.manualSeed(1);
    const expected = torch.rand([1]).item();
    torch.manualSeed(1);
    const guard = torch.random.forkRng({ devices: [] });
    torch.rand([7]);
    guard[Symbol.dispose]();
    guard[Symbol.dispose]();
    expect(() =>
      torch.random.forkRng(() => {
        torch.rand([7]);
        throw new RangeError('inside');
      }),
    ).toThrow('inside');
    expect(torch.rand([1]).item()).toBe(expected);
    torch.manualSeed(1);
    torch.random.forkRng({ enabled: false }, () => torch.rand([1]));
    expect(torch.rand([1]).item()).not.toBe(expected);
  });

  test('it leaves no tensor behind, and survives a tidy scope', () => {
    const before = settled();
    for (let i = 0; i < 10; i++) torch.random.forkRng(() => undefined);
    expect(unfreed()).toBeLessThanOrEqual(before);
    torch.manualSeed(4);
    const expected = torch.rand([1]).item();
    torch.manualSeed(4);
    const guard = torch.tidy(() => torch.random.forkRng());
    torch.rand([1]);
    guard[Symbol.dispose]();
    expect(torch.rand([1]).item()).toBe(expected);
  });

  test('bad arguments are refused', () => {
    expect(() => torch.random.forkRng({ device: [] } as never)).toThrow("unexpected option 'device'");
    expect(() => torch.random.forkRng({ devices: 'cuda' } as never)).toThrow(TypeError);
    expect(() => torch.random.forkRng(async () => 1)).toThrow(TypeError);
    expect(() => torch.random.forkRng({}, 3 as never)).toThrow(TypeError);
  });
});
