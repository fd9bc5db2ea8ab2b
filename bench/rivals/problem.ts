/**
 * What litorch and its rivals are given to do: the product of two 512 × 512 matrices, and a step of training a
 * perceptron of 784, 128 and 10 units on a batch of 64 by stochastic gradient descent. All start from these numbers.
 */
import { createInterface } from 'node:readline';

/** Numbers between -scale and scale, the same each time. */
export function numbers(count: number, seed: number, scale: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * scale;
  });
}

/** An array cut into rows. */
export function rows(values: Float32Array, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) => [
    ...values.subarray(i * width, (i + 1) * width),
  ]);
}

export const side = 512;
export const matrices = (): { a: Float32Array; b: Float32Array } => ({
  a: numbers(side * side, 1, 1),
  b: numbers(side * side, 2, 1),
});

export const batch = 64;
export const sizes = { input: 784, hidden: 128, output: 10 } as const;
export const learningRate = 0.1;

/** Weights are [from, to]; the biases start at zero. */
export interface Perceptron {
  x: Float32Array;
  labels: Int32Array;
  w1: Float32Array;
  w2: Float32Array;
}

export const perceptron = (): Perceptron => ({
  x: numbers(batch * sizes.input, 3, 1),
  labels: Int32Array.from({ length: batch }, (_, i) => (i * 7) % sizes.output),
  w1: numbers(sizes.input * sizes.hidden, 4, 0.05),
  w2: numbers(sizes.hidden * sizes.output, 5, 0.1),
});

/** Which numbers of the product are compared. */
export const samples: readonly number[] = Array.from({ length: 64 }, (_, i) => i * (side * 8 + 5));
/** Steps whose losses are compared. */
export const comparedSteps = 10;

/** A library's way of doing it, made ready. */
export interface Work {
  /** Does it so often; ends when all has been computed. */
  run(count: number): void | Promise<void>;
  /** Numbers to compare: of the product those at {@link samples}, of training the first steps' losses. */
  values(): number[] | Promise<number[]>;
}

export interface Library {
  matmul(): Work;
  /** Training from the start. */
  training(): Work;
}

export type Request = { work: keyof Library; count: number } | { work: keyof Library; values: true };

/** Answers requests, one on each line, with the seconds or the values. */
export async function serveLibrary(library: Library): Promise<void> {
  const made = new Map<keyof Library, Work>();
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    if ('values' in request) {
      const values = await library[request.work]().values();
      process.stdout.write(`${JSON.stringify({ seconds: 0, values })}\n`);
      continue;
    }
    const work = made.get(request.work) ?? library[request.work]();
    made.set(request.work, work);
    const start = performance.now();
    await work.run(request.count);
    process.stdout.write(`${JSON.stringify({ seconds: (performance.now() - start) / 1000 })}\n`);
  }
}
