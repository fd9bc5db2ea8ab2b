/** litorch's side of the operator benchmark, as a contender; its twin is work.py. Argument: threads. */
import { createInterface } from 'node:readline';
import torch, { type Tensor } from 'litorch';
import { type Case, cases, type Operands, operands } from './cases.js';

/** One request: a case and how often; `tidied` frees results in a scope, as code does that cares. */
export interface Request {
  name: string;
  n: number;
  count: number;
  tidied: boolean;
}

const perScope = 50;

function plain({ run }: Case, x: Operands, count: number): void {
  for (let i = 0; i < count; i++) run(x);
}

function tidied(one: Case, x: Operands, count: number): void {
  for (let done = 0; done < count; done += perScope) {
    torch.tidy(() => plain(one, x, Math.min(perScope, count - done)));
  }
}

torch.setNumThreads(Number(process.argv[2] ?? 1));
const sizes = new Map<number, Operands>();

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request;
  const one = cases[request.name] as Case;
  let x = sizes.get(request.n);
  if (x === undefined) {
    x = operands(request.n);
    sizes.set(request.n, x);
  }
  const loop = request.tidied ? tidied : plain;
  const start = performance.now();
  loop(one, x, request.count);
  const seconds = (performance.now() - start) / 1000;
  // Both sides start each round from the same values.
  (x.out as Tensor).fill_(1);
  x.w.grad = null;
  process.stdout.write(`${JSON.stringify({ seconds })}\n`);
}
