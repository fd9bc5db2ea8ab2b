/** The cases of test/reference/optim_cases.py on this side: the same numbers, the same steps. */
import { createHash } from 'node:crypto';
import torch, { optim, type Tensor } from '../../lib/index.js';

export interface Summary {
  params: string[];
  grads: Array<string | null>;
  state: Record<string, Record<string, string>>;
}

export interface Case {
  optimizer: 'SGD' | 'Adam' | 'AdamW' | 'Adamax';
  options: Record<string, unknown>;
  dtype: string;
  kind: string;
}

export const STEPS = 10;
const SHAPES = [[], [1], [5, 7], [3, 4, 2], [33], [31, 9]];
export const DTYPES: Record<string, torch.DType> = {
  float32: torch.float32,
  float64: torch.float64,
  bfloat16: torch.bfloat16,
  float16: torch.float16,
  complex64: torch.complex64,
  complex128: torch.complex128,
};

/** Numbers of parameter k: its start at step -1, its gradient at any other step. */
function values(count: number, step: number, k: number): number[] {
  return Array.from({ length: count }, (_, i) =>
    step < 0
      ? (((i * 37 + k * 101 + 11) % 257) - 128) / 64
      : (((i * 53 + k * 17 + step * 71 + 5) % 251) - 125) / 32,
  );
}

function make(shape: number[], dtype: torch.DType, step: number, k: number): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  if (!dtype.isComplex) return torch.tensor(values(count, step, k), { dtype }).reshape(shape);
  const real = dtype === torch.complex64 ? torch.float32 : torch.float64;
  return torch.viewAsComplex(
    torch.tensor(values(2 * count, step, k), { dtype: real }).reshape([...shape, 2]),
  );
}

export function parameters(dtype: string): Tensor[] {
  return SHAPES.map((shape, k) => make(shape, DTYPES[dtype] as torch.DType, -1, k).requiresGrad_());
}

function sparseGradient(parameter: Tensor, step: number, k: number): Tensor {
  // Every other row.
  const rows = torch.arange(0, parameter.size(0), 2);
  const chosen = make(parameter.shape, parameter.dtype, step, k).indexSelect(0, rows);
  return torch.sparseCooTensor(rows.unsqueeze(0), chosen, parameter.shape);
}

function setGradients(params: Tensor[], step: number, kind: string): void {
  params.forEach((p, k) => {
    if (kind === 'skip' && (k + step) % 4 === 3) p.grad = null;
    else if (kind === 'sparse' && p.dim() > 0) p.grad = sparseGradient(p, step, k);
    else p.grad = make(p.shape, p.dtype, step, k);
  });
}

/** Options as Python writes them, under their names here. */
function decodeOptions(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      isTensorForm(value) ? torch.tensor(value.tensor, { dtype: torch.float32 }) : value,
    ]),
  );
}

function isTensorForm(value: unknown): value is { tensor: number | number[] } {
  return typeof value === 'object' && value !== null && 'tensor' in value;
}

type AnyOptimizer = optim.Optimizer<{ lr: number | Tensor }>;

export function build(item: Case, params: Tensor[]): AnyOptimizer {
  const Class = optim[item.optimizer] as unknown as new (params: unknown, options: unknown) => AnyOptimizer;
  const even = params.filter((_, k) => k % 2 === 0);
  const odd = params.filter((_, k) => k % 2 === 1);
  const given =
    item.kind === 'groups' ? [{ params: even }, { params: odd, lr: 0.01, weightDecay: 0.05 }] : params;
  return new Class(given, decodeOptions(item.options));
}

export function advance(
  optimizer: AnyOptimizer,
  params: Tensor[],
  item: Case,
  start: number,
  stop: number,
): void {
  for (let step = start; step < stop; step++) {
    if (item.kind === 'lr' && step === 5) {
      for (const group of optimizer.paramGroups) group.lr = (group.lr as number) * 0.37;
    }
    setGradients(params, step, item.kind);
    optimizer.step();
  }
}

/** The raw bytes of a tensor of any dtype. */
export function rawBytes(tensor: Tensor): Buffer {
  const dense = tensor.isSparse ? tensor.detach().toDense() : tensor.detach();
  const bytes = dense
    .resolveConj()
    .resolveNeg()
    .contiguous()
    .reshape([-1])
    .view(torch.uint8)
    .toTypedArray() as Uint8Array;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function digest(tensor: Tensor): string {
  return createHash('sha256').update(rawBytes(tensor)).digest('hex').slice(0, 12);
}

export function summary(optimizer: AnyOptimizer, params: Tensor[]): Summary {
  const { state } = optimizer.stateDict();
  return {
    params: params.map(digest),
    grads: params.map(({ grad }) => (grad === null || grad.isSparse ? null : digest(grad))),
    state: Object.fromEntries(
      Object.entries(state).map(([id, entries]) => [
        id,
        Object.fromEntries(
          Object.entries(entries)
            .filter(([, value]) => value !== undefined)
            .map(([key, value]) => [key, digest(value as Tensor)]),
        ),
      ]),
    ),
  };
}

export function run(item: Case): Summary {
  if (item.kind === 'default dtype') torch.setDefaultDtype(torch.float64);
  try {
    const params = parameters(item.dtype);
    const optimizer = build(item, params);
    advance(optimizer, params, item, 0, STEPS);
    return summary(optimizer, params);
  } finally {
    torch.setDefaultDtype(torch.float32);
  }
}
