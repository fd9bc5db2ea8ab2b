/** Process-wide settings of libtorch. See https://docs.pytorch.org/docs/2.13/torch.html#utilities */
import { native } from './native.js';
import { areDeterministicAlgorithmsEnabled } from './threads.js';

/** How precisely float32 matrices are multiplied. */
export type Float32MatmulPrecision = 'highest' | 'high' | 'medium';

const precisions: readonly string[] = ['highest', 'high', 'medium'];

/**
 * How precisely float32 matrices are multiplied.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.get_float32_matmul_precision.html
 */
export function getFloat32MatmulPrecision(): Float32MatmulPrecision {
  return native.matmulPrecision() as Float32MatmulPrecision;
}

/**
 * Lets float32 matrices be multiplied less precisely where that is faster: `'highest'` (the default) keeps float32,
 * `'high'` allows TensorFloat32 or sums of bfloat16, `'medium'` bfloat16. For all threads of the process.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.set_float32_matmul_precision.html
 * @throws TypeError for another word.
 */
export function setFloat32MatmulPrecision(precision: Float32MatmulPrecision): void {
  if (!precisions.includes(precision)) {
    throw new TypeError(
      `setFloat32MatmulPrecision(): expected ${precisions.join(', ')}, but got ${String(precision)}`,
    );
  }
  native.setMatmulPrecision(precision);
}

/**
 * Lets the processor take denormal numbers, those nearest to zero, for zero, which may be faster. It holds for this
 * thread and those that libtorch starts later.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.set_flush_denormal.html
 * @returns whether the processor can do it.
 */
export function setFlushDenormal(mode: boolean): boolean {
  checkBoolean('setFlushDenormal', mode);
  return native.setFlushDenormal(mode);
}

/**
 * Whether a warning of libtorch is repeated each time.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.is_warn_always_enabled.html
 */
export function isWarnAlwaysEnabled(): boolean {
  return native.warnAlways();
}

/**
 * Makes libtorch repeat its warnings each time, and not only the first. For all threads of the process.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.set_warn_always.html
 */
export function setWarnAlways(enabled: boolean): void {
  checkBoolean('setWarnAlways', enabled);
  native.setWarnAlways(enabled);
}

/**
 * Whether operators without a deterministic algorithm only warn, under `useDeterministicAlgorithms`.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.is_deterministic_algorithms_warn_only_enabled.html
 */
export function isDeterministicAlgorithmsWarnOnlyEnabled(): boolean {
  return native.deterministicWarnOnly();
}

const debugModes = ['default', 'warn', 'error'] as const;

/** Names and numbers of the modes of {@link setDeterministicDebugMode}. */
export type DeterministicDebugMode = (typeof debugModes)[number] | 0 | 1 | 2;

/**
 * How operators without a deterministic algorithm behave: 0, as any other; 1, they warn; 2, they throw.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.get_deterministic_debug_mode.html
 */
export function getDeterministicDebugMode(): 0 | 1 | 2 {
  if (!areDeterministicAlgorithmsEnabled()) return 0;
  return native.deterministicWarnOnly() ? 1 : 2;
}

/**
 * Sets how operators without a deterministic algorithm behave: `'default'` or 0, `'warn'` or 1, `'error'` or 2.
 * See https://docs.pytorch.org/docs/2.13/generated/torch.set_deterministic_debug_mode.html
 * @throws TypeError for another value.
 */
export function setDeterministicDebugMode(mode: DeterministicDebugMode): void {
  const level = typeof mode === 'string' ? debugModes.indexOf(mode) : mode;
  if (level !== 0 && level !== 1 && level !== 2) {
    throw new TypeError(
      `setDeterministicDebugMode(): expected ${debugModes.join(', ')}, or 0 to 2, but got ${String(mode)}`,
    );
  }
  native.setDeterministic(level > 0, level === 1);
}

function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new TypeError(`${name}(): expected a boolean, not ${typeof value}`);
}
