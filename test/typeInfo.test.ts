/** `torch.finfo`, `torch.iinfo` and type promotion. */
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import torch, { type DType } from '../lib/index.js';
import { hasPython, runPython } from './support/python.js';

const dtypes = Object.entries(torch)
  .filter(([name, value]) => value instanceof torch.DType && value.name === name)
  .map(([, dtype]) => dtype as DType);

const script = `
import json, torch
found = {n: d for n, d in vars(torch).items() if isinstance(d, torch.dtype) and str(d) == "torch." + n}
def facts(make, d, fields):
    try:
        info = make(d)
        return {"text": repr(info), **{f: str(getattr(info, f)) if f in ("max", "min") and make is torch.iinfo
                                       else getattr(info, f) for f in fields}}
    except Exception:
        return None
def complex_of(d):
    try:
        return str(d.to_complex())
    except Exception:
        return None
def signed(d):
    return d.is_signed
print(json.dumps({n: {
    "finfo": facts(torch.finfo, d, ("bits", "eps", "max", "min", "tiny", "smallest_normal", "resolution", "dtype")),
    "iinfo": facts(torch.iinfo, d, ("bits", "max", "min", "dtype")),
    "complex": complex_of(d),
    "real": str(d.to_real()),
} for n, d in found.items()}))
`;

interface Facts {
  finfo: Record<string, unknown> | null;
  iinfo: Record<string, unknown> | null;
  complex: string | null;
  real: string;
}

function attempt<T>(fn: () => T): T | null {
  try {
    return fn();
  } catch {
    return null;
  }
}

afterEach(() => torch.setDefaultDtype(torch.float32));

describe('finfo and iinfo', () => {
  (hasPython ? test : test.skip)("every dtype's limits are Python's", () => {
    const live = JSON.parse(runPython(script)) as Record<string, Facts>;
    expect(dtypes.map(({ name }) => name).sort()).toEqual(Object.keys(live).sort());
    for (const dtype of dtypes) {
      const { finfo, iinfo, complex, real } = live[dtype.name] as Facts;
      const info = attempt(() => torch.finfo(dtype));
      expect([
        dtype.name,
        info && { text: String(info), ...info, smallest_normal: info.smallestNormal },
      ]).toEqual([dtype.name, finfo && { ...finfo, smallestNormal: finfo.smallest_normal }]);
      // Python cannot say a quantized dtype's name.
      if (!dtype.name.startsWith('q')) {
        const limits = attempt(() => torch.iinfo(dtype));
        const texts = limits && {
          text: String(limits),
          ...limits,
          max: String(limits.max),
          min: String(limits.min),
        };
        expect([dtype.name, texts]).toEqual([dtype.name, iinfo]);
      }
      expect([dtype.name, attempt(() => String(dtype.toComplex()))]).toEqual([dtype.name, complex]);
      expect([dtype.name, String(dtype.toReal())]).toEqual([dtype.name, real]);
    }
  });

  test('limits hold in tensors', () => {
    for (const dtype of [torch.float16, torch.bfloat16, torch.float32, torch.float64]) {
      const { eps, max, tiny } = torch.finfo(dtype);
      const one = torch.tensor([1], { dtype });
      expect(one.add(eps).eq(one).item()).toBe(false);
      expect(
        one
          .add(eps / 2)
          .eq(one)
          .item(),
      ).toBe(true);
      expect(torch.tensor([max], { dtype }).isfinite().item()).toBe(true);
      expect(torch.tensor([max], { dtype }).mul(2).isinf().item()).toBe(true);
      expect(torch.tensor([tiny], { dtype }).gt(0).item()).toBe(true);
    }
    expect(torch.iinfo(torch.int64).max).toBe(9223372036854775807n);
    expect(torch.iinfo(torch.int64).min).toBe(-9223372036854775808n);
    expect(torch.iinfo(torch.uint8)).toMatchObject({ min: 0, max: 255, bits: 8 });
    expect(torch.iinfo(torch.qint8)).toMatchObject({ min: -128, max: 127, bits: 8 });
  });

  test('without a dtype, the default one; printed as Python prints it', () => {
    torch.setDefaultDtype(torch.float64);
    expect(torch.finfo()).toBe(torch.finfo(torch.complex128));
    expect(inspect(torch.iinfo(torch.int16))).toBe('iinfo(min=-32768, max=32767, dtype=int16)');
    expect(inspect(torch.finfo(torch.bfloat16))).toContain('eps=0.0078125');
  });

  test('what has no limits is refused', () => {
    expect(() => torch.finfo(torch.int32)).toThrow(TypeError);
    expect(() => torch.finfo(torch.float4_e2m1fn_x2)).toThrow(TypeError);
    expect(() => torch.iinfo(torch.float32)).toThrow('requires an integer input type');
    expect(() => torch.iinfo(torch.bool)).toThrow('torch.bool is not supported by torch.iinfo');
    expect(() => torch.iinfo('int8' as never)).toThrow(TypeError);
    expect(() => torch.finfo(null as never)).toThrow(TypeError);
    expect(() => torch.int64.toComplex()).toThrow(TypeError);
  });
});

describe('promotion', () => {
  test('promoteTypes and resultType give dtypes', () => {
    expect(torch.promoteTypes(torch.int64, torch.float16)).toBe(torch.float16);
    expect(torch.promoteTypes(torch.float16, torch.bfloat16)).toBe(torch.float32);
    expect(torch.resultType(torch.zeros([1], { dtype: torch.int32 }), 1.5)).toBe(torch.float32);
    expect(torch.resultType(torch.zeros([1], { dtype: torch.int32 }), 2)).toBe(torch.int32);
    expect(torch.resultType(2, 3)).toBe(torch.int64);
    expect(torch.resultType(torch.zeros([1]), { re: 1, im: 2 })).toBe(torch.complex64);
    expect(torch.canCast(torch.float32, torch.float16)).toBe(true);
    expect(torch.canCast(torch.float32, torch.int64)).toBe(false);
    expect(() => torch.promoteTypes(torch.int64, 'float32' as never)).toThrow(TypeError);
  });
});
