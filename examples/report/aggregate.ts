/** Values of several seeds as one. */
import type { Measured, Point } from './types.js';

/**
 * The mean and the sample deviation (divided by n - 1) of one value per seed.
 *
 * @returns No `deviation` where there is one value alone, and `null` where there is none.
 */
export function aggregate(values: readonly number[]): Measured | null {
  if (values.length === 0) return null;
  const mean = meanOf(values);
  if (values.length === 1) return { mean };
  // Equal values deviate by nothing, whatever the rounding of their mean.
  if (values.every((value) => value === values[0])) return { mean: values[0]!, deviation: 0 };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/** The curves of several seeds as one: at each `x`, what {@link aggregate} makes of the seeds that have it. */
export function aggregateCurves(curves: readonly (readonly { x: number; y: number }[])[]): Point[] {
  const values = new Map<number, number[]>();
  for (const { x, y } of curves.flat()) {
    const there = values.get(x);
    if (there) there.push(y);
    else values.set(x, [y]);
  }
  return [...values].sort(([a], [b]) => a - b).map(([x, ys]) => ({ x, ...aggregate(ys)! }));
}

/**
 * At most `most` points of a long curve: each the mean of its stretch, in both coordinates.
 *
 * Curves that are smoothed before {@link aggregateCurves} must have the same steps.
 */
export function thin(curve: readonly { x: number; y: number }[], most = 150): { x: number; y: number }[] {
  const stretch = Math.max(1, Math.ceil(curve.length / most));
  const result: { x: number; y: number }[] = [];
  for (let i = 0; i < curve.length; i += stretch) {
    const some = curve.slice(i, i + stretch);
    result.push({ x: meanOf(some.map(({ x }) => x)), y: meanOf(some.map(({ y }) => y)) });
  }
  return result;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
