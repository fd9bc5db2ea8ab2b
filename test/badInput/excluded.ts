/** Operators that the random caller leaves out, and why. */

const reasons: readonly [names: RegExp, reason: string][] = [
  [/^(c10d|_c10d_functional|_c10d_functional_autograd|symm_mem|_dtensor)::/, 'waits for other processes'],
  [/^aten::from_file/, 'reads and makes files'],
  [/^profiler::/, 'switches the profiler on'],
];

/** Why an operator is left out, or undefined. */
export function excluded(name: string): string | undefined {
  return reasons.find(([names]) => names.test(name))?.[1];
}
