/** Argument rules as pairs of the same call in both languages, and what comes of each. */
import torch, { type Tensor } from '../../lib/index.js';
import { bytesOf } from '../support/bits.js';

/** What the expressions see; test/reference/argument_rules.py makes the same. */
export interface Operands {
  x: Tensor;
  i: Tensor;
  b: Tensor;
  d: Tensor;
  h: Tensor;
  c: Tensor;
  s: Tensor;
  sd: Tensor;
  si: Tensor;
  sb: Tensor;
  sc: Tensor;
  g: Tensor;
  v: Tensor;
  o: Tensor;
}

export function fresh(): Operands {
  const six = (dtype = torch.float32): Tensor => torch.arange(6, { dtype }).reshape(2, 3);
  return {
    x: six().div(4).sub(0.5),
    i: six(torch.int64),
    b: torch.tensor([
      [true, false, true],
      [false, true, true],
    ]),
    d: six(torch.float64).div(3),
    h: six().half().div(4),
    c: torch.tensor([
      [{ re: 1, im: 2 }, { re: 0, im: 0.5 }, -1],
      [2, { re: 3, im: -1 }, 0],
    ]),
    s: torch.tensor(2),
    sd: torch.tensor(2, { dtype: torch.float64 }),
    si: torch.tensor(2n),
    sb: torch.tensor(true),
    sc: torch.tensor({ re: 1, im: 1 }),
    g: torch.tensor(2, { requiresGrad: true }),
    v: torch.tensor([1, 2]),
    o: torch.empty(0),
  };
}

function bits(tensor: Tensor): string {
  const plain = tensor.detach().resolveConj().resolveNeg().contiguous();
  const { dtype } = plain;
  if (dtype.isComplex) return bits(torch.viewAsReal(plain));
  const isHalf = dtype === torch.float16 || dtype === torch.bfloat16;
  return bytesOf(isHalf ? plain.view(torch.int16) : plain).toString('hex');
}

/** In the form that the reference script prints. */
export function described(value: unknown): unknown {
  if (value instanceof torch.Tensor) {
    return {
      dtype: String(value.dtype),
      shape: value.shape,
      bits: bits(value),
      requiresGrad: value.requiresGrad,
    };
  }
  if (Array.isArray(value)) return value.map(described);
  return value ?? null;
}

/** A message of Python with its names in camel case, without the lists of signatures. */
export function firstLine(message: string): string {
  return (message.split('\n')[0] as string).replace(/ - got .*/, '');
}
